# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schema as the service stores it: defaults filled in, expressions re-spaced, what the server manages kept.

Defaults: resource pages of the types; server-managed properties: resource page "directoryDefinition".
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ...engine.expressions import parse_expression, render

_RULE: dict[str, Any] = {
    "containerFilter": None,
    "editable": True,
    "groupFilter": None,
    "metadata": [],
    "objectMappings": [],
    "priority": 0,
}
_OBJECT_MAPPING: dict[str, Any] = {
    "attributeMappings": [],
    "enabled": True,
    "flowTypes": "Add,Update,Delete",
    "metadata": [],
    "name": None,
    "scope": None,
}
_ATTRIBUTE_MAPPING: dict[str, Any] = {
    "defaultValue": None,
    "exportMissingReferences": False,
    "flowBehavior": "FlowWhenChanged",
    "flowType": "Always",
    "matchingPriority": 0,
    "source": None,
}
_ATTRIBUTE: dict[str, Any] = {
    "anchor": False,
    "apiExpressions": [],
    "caseExact": False,
    "defaultValue": None,
    "flowNullValues": False,
    "metadata": [],
    "multivalued": False,
    "mutability": "ReadWrite",
    "referencedObjects": [],
    "required": False,
    "type": "String",
}
_OBJECT: dict[str, Any] = {"attributes": [], "metadata": [], "supportedApis": []}
_DIRECTORY: dict[str, Any] = {
    "discoverabilities": "None",
    "discoveryDateTime": None,
    "objects": [],
    "readOnly": False,
    "version": None,
}
_SERVER_MANAGED = ("id", "discoverabilities", "discoveryDateTime", "readOnly", "version")


def completed(schema: dict[str, Any], stored: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What a PUT of `schema` over `stored` leaves behind. The ids and versions that were sent do not count."""
    known = {directory["name"]: directory for directory in stored["directories"]}
    editable = {rule["id"]: rule["editable"] for rule in stored["synchronizationRules"]}
    return {
        "id": stored["id"],
        "version": new_version(now),
        "synchronizationRules": [
            {**_rule(rule), "editable": editable.get(rule["id"], True)}
            for rule in schema.get("synchronizationRules") or []
        ],
        "directories": [_directory(item, known.get(item["name"])) for item in schema.get("directories") or []],
    }


def new_version(now: datetime) -> str:
    """A fresh version stamp in the form of live schemas."""
    return f"Date:{now:%Y-%m-%dT%H:%M:%S.%f}0Z, ActivityId:{uuid.uuid4()}"


def content(schema: dict[str, Any]) -> tuple[Any, Any]:
    """What makes two stored schemas equal, their stamps aside."""
    return schema["synchronizationRules"], schema["directories"]


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    return {**_RULE, **rule, "objectMappings": [_object_mapping(item) for item in rule.get("objectMappings") or []]}


def _object_mapping(item: dict[str, Any]) -> dict[str, Any]:
    mappings = [
        {**_ATTRIBUTE_MAPPING, **mapping, "source": _source(mapping.get("source"))}
        for mapping in item.get("attributeMappings") or []
    ]
    return {**_OBJECT_MAPPING, **item, "attributeMappings": mappings}


def _source(source: dict[str, Any] | None) -> dict[str, Any] | None:
    if source is None:
        return None
    kind, parameters = source.get("type", "Attribute"), source.get("parameters") or []
    given = {**source, "type": kind, "parameters": parameters}
    if kind == "Constant":
        return {**given, "expression": source.get("expression") or render(given)}
    if not source.get("expression"):
        return {**given, "expression": render(given)}
    parsed = parse_expression({"expression": source["expression"]})["parsedExpression"]
    has_tree = source.get("name") is not None and (kind != "Function" or parameters)
    return {**given, "expression": parsed["expression"]} if has_tree else parsed


def _directory(item: dict[str, Any], known: dict[str, Any] | None) -> dict[str, Any]:
    kept = {name: known[name] for name in _SERVER_MANAGED} if known else {"id": item.get("id") or str(uuid.uuid4())}
    objects = [
        {**_OBJECT, **entry, "attributes": [{**_ATTRIBUTE, **one} for one in entry.get("attributes") or []]}
        for entry in item.get("objects") or []
    ]
    return {**_DIRECTORY, **item, **kept, "objects": objects}
