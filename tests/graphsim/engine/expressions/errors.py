# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with an expression."""

from __future__ import annotations


class ExpressionError(Exception):
    """Base of both failures; the text is meant for the person who wrote the expression."""


class ParseError(ExpressionError):
    """The text is not an expression of the language.

    `offset` counts characters from 0; `line` and `column` count from 1.
    """

    def __init__(self, reason: str, text: str, offset: int) -> None:
        before = text[:offset]
        self.offset = offset
        self.line = before.count("\n") + 1
        self.column = offset - (before.rfind("\n") + 1) + 1
        super().__init__(f"{reason} (line {self.line}, column {self.column})")


class EvaluationError(ExpressionError):
    """The expression is well formed but gives no value for this object."""
