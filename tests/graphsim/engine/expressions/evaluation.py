# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes to values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

import regex

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions import FUNCTIONS_BY_NAME, Scope, Value
from tests.graphsim.engine.expressions.functions.registry import boolean, text
from tests.graphsim.engine.expressions.nodes import Attribute, Call, Comparison, Constant, Node


def value_of(raw: Any) -> Value:
    """A JSON value as expressions see it: booleans and numbers are texts, a null in a list is dropped."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return boolean(raw)
    if isinstance(raw, list):
        return [item if isinstance(item, (str, dict)) else text(value_of(item)) for item in raw if item is not None]
    return str(raw)


def evaluate(
    node: Node,
    properties: Mapping[str, Any],
    *,
    now: datetime | None = None,
    default_domain: str = "contoso.com",
    taken: Callable[[str], bool] = lambda value: False,
) -> Value:
    """The value of an expression for one source object.

    `properties` are the attributes of the source object; one that is missing is null. `now` is an aware moment.
    Raises EvaluationError, and nothing else, when there is no value.
    """

    def below(inner: Node | None) -> Value:
        return None if inner is None else _evaluate(inner, scope)

    scope = Scope(
        {name: value_of(value) for name, value in properties.items()},
        now or datetime.now(timezone.utc),
        default_domain,
        taken,
        below,
    )
    return _evaluate(node, scope)


def _evaluate(node: Node, scope: Scope) -> Value:
    if isinstance(node, Attribute):
        return scope.properties.get(node.name)
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Comparison):
        return _compare(node, scope)
    return _call(node, scope)


def _call(call: Call, scope: Scope) -> Value:
    function = FUNCTIONS_BY_NAME[call.name]
    try:
        if function.lazy:
            return function.compute(scope, *call.arguments)
        values = [scope.evaluate(argument) for argument in call.arguments]
        if values and values[0] is None and not function.accepts_null:
            return None
        return function.compute(*([scope] if function.scoped else []), *values)
    except TimeoutError:
        raise EvaluationError(f"A regular expression in '{call.name}' takes too long") from None
    except (ValueError, OverflowError, regex.error) as error:
        raise EvaluationError(f"'{call.name}' failed: {error}") from None


def _compare(node: Comparison, scope: Scope) -> Value:
    """Numbers are compared as numbers, everything else case-sensitively as text; null compares as the empty text."""
    left, right = text(scope.evaluate(node.left)), text(scope.evaluate(node.right))
    first, second = _comparable(left, right)
    return boolean(
        {
            "=": first == second,
            "<>": first != second,
            "<": first < second,
            ">": first > second,
            "<=": first <= second,
            ">=": first >= second,
        }[node.operator]
    )


def _comparable(left: str, right: str) -> tuple[Any, Any]:
    try:
        return float(left), float(right)
    except ValueError:
        return left, right
