# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directory extensions, from the declaration to the account in the target."""

from __future__ import annotations

import json
import ssl
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.cases import HERE, NAME, Case, application, check_message, run_cases
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

ADELE = "adele.vance@contoso.example"
COST_CENTER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
BADGE = {"name": "badge", "dataType": "String", "targetObjects": ["User"]}
ROLE = [{"name": "onboard", "ansible.builtin.include_role": {"name": "entra.provisioning.onboard"}}]


def _full_name(simulator: Simulator, name: str = "badge", owner: str = NAME) -> str:
    owners = [one for one in simulator.state()["applications"] if one["displayName"] == owner]
    return f"extension_{owners[0]['appId'].replace('-', '')}_{name}"


def _target_users(simulator: Simulator) -> list[dict[str, Any]]:
    scim = simulator.ready["scim"]
    request = urllib.request.Request(
        f"{scim['base_address']}/Users", headers={"Authorization": f"Bearer {scim['token']}"}
    )
    context = ssl.create_default_context(cafile=simulator.ready["ca_path"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(request) as answer:
        found: list[dict[str, Any]] = json.load(answer)["Resources"]
    return found


def _variables(simulator: Simulator, **more: Any) -> dict[str, Any]:
    scim = simulator.ready["scim"]
    return {
        "onboard_display_name": NAME,
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
        "onboard_users": [ADELE],
        "onboard_canary_users": [ADELE],
        "onboard_extension_attributes": [
            {"name": "badge", "target": COST_CENTER},
            {"name": "shoeSize", "data_type": "LargeInteger"},
        ],
        **more,
    }


def _badges(simulator: Simulator, value: str) -> None:
    """Give Adele a value of the extension that the first new application declares; its id is the same each time."""
    simulator.reset({"applications": [application()]})
    full_name = _full_name(simulator)
    simulator.reset({"users": [{"userPrincipalName": ADELE, full_name: value}]})


def test_the_role_declares_defines_and_maps(simulator: Simulator, run_playbook: Run) -> None:
    _badges(simulator, "B-0815")
    mappings = [{"source": "User", "attributes": [{"target": "title", "constant": "Staff"}]}]
    variables = _variables(simulator, onboard_object_mappings=mappings)
    planned = run_playbook(ROLE, extra_vars=variables, check=True)
    assert planned.rc == 0, planned.output
    assert simulator.writes() == []
    done = run_playbook(ROLE, extra_vars=variables)
    assert done.rc == 0, done.output
    names = [one["name"] for one in simulator.state()["extensionProperties"]]
    assert names == [_full_name(simulator), _full_name(simulator, "shoeSize")]
    assert f"declare the directory extension {names[0]} (String of User)" in done.output
    (adele,) = _target_users(simulator)
    assert adele["title"] == "Staff"
    assert adele[COST_CENTER.rpartition(":")[0]]["costCenter"] == "B-0815"
    mark = simulator.mark()
    again = run_playbook(ROLE, extra_vars=variables)
    assert (again.rc, again.changed) == (0, 0), again.output
    assert simulator.writes(mark) == []


def test_the_role_maps_where_the_user_named_no_mapping(simulator: Simulator, run_playbook: Run) -> None:
    _badges(simulator, "B-0816")
    result = run_playbook(ROLE, extra_vars=_variables(simulator))
    assert result.rc == 0, result.output
    (adele,) = _target_users(simulator)
    assert adele[COST_CENTER.rpartition(":")[0]]["costCenter"] == "B-0816"


def test_the_role_refuses_them_beside_a_document(simulator: Simulator, run_playbook: Run) -> None:
    variables = _variables(simulator, onboard_schema_from_job={"display_name": "Another"})
    result = run_playbook(ROLE, extra_vars=variables)
    assert result.rc != 0
    assert "Extension attributes cannot be mapped beside a whole schema" in result.output
    assert simulator.writes() == []


def test_what_a_task_costs(simulator: Simulator, run_playbook: Run) -> None:
    """One read, one more for a name; a change takes the write and a look at it."""
    simulator.reset({"applications": [application()]})
    (principal,) = [one for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME]
    ways = [{"app_id": principal["appId"]}, {"display_name": NAME}, {"service_principal_id": principal["id"]}]
    counts = []
    for options in ways * 2:
        mark = simulator.mark()
        result = run_playbook([{"entra.provisioning.extension_attribute": {"name": "badge", **options}}])
        assert result.rc == 0, result.output
        sent = [one for one in simulator.requests(mark) if one["path"].startswith("/v1.0/")]
        counts.append((result.changed, len(sent)))
    assert counts == [(1, 3), (0, 2), (0, 2), (0, 1), (0, 2), (0, 2)]


def test_it_is_seen_before_the_task_ends(simulator: Simulator, run_playbook: Run) -> None:
    """An application and an extension that the replicas do not know yet."""
    simulator.quirks(replication=1.5, page_size=1)
    tasks: list[dict[str, Any]] = [
        {"entra.provisioning.gallery_application": {"display_name": NAME}},
        *({"entra.provisioning.extension_attribute": {"display_name": NAME, "name": name}} for name in ("a", "b", "b")),
    ]
    result = run_playbook(tasks)
    assert result.rc == 0, result.output
    assert [task.changed for task in result.tasks] == [True, True, True, False]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_broken_connection_declares_it_once(simulator: Simulator, run_playbook: Run, fault: str) -> None:
    simulator.reset({"applications": [application()]})
    simulator.faults([{"match": {"method": "POST", "path": "extensionProperties"}, "fault": fault}])
    tasks = [{"entra.provisioning.extension_attribute": {"display_name": NAME, "name": "badge"}}]
    # Where a look shows that it did not arrive, it is sent once more.
    result = run_playbook(tasks)
    assert (result.rc, result.changed) == (0, 1), result.output
    assert run_playbook(tasks).changed == 0
    assert [one["name"] for one in simulator.state()["extensionProperties"]] == [_full_name(simulator)]


CASES = [
    Case("another case", "extension_attribute", {"name": "BADGE"}, ["{badge}, which differs", "only in case"]),
    Case(
        "another type", "extension_attribute", {"name": "badge", "data_type": "Integer"}, ["holds String, not Integer"]
    ),
    Case("others", "extension_attribute", {"name": "badge", "target_objects": ["Group"]}, ["it is not for Group"]),
    Case("several values", "extension_attribute", {"name": "tags"}, ["multi-valued, which provisioning cannot map"]),
    Case(
        "no consent", "extension_attribute", {"name": "badge", "state": "absent"}, ["limit of 100", "confirm to true"]
    ),
    Case(
        "from elsewhere",
        "extension_attribute",
        {"name": "synced", "state": "absent", "confirm": True},
        ["Entra Connect"],
    ),
    Case("the full name", "extension_attribute", {"name": "{badge}"}, ["The option name takes 'badge'"]),
    Case("a blank", "extension_attribute", {"name": "badge number"}, ["letters, digits and underscores only"]),
    Case(
        "another tenant's",
        "extension_attribute",
        {"app_id": "99999999-0000-4000-8000-000000000000", "name": "badge"},
        ["no application object in this tenant"],
        answered=True,
    ),
    Case(
        "a reader",
        "extension_attribute",
        {"name": "other", "client_id": "{reader}", "client_secret": "{reader_secret}"},
        ["Could not declare a directory extension", "permission Application.ReadWrite.All,"],
        answered=True,
    ),
    Case(
        "nobody",
        "extension_attribute",
        {"name": "other", "client_id": "{nobody}", "client_secret": "{nobody_secret}"},
        ["permission Application.Read.All,"],
        answered=True,
    ),
]


@pytest.mark.parametrize("door", DOORS)
def test_a_refusal_says_what_is_wrong_and_changes_nothing(simulator: Simulator, door: str) -> None:
    stored = [
        BADGE,
        {**BADGE, "name": "tags", "isMultiValued": True},
        {**BADGE, "name": "synced", "isSyncedFromOnPremises": True},
    ]
    simulator.reset({"applications": [application(extensions=stored)]})
    places = {"badge": _full_name(simulator)}
    for number, who in ((1, "reader"), (2, "nobody")):
        client = simulator.client(number)
        places.update({who: client["client_id"], f"{who}_secret": client["client_secret"]})
    cases = [replace(one, options={**({} if "app_id" in one.options else HERE), **one.options}) for one in CASES]
    outcome = run_cases(simulator, cases, places, door)
    for case in cases:
        says = [text.format(**places) for text in case.says]
        check_message(outcome.tasks[case.name].result["msg"], says, answered=case.answered)
    assert len(simulator.state()["extensionProperties"]) == 3
    assert [one for one in outcome.writes if one["status"] < 300] == []


def test_it_is_removed(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application(extensions=[BADGE])]})
    options = {"display_name": NAME, "name": "badge", "state": "absent", "confirm": True}
    tasks = [{"entra.provisioning.extension_attribute": options}]
    planned = run_playbook(tasks, check=True, diff=True)
    assert simulator.writes() == []
    done = run_playbook(tasks, diff=True)
    assert planned.last.result["changes"] == done.last.result["changes"]
    assert planned.last.result["diff"] == done.last.result["diff"]
    assert simulator.state()["extensionProperties"] == []
    assert run_playbook(tasks).changed == 0
