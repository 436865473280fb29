# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text to nodes, by the grammar beside this file; names and numbers of arguments are checked against FUNCTIONS."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

from tests.graphsim.engine.expressions.errors import ParseError
from tests.graphsim.engine.expressions.functions import FUNCTIONS_BY_NAME, Function
from tests.graphsim.engine.expressions.nodes import Attribute, Call, Comparison, Constant, Node, walk

# Entra page "Known issues for provisioning": an expression has at most 10,000 characters.
MAXIMUM_LENGTH = 10_000
# Deeper nesting than anybody writes; keeps the recursive walks over the nodes safe.
MAXIMUM_DEPTH = 100


class _Nodes(Transformer[Token, Any]):
    """Builds the nodes while the parser reduces."""

    def start(self, items: list[Any]) -> Node:
        return items[0]

    def expression(self, items: list[Any]) -> Node:
        left, operator, right = items
        return left if operator is None else Comparison(left, str(operator), right)

    def call(self, items: list[Any]) -> Call:
        name, arguments = items[0], tuple(items[1:])
        return Call(str(name), () if arguments == (None,) else arguments, name.start_pos)

    def slot(self, items: list[Any]) -> Node | None:
        return items[0]

    def attribute(self, items: list[Any]) -> Attribute:
        return Attribute(str(items[0])[1:-1])

    def string(self, items: list[Any]) -> Constant:
        text = str(items[0])
        # Only \\ and \" are documented escapes; a lone backslash before anything else stands for itself.
        return Constant(re.sub(r'\\(["\\])', r"\1", text[1:-1]), text)

    def word(self, items: list[Any]) -> Constant:
        return Constant(str(items[0]), str(items[0]))


@cache
def _grammar() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True, transformer=_Nodes())


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The nodes of an expression.

    Raises ParseError for what is not in the language, for an unknown function (names are case-sensitive) and for
    a wrong number of arguments.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise ParseError(f"The expression has {len(text)} characters; at most {MAXIMUM_LENGTH} are allowed", text, 0)
    _check_depth(text)
    try:
        node = cast(Node, _grammar().parse(text))
    except UnexpectedInput as error:
        raise ParseError(_reason(error, text), text, _offset(error, text)) from None
    for call in (below for below in walk(node) if isinstance(below, Call)):
        _check(call, text)
    _check_nesting(node, text)
    return node


def _check_depth(text: str) -> None:
    depth = 0
    for match in re.finditer(r'"(?:\\.|[^"\\])*"|[()]', text, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth > MAXIMUM_DEPTH:
            raise ParseError(f"Functions are nested more than {MAXIMUM_DEPTH} deep", text, match.start())


def _offset(error: UnexpectedInput, text: str) -> int:
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    return len(text) if at_end or error.pos_in_stream is None else error.pos_in_stream


def _reason(error: UnexpectedInput, text: str) -> str:
    offset = _offset(error, text)
    if offset >= len(text):
        return "The expression ends too early"
    return f"Unexpected {text[offset : offset + 20]!r}"


def _check(call: Call, text: str) -> None:
    function = FUNCTIONS_BY_NAME.get(call.name)
    if function is None:
        raise ParseError(f"Unknown function '{call.name}'", text, call.offset)
    complaint = _complaint(function, call)
    if complaint:
        raise ParseError(f"{complaint} in '{call.name}'", text, call.offset)


def _complaint(function: Function, call: Call) -> str | None:
    count = len(call.arguments)
    repeats = bool(function.parameters) and function.parameters[-1].repeats
    if count > len(function.parameters) and not repeats:
        return f"Too many arguments: {count} instead of at most {len(function.parameters)}"
    if count < function.minimum:
        return f"Too few arguments: {count} instead of at least {function.minimum}"
    if function.even and count % 2:
        return f"An odd number of arguments: {count}"
    for number, parameter in enumerate(function.parameters):
        # How often a repeating one must come is a matter of the minimum; one of them may be empty.
        if parameter.required and not parameter.repeats and (number >= count or call.arguments[number] is None):
            return f"Required argument '{parameter.name}' is missing"
    return None


def _check_nesting(node: Node, text: str) -> None:
    for below in walk(node):
        if isinstance(below, Call) and FUNCTIONS_BY_NAME[below.name].top_level_only and below is not node:
            raise ParseError(f"'{below.name}' cannot be nested", text, below.offset)
