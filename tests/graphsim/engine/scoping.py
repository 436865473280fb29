# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scoping filters (Entra page "Scoping users or groups to be provisioned with scoping filters")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import regex

from tests.graphsim.engine.expressions import EvaluationError, Value
from tests.graphsim.engine.expressions.evaluation import value_of
from tests.graphsim.engine.expressions.functions.replace import PATTERN_SECONDS, compiled


@dataclass
class ScopeResult:
    """`passed`: the object is in scope. `imported`: it passed the inputFilterGroups, outside of which an object is not
    looked at and so not deprovisioned either. `details` tells every clause, group by group."""

    passed: bool
    imported: bool
    details: list[dict[str, Any]] = field(default_factory=list)


def _integers(test: Callable[[int, int], bool]) -> Callable[[str, str], bool]:
    def compare(actual: str, operand: str) -> bool:
        try:
            return test(int(actual), int(operand))
        except ValueError:
            return False

    return compare


def _matches(actual: str, pattern: str) -> bool:
    # The whole value must match: the page's `([1-9][0-9])` means the numbers from 10 to 99.
    try:
        return compiled(pattern).fullmatch(actual, timeout=PATTERN_SECONDS) is not None
    except (EvaluationError, TimeoutError, regex.error):
        return False


# name -> (test of value and operand, attribute types); a null value makes every one of them false.
_BINARY: dict[str, tuple[Callable[[str, str], bool], list[str]]] = {
    "EQUALS": (lambda actual, operand: actual == operand, ["Integer", "String"]),
    "NOT EQUALS": (lambda actual, operand: actual != operand, ["Integer", "String"]),
    "REGEX MATCH": (_matches, ["Integer", "String"]),
    "NOT REGEX MATCH": (lambda actual, operand: not _matches(actual, operand), ["Integer", "String"]),
    "Greater_Than": (_integers(lambda actual, operand: actual > operand), ["Integer", "String"]),
    "Greater_Than_OR_EQUALS": (_integers(lambda actual, operand: actual >= operand), ["Integer", "String"]),
    "Includes": (lambda actual, operand: operand in actual, ["String"]),
    "ENDS_WITH": (lambda actual, operand: actual.endswith(operand), ["String"]),
    # "the evaluated attribute exists in the input string value"
    "&": (lambda actual, operand: actual in operand, ["String"]),
    "!&": (lambda actual, operand: actual not in operand, ["String"]),
}
_UNARY: dict[str, tuple[Callable[[str | None], bool], list[str]]] = {
    "IS NULL": (lambda actual: not actual, ["Integer", "String", "Binary", "Boolean"]),
    "IS NOT NULL": (bool, ["Integer", "String", "Binary", "Boolean"]),
    "IS TRUE": (lambda actual: (actual or "").lower() == "true", ["Boolean"]),
    "IS FALSE": (lambda actual: (actual or "").lower() == "false", ["Boolean"]),
}


def _document(name: str, arity: str, types: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "arity": arity,
        "multivaluedComparisonType": "All",
        "supportedAttributeTypes": types,
    }


# filterOperatorSchema documents. Samples say `name` where the metadata says `id`; they carry both.
OPERATORS: list[dict[str, Any]] = [
    *(_document(name, "Binary", types) for name, (_unused, types) in _BINARY.items()),
    *(_document(name, "Unary", types) for name, (_unused, types) in _UNARY.items()),
]


def in_scope(scope: Mapping[str, Any] | None, properties: Mapping[str, Any]) -> ScopeResult:
    """Whether an object passes a `filter` document (null: everybody does). Groups are OR, their clauses AND.

    `properties` are the attributes of the source object. An operator that does not exist makes its clause false.
    """
    scope = scope or {}
    details = [_group(group, properties) for group in scope.get("groups") or []]
    inputs = [_group(group, properties) for group in scope.get("inputFilterGroups") or []]
    passed = not details or any(group["passed"] for group in details)
    imported = not inputs or any(group["passed"] for group in inputs)
    return ScopeResult(passed and imported, imported, details + inputs)


def _group(group: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    clauses = [_clause(clause, properties) for clause in group.get("clauses") or []]
    return {"name": group.get("name"), "passed": all(clause["passed"] for clause in clauses), "clauses": clauses}


def _clause(clause: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    operator = clause.get("operatorName") or ""
    operands = (clause.get("targetOperand") or {}).get("values") or []
    actual = _single(value_of(properties.get(clause.get("sourceOperandName") or "")))
    if operator in _UNARY:
        passed = _UNARY[operator][0](actual)
    else:
        passed = bool(actual) and operator in _BINARY and _any(operator, str(actual), operands)
    return {
        "attribute": clause.get("sourceOperandName"),
        "operator": operator,
        "values": operands,
        "actual": actual,
        "passed": passed,
    }


def _any(operator: str, actual: str, operands: list[str]) -> bool:
    test = _BINARY[operator][0]
    # Several operands of a negative operator must all differ, or the clause would always hold.
    return (all if operator.startswith(("NOT", "!")) else any)(test(actual, operand) for operand in operands)


def _single(value: Value) -> str | None:
    # Filtering on attributes with several values is not supported; such a value counts as null.
    return None if isinstance(value, list) else value
