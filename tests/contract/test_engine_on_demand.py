# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On demand, discovery and bulk upload."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.engine_world import World, example, user
from tests.graphsim.engine.bulk import bulk_upload
from tests.graphsim.engine.connection import ConnectionRefused
from tests.graphsim.engine.discovery import discover
from tests.graphsim.engine.on_demand import OnDemandRefused, provision
from tests.graphsim.engine.target import Target, start_target

ANN = {"objectId": "ann", "objectTypeName": "User"}


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    target = start_target()
    yield target
    target.stop()


@pytest.fixture
def world(target: Target) -> Iterator[World]:
    yield World(target)
    assert target.found() == []


def steps(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["type"], step["status"]) for step in result["provisioningSteps"]]


def test_twice_is_redundant(world: World) -> None:
    (first,) = world.on_demand(ANN)
    assert (first["action"], first["statusInfo"]["status"]) == ("Create", "Success")
    assert steps(first) == [(kind, "Success") for kind in ("Import", "Scoping", "Matching", "Export")]
    assert first["targetIdentity"]["id"] == world.resources()["ann"]["id"]
    assert {"displayName": "userName", "oldValue": None, "newValue": "ann@contoso.com"} in first["modifiedProperties"]
    (second,) = world.on_demand(ANN)
    assert (second["action"], second["statusInfo"]["status"]) == ("Other", "Skipped")
    assert second["statusInfo"]["errorCode"] == "RedundantExport"
    assert second["provisioningSteps"][-1]["details"] == {"SkipReason": "RedundantExport"}
    assert second["modifiedProperties"] == []


def test_the_result_has_the_members_of_the_reference_page(world: World) -> None:
    (result,) = world.on_demand(ANN)
    assert result.keys() == {
        "action", "changeId", "startTime", "endTime", "modifiedProperties", "provisioningSteps",
        "reportableIdentifier", "statusInfo", "sourceIdentity", "targetIdentity", "sourceSystem", "targetSystem",
    }  # fmt: skip
    assert result["reportableIdentifier"] == "ann@contoso.com"
    assert result["sourceSystem"]["name"] == "Azure Active Directory"
    assert world.logs[0]["initiatedBy"]["initiatorType"] == "user"
    assert world.logs[0]["changeId"] == result["changeId"]


def test_a_change_is_an_update(world: World) -> None:
    world.on_demand(ANN)
    world.context.users["ann"]["jobTitle"] = "Engineer"
    (result,) = world.on_demand(ANN)
    assert (result["action"], [one["displayName"] for one in result["modifiedProperties"]]) == ("Update", ["title"])


def test_who_is_not_assigned_is_skipped(world: World) -> None:
    world.context.secrets["SyncAll"] = "false"
    (result,) = world.on_demand(ANN)
    assert result["statusInfo"]["status"] == "Skipped"
    assert result["statusInfo"]["errorCode"] == "NotEffectivelyEntitled"
    assert "not effectively entitled" in result["statusInfo"]["reason"]
    scoping = result["provisioningSteps"][1]
    assert (scoping["type"], scoping["details"]["Assigned to the application"]) == ("Scoping", "False")
    assert world.resources() == {}


def test_the_filter_is_explained(world: World) -> None:
    clause = {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": ["Legal"]}}
    world.mapping()["scope"] = {"groups": [{"name": "legal", "clauses": [clause]}]}
    (result,) = world.on_demand(ANN)
    details = result["provisioningSteps"][1]["details"]
    assert details["Scoping filter evaluation passed"] == "False"
    assert details["ScopeEvaluationResult"] == '{"legal: department EQUALS Legal": "False"}'


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "CredentialsMissing"), ("wrong", "SystemForCrossDomainIdentityManagementInvalidCredentials")],
)
def test_bad_credentials_are_a_failure(world: World, token: str, code: str) -> None:
    world.context.secrets["SecretToken"] = token
    (result,) = world.on_demand(ANN)
    assert (result["statusInfo"]["status"], result["statusInfo"]["errorCode"]) == ("Failure", code)
    assert len(result["provisioningSteps"]) == 1


def test_an_unknown_object_is_a_failure(world: World) -> None:
    (result,) = world.on_demand({"objectId": "nobody", "objectTypeName": "User"})
    assert (result["statusInfo"]["status"], result["statusInfo"]["errorCode"]) == ("Failure", "EntryNotFound")


def test_a_group_with_named_members(world: World) -> None:
    world.context.groups["team"]["members"] = ["ann", "bob", "cem"]
    group = {"objectId": "team", "objectTypeName": "Group", "links": {"members": [ANN]}}
    results = world.on_demand(group)
    assert [(one["sourceIdentity"]["id"], one["action"]) for one in results] == [("team", "Create"), ("ann", "Create")]
    ann = world.resources()["ann"]["id"]
    assert world.resources("Groups")["Team"]["members"] == [{"value": ann}]
    more = {"objectId": "cem", "objectTypeName": "User"}
    world.on_demand({**group, "links": {"members": [more]}})
    assert len(world.resources("Groups")["Team"]["members"]) == 2
    world.start()
    assert ("team", "update", "success") in world.cycle()
    assert len(world.resources("Groups")["Team"]["members"]) == 3


