# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Waiting for what a job does: the end of a cycle, the steady state, or a quarantine, whichever comes first."""

from __future__ import annotations

import datetime
import typing as t

from .._graph.errors import ProvisioningError
from . import jobs, waits
from .health import health
from .jobs import Job
from .moments import moment
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task

Seen = t.Mapping[str, t.Any]


def last_cycle(job: Seen | None) -> tuple[str, str] | None:
    """Return what tells the last cycle that ended from others; None before the first.

    The end alone does not: the service writes whole seconds, and a short cycle may follow within one.
    """
    if not job or not jobs.has_run(job):
        return None
    last = job["status"]["lastExecution"]
    return str(last["timeEnded"]), str(last.get("activityIdentifier"))


def has_ended(seen: Seen, before: Seen | None) -> bool:
    """Tell whether a cycle has ended that had not ended in ``before``."""
    return last_cycle(seen) not in (None, last_cycle(before))


def is_steady(seen: Seen, before: Seen | None) -> bool:
    """Tell whether a new cycle has ended and left nothing to do, so that only what changes is looked at from now on.

    ``steadyStateLastAchievedTime`` is when that was last so (page "synchronizationStatus"). Whether every cycle sets
    it anew is not said there, so either its change counts, or that it is not older than the cycle.
    """
    reached = _steady(seen)
    if reached is None or not has_ended(seen, before):
        return False
    began = moment(seen["status"]["lastExecution"].get("timeBegan"))
    return began is None or reached >= began or reached != _steady(before or {})


# What a wait may end with, besides a quarantine.
ENDS: dict[str, t.Callable[[Seen, Seen | None], bool]] = {"cycle": has_ended, "steady_state": is_steady}
_WAITED_FOR = {"cycle": "the cycle of the job {job} ends", "steady_state": "the job {job} is in steady state"}


def after_cycle(task: Task, principal: Principal, job_id: str, before: Job | None) -> Job:
    """Wait until a new cycle has ended, or what else the option ``wait_until`` says, and return the job.

    :arg before: the job before that cycle; with None any cycle will do.
    :raises ProvisioningError: where the job goes into quarantine instead, with the reason.
    """
    end = task.params.get("wait_until") or "cycle"
    job = _until(
        task,
        principal,
        job_id,
        _WAITED_FOR[end].format(job=job_id),
        lambda seen: _is_quarantined_anew(seen, before) or ENDS[end](seen, before),
    )
    refuse_quarantine(job)
    return job


def after_pause(task: Task, principal: Principal, job_id: str, _before: Job | None = None) -> Job:
    """Wait until a job rests. The state reads Paused or Disabled then; both mean the same (object connections page)."""
    return _until(
        task,
        principal,
        job_id,
        f"the job {job_id} rests",
        lambda seen: bool(seen) and not jobs.is_running(seen) and jobs.status_code(seen) != "Active",
    )


def _until(task: Task, principal: Principal, job_id: str, what: str, good: t.Callable[[Seen], bool]) -> Job:
    return waits.until(
        task.deadline,
        f"waiting until {what}",
        lambda: jobs.read(task.graph, principal, job_id) or {},
        good,
        tell=_told,
        line=lambda seen: f"{principal}: {_told(seen)}",
    )


def _told(seen: Seen) -> str:
    """Return where a job stands, in a few words."""
    if not seen:
        return "the job cannot be read"
    exported = (seen["status"]["lastExecution"].get("countExported") or 0) if jobs.has_run(seen) else 0
    resting = "" if jobs.is_running(seen) else f", schedule {jobs.schedule_state(seen)}"
    return f"{jobs.status_code(seen)}{resting}, {exported} exported"


def _steady(job: Seen) -> datetime.datetime | None:
    return moment((job.get("status") or {}).get("steadyStateLastAchievedTime"))


def _is_quarantined_anew(seen: Seen, before: Seen | None) -> bool:
    """Tell a quarantine that comes from one that was there before the action, which the next cycle may still lift."""
    if not jobs.is_quarantined(seen):
        return False
    same = bool(before) and jobs.is_quarantined(before or {}) and _quarantine(seen) == _quarantine(before or {})
    return not same or has_ended(seen, before)


def is_lifted(seen: Seen, before: Seen) -> bool:
    """Tell whether the quarantine of ``before`` is over, even where another one has begun since."""
    return not jobs.is_quarantined(seen) or _quarantine(seen) != _quarantine(before) or has_ended(seen, before)


def _quarantine(job: Seen) -> tuple[t.Any, ...]:
    quarantine = job["status"].get("quarantine") or {}
    return tuple(quarantine.get(name) for name in ("seriesBegan", "currentBegan", "seriesCount", "reason"))


def refuse_quarantine(job: Job) -> None:
    """Fail with the reason where a job is in quarantine.

    :raises ProvisioningError: with what the flat health record knows.
    """
    if not jobs.is_quarantined(job):
        return
    facts = health(job, datetime.datetime.now(datetime.timezone.utc))
    known = facts["quarantine_error"] or facts["quarantine_reason"]
    again, days = facts["quarantine_next_attempt"], facts["days_until_disabled"]
    coming = [f"tried again at {again}"] if again else []
    coming += [f"disabled by the service in {days} day{'' if days == 1 else 's'}"] if days is not None else []
    comes = f"It is {', and '.join(coming)}. " if coming else ""
    raise ProvisioningError(
        f"The synchronization job {job.get('id')} is in quarantine: {facts['quarantine_explanation']}"
        f"{f' ({known})' if known else ''}. {comes}"
        f"{_NEXT.get(str(facts['quarantine_reason']), _USUALLY)}",
        quarantine_reason=facts["quarantine_reason"],
        job=job.get("id"),
    )


_USUALLY = "Remove the cause, then use entra.provisioning.sync_job_action with the action restart."
# Page "Accidental deletions": whoever does not want them repairs assignments and scope first, and restarts then.
_NEXT = {
    "TooManyDeletes": "If the removals are meant, use entra.provisioning.sync_job_action with the action "
    "allow_deletes; if not, repair the assignments or the scope, and use the action restart then.",
    "QuarantinedOnDemand": "A restart would only hide it.",
}
