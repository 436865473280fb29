# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping to a published rate."""

from __future__ import annotations

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime
from ansible_collections.entra.provisioning.plugins.module_utils._sync.pace import Pace
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock


def _paced(count: int, *, each: float = 0.0, seconds: float = 300.0) -> tuple[list[float], list[float], list[str]]:
    """Return the pauses, the moments of the calls, and the lines for whoever watches."""
    clock, moments, lines = Clock(), [], []
    deadline = Deadline(seconds, clock, clock.sleep)
    deadline.progress = lines.append
    pace = Pace(deadline, 5, 10.0, "pacing")
    for number in range(count):
        pace.wait(f"{number} done")
        moments.append(clock.now)
        clock.now += each
    return clock.pauses, moments, lines


@pytest.mark.parametrize(("count", "pauses"), [(1, 0), (5, 0), (6, 1), (10, 1), (11, 2)])
def test_five_calls_in_ten_seconds(count: int, pauses: int) -> None:
    assert _paced(count)[0] == [10.0] * pauses


@pytest.mark.parametrize("each", [0.0, 0.7, 1.9, 2.0, 5.0])
def test_no_span_of_ten_seconds_has_more(each: float) -> None:
    _pauses, moments, _lines = _paced(23, each=each)
    assert all(later - sooner >= 10.0 - 0.01 for sooner, later in zip(moments, moments[5:]))


@pytest.mark.parametrize("each", [0.3, 0.7, 1.9])
def test_a_call_may_be_counted_as_late_as_its_answer(each: float) -> None:
    _pauses, moments, _lines = _paced(23, each=each)
    assert all(later - (sooner + each) >= 10.0 - 0.01 for sooner, later in zip(moments, moments[5:]))


def test_calls_that_take_their_time_are_not_held_back() -> None:
    assert _paced(12, each=2.5)[0] == []


def test_whoever_watches_reads_how_far_it_is() -> None:
    assert _paced(12)[2] == ["6 done, 10 s", "11 done, 20 s"]


def test_it_ends_with_the_deadline() -> None:
    with pytest.raises(OutOfTime, match="while pacing"):
        _paced(12, seconds=15)
