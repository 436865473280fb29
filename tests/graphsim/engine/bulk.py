# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""bulkUpload: API-driven provisioning, from SCIM bulk operations to users of the directory."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.expressions import ExpressionError, Value
from tests.graphsim.engine.expressions.evaluation import value_of
from tests.graphsim.engine.mapping import Mapper, matching
from tests.graphsim.engine.plan import Entry, flows, mapped_objects
from tests.graphsim.engine.scim_paths import read, scim_path
from tests.graphsim.engine.scoping import in_scope
from tests.graphsim.engine.steps import Outcome, Trace, change
from tests.graphsim.engine.summary import summary

# synchronizationJob: bulkUpload reference page.
MAXIMUM_OPERATIONS = 50


def bulk_upload(context: JobContext, body: Mapping[str, Any]) -> None:
    """Applies the Operations of a SCIM BulkRequest to `context.users`, one log entry each.

    The service does it later and answers 202 at once; here it is done when the call returns. A user is found by the
    matching attributes and created when there is none. An update without `active` blocks the account, as the service
    does (issue 16 of AzureAD/entra-id-inbound-provisioning). More operations than allowed
    raise ValueError; a single one that fails is a log entry.
    """
    operations = body.get("Operations") or []
    if len(operations) > MAXIMUM_OPERATIONS:
        raise ValueError(f"A bulk request has at most {MAXIMUM_OPERATIONS} operations, not {len(operations)}.")
    cycle_id = str(uuid.uuid4())
    for operation in (one for one in operations if isinstance(one, dict) and isinstance(one.get("data"), dict)):
        for rule, mapping in mapped_objects(context.schema):
            _apply(Mapper(context, rule, mapping), operation["data"], cycle_id)


def _apply(mapper: Mapper, data: dict[str, Any], cycle_id: str) -> None:
    context, rule, mapping = mapper.context, mapper.rule, mapper.object_mapping
    properties = {name: _given(data, name) for name in mapper.source_attributes}
    trace = Trace(context.now)
    scope = in_scope(mapping.get("scope"), properties)
    source_id = str(data.get("externalId") or "")
    entry = Entry(mapper, source_id, properties, None, "export", True, True, scope)
    description = f"Received {mapping['sourceObjectName']} '{source_id}' from {rule['sourceDirectoryName']}"
    trace.add("EntryImportAdd", "Import", "Success", description, {name: str(value) for name, value in data.items()})
    try:
        outcome = _export(context, entry, trace)
    except ExpressionError as error:
        trace.add("EntryExport", "Export", "Failure", str(error))
        outcome = Outcome("Other", "Failure", "AttributeMappingExpressionEvaluationFailed", str(error))
    context.log(summary(context, entry, trace, outcome, cycle_id=cycle_id))


def _given(data: dict[str, Any], name: str) -> Value:
    """What the operation says for a source attribute; nothing for a name that is no SCIM path."""
    try:
        value = read(data, scim_path(name))
    except ValueError:
        return None
    return value_of(value.get("value") if isinstance(value, dict) else value)


def _export(context: JobContext, entry: Entry, trace: Trace) -> Outcome:
    if not entry.scope.passed:
        return Outcome("Other", "Skipped", "NotInScope", "The object does not pass the scoping filters.")
    user = _match(context, entry)
    if user is not None and entry.properties.get("active") is None:
        entry.properties["active"] = "False"
    needed = "Add" if user is None else "Update"
    if needed not in flows(entry.mapping):
        return Outcome("Other", "Skipped", "FlowTypeNotAllowed", f"The object mapping has no flow type {needed}.")
    mapped = entry.mapper.map(entry.properties, creating=user is None)
    current = user if user is not None else _new_user(context)
    changes = []
    for name, value in mapped.values.items():
        if current.get(name) != value:
            changes.append(change(name, current.get(name), value, name in mapped.redacted))
            current[name] = value
    if user is not None and not changes:
        return Outcome("Other", "Skipped", "RedundantExport", "The user already has these values.", user["id"])
    action = "Create" if user is None else "Update"
    step = "EntryExportAdd" if user is None else "EntryExportUpdate"
    details = {one["displayName"]: one["newValue"] for one in changes}
    trace.add(step, "Export", "Success", f"User '{entry.name}' was written to the directory", details)
    return Outcome(action, "Success", target_id=current["id"], changes=changes)


def _match(context: JobContext, entry: Entry) -> dict[str, Any] | None:
    for mapping in matching(entry.mapping):
        value = entry.mapper.value(mapping, entry.properties)
        for user in context.users.values():
            if value and user.get(mapping["targetAttributeName"]) == value:
                return user
    return None


def _new_user(context: JobContext) -> dict[str, Any]:
    user: dict[str, Any] = {"id": str(uuid.uuid4()), "accountEnabled": True}
    context.users[user["id"]] = user
    return user
