# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Synchronization jobs: which one is meant, and what makes it as it should be."""

from __future__ import annotations

import difflib
import typing as t

from .._graph.errors import BadInput, GraphError, ProvisioningError
from . import endpoints, templates
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .._task import Task

Job = dict[str, t.Any]
# Stands for the id of a job that the plan creates first.
NEW_JOB = "<new job>"
# How much of two templates' ids, and of the random ends of two jobs' ids, is the same where one is misspelled.
_ALIKE, _ALIKE_AT_RANDOM = 0.75, 0.9


def refuse_blank_name(params: t.Mapping[str, t.Any]) -> None:
    """Refuse to delete what is named by an empty option: it would be whatever else there is.

    :raises BadInput: before the first request.
    """
    for option in ("template_id", "job_id"):
        value = params.get(option)
        if value is not None and not value.strip():
            raise BadInput(
                f"The option {option} is empty, which is what a variable that is not set gives, so it does not say "
                "what is to be removed, and nothing was. Set it; without it, sync_job takes the only job."
            )


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
    try:
        near = nearest(task, principal)
    except GraphError:
        # That it is missing is what has to be told, not that nothing can be added to it.
        near = None
    return ProvisioningError(
        f"The application {principal} has no synchronization job{f' {wanted}' if wanted else ''}. "
        f"{f'Nearest: {near}.' if near else 'entra.provisioning.sync_job makes one.'}",
        status=404,
    )


def nearest(task: Task, principal: Principal) -> str | None:
    """Return the id of a job, or of its template, that the options may mean though they spell it otherwise.

    A template that the application offers is no misspelling, however alike its name is.
    """
    by_id = bool(task.params.get("job_id"))
    wanted = task.params.get("job_id") or task.params.get("template_id")
    if not wanted or principal.planned:
        return None
    there = [(job["id"] if by_id else template_id(job)) for job in listed(task.graph, principal)]
    near = next((one for one in there if one != wanted and _is_alike(one, wanted, by_id)), None)
    if near is None or by_id:
        return near
    offered = [template["id"] for template in templates.listed(task.graph, principal)]
    return None if wanted in offered else near


def _is_alike(one: str, other: str, at_random: bool) -> bool:
    """Tell whether two ids differ in a few letters only.

    All jobs of an application begin with the same words, so it is what comes last that has to be alike.
    """
    end, other_end = (text.casefold()[-36:] if at_random else text.casefold() for text in (one, other))
    return difflib.SequenceMatcher(None, end, other_end).ratio() >= (_ALIKE_AT_RANDOM if at_random else _ALIKE)


def command(principal: Principal, job_id: str, action: str) -> str:
    """Return the command by which a person carries out an action on a job."""
    return (
        f"ansible localhost -m entra.provisioning.sync_job_action -a 'action={action} "
        f"service_principal_id={principal.id} job_id={job_id}'"
    )


def after(task: Task, principal: Principal, before: Job | None) -> Job | None:
    """Return a job after a plan was carried out; a new one is found as any other is."""
    if before:
        return read(task.graph, principal, before["id"])
    return find(task.graph, principal, task.params)


def template_id(job: Job) -> str:
    """Return the id of a job's template as it was sent; see :func:`is_of_template`."""
    return str(job["id"]).split(".", 1)[0] or str(job.get("templateId"))


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
