# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Waiting for what a job does: the end of a cycle, or a quarantine, whichever comes first."""

from __future__ import annotations

import datetime
import typing as t

from .._graph.errors import ProvisioningError
from . import jobs, waits
from .health import health
from .jobs import Job
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task


def last_cycle(job: t.Mapping[str, t.Any] | None) -> tuple[str, str] | None:
    """Return what tells the last cycle that ended from others; None before the first.

    The end alone does not: the service writes whole seconds, and a short cycle may follow within one.
    """
    if not job or not jobs.has_run(job):
        return None
    last = job["status"]["lastExecution"]
    return str(last["timeEnded"]), str(last.get("activityIdentifier"))


def after_cycle(task: Task, principal: Principal, job_id: str, before: Job | None) -> Job:
    """Wait until a cycle has ended that had not ended in ``before``, and return the job.

    :raises ProvisioningError: where the job goes into quarantine instead, with the reason.
    """
    old = last_cycle(before)
    job = waits.until(
        task.deadline,
        f"waiting until the cycle of the job {job_id} ends",
        lambda: jobs.read(task.graph, principal, job_id) or {},
        lambda seen: jobs.is_quarantined(seen) or last_cycle(seen) not in (None, old),
    )
    refuse_quarantine(job)
    return job


def after_pause(task: Task, principal: Principal, job_id: str) -> Job:
    """Wait until a job rests. The state reads Paused or Disabled then; both mean the same (object connections page)."""
    return waits.until(
        task.deadline,
        f"waiting until the job {job_id} rests",
        lambda: jobs.read(task.graph, principal, job_id) or {},
        lambda seen: bool(seen) and not jobs.is_running(seen) and jobs.status_code(seen) != "Active",
    )


def refuse_quarantine(job: Job) -> None:
    """Fail with the reason where a job is in quarantine.

    :raises ProvisioningError: with what the flat health record knows.
    """
    if not jobs.is_quarantined(job):
        return
    facts = health(job, datetime.datetime.now(datetime.timezone.utc))
    raise ProvisioningError(
        f"The synchronization job {job.get('id')} is in quarantine: {facts['quarantine_explanation']} "
        f"({facts['quarantine_error'] or facts['quarantine_reason']}). It is tried again at "
        f"{facts['quarantine_next_attempt']}, and disabled by the service in {facts['days_until_disabled']} days. "
        "Remove the cause, then use entra.provisioning.sync_job_action with the action restart.",
        quarantine_reason=facts["quarantine_reason"],
        job=job.get("id"),
    )
