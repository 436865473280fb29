# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The guard of the settings: what lets a job disable or delete more people is not written unless it was allowed."""

from __future__ import annotations

import typing as t

from .._graph.errors import ProvisioningError
from . import assignments, history, jobs, provisioned, settings
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task
    from .secrets import Write

_RUNNING = "a job of the application is running"


class Risky(t.NamedTuple):
    """One change of a guarded setting."""

    risk: settings.Risk
    sentence: str
    after: t.Any


def risky(write: Write) -> list[Risky]:
    """Return the guarded settings that a write would make less safe, whatever option it comes from."""
    found = []
    for row, risk in settings.GUARDED:
        before, after = (row.read(bag.get(row.key)) for bag in (write.before, write.after))
        if risk.is_meant(before, after):
            found.append(
                Risky(
                    risk, f"{row.label}: {row.words(before or row.default)} → {row.words(after or row.default)}", after
                )
            )
    return found


def check(task: Task, principal: Principal, write: Write) -> str:
    """Refuse what needs consent and lacks it; return what the rest can do to people, in a sentence ("" if nothing).

    An application that has provisioned nobody yet, and none of whose jobs runs, has nobody whom its settings could hit.

    :raises ProvisioningError: naming the changes, whom they can hit, and how to allow them.
    """
    changes = risky(write) if write and not principal.planned else []
    if not changes:
        return ""
    listed = jobs.listed(task.graph, principal)
    worked = [job for job in listed if provisioned.has_worked(job) or jobs.is_running(job)]
    runs_first = bool(worked) and not any(map(provisioned.has_worked, worked))
    why = _RUNNING if runs_first else history.of_accounts(task, principal, listed)
    if not why:
        return ""
    counted = [provisioned.counts(job) for job in listed]
    people = sum(sum(one.values()) for one in counted)
    told = "; ".join(f"{one.sentence} ({one.risk.hits(one.after)})" for one in changes)
    facts = f"{_provisioned(counted)}{_assigned(task, principal, changes)}"
    allowed = set(task.params["allow"])
    missing = [one.risk.name for one in changes if one.risk.name not in allowed]
    if not missing:
        return f"{told}. {facts}"
    raise ProvisioningError(
        f"The settings of {principal} were not changed, since this can hit people's accounts. {told}. They are guarded "
        f"because {why}. {facts} If this is meant, say so with allow: [{', '.join(sorted({*missing, *allowed}))}].",
        risks=missing,
        people=people,
        job=next((job["id"] for job in (*worked, *listed)), None),
    )


def _provisioned(counted: t.Sequence[t.Mapping[str, int]]) -> str:
    """Say how many there are to hit, all jobs of the application together."""
    total: dict[str, int] = {}
    for one in counted:
        for kind, count in one.items():
            total[kind] = total.get(kind, 0) + count
    if not sum(total.values()):
        return "The service does not count yet how many objects are provisioned."
    return f"{provisioned.told(total)} {'are' if sum(total.values()) != 1 else 'is'} provisioned, and can be hit."


def _assigned(task: Task, principal: Principal, changes: t.Sequence[Risky]) -> str:
    """Say how many are assigned, where only those stay; nothing where this identity may not read it."""
    if not any(one.risk.name == "scope" for one in changes):
        return ""
    try:
        kinds = [str(one.get("principalType")) for one in assignments.current(task.graph, principal)]
    except ProvisioningError:
        return " Who is assigned could not be read."
    users, groups = kinds.count("User"), kinds.count("Group")
    return f" Assigned to the application: {users} user{'s' * (users != 1)} and {groups} group{'s' * (groups != 1)}."
