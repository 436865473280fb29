# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What sync_info can tell of applications: each subset, what it reads, and what it makes of that."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._schema.left_out import left_out
from .._schema.portable import portable
from . import access, account_reading, bag, endpoints, logs, schemas, settings, templates
from .health import health
from .reading import Read, Reading, Record, listed

if t.TYPE_CHECKING:
    from .._graph.endpoint import Endpoint
    from .._task import Task

JOBS = Read(
    "jobs",
    lambda params, sp: (
        endpoints.JOB_GET.call(sp=sp, job=params["job_id"]) if params["job_id"] else endpoints.JOB_LIST.call(sp=sp)
    ),
)
TEMPLATES = Read(
    "templates",
    lambda params, sp: (
        endpoints.TEMPLATE_GET.call(sp=sp, template=params["template_id"])
        if params["template_id"]
        else endpoints.TEMPLATE_LIST.call(sp=sp)
    ),
)
SECRETS = Read("secrets", lambda _params, sp: endpoints.SECRETS_GET.call(sp=sp))
ASSIGNMENTS = Read("assignments", lambda _params, sp: endpoints.ASSIGNED_LIST.call(sp=sp))


def _jobs(reading: Reading) -> None:
    for sp, found in reading.jobs(JOBS).items():
        reading.records[sp]["jobs"] = found


def _health(reading: Reading) -> None:
    now, found = _now(), reading.jobs(JOBS)
    reading.begin("health", found)
    for sp, some in found.items():
        stored = reading.found(sp, SECRETS)
        told = None if stored is None else settings.record(bag.read(stored))
        reading.records[sp]["health"] = [health(job, now, told) for job in some]


def _templates(reading: Reading) -> None:
    for one in reading.live:
        found = reading.found(one.id, TEMPLATES)
        if found is not None:
            asked = [templates.credentials(template) for template in found]
            reading.records[one.id].update(templates=found, template_credentials=asked)


def _secrets(reading: Reading) -> None:
    for one in reading.live:
        found = reading.found(one.id, SECRETS)
        if found is not None:
            reading.records[one.id]["secrets"] = settings.record(bag.read(found))


def _assignments(reading: Reading) -> None:
    for one in reading.live:
        found = reading.found(one.id, ASSIGNMENTS)
        if found is not None:
            reading.records[one.id]["assignments"] = found


def _accounts(reading: Reading) -> None:
    found = {one.id: reading.found(one.id, ASSIGNMENTS) for one in reading.live}
    # Who is assigned where that could not be read is told under `errors`, and nobody stands under `accounts`.
    assigned = {sp: some for sp, some in found.items() if some is not None}
    account_reading.tell(reading, reading.jobs(JOBS), assigned, _now())


def _schema(reading: Reading) -> None:
    """Add the schemas, each with its ``job_id``; portable ones where that is asked for."""
    found = reading.jobs(JOBS)
    pairs = [(sp, job) for sp, some in found.items() for job in some]
    answers = reading.ask(
        [((sp, f"schema {job['id']}"), endpoints.SCHEMA_GET.call(sp=sp, job=job["id"])) for sp, job in pairs]
    )
    reading.begin("schema", found)
    read = [(sp, job, answers.get((sp, f"schema {job['id']}"))) for sp, job in pairs]
    told = [(sp, job, schema) for sp, job, schema in read if schema is not None]
    models = _models(reading, told) if reading.task.params["portable"] else {}
    for sp, job, schema in told:
        if reading.task.params["portable"]:
            model = models.get((sp, f"schema {schemas.template_of(job)}"))
            for said in left_out(schema, model):
                reading.task.warn(f"The portable document of the job {job['id']} leaves out: {said}")
            schema = portable(schema, model)
        reading.records[sp]["schema"].append({"job_id": job["id"], "schema": schema})


def _models(reading: Reading, told: t.Sequence[tuple[str, Record, Record]]) -> dict[tuple[str, str], Record]:
    """Return the schemas of the jobs' templates: what those define is not custom."""
    names = sorted({(sp, schemas.template_of(job)) for sp, job, _schema in told})
    return reading.ask(
        [((sp, f"schema {name}"), endpoints.TEMPLATE_SCHEMA.call(sp=sp, template=name)) for sp, name in names]
    )


def _functions(reading: Reading) -> None:
    _of_schemas(reading, "functions", endpoints.FUNCTIONS, endpoints.TEMPLATE_FUNCTIONS)


def _filter_operators(reading: Reading) -> None:
    _of_schemas(reading, "filter_operators", endpoints.FILTER_OPERATORS, endpoints.TEMPLATE_FILTER_OPERATORS)


