# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first two steps of every object: it was read, and it is in scope or not."""

from __future__ import annotations

import json

from tests.graphsim.engine.expressions import Value
from tests.graphsim.engine.plan import Entry
from tests.graphsim.engine.steps import Outcome, Trace

# Texts of the Entra pages "Provision on demand" and "No users are being provisioned".
_REASONS = {
    "NotEffectivelyEntitled": "The object is not effectively entitled: it is not assigned to the application, or only "
    "with the default access role.",
    "NotInScope": "The object does not pass the scoping filters.",
    "NotInInputFilter": "The object does not pass the input filters of the object mapping.",
    "NotActiveInSource": "The object is not active in the source system.",
    "SkipOutOfScopeDeletions": "The object left the scope, and deletions for that reason are switched off.",
    "DeleteNotAllowed": "The object left the scope, and the object mapping does not delete objects.",
    "NotManaged": "The object was not managed any more when it disappeared from the source.",
}


def explain(entry: Entry, trace: Trace) -> None:
    """Adds the steps Import and Scoping; details as in the provisionOnDemand reference page."""
    kind, source = entry.mapping["sourceObjectName"], entry.rule["sourceDirectoryName"]
    trace.add("EntryImport", "Import", "Success", f"Retrieved {kind} '{entry.name}' from {source}", _attributes(entry))
    passed = entry.action != "skip"
    description = f"Determine if {kind} in scope by evaluating against each scoping filter"
    trace.add(
        "EntrySynchronizationScoping",
        "Scoping",
        "Success" if passed else "Skipped",
        description if passed else f"{description}. {_REASONS[entry.reason]}",
        {
            "Active in the source system": str(not entry.soft_deleted),
            "Assigned to the application": str(entry.assigned),
            "User has the required role": str(entry.entitled),
            "Scoping filter evaluation passed": str(entry.scope.passed),
            "ScopeEvaluationResult": json.dumps(_clauses(entry)),
        },
    )


def _attributes(entry: Entry) -> dict[str, str]:
    known = entry.mapper.source_attributes
    return {name: _text(value) for name, value in entry.properties.items() if value and name in known}


def _text(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(str(item.get("displayName")) if isinstance(item, dict) else str(item) for item in value)
    return value or ""


def _clauses(entry: Entry) -> dict[str, str]:
    results = {}
    for group in entry.scope.details:
        for clause in group["clauses"]:
            condition = " ".join([clause["attribute"] or "", clause["operator"], *clause["values"]])
            results[f"{group['name'] or 'filter'}: {condition}"] = str(clause["passed"])
    return results


def out_of_scope(entry: Entry) -> Outcome:
    """The outcome of an entry that is not to be provisioned."""
    target_id = entry.link.target_id if entry.link else None
    return Outcome("Other", "Skipped", entry.reason, _REASONS[entry.reason], target_id)
