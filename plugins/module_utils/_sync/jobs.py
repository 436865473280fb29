# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Synchronization jobs: which one is meant, and what makes it as it should be."""

from __future__ import annotations

import typing as t

from .._graph.errors import ProvisioningError
from .._task import Change
from . import endpoints, templates, waits
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .._task import Task

Job = dict[str, t.Any]
# Stands for the id of a job that the plan creates first.
NEW_JOB = "<new job>"


def listed(graph: Graph, principal: Principal) -> list[Job]:
    """Return all jobs of a service principal."""
    return list(graph.pages(endpoints.JOB_LIST.call(sp=principal.id)))


def read(graph: Graph, principal: Principal, job_id: str) -> Job | None:
    """Return a job by its id, or None where the service knows none."""
    return t.cast("Job | None", graph.find(endpoints.JOB_GET.call(sp=principal.id, job=job_id)))


def find(graph: Graph, principal: Principal, params: t.Mapping[str, t.Any]) -> Job | None:
    """Return the job that the options mean, in one read; None where there is none.

    :raises ProvisioningError: where several fit.
    """
    if principal.planned:
        return None
    if params.get("job_id"):
        return read(graph, principal, params["job_id"])
    wanted = params.get("template_id")
    jobs = listed(graph, principal)
    fitting = [job for job in jobs if is_of_template(job, wanted)] if wanted else jobs
    if len(fitting) > 1:
        names = "; ".join(f"{job['id']} (template {job.get('templateId')})" for job in fitting)
        raise ProvisioningError(
            f"The application {principal} has {len(fitting)} synchronization jobs"
            f"{f' of the template {wanted}' if wanted else ''}: {names}. Say which one with the option "
            f"{'job_id' if wanted else 'template_id or job_id'}.",
            jobs=[job["id"] for job in fitting],
        )
    return fitting[0] if fitting else None


def required(task: Task, principal: Principal) -> Job | None:
    """Return the job that the options mean; None only in check mode, where an earlier task would have made it.

    :raises ProvisioningError: where there is none.
    """
    job = find(task.graph, principal, task.params)
    # No earlier task can have planned a job whose id is known.
    to_come = task.check_mode and (principal.planned or not task.params.get("job_id"))
    if job is None and not to_come:
        raise missing(task, principal)
    return job


def addressed(task: Task, principal: Principal) -> Job | None:
    """Return at least the id of the job that the options mean: without a read where they give it, else as required."""
    if task.params.get("job_id") and not principal.planned:
        return {"id": task.params["job_id"]}
    return required(task, principal)


def whole(task: Task, principal: Principal, job: Job) -> Job:
    """Return all of a job of which perhaps only the id is known.

    :raises ProvisioningError: where it is gone.
    """
    found = job if "status" in job else read(task.graph, principal, job["id"])
    if found is None:
        raise missing(task, principal)
    return found


def missing(task: Task, principal: Principal) -> ProvisioningError:
    """Return the error that says that the job which the options mean is not there."""
    wanted = task.params.get("job_id") or task.params.get("template_id")
    return ProvisioningError(
        f"The application {principal} has no synchronization job{f' {wanted}' if wanted else ''}. "
        "entra.provisioning.sync_job makes one.",
        status=404,
    )


def after(task: Task, principal: Principal, before: Job | None) -> Job | None:
    """Return a job after a plan was carried out; a new one is found as any other is."""
    if before:
        return read(task.graph, principal, before["id"])
    return find(task.graph, principal, task.params)


def is_of_template(job: Job, template_id: str) -> bool:
    """Tell whether a job was made from a template.

    The template that is echoed may have another name than the one that was sent (AD2AADProvisioning comes back as
    ADDCInPassthrough, cloud sync page), but the job's id keeps it as its prefix.
    """
    return job.get("templateId") == template_id or str(job.get("id", "")).startswith(f"{template_id}.")


def schedule_state(job: t.Mapping[str, t.Any]) -> str:
    """Return what the admin asked for: Active, Disabled or Paused."""
    return str((job.get("schedule") or {}).get("state") or "Disabled")


