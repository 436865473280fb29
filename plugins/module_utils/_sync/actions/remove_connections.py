# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Remove connections: the job forgets which account of the target belongs to somebody, and matches anew."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._graph.errors import BadInput, ProvisioningError
from ..._task import Change, Outcome
from .. import cycles, endpoints, jobs
from ..principals import Principal
from . import subjects
from .finish import carried_out

if t.TYPE_CHECKING:
    from ..._graph.endpoint import Call
    from ..._task import Task


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse to act on nobody, and where the service does not have connections.

    :raises BadInput: naming the option.
    """
    subjects.check(params)
    if params["api_version"] != "beta":
        raise BadInput("Connections of objects are known to the beta version only: set api_version to beta.")


def run(task: Task, principal: Principal) -> Outcome:
    """Remove the connections that are there; no account is removed by it.

    :raises ProvisioningError: where the job runs: the service refuses that with 409 (page "Manage object connections").
    """
    job = jobs.required(task, principal)
    if job is None:
        return Outcome(False, {"changes": [], "job": job})
    found = subjects.in_directory(task)
    people = [(one.id, str(one)) for one in found] + [(one["id"], one["id"]) for one in task.params["subjects"]]
    if jobs.is_running(job):
        raise ProvisioningError(
            f"The synchronization job {job['id']} runs, and a running one keeps its connections. Nothing was removed. "
            "Use the action pause first, with wait: true.",
            job=job["id"],
        )
    plan = []
    for object_id, name in dict.fromkeys(people):
        ids = {"sp": principal.id, "job": str(job["id"]), "object": object_id}
        if task.graph.find(endpoints.CONNECTION_GET.call(**ids)) is not None:
            says = f"remove the connection of the {name}" if name != object_id else f"remove the connection of {name}"
            call = endpoints.CONNECTION_DELETE.call(**ids)
            plan.append(Change(f"connection of {name}", "present", None, call, says=says, confirm=_gone(task)))
    return carried_out(task, principal, job, plan, cycles.after_pause)


def _gone(task: Task) -> t.Callable[[Call], bool]:
    def look(call: Call) -> bool:
        return task.graph.find(dataclasses.replace(call, endpoint=endpoints.CONNECTION_GET)) is None

    return look
