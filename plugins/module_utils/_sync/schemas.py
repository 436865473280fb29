# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The schema of a job or of an application's template: read, compared by meaning, written only where they differ."""

from __future__ import annotations

import typing as t

from .._graph.errors import BadInput, ProvisioningError
from .._schema.align import aligned
from .._schema.diff import Difference, difference
from .._task import Change
from . import endpoints, jobs, principals, templates, waits
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph
    from .._task import Task

Schema = dict[str, t.Any]

# Members of a schema without which a document would erase everything: a PUT replaces the whole of it.
_PARTS = ("synchronizationRules", "directories")


def of_job(graph: Graph, principal: Principal, job_id: str) -> Schema:
    """Return the schema of a job."""
    return t.cast("Schema", graph.send(endpoints.SCHEMA_GET.call(sp=principal.id, job=job_id)))


def of_template(graph: Graph, principal: Principal, template_id: str) -> Schema:
    """Return the schema that a new job of a template starts with."""
    return t.cast("Schema", graph.send(endpoints.TEMPLATE_SCHEMA.call(sp=principal.id, template=template_id)))


def current(task: Task, principal: Principal, job: jobs.Job | None) -> Schema:
    """Return the schema that a job has; in check mode, the one that a job would start with.

    :raises ProvisioningError: where there is no such job.
    """
    if job:
        found = task.graph.find(endpoints.SCHEMA_GET.call(sp=principal.id, job=job["id"]))
        if found is None:
            raise jobs.missing(task, principal)
        return t.cast("Schema", found)
    if principal.planned:
        return {}
    template = templates.chosen(templates.listed(task.graph, principal), task.params.get("template_id"), str(principal))
    return of_template(task.graph, principal, template["id"])


def plan(task: Task, principal: Principal, job: jobs.Job | None, now: Schema) -> list[Change]:
    """Return the changes that make the schema of a job as the options say.

    :arg now: the schema as it is.
    """
    job_id = job["id"] if job else jobs.NEW_JOB
    seen = seen_in(task, lambda: of_job(task.graph, principal, job_id))
    if task.params["state"] == "default":
        if job is None:
            return []
        default = of_template(task.graph, principal, _template_of(job))
        return plan_reset(now, default, endpoints.SCHEMA_RESET.call(sp=principal.id, job=job_id), seen)
    document = task.params["schema"] or checked_document(of_other_job(task, task.params["from_job"]), "from_job")
    if principal.planned:
        return [Change("schema", None, "as given", None, says="make the schema what the document says")]
    return plan_replacement(
        now, document, lambda body: endpoints.SCHEMA_PUT.call(sp=principal.id, job=job_id, body=body), seen
    )


def _template_of(job: jobs.Job) -> str:
    """Return the id of a job's template; the echoed one may be an alias, the prefix of the job's id is not."""
    return str(job["id"]).split(".", 1)[0] or str(job["templateId"])


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


def plan_replacement(current: Schema, document: Schema, write: t.Callable[[Schema], Call], seen: Seen) -> list[Change]:
    """Return the changes that make a schema mean what a document says; one request makes them all.

    :arg write: gives the request for a body.
    :arg seen: makes the wait until a schema can be read back.
    """
    body = aligned(document, current)
    return _in_one(difference(current, body), write(body), seen(body))


def plan_reset(current: Schema, default: Schema, call: Call, seen: Seen) -> list[Change]:
    """Return the changes that a reset makes, none where the schema already means the same as the default."""
    return _in_one(difference(current, aligned(default, current)), call, seen(aligned(default, current)))


Seen = t.Callable[[Schema], t.Callable[[t.Any], Schema]]


def seen_in(task: Task, read: t.Callable[[], Schema]) -> Seen:
    """Return what waits until a written schema is read back, as far as its meaning goes."""

    def expecting(body: Schema) -> t.Callable[[t.Any], Schema]:
        def wait(_answer: t.Any) -> Schema:
            return waits.until(
                task.deadline,
                "waiting until the written schema can be read back",
                read,
                lambda seen: not difference(body, seen),
                tell=lambda seen: "; ".join(one.name for one in difference(body, seen)[:5]) + " as before",
            )

        return wait

    return expecting


def _in_one(differences: t.Sequence[Difference], call: Call, then: t.Callable[[t.Any], t.Any]) -> list[Change]:
    plan = [Change(one.name, one.before, one.after, None, risk=one.risk) for one in differences]
    if plan:
        last = plan.pop()
        plan.append(Change(last.path, last.before, last.after, call, risk=last.risk, then=then))
    return plan
