# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Provisioning on demand: calls that the service accepts, and a plain result from either shape of its answer.

Source: the page "synchronizationJob: provisionOnDemand" (five calls in ten seconds) and "On-demand provisioning"
(one group with at most five members in a call).
"""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .._graph.errors import ProvisioningError
from . import endpoints
from .assignments import Member
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph

CALLS, SECONDS = 5, 10.0
MEMBERS_PER_CALL = 5
EXPORTED = frozenset({"create", "update", "delete", "disable", "enable"})


@dataclasses.dataclass(frozen=True)
class Subject:
    """What one call provisions: a user, or a group with some of its members."""

    member: Member
    links: tuple[Member, ...] = ()


def rule_id(schema: t.Mapping[str, t.Any], kind: str) -> str:
    """Return the id of the rule that provisions a kind of object; it may end in #V2 and is kept as it is.

    :raises ProvisioningError: where no enabled object mapping takes such objects.
    """
    for rule in sorted(schema.get("synchronizationRules") or [], key=lambda one: one.get("priority") or 0):
        for mapping in rule.get("objectMappings") or []:
            if mapping.get("enabled") is not False and str(mapping.get("sourceObjectName")).lower() == kind.lower():
                return str(rule["id"])
    raise ProvisioningError(
        f"The job does not provision objects of the type {kind}: no enabled object mapping has them as its source."
    )


def chunks(group: Member, members: t.Sequence[Member]) -> list[Subject]:
    """Split the members of a group into as many calls as the service's limit asks for; at least one."""
    starts = range(0, len(members), MEMBERS_PER_CALL) if members else [0]
    return [Subject(group, tuple(members[start : start + MEMBERS_PER_CALL])) for start in starts]


def call(principal: Principal, job_id: str, rule: str, subject: Subject) -> Call:
    """Return the request for one subject."""
    body: dict[str, t.Any] = {"objectId": subject.member.id, "objectTypeName": subject.member.kind}
    if subject.links:
        body["links"] = {"members": [{"objectId": one.id, "objectTypeName": one.kind} for one in subject.links]}
    return endpoints.JOB_ON_DEMAND.call(
        sp=principal.id, job=job_id, body={"parameters": [{"ruleId": rule, "subjects": [body]}]}
    )


def paced(graph: Graph, calls: t.Sequence[Call]) -> t.Iterator[t.Any]:
    """Make the calls, five in ten seconds, and yield their answers."""
    for number, one in enumerate(calls):
        if number and number % CALLS == 0:
            graph.connection.deadline.sleep(SECONDS, "keeping to five on-demand calls in ten seconds")
        yield graph.send(one)


def result(subject: Subject, answer: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    """Return what became of a subject, from either shape of the answer.

    The reference page shows JSON in both texts; live answers were seen with a .NET type name as the key and a JSON
    array as the value (cross-tenant tutorial, hamilton issue 203). HTTP 200 does not mean provisioned.
    """
    head = _parsed((answer or {}).get("key"))
    value = _parsed((answer or {}).get("value"))
    details = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict) and one]
    head = _record(head)
    first: dict[str, t.Any] = details[0] if details else {}
    info = _record(first.get("statusInfo"))
    status = str(head.get("result") or info.get("status") or "Unknown")
    error = _record(head.get("details"))
    code = error.get("errorCode") or info.get("errorCode") or ""
    steps = [_step(step) for one in details for step in one.get("provisioningSteps") or []]
    action = str(first.get("action") or "Other")
    # The reference page shows a success for a group without any details; a success counts as a change then.
    done = action.lower() in EXPORTED or not details
    exported = status.lower() in ("success", "warning") and done
    return {
        "name": subject.member.name,
        "id": subject.member.id,
        "type": subject.member.kind,
        "members": [one.name for one in subject.links],
        "status": status.lower(),
        "action": action.lower(),
        "exported": exported,
        # Already equal in the target: nothing was sent because nothing differs.
        "ok": status.lower() in ("success", "warning") or code == "RedundantExport",
        "error_code": code,
        "reason": str(error.get("errorMessage") or info.get("reason") or info.get("additionalDetails") or ""),
        "steps": steps,
        "modified": [one.get("displayName") for one in first.get("modifiedProperties") or []] if exported else [],
    }


def too_soon(one: t.Mapping[str, t.Any]) -> bool:
    """Tell from a result whether the job did not know yet that the subject is assigned.

    An assignment needs minutes until provisioning on demand sees it (page "On-demand provisioning").
    """
    words = f"{one['error_code']} {one['reason']}".lower()
    return not one["ok"] and ("entitled" in words or "not assigned" in words)


def _step(step: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {
        "type": str(step.get("type") or step.get("provisioningStepType") or "").lower(),
        "name": step.get("name"),
        "status": str(step.get("status") or "").lower(),
        "description": step.get("description"),
    }


def _record(value: t.Any) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}


def _parsed(text: t.Any) -> t.Any:
    try:
        return json.loads(text) if isinstance(text, str) and text else text
    except ValueError:
        return text
