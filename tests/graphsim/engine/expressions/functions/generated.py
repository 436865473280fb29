# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that make up a value."""

from __future__ import annotations

import secrets
import string
import uuid

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions.registry import Value, function, number, text

_RANDOM = secrets.SystemRandom()
# Windows page "Password must meet complexity requirements", to which RandomString refers.
_SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
_MAXIMUM_LENGTH = 256


@function("Guid")
def guid() -> Value:
    return str(uuid.uuid4())


@function(
    "RandomString",
    "length:Integer",
    "minimumNumbers:Integer",
    "minimumSpecialCharacters:Integer",
    "minimumCapital:Integer",
    "minimumLowercase:Integer",
    "charactersToAvoid?",
    accepts_null=True,
)
def random_string(
    length: Value, numbers: Value, special: Value, capital: Value, lowercase: Value, avoid: Value = None
) -> Value:
    """At least so many of each kind, the rest letters and digits; at most 256 characters."""
    total = number(length, "length")
    kinds = (string.digits, _SPECIAL, string.ascii_uppercase, string.ascii_lowercase)
    wanted = [number(value, "a minimum") for value in (numbers, special, capital, lowercase)]
    if not max(sum(wanted), 0) <= total <= _MAXIMUM_LENGTH or min(wanted) < 0:
        raise EvaluationError(f"RandomString cannot make {total} characters with minimums {wanted}")
    forbidden = set(text(avoid, "charactersToAvoid"))
    allowed = [[letter for letter in kind if letter not in forbidden] for kind in kinds]
    fill = [letter for letter in string.ascii_letters + string.digits if letter not in forbidden]
    letters: list[str] = []
    for choices, count in [*zip(allowed, wanted), (fill, total - sum(wanted))]:
        if count and not choices:
            raise EvaluationError("RandomString has no characters left to choose from")
        letters += [_RANDOM.choice(choices) for _unused in range(count)]
    _RANDOM.shuffle(letters)
    return "".join(letters)
