# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Everything that can be read, for one application, some, or all of a tenant."""

from __future__ import annotations

import datetime
import typing as t

from .._graph import batch
from .._graph.errors import GraphError
from .._schema.left_out import left_out
from .._schema.portable import portable
from . import access, bag, endpoints, jobs, logs, principals, schemas, secrets
from .health import health
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._task import Task

Record = dict[str, t.Any]

# One call per application each, batched over the applications.
OF_APPLICATION: dict[str, t.Callable[[str], Call]] = {
    "jobs": lambda sp: endpoints.JOB_LIST.call(sp=sp),
    "templates": lambda sp: endpoints.TEMPLATE_LIST.call(sp=sp),
    "secrets": lambda sp: endpoints.SECRETS_GET.call(sp=sp),
    "assignments": lambda sp: endpoints.ASSIGNED_LIST.call(sp=sp),
}
# One call per job each, batched over the jobs.
OF_JOB: dict[str, t.Callable[[str, str], Call]] = {
    "schema": lambda sp, job: endpoints.SCHEMA_GET.call(sp=sp, job=job),
    "functions": lambda sp, job: endpoints.FUNCTIONS.call(sp=sp, job=job),
    "filter_operators": lambda sp, job: endpoints.FILTER_OPERATORS.call(sp=sp, job=job),
}
GATHER = (
    "jobs",
    "health",
    "schema",
    "templates",
    "secrets",
    "assignments",
    "functions",
    "filter_operators",
    "logs",
    "access",
)


def applications(task: Task) -> list[Principal]:
    """Return the applications that the options mean: one, a list, or all that came from the gallery.

    No call lists what is provisioned. Applications without a gallery entry have no synchronization templates, so an
    advanced filter leaves them out.
    """
    if task.params.get("applications"):
        return [principals.find(task.graph, one, check_mode=task.check_mode) for one in task.params["applications"]]
    if any(task.params.get(name) for name in ("service_principal_id", "app_id", "display_name")):
        return [principals.resolve(task)]
    query = {
        "$filter": "applicationTemplateId ne null",
        "$count": "true",
        "$select": principals.FIELDS,
        "$top": "999",
    }
    call = endpoints.SP_LIST.call(query=query, headers={"ConsistencyLevel": "eventual"})
    return [principals.principal(record) for record in task.graph.pages(call)]


def gather(task: Task, found: t.Sequence[Principal], wanted: t.Collection[str]) -> list[Record]:
    """Return one record per application with the subsets that are wanted.

    :raises GraphError: where no application could be read; a refusal for some is noted with them, under ``errors``.
    """
    records: dict[str, Record] = {
        one.id: {"service_principal_id": one.id, "app_id": one.app_id, "display_name": one.name} for one in found
    }
    live = [one for one in found if not one.planned]
    kinds = [
        kind for kind in OF_APPLICATION if kind in wanted or (kind == "jobs" and set(wanted) - set(OF_APPLICATION))
    ]
    answers = _read(task, records, [(one.id, kind, OF_APPLICATION[kind](one.id)) for one in live for kind in kinds])
    chosen = {one.id: _selected(task, _records(answers.get((one.id, "jobs")))) for one in live}
    for one in live:
        record = records[one.id]
        if "jobs" in wanted:
            record["jobs"] = chosen[one.id]
        if "templates" in wanted:
            record["templates"] = _records(answers.get((one.id, "templates")))
        if "assignments" in wanted:
            record["assignments"] = _records(answers.get((one.id, "assignments")))
        if "secrets" in wanted:
            record["secrets"] = secrets.record(bag.read(_records(answers.get((one.id, "secrets")))))
        if "health" in wanted:
            now = datetime.datetime.now(datetime.timezone.utc)
            record["health"] = [health(job, now) for job in chosen[one.id]]
        if "logs" in wanted:
            record["logs"] = _logs(task, chosen[one.id])
        if "access" in wanted:
            record["access"] = access.report(task.graph, one, chosen[one.id][0]["id"] if chosen[one.id] else None)
    _of_jobs(task, records, chosen, wanted)
    return [records[one.id] for one in found]


def _of_jobs(
    task: Task, records: dict[str, Record], chosen: dict[str, list[Record]], wanted: t.Collection[str]
) -> None:
    """Add what is read per job: under ``schema`` and so on, a record per job with its ``job_id``."""
    for kind in (kind for kind in OF_JOB if kind in wanted):
        pairs = [(sp, job["id"]) for sp, found in chosen.items() for job in found]
        answers = _read(task, records, [(sp, f"{kind} {job}", OF_JOB[kind](sp, job)) for sp, job in pairs])
        for sp in chosen:
            records[sp][kind] = []
        for sp, job in pairs:
            answer = answers.get((sp, f"{kind} {job}"))
            if answer is not None:
                records[sp][kind].append({"job_id": job, kind: answer if kind == "schema" else _records(answer)})
    if task.params["portable"] and "schema" in wanted:
        _make_portable(task, records, {job["id"]: job for found in chosen.values() for job in found})


def _make_portable(task: Task, records: dict[str, Record], jobs_by_id: t.Mapping[str, Record]) -> None:
    """Put the portable document in the place of each schema; what its template defines is not custom."""
    templates = {
        (sp, schemas.template_of(jobs_by_id[one["job_id"]]))
        for sp, record in records.items()
        for one in record["schema"]
    }
    calls = [
        (sp, f"schema {name}", endpoints.TEMPLATE_SCHEMA.call(sp=sp, template=name)) for sp, name in sorted(templates)
    ]
    models = _read(task, records, calls)
    for sp, record in records.items():
        for one in record["schema"]:
            model = models.get((sp, f"schema {schemas.template_of(jobs_by_id[one['job_id']])}"))
            for said in left_out(one["schema"], model):
                task.warn(f"The portable document of the job {one['job_id']} leaves out: {said}")
            one["schema"] = portable(one["schema"], model)


def _read(task: Task, records: dict[str, Record], wanted: t.Sequence[tuple[str, str, Call]]) -> dict[t.Any, t.Any]:
    """Make the calls together and return the answers by application and kind; refusals go into the records."""
    answers = batch.read_all(task.graph, [call for _sp, _kind, call in wanted])
    refusals = [answer for answer in answers if isinstance(answer, GraphError)]
    if refusals and len(refusals) == len(answers):
        raise refusals[0]
    good = {}
    for (sp, kind, call), answer in zip(wanted, answers):
        if isinstance(answer, GraphError):
            records[sp].setdefault("errors", []).append({"gather": kind.split(" ")[0], "message": answer.message})
        elif isinstance(answer, dict) and "@odata.nextLink" in answer:
            good[sp, kind] = {"value": list(task.graph.rest(call, answer))}
        else:
            good[sp, kind] = answer
    return good


def _records(answer: t.Any) -> list[Record]:
    return list(answer.get("value", [])) if isinstance(answer, dict) else []


def _selected(task: Task, found: list[Record]) -> list[Record]:
    if task.params.get("job_id"):
        return [job for job in found if job.get("id") == task.params["job_id"]]
    if task.params.get("template_id"):
        return [job for job in found if jobs.is_of_template(job, task.params["template_id"])]
    return found


def _logs(task: Task, found: list[Record]) -> Record:
    if not found:
        return {**logs.summary([]), "entries": []}
    since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=task.params["logs_hours"])
    entries = logs.entries(task.graph, [job["id"] for job in found], since, task.params["logs_limit"])
    return {**logs.summary(entries), "entries": entries if task.params["logs_entries"] else []}
