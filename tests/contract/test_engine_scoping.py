# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scoping filters and assignments: who is in scope."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.engine_world import World, example
from tests.graphsim.engine import entitlement, source
from tests.graphsim.engine.entitlement import DEFAULT_ROLE
from tests.graphsim.engine.scoping import OPERATORS, in_scope


def scope(*groups: list[tuple[str, str, list[str]]], key: str = "groups") -> dict[str, Any]:
    return {
        key: [
            {
                "name": f"group {number}",
                "clauses": [
                    {"sourceOperandName": name, "operatorName": operator, "targetOperand": {"values": values}}
                    for name, operator, values in group
                ],
            }
            for number, group in enumerate(groups)
        ]
    }


@pytest.mark.parametrize(
    ("operator", "operand", "actual", "passed"),
    [
        ("EQUALS", ["Sales"], "Sales", True),
        ("EQUALS", ["Sales"], "sales", False),
        ("EQUALS", ["a", "b"], "b", True),
        ("NOT EQUALS", ["Sales"], "sales", True),
        ("NOT EQUALS", ["a", "b"], "b", False),
        ("IS NULL", [], None, True),
        ("IS NULL", [], "", True),
        ("IS NULL", [], "x", False),
        ("IS NOT NULL", [], "x", True),
        ("IS NOT NULL", [], None, False),
        ("IS TRUE", [], True, True),
        ("IS TRUE", [], "True", True),
        ("IS TRUE", [], False, False),
        ("IS FALSE", [], False, True),
        ("IS FALSE", [], None, False),
        ("REGEX MATCH", ["([1-9][0-9])"], "42", True),
        ("REGEX MATCH", ["([1-9][0-9])"], "420", False),
        ("REGEX MATCH", [r".*\@test\.contoso\.com"], "a@test.contoso.com", True),
        ("REGEX MATCH", ["("], "a", False),
        ("NOT REGEX MATCH", [r".*\@test\.contoso\.com"], "a@contoso.com", True),
        ("NOT REGEX MATCH", ["a"], "a", False),
        ("Greater_Than", ["5"], "6", True),
        ("Greater_Than", ["5"], 5, False),
        ("Greater_Than", ["5"], "x", False),
        ("Greater_Than_OR_EQUALS", ["5"], 5, True),
        ("Includes", ["ale"], "Sales", True),
        ("Includes", ["ALE"], "Sales", False),
        ("ENDS_WITH", ["les"], "Sales", True),
        ("ENDS_WITH", ["les"], "Lesser", False),
        ("&", ["Sales,Legal"], "Sales", True),
        ("&", ["Legal"], "Sales", False),
        ("!&", ["Legal"], "Sales", True),
        ("!&", ["Sales,Legal"], "Sales", False),
        ("IsMemberOf", ["x"], "x", False),
        ("EQUALS", ["a"], ["a", "b"], False),
    ],
)
def test_operator(operator: str, operand: list[str], actual: Any, passed: bool) -> None:
    assert in_scope(scope([("x", operator, operand)]), {"x": actual}).passed is passed


@pytest.mark.parametrize("operator", [one["id"] for one in OPERATORS if one["id"] != "IS NULL"])
def test_null_fails_every_other_operator(operator: str) -> None:
    assert not in_scope(scope([("x", operator, ["1"])]), {}).passed
    assert not in_scope(scope([("x", operator, ["1"])]), {"x": ""}).passed


def test_operators_are_described() -> None:
    by_id = {one["id"]: one for one in OPERATORS}
    assert by_id["IS TRUE"]["arity"] == "Unary"
    assert by_id["IS TRUE"]["supportedAttributeTypes"] == ["Boolean"]
    assert by_id["EQUALS"]["arity"] == "Binary"
    assert all(one["name"] == one["id"] and one["multivaluedComparisonType"] == "All" for one in OPERATORS)


