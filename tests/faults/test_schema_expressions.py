# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions: asked of the service where they are new, in one request, and tried before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.cases import NAME, application, check_message
from tests.faults.mappings import MODULE, clause, group, puts, steps, stored, task, users
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

TEMPLATE = "entra.provisioning.sync_template"
JOIN = 'Join(" ", [givenName], [surname])'
SEED = {"applications": [application(jobs=[{"template_id": "scim"}])]}
BADGE = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
# What comes before and after the questions: where the job is, and writing.
FIND, WRITE = ["GET servicePrincipals", "GET jobs", "GET schema"], ["GET schema", "PUT schema", "GET schema"]


@pytest.fixture
def noisy(simulator: Simulator) -> Simulator:
    """A job whose schema the service tells differently on every read."""
    simulator.reset(SEED)
    simulator.quirks(schema_echo="noise")
    return simulator


def _asked(simulator: Simulator, since: int = 0) -> list[str]:
    """The expressions that the service was asked about, in one request or in several."""
    found = []
    for request in simulator.requests(since):
        inside = (request["body"] or {}).get("requests", []) if request["path"].endswith("/$batch") else []
        paths = [(request["path"], request["body"]), *((one["url"], one.get("body")) for one in inside)]
        found += [body["expression"] for path, body in paths if path.endswith("/parseExpression")]
    return found


def _source(simulator: Simulator, target: str) -> dict[str, Any]:
    mappings = stored(simulator)["synchronizationRules"][0]["objectMappings"]
    people = next(one for one in mappings if one["sourceObjectName"] == "User")
    found: dict[str, Any] = next(
        one["source"] for one in people["attributeMappings"] if one["targetAttributeName"] == target
    )
    return found


def test_only_new_expressions_are_asked_about(noisy: Simulator, run_playbook: Run) -> None:
    steps_of: dict[str, list[str]] = {}
    asked: dict[str, list[str]] = {}
    cases = {
        "no function": users({"target": "title", "attribute": "department"}, {"target": "nickName", "constant": "n"}),
        "one": users({"target": "title", "expression": "ToUpper([department])"}),
        "the same": users({"target": "title", "expression": "ToUpper( [department] )"}),
        "one that another mapping has": users(
            {"target": "displayName", "expression": 'Join(" ",[givenName],[surname])'}
        ),
        "the same in two": users(
            {"target": "displayName", "expression": "Left([surname], 3)"},
            {"target": "nickName", "expression": "Left([surname], 3)"},
        ),
        "a name beside": users({"target": "title", "expression": "ToUpper([department])", "default": "Staff"}),
    }
    for name, mappings in cases.items():
        mark = noisy.mark()
        result = run_playbook([task(object_mappings=mappings)])
        assert result.last.status == "ok", result.last.result
        steps_of[name] = [step for step in steps(noisy, mark) if "openid-configuration" not in step]
        asked[name] = _asked(noisy, mark)
    assert asked == {
        "no function": [],
        "one": ["ToUpper([department])"],
        "the same": [],
        "one that another mapping has": [],
        "the same in two": ["Left([surname], 3)"],
        "a name beside": [],
    }
    assert steps_of["one"] == [*FIND, "POST parseExpression", *WRITE]
    assert steps_of["the same"] == FIND
    assert steps_of["one that another mapping has"] == [*FIND, *WRITE]
    assert len(puts(noisy)) == 5
    assert _source(noisy, "title")["name"] == "ToUpper"
    assert _source(noisy, "nickName") == _source(noisy, "displayName")


@pytest.mark.parametrize("batch", ["works", "refused"])
def test_several_are_asked_about_together(noisy: Simulator, run_playbook: Run, batch: str) -> None:
    texts = {"title": "ToUpper([department])", "nickName": "Left([givenName], 3)", "displayName": JOIN + " "}
    texts |= {"locale": 'Replace([preferredLanguage], "-", , , "_", , )', "timezone": "StripSpaces([city])"}
    if batch == "refused":
        noisy.quirks(batch="refused")
    wishes = users(*({"target": target, "expression": text} for target, text in texts.items()))
    result = run_playbook([task(object_mappings=wishes), task(object_mappings=wishes)])
    assert [one.changed for one in result.tasks] == [True, False], result.tasks[0].result
    new = {text for target, text in texts.items() if target != "displayName"}
    posts = [step for step in steps(noisy) if step.startswith("POST")]
    if batch == "works":
        assert posts == ["POST $batch"]
        assert sorted(_asked(noisy)) == sorted(new)
    else:
        assert posts == ["POST $batch"] + ["POST parseExpression"] * len(new)
    assert len(puts(noisy)) == 1
    for target, text in texts.items():
        source = _source(noisy, target)
        assert source["type"] == "Function", target
        assert source["name"] == text.split("(")[0], target
        assert source["parameters"], target


def test_those_of_a_portable_document_and_of_a_template_too(noisy: Simulator, run_playbook: Run) -> None:
    document = {
        "object_mappings": [
            {
                "source": "User",
                "target": ENTERPRISE,
                "attributes": [
                    {"target": "userName", "attribute": "userPrincipalName", "matching_priority": 1},
                    {"target": "displayName", "expression": 'Join(", ", [surname], [givenName])'},
                    {"target": "title", "expression": "ToUpper([jobTitle])"},
                    {"target": "name.formatted", "expression": JOIN},
                ],
            }
        ]
    }
    of_template = task(module=TEMPLATE, template_id="scim", schema=document)
    result = run_playbook([task(schema=document), task(schema=document), of_template, of_template])
    assert [one.status for one in result.tasks] == ["ok"] * 4, result.output
    assert [one.changed for one in result.tasks] == [True, False, True, False]
    new = ['Join(", ", [surname], [givenName])', "ToUpper([jobTitle])"]
    assert sorted(_asked(noisy)) == sorted([*new, *new])
    assert _source(noisy, "name.formatted")["name"] == "Join"
    assert [one["path"].split("/")[2] for one in puts(noisy)] == ["servicePrincipals", "applications"]


