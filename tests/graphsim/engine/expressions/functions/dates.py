# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions on dates. A date is a text in the format M/d/yyyy h:mm:ss tt, in UTC."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta, timezone

from tests.graphsim.engine.expressions.errors import EvaluationError
from tests.graphsim.engine.expressions.functions.dotnet_dates import format_date, parse_date, zone_shift
from tests.graphsim.engine.expressions.functions.registry import Scope, Value, function, number, text

_WRITTEN = "M/d/yyyy h:mm:ss tt"
# Active Directory counts 100-nanosecond steps from here.
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?"
)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: (AM|PM))?)?", re.IGNORECASE)
_STYLES = {
    "None", "AllowLeadingWhite", "AllowTrailingWhite", "AllowInnerWhite", "AllowWhiteSpaces", "NoCurrentDateDefault",
    "AdjustToUniversal", "AssumeLocal", "AssumeUniversal", "RoundtripKind",
}  # fmt: skip


def _parsed(value: Value, what: str) -> datetime:
    written = text(value, what).strip()
    iso, american = _ISO.fullmatch(written), _AMERICAN.fullmatch(written)
    try:
        if iso:
            year, month, day, hour, minute, second = (int(part or 0) for part in iso.groups()[:6])
            micro = int((iso[7] or "").ljust(7, "0")[:6])
            local = datetime(year, month, day, hour, minute, second, micro, timezone.utc)
            return local - zone_shift(iso[8] or "")
        if american:
            month, day, year, hour, minute, second = (int(part or 0) for part in american.groups()[:6])
            if american[7]:
                hour = hour % 12 + (12 if american[7].upper() == "PM" else 0)
            return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        raise EvaluationError(f"'{written}' names no date that exists") from None
    raise EvaluationError(f"'{written}' is not a date; wrap it in CDate or FormatDateTime with its format")


@function("Now", scoped=True)
def now(scope: Scope) -> Value:
    return format_date(scope.now, _WRITTEN)


@function("CDate", "expression")
def c_date(value: Value) -> Value:
    return format_date(_parsed(value, "expression"), _WRITTEN)


@function("DateAdd", "interval", "value:Integer", "dateTime:DateTime", accepts_null=True)
def date_add(interval: Value, value: Value, moment: Value) -> Value:
    """The last day of the month is kept when the new month is shorter."""
    if moment is None:
        return None
    unit, count, start = text(interval, "interval"), number(value, "value"), _parsed(moment, "dateTime")
    steps = {"d": "days", "ww": "weeks", "h": "hours", "n": "minutes", "s": "seconds"}
    if unit in ("yyyy", "m"):
        months = start.year * 12 + start.month - 1 + count * (12 if unit == "yyyy" else 1)
        year, month = divmod(months, 12)
        if not 1 <= year <= 9999:
            raise EvaluationError(f"DateAdd leaves the calendar: year {year}")
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return format_date(start.replace(year=year, month=month + 1, day=day), _WRITTEN)
    if unit not in steps:
        raise EvaluationError(f"'{unit}' is not an interval; use yyyy, m, d, ww, h, n or s")
    return format_date(start + timedelta(**{steps[unit]: count}), _WRITTEN)


@function("DateDiff", "interval", "date1:DateTime", "date2:DateTime", accepts_null=True)
def date_diff(interval: Value, first: Value, second: Value) -> Value:
    """Years, months and weeks count calendar borders, the shorter ones full steps; the page's examples need both."""
    if first is None or second is None:
        return None
    unit, start, end = text(interval, "interval"), _parsed(first, "date1"), _parsed(second, "date2")
    seconds = (end - start).total_seconds()
    steps = {"d": 86400, "h": 3600, "n": 60, "s": 1}
    if unit == "yyyy":
        return str(end.year - start.year)
    if unit == "m":
        return str((end.year - start.year) * 12 + end.month - start.month)
    if unit == "ww":
        sundays = [day - timedelta(days=day.isoweekday() % 7) for day in (start, end)]
        return str(int((sundays[1] - sundays[0]).total_seconds() / 86400 / 7))
    if unit not in steps:
        raise EvaluationError(f"'{unit}' is not an interval; use yyyy, m, d, ww, h, n or s")
    return str(int(seconds / steps[unit]))


@function("DateFromNum", "value")
def date_from_num(value: Value) -> Value:
    moment = _FILETIME_EPOCH + timedelta(microseconds=number(value, "value") // 10)
    return format_date(moment, _WRITTEN)


@function("NumFromDate", "value")
def num_from_date(value: Value) -> Value:
    distance = _parsed(value, "value") - _FILETIME_EPOCH
    return str((distance // timedelta(microseconds=1)) * 10)


@function("FormatDateTime", "source", "dateTimeStyles?", "inputFormat", "outputFormat")
def format_date_time(source: Value, styles: Value, given: Value, wanted: Value) -> Value:
    """White space around the source is allowed, as the default styles have it; an offset is taken into UTC."""
    unknown = {style.strip().split(".")[-1] for style in text(styles).split(",") if style.strip()} - _STYLES
    if unknown:
        raise EvaluationError(f"'{', '.join(sorted(unknown))}' is no DateTimeStyles value")
    moment = parse_date(text(source, "source").strip(), text(given, "inputFormat"))
    return format_date(moment, text(wanted, "outputFormat"))
