# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The rules of lint that look at scoping filters."""

from __future__ import annotations

import typing as t

from ..documented import BINARY_OPERATORS, INTEGER_OPERATORS, OPERATORS, UNARY_OPERATORS, UNSCOPABLE
from ..problems import nearest
from .view import Clause, ObjectView


def unknown_operator(mapping: ObjectView) -> t.Iterator[tuple[str, str]]:
    """Find operators that the service does not have; they are case-sensitive."""
    for clause in mapping.clauses:
        if clause.operator not in OPERATORS:
            yield clause.path, f"The operator of {clause.attribute}: '{clause.operator}'.{_meant(clause)}"


def _meant(clause: Clause) -> str:
    if clause.operator.lower() == "ismemberof":
        return " Filters cannot ask for a group; assign the group, or filter on an attribute."
    spelled = {" ".join(one.lower().replace("_", " ").split()): one for one in OPERATORS}
    same = spelled.get(" ".join(clause.operator.lower().replace("_", " ").split()))
    return f" Nearest: {same}." if same else nearest(clause.operator, OPERATORS)


def operator_operands(mapping: ObjectView) -> t.Iterator[tuple[str, str]]:
    """Find values where none belong, none where one belongs, and texts where integers belong."""
    for clause in mapping.clauses:
        asked = f"{clause.attribute} {clause.operator}"
        if clause.operator in UNARY_OPERATORS and any(clause.values):
            yield clause.path, f"{asked} takes no value."
        elif clause.operator in BINARY_OPERATORS and not clause.values:
            yield clause.path, f"{asked} needs a value."
        elif clause.operator in INTEGER_OPERATORS and not all(map(_integer, clause.values)):
            yield clause.path, f"{asked} needs an integer, not {', '.join(map(repr, clause.values))}."


def _integer(value: str) -> bool:
    return value.strip().removeprefix("-").isdecimal()


def open_group(mapping: ObjectView) -> t.Iterator[tuple[str, str]]:
    """Find groups without a clause."""
    for path in mapping.open_groups:
        yield path, "It has no clause."


def unscopable_attribute(mapping: ObjectView) -> t.Iterator[tuple[str, str]]:
    """Find filters on what cannot be filtered on: some attributes by name, others by their type."""
    for clause in mapping.clauses:
        definition = mapping.source.definition(clause.attribute)
        if clause.attribute.lower() in UNSCOPABLE:
            yield clause.path, f"It is on {clause.attribute}."
        elif definition and definition.multivalued:
            yield clause.path, f"It is on {clause.attribute}, which has several values."
        elif definition and definition.type in ("DateTime", "Reference"):
            yield clause.path, f"It is on {clause.attribute}, whose type is {definition.type}."
