# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offboarding: what becomes of the accounts, the job and the secrets."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.faults.cases import BEN, NAME, application
from tests.faults.life import target
from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import Simulator

ADELE, CARLA = "adele.vance@contoso.example", "carla.diaz@contoso.example"
THRESHOLD = json.dumps({"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 2})
KEEP = {"offboard_accounts": "keep"}
DISABLE = {"offboard_accounts": "disable", "offboard_confirm": True}


def _seed(simulator: Simulator, **secrets: str) -> dict[str, Any]:
    """An application that has provisioned three people and a group; returns its secrets for the role."""
    scim = simulator.ready["scim"]
    bag = {"BaseAddress": scim["base_address"], "SecretToken": scim["token"], "SyncAll": "false", **secrets}
    jobs = [{"template_id": "scim", "state": "active"}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=bag, assigned=[ADELE, "Sales team"])]})
    simulator.clock("PT41M")
    return {"offboard_secrets": {"SecretToken": scim["token"]}}


def _offboard(simulator: Simulator, variables: dict[str, Any], **how: Any) -> Result:
    return run_playbook(
        "entra.provisioning.offboard",
        extra_vars={"offboard_display_name": NAME, **variables},
        env=simulator.environment(),
        **how,
    )


def _summary(result: Result) -> list[str]:
    found: list[str] = next(one.result["msg"] for one in result.tasks if one.name.endswith(": Summary"))
    return found


def _people(simulator: Simulator) -> dict[str, bool]:
    return {one["userName"]: one["active"] for one in target(simulator)["Users"]}


def _kept(simulator: Simulator) -> dict[str, Any]:
    """What the service has of the application, which must be there in all cases."""
    state = simulator.state()
    sp = next(one["id"] for one in state["servicePrincipals"] if one["displayName"] == NAME)
    found: dict[str, Any] = state["synchronization"][sp]
    stored = {key for key, value in found["secrets"].items() if value}
    assigned = [one for one in state["appRoleAssignments"] if one["resourceId"] == sp]
    return {"jobs": len(found["jobs"]), "secrets": stored, "assigned": len(assigned)}


def _steps(simulator: Simulator, mark: int) -> list[str]:
    return [f"{one['method']} {re.sub('.*/', '', one['path'].rstrip('/'))}" for one in simulator.writes(mark)]


def _nothing_is_left_to_do(simulator: Simulator, variables: dict[str, Any]) -> None:
    mark = simulator.mark()
    again = _offboard(simulator, variables)
    assert again.rc == 0, again.output
    assert (again.changed, simulator.writes(mark)) == (0, [])
    assert _summary(again)[0] == f"{NAME}: unchanged"


def test_accounts_are_kept(simulator: Simulator) -> None:
    _seed(simulator, SyncNotificationSettings=THRESHOLD)
    before = _people(simulator)
    assert set(before) == {ADELE, BEN, CARLA}
    mark = simulator.mark()
    result = _offboard(simulator, KEEP)
    assert result.rc == 0, result.output
    simulator.clock("PT2H")
    assert _people(simulator) == before
    assert set(before.values()) == {True}
    assert _kept(simulator) == {"jobs": 0, "secrets": {"SyncAll", "SyncNotificationSettings"}, "assigned": 2}
    assert [step.split()[0] for step in _steps(simulator, mark)] == ["POST", "DELETE", "PUT"]
    summary = "\n".join(_summary(result))
    assert "SyncNotificationSettings" in summary
    assert "was not deleted" in summary
    _nothing_is_left_to_do(simulator, KEEP)


@pytest.mark.parametrize("bag", ["replace", "merge"])
@pytest.mark.parametrize(
    "settings",
    [
        {"SyncNotificationSettings": THRESHOLD},
        {"SyncAll": "true"},
        {"SkipOutOfScopeDeletions": "True", "SyncNotificationSettings": THRESHOLD},
    ],
    ids=["threshold", "everybody", "skip"],
)
def test_accounts_are_disabled(simulator: Simulator, settings: dict[str, str], bag: str) -> None:
    secrets = _seed(simulator, **settings)
    simulator.quirks(secrets_put=bag)
    assert set(_people(simulator).values()) >= {True}
    mark = simulator.mark()
    result = _offboard(simulator, {**DISABLE, **secrets})
    assert result.rc == 0, result.output
    people = _people(simulator)
    assert {ADELE, BEN, CARLA} <= set(people)
    assert set(people.values()) == {False}
    left = _kept(simulator)
    assert (left["jobs"], left["assigned"]) == (0, 0)
    assert not left["secrets"] & {"SecretToken", "BaseAddress"}
    steps = _steps(simulator, mark)
    begun = steps.index("POST restart" if "SyncAll" in settings else "POST start")
    assert begun < next(number for number, step in enumerate(steps) if step.startswith("DELETE scim."))
    assert simulator.ready["scim"]["token"] not in result.output
    _nothing_is_left_to_do(simulator, {**DISABLE, **secrets})


