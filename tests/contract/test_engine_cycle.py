# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cycles against a SCIM server that really runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from scim2_models import EnterpriseUser, Group, User

from tests.contract.engine_world import World, user
from tests.graphsim.engine import lifecycle
from tests.graphsim.engine.target import Target, start_target

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USERS = f"User to {ENTERPRISE}"
GROUPS = "Group to urn:ietf:params:scim:schemas:core:2.0:Group"


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


def test_the_first_cycle_creates_everything(world: World) -> None:
    told = world.cycle()
    assert sorted(told) == [(name, "create", "success") for name in ("ann", "bob", "cem", "team")]
    ann, bob = world.resources()["ann"], world.resources()["bob"]
    assert (ann["active"], ann["name"]["formatted"], ann["emails"]) == (
        True,
        "Ann Test",
        [{"type": "work", "value": "ann@contoso.com"}],
    )
    assert bob[ENTERPRISE] == {"department": "Sales", "manager": {"value": ann["id"]}}
    assert [one["value"] for one in world.resources("Groups")["Team"]["members"]] == [ann["id"], bob["id"]]
    User[EnterpriseUser].model_validate(bob)
    Group.model_validate(world.resources("Groups")["Team"])


def test_the_status_after_cycles(world: World) -> None:
    world.cycle()
    status = world.status
    run = status["lastExecution"]
    assert (status["code"], run["state"], run["countExported"], run["countEntitled"]) == ("Active", "Succeeded", 4, 4)
    assert (run["countImported"], run["countImportedDeltas"]) == (4, 0)
    assert status["synchronizedEntryCountByType"] == [{"key": USERS, "value": 3}, {"key": GROUPS, "value": 1}]
    assert status["lastSuccessfulExecution"] == status["lastSuccessfulExecutionWithExports"] == run
    assert status["steadyStateFirstAchievedTime"] == run["timeEnded"]
    assert not lifecycle.due(world.job, world.memory, world.context.now - timedelta(seconds=1))
    assert world.cycle() == []
    assert status["lastExecution"]["countImported"] == status["lastExecution"]["countExported"] == 0
    assert status["lastSuccessfulExecutionWithExports"] == run
    assert status["lastSuccessfulExecution"] != run


def test_incremental_cycles_write_what_changed(world: World) -> None:
    world.cycle()
    world.context.users["ann"]["jobTitle"] = "Engineer"
    world.context.users["new"] = user("new", manager="late")
    world.context.users["late"] = user("late")
    assert sorted(world.cycle()) == [
        ("ann", "update", "success"),
        ("late", "create", "success"),
        ("new", "create", "success"),
        ("new", "update", "success"),
    ]
    assert world.logs[0]["modifiedProperties"] == [{"displayName": "title", "oldValue": None, "newValue": "Engineer"}]
    people = world.resources()
    assert people["ann"]["title"] == "Engineer"
    assert people["new"][ENTERPRISE]["manager"] == {"value": people["late"]["id"]}
    assert world.status["lastExecution"]["countImportedReferenceDeltas"] == 1


def test_null_does_not_flow(world: World) -> None:
    world.cycle()
    world.context.users["ann"]["department"] = None
    assert world.cycle() == [("ann", "other", "skipped")]
    assert world.logs[0]["provisioningStatusInfo"]["errorInformation"]["errorCode"] == "RedundantExport"
    assert world.resources()["ann"][ENTERPRISE]["department"] == "Sales"


def test_existing_accounts_are_matched(world: World) -> None:
    there = world.create(
        "Users",
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ann@contoso.com",
            "nickName": "Annie",
            "emails": [{"type": "home", "value": "ann@home.org"}],
        },
    )
    assert ("ann", "update", "success") in world.cycle()
    ann = world.resources()["ann"]
    assert (ann["id"], ann["nickName"], ann["displayName"]) == (there["id"], "Annie", "Ann")
    assert {one["type"]: one["value"] for one in ann["emails"]} == {"home": "ann@home.org", "work": "ann@contoso.com"}


