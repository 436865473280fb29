# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One deadline per task."""

from __future__ import annotations

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock


def test_a_wait_past_the_end_is_not_begun() -> None:
    clock = Clock()
    deadline = Deadline(10, clock, clock.sleep)
    deadline.sleep(4, "waiting for a job")
    with pytest.raises(OutOfTime) as caught:
        deadline.sleep(6, "waiting for a cycle")
    assert clock.pauses == [4]
    assert "after 4 of 10 seconds while waiting for a cycle" in caught.value.message
    assert "4 s waiting for a job" in caught.value.message


def test_what_is_left_is_never_negative() -> None:
    clock = Clock()
    deadline = Deadline(10, clock, clock.sleep)
    clock.now += 3
    assert deadline.left == 7
    clock.now += 30
    assert deadline.left == 0


def test_the_account_sums_by_reason() -> None:
    clock = Clock()
    deadline = Deadline(100, clock, clock.sleep)
    for seconds in (1, 2):
        deadline.sleep(seconds, "retrying")
    deadline.sleep(0.2, "a moment")
    with pytest.raises(KeyError), deadline.spending("waiting for answers"):
        clock.now += 5
        raise KeyError
    assert deadline.account() == "Time went into: 3 s retrying, 5 s waiting for answers. "


def test_nothing_spent_nothing_said() -> None:
    assert Deadline(10).account() == ""