def status_code(job: t.Mapping[str, t.Any]) -> str:
    """Return what the engine reports: NotConfigured, NotRun, Active, Paused or Quarantine."""
    return str((job.get("status") or {}).get("code") or "NotConfigured")


def is_running(job: t.Mapping[str, t.Any]) -> bool:
    """Tell whether cycles are scheduled; decided by the schedule, since the code says NotRun long after a start."""
    return schedule_state(job) == "Active"


def is_quarantined(job: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the engine has reduced the job to one attempt a day."""
    return status_code(job) == "Quarantine"


def has_run(job: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a cycle has ever ended. A placeholder says Failed with the year 0001 before that."""
    ended = str(((job.get("status") or {}).get("lastExecution") or {}).get("timeEnded") or "0001")
    return not ended.startswith("0001")


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
    running = bool(current) and is_running(current or {})
    if enabled is None or enabled == running:
        return plan
    if enabled and current and is_quarantined(current):
        raise ProvisioningError(
            f"The synchronization job {job_id} is in quarantine and not running. Starting it would lift the "
            "quarantine without its cause being removed: find the reason in status.quarantine, remove it, and use "
            "entra.provisioning.sync_job_action with the action start or restart.",
            job=job_id,
        )
    plan.append(start(task, principal, job_id, current) if enabled else pause(principal, job_id, current or {}))
    return plan


def _creation(task: Task, principal: Principal) -> Change:
    wanted = task.params.get("template_id")
    if principal.planned:
        name = wanted or "that the application recommends"
    else:
        name = str(templates.chosen(templates.listed(task.graph, principal), wanted, str(principal))["id"])

    def look() -> Job | None:
        return next((job for job in listed(task.graph, principal) if is_of_template(job, name)), None)

    def readable(answer: Job) -> Job | None:
        return waits.until(
            task.deadline,
            f"waiting until the new job {answer['id']} can be read",
            lambda: read(task.graph, principal, answer["id"]),
            lambda job: job is not None,
        )

    return Change(
        path=f"job of the template {name}",
        before=None,
        after="present",
        says=f"create a synchronization job from the template {name}",
        call=endpoints.JOB_CREATE.call(sp=principal.id, body={"templateId": name}),
        gives=NEW_JOB,
        look=look,
        then=readable,
    )


def start(task: Task, principal: Principal, job_id: str, current: Job | None) -> Change:
    """Return the change that starts a job. It must not be sent to a running one (page "synchronizationJob: start")."""

    def look() -> Job | None:
        job = read(task.graph, principal, job_id)
        return job if job and is_running(job) else None

    return Change(
        path="schedule",
        before=schedule_state(current) if current else None,
        after="Active",
        says="start the synchronization job",
        call=endpoints.JOB_START.call(sp=principal.id, job=job_id),
        look=look if job_id != NEW_JOB else None,
    )


def pause(principal: Principal, job_id: str, current: Job) -> Change:
    """Return the change that pauses a job; the cycle that is running goes on to its end."""
    return Change(
        path="schedule",
        before=schedule_state(current),
        after="Paused",
        says="pause the synchronization job",
        call=endpoints.JOB_PAUSE.call(sp=principal.id, job=job_id),
    )


def plan_absent(task: Task, principal: Principal, current: Job | None) -> list[Change]:
    """Return what removes a job; accounts in the target stay as they are."""
    if current is None:
        return []
    job_id = current["id"]

    def gone(_answer: t.Any) -> None:
        waits.until(
            task.deadline,
            f"waiting until the deleted job {job_id} is gone",
            lambda: [job["id"] for job in listed(task.graph, principal)],
            lambda ids: job_id not in ids,
        )

    return [
        Change(
            path=f"job of the template {current.get('templateId')}",
            before="present",
            after=None,
            says=f"delete the synchronization job {job_id}; the accounts in the target stay as they are",
            call=endpoints.JOB_DELETE.call(sp=principal.id, job=job_id),
            then=gone,
        )
    ]
