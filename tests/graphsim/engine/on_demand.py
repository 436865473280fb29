# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provision on demand: single objects at once, with every step told (Graph page "provisionOnDemand")."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.graphsim.engine import connection, entitlement, source
from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.explain import explain, out_of_scope
from tests.graphsim.engine.mapping import Mapper
from tests.graphsim.engine.plan import Entry, entry_of
from tests.graphsim.engine.provision import Provisioner, skipped
from tests.graphsim.engine.scim import TargetError
from tests.graphsim.engine.scoping import ScopeResult
from tests.graphsim.engine.steps import Outcome, Trace, status_info
from tests.graphsim.engine.summary import summary

# Entra page "Provision on demand".
MAXIMUM_MEMBERS = 5
_NO_TARGET = "The simulator has no target of this kind; the object was read and scoped, not exported."


class OnDemandRefused(Exception):
    """What the service refuses before it does anything."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def provision(context: JobContext, parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Provisions the subjects of all parameters (synchronizationJobApplicationParameters); one result object each.

    The members named in a group's links come after it, each with its own result. The state of the job does not
    matter. Raises OnDemandRefused; what goes wrong later is a result with the status Failure or Skipped.
    """
    _check(context, parameters)
    results = []
    for parameter in parameters:
        rule = _rule(context, parameter.get("ruleId"))
        for subject in parameter.get("subjects") or []:
            # Members must exist in the target before the group can name them; the group's result still comes first.
            members = [_result(context, rule, member, None) for member in _members(subject)]
            ids = {member["objectId"] for member in _members(subject)}
            results += [_result(context, rule, subject, ids if _is_group(subject) else None), *members]
    return results


def _check(context: JobContext, parameters: list[dict[str, Any]]) -> None:
    subjects = [subject for parameter in parameters or [] for subject in parameter.get("subjects") or []]
    if not subjects:
        raise OnDemandRefused("RequestParameterInvalid", "No subject to provision was given.")
    for parameter in parameters:
        _rule(context, parameter.get("ruleId"))
    groups = [subject for subject in subjects if _is_group(subject)]
    if len(groups) > 1:
        raise OnDemandRefused("RequestParameterInvalid", "Only one group can be provisioned on demand at a time.")
    kind = connection.kind(context.schema)
    if kind == "api":
        raise OnDemandRefused("OnDemandNotSupported", "API-driven provisioning cannot be run on demand.")
    if groups and kind == "cross_tenant":
        raise OnDemandRefused("OnDemandNotSupported", "Groups cannot be provisioned on demand across tenants.")
    for group in groups:
        if len(_members(group)) > MAXIMUM_MEMBERS:
            message = f"At most {MAXIMUM_MEMBERS} members of a group can be provisioned on demand at a time."
            raise OnDemandRefused("RequestParameterInvalid", message)


def _rule(context: JobContext, rule_id: str | None) -> dict[str, Any]:
    for rule in context.schema.get("synchronizationRules") or []:
        if rule["id"] == rule_id:
            return dict(rule)
    raise OnDemandRefused("SynchronizationRuleNotFound", f"The synchronization rule '{rule_id}' does not exist.")


def _is_group(subject: Mapping[str, Any]) -> bool:
    return str(subject.get("objectTypeName") or "").lower() == "group"


