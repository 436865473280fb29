# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cycles that go wrong: failed objects, too many deletions, refused credentials; against a real SCIM server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.contract.engine_world import World, user
from tests.graphsim.engine import cycle, lifecycle
from tests.graphsim.engine.summary import write
from tests.graphsim.engine.target import Target, start_target


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    target = start_target()
    yield target
    target.stop()


@pytest.fixture
def world(target: Target) -> Iterator[World]:
    world = World(target)
    world.start()
    yield world
    assert target.found() == []


def threshold(world: World, value: int) -> None:
    settings = {"DeleteThresholdEnabled": True, "DeleteThresholdValue": value}
    world.context.secrets["SyncNotificationSettings"] = json.dumps(settings)


def test_several_matches_are_an_escrow(world: World) -> None:
    priority = world.attribute("displayName")
    world.attribute("userName")["matchingPriority"], priority["matchingPriority"] = 0, 1
    for name in ("one", "two"):
        schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
        world.create("Users", {"schemas": schemas, "userName": name, "displayName": "Ann"})
    assert ("ann", "create", "failure") in world.cycle()
    assert world.memory.escrows["ann"].code == "DuplicateTargetEntries"


def test_failed_objects_are_tried_again(world: World) -> None:
    world.attribute("userName", "User")["matchingPriority"] = 0
    world.attribute("displayName", "User")["matchingPriority"] = 1
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    blocker = world.create("Users", {"schemas": schemas, "userName": "ann@contoso.com", "displayName": "Someone"})
    assert ("ann", "create", "failure") in world.cycle()
    run = world.status["lastExecution"]
    assert (world.status["code"], run["state"], run["countEscrowed"]) == ("Active", "EntryLevelErrors", 1)
    assert world.status["lastSuccessfulExecution"] is None
    failed = next(one for one in world.logs if one["sourceIdentity"]["id"] == "ann")
    error = failed["provisioningStatusInfo"]["errorInformation"]
    assert (error["errorCode"], error["errorCategory"]) == (
        "SystemForCrossDomainIdentityManagementEntryConflict",
        "failure",
    )
    assert [one["provisioningStepType"] for one in failed["provisioningSteps"]] == [
        "import", "scoping", "matching", "export",
    ]  # fmt: skip
    assert world.cycle() == [("ann", "create", "failure")]
    world.delete("Users", blocker["id"])
    assert ("ann", "create", "success") in world.cycle()
    assert world.memory.escrows == {}


def test_forgotten_escrows_are_not_tried_again(world: World) -> None:
    world.attribute("title")["source"] = {"expression": 'BitAnd([jobTitle], "1")', "type": "Function"}
    world.context.users["ann"]["jobTitle"] = "x"
    world.cycle()
    world.restart("Escrows")
    assert world.cycle() == []
    world.context.users["ann"]["jobTitle"] = "y"
    assert world.cycle() == [("ann", "create", "failure")]


def test_the_deletion_threshold_stages_deletions(world: World) -> None:
    world.context.users["dan"] = user("dan")
    world.cycle()
    threshold(world, 2)
    del world.context.users["cem"]
    assert world.cycle() == [("cem", "delete", "success")]
    del world.context.users["bob"]
    world.context.users["ann"]["accountEnabled"] = False
    world.context.users["dan"]["jobTitle"] = "New"
    assert sorted(world.cycle()) == [("ann", "stagedDelete", "skipped"), ("bob", "stagedDelete", "skipped")]
    assert (world.status["code"], world.status["quarantine"]["reason"]) == ("Quarantine", "TooManyDeletes")
    assert world.status["quarantine"]["error"] is None
    assert world.status["countSuccessiveCompleteFailures"] == 0
    assert "title" not in world.resources()["dan"]
    assert sorted(one["id"] for one in world.memory.staged_deletes) == ["ann", "bob"]
    world.restart("ForceDeletes")
    told = world.cycle()
    assert {("bob", "delete", "success"), ("ann", "disable", "success"), ("dan", "update", "success")} <= set(told)
    assert (world.status["code"], world.status["quarantine"]) == ("Active", None)
    assert world.memory.staged_deletes == []
    del world.context.users["ann"], world.context.users["dan"]
    assert {action for _unused, action, _unused in world.cycle()} == {"stagedDelete"}


def test_repaired_assignments_end_the_quarantine(world: World) -> None:
    world.context.secrets["SyncAll"] = "false"
    world.assign("team")
    world.cycle()
    threshold(world, 2)
    taken = world.context.assignments[:]
    del world.context.assignments[:]
    world.cycle(timedelta(hours=6))
    assert world.status["code"] == "Quarantine"
    world.context.assignments += taken
    world.cycle()
    assert world.status["code"] == "Active"
    assert all(one["active"] for one in world.resources().values())


def test_a_wrong_token_is_quarantine_until_it_is_right(world: World) -> None:
    token = world.context.secrets["SecretToken"]
    world.context.secrets["SecretToken"] = "*"
    assert world.cycle(timedelta(hours=6)) == []
    quarantine = world.status["quarantine"]
    assert quarantine["error"]["code"] == "SystemForCrossDomainIdentityManagementInvalidCredentials"
    assert "401" in quarantine["error"]["message"]
    assert quarantine["nextAttempt"] == "2026-11-05T14:00:00Z"
    world.context.secrets["SecretToken"] = token
    assert len(world.cycle()) == 4
    assert (world.status["code"], world.status["countSuccessiveCompleteFailures"]) == ("Active", 0)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"MINIMUM_FAILURES": 2, "FAILED_PROPORTION": 0.4}, "EncounteredEscrowProportionThreshold"),
        ({"MAXIMUM_FAILURES": 1}, "EncounteredBaseEscrowThreshold"),
        ({"MAXIMUM_FAILURES_WITH_REFERENCES": 1}, "EncounteredTotalEscrowThreshold"),
    ],
)
def test_too_many_failures(
    world: World, monkeypatch: pytest.MonkeyPatch, limits: dict[str, float], reason: str
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(cycle, name, value)
    world.attribute("title")["source"] = {"expression": 'BitAnd([displayName], "1")', "type": "Function"}
    world.cycle()
    assert world.status["quarantine"]["reason"] == reason
    assert world.status["lastExecution"]["countEscrowed"] == 3


def test_a_pause_during_a_cycle_wins(world: World) -> None:
    lifecycle.pause(world.job, world.memory, world.context.now, "Paused")
    world.run()
    assert (world.status["code"], world.memory.next_run) == ("Paused", None)
    assert world.status["lastExecution"]["countExported"] == 4


def test_the_log_is_in_the_order_of_its_times() -> None:
    log: list[dict[str, str]] = []
    for micro in ("000005", "000002", "999999", "999999"):
        write(log, {"activityDateTime": f"2026-11-05T12:00:00.{micro}Z"})
    assert [one["activityDateTime"][17:] for one in log] == ["00.000005Z", "00.000006Z", "00.999999Z", "01.000000Z"]
