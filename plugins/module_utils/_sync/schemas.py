# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The schemas that there are, of jobs and of templates: where each lives, and how it is read."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._graph.endpoint import Call, Endpoint
from .._graph.errors import BadInput, ProvisioningError
from . import endpoints, jobs, principals, templates
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .._task import Task

Schema = dict[str, t.Any]

# Members of a schema without which a document would erase everything: a PUT replaces the whole of it.
_PARTS = ("synchronizationRules", "directories")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a schema lives: the calls that read it, replace it, and help to write it.

    ``name`` says whose it is, in words that can be part of a file's name; ``template`` reads the schema that it
    started from.
    """

    graph: Graph
    name: str
    get: Call
    put: t.Callable[[Schema], Call]
    reset: Call
    parse: t.Callable[[t.Any], Call]
    functions: Call
    operators: Call
    template: t.Callable[[], Schema]

    def read(self) -> Schema:
        """Return the schema as it is now."""
        return t.cast("Schema", self.graph.send(self.get))


def of_job(graph: Graph, principal: Principal, job_id: str) -> Schema:
    """Return the schema of a job."""
    return t.cast("Schema", graph.send(endpoints.SCHEMA_GET.call(sp=principal.id, job=job_id)))


def of_template(graph: Graph, principal: Principal, template_id: str) -> Schema:
    """Return the schema that a new job of a template starts with."""
    return t.cast("Schema", graph.send(endpoints.TEMPLATE_SCHEMA.call(sp=principal.id, template=template_id)))


def place_of_job(task: Task, principal: Principal, job: jobs.Job | None) -> Place:
    """Return where the schema of a job lives; of one that is still to be made, in check mode, what its template has."""
    ids = {"sp": principal.id, "job": job["id"] if job else jobs.NEW_JOB}
    if job:
        own = functools.partial(called, ids)
        return Place(
            task.graph,
            f"{principal}.{job['id']}",
            own(endpoints.SCHEMA_GET),
            lambda body: own(endpoints.SCHEMA_PUT, body),
            own(endpoints.SCHEMA_RESET),
            lambda body: own(endpoints.SCHEMA_PARSE, body),
            own(endpoints.FUNCTIONS),
            own(endpoints.FILTER_OPERATORS),
            lambda: of_template(task.graph, principal, template_of(job)),
        )
    template_id = _template_to_come(task, principal)
    model = functools.partial(called, {"sp": principal.id, "template": template_id})
    return Place(
        task.graph,
        f"{principal}.{template_id}",
        model(endpoints.TEMPLATE_SCHEMA),
        lambda body: called(ids, endpoints.SCHEMA_PUT, body),
        called(ids, endpoints.SCHEMA_RESET),
        lambda body: model(endpoints.TEMPLATE_PARSE, body),
        model(endpoints.TEMPLATE_FUNCTIONS),
        model(endpoints.TEMPLATE_FILTER_OPERATORS),
        lambda: of_template(task.graph, principal, template_id),
    )


def called(ids: t.Mapping[str, str], endpoint: Endpoint, body: t.Any = None) -> Call:
    """Return a use of an endpoint of which the ids are known beforehand."""
    return Call(endpoint, ids, body)


def current(task: Task, place: Place, principal: Principal, job: jobs.Job | None) -> Schema:
    """Return the schema that a job has; in check mode, the one that a job would start with.

    :raises ProvisioningError: where there is no such job.
    """
    found = task.graph.find(place.get)
    if found is None:
        raise jobs.missing(task, principal) if job else ProvisioningError(f"Could not {place.get.says}.", status=404)
    return t.cast("Schema", found)


def template_of(job: jobs.Job) -> str:
    """Return the id of a job's template; the echoed one may be an alias, the prefix of the job's id is not."""
    return str(job["id"]).split(".", 1)[0] or str(job.get("templateId"))


def _template_to_come(task: Task, principal: Principal) -> str:
    wanted = task.params.get("template_id")
    return str(templates.chosen(templates.listed(task.graph, principal), wanted, str(principal))["id"])


def of_other_job(task: Task, where: t.Mapping[str, t.Any]) -> Schema:
    """Return the schema of the job that an option like ``from_job`` names.

    :raises ProvisioningError: where that job does not exist.
    """
    principal = principals.find(task.graph, where)
    job = jobs.find(task.graph, principal, where)
    if job is None:
        raise ProvisioningError(
            f"The application {principal}, which from_job names, has no such synchronization job.", status=404
        )
    return of_job(task.graph, principal, job["id"])


def checked_document(document: t.Any, option: str) -> Schema:
    """Return a document that can be a schema, or refuse it before anything is sent.

    :raises BadInput: where a part is missing: the service would erase it.
    """
    parts = {part: (document or {}).get(part) for part in _PARTS}
    missing = [part for part, value in parts.items() if not isinstance(value, list) or not value]
    if missing:
        raise BadInput(
            f"The document in the option {option} is no whole schema: it has nothing under {' and '.join(missing)}. "
            "A write replaces the whole schema, so it must be complete, as entra.provisioning.sync_info returns it.",
            option=option,
        )
    return t.cast("Schema", document)
