# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that choose and test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions.registry import (
    IGNORE,
    Scope,
    Value,
    boolean,
    function,
    is_true,
    text,
)
from tests.graphsim.engine.expressions.nodes import Attribute, walk

if TYPE_CHECKING:
    from tests.graphsim.engine.expressions.nodes import Node


def _empty(value: Value) -> bool:
    return value is None or value == "" or value == []


@function("IIF", "one", "two", "three", lazy=True)
def iif(scope: Scope, condition: Node, when_true: Node, when_false: Node) -> Value:
    """The condition fails when an attribute in it is null or empty (known limitation of IIF on the functions page)."""
    attributes = [scope.properties.get(node.name) for node in walk(condition) if isinstance(node, Attribute)]
    holds = not any(_empty(value) for value in attributes) and is_true(scope.evaluate(condition))
    return scope.evaluate(when_true if holds else when_false)


@function("Switch", "source", "defaultValue?", "switchValue?*", minimum=4, even=True, accepts_null=True)
def switch(source: Value, default: Value = None, *pairs: Value) -> Value:
    """Case-sensitive; a null source matches the key "", as the page's caution on Switch has it."""
    sought = text(source, "source")
    for key, value in zip(pairs[::2], pairs[1::2]):
        if text(key, "a key") == sought:
            return value
    return default


@function("Coalesce", "source*", minimum=1, accepts_null=True)
def coalesce(*sources: Value) -> Value:
    """The default value is simply the last source."""
    return next((source for source in sources if source is not None), None)


@function("Not", "source:Boolean", accepts_null=True)
def not_(source: Value) -> Value:
    """False for True, True for everything else."""
    return boolean(text(source, "source").lower() != "true")


@function("IsNull", "Expression", accepts_null=True)
def is_null(value: Value) -> Value:
    return boolean(value is None)


@function("IsNothing", "source:Boolean", accepts_null=True)
def is_nothing(value: Value) -> Value:
    return boolean(value is None)


@function("IsNullOrEmpty", "Expression", accepts_null=True)
def is_null_or_empty(value: Value) -> Value:
    return boolean(_empty(value))


@function("IsPresent", "source", accepts_null=True)
def is_present(value: Value) -> Value:
    return boolean(not _empty(value))


@function("IsString", "Expression", accepts_null=True)
def is_string(value: Value) -> Value:
    return boolean(isinstance(value, str))


@function("IgnoreFlowIfNullOrEmpty", "Expression", accepts_null=True)
def ignore_flow_if_null_or_empty(value: Value) -> Value:
    return IGNORE if _empty(value) else value


@function("SelectUniqueValue", "uniqueValueRule*", minimum=2, top_level_only=True, accepts_null=True, scoped=True)
def select_unique_value(scope: Scope, *rules: Value) -> Value:
    """The first candidate that the target does not have yet; the object is escrowed when all are taken."""
    candidates = [text(rule, "a rule") for rule in rules if not _empty(rule)]
    for candidate in candidates:
        if not scope.taken(candidate):
            return candidate
    raise EvaluationError(f"All values exist in the target already: {', '.join(candidates) or 'none was generated'}")
