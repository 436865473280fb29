# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Provisioning on demand: calls and results."""

from __future__ import annotations

import json
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import on_demand
from ansible_collections.entra.provisioning.plugins.module_utils._sync.assignments import Member
from ansible_collections.entra.provisioning.plugins.module_utils._sync.on_demand import Rule, Subject
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.tests.unit.examples import example
from hypothesis import strategies as st

ADA = Subject(Member("User", "u1", "ada"))
GROUP = Member("Group", "g1", "Sales")
STATUS_INFO = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"


def _detail(status: str = "Success", action: str = "Create", **info: t.Any) -> dict[str, t.Any]:
    return {
        "action": action,
        "modifiedProperties": [{"displayName": "userName", "oldValue": None, "newValue": "ada@x"}],
        "provisioningSteps": [
            {
                "name": "EntryImport",
                "type": "Import",
                "status": "Success",
                "description": "d",
                "details": {"mail": "x"},
            },
            {"name": "EntryExportAdd", "type": "Export", "status": status},
        ],
        "statusInfo": {"status": status, **info},
    }


def _reference(detail: dict[str, t.Any], result: str = "Success", **details: t.Any) -> dict[str, t.Any]:
    key = {"result": result, "details": details or None}
    return {"key": json.dumps(key), "value": json.dumps(detail)}


def _live(*details: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"key": STATUS_INFO, "value": json.dumps(details)}


@pytest.mark.parametrize("shape", [_reference, _live])
def test_both_shapes_say_the_same(shape: t.Callable[[dict[str, t.Any]], dict[str, t.Any]]) -> None:
    told = on_demand.result(ADA, shape(_detail()))
    assert told == {
        "name": "ada",
        "id": "u1",
        "type": "User",
        "members": [],
        "status": "success",
        "imported": True,
        "in_scope": None,
        "matched": None,
        "action": "create",
        "exported": True,
        "ok": True,
        "error_code": "",
        "reason": "",
        "request_id": "",
        "steps": [
            {"type": "import", "name": "EntryImport", "status": "success", "description": "d"},
            {"type": "export", "name": "EntryExportAdd", "status": "success", "description": None},
        ],
        "modified": ["userName"],
    }


def test_values_of_attributes_do_not_come_out() -> None:
    assert "ada@x" not in json.dumps(on_demand.result(ADA, _live(_detail())))


@pytest.mark.parametrize(
    ("answer", "ok", "exported", "code"),
    [
        (
            _reference(_detail("Skipped", "Other"), "Skipped", errorCode="RedundantExport"),
            True,
            False,
            "RedundantExport",
        ),
        (_live(_detail("Skipped", "Other", errorCode="RedundantExport")), True, False, "RedundantExport"),
        (
            _live(_detail("Skipped", "Other", errorCode="NotEffectivelyEntitled")),
            False,
            False,
            "NotEffectivelyEntitled",
        ),
        (_live(_detail("Failure", "Create", errorCode="X")), False, False, "X"),
        (_reference(_detail(), "Failure", errorCode="X", errorMessage="why"), False, False, "X"),
        (_live(_detail("Warning", "Update")), True, True, ""),
        (_live(_detail("Success", "Other")), True, False, ""),
        (_live(_detail("Success", "Disable")), True, True, ""),
    ],
)
def test_answer_200_does_not_mean_provisioned(answer: t.Any, ok: bool, exported: bool, code: str) -> None:
    told = on_demand.result(ADA, answer)
    assert (told["ok"], told["exported"], told["error_code"]) == (ok, exported, code)
    assert bool(told["modified"]) is exported


def test_the_reason_is_found_in_either_shape() -> None:
    assert on_demand.result(ADA, _reference(_detail(), "Failure", errorMessage="why"))["reason"] == "why"
    assert on_demand.result(ADA, _live(_detail("Failure", reason="why")))["reason"] == "why"
    assert on_demand.result(ADA, _live(_detail("Failure", additionalDetails="why")))["reason"] == "why"