def test_clauses_are_and_groups_are_or() -> None:
    either = scope([("a", "EQUALS", ["1"]), ("b", "EQUALS", ["2"])], [("c", "IS NOT NULL", [])])
    assert in_scope(either, {"a": "1", "b": "2"}).passed
    assert not in_scope(either, {"a": "1", "b": "x"}).passed
    assert in_scope(either, {"c": "x"}).passed
    result = in_scope(either, {"a": "1", "b": "x"})
    assert [[clause["passed"] for clause in group["clauses"]] for group in result.details] == [[True, False], [False]]


@pytest.mark.parametrize("empty", [None, {}, {"groups": None}, {"groups": [], "inputFilterGroups": []}])
def test_no_filter_lets_everybody_pass(empty: Any) -> None:
    assert in_scope(empty, {}).passed


def test_input_filters_stop_before_the_scope() -> None:
    inputs = scope([("a", "IS FALSE", [])], key="inputFilterGroups")
    assert (in_scope(inputs, {"a": "False"}).passed, in_scope(inputs, {"a": "False"}).imported) == (True, True)
    assert (in_scope(inputs, {"a": "True"}).passed, in_scope(inputs, {"a": "True"}).imported) == (False, False)


def test_the_filter_of_the_example() -> None:
    users = example("customappsso_full.json")["synchronizationRules"][0]["objectMappings"][1]
    seller = {"department": "Sales", "country": "NL", "mail": "a@b", "userPrincipalName": "a@contoso.com"}
    assert in_scope(users["scope"], seller).passed
    assert not in_scope(users["scope"], {**seller, "country": "BE"}).passed
    assert in_scope(users["scope"], {**seller, "country": "BE", "employeeId": "1234567"}).passed
    tester = {"employeeId": "1234567", "userPrincipalName": "a@test.contoso.com"}
    assert not in_scope(users["scope"], tester).passed


def test_assigned_are_principals_and_direct_members() -> None:
    world = World()
    world.context.secrets["SyncAll"] = "false"
    world.context.groups["outer"] = {"id": "outer", "displayName": "Outer", "members": ["team", {"id": "cem"}]}
    assert entitlement.entitled(world.context) == set()
    world.assign("outer")
    assert entitlement.entitled(world.context) == {"outer", "cem"}
    world.assign("team")
    assert entitlement.entitled(world.context) == {"outer", "cem", "team", "ann", "bob"}


@pytest.mark.parametrize("written", ["true", "True", "TRUE"])
def test_sync_all_is_everybody(written: str) -> None:
    world = World()
    world.context.secrets["SyncAll"] = written
    assert entitlement.entitled(world.context) == {"ann", "bob", "cem", "team"}


def test_the_default_role_provisions_only_where_there_is_no_other() -> None:
    world = World()
    world.context.secrets["SyncAll"] = "false"
    world.assign("ann", role=DEFAULT_ROLE)
    assert entitlement.entitled(world.context) == set()
    world.context.app_roles = []
    assert entitlement.entitled(world.context) == {"ann"}


def test_properties_have_the_names_of_mappings() -> None:
    world = World()
    world.assign("team")
    world.context.users["ann"].update(
        businessPhones=["1", "2"],
        mobilePhone="3",
        officeLocation="HQ",
        accountEnabled=False,
        onPremisesExtensionAttributes={"extensionAttribute1": "e1"},
    )
    ann = source.properties(world.context, world.context.users["ann"])
    assert (ann["objectId"], ann["telephoneNumber"], ann["mobile"]) == ("ann", "1", "3")
    assert (ann["physicalDeliveryOfficeName"], ann["extensionAttribute1"]) == ("HQ", "e1")
    assert (ann["accountEnabled"], ann["IsSoftDeleted"]) == ("False", "True")
    assert ann["appRoleAssignments"] == [{"id": world.context.app_roles[0]["id"], "value": None, "displayName": "User"}]
    assert source.properties(world.context, world.context.users["cem"])["manager"] == "ann"
    assert source.properties(world.context, world.context.groups["team"])["members"] == ["ann", "bob"]
