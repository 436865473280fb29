# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time of the service and of people."""

from __future__ import annotations

import datetime
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync.moments import moment, since, text
from hypothesis import strategies as st

NOW = datetime.datetime(2026, 11, 10, 12, 0, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-05T21:49:10Z", (21, 49)),
        ("2026-11-05T21:49:10.1234567Z", (21, 49)),
        ("2026-11-05T21:49:10", (21, 49)),
        ("2026-11-05T23:49:10+02:00", (21, 49)),
        ("0001-01-01T00:00:00Z", None),
        ("2026-13-05T21:49:10Z", None),
        ("", None),
        (None, None),
        ("soon", None),
    ],
)
def test_moments_of_the_service(value: t.Any, expected: tuple[int, int] | None) -> None:
    found = moment(value)
    assert (found and (found.hour, found.minute)) == expected
    assert found is None or found.utcoffset() == datetime.timedelta(0)


@hypothesis.given(st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z", fullmatch=True))
def test_no_moment_breaks_it(value: str) -> None:
    assert moment(value) is None or moment(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-05T12:30:15Z", "2026-11-05T12:30:15Z"),
        ("2026-11-05t12:30:15z", "2026-11-05T12:30:15Z"),
        ("2026-11-05T12:30", "2026-11-05T12:30:00Z"),
        # What YAML makes of a moment without quotes.
        ("2026-11-05 12:30:15+00:00", "2026-11-05T12:30:15Z"),
        ("2026-11-05T12:30:15.25+02:00", "2026-11-05T10:30:15Z"),
        (" 2026-11-05 ", "2026-11-05T00:00:00Z"),
        ("24", "2026-11-09T12:00:00Z"),
        ("1.5", "2026-11-10T10:30:00Z"),
    ],
)
def test_moments_of_people(value: str, expected: str) -> None:
    assert text(since("logs_since", value, NOW)) == expected


@pytest.mark.parametrize(
    "value", ["yesterday", "0", "-3", "nan", "inf", "1e300", "2026-11-31", "2026-11-05T25:00:00Z", "24h", ""]
)
def test_what_is_no_moment(value: str) -> None:
    with pytest.raises(BadInput, match="The option logs_since takes a moment like"):
        since("logs_since", value, NOW)


def test_no_point_has_no_text() -> None:
    assert text(None) is None
