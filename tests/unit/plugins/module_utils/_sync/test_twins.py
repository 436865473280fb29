# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of two things that two runs made at the same time one stays, the same one for both."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import GraphError, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._options import CREDENTIALS
from ansible_collections.entra.provisioning.plugins.module_utils._sync.twins import YIELDING, Kind, Twin, the_one
from ansible_collections.entra.provisioning.plugins.module_utils._task import Task
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, task

EARLY, LATE = "2026-11-28T10:00:00Z", "2026-11-28T10:00:01Z"


class World:
    """What is there; ``yields`` is after how many looks the other run has withdrawn its own."""

    def __init__(self, *there: Twin, used: str = "", yields: int | None = None) -> None:
        self.there = list(there)
        self.used = used.split()
        self.yields = yields
        self.looks = 0
        self.withdrawn: list[str] = []

    def kind(self, mine: Twin) -> Kind:
        """Return how the things are handled."""

        def listed() -> list[Twin]:
            self.looks += 1
            if self.yields is not None and self.looks > self.yields:
                return [mine]
            return list(self.there)

        def withdraw(one: str) -> None:
            self.withdrawn.append(one)
            self.there = [other for other in self.there if other.id != one]

        return Kind("the thing", "make the thing", listed, self.used.__contains__, withdraw)

    def settle(self, mine: Twin) -> tuple[str, Task]:
        """Return what stays, and the task that found out."""
        made = task(CREDENTIALS, ScriptedHttp())
        return the_one(made, self.kind(mine), mine, made.deadline.now), made


@pytest.mark.parametrize(
    ("first", "second", "used", "stays"),
    [
        (Twin("b", EARLY), Twin("a", LATE), "", "b"),
        (Twin("a", EARLY), Twin("b", EARLY), "", "a"),
        (Twin("a"), Twin("b"), "", "a"),
        (Twin("a", EARLY), Twin("b", LATE), "b", "b"),
    ],
)
def test_both_sides_keep_the_same_one(first: Twin, second: Twin, used: str, stays: str) -> None:
    for mine, other in itertools.permutations((first, second)):
        # A run whose own one stays waits for the other to withdraw; it does that after its second look.
        world = World(mine, other, used=used, yields=3 if mine.id == stays else None)
        found, made = world.settle(mine)
        assert found == stays
        assert world.withdrawn == ([] if mine.id == stays else [mine.id])
        assert bool(made.warnings) is (mine.id != stays)


def test_a_withdrawal_that_did_nothing_is_made_once_more() -> None:
    mine, other = Twin("b", LATE), Twin("a", EARLY)
    world = World(mine, other)
    kind = world.kind(mine)
    asked: list[str] = []

    def withdraw(one: str) -> None:
        asked.append(one)
        if len(asked) > 1:
            kind.withdraw(one)

    made = task(CREDENTIALS, ScriptedHttp())
    lossy = Kind(kind.name, kind.change, kind.listed, kind.used, withdraw)
    assert the_one(made, lossy, mine, made.deadline.now) == "a"
    assert asked == ["b", "b"]
    assert [one.id for one in world.there] == ["a"]
    assert made.withdrawn == {"make the thing"}


def test_alone_nothing_is_withdrawn() -> None:
    world = World(Twin("a"))
    found, made = world.settle(Twin("a"))
    assert (found, world.withdrawn, made.warnings, world.looks) == ("a", [], [], 1)


def test_one_that_cannot_be_seen_yet_stays() -> None:
    assert World().settle(Twin("a"))[0] == "a"


def test_who_does_not_yield_has_gone_on_already() -> None:
    """The other run looked before ours was there, so it will never withdraw anything."""
    world = World(Twin("a"), Twin("b"))
    found, made = world.settle(Twin("a"))
    assert (found, world.withdrawn) == ("b", ["a"])
    assert made.deadline.seconds - made.deadline.left >= YIELDING
    assert "This run withdrew its own one (a) and goes on with the other (b)" in made.warnings[0]


@pytest.mark.parametrize("yields", [2, None], ids=["is withdrawn", "was just made"])
def test_one_that_is_listed_and_not_found_is_waited_for(yields: int | None) -> None:
    """The other run may withdraw its own between the list and the look whether it is in use."""
    mine, other = Twin("b", LATE), Twin("a", EARLY)
    world = World(mine, other, yields=yields)
    kind = world.kind(mine)

    def used(one: str) -> bool:
        if one == other.id and (yields or world.looks < 3):
            raise GraphError("Could not list the jobs.", status=404)
        return kind.used(one)

    made = task(CREDENTIALS, ScriptedHttp())
    found = the_one(made, Kind(kind.name, kind.change, kind.listed, used, kind.withdraw), mine, made.deadline.now)
    assert (found, world.withdrawn) == (("b", []) if yields else ("a", ["b"]))


def test_a_refused_look_is_no_absence() -> None:
    def used(one: str) -> bool:
        raise GraphError("Could not list the jobs.", status=403)

    mine = Twin("b", LATE)
    world = World(mine, Twin("a", EARLY))
    kind = world.kind(mine)
    made = task(CREDENTIALS, ScriptedHttp())
    with pytest.raises(GraphError, match="Could not list"):
        the_one(made, Kind(kind.name, kind.change, kind.listed, used, kind.withdraw), mine, made.deadline.now)
    assert world.withdrawn == []


def test_what_is_in_use_is_never_withdrawn() -> None:
    with pytest.raises(ProvisioningError, match="in use already, so neither was removed") as caught:
        World(Twin("a", LATE), Twin("b", EARLY), used="a b").settle(Twin("a", LATE))
    assert caught.value.facts["candidates"] == ["a", "b"]


def test_where_both_withdraw_the_next_run_makes_one() -> None:
    world = World(Twin("b", LATE), Twin("a", EARLY))
    mine = Twin("b", LATE)
    kind = world.kind(mine)

    def both(one: str) -> None:
        kind.withdraw(one)
        world.there = []

    made = task(CREDENTIALS, ScriptedHttp())
    with pytest.raises(ProvisioningError, match="each withdrew its own. Run the task again"):
        the_one(made, Kind(kind.name, kind.change, kind.listed, kind.used, both), mine, made.deadline.now)
