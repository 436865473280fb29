# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Points in time: as the service writes them, as people write them, and as results show them."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._graph.errors import BadInput

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_GIVEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?\s*(Z|[+-]\d\d:\d\d)?", re.IGNORECASE)

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")


def duration(value: t.Any) -> datetime.timedelta | None:
    """Return a time span of the service, such as PT40M; None for one that is missing, impossible or empty."""
    match = _DURATION.fullmatch(str(value or ""))
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    try:
        return datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) or None
    except OverflowError:
        return None


def moment(value: t.Any) -> datetime.datetime | None:
    """Return a point in time of the service; None for a missing or impossible one and for the year 1, its never.

    The service gives up to seven digits of fractions, which Python before 3.11 cannot read.
    """
    match = _MOMENT.fullmatch(str(value or ""))
    if not match or match.group(1).startswith("0001"):
        return None
    return _parsed(match.group(1) + (match.group(3) or "Z"))


def text(point: datetime.datetime | None) -> str | None:
    """Return a point in time to the second, in UTC."""
    return point.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if point else None


def since(option: str, value: str, now: datetime.datetime) -> datetime.datetime:
    """Return the point in time that an option means: a date, a moment (UTC where it does not say), or hours ago.

    YAML makes a moment without quotes into another text, with a blank in the place of the T; both are understood.

    :raises BadInput: where it is neither.
    """
    try:
        hours = float(value)
        if hours > 0:
            return now - datetime.timedelta(hours=hours)
    except (ValueError, OverflowError):
        match = _GIVEN.fullmatch(value.strip())
        zone = (match.group(4) or "Z").upper() if match else ""
        point = match and _parsed(f"{match.group(1)}T{match.group(2) or '00:00'}{match.group(3) or ':00'}{zone}")
        if point:
            return point
    raise BadInput(
        f"The option {option} takes a moment like 2026-11-05T12:00:00Z, a date, or a number of hours, not {value!r}.",
        option=option,
    )


def _parsed(value: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None
