# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting by looking."""

from __future__ import annotations

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime
from ansible_collections.entra.provisioning.plugins.module_utils._sync.waits import LONGEST_PAUSE, until
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
