# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a function of the expression language is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.graphsim.engine.expressions.errors import EvaluationError

if TYPE_CHECKING:
    from tests.graphsim.engine.expressions.nodes import Node

# What an expression gives: nothing, one text, or several values (texts, or objects such as roles). Numbers, booleans
# and dates are texts, as they are in evaluationResult.
Value = str | list[Any] | None


class _Ignored(str):
    """The type of IGNORE."""


class Redacted(str):
    """A text that provisioning logs must not show."""


# The value of an attribute that IgnoreFlowIfNullOrEmpty takes out of the flow.
IGNORE = _Ignored()


@dataclass(frozen=True)
class Scope:
    """What an expression may look at besides its arguments."""

    properties: dict[str, Value]
    now: datetime
    default_domain: str
    # Whether a value already exists in the target; asked by SelectUniqueValue.
    taken: Callable[[str], bool]
    evaluate: Callable[[Node | None], Value]


@dataclass(frozen=True)
class Parameter:
    """One attributeMappingParameterSchema."""

    name: str
    type: str
    required: bool
    repeats: bool


@dataclass(frozen=True)
class Function:
    """A function: its signature, and how it is computed."""

    name: str
    parameters: tuple[Parameter, ...]
    compute: Callable[..., Value]
    # The least number of arguments, and whether their number must be even.
    minimum: int
    even: bool
    top_level_only: bool
    # Whether a null first argument is passed on instead of being the result.
    accepts_null: bool
    # Whether `compute` takes the scope first; a lazy one then gets nodes instead of values.
    scoped: bool
    lazy: bool

    def parameter(self, number: int) -> Parameter:
        """The parameter that takes the argument at this position (from 0)."""
        return self.parameters[min(number, len(self.parameters) - 1)]

    def position(self, *names: str) -> int:
        """The position of the first parameter with one of these names; EvaluationError when there is none."""
        for position, parameter in enumerate(self.parameters):
            if parameter.name in names:
                return position
        raise EvaluationError(f"Function '{self.name}' has no parameter '{names[-1]}'")

    def document(self) -> dict[str, Any]:
        """The attributeMappingFunctionSchema. Samples say `name` where the metadata says `id`; it carries both."""
        return {
            "id": self.name,
            "name": self.name,
            "parameters": [
                {
                    "allowMultipleOccurrences": parameter.repeats,
                    "name": parameter.name,
                    "required": parameter.required,
                    "type": parameter.type,
                }
                for parameter in self.parameters
            ],
        }


FUNCTIONS_BY_NAME: dict[str, Function] = {}


def function(
    name: str,
    *parameters: str,
    minimum: int = 0,
    even: bool = False,
    top_level_only: bool = False,
    accepts_null: bool = False,
    scoped: bool = False,
    lazy: bool = False,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declares a function; a parameter is written `name`, with `?` (optional) and `*` (repeating), then `:Type`."""

    def declare(compute: Callable[..., Value]) -> Callable[..., Value]:
        FUNCTIONS_BY_NAME[name] = Function(
            name,
            tuple(_parameter(parameter) for parameter in parameters),
            compute,
            minimum,
            even,
            top_level_only,
            accepts_null,
            scoped or lazy,
            lazy,
        )
        return compute

    return declare


def _parameter(text: str) -> Parameter:
    name, _unused, kind = text.partition(":")
    return Parameter(name.rstrip("?*"), kind or "String", "?" not in name, name.endswith("*"))


def text(value: Value, what: str = "a value") -> str:
    """The value as one text. Null counts as empty; several values are an EvaluationError."""
    if value is None:
        return ""
    if isinstance(value, list):
        if len(value) > 1:
            raise EvaluationError(f"Expected one value for {what}, but there are {len(value)}")
        return text(value[0], what) if value else ""
    if not isinstance(value, str):
        raise EvaluationError(f"Expected a text for {what}")
    return value


def number(value: Value, what: str) -> int:
    """The value as an integer, decimal or hexadecimal (&HF); EvaluationError when it is none."""
    written = text(value, what).strip()
    try:
        if written.upper().startswith("&H"):
            return int(written[2:], 16)
        return int(written)
    except ValueError:
        raise EvaluationError(f"'{written}' is not an integer, which {what} must be") from None


def boolean(value: bool) -> str:
    """The text of a boolean."""
    return "True" if value else "False"


def is_true(value: Value) -> bool:
    """Whether a condition holds: True, or a number other than zero; null, empty and False do not."""
    written = text(value, "a condition").strip()
    if written.lower() in ("true", "false", ""):
        return written.lower() == "true"
    try:
        return float(written) != 0
    except ValueError:
        raise EvaluationError(f"'{written}' is neither True nor False nor a number") from None
