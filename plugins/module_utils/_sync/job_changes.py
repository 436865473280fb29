# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What makes a synchronization job as it should be: made, started, paused, deleted, and each of it seen."""

from __future__ import annotations

import typing as t

from .._graph.errors import ProvisioningError
from .._making import nothing
from .._task import Change
from . import endpoints, jobs, pauses, second_jobs, templates, twins, waits
from .jobs import NEW_JOB, Job
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._task import Task


def plan_present(task: Task, principal: Principal, current: Job | None, enabled: bool | None) -> list[Change]:
    """Return what makes a job exist and, unless ``enabled`` is None, run or rest.

    :raises ProvisioningError: where the template does not exist, or where only a human may decide.
    """
    plan: list[Change] = []
    if current is None and task.params.get("job_id"):
        raise ProvisioningError(
            f"The application {principal} has no synchronization job {task.params['job_id']}, and the id of a new one "
            "cannot be chosen. Name the template in the option template_id to make one.",
            status=404,
        )
    if current is None:
        plan.append(_creation(task, principal))
    job_id = current["id"] if current else NEW_JOB
    running = bool(current) and jobs.is_running(current or {})
    if enabled is None or enabled == running:
        return plan
    if enabled:
        second_jobs.refuse_starting(task, principal, current)
    if enabled and current and jobs.is_quarantined(current):
        raise ProvisioningError(
            f"The synchronization job {job_id} is in quarantine and not running. Starting it would lift the "
            "quarantine without its cause being removed: find the reason in status.quarantine, remove it, and use "
            "entra.provisioning.sync_job_action with the action start or restart.",
            job=job_id,
        )
    plan.append(start(task, principal, job_id, current) if enabled else pause(task, principal, job_id, current or {}))
    return plan


def _creation(task: Task, principal: Principal) -> Change:
    wanted = task.params.get("template_id")
    if principal.planned:
        name = wanted or "that the application recommends"
    else:
        name = str(templates.chosen(templates.listed(task.graph, principal), wanted, str(principal))["id"])
    if wanted and not principal.planned:
        second_jobs.refuse_making(task, principal, name, jobs.listed(task.graph, principal))
    began = task.deadline.now

    def of_template() -> list[Job]:
        return [job for job in jobs.listed(task.graph, principal) if jobs.is_of_template(job, name)]

    def used(job_id: str) -> bool:
        job = jobs.read(task.graph, principal, job_id)
        return bool(job) and (jobs.is_running(job or {}) or jobs.has_run(job or {}))

    def withdraw(job_id: str) -> None:
        task.graph.send(endpoints.JOB_DELETE.call(sp=principal.id, job=job_id))

    says = f"create a synchronization job from the template {name}"
    kind = twins.Kind(
        f"the synchronization job of the template {name}",
        says,
        lambda: [twins.Twin(str(job["id"])) for job in of_template()],
        used,
        withdraw,
    )

    def settled(answer: Job) -> Job | None:
        _readable(task, principal, str(answer["id"]))
        job_id = twins.the_one(task, kind, twins.Twin(str(answer["id"])), began)
        return _readable(task, principal, job_id)

    return Change(
        path=f"job of the template {name}",
        before=None,
        after="present",
        says=says,
        call=endpoints.JOB_CREATE.call(sp=principal.id, body={"templateId": name}),
        gives=NEW_JOB,
        look=lambda: next(iter(of_template()), None),
        shared=True,
        then=settled,
    )


def _readable(task: Task, principal: Principal, job_id: str) -> Job | None:
    return waits.until(
        task.deadline,
        f"waiting until the new job {job_id} can be read",
        lambda: jobs.read(task.graph, principal, job_id),
        lambda job: job is not None,
    )


def of_which(task: Task, job_id: str) -> str:
    """Return which job a sentence is about: its template is known before it is made, and what its id begins with."""
    template = task.params.get("template_id") if job_id == NEW_JOB else jobs.template_id({"id": job_id})
    return f" of the template {template}" if template else ""


def start(task: Task, principal: Principal, job_id: str, current: Job | None) -> Change:
    """Return the change that starts a job. It must not be sent to a running one (page "synchronizationJob: start")."""
    # One in quarantine runs already, so that nothing shows the start but the next cycle.
    unseen = current is not None and jobs.is_running(current)
    return Change(
        path="schedule",
        before=jobs.schedule_state(current) if current else None,
        after="Active",
        says=f"start the synchronization job{of_which(task, job_id)}",
        call=endpoints.JOB_START.call(sp=principal.id, job=job_id),
        confirm=None if unseen else seen(task, principal, jobs.is_running),
        expects=nothing if unseen else None,
        then=pauses.forgotten(principal, job_id),
    )


def pause(task: Task, principal: Principal, job_id: str, current: Job) -> Change:
    """Return the change that pauses a job; the cycle that is running goes on to its end."""
    return Change(
        path="schedule",
        before=jobs.schedule_state(current),
        after="Paused",
        says=f"pause the synchronization job{of_which(task, job_id)}",
        call=endpoints.JOB_PAUSE.call(sp=principal.id, job=job_id),
        confirm=seen(task, principal, lambda job: not jobs.is_running(job)),
        then=pauses.forgotten(principal, job_id),
    )


def seen(task: Task, principal: Principal, good: t.Callable[[Job], bool]) -> t.Callable[[Call], Job | None]:
    """Return what reads a job, and gives it where it is as it should be."""

    def look(call: Call) -> Job | None:
        job = jobs.read(task.graph, principal, call.ids["job"])
        return job if job and good(job) else None

    return look


def plan_absent(task: Task, principal: Principal, current: Job | None) -> list[Change]:
    """Return what removes a job. That changes no account in the target, whatever was done to them before.

    :raises ProvisioningError: where there is none of this name, but one of nearly the same.
    """
    if current is None:
        _refuse_misspelled(task, principal)
        return []
    job_id = current["id"]

    def gone(_call: Call) -> bool:
        return job_id not in [job["id"] for job in jobs.listed(task.graph, principal)]

    return [
        Change(
            path=f"job of the template {current.get('templateId')}",
            before="present",
            after=None,
            says=f"delete the synchronization job {job_id}; that changes no account in the target",
            call=endpoints.JOB_DELETE.call(sp=principal.id, job=job_id),
            confirm=gone,
        )
    ]


def _refuse_misspelled(task: Task, principal: Principal) -> None:
    near = jobs.nearest(task, principal)
    if near:
        option = "job_id" if task.params.get("job_id") else "template_id"
        raise ProvisioningError(
            f"The application {principal} has no synchronization job with the {option} {task.params[option]}, but one "
            f"of nearly that name is there, so nothing was deleted. Nearest: {near}. If that one is meant, write it "
            f"so in the option {option}.",
            candidates=[near],
        )
