# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parsed expression, and its normalised text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attribute:
    """`[name]`: an attribute of the source object."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A literal. `value` is what it means, `text` how it was written: `"a\\"b"`, `3`, `&HF`."""

    value: str
    text: str


@dataclass(frozen=True)
class Call:
    """`name(arguments)`; an argument that was left out is None. `offset` is where the name stands."""

    name: str
    arguments: tuple[Node | None, ...]
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Comparison:
    """`left operator right`, as IIF and CBool take it."""

    left: Node
    operator: str
    right: Node


Node = Attribute | Constant | Call | Comparison


def quoted(value: str) -> str:
    """A constant as a string literal: backslash and quotation mark are escaped with a backslash."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def text_of(node: Node | None) -> str:
    """The normalised text: one blank after each comma, none elsewhere, literals untouched.

    Spacing as in the parseExpression reference page: `Replace([a], "-", , , "_", , )`; a comparison is written
    without blanks.
    """
    if node is None:
        return ""
    if isinstance(node, Attribute):
        return f"[{node.name}]"
    if isinstance(node, Constant):
        return node.text
    if isinstance(node, Comparison):
        return f"{text_of(node.left)}{node.operator}{text_of(node.right)}"
    return f"{node.name}({', '.join(text_of(argument) for argument in node.arguments)})"


def walk(node: Node | None) -> Iterator[Node]:
    """The node and all nodes below it."""
    if node is None:
        return
    yield node
    if isinstance(node, Comparison):
        yield from walk(node.left)
        yield from walk(node.right)
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)