def test_without_obstacles_no_secret_is_needed(simulator: Simulator) -> None:
    _seed(simulator)
    result = _offboard(simulator, DISABLE)
    assert result.rc == 0, result.output
    assert set(_people(simulator).values()) == {False}


@pytest.mark.parametrize("accounts", [KEEP, DISABLE], ids=["keep", "disable"])
def test_a_plan_writes_nothing(simulator: Simulator, accounts: dict[str, Any]) -> None:
    secrets = _seed(simulator, SyncNotificationSettings=THRESHOLD)
    before, mark = _kept(simulator), simulator.mark()
    result = _offboard(simulator, {**accounts, **secrets}, check=True)
    assert result.rc == 0, result.output
    assert (simulator.writes(mark), _kept(simulator)) == ([], before)
    said = "\n".join(_summary(result))
    wanted = ["pause the synchronization job", "delete the synchronization job", "remove SecretToken"]
    if accounts is DISABLE:
        wanted += [
            "remove the assignment of the group Sales team",
            "start the synchronization job",
            "without check mode",
        ]
    assert [text for text in wanted if text not in said] == []


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "missing required arguments: offboard_accounts"),
        ({"offboard_accounts": ""}, "offboard_accounts"),
        ({"offboard_accounts": "disable"}, "Set offboard_confirm to true"),
        ({**KEEP, "offboard_display_name": ""}, "No application is named"),
    ],
)
def test_what_nobody_has_said_is_refused_before_any_request(
    simulator: Simulator, variables: dict[str, Any], says: str
) -> None:
    mark = simulator.mark()
    result = _offboard(simulator, variables)
    assert result.rc == 2
    assert says in json.dumps(result.last.result)
    assert simulator.requests(mark) == []


def test_a_threshold_without_the_secrets_is_refused(simulator: Simulator) -> None:
    _seed(simulator, SyncNotificationSettings=THRESHOLD)
    mark = simulator.mark()
    result = _offboard(simulator, DISABLE)
    assert result.rc == 2
    assert "The deletion threshold would keep accounts" in result.last.result["msg"]
    assert "offboard_secrets" in result.last.result["msg"]
    assert simulator.writes(mark) == []


@pytest.mark.parametrize("known", [True, False], ids=["given", "stored"])
def test_a_token_that_the_target_does_not_know_changes_nothing(simulator: Simulator, known: bool) -> None:
    wrong = "a token of nobody"
    obstacle = {"SyncNotificationSettings": THRESHOLD} if known else {"SecretToken": wrong}
    _seed(simulator, **obstacle)
    mark = simulator.mark()
    result = _offboard(simulator, {**DISABLE, "offboard_secrets": {"SecretToken": wrong} if known else {}})
    assert result.rc == 2
    assert "Validate the credentials" in result.last.result["msg"]
    assert "The target does not accept" in result.last.result["msg"]
    assert wrong not in result.output
    assert simulator.writes(mark) == []


@pytest.mark.parametrize("path", ["/start$", "/jobs/[^/]+$", "/secrets$"])
def test_an_interrupted_run_goes_on(simulator: Simulator, path: str) -> None:
    _seed(simulator)
    method = {"/start$": "POST", "/secrets$": "PUT"}.get(path, "DELETE")
    refused = {"error": {"code": "Forbidden", "message": "Not now."}}
    match = {"method": method, "path": path}
    simulator.faults([{"match": match, "fault": "status", "status": 403, "times": 1, "body": refused}])
    broken = _offboard(simulator, DISABLE)
    assert broken.rc == 2
    assert "it goes on from here" in broken.output
    again = _offboard(simulator, DISABLE)
    assert again.rc == 0, again.output
    assert set(_people(simulator).values()) == {False}
    assert _kept(simulator) == {"jobs": 0, "secrets": {"SyncAll"}, "assigned": 0}


def test_the_job_stays_where_nobody_was_disabled(simulator: Simulator) -> None:
    """As where the service has not yet noticed that somebody is no longer assigned."""
    _seed(simulator)
    who: dict[str, Any] = {"display_name": NAME}
    unassign = {**who, "users": [ADELE], "groups": ["Sales team"], "state": "absent"}
    run_playbook([{"entra.provisioning.app_role_assignment": unassign}], defaults=simulator.options())
    simulator.clock("PT41M")
    # Somebody whom no cycle has seen has no account, so there is nothing that the next one could disable.
    late = [
        {"entra.provisioning.sync_job_action": {**who, "action": "pause", "wait": True}},
        {"entra.provisioning.app_role_assignment": {**who, "users": ["deniz.kaya@contoso.example"]}},
    ]
    assert run_playbook(late, defaults=simulator.options()).rc == 0
    stopped = _offboard(simulator, DISABLE)
    assert stopped.rc == 2
    assert "0 accounts were changed" in stopped.last.result["msg"]
    assert _kept(simulator)["jobs"] == 1
    assert _offboard(simulator, DISABLE).rc == 0
    assert _kept(simulator)["jobs"] == 0
