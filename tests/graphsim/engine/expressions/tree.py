# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""attributeMappingSource documents: from an expression, and back to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions import FUNCTIONS_BY_NAME, Function
from tests.graphsim.engine.expressions.nodes import Attribute, Call, Comparison, Constant, Node, quoted, text_of
from tests.graphsim.engine.expressions.parser import parse

# Names under which documents in the wild carry a parameter whose name in FUNCTIONS is another one.
_ALIASES = {
    "key": "switchValue",
    "value": "switchValue",
    "regexPattern": "RegularExpression",
    "regexGroupName": "RegularExpressionGroupName",
    "oldValue": "Find",
    "replacementValue": "Replacement",
    "replacementAttributeName": "ReplacementPropertyName",
    "template": "Template",
}


def tree_of(node: Node) -> dict[str, Any]:
    """The attributeMappingSource of an expression, as the parseExpression reference page shows it.

    Arguments that were left out do not appear. A comparison appears as its left side under the text of the whole
    (seen in the IIF of the cloud sync default schema), so the tree alone cannot be evaluated.
    """
    if isinstance(node, Comparison):
        return {**tree_of(node.left), "expression": text_of(node)}
    if isinstance(node, Attribute):
        return _source("Attribute", node.name, text_of(node), [])
    if isinstance(node, Constant):
        # A bare number is a constant like any other and quoted in its own node only.
        text = node.text if node.text.startswith('"') else quoted(node.value)
        return _source("Constant", node.value, text, [])
    function = FUNCTIONS_BY_NAME[node.name]
    parameters = [
        {"key": function.parameter(number).name, "value": tree_of(argument)}
        for number, argument in enumerate(node.arguments)
        if argument is not None
    ]
    return _source("Function", node.name, text_of(node), parameters)


def _source(kind: str, name: str, expression: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {"expression": expression, "name": name, "type": kind, "parameters": parameters}


def render(source: Mapping[str, Any]) -> str:
    """The normalised text of an attributeMappingSource.

    The expression wins when there is one; otherwise the text is made from type, name and parameters, which is all
    that e.g. `{"name": "mail", "type": "Attribute"}` has. Raises ParseError for a text that does not parse and
    EvaluationError for a tree that describes no expression.
    """
    if source.get("expression"):
        return text_of(parse(source["expression"]))
    return text_of(_node(source))


def node_of(source: Mapping[str, Any]) -> Node:
    """The parsed form of an attributeMappingSource; raises as `render` does."""
    return parse(render(source))


def _node(source: Mapping[str, Any]) -> Node:
    if source.get("expression"):
        return parse(source["expression"])
    name, kind = source.get("name"), source.get("type") or "Attribute"
    if name is None:
        raise EvaluationError("An attribute mapping source needs a name or an expression")
    if kind == "Attribute":
        return Attribute(name)
    if kind == "Constant":
        return Constant(name, quoted(name))
    if name not in FUNCTIONS_BY_NAME:
        raise EvaluationError(f"Unknown function '{name}'")
    return Call(name, _arguments(FUNCTIONS_BY_NAME[name], source.get("parameters") or []))


def _arguments(function: Function, parameters: list[Mapping[str, Any]]) -> tuple[Node | None, ...]:
    """Puts keyed parameters back into their positions; those that were left out become empty arguments."""
    arguments: list[Node | None] = [None] * len(function.parameters)
    repeated: list[Node | None] = []
    for parameter in parameters:
        position = function.position(_ALIASES.get(parameter["key"], parameter["key"]), parameter["key"])
        node = _node(parameter["value"] or {})
        if function.parameters[position].repeats:
            repeated.append(node)
        else:
            arguments[position] = node
    if function.parameters and function.parameters[-1].repeats:
        return tuple(arguments[:-1] + repeated)
    return tuple(arguments)
