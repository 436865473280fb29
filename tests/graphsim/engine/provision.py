# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One entry of the plan, carried out against the target."""

from __future__ import annotations

from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.expressions import ExpressionError, Value
from tests.graphsim.engine.mapping import Mapped, flow_type, matching, state_mappings
from tests.graphsim.engine.members import export_references
from tests.graphsim.engine.memory import Link
from tests.graphsim.engine.plan import Entry, flows
from tests.graphsim.engine.scim import CODE, TargetError, endpoint
from tests.graphsim.engine.scim_paths import ScimPath, operations, read, scim_path, write
from tests.graphsim.engine.steps import Outcome, Trace, change
from tests.graphsim.engine.targets import Target

_REDUNDANT = "The state of the {kind} in both the source and target systems already match."
# Flow types that never take away or replace what the target has.
_ADD_ONLY = {"MultiValueAddOnly", "ValueAddOnly", "AttributeAddOnly"}


class _Duplicates(Exception):
    """More than one object of the target matches."""


class Provisioner:
    """Writes entries to one target."""

    def __init__(self, context: JobContext, target: Target) -> None:
        self._context = context
        self._target = target

    def carry_out(self, entry: Entry, trace: Trace) -> Outcome:
        """Does what the entry says and tells it in `trace`; failures of one object are an outcome, not an exception.

        Raises TargetError only when the target refuses the credentials, which stops a whole cycle.
        """
        try:
            if entry.action == "export":
                return self._export(entry, trace)
            return self._disable(entry, trace) if entry.action == "disable" else self._delete(entry, trace)
        except ExpressionError as error:
            return _failed(entry, trace, "AttributeMappingExpressionEvaluationFailed", str(error))
        except _Duplicates as error:
            return _failed(entry, trace, "DuplicateTargetEntries", str(error))
        except ValueError as error:
            return _failed(entry, trace, "SchemaInvalid", str(error))
        except TargetError as error:
            if error.code == f"{CODE}InvalidCredentials":
                raise
            return _failed(entry, trace, error.code, str(error))

    def _export(self, entry: Entry, trace: Trace) -> Outcome:
        current = self._current(entry, trace)
        if current is None:
            return self._create(entry, trace)
        return self._update(entry, trace, current)

    def _current(self, entry: Entry, trace: Trace) -> dict[str, Any] | None:
        """The object in the target: the linked one, else the one that matches. Sets the link."""
        collection = endpoint(entry.mapping["targetObjectName"])
        if entry.link:
            current = self._target.get(collection, entry.link.target_id)
            if current is not None:
                trace.add("EntryImport", "Matching", "Success", _retrieved(entry, current), _shown(current))
                return current
            del self._context.memory.links[entry.source_id]
            entry.link = None
        current = self._match(entry, collection, trace)
        if current is not None:
            self._remember(entry, current["id"])
        return current

    def _match(self, entry: Entry, collection: str, trace: Trace) -> dict[str, Any] | None:
        """Matching attributes are tried in the order of their priority until one finds an object."""
        tried = []
        for mapping in matching(entry.mapping):
            value, name = entry.mapper.value(mapping, entry.properties), mapping["targetAttributeName"]
            if not isinstance(value, str) or not value:
                continue
            tried.append(f"{name} eq '{value}'")
            found = self._target.find(collection, scim_path(name), value)
            if len(found) > 1:
                raise _Duplicates(f"{len(found)} objects of the target match {tried[-1]}")
            if found:
                details = {"matchingAttribute": name, **_shown(found[0])}
                trace.add("EntryImport", "Matching", "Success", _retrieved(entry, found[0]), details)
                return found[0]
        description = f"No object of the target matches '{entry.name}'"
        trace.add("EntryImport", "Matching", "Success", description, {"tried": ", ".join(tried)})
        return None

    def _create(self, entry: Entry, trace: Trace) -> Outcome:
        if "Add" not in flows(entry.mapping):
            return skipped(entry, trace, "FlowTypeNotAllowed", "The object mapping does not create objects.")
        mapped = entry.mapper.map(
            entry.properties, creating=True, taken=lambda name, value: self._taken(entry, name, value)
        )
        resource = _resource(entry, mapped)
        created = self._target.create(endpoint(entry.mapping["targetObjectName"]), resource)
        link = self._remember(entry, created["id"])
        link.active = not entry.soft_deleted
        link.references = {name: list(ids) for name, ids in mapped.references.items()}
        changes = [change(name, None, value, name in mapped.redacted) for name, value in mapped.values.items()]
        changes += [change(name, None, ids) for name, ids in mapped.references.items() if ids]
        return _done(entry, trace, "Create", "EntryExportAdd", created["id"], changes)

    def _taken(self, entry: Entry, name: str, value: str) -> bool:
        return bool(self._target.find(endpoint(entry.mapping["targetObjectName"]), scim_path(name), value))

    def _update(self, entry: Entry, trace: Trace, current: dict[str, Any]) -> Outcome:
        link = self._context.memory.links[entry.source_id]
        link.managed = True
        if "Update" not in flows(entry.mapping):
            return skipped(entry, trace, "FlowTypeNotAllowed", "The object mapping does not update objects.")
        mapped = entry.mapper.map(entry.properties, creating=False)
        changes = self._patch(entry, current, mapped)
        changes += export_references(self._target, entry, link, current, mapped.references)
        was_active, link.active = link.active, not entry.soft_deleted
        if not changes:
            reason = _REDUNDANT.format(kind=entry.mapping["sourceObjectName"].lower())
            return skipped(entry, trace, "RedundantExport", reason, current["id"])
        action = "Disable" if was_active and entry.soft_deleted else "Update"
        return _done(entry, trace, action, "EntryExportUpdate", current["id"], changes)

    def _patch(self, entry: Entry, current: dict[str, Any], mapped: Mapped) -> list[dict[str, Any]]:
        add_only = {
            one["targetAttributeName"] for one in entry.mapping["attributeMappings"] if flow_type(one) in _ADD_ONLY
        }
        changed: list[tuple[ScimPath, Any]] = []
        changes = []
        for name, value in mapped.values.items():
            path = scim_path(name)
            before = read(current, path)
            if name in add_only and before is not None:
                value = _united(before, value)
            if before != value:
                changed.append((path, value))
                changes.append(change(name, before, value, name in mapped.redacted))
        if changed:
            collection = endpoint(entry.mapping["targetObjectName"])
            self._target.patch(collection, current["id"], operations(current, changed))
        return changes

    def _disable(self, entry: Entry, trace: Trace) -> Outcome:
        """Sends only the state of the account; afterwards the object is left alone."""
        link = self._context.memory.links[entry.source_id]
        current = self._target.get(endpoint(entry.mapping["targetObjectName"]), link.target_id)
        if current is None:
            del self._context.memory.links[entry.source_id]
            return skipped(entry, trace, "TargetEntryNotFound", "The target no longer has the object.")
        ended: dict[str, Value] = {**entry.properties, "IsSoftDeleted": "True", "accountEnabled": "False"}
        mapped = entry.mapper.map(ended, creating=False, only=state_mappings(entry.mapping))
        changes = self._patch(entry, current, mapped)
        link.managed = link.active = False
        if not changes:
            return skipped(entry, trace, "RedundantExport", _REDUNDANT.format(kind="object"), link.target_id)
        return _done(entry, trace, "Disable", "EntryExportUpdate", link.target_id, changes)

    def _delete(self, entry: Entry, trace: Trace) -> Outcome:
        link = self._context.memory.links[entry.source_id]
        self._target.delete(endpoint(entry.mapping["targetObjectName"]), link.target_id)
        del self._context.memory.links[entry.source_id]
        return _done(entry, trace, "Delete", "EntryExportDelete", link.target_id, [])

    def _remember(self, entry: Entry, target_id: str) -> Link:
        link = Link(entry.mapping["sourceObjectName"], entry.mapping["targetObjectName"], target_id)
        self._context.memory.links[entry.source_id] = entry.link = link
        return link


