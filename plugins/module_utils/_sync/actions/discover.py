# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Discover: the service asks the target, or the agent, which attributes there are."""

from __future__ import annotations

import typing as t

from ..._graph.errors import BadInput
from ..._schema.diff import as_data, difference
from ..._task import Change, Outcome
from ..._task import difference as difference_shown
from .. import endpoints, jobs, schemas
from ..principals import Principal
from ..schemas import Schema

if t.TYPE_CHECKING:
    from ..._task import Task

Directory = t.Mapping[str, t.Any]
# Sides of a rule that the option directory may name instead of a directory.
SIDES = {"source": "sourceDirectoryName", "target": "targetDirectoryName"}


def run(task: Task, principal: Principal) -> Outcome:
    """Discover a directory of a job's schema; a change only where its definition is another one afterwards.

    :raises ProvisioningError: where the target cannot be asked.
    """
    job = jobs.required(task, principal)
    if job is None:
        return Outcome(True, {"job": None, "changes": ["discover the attributes of a directory"], "differences": []})
    before = schemas.of_job(task.graph, principal, job["id"])
    directory = chosen(before, task.params["directory"])
    says = f"discover the attributes of the directory {directory['name']}"
    if task.check_mode:
        return Outcome(True, {"job": job, "changes": [says], "differences": [], "directory": directory["name"]})
    call = endpoints.DISCOVER.call(
        sp=principal.id, job=job["id"], directory=str(directory["id"]), name=str(directory["name"])
    )
    answer = task.graph.send(call)
    after = schemas.of_job(task.graph, principal, job["id"])
    return _outcome(task, job, directory, (before, after), answer)


def chosen(schema: Schema, wanted: str | None) -> Directory:
    """Return the directory to discover.

    :arg wanted: ``source``, ``target`` or a name; None for the only one that can be discovered.
    :raises BadInput: where there is none such, or it cannot be discovered.
    """
    directories: list[Directory] = schema.get("directories") or []
    able = [one for one in directories if _can_be_discovered(one)]
    names = ", ".join(str(one["name"]) for one in able) or "none of them"
    if not wanted:
        if len(able) == 1:
            return able[0]
        raise BadInput(
            f"The job reads and writes {_named(directories)}. Of these, {names} can be discovered. "
            + ("Say which one with the option directory." if able else "There is nothing to discover.")
        )
    side = (
        {rule.get(SIDES[wanted]) for rule in schema.get("synchronizationRules") or []} if wanted in SIDES else {wanted}
    )
    fitting = [one for one in directories if one.get("name") in side]
    if len(fitting) != 1:
        raise BadInput(
            f"The job has {len(fitting) or 'no'} directories that {wanted!r} can mean; it has {_named(directories)}."
        )
    if fitting[0] not in able:
        raise BadInput(
            f"The directory {fitting[0]['name']} cannot be discovered: its discoverabilities are None, so its "
            f"attributes are those of the template. Of the job's directories, {names} can be discovered."
        )
    return fitting[0]


def _can_be_discovered(directory: Directory) -> bool:
    """Discovery is for directories whose discoverabilities are not None (page "directoryDefinition")."""
    return str(directory.get("discoverabilities") or "None") != "None"


def _named(directories: t.Sequence[Directory]) -> str:
    return ", ".join(str(one.get("name")) for one in directories)


def _outcome(task: Task, job: jobs.Job, directory: Directory, seen: tuple[Schema, Schema], answer: t.Any) -> Outcome:
    """Compare; whether the service keeps in the schema what it discovers is not documented."""
    before, after = seen
    others = [answer if one is directory else one for one in before.get("directories") or []]
    discovered = difference(before, {**before, "directories": others})
    stored = difference(before, after)
    if discovered and not stored:
        task.warn(
            f"The service has discovered {len(discovered)} differences in the directory {directory['name']}, but did "
            "not keep them in the schema. Define what is needed with the option custom_attributes of "
            "entra.provisioning.sync_schema."
        )
    plan = [Change(one.name, one.before, one.after, None) for one in stored]
    result = {
        "job": job,
        "changes": [one.sentence for one in plan],
        "differences": as_data(discovered or stored),
        "directory": directory["name"],
    }
    return Outcome(bool(stored), result, difference_shown(plan, f"schema of the job {job['id']}"))
