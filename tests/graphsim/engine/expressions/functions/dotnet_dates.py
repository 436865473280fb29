# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom date and time format strings of .NET (page "Custom date and time format strings"), invariant culture."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from tests.graphsim.engine.expressions.errors import EvaluationError

_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TOKEN = re.compile(r"""'[^']*'|"[^"]*"|\\.|%|d+|f+|F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+|.""", re.DOTALL)


def _offset(moment: datetime, written: str) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    hours = str(minutes // 60) if written == "z" else f"{minutes // 60:02}"
    return f"{sign}{hours}" if len(written) < 3 else f"{sign}{hours}:{minutes % 60:02}"


def _fraction(moment: datetime, digits: int) -> str:
    return f"{moment.microsecond:06}0"[: min(digits, 7)]


def _padded(value: int, length: int) -> str:
    return f"{value:0{min(length, 2)}}"


def _day(moment: datetime, written: str) -> str:
    if len(written) < 3:
        return _padded(moment.day, len(written))
    name = _DAYS[moment.weekday()]
    return name if len(written) > 3 else name[:3]


def _month(moment: datetime, written: str) -> str:
    if len(written) < 3:
        return _padded(moment.month, len(written))
    name = _MONTHS[moment.month - 1]
    return name if len(written) > 3 else name[:3]


def _year(moment: datetime, written: str) -> str:
    return f"{moment.year % 100:0{len(written)}}" if len(written) < 3 else f"{moment.year:0{len(written)}}"


_FORMATTERS: dict[str, Callable[[datetime, str], str]] = {
    "d": _day,
    "f": lambda moment, written: _fraction(moment, len(written)),
    "F": lambda moment, written: _fraction(moment, len(written)).rstrip("0"),
    "g": lambda moment, written: "A.D.",
    "h": lambda moment, written: _padded(moment.hour % 12 or 12, len(written)),
    "H": lambda moment, written: _padded(moment.hour, len(written)),
    "K": lambda moment, written: "Z" if not moment.utcoffset() else _offset(moment, "zzz"),
    "m": lambda moment, written: _padded(moment.minute, len(written)),
    "M": _month,
    "s": lambda moment, written: _padded(moment.second, len(written)),
    "t": lambda moment, written: ("AM" if moment.hour < 12 else "PM")[: len(written)],
    "y": _year,
    "z": _offset,
}


def _literal(token: str) -> str:
    if token[0] in "'\"" and len(token) > 1:
        return token[1:-1]
    return token[1:] if token[0] == "\\" else "" if token == "%" else token


def format_date(moment: datetime, pattern: str) -> str:
    """The date in this format."""
    return "".join(
        _FORMATTERS[token[0]](moment, token) if token[0] in _FORMATTERS else _literal(token)
        for token in _TOKEN.findall(pattern)
    )


def _names(names: list[str], written: str) -> str:
    return "|".join(name if len(written) > 3 else name[:3] for name in names)


def _numeric(written: str) -> str:
    return r"\d{1,2}" if len(written) == 1 else r"\d{2}"


_PATTERNS: dict[str, Callable[[str], str]] = {
    "d": lambda written: _numeric(written) if len(written) < 3 else _names(_DAYS, written),
    "f": lambda written: rf"\d{{{len(written)}}}",
    "F": lambda written: rf"\d{{0,{len(written)}}}",
    "g": lambda written: r"A\.D\.",
    "h": _numeric,
    "H": _numeric,
    "K": lambda written: r"Z|[+-]\d{2}:\d{2}|",
    "m": _numeric,
    "M": lambda written: _numeric(written) if len(written) < 3 else _names(_MONTHS, written),
    "s": _numeric,
    "t": lambda written: "AM|PM" if len(written) > 1 else "A|P",
    "y": lambda written: r"\d{1,2}" if len(written) < 3 else rf"\d{{{len(written)}}}",
    "z": lambda written: r"[+-]\d{1,2}" if len(written) < 3 else r"[+-]\d{1,2}:\d{2}",
}


def parse_date(written: str, pattern: str) -> datetime:
    """The moment in UTC that a text in this format names; EvaluationError when the text has another format."""
    expression, kinds = "", []
    for token in _TOKEN.findall(pattern):
        if token[0] in _PATTERNS:
            kinds.append(token)
            expression += f"({_PATTERNS[token[0]](token)})"
        else:
            expression += re.escape(_literal(token))
    match = re.fullmatch(expression, written, re.IGNORECASE)
    if match is None:
        raise EvaluationError(f"'{written}' is not a date in the format '{pattern}'")
    return _moment(dict(zip(kinds, match.groups())), written)


def _moment(parts: dict[str, str], written: str) -> datetime:
    by_letter = {token[0]: (token, value) for token, value in parts.items() if not _is_day_name(token)}

    def integer(letter: str, default: int) -> int:
        return int(by_letter[letter][1]) if letter in by_letter else default

    hour = integer("H", 0)
    if "h" in by_letter:
        afternoon = by_letter.get("t", ("", "A"))[1].upper().startswith("P")
        hour = integer("h", 12) % 12 + (12 if afternoon else 0)
    fraction = by_letter.get("f", by_letter.get("F", ("", "")))[1]
    try:
        local = datetime(
            _full_year(by_letter.get("y", ("yyyy", "1"))),
            _month_number(by_letter.get("M", ("M", "1"))),
            integer("d", 1),
            hour,
            integer("m", 0),
            integer("s", 0),
            int(fraction[:6].ljust(6, "0")),
        )
        shift = zone_shift(by_letter.get("z", by_letter.get("K", ("", "")))[1])
        return (local - shift).replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        raise EvaluationError(f"'{written}' names no date that exists") from None


def zone_shift(written: str) -> timedelta:
    """The distance from UTC that an offset (`+08:00`, `-7`, `Z` or nothing) means."""
    match = re.fullmatch(r"([+-])(\d{1,2})(?::?(\d{2}))?", written)
    if match is None:
        return timedelta()
    distance = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -distance if match[1] == "-" else distance


def _is_day_name(token: str) -> bool:
    return token[0] == "d" and len(token) > 2


def _full_year(part: tuple[str, str]) -> int:
    token, value = part
    year = int(value)
    # .NET's two-digit years end in 2049.
    return year if len(token) > 2 else year + (2000 if year < 50 else 1900)


def _month_number(part: tuple[str, str]) -> int:
    token, value = part
    if len(token) < 3:
        return int(value)
    return next(number for number, name in enumerate(_MONTHS, 1) if name[:3].lower() == value[:3].lower())
