# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What a schema says that its portable document cannot say, so that nobody believes it was carried along."""

from __future__ import annotations

import collections
import typing as t

from .canonical import empty, flow_types, label
from .custom import custom_attributes
from .words import APPLY, FLOW_BEHAVIORS, FLOW_TYPES

Document = t.Mapping[str, t.Any]

# Per kind of record what a portable document says, and what is the service's own or the job's (portable.py).
_RULE = frozenset(
    {
        "id",
        "name",
        "priority",
        "editable",
        "sourceDirectoryName",
        "targetDirectoryName",
        "containerFilter",
        "groupFilter",
        "metadata",
        "objectMappings",
    }
)
_OBJECT_MAPPING = frozenset(
    {
        "enabled",
        "name",
        "sourceObjectName",
        "targetObjectName",
        "flowTypes",
        "scope",
        "metadata",
        "attributeMappings",
    }
)
_SCOPE = frozenset({"groups", "inputFilterGroups"})
_GROUP = frozenset({"name", "clauses"})
_CLAUSE = frozenset({"sourceOperandName", "operatorName", "targetOperand"})
_ATTRIBUTE_MAPPING = frozenset(
    {
        "targetAttributeName",
        "source",
        "defaultValue",
        "flowType",
        "flowBehavior",
        "matchingPriority",
        "exportMissingReferences",
    }
)
_SOURCE = frozenset({"type", "name", "expression", "parameters"})
_DEFINITION = frozenset(
    {
        "name",
        "type",
        "required",
        "caseExact",
        "multivalued",
        "mutability",
        "defaultValue",
        "flowNullValues",
        "apiExpressions",
        "referencedObjects",
        "metadata",
    }
)


def left_out(schema: Document, template: Document | None = None) -> list[str]:
    """Return a sentence for each thing that the portable document of a schema cannot say; none where it says all.

    Server-managed parts are not among them: ids, versions, stamps, metadata, exportMissingReferences.
    """
    found: list[str] = []
    for rule in schema.get("synchronizationRules") or []:
        mappings = rule.get("objectMappings") or []
        found += _unknown(str(rule.get("name")), rule, _RULE)
        for mapping in mappings:
            found += _of_object_mapping(mapping)
        times = collections.Counter(map(label, mappings))
        found += [
            f"{one} occurs {count} times; a task cannot tell them apart." for one, count in times.items() if count > 1
        ]
    for directory, object_name, definition in custom_attributes(schema, template):
        place = f"{directory} / {object_name} / {definition.get('name')}"
        found += _unknown(place, {**definition, "anchor": definition.get("anchor") or None}, _DEFINITION)
        for reference in definition.get("referencedObjects") or []:
            found += _unknown(place, reference, frozenset({"referencedObjectName"}))
    return found


def _of_object_mapping(mapping: Document) -> list[str]:
    place = label(mapping)
    found = _unknown(place, mapping, _OBJECT_MAPPING)
    found += [f"{place}: the flow type {one}." for one in flow_types(mapping) if one not in FLOW_TYPES]
    scope = mapping.get("scope") or {}
    found += _unknown(f"{place} / scope", scope, _SCOPE)
    for group in [*(scope.get("groups") or []), *(scope.get("inputFilterGroups") or [])]:
        inner = f"{place} / scope / {group.get('name') or '(unnamed)'}"
        found += _unknown(inner, group, _GROUP)
        for clause in group.get("clauses") or []:
            found += _unknown(inner, clause, _CLAUSE)
            found += _unknown(inner, clause.get("targetOperand") or {}, frozenset({"values"}))
    for one in mapping.get("attributeMappings") or []:
        inner = f"{place} / {one.get('targetAttributeName')}"
        found += _unknown(inner, one, _ATTRIBUTE_MAPPING)
        found += _unknown(inner, one.get("source") or {}, _SOURCE)
        for name, words in (("flowType", APPLY), ("flowBehavior", FLOW_BEHAVIORS)):
            if one.get(name) and one[name] not in words.values():
                found.append(f"{inner}: the {name} {one[name]}.")
    return found


def _unknown(place: str, record: Document, known: t.Collection[str]) -> list[str]:
    return [
        f"{place}: the property {name}."
        for name, value in record.items()
        if name not in known and "@odata." not in name and not empty(value)
    ]