def _members(subject: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((subject.get("links") or {}).get("members") or [])


def _result(
    context: JobContext, rule: Mapping[str, Any], subject: Mapping[str, Any], members: set[str] | None
) -> dict[str, Any]:
    trace = Trace(context.now)
    entry = _entry(context, rule, subject, members)
    outcome = _run(context, entry, trace)
    change_id = str(uuid.uuid4())
    log = summary(context, entry, trace, outcome, cycle_id=str(uuid.uuid4()), change_id=change_id, initiated_by="user")
    context.log(log)
    return {
        "action": outcome.action,
        "changeId": change_id,
        "startTime": trace.began.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "endTime": trace.now,
        "modifiedProperties": outcome.changes,
        "provisioningSteps": trace.steps,
        "reportableIdentifier": entry.name,
        "statusInfo": status_info(outcome),
        "sourceIdentity": _identity(entry.source_id, entry.mapping["sourceObjectName"]),
        "targetIdentity": _identity(outcome.target_id, entry.mapping["targetObjectName"]),
        "sourceSystem": {"id": None, "name": rule["sourceDirectoryName"], "details": None},
        "targetSystem": {"id": None, "name": rule["targetDirectoryName"], "details": None},
    }


def _identity(identity: str | None, kind: str) -> dict[str, Any]:
    return {"id": identity, "type": kind, "displayName": None, "details": None}


def _entry(context: JobContext, rule: Mapping[str, Any], subject: Mapping[str, Any], members: set[str] | None) -> Entry:
    """The plan's entry of a subject; a group keeps its exported members and the ones that the request names."""
    object_id, wanted = str(subject.get("objectId") or ""), str(subject.get("objectTypeName") or "")
    for mapping in rule["objectMappings"]:
        if mapping["sourceObjectName"].lower() != wanted.lower() or not mapping.get("enabled", True):
            continue
        item = source.objects(context, wanted).get(object_id)
        if item is None:
            return _unknown(Mapper(context, rule, mapping), object_id)
        if members is not None:
            item = {**item, "members": _kept(context, item, object_id, members)}
        ids = entitlement.entitled(context), entitlement.assigned(context)
        return entry_of(Mapper(context, rule, mapping), object_id, item, object_id in ids[0], object_id in ids[1])
    raise OnDemandRefused("ObjectTypeNotFound", f"The rule has no enabled object mapping for '{wanted}'.")


def _kept(context: JobContext, item: Mapping[str, Any], group_id: str, named: set[str]) -> list[str]:
    """Members of the group in the source that are named or exported already; the other members wait for a cycle."""
    link = context.memory.links.get(group_id)
    exported = set(link.references.get("members", [])) if link else set()
    targets = {source_id: link.target_id for source_id, link in context.memory.links.items()}
    ids = [member["id"] if isinstance(member, dict) else member for member in item.get("members") or []]
    return [member for member in ids if member in named or targets.get(member) in exported]


def _unknown(mapper: Mapper, object_id: str) -> Entry:
    return Entry(mapper, object_id, {}, None, "skip", False, False, ScopeResult(False, False), "NotInSource")


def _run(context: JobContext, entry: Entry, trace: Trace) -> Outcome:
    try:
        connection.check(context.secrets, context.schema, context.tenants)
    except connection.ConnectionRefused as refusal:
        trace.add("TestConnection", "Import", "Failure", refusal.message, {"ErrorCode": refusal.code})
        return Outcome("Other", "Failure", refusal.code, refusal.message)
    if entry.reason == "NotInSource":
        message = f"The {entry.mapping['sourceObjectName']} '{entry.source_id}' was not found in the source."
        trace.add("EntryImport", "Import", "Failure", message, {"ErrorCode": "EntryNotFound"})
        return Outcome("Other", "Failure", "EntryNotFound", message)
    explain(entry, trace)
    if entry.action == "skip":
        outcome = out_of_scope(entry)
        trace.add("EntrySynchronizationSkip", "Export", "Skipped", str(outcome.reason), {"SkipReason": entry.reason})
        return outcome
    if not connection.has_target(context):
        return skipped(entry, trace, "TargetNotSimulated", _NO_TARGET)
    return _export(context, entry, trace)


def _export(context: JobContext, entry: Entry, trace: Trace) -> Outcome:
    target = connection.open_target(context)
    try:
        outcome = Provisioner(context, target).carry_out(entry, trace)
    except TargetError as error:
        trace.add("EntryExport", "Export", "Failure", str(error), {"ErrorCode": error.code})
        return Outcome("Other", "Failure", error.code, str(error))
    finally:
        target.close()
    # statusInfo of a redundant export carries no code in the reference; the code is in the step and in `key`.
    return outcome if outcome.status != "Success" else replace(outcome, code=None, reason=None)
