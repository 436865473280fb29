# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quirk ``schema_echo: noise``: the same schema, told differently on every read.

Each difference was seen between samples, or between what was written and what came back: order, blanks in flags and
expressions, null, empty and missing for one another, and the version stamp.
"""

from __future__ import annotations

import random
import re
from datetime import datetime
from typing import Any

from .form import new_version

# String literals and attribute names of an expression keep their blanks.
_FIXED = re.compile(r'("(?:\\.|[^"\\])*"|\[[^\]]*\])', re.DOTALL)
_UNARY = ("IS NULL", "IS NOT NULL", "IS TRUE", "IS FALSE")


def with_noise(schema: dict[str, Any], seed: str, now: datetime) -> dict[str, Any]:
    """A document that means the same as `schema`; equal seeds give equal noise, the version aside."""
    dice = random.Random(seed)
    rules = [_rule(rule, dice) for rule in schema["synchronizationRules"]]
    directories = [_directory(item, dice) for item in schema["directories"]]
    return {**schema, "version": new_version(now), "synchronizationRules": rules, "directories": directories}


def _empty(item: dict[str, Any], name: str, dice: random.Random) -> None:
    """Tell an empty or null collection in one of the three ways."""
    if item.get(name):
        return
    choice = dice.randrange(3)
    if choice == 0:
        item.pop(name, None)
    else:
        item[name] = None if choice == 1 else []


def _shuffled(items: list[Any], dice: random.Random) -> list[Any]:
    return dice.sample(items, len(items))


def _rule(rule: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    found = {**rule, "objectMappings": _shuffled([_object_mapping(one, dice) for one in rule["objectMappings"]], dice)}
    for name, inner in (("containerFilter", "includedContainers"), ("groupFilter", "includedGroups")):
        if not (found.get(name) or {}).get(inner):
            found[name] = dice.choice([None, {inner: []}])
    if found.get("metadata"):
        found["metadata"] = _shuffled(found["metadata"], dice)
    return found


def _object_mapping(mapping: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    found = {**mapping, "flowTypes": dice.choice([",", ", "]).join(re.split(r"\s*,\s*", mapping["flowTypes"]))}
    found["attributeMappings"] = _shuffled(
        [_attribute_mapping(one, dice) for one in mapping["attributeMappings"]], dice
    )
    found["metadata"] = _shuffled(mapping.get("metadata") or [], dice)
    found["scope"] = _scope(mapping.get("scope"), dice)
    if found["scope"] is None and dice.random() < 0.3:
        del found["scope"]
    return found


def _scope(scope: dict[str, Any] | None, dice: random.Random) -> dict[str, Any] | None:
    kinds = ("groups", "inputFilterGroups", "categoryFilterGroups")
    if not any((scope or {}).get(kind) for kind in kinds):
        return dice.choice([None, {}, {kind: [] for kind in kinds}, dict.fromkeys(kinds)])
    found = dict(scope or {})
    for kind in kinds:
        if found.get(kind):
            found[kind] = _shuffled([_group(group, dice) for group in found[kind]], dice)
        _empty(found, kind, dice)
    return found


def _group(group: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    clauses = []
    for clause in group.get("clauses") or []:
        unary = clause.get("operatorName") in _UNARY
        clauses.append({**clause, "targetOperand": dice.choice([None, {"values": []}])} if unary else clause)
    return {**group, "clauses": _shuffled(clauses, dice)}


def _attribute_mapping(mapping: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    found = dict(mapping)
    if not found.get("defaultValue"):
        found["defaultValue"] = dice.choice([None, ""])
    if found.get("source"):
        found["source"] = _source(found["source"], dice)
        if found["source"].get("expression"):
            found["source"]["expression"] = _respaced(found["source"]["expression"], dice)
    return found


def _source(source: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    found = dict(source)
    if found.get("parameters"):
        # The order of arguments carries meaning, so they stay where they are.
        found["parameters"] = [
            {**one, "value": one["value"] and _source(one["value"], dice)} for one in found["parameters"]
        ]
    _empty(found, "parameters", dice)
    return found


def _respaced(expression: str, dice: random.Random) -> str:
    parts = _FIXED.split(expression)
    for index in range(0, len(parts), 2):
        parts[index] = re.sub(r"\s*,\s*", lambda found: dice.choice([",", ", ", " , "]), parts[index])
    return "".join(parts)


def _directory(directory: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    objects = [
        {**one, "attributes": _shuffled([_attribute(item, dice) for item in one["attributes"]], dice)}
        for one in directory["objects"]
    ]
    flags = dice.choice([",", ", "]).join(re.split(r"\s*,\s*", directory["discoverabilities"]))
    return {**directory, "discoverabilities": flags, "objects": _shuffled(objects, dice)}


def _attribute(attribute: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    found = dict(attribute)
    if not found.get("defaultValue"):
        found["defaultValue"] = dice.choice([None, ""])
    for name in ("apiExpressions", "metadata", "referencedObjects"):
        _empty(found, name, dice)
    return found
