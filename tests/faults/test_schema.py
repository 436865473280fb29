# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole schemas: written when they mean something else, never otherwise, and never by half."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.faults.cases import NAME, application, check_message
from tests.faults.life import example, meaning
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

Run = Callable[..., Result]

INBOUND_API = "40d8f01e-b0d7-4b4f-938b-05190712e598"
CLOUD_SYNC = "1a4721b3-e57f-4451-ae87-ef078703ec94"
# The jobs here have run before, so that every risk has to be allowed.
ALL = ("matching", "scope", "active", "delete_flow")
# Document, application template, synchronization template.
WHOLE = [
    ("customappsso_default", None, "scim"),
    ("customappsso_full", None, "scim"),
    ("customappsso_full.server_echo", None, "customappsso"),
    ("api2aad_inbound", INBOUND_API, "API2AAD"),
    ("ad2aad_cloud_sync_excerpt", CLOUD_SYNC, "AD2AADProvisioning"),
]


def _seeded(simulator: Simulator, template: str | None, sync_template: str, schema: dict[str, Any] | None) -> None:
    job = {"template_id": sync_template, "state": "paused", **({"schema": schema} if schema else {})}
    more = {"application_template_id": template} if template else {}
    simulator.reset({"applications": [application(jobs=[job], **more)]})


def _stored(simulator: Simulator) -> Any:
    """The schema of the only job, None while it is the template's; what the service manages is left out."""
    jobs = [job for one in simulator.state()["synchronization"].values() for job in one["jobs"].values()]
    return jobs[0]["schema"] and _told(jobs[0]["schema"])


def _told(document: dict[str, Any]) -> Any:
    plain = {name: value for name, value in document.items() if "@odata." not in name}
    managed = ("discoverabilities", "discoveryDateTime", "readOnly")
    directories = [
        {name: value for name, value in one.items() if name not in managed} for one in document["directories"]
    ]
    return meaning({**plain, "directories": directories})


