# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offboarding: what becomes of the accounts, the job and the secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import BEN, NAME, application
from tests.faults.life import target
from tests.harness.playbook import Result, run_playbook, run_shell
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

ADELE, CARLA = "adele.vance@contoso.example", "carla.diaz@contoso.example"
THRESHOLD = json.dumps({"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 2})
# What stands in the way of a cycle that disables everybody.
OBSTACLES: dict[str, dict[str, str]] = {
    "threshold": {"SyncNotificationSettings": THRESHOLD},
    "everybody": {"SyncAll": "true"},
    "skip": {"SkipOutOfScopeDeletions": "True", "SyncNotificationSettings": THRESHOLD},
}
LOOKS = ["/jobs$", "/secrets$", "/appRoleAssignedTo$", "/schema$", "/members$", "/auditLogs/provisioning"]
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
        extra_vars={"offboard_display_name": NAME, "offboard_log_wait": 0, **variables},
        env={**simulator.environment(), **how.pop("env", {})},
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


@pytest.mark.parametrize("bag", mostly(["replace", "merge"], ["replace"], "The same where the service merges secrets."))
@pytest.mark.parametrize(
    "obstacles", mostly(OBSTACLES, ["skip"], "One of the obstacles that 'skip' has together, or another.")
)
def test_accounts_are_disabled(simulator: Simulator, obstacles: str, bag: str) -> None:
    settings = OBSTACLES[obstacles]
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
    wanted = [
        "pause the synchronization job of the template scim",
        "delete the synchronization job",
        "remove SecretToken",
    ]
    if accounts is DISABLE:
        wanted += [
            "remove the assignment of the group Sales team",
            "start the synchronization job of the template scim",
            "without check mode",
        ]
    assert [text for text in wanted if text not in said] == []


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "Say in offboard_accounts what becomes of the accounts"),
        ({"offboard_accounts": ""}, "Say in offboard_accounts what becomes of the accounts"),
        ({"offboard_accounts": "delete"}, "keep, disable, got: delete"),
        ({**KEEP, "offboard_secrets": "a text of the token"}, "offboard_secrets takes a dictionary"),
        (
            {**KEEP, "offboard_applications": [{"display_name": "A", "acounts": "keep"}]},
            "There is no offboard_applications.acounts",
        ),
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


@pytest.mark.parametrize("known", mostly([True, False], [True], "The same token, stored and not given."))
def test_a_token_that_the_target_does_not_know_changes_nothing(simulator: Simulator, known: bool) -> None:
    wrong = "a token of nobody"
    _seed(simulator, **({"SyncNotificationSettings": THRESHOLD} if known else {}))
    if not known:
        unseen = {"update_secrets": "always", "validate": False}
        _run(simulator, _module("sync_secrets", secrets={"SecretToken": wrong}, **unseen))
    mark = simulator.mark()
    result = _offboard(simulator, {**DISABLE, "offboard_secrets": {"SecretToken": wrong} if known else {}})
    assert result.rc == 2
    assert "Validate the credentials" in result.last.result["msg"]
    assert "The target does not accept" in result.last.result["msg"]
    assert wrong not in result.output
    assert simulator.writes(mark) == []


@pytest.mark.parametrize(
    "path", mostly(["/start$", "/jobs/[^/]+$", "/secrets$"], ["/secrets$"], "The same failure at another request.")
)
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


def test_a_job_that_is_left_paused_is_told_with_the_way_back(simulator: Simulator, tmp_path: Path) -> None:
    """The last line of the output; the command in it starts the job."""
    _seed(simulator)
    refused = {"error": {"code": "Forbidden", "message": "Not now."}}
    match = {"method": "DELETE", "path": "/synchronization/jobs/"}
    simulator.faults([{"match": match, "fault": "status", "status": 403, "times": 1, "body": refused}])
    broken = _offboard(simulator, KEEP)
    assert broken.rc == 2
    said = _summary(broken)[-1]
    assert "it goes on from here. The job is paused meanwhile. To let it run: ansible localhost -m" in said
    (job,) = _jobs(simulator)
    assert job["schedule"]["state"] == "Paused"
    command = said.partition("To let it run: ")[2]
    assert f"job_id={job['id']} action=start" in command
    done = run_shell(command, tmp_path, env=simulator.environment())
    assert done.rc == 0, done.output
    assert _jobs(simulator)[0]["schedule"]["state"] == "Active"


def _jobs(simulator: Simulator) -> list[dict[str, Any]]:
    state = simulator.state()
    sp = next(one["id"] for one in state["servicePrincipals"] if one["displayName"] == NAME)
    return [one["job"] for one in state["synchronization"][sp]["jobs"].values()]


def _left_alone(simulator: Simulator, stopped: Result, mark: int, *says: str) -> None:
    """Refused before the first write, with every account as it was."""
    assert stopped.rc == 2, stopped.output
    assert [text for text in ("Nothing was changed.", *says) if text not in stopped.last.result["msg"]] == []
    assert simulator.writes(mark) == []


def _run(simulator: Simulator, *tasks: dict[str, Any]) -> None:
    result = run_playbook(list(tasks), defaults=simulator.options())
    assert result.rc == 0, result.output


def _module(name: str, **options: Any) -> dict[str, Any]:
    return {f"entra.provisioning.{name}": {"display_name": NAME, **options}}


def test_people_whom_no_cycle_has_seen_are_named(simulator: Simulator) -> None:
    """Nobody can tell whether they have an account, which another one may have made."""
    _seed(simulator)
    _run(
        simulator,
        _module("sync_job_action", action="pause", wait=True),
        _module("app_role_assignment", users=["deniz.kaya@contoso.example"]),
    )
    stopped = _offboard(simulator, DISABLE)
    assert stopped.rc == 2
    assert "do not tell what became of deniz.kaya@contoso.example" in stopped.last.result["msg"]
    assert "offboard_allow_unseen set to true" in stopped.last.result["msg"]
    assert _kept(simulator)["jobs"] == 1
    assert set(_people(simulator).values()) == {False}
    done = _offboard(simulator, {**DISABLE, "offboard_allow_unseen": True})
    assert done.rc == 0, done.output
    assert _kept(simulator)["jobs"] == 0


@pytest.mark.parametrize("assigned", mostly([True, False], [True], "Nobody is assigned, so even less is known."))
@pytest.mark.parametrize(
    "made",
    mostly(["never run", "has run"], ["has run"], "A job that never ran knows as little."),
)
def test_a_job_that_does_not_know_the_accounts_is_not_run(simulator: Simulator, made: str, assigned: bool) -> None:
    """An earlier job made the accounts; this one has not found them."""
    secrets = _seed(simulator)
    _run(simulator, _module("sync_job", template_id="scim", state="absent"))
    people = _module("app_role_assignment", users=[ADELE], groups=["Sales team"], state="absent")
    if not assigned:
        _run(simulator, people)
    _run(simulator, _module("sync_job", template_id="scim"))
    if made == "has run":
        # Its cycle sees nobody, and is over before somebody is assigned.
        _run(simulator, people, _module("sync_job_action", action="start", wait=True))
        if assigned:
            _run(simulator, _module("sync_job_action", action="pause", wait=True))
            _run(simulator, _module("app_role_assignment", users=[ADELE], groups=["Sales team"]))
    mark = simulator.mark()
    stopped = _offboard(simulator, {**DISABLE, **secrets})
    says = "has never run" if made == "never run" else "has not provisioned anybody yet"
    _left_alone(simulator, stopped, mark, says, "action=restart wait=true")
    assert set(_people(simulator).values()) == {True}


def test_accounts_of_a_job_that_is_gone_are_named(simulator: Simulator) -> None:
    _seed(simulator)
    assert _offboard(simulator, KEEP).rc == 0
    mark = simulator.mark()
    stopped = _offboard(simulator, DISABLE)
    _left_alone(
        simulator, stopped, mark, "There is no synchronization job", ADELE, BEN, CARLA, "offboard_accounts to keep"
    )
    assert set(_people(simulator).values()) == {True}


@pytest.mark.parametrize(
    "flows", mostly([["Add"], ["Add", "Update"]], [["Add", "Update"]], "It may do even less."), ids=" ".join
)
def test_a_mapping_that_disables_nobody_is_refused(simulator: Simulator, flows: list[str]) -> None:
    _seed(simulator)
    mapping = {"source": "User", "flow_types": flows}
    _run(simulator, _module("sync_schema", object_mappings=[mapping], allow=["delete_flow", "scope", "active"]))
    simulator.clock("PT41M")
    mark = simulator.mark()
    stopped = _offboard(simulator, DISABLE)
    _left_alone(simulator, stopped, mark, "cannot disable anybody", f"are {', '.join(flows)}, without", "Delete")
    assert set(_people(simulator).values()) == {True}


@pytest.mark.parametrize(
    ("template", "source"),
    mostly(
        [("API2AAD", "API"), ("AD2AADProvisioning", "Active Directory")],
        [("API2AAD", "API")],
        "The same with another source.",
    ),
)
def test_a_job_that_reads_from_elsewhere_is_refused(simulator: Simulator, template: str, source: str) -> None:
    entry = {
        "API2AAD": "40d8f01e-b0d7-4b4f-938b-05190712e598",
        "AD2AADProvisioning": "1a4721b3-e57f-4451-ae87-ef078703ec94",
    }
    here = {"display_name": NAME, "application_template_id": entry[template], "jobs": [{"template_id": template}]}
    simulator.reset({"applications": [here]})
    mark = simulator.mark()
    stopped = _offboard(simulator, DISABLE)
    _left_alone(simulator, stopped, mark, f"it reads people from {source}")


@pytest.mark.parametrize("refused", mostly(LOOKS, ["/members$", "/auditLogs/provisioning"], "The same look elsewhere."))
def test_a_look_that_is_refused_is_no_empty_one(simulator: Simulator, refused: str) -> None:
    secrets = _seed(simulator)
    before = _kept(simulator)
    answer = {"error": {"code": "Forbidden", "message": "Insufficient privileges to complete the operation."}}
    fault = {"fault": "status", "status": 403, "times": 99, "body": answer}
    simulator.faults([{"match": {"method": "GET", "path": refused}, **fault}])
    mark = simulator.mark()
    stopped = _offboard(simulator, {**DISABLE, **secrets})
    assert stopped.rc == 2
    assert "permission" in stopped.last.result["msg"]
    assert simulator.writes(mark) == []
    simulator.faults([])
    assert _kept(simulator) == before


@pytest.mark.parametrize(
    "accounts", mostly([KEEP, DISABLE], [DISABLE], "Less is to be looked at."), ids=["keep", "disable"]
)
def test_an_identity_that_may_only_synchronize(simulator: Simulator, accounts: dict[str, Any]) -> None:
    client = {"client_id": "99999999-8888-4777-8666-555555555555", "client_secret": "a secret for tests only"}
    scim = simulator.ready["scim"]
    bag = {"BaseAddress": scim["base_address"], "SecretToken": scim["token"], "SyncAll": "false"}
    here = application(jobs=[{"template_id": "scim", "state": "active"}], secrets=bag, assigned=[ADELE, "Sales team"])
    roles = ["Synchronization.ReadWrite.All"]
    simulator.reset({"applications": [here], "clients": [{**client, "roles": roles}]})
    simulator.clock("PT41M")
    before = _kept(simulator)
    sp = next(one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    who = {"AZURE_CLIENT_ID": client["client_id"], "AZURE_CLIENT_SECRET": client["client_secret"]}
    mark = simulator.mark()
    variables = {**accounts, "offboard_display_name": "", "offboard_service_principal_id": sp}
    stopped = _offboard(simulator, {**variables, "offboard_secrets": {"SecretToken": scim["token"]}}, env=who)
    assert stopped.rc == 2
    wanted = ["Application.Read.All"] + (["ProvisioningLog.Read.All"] if accounts is DISABLE else [])
    assert [one for one in wanted if one not in stopped.last.result["msg"]] == []
    assert simulator.writes(mark) == []
    assert _kept(simulator) == before


def test_credentials_that_cannot_be_looked_at_are_not_reported_as_gone(simulator: Simulator) -> None:
    _seed(simulator)
    # The looks after the first ones, of the role and of the module.
    refused = {"fault": "status", "status": 403, "skip": 3, "times": 99}
    simulator.faults([{"match": {"method": "GET", "path": "/secrets$"}, **refused}])
    stopped = _offboard(simulator, KEEP)
    assert stopped.rc == 2, stopped.output
    assert _summary(stopped)[0] == f"{NAME}: FAILED"


def test_several_applications(simulator: Simulator) -> None:
    _seed(simulator)
    token = {"SecretToken": simulator.ready["scim"]["token"]}
    entries = [
        {"display_name": "Nowhere", "accounts": "keep"},
        {"display_name": NAME, "accounts": "disable", "confirm": "yes", "secrets": token, "timeout": ""},
    ]
    done = _offboard(simulator, {"offboard_display_name": "", "offboard_applications": entries})
    assert done.rc == 2
    assert "Nowhere" in done.last.result["msg"] and NAME not in done.last.result["msg"]
    assert [line for line in _summary(done) if not line.startswith(" ")] == ["Nowhere: FAILED", f"{NAME}: changed"]
    assert set(_people(simulator).values()) == {False}
    assert token["SecretToken"] not in done.output


def test_a_log_that_stays_silent_names_the_people_and_can_be_overruled(simulator: Simulator) -> None:
    """Ansible fails a task whose retries are used up, without a reason; that must not be the last word."""
    secrets = _seed(simulator)
    silent = {"match": {"method": "GET", "path": "/auditLogs/provisioning"}, "fault": "status", "status": 200}
    simulator.faults([{**silent, "times": None, "body": {"value": []}}])
    looks = {"offboard_log_wait": 2, "offboard_pause": 1}
    stopped = _offboard(simulator, {**DISABLE, **secrets, **looks})
    assert stopped.rc == 2
    assert "Unknown error" not in stopped.output
    assert ADELE in stopped.last.result["msg"]
    assert "offboard_allow_unseen set to true" in stopped.last.result["msg"]
    done = _offboard(simulator, {**DISABLE, **secrets, **looks, "offboard_allow_unseen": True})
    assert done.rc == 0, done.output


def test_a_log_that_tells_of_failures_only_is_no_success(simulator: Simulator) -> None:
    secrets = _seed(simulator)
    state = simulator.state()
    who = next(one for one in state["users"] if one["userPrincipalName"] == ADELE)
    (sp,) = (one["id"] for one in state["servicePrincipals"] if one["displayName"] == NAME)
    entry = {
        "id": "11111111-0000-4000-8000-000000000001",
        "activityDateTime": "2099-01-01T00:00:00Z",
        "jobId": next(iter(state["synchronization"][sp]["jobs"])),
        "servicePrincipal": {"id": sp, "displayName": NAME},
        "provisioningAction": "disable",
        "provisioningStatusInfo": {
            "status": "failure",
            "errorInformation": {"errorCode": "InsufficientRights", "reason": "The target refused it."},
        },
        "sourceIdentity": {"id": who["id"], "displayName": "Adele Vance", "identityType": "User", "details": {}},
        "targetIdentity": {"id": "1", "displayName": "Adele Vance", "identityType": "User", "details": {}},
        "modifiedProperties": [],
        "provisioningSteps": [],
    }
    failing = {"match": {"method": "GET", "path": "/auditLogs/provisioning"}, "fault": "status", "status": 200}
    simulator.faults([{**failing, "times": None, "body": {"value": [entry]}}])
    looks = {"offboard_log_wait": 2, "offboard_pause": 1, "offboard_allow_unseen": True}
    stopped = _offboard(simulator, {**DISABLE, **secrets, **looks})
    assert (stopped.rc, "Unknown error" in stopped.output) == (2, False), stopped.output
    assert "Accounts may still be active" in stopped.last.result["msg"]
    assert "the last attempt failed for Adele Vance" in stopped.last.result["msg"]
    assert _kept(simulator)["jobs"] == 1
