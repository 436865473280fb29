# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Start and pause: each looks first, since a running job must not be started (page "synchronizationJob: start")."""

from __future__ import annotations

import typing as t

from ..._task import Outcome
from .. import cycles, job_changes, jobs, second_jobs
from ..principals import Principal
from .finish import carried_out, id_of, looked_after

if t.TYPE_CHECKING:
    from ..._task import Task


def start(task: Task, principal: Principal) -> Outcome:
    """Start a job that rests or is in quarantine."""
    job = jobs.required(task, principal)
    runs = job is not None and jobs.is_running(job)
    if not runs:
        second_jobs.refuse_starting(task, principal, job)
    due = job is None or not runs or jobs.is_quarantined(job)
    plan = [job_changes.start(task, principal, id_of(job), job)] if due else []
    return looked_after(task, principal, job, plan, carried_out(task, principal, job, plan), lifts=True)


def pause(task: Task, principal: Principal) -> Outcome:
    """Pause a job that runs."""
    job = jobs.required(task, principal)
    plan = [job_changes.pause(task, principal, job["id"], job)] if job and jobs.is_running(job) else []
    return carried_out(task, principal, job, plan, cycles.after_pause)