def test_nothing_is_written_where_one_of_several_cannot_be_parsed(noisy: Simulator, run_playbook: Run) -> None:
    wishes = users(
        {"target": "nickName", "expression": "ToUpper([mail])"},
        {"target": "title", "expression": 'Append([department]\n, "x"'},
        scope=[group("Sales", clause("department", "EQUALS", "Sales"))],
    )
    for check in (True, False):
        one = run_playbook([task(object_mappings=wishes, backup=True)], check=check).last
        assert (one.status, one.changed) == ("ignored", False)
        says = [
            "nothing was written",
            "ends too early (line 2, column 6).",
            "Functions are: AppRoleAssignments, AppRole",
        ]
        check_message(one.result["msg"], says, answered=False)
        assert one.result["error"]["expressions"] == ['Append([department]\n, "x"']
    assert noisy.writes() == []
    assert stored(noisy) is None


@pytest.mark.parametrize("status", [400, 403])
def test_a_service_that_does_not_answer_about_one_of_several(noisy: Simulator, run_playbook: Run, status: int) -> None:
    noisy.faults([{"match": {"path": "parseExpression"}, "fault": "status", "status": status, "skip": 1}])
    wishes = users(
        {"target": "nickName", "expression": "ToUpper([mail])"}, {"target": "title", "expression": "ToLower([mail])"}
    )
    one = run_playbook([task(object_mappings=wishes)]).last
    # An answer inside a batch has no headers, and this one no body that would name the request.
    check_message(one.result["msg"], ["Could not parse an expression", f"answered {status}"], answered=False)
    assert noisy.faults_left() == [0]
    assert noisy.writes() == []


MODULES: list[tuple[str, dict[str, Any]]] = [(MODULE, {}), (TEMPLATE, {"template_id": "scim"})]
TESTS: dict[str, list[dict[str, Any]]] = {
    "a text": [{"expression": JOIN, "input": {"givenName": "A", "surname": "B"}, "expect": "A B"}],
    "a boolean as the service spells it": [
        {
            "expression": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
            "input": {"IsSoftDeleted": False},
            "expect": True,
        }
    ],
    "a number": [{"expression": "Append([employeeId], [employeeId])", "input": {"employeeId": 7}, "expect": 77}],
    "nothing": [
        {"expression": "[mail]", "input": {"mail": None}, "expect": []},
        {"expression": "[mail]", "expect": "{{ none_at_all }}"},
    ],
    "a list": [{"expression": 'Split([mail], ";")', "input": {"mail": "a;b"}, "expect": ["a", "b"]}],
    "a list of one": [{"expression": "[mail]", "input": {"mail": "a"}, "expect": ["a"]}],
    "more than one batch holds": [
        {"expression": f'Append([mail], "{number}")', "input": {"mail": "m"}, "expect": f"m{number}"}
        for number in range(25)
    ],
}


def test_tests_that_hold(noisy: Simulator, run_playbook: Run) -> None:
    tasks = [
        task(module=module, expression_tests=tests, **more) for tests in TESTS.values() for module, more in MODULES
    ]
    variables = {"none_at_all": None}
    for check in (True, False):
        for one in run_playbook(tasks, check=check, extra_vars=variables).tasks:
            assert (one.status, one.changed) == ("ok", False), one.result
    assert noisy.writes() == []
    assert sum(1 for step in steps(noisy) if step == "POST $batch") == 2 * 2 * 3


def test_a_failed_test_stops_what_would_be_written(noisy: Simulator, run_playbook: Run) -> None:
    text = 'Append("B-", [employeeId])'
    definition = [{"directory": "target", "object": ENTERPRISE, "name": BADGE}]
    wishes: dict[str, Any] = {
        "object_mappings": users({"target": BADGE, "expression": text}),
        "custom_attributes": definition,
    }
    tried = {"expression": text, "input": {"employeeId": "4711"}}
    wrong = {**wishes, "expression_tests": [{**tried, "expect": "B4711"}]}
    right = {**wishes, "expression_tests": [{**tried, "expect": "B-4711"}]}
    more = dict(MODULES[1][1])
    for check in (True, False):
        for one in run_playbook([task(**wrong), task(module=TEMPLATE, **more, **wrong)], check=check).tasks:
            assert (one.status, one.changed) == ("ignored", False)
            assert "expected 'B4711', got 'B-4711'" in one.result["msg"]
            assert len(one.result["error"]["failed_tests"]) == 1
    assert noisy.writes() == []
    result = run_playbook([task(**right), task(**right), task(module=TEMPLATE, **more, **right)])
    assert [one.changed for one in result.tasks] == [True, False, True], result.tasks[0].result
    assert len(puts(noisy)) == 2


def test_of_an_application_to_come_nothing_can_be_tried(simulator: Simulator, run_playbook: Run) -> None:
    """In check mode, where an earlier task would have made it; the task says so instead of telling a success."""
    make = {"entra.provisioning.gallery_application": {"display_name": NAME}, "register": "made"}
    options = {
        "service_principal_id": "{{ made.service_principal.id }}",
        "object_mappings": users({"target": "title", "attribute": "department"}),
        "expression_tests": TESTS["a text"],
    }
    one = run_playbook([make, {MODULE: options}], check=True).last
    assert one.status == "ok", one.result
    assert one.result["changes"] == ["make the schema what the options say"]
    assert ["expression tests were not run" in text for text in one.result["warnings"]] == [True]
    assert simulator.writes() == []