def _of_schemas(reading: Reading, name: str, of_job: Endpoint, of_template: Endpoint) -> None:
    """Add what schemas have, for each job; where there is none yet, for the template that it would be made from."""
    found = reading.jobs(JOBS)
    places: list[tuple[str, str | None, str]] = [
        (sp, str(job["id"]), schemas.template_of(job)) for sp, jobs in found.items() for job in jobs
    ]
    places += [(sp, None, template) for sp, template in _to_come(reading, [sp for sp in found if not found[sp]])]
    answers = reading.ask(
        [
            (
                (sp, f"{name} {job or template}"),
                of_job.call(sp=sp, job=job) if job else of_template.call(sp=sp, template=template),
            )
            for sp, job, template in places
        ]
    )
    reading.begin(name, found)
    for sp, job, template in places:
        answer = answers.get((sp, f"{name} {job or template}"))
        if answer is not None:
            reading.records[sp][name].append({"job_id": job, "template_id": template, name: listed(answer)})


def _to_come(reading: Reading, without: t.Sequence[str]) -> list[tuple[str, str]]:
    """Return the templates that first jobs would be made from, with their applications."""
    if reading.task.params["job_id"]:
        return []
    answers = reading.ask([((sp, "templates"), TEMPLATES.call(reading.task.params, sp)) for sp in without])
    found = {sp: listed(answer) for (sp, _name), answer in answers.items()}
    recommended = {sp: sorted(some, key=lambda one: not one.get("default")) for sp, some in found.items()}
    return [(sp, str(some[0]["id"])) for sp, some in recommended.items() if some]


def _logs(reading: Reading) -> None:
    task, jobs = reading.task, reading.jobs(JOBS)
    reading.begin("logs", jobs)
    for sp, found in jobs.items():
        read = _entries(task, [str(job["id"]) for job in found]) if found else []
        reading.records[sp]["logs"] = {
            **logs.summary(read, personal=task.params["logs_entries"]),
            "entries": read if task.params["logs_entries"] else [],
        }


def _entries(task: Task, job_ids: t.Sequence[str]) -> list[Record]:
    cycles = []
    if task.params["logs_cycle"] == "last":
        cycles = [cycle for cycle in (logs.last_cycle(task.graph, job_id) for job_id in job_ids) if cycle]
        if not cycles:
            return []
    elif task.params["logs_cycle"]:
        cycles = [task.params["logs_cycle"]]
    most = task.params["logs_limit"]
    found = logs.entries(
        task.graph,
        job_ids,
        logs.since(task.params, _now()),
        most + 1,
        cycles=cycles,
        statuses=task.params["logs_status"] or (),
    )
    if len(found) > most:
        task.warn(
            f"There are more log entries of {' and '.join(job_ids)} than the {most} newest, which are all that was "
            "counted. Raise logs_limit, or ask for less with logs_since, logs_cycle or logs_status."
        )
    return found[:most]


def _connections(reading: Reading) -> None:
    """Add which objects of the option ``object_ids`` each job has a connection of; None where it has none."""
    jobs = reading.jobs(JOBS)
    wanted = [
        (sp, str(job["id"]), one)
        for sp, found in jobs.items()
        for job in found
        for one in reading.task.params["object_ids"]
    ]
    answers = reading.ask(
        [
            ((sp, f"connections {job} {one}"), endpoints.CONNECTION_GET.call(sp=sp, job=job, object=one))
            for sp, job, one in wanted
        ]
    )
    reading.begin("connections", jobs)
    for sp, job, one in wanted:
        if (sp, f"connections {job} {one}") in answers:
            found = listed(answers[sp, f"connections {job} {one}"])
            connection = found[0] if found else None
            reading.records[sp]["connections"].append({"job_id": job, "object_id": one, "connection": connection})


def _access(reading: Reading) -> None:
    for one in reading.live:
        reading.records[one.id]["access"] = access.report(reading.task.graph, one)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


@dataclasses.dataclass(frozen=True)
class Subset:
    """Something that can be asked for.

    ``tell`` adds it to the records; ``reads`` is what it needs of the first round, and ``named`` what it reads besides
    where applications are named: 1,000 of them must not cost a second thousand reads.
    """

    tell: t.Callable[[Reading], None]
    reads: tuple[Read, ...]
    named: tuple[Read, ...] = ()


GATHER: dict[str, Subset] = {
    "jobs": Subset(_jobs, (JOBS,)),
    "health": Subset(_health, (JOBS,), named=(SECRETS,)),
    "schema": Subset(_schema, (JOBS,)),
    "templates": Subset(_templates, (TEMPLATES,)),
    "secrets": Subset(_secrets, (SECRETS,)),
    "assignments": Subset(_assignments, (ASSIGNMENTS,)),
    "accounts": Subset(_accounts, (JOBS, ASSIGNMENTS)),
    "functions": Subset(_functions, (JOBS,)),
    "filter_operators": Subset(_filter_operators, (JOBS,)),
    "logs": Subset(_logs, (JOBS,)),
    "connections": Subset(_connections, (JOBS,)),
    "access": Subset(_access, ()),
}
