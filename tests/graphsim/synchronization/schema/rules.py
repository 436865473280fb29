# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service refuses in a schema beyond its shape.

The checks are those that the resource pages name; the error codes are not documented and so invented here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ...engine.expressions import parse_expression
from ...engine.scoping import OPERATORS
from ...errors import GraphError, wrapped

# Entra page "Known issues for provisioning in Microsoft Entra ID".
LONGEST_EXPRESSION = 10_000
_OPERATORS = {operator["id"] for operator in OPERATORS}
_FILTERS = ("groups", "inputFilterGroups", "categoryFilterGroups")

# The attribute names of each object of a directory.
Objects = dict[Any, set[Any]]


def check(schema: dict[str, Any], factory: dict[str, Any]) -> None:
    """Check a schema that the types allow.

    :arg factory: the template's schema, whose rule ids are those that the engine knows.
    :raises GraphError: 400 that names the thing.
    """
    directories = _directories(schema.get("directories") or [])
    known = {_stem(rule["id"]) for rule in factory["synchronizationRules"]}
    rules = schema.get("synchronizationRules") or []
    _unique((rule.get("id") for rule in rules), "synchronization rule", "the schema")
    for rule in rules:
        if _stem(rule.get("id")) not in known:
            raise _invalid(f"The synchronization rule id '{rule.get('id')}' is not known.")
        source = _directory(directories, rule, "sourceDirectoryName")
        target = _directory(directories, rule, "targetDirectoryName")
        for mapping in rule.get("objectMappings") or []:
            _object_mapping(mapping, source, target)


def _stem(rule_id: Any) -> str:
    # Rule ids appear with and without the suffix of the engine's second version.
    return str(rule_id).removesuffix("#V2")


def _invalid(message: str) -> GraphError:
    return wrapped(400, "InvalidSynchronizationSchema", message)


def _unique(names: Iterable[Any], kind: str, where: str) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise _invalid(f"The {kind} '{twice[0]}' occurs more than once in {where}.")


def _directories(items: list[dict[str, Any]]) -> dict[Any, Objects]:
    _unique((item.get("name") for item in items), "directory", "the schema")
    found = {}
    for directory in items:
        objects = directory.get("objects") or []
        where = f"the directory '{directory.get('name')}'"
        _unique((item.get("name") for item in objects), "object", where)
        for item in objects:
            attributes = item.get("attributes") or []
            where = f"the object '{item.get('name')}' of the directory '{directory.get('name')}'"
            _unique((attribute.get("name") for attribute in attributes), "attribute", where)
            anchors = [attribute.get("name") for attribute in attributes if attribute.get("anchor")]
            if len(anchors) > 1:
                raise _invalid(f"There is more than one anchor in {where}: {', '.join(map(str, anchors))}.")
        found[directory.get("name")] = {
            item.get("name"): {attribute.get("name") for attribute in item.get("attributes") or []} for item in objects
        }
    return found


def _directory(directories: dict[Any, Objects], rule: dict[str, Any], side: str) -> Objects:
    found = directories.get(rule.get(side))
    if found is None:
        raise _invalid(
            f"The {side} '{rule.get(side)}' of the rule '{rule.get('name')}' is not a directory of the schema."
        )
    return found


def _object_mapping(mapping: dict[str, Any], source: Objects, target: Objects) -> None:
    reads, writes = (
        _object(mapping, side, objects)
        for side, objects in (("sourceObjectName", source), ("targetObjectName", target))
    )
    for attribute_mapping in mapping.get("attributeMappings") or []:
        name = attribute_mapping.get("targetAttributeName")
        if name not in writes:
            raise _invalid(f"The target attribute '{name}' is not defined in '{mapping.get('targetObjectName')}'.")
        for used in _attributes(attribute_mapping.get("source"), str(name)):
            if used not in reads:
                where = f"'{mapping.get('sourceObjectName')}', used for the target attribute '{name}'"
                raise _invalid(f"The source attribute '{used}' is not defined in {where}.")
    for clause in _clauses(mapping.get("scope") or {}):
        if clause.get("sourceOperandName") not in reads:
            where = f"'{mapping.get('sourceObjectName')}', used in a scoping filter"
            raise _invalid(f"The source attribute '{clause.get('sourceOperandName')}' is not defined in {where}.")
        if clause.get("operatorName") not in _OPERATORS:
            raise _invalid(f"The operator '{clause.get('operatorName')}' of a scoping filter is not known.")


def _object(mapping: dict[str, Any], side: str, objects: Objects) -> set[Any]:
    name = mapping.get(side)
    if name not in objects:
        raise _invalid(f"The {side} '{name}' of the mapping '{mapping.get('name')}' is not defined in its directory.")
    return objects[name]


def _clauses(scope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in _FILTERS:
        for group in scope.get(kind) or []:
            yield from group.get("clauses") or []


def _attributes(source: dict[str, Any] | None, target: str) -> Iterator[str]:
    """The attributes that a source reads, by its tree and by its text."""
    if not source:
        return
    yield from _in_tree(source)
    expression = source.get("expression")
    if not expression or source.get("type", "Attribute") == "Constant":
        return
    if len(expression) > LONGEST_EXPRESSION:
        raise _invalid(f"The expression for '{target}' is longer than {LONGEST_EXPRESSION} characters.")
    parsed = parse_expression({"expression": expression})
    if not parsed["parsingSucceeded"]:
        raise _invalid(f"The expression for '{target}' cannot be parsed: {parsed['error']['message']}")
    yield from _in_tree(parsed["parsedExpression"])


def _in_tree(source: dict[str, Any]) -> Iterator[str]:
    if source.get("type", "Attribute") == "Attribute" and source.get("name") is not None:
        yield source["name"]
    for parameter in source.get("parameters") or []:
        if parameter.get("value"):
            yield from _in_tree(parameter["value"])
