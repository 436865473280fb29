# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions on several values."""

from __future__ import annotations

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions.registry import Value, function, number, text


def _values(value: Value) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


@function("Join", "separator", "source*", minimum=2, accepts_null=True)
def join(separator: Value, *sources: Value) -> Value:
    """Empty values are left out: the page's Join(", ", "", [surname], [givenName]) gives "Doe, John"."""
    parts = [text(part, "source") for source in sources for part in _values(source)]
    present = [part for part in parts if part]
    return text(separator, "separator").join(present) if parts else None


@function("Split", "source", "delimiter?")
def split(source: Value, delimiter: Value = None) -> Value:
    """Values are trimmed, as in the page's example of permission sets."""
    mark = text(delimiter, "delimiter") or ","
    return [part.strip() for part in text(source, "source").split(mark) if part.strip()]


@function("Count", "attribute", accepts_null=True)
def count(values: Value) -> Value:
    return str(len(_values(values)))


@function("Item", "attribute", "index:Integer")
def item(values: Value, index: Value) -> Value:
    """`index` counts from 1; null when there is no such item."""
    position, present = number(index, "index"), _values(values)
    if position < 1:
        raise EvaluationError(f"Item needs an index of at least 1, not {position}")
    return present[position - 1] if position <= len(present) else None


@function("RemoveDuplicates", "attribute")
def remove_duplicates(values: Value) -> Value:
    result: list[str] = []
    for value in _values(values):
        if value not in result:
            result.append(value)
    return result
