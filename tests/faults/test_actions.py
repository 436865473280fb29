# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every action against a service in the situation that it is for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import situations
from tests.faults.cases import BEN, HERE, NAME, application
from tests.faults.life import example, target
from tests.harness.playbook import Result, TaskResult
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

ADELE, CARLA = "adele.vance@contoso.example", "carla.diaz@contoso.example"
THRESHOLD = json.dumps({"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 2})
INBOUND = {
    "display_name": "HR",
    "application_template_id": "40d8f01e-b0d7-4b4f-938b-05190712e598",
    "jobs": [{"template_id": "API2AAD", "state": "active"}],
    "secrets": {"SyncNotificationSettings": '{"Enabled":true,"Recipients":"idm@contoso.example"}'},
}
HR = {"display_name": "HR"}


def _secrets(simulator: Simulator, **more: str) -> dict[str, str]:
    scim = simulator.ready["scim"]
    return {"BaseAddress": scim["base_address"], "SecretToken": scim["token"], **more}


def _seed(simulator: Simulator, *others: dict[str, Any], **more: Any) -> None:
    """One application with a resting job that could run, and what a test adds."""
    mine: dict[str, Any] = {
        "jobs": [{"template_id": "scim"}],
        "secrets": _secrets(simulator),
        "assigned": [ADELE, BEN, CARLA],
        **more,
    }
    simulator.reset({"applications": [application(**mine), *others]})


def _act(action: str, name: str = "act", where: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    options = {**(HERE if where is None else where), "action": action, **options}
    return {"name": name, "entra.provisioning.sync_job_action": options, "ignore_errors": True}


def _one(run: Run, task: dict[str, Any], **how: Any) -> TaskResult:
    return run([task], **how).task(str(task["name"]))


def _people(simulator: Simulator) -> dict[str, bool]:
    return {one["userName"]: one["active"] for one in target(simulator)["Users"]}


def test_deletions_that_are_held_back_are_counted_and_let_through(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator, secrets=_secrets(simulator, SyncAll="false", SyncNotificationSettings=THRESHOLD))
    gone = {"users": [ADELE, BEN], "state": "absent"}
    unassign = {"name": "unassign", "entra.provisioning.app_role_assignment": {**HERE, **gone}}
    before = run_playbook([_act("start", wait=True), _act("allow_deletes", "too early", confirm_count=2), unassign])
    assert before.rc == 0, before.output
    early = before.task("too early").result
    assert (early["changed"], early["staged_deletes"], early["changes"]) == (False, [], [])
    # A second cycle of the quarantine stages the same people again.
    for step in ("PT41M", "PT7H"):
        simulator.clock(step)
    assert situations.job(simulator)["job"]["status"]["quarantine"]["reason"] == "TooManyDeletes"
    assert set(_people(simulator).values()) == {True}

    mark = simulator.mark()
    result = run_playbook(
        [
            _act("allow_deletes", "wrong", confirm_count=7),
            {**_act("allow_deletes", "check", confirm_count=2), "check_mode": True},
            {**_act("allow_deletes", "wrong check", confirm_count=3), "check_mode": True},
        ]
    )
    for name, count in (("wrong", 7), ("wrong check", 3)):
        assert f"holds back 2 deletions, not {count}" in result.task(name).result["msg"]
        assert ADELE in result.task(name).result["msg"]
    assert result.task("check").changed
    assert simulator.writes(mark) == []

    done = run_playbook(
        [_act("allow_deletes", "right", confirm_count=2, wait=True), _act("allow_deletes", confirm_count=2)]
    )
    assert done.task("right").result["changes"] == ["let 2 deletions through, by a restart with ForceDeletes"]
    assert {one["name"] for one in done.task("right").result["staged_deletes"]} == {ADELE, BEN}
    assert not done.task("act").changed
    bodies = [one["body"] for one in simulator.writes(mark)]
    assert bodies == [{"criteria": {"resetScope": "ForceDeletes"}}]
    assert _people(simulator) == {ADELE: False, BEN: False, CARLA: True}


def test_whoever_may_not_read_the_logs_cannot_count(simulator: Simulator, run_playbook: Run) -> None:
    reader = {"client_id": "d0000001-0000-4000-8000-0000000000ac", "client_secret": "secret of the operator"}
    roles = ["Application.Read.All", "Synchronization.ReadWrite.All"]
    simulator.reset(
        {
            "applications": [application(jobs=[{"template_id": "scim", "state": "too_many_deletes"}])],
            "clients": [{**reader, "roles": roles}],
        }
    )
    told = _one(run_playbook, _act("allow_deletes", confirm_count=2, **reader))
    assert told.status == "ignored"
    assert "ProvisioningLog.Read.All" in told.result["msg"]


@pytest.mark.parametrize("door", DOORS)
def test_credentials_are_tried_before_there_is_a_job(simulator: Simulator, run_playbook: Run, door: str) -> None:
    _seed(simulator, jobs=[])
    scim = simulator.ready["scim"]
    good = {"settings": {"BaseAddress": scim["base_address"]}, "secrets": {"SecretToken": scim["token"]}}
    result = run_playbook(
        [
            _act("validate_credentials", "new", template_id="scim", **good),
            _act("validate_credentials", "stored"),
            _act("validate_credentials", "wrong", **{**good, "secrets": {"SecretToken": "a token of nobody"}}),
        ],
        door=door,
    )
    assert result.task("new").result["validated"] == "new credentials"
    assert result.task("stored").result["validated"] == "stored credentials"
    assert "The target does not accept the new credentials" in result.task("wrong").result["msg"]
    assert "a token of nobody" not in result.output
    assert simulator.writes() == []
    bodies = [one["body"] for one in simulator.requests() if "validateCredentials" in one["path"]]
    assert [one.get("templateId") for one in bodies] == ["scim"] * 3


def test_a_token_is_acquired_for_either_object(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator, jobs=[])
    options = {"settings": {"Oauth2ClientId": "us"}, "secrets": {"Oauth2ClientSecret": "the secret of us"}}
    tasks = [
        _act("acquire_access_token", "principal", **options),
        _act("acquire_access_token", "application", object="application", **options),
    ]
    said = run_playbook(tasks, check=True)
    assert simulator.writes() == []
    done = run_playbook(tasks)
    assert [task.result["changes"] for task in said.tasks] == [task.result["changes"] for task in done.tasks]
    assert "the secret of us" not in done.output
    paths = [re.sub(r"[0-9a-f-]{36}", "*", one["path"]) for one in simulator.writes()]
    assert paths == [
        "/v1.0/servicePrincipals/*/synchronization/acquireAccessToken",
        "/v1.0/applications/*/synchronization/acquireAccessToken",
    ]


def test_what_the_target_has_is_discovered_once(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator)
    said = _one(run_playbook, _act("discover"), check=True)
    assert said.result["changes"] == ["discover the attributes of the directory customappsso"]
    assert simulator.writes() == []
    result = run_playbook(
        [_act("discover", "first"), _act("discover", "again", directory="target"), _act("discover", directory="source")]
    )
    first, again = result.task("first"), result.task("again")
    assert first.changed
    assert {one["type"] for one in first.result["differences"]} == {"attribute_definition_added"}
    assert (again.changed, again.result["differences"]) == (False, [])
    assert "its discoverabilities are None" in result.task("act").result["msg"]


def _record(number: int, **more: Any) -> dict[str, Any]:
    name = {"givenName": f"Given{number}", "familyName": f"Family{number}"}
    return {
        "externalId": f"9{number:05}",
        "userName": f"p{number}@contoso.example",
        "name": name,
        "active": True,
        **more,
    }


@pytest.mark.parametrize("door", DOORS)
def test_records_are_uploaded_and_followed(simulator: Simulator, run_playbook: Run, door: str) -> None:
    _seed(simulator, INBOUND)
    records = [_record(number, displayName=f"Private Person {number}") for number in range(120)]
    upload = _act("bulk_upload", "upload", HR, records=records, wait=True)
    result = run_playbook([upload, {**upload, "name": "again"}], door=door, verbosity=3)
    first, again = result.task("upload"), result.task("again")
    assert first.result["changes"] == ["upload 120 records in 3 requests"], first.result
    assert [(one["external_id"], one["status"], one["action"]) for one in first.result["results"]] == [
        (one["externalId"], "success", "create") for one in records
    ]
    assert (again.changed, {one["error_code"] for one in again.result["results"]}) == (False, {"RedundantExport"})
    assert "Private Person" not in json.dumps([first.result, again.result])
    assert "Private Person" not in result.output
    sent = [one["body"] for one in simulator.writes()]
    assert [len(one["Operations"]) for one in sent] == [50, 50, 20] * 2
    known = {one["employeeId"] for one in simulator.state()["users"]}
    assert {one["externalId"] for one in records} <= known


def test_uploads_are_refused_where_they_would_block_somebody(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator, INBOUND)
    silent = {name: value for name, value in _record(1).items() if name != "active"}
    mark = simulator.mark()
    told = _one(run_playbook, _act("bulk_upload", where=HR, records=[silent]))
    assert "1 (externalId 900001)" in told.result["msg"]
    assert simulator.requests(mark) == []
    allowed = _one(run_playbook, _act("bulk_upload", where=HR, records=[silent], allow_missing_active=True))
    assert allowed.result["results"][0]["status"] == "submitted"
    wrong = _one(run_playbook, _act("bulk_upload", records=[_record(2)]))
    assert "BulkUploadNotSupported" in wrong.result["msg"]


@pytest.mark.parametrize("shape", ["reference", "live"])
def test_a_group_of_23_and_its_people_on_demand(simulator: Simulator, run_playbook: Run, shape: str) -> None:
    simulator.reset(
        {
            "groups": [{"displayName": "Large", "member_count": 23}],
            "applications": [
                application(jobs=[{"template_id": "scim"}], secrets=_secrets(simulator), assigned=[ADELE, "Large"])
            ],
        }
    )
    # Its pace would take ten seconds for the sixth call, which unit tests look at.
    simulator.quirks(on_demand_shape=shape, on_demand_limit=100)
    told = _one(run_playbook, _act("provision_on_demand", groups=["Large"]))
    assert told.status == "ok", told.result
    assert [len(one["members"]) for one in told.result["results"]] == [5, 5, 5, 5, 3]
    found = target(simulator)
    assert len(found["Groups"][0]["members"]) == 23
    one = _one(run_playbook, _act("provision_on_demand", users=[ADELE])).result["results"][0]
    passed = (one["imported"], one["in_scope"], one["matched"], one["action"], one["error_code"])
    assert passed == (True, True, False, "create", "")
    again = _one(run_playbook, _act("provision_on_demand", users=[ADELE]))
    assert (again.changed, again.result["results"][0]["matched"]) == (False, True)


def test_a_fresh_assignment_and_a_throttled_service(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator, assigned=[ADELE])
    throttled = {"fault": "status", "status": 429, "headers": {"Retry-After": "1"}, "body": {}}
    simulator.faults([{"match": {"method": "POST", "path": "/provisionOnDemand$"}, **throttled}])
    simulator.quirks(assignment_lag=3)
    assign = {"entra.provisioning.app_role_assignment": {"display_name": NAME, "users": [BEN]}}
    told = run_playbook([assign, _act("provision_on_demand", users=[BEN], assignment_wait=30)]).last
    assert told.status == "ok", told.result
    assert told.result["results"][0]["action"] == "create"
    asked = [one["status"] for one in simulator.requests() if "provisionOnDemand" in one["path"]]
    assert (asked[0], len(asked), set(asked[1:])) == (429, 3, {200})


def test_people_of_another_source_are_named_by_their_id_there(simulator: Simulator, run_playbook: Run) -> None:
    cloud = {
        "display_name": "Cloud sync",
        "application_template_id": "1a4721b3-e57f-4451-ae87-ef078703ec94",
        "jobs": [{"template_id": "AD2AADProvisioning"}],
        "secrets": {"Domain": '{"domain":"contoso.com"}'},
    }
    _seed(simulator, cloud)
    dn = "CN=Ada,OU=People,DC=contoso,DC=example"
    where = {"display_name": "Cloud sync"}
    told = _one(run_playbook, _act("provision_on_demand", where=where, subjects=[{"id": dn, "type": "user"}]))
    body = next(one["body"] for one in simulator.writes() if "provisionOnDemand" in one["path"])
    assert body["parameters"][0]["subjects"] == [{"objectId": dn, "objectTypeName": "user"}]
    assert (told.result["results"][0]["imported"], told.result["results"][0]["error_code"]) == (False, "EntryNotFound")
    wrong = _one(run_playbook, _act("provision_on_demand", where=where, users=[ADELE]))
    assert "by their distinguished name" in wrong.result["msg"]


def test_connections_are_removed_while_the_job_rests(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator)
    remove = _act("remove_connections", "remove", users=[ADELE], api_version="beta")
    result = run_playbook(
        [
            _act("start", "start", wait=True),
            {**remove, "name": "running"},
            _act("pause", "pause", wait=True),
            {**remove, "name": "check", "check_mode": True},
            remove,
            {**remove, "name": "again"},
        ]
    )
    assert "runs, and a running one keeps" in result.task("running").result["msg"]
    says = ["remove the connection of the user adele.vance@contoso.example"]
    assert result.task("check").result["changes"] == result.task("remove").result["changes"] == says
    assert not result.task("again").changed
    assert len(situations.job(simulator)["memory"]["links"]) == 2
    assert _people(simulator)[ADELE] is True


LINE = re.compile(r"^Contoso SCIM: NotRun, 0 exported, \d+ s$", re.MULTILINE)


@pytest.mark.parametrize(
    ("door", "keywords", "seen"), [("fast", {}, True), ("fast", {"no_log": True}, False), ("module", {}, False)]
)
def test_whoever_watches_a_wait_sees_how_the_job_does(
    simulator: Simulator, run_playbook: Run, door: str, keywords: dict[str, Any], seen: bool
) -> None:
    _seed(simulator)
    early = {**example("job_examples")["started_not_run_yet"], "id": situations.job(simulator)["job"]["id"]}
    simulator.faults(
        [
            {
                "match": {"method": "GET", "path": r"/jobs/[^/]+$"},
                "times": 8,
                "fault": "status",
                "status": 200,
                "body": early,
            }
        ]
    )
    task = _act("start", wait=True, secrets={"SecretToken": "a token to be silent about"})
    result = run_playbook([{**task, **keywords}], door=door)
    assert result.rc == 0, result.output
    assert bool(LINE.search(result.stdout)) is seen, result.stdout
    assert "a token to be silent about" not in result.output


@pytest.mark.parametrize("end", ["cycle", "steady_state"])
@pytest.mark.parametrize("action", ["start", "restart"])
def test_a_wait_ends_where_the_job_is_as_wanted_or_in_quarantine(
    simulator: Simulator, run_playbook: Run, end: str, action: str
) -> None:
    _seed(simulator)
    # A restart may start a job that rests only where that is said.
    may = {"start_paused": True} if action == "restart" else {}
    good = _one(run_playbook, _act(action, wait=True, wait_until=end, **may))
    assert good.status == "ok", good.result
    status = good.result["job"]["status"]
    assert status["lastExecution"]["state"] == "Succeeded"
    assert not status["steadyStateLastAchievedTime"].startswith("0001")
    _seed(simulator, secrets=_secrets(simulator, SecretToken="revoked"))
    for _again in range(2):
        bad = _one(run_playbook, _act(action, wait=True, wait_until=end, **may))
        assert bad.status == "ignored"
        assert "the target refused the credentials or could not be reached" in bad.result["msg"]
        assert bad.result["error"]["quarantine_reason"] == "EncounteredQuarantineException"


def test_a_wait_that_was_interrupted_goes_on_in_the_next_run(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator)
    early = {**example("job_examples")["started_not_run_yet"], "id": situations.job(simulator)["job"]["id"]}
    reads = {"method": "GET", "path": r"/jobs(/[^/?]+)?(\?.*)?$"}
    seen = [{"match": reads, "fault": "status", "status": 200, "body": {"value": [early], **early}, "times": None}]
    assert _one(run_playbook, _act("start")).changed
    simulator.faults(seen)
    mark = simulator.mark()
    still = _one(run_playbook, _act("start", wait=True, timeout=3))
    assert still.status == "ignored"
    assert "Seen last: NotRun, 0 exported." in still.result["msg"]
    simulator.faults([])
    last = _one(run_playbook, _act("start", wait=True))
    assert (last.changed, last.result["job"]["status"]["lastExecution"]["state"]) == (False, "Succeeded")
    assert simulator.writes(mark) == []


def test_scopes_that_must_not_be_used_are_refused_with_the_reason(simulator: Simulator, run_playbook: Run) -> None:
    _seed(simulator)
    mark = simulator.mark()
    result = run_playbook(
        [
            _act("restart", "none", reset_scope=["None"]),
            _act("restart", "store", reset_scope=["Watermark", "ConnectorDataStore"], confirm=True),
        ]
    )
    assert "that is what the action start does" in result.task("none").result["msg"]
    assert "Microsoft's support alone" in result.task("store").result["msg"]
    assert simulator.requests(mark) == []
