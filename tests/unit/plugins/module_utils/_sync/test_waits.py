# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting by looking."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime
from ansible_collections.entra.provisioning.plugins.module_utils._sync.waits import BETWEEN_LINES, LONGEST_PAUSE, until
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock


def _until(seen: list[object], seconds: float = 300, reads: int = 1) -> tuple[object, Clock]:
    clock = Clock()
    steps = iter([*seen, *[seen[-1]] * 1000])
    deadline = Deadline(seconds, clock, clock.sleep)
    return until(deadline, "waiting", lambda: next(steps), lambda one: one == "good", reads=reads), clock


def test_what_is_there_is_not_waited_for() -> None:
    found, clock = _until(["good"])
    assert (found, clock.pauses) == ("good", [])


def test_pauses_grow_up_to_a_limit() -> None:
    _found, clock = _until([*["bad"] * 14, "good"])
    assert len(clock.pauses) == 14
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[0] == pytest.approx(0.2)
    assert clock.pauses[-1] == LONGEST_PAUSE


def test_replicas_have_to_agree() -> None:
    found, clock = _until(["good", "bad", "good", "good", "bad"], reads=2)
    assert found == "good"
    assert len(clock.pauses) == 3


@pytest.mark.parametrize("seconds", [4, 8, 22, 32, 300])
def test_the_last_look_is_right_before_the_deadline(seconds: float) -> None:
    clock = Clock()
    looks: list[float] = []
    deadline = Deadline(seconds, clock, clock.sleep)
    with pytest.raises(OutOfTime):
        until(deadline, "waiting", lambda: looks.append(deadline.left), bool)
    assert 0 < looks[-1] <= 1


@pytest.mark.parametrize(("seen", "told"), [("x" * 900, "x" * 200 + "..."), (None, "nothing"), (["a"], "['a']")])
def test_the_end_tells_what_was_seen(seen: object, told: str) -> None:
    with pytest.raises(OutOfTime) as caught:
        _until([seen], seconds=20)
    assert caught.value.message.endswith(f"Seen last: {told}.")
    assert "of 20 seconds while waiting" in caught.value.message


def test_what_was_seen_is_told_in_the_words_of_the_caller() -> None:
    clock = Clock()
    with pytest.raises(OutOfTime, match="Seen last: 3 letters"):
        until(
            Deadline(5, clock, clock.sleep),
            "w",
            lambda: "abc",
            lambda _one: False,
            tell=lambda one: f"{len(one)} letters",
        )


def _watched(pauses: list[float], line: Callable[[object], str] | None = None) -> list[str]:
    """The lines that somebody reads who watches a wait that ends after these pauses."""
    clock, lines = Clock(), []
    deadline = Deadline(300, clock, clock.sleep)
    deadline.progress = lines.append
    moments = iter(pauses)

    def look() -> object:
        passed = next(moments, None)
        clock.now += passed or 0
        return "good" if passed is None else "bad"

    until(deadline, "waiting for it", look, lambda one: one == "good", line=line)
    return lines


def test_a_short_wait_says_nothing() -> None:
    assert _watched([0, 1, 1]) == []


def test_a_long_wait_says_what_is_waited_for() -> None:
    assert _watched([0, 6]) == ["waiting for it, 6 s"]
    assert _watched([0, 6], lambda seen: f"It: {seen}") == ["It: bad, 6 s"]


def test_lines_come_every_ten_seconds_at_the_most() -> None:
    seconds = [int(line.split(", ")[1].split()[0]) for line in _watched([0.0] + [1.0] * 20)]
    assert len(seconds) >= 4
    assert all(later - sooner >= BETWEEN_LINES - 1 for sooner, later in zip(seconds, seconds[1:]))
