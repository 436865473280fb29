# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""A job beside another one of the same application: both would write to one target, so it takes consent."""

from __future__ import annotations

import shlex
import typing as t

from .._graph.errors import ProvisioningError
from . import jobs
from .jobs import Job
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task

# Templates whose jobs belong beside each other, since each does something else (page "Configure cloud sync using the
# Microsoft Graph API").
FAMILIES = (frozenset({"AD2AADProvisioning", "AD2AADPasswordHash", "AAD2ADExchangeHybridWriteback"}),)
_OLD, _NEW = "customappsso", "scim"


def are_family(one: str, other: str) -> bool:
    """Tell whether the jobs of two templates belong beside each other."""
    return any(one in family and other in family for family in FAMILIES)


def refuse_making(task: Task, principal: Principal, template_id: str, there: t.Sequence[Job]) -> None:
    """Refuse a job of a template where a job of another one is there. One of the same came from a run beside this one.

    :raises ProvisioningError: unless the options say that both are meant.
    """
    others = [job for job in there if not jobs.is_of_template(job, template_id)]
    _refuse(task, principal, f"a job of the template {template_id} be made", template_id, others)


def refuse_starting(task: Task, principal: Principal, job: Job | None) -> None:
    """Refuse to start a job while another one runs. One that a plan makes was asked about when it was to be made.

    :raises ProvisioningError: unless the options say that both are meant.
    """
    if job is None or task.params["allow_second_job"]:
        return
    running = [one for one in jobs.listed(task.graph, principal) if one["id"] != job["id"] and jobs.is_running(one)]
    _refuse(task, principal, f"the job {job['id']} be started", jobs.template_id(job), running)


def _refuse(task: Task, principal: Principal, what: str, template_id: str, there: t.Sequence[Job]) -> None:
    others = [job for job in there if not are_family(template_id, jobs.template_id(job))]
    if not others or task.params["allow_second_job"]:
        return
    names = " and ".join(f"{job['id']} ({'runs' if jobs.is_running(job) else 'rests'})" for job in others)
    there_id = jobs.template_id(others[0])
    ways = [f"To go on with the one that is there, give its template in the option template_id: {there_id}."]
    if jobs.is_running(others[0]):
        ways.append(f"To let it rest: {jobs.command(principal, others[0]['id'], 'pause')}.")
    if (template_id, there_id) == (_NEW, _OLD):
        named = shlex.quote(f'{{"convert_service_principal_id": "{principal.id}"}}')
        ways.append(f"To replace it: ansible-playbook entra.provisioning.convert_to_scim -e {named} --check.")
    raise ProvisioningError(
        f"Nothing was changed: only with consent can {what} in {principal} beside {names}, since both write to one "
        f"target. {' '.join(ways)} If both are meant, set allow_second_job to true, an option of sync_job and "
        "sync_job_action.",
        jobs=[job["id"] for job in others],
    )