def _without_a_mapping(document: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["id"], changed["version"] = "any", "v0"
    for rule in changed["synchronizationRules"]:
        rule["objectMappings"][0]["attributeMappings"].pop()
    return changed


def _schema_task(document: dict[str, Any], allow: Sequence[str] = ALL) -> dict[str, Any]:
    options = {"display_name": NAME, "schema": document, "allow": list(allow), "timeout": 30}
    return {"entra.provisioning.sync_schema": options}


# How the service tells a schema that it was given.
ECHOES = mostly(["none", "noise"], ["noise"], "The same, told back as it was written.")


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize(
    ("document", "template", "sync_template"), mostly(WHOLE, WHOLE[2:5:2], "The same with another document.")
)
def test_a_whole_document(
    simulator: Simulator, run_playbook: Run, document: str, template: str | None, sync_template: str, echo: str
) -> None:
    wanted = example(document)
    _seeded(simulator, template, sync_template, _without_a_mapping(wanted))
    simulator.quirks(schema_echo=echo)
    info = {"display_name": NAME, "gather": ["schema"]}
    fed_back = _schema_task({})
    fed_back["entra.provisioning.sync_schema"]["schema"] = "{{ read.applications[0].schema[0].schema }}"
    first, *others = run_playbook(
        [
            _schema_task(wanted),
            _schema_task(wanted),
            {"entra.provisioning.sync_info": info, "register": "read"},
            fed_back,
        ]
    ).tasks
    assert first.status == "ok", first.result
    assert first.changed
    assert [(one.status, one.changed) for one in others] == [("ok", False)] * 3
    assert [one["method"] for one in simulator.writes()] == ["PUT"]
    assert _stored(simulator) == _told(wanted)


def test_the_echo_of_a_schema_is_no_difference(simulator: Simulator, run_playbook: Run) -> None:
    _seeded(simulator, None, "scim", None)
    result = run_playbook([_schema_task(example(f"customappsso_full{end}")) for end in ("", ".server_echo", "")])
    assert [task.changed for task in result.tasks] == [True, False, False]


@pytest.mark.parametrize("echo", ECHOES)
def test_from_another_job_and_back_to_the_default(simulator: Simulator, run_playbook: Run, echo: str) -> None:
    full = example("customappsso_full")
    simulator.reset(
        {
            "applications": [
                application(jobs=[{"template_id": "scim"}]),
                application("Staging", jobs=[{"template_id": "customappsso", "schema": full}]),
            ]
        }
    )
    simulator.quirks(schema_echo=echo)
    copied = {"display_name": NAME, "from_job": {"display_name": "Staging", "template_id": "customappsso"}}
    default = {"display_name": NAME, "state": "default"}
    result = run_playbook(
        [{"entra.provisioning.sync_schema": options} for options in (default, copied, copied, default, default)]
    )
    assert result.rc == 0, result.output
    assert [task.changed for task in result.tasks] == [False, True, False, True, False]
    assert [one["method"] for one in simulator.writes()] == ["PUT", "DELETE"]
    assert _stored(simulator) is None


def test_the_difference_is_told_in_attributes(simulator: Simulator, run_playbook: Run) -> None:
    _seeded(simulator, None, "scim", None)
    document = example("customappsso_default")
    people = next(
        one for one in document["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"] == "User"
    )
    by_target = {one["targetAttributeName"]: one for one in people["attributeMappings"]}
    by_target["userName"]["source"] = {"name": "mail", "type": "Attribute", "expression": "[mail]", "parameters": []}
    people["attributeMappings"].remove(by_target["title"])
    people["scope"] = {"groups": [{"name": "Sales", "clauses": [_clause("department", "EQUALS", "Sales")]}]}
    task = run_playbook([_schema_task(document)], diff=True).last
    assert task.result["changes"] == [
        'User → User / scope / Sales: department EQUALS "Sales" (new)',
        "User → User / title: removed (was [jobTitle])",
        "User → User / userName: [userPrincipalName] → [mail]",
    ]
    assert task.result["risks"] == ["mapping", "matching", "scope"]
    assert "userName: [userPrincipalName]" in task.result["diff"]["before"]
    assert "userName: [mail]" in task.result["diff"]["after"]
    people["scope"]["groups"][0]["clauses"][0]["targetOperand"]["values"] = ["Engineering"]
    task = run_playbook([_schema_task(document)]).last
    assert task.result["changes"] == ['User → User / scope / Sales / department: EQUALS "Sales" → EQUALS "Engineering"']
    assert task.result["risks"] == ["scope"]


def _clause(attribute: str, operator: str, value: str) -> dict[str, Any]:
    return {"sourceOperandName": attribute, "operatorName": operator, "targetOperand": {"values": [value]}}


def _spoiled(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    document = example("customappsso_full")
    rule = document["synchronizationRules"][0]
    change(next(one for one in rule["objectMappings"] if one["sourceObjectName"] == "User"))
    return document


REFUSED = {
    "unknown target attribute": (
        _spoiled(lambda mapping: mapping["attributeMappings"][0].update(targetAttributeName="shoeSize")),
        "shoeSize",
    ),
    "unknown source attribute": (
        _spoiled(
            lambda mapping: mapping["attributeMappings"][0].update(
                source={"name": "shoeSize", "type": "Attribute", "expression": "[shoeSize]", "parameters": []}
            )
        ),
        "shoeSize",
    ),
    "enum in the wrong case": (
        _spoiled(lambda mapping: mapping["attributeMappings"][0].update(flowType="always")),
        "Requested value 'always' was not found",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_service_refuses_leaves_the_schema_as_it_is(
    simulator: Simulator, run_playbook: Run, case: str
) -> None:
    document, says = REFUSED[case]
    _seeded(simulator, None, "scim", None)
    task = run_playbook([_schema_task(document)]).last
    assert (task.status, task.changed) == ("failed", False)
    check_message(task.result["msg"], ["replace the schema of the synchronization job", says], answered=True)
    assert "were made" not in task.result["msg"]
    assert _stored(simulator) is None


@pytest.mark.parametrize("echo", ECHOES)
def test_an_operator_that_does_not_exist_is_refused_before_the_write(
    simulator: Simulator, run_playbook: Run, echo: str
) -> None:
    document = _spoiled(lambda mapping: mapping["scope"]["groups"][0]["clauses"][0].update(operatorName="EQUAL"))
    _seeded(simulator, None, "scim", None)
    simulator.quirks(schema_echo=echo)
    task = run_playbook([_schema_task(document)]).last
    assert (task.status, task.changed) == ("failed", False)
    says = ["There is no operator 'EQUAL'. Nearest: EQUALS", "Operators are: ", "IS NOT NULL", "REGEX MATCH"]
    check_message(task.result["msg"], says, answered=False)
    assert simulator.writes() == []


PARTIAL: list[tuple[dict[str, Any], str]] = [
    ({}, "synchronizationRules"),
    ({"synchronizationRules": []}, "directories"),
    ({"directories": example("customappsso_full")["directories"]}, "synchronizationRules"),
    ({"synchronizationRules": {}, "directories": []}, "synchronizationRules"),
]


def test_half_a_document_is_refused_before_any_request(simulator: Simulator, run_playbook: Run) -> None:
    _seeded(simulator, None, "scim", None)
    tasks = [
        {f"entra.provisioning.{module}": {"display_name": NAME, "schema": document, **more}, "ignore_errors": True}
        for document, _part in PARTIAL
        for module, more in (("sync_schema", {}), ("sync_template", {"template_id": "scim"}))
    ]
    result = run_playbook(tasks)
    for number, task in enumerate(result.tasks):
        check_message(task.result["msg"], ["no whole schema", PARTIAL[number // 2][1]], answered=False)
    assert len(result.tasks) == 2 * len(PARTIAL)
    assert simulator.requests() == []
