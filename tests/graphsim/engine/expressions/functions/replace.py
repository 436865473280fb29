# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace, in all its modes."""

from __future__ import annotations

import regex

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions.registry import Value, function, text

# Patterns come from administrators; a catastrophic one must not stop the simulator.
PATTERN_SECONDS = 1.0


@function(
    "Replace",
    "source",
    "Find?",
    "RegularExpression?",
    "RegularExpressionGroupName?",
    "Replacement?",
    "ReplacementPropertyName?",
    "Template?",
    accepts_null=True,
)
def replace(
    source: Value,
    find: Value = None,
    pattern: Value = None,
    group: Value = None,
    replacement: Value = None,
    other: Value = None,
    template: Value = None,
) -> Value:
    """The parameters given decide the mode; regular expressions have .NET's named groups, `(?<name>...)`.

    `other` is the value of the attribute that stands in for an empty source.
    """
    given = text(source, "source")
    if pattern is not None and group is not None and other is not None:
        return given or _group(text(pattern), text(group), text(other, "ReplacementPropertyName"))
    if source is None:
        return None
    if find is not None and template is not None:
        return text(template).replace(text(find), given) if text(find) else text(template)
    if pattern is not None and replacement is not None:
        return _substitute(text(pattern), None if group is None else text(group), text(replacement), given)
    if find is not None and replacement is not None:
        return given.replace(text(find), text(replacement)) if text(find) else given
    return given


def compiled(pattern: str) -> regex.Pattern[str]:
    """A pattern ready for use; EvaluationError when it is not a regular expression."""
    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise EvaluationError(f"'{pattern}' is not a regular expression: {error}") from None


def _group(pattern: str, group: str, value: str) -> str | None:
    match = compiled(pattern).search(value, timeout=PATTERN_SECONDS)
    return None if match is None else _named(match, group)


def _substitute(pattern: str, group: str | None, replacement: str, value: str) -> str:
    def one(match: regex.Match[str]) -> str:
        if group is None:
            return _expanded(replacement, match)
        _named(match, group)
        start, end = match.span(_key(group))
        if start < 0:
            return match.group()
        return value[match.start() : start] + replacement + value[end : match.end()]

    return compiled(pattern).sub(one, value, timeout=PATTERN_SECONDS)


def _expanded(replacement: str, match: regex.Match[str]) -> str:
    """A .NET replacement pattern: ${name}, $1, $& and $$."""

    def one(reference: regex.Match[str]) -> str:
        if reference.group() == "$$":
            return "$"
        name = reference.group("name") or reference.group("number")
        return match.group() if name is None else _named(match, name)

    return regex.sub(r"\$(?:\$|&|\{(?<name>\w+)\}|(?<number>\d+))", one, replacement)


def _key(group: str) -> int | str:
    """A group by its number or its name."""
    return int(group) if group.isdecimal() else group


def _named(match: regex.Match[str], group: str) -> str:
    try:
        return match.group(_key(group)) or ""
    except IndexError:
        raise EvaluationError(f"The regular expression has no group '{group}'") from None