def test_the_second_matching_attribute_is_tried(target: Target) -> None:
    world = World(target, schema="customappsso_full.json")
    world.mapping()["scope"] = None
    world.start()
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    there = world.create("Users", {"schemas": schemas, "userName": "renamed", "externalId": "ann"})
    assert ("ann", "update", "success") in world.cycle()
    assert world.resources()["ann"]["id"] == there["id"]


def test_the_full_example_is_provisioned(target: Target) -> None:
    world = World(target, schema="customappsso_full.json")
    world.context.users["ann"].update(country="NL", city="Ams", preferredLanguage="nl-NL", mobilePhone="1")
    world.assign("ann")
    world.start()
    assert sorted(world.cycle()) == [
        ("ann", "create", "success"),
        ("bob", "other", "skipped"),
        ("cem", "other", "skipped"),
        ("team", "create", "success"),
    ]
    ann = world.resources()["ann"]
    assert ann["roles"] == [{"primary": True, "value": "User"}]
    assert ann["urn:ietf:params:scim:schemas:extension:acme:2.0:User"] == {"badgeId": "AnnTest"}
    assert (ann["locale"], ann["timezone"], ann["nickName"]) == ("nl_NL", "Europe/Amsterdam", "ann")
    world.context.users["ann"]["city"] = "Utrecht"
    assert world.cycle() == [("ann", "update", "success")]
    assert world.resources()["ann"]["addresses"] == [{"type": "work", "locality": "Utrecht", "country": "NL"}]


def test_blocked_users_are_disabled_and_come_back(world: World) -> None:
    world.cycle()
    world.context.users["bob"]["accountEnabled"] = False
    assert world.cycle() == [("bob", "disable", "success")]
    assert world.resources()["bob"]["active"] is False
    world.context.users["bob"]["accountEnabled"] = True
    assert world.cycle() == [("bob", "update", "success")]
    assert world.resources()["bob"]["active"] is True


def test_blocked_users_are_not_created(world: World) -> None:
    world.context.users["bob"]["accountEnabled"] = False
    assert ("bob", "other", "skipped") in world.cycle()
    assert "bob" not in world.resources()


def test_who_leaves_the_scope_is_disabled_once_and_let_go(world: World) -> None:
    world.context.secrets["SyncAll"] = "false"
    world.assign("ann", "bob", "team")
    world.cycle()
    del world.context.assignments[:]
    assert sorted(world.cycle()) == [
        ("ann", "disable", "success"),
        ("bob", "disable", "success"),
        ("team", "delete", "success"),
    ]
    assert not world.resources()["ann"]["active"]
    assert world.resources("Groups") == {}
    assert [status for _unused, _unused, status in world.cycle()] == ["skipped", "skipped", "skipped"]
    assert world.cycle() == []
    del world.context.users["ann"]
    assert world.cycle() == [("ann", "other", "skipped")]
    assert "ann" in world.resources()
    world.assign("bob")
    assert ("bob", "update", "success") in world.cycle()
    assert world.resources()["bob"]["active"]


