# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Restart: a job begins anew and forgets what it is told to."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._graph.errors import BadInput
from ..._making import nothing
from ..._task import Change, Outcome, Undone
from .. import cycles, endpoints, job_changes, jobs, second_jobs
from ..jobs import Job
from ..principals import Principal
from .finish import carried_out, id_of, looked_after

if t.TYPE_CHECKING:
    from ..._graph.endpoint import Call
    from ..._task import Task

# What a restart without scopes forgets: that of the portal (page "synchronizationJobRestartCriteria").
USUAL = ("Watermark", "Escrows", "QuarantineState")
# Full breaks the links between source and target; ForceDeletes removes accounts. A human has to say so.
DANGEROUS = {
    "Full": "Full forgets which accounts of source and target belong together, and all are matched anew",
    "ForceDeletes": "ForceDeletes removes the accounts that the deletion threshold holds back",
}
# Documented as not to be used (the same page).
FORBIDDEN = {
    "None": "None only starts a job that rests; that is what the action start does",
    "ConnectorDataStore": "ConnectorDataStore forgets which accounts of source and target belong together, and is for "
    "Microsoft's support alone",
}
SCOPES = (*USUAL, *DANGEROUS, *FORBIDDEN)


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse scopes that must not be used, and those that nobody has confirmed.

    :raises BadInput: with the reason.
    """
    scopes = params["reset_scope"]
    refused = [FORBIDDEN[one] for one in scopes if one in FORBIDDEN]
    if refused:
        raise BadInput(f"{'; '.join(refused)}. Microsoft documents that it must not be used, so it is refused.")
    risky = [DANGEROUS[one] for one in scopes if one in DANGEROUS]
    if risky and not params["confirm"]:
        raise BadInput(f"{'; '.join(risky)}. Set confirm to true if that is meant.")
    if "ForceDeletes" in scopes and len(scopes) > 1:
        raise BadInput("The reset scope ForceDeletes must be sent alone.")


def run(task: Task, principal: Principal) -> Outcome:
    """Restart a job; this always acts. A job that rests is paused again, unless the options say that it may run."""
    job = jobs.required(task, principal)
    scopes = list(dict.fromkeys(task.params["reset_scope"]))
    named = job_changes.of_which(task, id_of(job))
    says = f"restart the synchronization job{named}, resetting {', '.join(scopes or USUAL)}"
    if job and not jobs.is_running(job):
        second_jobs.refuse_starting(task, principal, job)
    if job is None or not _rests(job):
        plan = [change(task, principal, job, scopes, says)]
        done = carried_out(task, principal, job, plan, good=jobs.is_running)
        return looked_after(task, principal, job, plan, done, lifts="QuarantineState" in (scopes or USUAL))
    begun = change(task, principal, job, scopes, f"{says}, which starts it")
    if task.params["start_paused"]:
        return carried_out(task, principal, job, [begun])
    return carried_out(task, principal, job, [begun, _paused_again(task, principal, job)], cycles.after_pause)


def _rests(job: Job) -> bool:
    """Tell whether somebody lets a job rest. One that the service has disabled in quarantine is meant to run again."""
    return not jobs.is_running(job) and not jobs.is_quarantined(job)


def _paused_again(task: Task, principal: Principal, job: Job) -> Change:
    return dataclasses.replace(
        job_changes.pause(task, principal, job["id"], job),
        before=None,
        after=None,
        says="pause the synchronization job again, since it rested; a cycle that begins in between goes on to its end",
        always=True,
        undone=Undone(
            f"The synchronization job {job['id']}, which rested, runs now.",
            f"To pause it: {jobs.command(principal, job['id'], 'pause')}",
            {"left_running": job["id"]},
        ),
    )


def change(task: Task, principal: Principal, job: Job | None, scopes: t.Sequence[str], says: str) -> Change:
    """Return the change that restarts a job.

    Nothing shows it of a job that runs well, so there the answer has to be the documented one.

    :arg scopes: what it forgets; nothing given means the usual.
    :arg says: the change in a sentence.
    """
    criteria = {"resetScope": ", ".join(scopes)} if scopes else {}
    confirm = _shown_by(task, principal, job)
    return Change(
        "job",
        jobs.status_code(job) if job else None,
        "restarted",
        endpoints.JOB_RESTART.call(sp=principal.id, job=id_of(job), body={"criteria": criteria}),
        says=says,
        risk="restart",
        confirm=confirm,
        expects=None if confirm else nothing,
    )


def _shown_by(task: Task, principal: Principal, job: Job | None) -> t.Callable[[Call], Job | None] | None:
    """Return what sees a restart: a job that rested runs. Of one that runs nothing shows it for sure."""
    if job is None or jobs.is_running(job):
        return None
    return job_changes.seen(task, principal, jobs.is_running)