@pytest.mark.parametrize("answer", [None, {}, {"key": STATUS_INFO, "value": "[]"}, {"key": "", "value": "{}"}])
def test_an_empty_answer_is_no_success(answer: t.Any) -> None:
    told = on_demand.result(ADA, answer)
    assert (told["ok"], told["exported"], told["status"]) == (False, False, "unknown")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["result", "details", "statusInfo", "action", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@hypothesis.given(JSON, JSON)
def test_no_answer_breaks_it(key: t.Any, value: t.Any) -> None:
    for answer_body in ({"key": key, "value": value}, {"key": json.dumps(key), "value": json.dumps(value)}):
        told = on_demand.result(ADA, answer_body)
        assert isinstance(told["ok"], bool)
        assert not (told["exported"] and not told["ok"])


@pytest.mark.parametrize(
    ("info", "soon"),
    [
        ({"errorCode": "NotEffectivelyEntitled", "reason": "The user is not effectively entitled"}, True),
        ({"errorCode": "X", "reason": "The user is not assigned to the application"}, True),
        ({"errorCode": "InvalidCredentials", "reason": "401"}, False),
    ],
)
def test_an_assignment_may_not_be_known_yet(info: dict[str, str], soon: bool) -> None:
    assert on_demand.too_soon(on_demand.result(ADA, _live(_detail("Skipped", "Other", **info)))) is soon
    assert not on_demand.too_soon(on_demand.result(ADA, _live(_detail("Success", "Create", **info))))


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (5, [5]), (6, [5, 1]), (11, [5, 5, 1])])
def test_members_of_a_group_go_five_by_five(count: int, sizes: list[int]) -> None:
    people = [Member("User", f"u{number}", f"n{number}") for number in range(count)]
    found = on_demand.chunks(GROUP, people)
    assert [len(one.links) for one in found] == sizes
    assert [member for one in found for member in one.links] == people
    assert {one.member for one in found} == {GROUP}


def test_the_request() -> None:
    rule = Rule("rule#V2", "Group", "Microsoft Entra ID")
    call = on_demand.call(Principal("sp"), "scim.1", rule, Subject(GROUP, (ADA.member,)))
    assert call.path == "/servicePrincipals/sp/synchronization/jobs/scim.1/provisionOnDemand"
    assert not call.endpoint.repeatable
    links = {"members": [{"objectId": "u1", "objectTypeName": "User"}]}
    subject = {"objectId": "g1", "objectTypeName": "Group", "links": links}
    assert call.body == {"parameters": [{"ruleId": "rule#V2", "subjects": [subject]}]}
    alone = on_demand.call(Principal("sp"), "scim.1", rule, ADA)
    assert "links" not in alone.body["parameters"][0]["subjects"][0]


def test_the_rule_is_that_of_the_object() -> None:
    schema = example("customappsso_full")
    known = "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8#V2", "Azure Active Directory"
    assert on_demand.rule(schema, "User") == Rule(known[0], "User", known[1])
    assert on_demand.rule(schema, "group") == Rule(known[0], "Group", known[1])
    with pytest.raises(ProvisioningError, match="objects of the type Device"):
        on_demand.rule(schema, "Device")
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        mapping["enabled"] = mapping["sourceObjectName"] != "Group"
    with pytest.raises(ProvisioningError, match="objects of the type Group"):
        on_demand.rule(schema, "Group")
    assert on_demand.rule(schema, None).kind == "User"


def test_a_rule_that_has_what_goes_along_is_preferred() -> None:
    groups = {"id": "g", "priority": 0, "objectMappings": [{"sourceObjectName": "Group"}]}
    both = {
        "id": "b#V2",
        "priority": 1,
        "objectMappings": [{"sourceObjectName": "User"}, {"sourceObjectName": "Group"}],
    }
    assert on_demand.rule({"synchronizationRules": [both, groups]}, "Group", "User").id == "b#V2"
    assert on_demand.rule({"synchronizationRules": [both, groups]}, "Group").id == "g"
    assert on_demand.rule({"synchronizationRules": [groups]}, "Group", "User").id == "g"