def refusal(world: World, parameters: list[dict[str, Any]]) -> OnDemandRefused:
    with pytest.raises(OnDemandRefused) as caught:
        provision(world.context, parameters)
    return caught.value


def test_refusals() -> None:
    world = World()
    rule, group = world.rule["id"], {"objectId": "team", "objectTypeName": "Group"}
    six = [{"objectId": str(number), "objectTypeName": "User"} for number in range(6)]
    assert refusal(world, [{"ruleId": "nope", "subjects": [ANN]}]).code == "SynchronizationRuleNotFound"
    assert "No subject" in refusal(world, []).message
    assert "No subject" in refusal(world, [{"ruleId": rule, "subjects": []}]).message
    assert "one group" in refusal(world, [{"ruleId": rule, "subjects": [group, group]}]).message
    assert "5 members" in refusal(world, [{"ruleId": rule, "subjects": [{**group, "links": {"members": six}}]}]).message
    assert refusal(world, [{"ruleId": rule, "subjects": [{"objectId": "x", "objectTypeName": "Worker"}]}]).code == (
        "ObjectTypeNotFound"
    )
    inbound = World(schema="api2aad_inbound.json")
    assert refusal(inbound, [{"ruleId": inbound.rule["id"], "subjects": [ANN]}]).code == "OnDemandNotSupported"


def test_discovery_adds_what_the_target_describes(world: World) -> None:
    directory = world.context.schema["directories"][1]
    known = [one["name"] for one in directory["objects"][0]["attributes"]]
    found = discover(world.context, directory)
    names = [one["name"] for one in found["objects"][0]["attributes"]]
    assert names[: len(known)] == known
    badge = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badgeId"
    assert {badge, 'addresses[type eq "home"].country', "password"} <= set(names) - set(known)
    assert len(names) == len(set(names))
    assert found["discoveryDateTime"] == "2026-11-05T08:00:00Z"
    assert found["version"] != directory["version"]
    assert [one["name"] for one in directory["objects"][0]["attributes"]] == known
    world.context.secrets["SecretToken"] = "wrong"
    with pytest.raises(ConnectionRefused):
        discover(world.context, directory)


def inbound() -> World:
    world = World(schema="api2aad_inbound.json")
    world.context.users = {"old": user("old", employeeId="1", jobTitle="Before")}
    return world


def operation(employee: str, **data: Any) -> dict[str, Any]:
    return {"method": "POST", "bulkId": employee, "path": "/Users", "data": {"externalId": employee, **data}}


def test_bulk_upload_creates_and_updates_users() -> None:
    world = inbound()
    name = {"givenName": "Nora", "familyName": "New"}
    operations = [
        operation("1", title="After", active=True),
        operation("2", userName="nora@x.example", displayName="Nora New", name=name, active=True),
    ]
    bulk_upload(world.context, {"Operations": operations})
    assert world.told() == [("1", "update", "success"), ("2", "create", "success")]
    assert world.context.users["old"]["jobTitle"] == "After"
    made = next(one for one in world.context.users.values() if one.get("employeeId") == "2")
    assert (made["surname"], made["accountEnabled"], made["mailNickname"]) == ("New", True, "nora")
    assert made["usageLocation"] == "NL"
    bulk_upload(world.context, {"Operations": [operations[0]]})
    assert world.told()[-1] == ("1", "other", "skipped")


def test_an_update_without_active_blocks_the_account() -> None:
    world = inbound()
    bulk_upload(world.context, {"Operations": [operation("1", title="Before")]})
    assert world.context.users["old"]["accountEnabled"] is False


def test_odd_bulk_bodies() -> None:
    world = inbound()
    bulk_upload(world.context, {"Operations": ["x", {}, {"data": None}, operation("3", emails="x", name=["y"])]})
    assert len(world.logs) == 1
    with pytest.raises(ValueError, match="at most 50"):
        bulk_upload(world.context, {"Operations": [operation(str(number)) for number in range(51)]})


def test_the_inbound_example_is_mapped_from_scim_names() -> None:
    names = {one["name"] for one in example("api2aad_inbound.json")["directories"][0]["objects"][0]["attributes"]}
    assert 'emails[type eq "work"].value' in names


def test_the_server_does_not_outlive_whoever_started_it() -> None:
    target = start_target()
    assert target.process.poll() is None
    assert target.process.stdin
    target.process.stdin.close()
    assert target.process.wait(timeout=10) == 0