def _resource(entry: Entry, mapped: Mapped) -> dict[str, Any]:
    target = entry.mapping["targetObjectName"]
    kind = "Group" if endpoint(target) == "Groups" else "User"
    resource: dict[str, Any] = {"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{kind}"]}
    for name, value in mapped.values.items():
        write(resource, scim_path(name), value)
    for name, ids in mapped.references.items():
        if ids and name == "members":
            write(resource, scim_path(name), [{"value": target_id} for target_id in ids])
        elif ids:
            write(resource, scim_path(name), {"value": ids[0]})
    resource["schemas"] += [key for key in resource if key.startswith("urn:")]
    return resource


def _united(before: Any, value: Any) -> Any:
    """What the target has, with what is new; a single value stays as it is."""
    if isinstance(before, list) and isinstance(value, list):
        return before + [item for item in value if item not in before]
    return before


def _retrieved(entry: Entry, current: dict[str, Any]) -> str:
    shown = current.get("userName") or current.get("displayName") or current["id"]
    return f"Retrieved '{shown}' from {entry.rule['targetDirectoryName']}"


def _shown(current: dict[str, Any]) -> dict[str, Any]:
    keys = ("id", "userName", "displayName", "externalId", "active")
    return {key: str(current[key]) for key in keys if key in current}


def _done(entry: Entry, trace: Trace, action: str, step: str, target_id: str, changes: list[dict[str, Any]]) -> Outcome:
    kind, name = entry.mapping["sourceObjectName"], entry.name
    verb = {"Create": "created", "Update": "updated", "Disable": "disabled", "Delete": "deleted"}[action]
    details = {one["displayName"]: one["newValue"] for one in changes}
    trace.add(step, "Export", "Success", f"{kind} '{name}' was {verb} in {entry.rule['targetDirectoryName']}", details)
    return Outcome(action, "Success", target_id=target_id, changes=changes)


def skipped(entry: Entry, trace: Trace, code: str, reason: str, target_id: str | None = None) -> Outcome:
    """The outcome of an entry that needs no write, with its step."""
    kind = entry.mapping["sourceObjectName"]
    description = f"{reason} No change to the {kind} '{entry.name}' currently needs to be made."
    trace.add("EntrySynchronizationSkip", "Export", "Skipped", description, {"SkipReason": code})
    return Outcome("Other", "Skipped", code, reason, target_id)


def _failed(entry: Entry, trace: Trace, code: str, message: str) -> Outcome:
    creates = entry.link is None
    target_id = entry.link.target_id if entry.link else None
    step = "EntryExportAdd" if creates else "EntryExportUpdate"
    trace.add(step, "Export", "Failure", f"Failed to export '{entry.name}': {message}", {"ErrorCode": code})
    return Outcome("Create" if creates else "Update", "Failure", code, message, target_id)