def test_objects_of_another_source_have_their_own_types() -> None:
    schema = example("ad2aad_cloud_sync_excerpt")
    assert on_demand.rule(schema, "User").kind == "user"
    assert on_demand.rule(schema, "inetorgperson").kind == "inetOrgPerson"
    with pytest.raises(ProvisioningError, match="types inetOrgPerson, user. Say in the option subjects"):
        on_demand.rule(schema, None)
    with pytest.raises(ProvisioningError, match="named by their id there with the option subjects"):
        on_demand.rule(schema, "Worker")
    with pytest.raises(ProvisioningError, match=r"types \(none\)"):
        on_demand.rule({}, None)


def test_a_success_without_details_counts_as_a_change() -> None:
    told = on_demand.result(ADA, {"key": '{"result": "Success"}', "value": "{}"})
    assert (told["ok"], told["exported"], told["action"], told["modified"]) == (True, True, "other", [])


def _steps(*ends: tuple[str, str]) -> list[dict[str, str]]:
    return [{"type": kind, "status": end} for kind, end in ends]


@pytest.mark.parametrize(
    ("action", "steps", "passed"),
    [
        ("Create", [("Import", "Success"), ("Scoping", "Success"), ("Matching", "Success")], (True, True, False)),
        ("Update", [("Import", "Success"), ("Scoping", "Success"), ("Matching", "Success")], (True, True, True)),
        ("Other", [("Import", "Success"), ("Scoping", "Skipped")], (True, False, None)),
        ("Other", [("Import", "Failure")], (False, None, None)),
        ("Other", [("Import", "Success"), ("Scoping", "Success"), ("Matching", "Failure")], (True, True, False)),
    ],
)
def test_how_far_a_subject_came(
    action: str, steps: list[tuple[str, str]], passed: tuple[bool | None, bool | None, bool | None]
) -> None:
    detail = {**_detail("Success", action), "provisioningSteps": _steps(*steps)}
    told = on_demand.result(ADA, _live(detail))
    assert (told["imported"], told["in_scope"], told["matched"]) == passed


def _of(who: str, status: str, action: str = "Create", **info: t.Any) -> dict[str, t.Any]:
    return {**_detail(status, action, **info), "sourceIdentity": {"id": who}}


@pytest.mark.parametrize(
    ("details", "ok", "exported", "code"),
    [
        ([_of("g1", "Success"), _of("u1", "Success")], True, True, ""),
        # A member who is blocked is skipped, and does not spoil the group; one that fails does.
        ([_of("g1", "Success"), _of("u1", "Skipped", "Other", errorCode="NotActive")], True, True, ""),
        ([_of("g1", "Success"), _of("u1", "Failure", errorCode="Duplicate")], False, False, "Duplicate"),
        ([_of("u1", "Success"), _of("g1", "Skipped", "Other", errorCode="NotInScope")], False, False, "NotInScope"),
        ([_of("g1", "Success", "Other"), _of("u1", "Success")], True, True, ""),
    ],
)
def test_a_group_is_told_with_its_members(details: list[dict[str, t.Any]], ok: bool, exported: bool, code: str) -> None:
    told = on_demand.result(Subject(GROUP, (ADA.member,)), _live(*details))
    assert (told["ok"], told["exported"], told["error_code"]) == (ok, exported, code)


def test_what_is_refused_has_the_request_id() -> None:
    told = on_demand.refused(ADA, "RequestParameterInvalid", "no", "r-1")
    assert (told["status"], told["ok"], told["exported"]) == ("refused", False, False)
    assert (told["error_code"], told["reason"], told["request_id"]) == ("RequestParameterInvalid", "no", "r-1")
