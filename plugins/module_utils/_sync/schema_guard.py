# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The guard: what can disable, remove or mix up people's accounts is not written unless it was allowed."""

from __future__ import annotations

import re
import typing as t

from .._graph.errors import ProvisioningError
from .._schema.account_states import is_account_state
from .._schema.diff import GUARDED, Difference
from . import bag, history, jobs, provisioned, settings, stored
from .principals import Principal
from .schema_write import said

if t.TYPE_CHECKING:
    from .._task import Task

# Minutes that a cycle takes for each object in scope (page "Check the status of user provisioning").
MINUTES = (0.01, 0.08)

HITS = {
    "matching": "accounts that are not linked yet may be linked to the wrong person, or be created twice",
    "scope": "whoever falls out of scope is disabled in the target, and whoever comes into it gets an account",
    "active": "accounts may be disabled or enabled, up to all of them",
    "delete_flow": "accounts may be deleted in the target, or no longer be",
}

_ATTRIBUTE = re.compile(r"\[([^\[\]]+)\]")
# In the path of an attribute mapping: what follows its rule, its object mapping and its target.
_FIELD = 4
_FIRST = "the first cycle of a new job links the accounts that the target has already"


def check(task: Task, principal: Principal, job: jobs.Job | None, differences: t.Sequence[Difference]) -> str:
    """Refuse changes that need consent and lack it; return what the others cost, in a sentence ("" if not known).

    A job of an application that has provisioned nobody yet has linked no accounts, so most changes hurt none.

    :arg job: the whole job, None for one that is still to be made.
    :raises ProvisioningError: naming the changes, whom they can hit, what protects them, and how to allow them.
    """
    refused = [one for one in differences if one.risk in GUARDED and one.risk not in task.params["allow"]]
    if refused:
        why = history.of_accounts(task, principal, [job] if job else [])
        refused = [one for one in refused if why or _hits_at_first(one)]
        if refused:
            raise _refusal(task, principal, job, refused, differences, why or _FIRST)
    return cost(job) if job and differences and provisioned.has_worked(job) else ""


def _hits_at_first(one: Difference) -> bool:
    """Tell whether a change hits people whom no cycle has seen: a first one links the accounts that the target has.

    A state of accounts that is fed from nothing that tells who has left is the same for all of them. When and how it
    flows hits nobody then.
    """
    if one.risk != "active" or one.after is None or one.path[_FIELD:] not in ((), ("default",)):
        return False
    return not any(map(is_account_state, _ATTRIBUTE.findall(one.after)))


def needs_job(task: Task, differences: t.Sequence[Difference]) -> bool:
    """Tell whether the whole job has to be known, which costs a request where its id was given."""
    risky = any(one.risk in GUARDED for one in differences)
    return bool(task.params["pause_around"] or (differences and (risky or task.diff_mode)))


def cost(job: jobs.Job) -> str:
    """Return what any change of a schema costs: the next cycle looks at every object anew."""
    counts = provisioned.counts(job)
    if not sum(counts.values()):
        return "the next cycle evaluates the whole source anew"
    least, most = (minutes * sum(counts.values()) for minutes in MINUTES)
    return f"the next cycle evaluates {provisioned.told(counts)} anew, which takes about {_span(least, most)}"


def _span(least: float, most: float) -> str:
    """Say how long something takes at the least and at the most, in minutes or, where they are many, in hours."""
    if most >= 120:
        return f"{least / 60:,.1f} to {most / 60:,.1f} hours"
    low, high = max(1, round(least)), max(1, round(most))
    return f"{low} to {high} minutes" if low != high else "1 minute"


def _refusal(
    task: Task,
    principal: Principal,
    job: jobs.Job | None,
    refused: t.Sequence[Difference],
    differences: t.Sequence[Difference],
    why: str,
) -> ProvisioningError:
    risks = [risk for risk in GUARDED if any(one.risk == risk for one in refused)]
    told = "; ".join(
        f"{risk}: {'; '.join(said(one) for one in refused if one.risk == risk)} ({HITS[risk]})" for risk in risks
    )
    done = f"The job has provisioned {provisioned.told(provisioned.counts(job))}. " if job else ""
    current = {} if principal.planned else stored.read(task.graph, principal)
    return ProvisioningError(
        f"The schema of {principal} was not changed, since some of the changes can hit people's accounts. {told}. "
        f"They are guarded because {why}. {done}{_protection(current, risks)} If this is meant, say so with "
        f"allow: [{', '.join(sorted({*risks, *task.params['allow']}))}].",
        risks=risks,
        differences=[said(one) for one in differences],
        job=job["id"] if job else None,
    )


# What the deletion threshold and skip_out_of_scope_deletions are documented for: people who leave the scope.
_OF_LEAVERS = ("scope", "delete_flow")


def _protection(current: bag.Bag, risks: t.Collection[str]) -> str:
    """Say what would stop these changes from hitting many (pages on accidental and out-of-scope deletions)."""
    parts = _of_leavers(current) if set(risks) & set(_OF_LEAVERS) else []
    if "active" in risks:
        parts.append(
            "No protection is documented against a mapping that disables accounts: the deletion threshold is for "
            "people who leave the scope."
        )
    if "matching" in risks:
        parts.append("Neither the deletion threshold nor skip_out_of_scope_deletions stops a wrong match.")
    return " ".join(parts)


def _of_leavers(current: bag.Bag) -> list[str]:
    now = settings.effective(current)
    parts = [
        f"A deletion threshold of {now['delete_threshold']} stops a cycle in which that many accounts or more would be "
        "disabled or deleted because people leave the scope."
        if now["delete_threshold"]
        else "No deletion threshold is set that would stop a cycle from disabling many accounts."
    ]
    if now["skip_out_of_scope_deletions"]:
        parts.append("Whoever falls out of scope is left alone, since skip_out_of_scope_deletions is on.")
    return parts
