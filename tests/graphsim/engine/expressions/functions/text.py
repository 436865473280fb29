# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that cut, join and change text."""

from __future__ import annotations

import unicodedata

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions.registry import Redacted, Value, function, number
from tests.graphsim.engine.expressions.functions.registry import text as one_text

# Letters that do not decompose into a base letter and a mark, from the table of NormalizeDiacritics.
_LETTERS = str.maketrans(
    {"æ": "ae", "Æ": "AE", "ø": "oe", "Ø": "OE", "œ": "oe", "Œ": "OE", "ß": "ss", "ł": "l", "Ł": "L", "ı": "i"}
)
# What .NET's ToTitleCase takes for the end of a word: these Unicode categories, but not the apostrophe.
_SEPARATORS = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"}
# Turkic cultures pair i with dotted capital I, and dotless i with I.
_TURKIC_LOWER = str.maketrans({"I": "ı", "İ": "i"})
_TURKIC_UPPER = str.maketrans({"i": "İ", "ı": "I"})


@function("Append", "source", "suffix")
def append(source: Value, suffix: Value) -> Value:
    return one_text(source, "source") + one_text(suffix, "suffix")


@function("Prepend", "prefix", "source", accepts_null=True)
def prepend(prefix: Value, source: Value) -> Value:
    return None if source is None else one_text(prefix, "prefix") + one_text(source, "source")


@function("Left", "String", "NumChars:Integer", accepts_null=True)
def left(source: Value, count: Value) -> Value:
    """A negative number gives the whole text, null gives the empty text."""
    whole, length = one_text(source, "String"), number(count, "NumChars")
    return whole if length < 0 else whole[:length]


@function("Mid", "source", "start:Integer", "length:Integer")
def mid(source: Value, start: Value, length: Value) -> Value:
    """`start` counts from 1; a length beyond the end is cut."""
    first, count = number(start, "start"), number(length, "length")
    if first < 1 or count < 0:
        raise EvaluationError(f"Mid needs a start of at least 1 and a length of at least 0, not {first} and {count}")
    return one_text(source, "source")[first - 1 : first - 1 + count]


@function("InStr", "value1", "value2", "start?:Integer", "compareType?")
def in_str(searched: Value, sought: Value, start: Value = None, compare: Value = None) -> Value:
    """The position from 1 of the first occurrence, 0 when there is none."""
    first = 1 if start is None else number(start, "start")
    if first < 1:
        raise EvaluationError("InStr needs a start of at least 1")
    haystack, needle = one_text(searched, "value1"), one_text(sought, "value2")
    if compare == "vbTextCompare":
        haystack, needle = haystack.casefold(), needle.casefold()
    return str(haystack.find(needle, first - 1) + 1)


@function("StripSpaces", "source")
def strip_spaces(source: Value) -> Value:
    return one_text(source, "source").replace(" ", "")


@function("ToLower", "source", "culture?")
def to_lower(source: Value, culture: Value = None) -> Value:
    written = one_text(source, "source")
    return (written.translate(_TURKIC_LOWER) if _is_turkic(culture) else written).lower()


@function("ToUpper", "source", "culture?")
def to_upper(source: Value, culture: Value = None) -> Value:
    written = one_text(source, "source")
    return (written.translate(_TURKIC_UPPER) if _is_turkic(culture) else written).upper()


def _is_turkic(culture: Value) -> bool:
    return one_text(culture, "culture").split("-")[0].lower() in ("tr", "az")


@function("PCase", "source", "wordSeparators?")
def p_case(source: Value, separators: Value = None) -> Value:
    """Each word with a capital first letter; without separators as .NET's ToTitleCase does it."""
    own = None if separators is None else set(one_text(separators, "wordSeparators"))
    result, in_word = [], False
    for letter in one_text(source, "source"):
        if (letter in own) if own is not None else _separates(letter):
            in_word = False
            result.append(letter)
        else:
            result.append(letter.lower() if in_word else letter.title())
            in_word = in_word or letter.isalpha()
    return "".join(result)


def _separates(letter: str) -> bool:
    return letter != "'" and unicodedata.category(letter) in _SEPARATORS


@function("NormalizeDiacritics", "source")
def normalize_diacritics(source: Value) -> Value:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", one_text(source, "source"))
        if unicodedata.category(letter) != "Mn"
    )
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


@function("Word", "String", "WordNumber:Integer", "delimiters", accepts_null=True)
def word(source: Value, which: Value, delimiters: Value) -> Value:
    """The word with this number (from 1); the empty text when there is none."""
    marks, position = one_text(delimiters, "delimiters"), number(which, "WordNumber")
    spread = "".join("\0" if letter in marks else letter for letter in one_text(source, "String"))
    words = [part for part in spread.split("\0") if part]
    return words[position - 1] if 1 <= position <= len(words) else ""


@function("Redact", "attribute", accepts_null=True)
def redact(source: Value) -> Value:
    """The value flows as it is; provisioning logs say [Redact] instead."""
    return None if source is None else Redacted(one_text(source, "attribute"))
