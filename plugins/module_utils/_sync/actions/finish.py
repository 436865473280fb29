# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What comes after a plan that changes a job: the wait, and the job as it is then."""

from __future__ import annotations

import typing as t

from ..._graph.errors import ProvisioningError
from ..._making import PATIENCE
from ..._task import Change, Outcome
from .. import cycles, jobs, waits
from ..jobs import NEW_JOB, Job
from ..principals import Principal

if t.TYPE_CHECKING:
    from ..._task import Task

# A wait gets the job as it was before.
Wait = t.Callable[["Task", Principal, str, "Job | None"], Job]


def carried_out(
    task: Task,
    principal: Principal,
    job: Job | None,
    plan: list[Change],
    wait: Wait = cycles.after_cycle,
    good: t.Callable[[Job], bool] = bool,
) -> Outcome:
    """Carry out a plan on a job, and return the job; after the wait where the options ask for one.

    The wait is also that of a task which finds nothing to do, since it may be the second run of one whose first wait
    was interrupted.

    :arg job: as it is before; None stands for one that check mode only plans.
    :arg good: tells a job that is as the plan makes it, where no change of the plan has seen it.
    """
    job_id = id_of(job)

    def read(seen: t.Any) -> dict[str, t.Any]:
        if task.params["wait"]:
            return {"job": wait(task, principal, job_id, job)}
        if isinstance(seen, dict) and seen.get("id") == job_id:
            return {"job": seen}
        return {
            "job": waits.until(
                task.deadline,
                "reading the job back",
                lambda: jobs.read(task.graph, principal, job_id),
                lambda now: bool(now) and good(now or {}),
                tell=lambda now: f"schedule {jobs.schedule_state(now or {})}",
            )
        }

    if not plan and job and task.params["wait"] and not task.check_mode:
        job = wait(task, principal, job_id, None)
    return task.carry_out(plan, record=read, planned={"job": job}, subject=f"synchronization job {job_id}")


def looked_after(
    task: Task, principal: Principal, before: Job | None, plan: t.Sequence[Change], outcome: Outcome, *, lifts: bool
) -> Outcome:
    """Look for the effect of a start or restart of a job that runs already, and warn where nothing shows it.

    :arg lifts: whether it ends the quarantine of ``before`` (pages "Start synchronizationJob" and
        "synchronizationJobRestartCriteria"). Where that stays for a while, it is sent once more.
    :raises ProvisioningError: where the quarantine stays, which says that nothing was carried out.
    """
    if before is None or not plan or task.check_mode or task.params["wait"]:
        return outcome
    if lifts and jobs.is_quarantined(before):
        outcome.result["job"] = waits.until_made(
            task,
            "looking whether the quarantine is over",
            lambda: jobs.whole(task, principal, {"id": before["id"]}),
            lambda now: [] if cycles.is_lifted(now, before) else plan,
            again=min(PATIENCE, task.deadline.left / 3),
        )
        if not cycles.is_lifted(outcome.result["job"], before):
            raise ProvisioningError(
                f"It did not work to {plan[0].sentence}: the service has accepted it twice, and {before['id']} is in "
                "the same quarantine as before. Run the task again: it looks first.",
                job=before["id"],
                unseen=[one.sentence for one in plan],
            )
    after = outcome.result["job"]
    if (after.get("status"), jobs.schedule_state(after)) == (before.get("status"), jobs.schedule_state(before)):
        task.warn(
            f"The service has accepted to {plan[0].sentence}, and {before['id']} shows nothing of it yet: what a job "
            "shows is its last cycle. With wait: true the task waits for the next one."
        )
    return outcome


def id_of(job: Job | None) -> str:
    """Return the id of a job, or what stands for that of one that is still to be made."""
    return str(job["id"]) if job else NEW_JOB
