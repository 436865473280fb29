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

CALLS, SECONDS = 5, 10.0
MEMBERS_PER_CALL = 5
EXPORTED = frozenset({"create", "update", "delete", "disable", "enable"})


@dataclasses.dataclass(frozen=True)
class Subject:
    """What one call provisions: an object of the source, or a group with some of its members."""

    member: Member
    links: tuple[Member, ...] = ()


@dataclasses.dataclass(frozen=True)
class Rule:
    """What provisions a kind of object: ``id`` may end in #V2 and is kept as it is, ``kind`` is how the rule spells it.

    ``source`` is the directory that it reads.
    """

    id: str
    kind: str
    source: str


def rule(schema: t.Mapping[str, t.Any], kind: str | None, along: str | None = None) -> Rule:
    """Return the rule that provisions a kind of object, or the only kind that there is.

    Kinds are the names of the source's objects: User and Group of Microsoft Entra ID, user of Active Directory, Worker
    of an HR system (page "synchronizationJobSubject").

    :arg along: the kind that is provisioned in the same call; a rule that has both is preferred, since a call names one
        rule.
    :raises ProvisioningError: where no enabled object mapping takes such objects.
    """
    rules = [
        Rule(str(one["id"]), str(mapping.get("sourceObjectName")), str(one.get("sourceDirectoryName")))
        for one in sorted(schema.get("synchronizationRules") or [], key=lambda one: one.get("priority") or 0)
        for mapping in one.get("objectMappings") or []
        if mapping.get("enabled") is not False
    ]
    kinds = sorted({one.kind for one in rules})
    if kind is None and len(kinds) == 1:
        kind = kinds[0]
    fitting = [one for one in rules if kind and one.kind.lower() == kind.lower()]
    if fitting:
        both = {one.id for one in rules if one.kind == along}
        return next((one for one in fitting if one.id in both), fitting[0])
    raise ProvisioningError(
        f"The job provisions objects of the types {', '.join(kinds) or '(none)'}. "
        + (
            f"It does not provision objects of the type {kind}: no enabled object mapping has them as its source. "
            "Objects that are none of Microsoft Entra ID are named by their id there with the option subjects."
            if kind
            else "Say in the option subjects which type is meant."
        ),
        types=kinds,
    )


def chunks(group: Member, members: t.Sequence[Member]) -> list[Subject]:
    """Split the members of a group into as many calls as the service's limit asks for; at least one."""
    starts = range(0, len(members), MEMBERS_PER_CALL) if members else [0]
    return [Subject(group, tuple(members[start : start + MEMBERS_PER_CALL])) for start in starts]


def call(principal: Principal, job_id: str, wanted: Rule, subject: Subject) -> Call:
    """Return the request for one subject."""
    body: dict[str, t.Any] = {"objectId": subject.member.id, "objectTypeName": wanted.kind}
    if subject.links:
        body["links"] = {"members": [{"objectId": one.id, "objectTypeName": one.kind} for one in subject.links]}
    return endpoints.JOB_ON_DEMAND.call(
        sp=principal.id, job=job_id, body={"parameters": [{"ruleId": wanted.id, "subjects": [body]}]}
    )


def result(subject: Subject, answer: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    """Return what became of a subject, from either shape of the answer.

    The reference page shows JSON in both texts; live answers were seen with a .NET type name as the key and a JSON
    array as the value (cross-tenant tutorial, hamilton issue 203). HTTP 200 does not mean provisioned.
    """
    head = _record(_parsed((answer or {}).get("key")))
    value = _parsed((answer or {}).get("value"))
    details = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict) and one]
    told = _told(subject, details)
    info = _record(told.get("statusInfo"))
    status = str(head.get("result") or info.get("status") or "Unknown").lower()
    error = _record(head.get("details"))
    code = str(error.get("errorCode") or info.get("errorCode") or "")
    action = str(told.get("action") or "Other").lower()
    fine = status in ("success", "warning")
    # The reference page shows a success for a group without any details; a success counts as a change then.
    exported = fine and (not details or any(_is_exported(one) for one in details))
    steps = [_step(step) for one in details for step in _records(one.get("provisioningSteps"))]
    return {
        "name": subject.member.name,
        "id": subject.member.id,
        "type": subject.member.kind,
        "members": [one.name for one in subject.links],
        "status": status,
        **_passed([_step(step) for step in _records(told.get("provisioningSteps"))], action),
        "action": action,
        "exported": exported,
        # Already equal in the target: nothing was sent because nothing differs.
        "ok": fine or code == "RedundantExport",
        "error_code": code,
        "reason": str(error.get("errorMessage") or info.get("reason") or info.get("additionalDetails") or ""),
        "request_id": "",
        "steps": steps,
        "modified": [one.get("displayName") for one in _records(told.get("modifiedProperties"))] if exported else [],
    }


def refused(subject: Subject, code: str, reason: str, request_id: str) -> dict[str, t.Any]:
    """Return the result for a subject that the service does not even try."""
    told = result(subject, None)
    return {**told, "status": "refused", "error_code": code, "reason": reason, "request_id": request_id}


def too_soon(one: t.Mapping[str, t.Any]) -> bool:
    """Tell from a result whether the job did not know yet that the subject is assigned.

    An assignment needs minutes until provisioning on demand sees it (page "On-demand provisioning").
    """
    words = f"{one['error_code']} {one['reason']}".lower()
    return not one["ok"] and ("entitled" in words or "not assigned" in words)


def _told(subject: Subject, details: t.Sequence[dict[str, t.Any]]) -> dict[str, t.Any]:
    """Return the detail that speaks for a subject: that of a member where one failed, else its own.

    A member that is skipped, one who is blocked say, does not spoil its group.
    """

    def is_own(one: t.Mapping[str, t.Any]) -> bool:
        return _record(one.get("sourceIdentity")).get("id") == subject.member.id

    own = next((one for one in details if is_own(one)), details[0] if details else {})
    failed = (one for one in details if str(_record(one.get("statusInfo")).get("status")).lower() == "failure")
    return next(failed, own)


def _is_exported(detail: t.Mapping[str, t.Any]) -> bool:
    status = str(_record(detail.get("statusInfo")).get("status") or "success").lower()
    return status in ("success", "warning") and str(detail.get("action")).lower() in EXPORTED


def _passed(steps: t.Sequence[t.Mapping[str, t.Any]], action: str) -> dict[str, bool | None]:
    """Return how far a subject came; None for a step that the answer does not tell of."""

    def succeeded(kind: str) -> bool | None:
        ends = [step["status"] for step in steps if step["type"] == kind]
        return all(end in ("success", "warning") for end in ends) if ends else None

    matching = succeeded("matching")
    return {
        "imported": succeeded("import"),
        "in_scope": succeeded("scoping"),
        # The step succeeds also where it finds nobody; who is created then was not there.
        "matched": matching and action != "create" if matching is not None else None,
    }


def _step(step: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {
        "type": str(step.get("type") or step.get("provisioningStepType") or "").lower(),
        "name": step.get("name"),
        "status": str(step.get("status") or "").lower(),
        "description": step.get("description"),
    }


def _record(value: t.Any) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}


def _records(value: t.Any) -> list[dict[str, t.Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _parsed(text: t.Any) -> t.Any:
    try:
        return json.loads(text) if isinstance(text, str) and text else text
    except ValueError:
        return text
