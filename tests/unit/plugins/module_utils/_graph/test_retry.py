# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After how long a call is sent again."""

from __future__ import annotations

import datetime
import email.utils

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.retry import (
    LONGEST_PAUSE,
    pause_before,
    retry_after,
)
from hypothesis import strategies as st

NOW = datetime.datetime(2026, 11, 5, 12, 0, tzinfo=datetime.timezone.utc).timestamp()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("-3", 0.0),
        (email.utils.formatdate(NOW + 90, usegmt=True), 90.0),
        (email.utils.formatdate(NOW - 90, usegmt=True), 0.0),
        ("", None),
        ("soon", None),
        ("inf", None),
        ("nan", None),
        ("Thu, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("name", ["Retry-After", "retry-after", "RETRY-AFTER"])
def test_retry_after_has_two_forms(name: str, value: str, seconds: float | None) -> None:
    assert retry_after({"Date": "x", name: value}, NOW) == seconds


def test_no_header_asks_for_nothing() -> None:
    assert retry_after({}) is None


@hypothesis.given(st.text(max_size=40))
def test_garbage_does_not_break_it(value: str) -> None:
    seconds = retry_after({"Retry-After": value}, NOW)
    assert seconds is None or seconds >= 0


@hypothesis.given(st.integers(1, 5000), st.one_of(st.none(), st.floats(0, 1000)), st.floats(0, 1, exclude_max=True))
def test_pauses_have_bounds(attempt: int, asked: float | None, jitter: float) -> None:
    pause = pause_before(attempt, asked, lambda: jitter)
    if asked is not None and asked >= 0.1:
        assert asked <= pause <= asked + 1.0
    else:
        assert 0.25 <= pause <= LONGEST_PAUSE


def test_pauses_grow() -> None:
    assert [pause_before(attempt, None, lambda: 1.0) for attempt in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_asking_for_no_pause_is_no_hot_loop() -> None:
    assert sum(pause_before(attempt, 0.0, lambda: 0.0) for attempt in range(1, 7)) > 5
