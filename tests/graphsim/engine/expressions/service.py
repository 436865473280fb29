# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parseExpression action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.graphsim.engine.expressions.errors import EvaluationError, ExpressionError, ParseError
from tests.graphsim.engine.expressions.evaluation import evaluate
from tests.graphsim.engine.expressions.functions import IGNORE, Value
from tests.graphsim.engine.expressions.nodes import Attribute, Node, walk
from tests.graphsim.engine.expressions.parser import parse
from tests.graphsim.engine.expressions.tree import tree_of


def parse_expression(body: Mapping[str, Any], *schema_objects: Mapping[str, Any]) -> dict[str, Any]:
    """The parseExpressionResponse for a request body.

    `schema_objects` are the objectDefinitions of the source directory; with them, an attribute that none of them has
    is a parsing failure. Without a testInputObject nothing is evaluated, and evaluationSucceeded is false. No failure
    is raised: it is told in `error` (publicError), whose codes are not documented.
    """
    text = body.get("expression") or ""
    try:
        node = parse(text)
        _check_attributes(node, text, schema_objects)
    except ParseError as error:
        return _response(error=_public_error("InvalidExpression", error))
    if body.get("testInputObject") is None:
        return _response(node)
    properties = {pair.get("key"): pair.get("value") for pair in body["testInputObject"].get("properties") or []}
    try:
        return _response(node, _texts(evaluate(node, properties)))
    except EvaluationError as error:
        return _response(node, error=_public_error("ExpressionEvaluationFailed", error))


def _check_attributes(node: Node, text: str, schema_objects: tuple[Mapping[str, Any], ...]) -> None:
    known = {attribute["name"] for item in schema_objects for attribute in item.get("attributes") or []}
    for attribute in (below for below in walk(node) if isinstance(below, Attribute)):
        if schema_objects and attribute.name not in known:
            raise ParseError(f"Unknown attribute '{attribute.name}'", text, text.find(f"[{attribute.name}]"))


def _texts(value: Value) -> list[str]:
    if value is None or value is IGNORE:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [value]


def _response(
    node: Node | None = None, result: list[str] | None = None, error: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "parsingSucceeded": node is not None,
        "evaluationSucceeded": result is not None,
        "evaluationResult": result or [],
        "parsedExpression": None if node is None else tree_of(node),
        "error": error,
    }


def _public_error(code: str, error: ExpressionError) -> dict[str, Any]:
    return {"code": code, "message": str(error), "target": "expression", "details": [], "innerError": None}