def test_scoping_filters_deprovision(world: World) -> None:
    world.cycle()
    clause = {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": ["Legal"]}}
    world.mapping()["scope"] = {"groups": [{"name": "legal", "clauses": [clause]}]}
    world.context.users["cem"]["department"] = "Legal"
    lifecycle.schema_changed(world.job, world.memory, world.context.now)
    told = world.cycle()
    assert {("ann", "disable", "success"), ("bob", "disable", "success"), ("cem", "update", "success")} <= set(told)


def test_out_of_scope_deletions_can_be_skipped(world: World) -> None:
    world.cycle()
    world.context.secrets.update(SkipOutOfScopeDeletions="True", SyncAll="false")
    world.restart()
    assert {action for _unused, action, _unused in world.cycle()} == {"other"}
    assert all(one["active"] for one in world.resources().values())


def test_from_all_to_assigned_needs_a_restart(world: World) -> None:
    world.cycle()
    world.context.secrets["SyncAll"] = "false"
    assert world.cycle() == []
    world.restart()
    assert ("ann", "disable", "success") in world.cycle()


def test_hard_deleted_objects_are_deleted(world: World) -> None:
    world.cycle()
    del world.context.users["cem"], world.context.groups["team"]
    assert sorted(world.cycle()) == [("cem", "delete", "success"), ("team", "delete", "success")]
    assert sorted(world.resources()) == ["ann", "bob"]
    assert world.status["synchronizedEntryCountByType"][0] == {"key": USERS, "value": 3}
    assert world.cycle() == []


def test_group_members_are_added_and_removed(world: World) -> None:
    world.cycle()
    world.context.groups["team"]["members"] = ["bob", "cem"]
    assert world.cycle() == [("team", "update", "success")]
    people = world.resources()
    members = [one["value"] for one in world.resources("Groups")["Team"]["members"]]
    assert sorted(members) == sorted([people["bob"]["id"], people["cem"]["id"]])


@pytest.mark.parametrize(
    ("flows", "first", "second", "third"),
    [
        ("Update, Delete", ["skipped"], [], []),
        ("Add,Delete", ["success"], ["skipped"], ["success"]),
        ("Add, Update", ["success"], ["success"], ["skipped"]),
    ],
)
def test_flow_types(world: World, flows: str, first: list[str], second: list[str], third: list[str]) -> None:
    world.mapping()["flowTypes"] = flows
    world.mapping("Group")["enabled"] = False
    world.context.users = {"ann": user("ann")}
    assert [status for _unused, _unused, status in world.cycle()] == first
    world.context.users["ann"]["jobTitle"] = "X"
    assert [status for _unused, _unused, status in world.cycle()][: len(second)] == second
    del world.context.users["ann"]
    assert [status for _unused, _unused, status in world.cycle()] == third


def test_add_only_attributes_keep_what_the_target_has(world: World) -> None:
    world.attribute("title")["flowType"] = "AttributeAddOnly"
    world.cycle()
    world.context.users["ann"]["jobTitle"] = "First"
    world.cycle()
    world.context.users["ann"]["jobTitle"] = "Second"
    assert world.cycle() == [("ann", "other", "skipped")]
    assert world.resources()["ann"]["title"] == "First"


def test_accounts_that_vanish_from_the_target_come_back(world: World) -> None:
    world.cycle()
    world.delete("Users", world.resources()["cem"]["id"])
    world.restart()
    assert ("cem", "create", "success") in world.cycle()
    assert "cem" in world.resources()


def test_full_matches_again(world: World) -> None:
    world.cycle()
    before = world.resources()["ann"]["id"]
    world.restart("Full")
    assert world.status["synchronizedEntryCountByType"] == []
    told = world.cycle()
    assert ("ann", "other", "skipped") in told
    assert world.resources()["ann"]["id"] == world.memory.links["ann"].target_id == before


def test_redacted_values_stay_out_of_the_log(world: World) -> None:
    world.attribute("title")["source"] = {"expression": "Redact([jobTitle])", "type": "Function"}
    world.context.users["ann"]["jobTitle"] = "Spy-42"
    world.cycle()
    assert world.resources()["ann"]["title"] == "Spy-42"
    log = next(one for one in world.logs if one["sourceIdentity"]["id"] == "ann")
    assert {"displayName": "title", "oldValue": None, "newValue": "[Redact]"} in log["modifiedProperties"]


def test_log_entries_are_provisioning_object_summaries(world: World) -> None:
    world.cycle()
    log = world.logs[0]
    assert log["jobId"] == world.job["id"]
    assert log["servicePrincipal"] == {"id": "sp", "displayName": "Contoso SCIM"}
    assert log["initiatedBy"]["initiatorType"] == "system"
    assert log["activityDateTime"].startswith("2026-11-05T08:00:")
    assert len({one["cycleId"] for one in world.logs}) == 1
    assert len({one["changeId"] for one in world.logs}) == len(world.logs)
    assert (log["sourceIdentity"]["identityType"], log["targetIdentity"]["identityType"]) == ("User", ENTERPRISE)
