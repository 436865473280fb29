# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The subset ``accounts``: everything that has to be read to tell what became of people's accounts."""

from __future__ import annotations

import datetime
import typing as t

from .._graph.errors import GraphError
from . import accounts, endpoints, logs
from .reading import Reading, Record, listed


def tell(
    reading: Reading,
    jobs: t.Mapping[str, t.Sequence[Record]],
    assigned: t.Mapping[str, t.Sequence[Record]],
    now: datetime.datetime,
) -> None:
    """Add who has an account, and whether each job can take it away.

    :arg jobs: those of each service principal.
    :arg assigned: the assignments of each service principal.
    """
    members = _members(reading, assigned)
    schemas = reading.ask(
        [
            ((sp, f"schema {job['id']}"), endpoints.SCHEMA_GET.call(sp=sp, job=job["id"]))
            for sp, found in jobs.items()
            for job in found
        ]
    )
    for sp, found in jobs.items():
        entries, whole = _entries(reading, sp, now)
        people = accounts.people(assigned.get(sp, ()), members.get(sp, {}))
        reading.records[sp]["accounts"] = {
            "people": accounts.standing(people, entries),
            "complete": whole,
            "jobs": [
                {"job_id": job["id"], "hindrances": accounts.hindrances(schemas[sp, f"schema {job['id']}"])}
                for job in found
                if schemas.get((sp, f"schema {job['id']}")) is not None
            ],
        }


def _members(reading: Reading, assigned: t.Mapping[str, t.Sequence[Record]]) -> dict[str, dict[str, list[Record]]]:
    """Return the direct members of assigned groups by group and service principal.

    Without ``$select`` each member says what it is, so that a nested group is not taken for a person.
    """
    groups = {(sp, str(one["principalId"])) for sp, some in assigned.items() for one in some if _is_group(one)}
    answers = reading.ask(
        [((sp, f"accounts {group}"), endpoints.GROUP_MEMBERS.call(group=group)) for sp, group in sorted(groups)]
    )
    found: dict[str, dict[str, list[Record]]] = {}
    for (sp, name), answer in answers.items():
        found.setdefault(sp, {})[name.split(" ")[1]] = listed(answer)
    return found


def _is_group(assignment: Record) -> bool:
    return assignment.get("principalType") == "Group"


def _entries(reading: Reading, sp: str, now: datetime.datetime) -> tuple[list[logs.Entry], bool]:
    """Return the log entries of an application, also those of jobs that are gone, and whether these are all."""
    task = reading.task
    most = task.params["logs_limit"]
    try:
        found = logs.of_application(task.graph, sp, _since(task.params, now), most + 1)
    except GraphError as error:
        # Beside what else could not be read, so that all missing permissions are named at once.
        reading.records[sp].setdefault("errors", []).append({"gather": "accounts", "message": error.message})
        return [], False
    if len(found) > most:
        task.warn(
            f"There are more log entries of the application {sp} than the {most} newest, which are all that was looked "
            "at for its accounts. Raise logs_limit."
        )
    return found[:most], len(found) <= most


def _since(params: t.Mapping[str, t.Any], now: datetime.datetime) -> datetime.datetime | None:
    """Return from when on; as long as the service keeps them where no moment is named."""
    return logs.since(params, now) if params["logs_since"] else None
