# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which actions can be meant, and which do something."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync.actions import registry, restart
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
JOBS = f"/servicePrincipals/{SP}/synchronization/jobs"
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
SCHEDULING = ("start", "pause", "restart")


def _run(
    name: str, *, check_mode: bool = False, routes: dict[tuple[str, str], t.Any] | None = None, **params: t.Any
) -> tuple[dict[str, t.Any], ScriptedHttp]:
    job = copy.deepcopy(EXAMPLES[name])
    path = f"{JOBS}/{job['id']}"

    def scheduled(request: Request) -> t.Any:
        job["schedule"]["state"] = "Paused" if request.path.endswith("/pause") else "Active"
        if job["status"]["code"] == "Quarantine":
            job["status"]["code"] = "Active"
        return answer(204)

    posts: dict[tuple[str, str], t.Any] = {("POST", f"{path}/{verb}"): scheduled for verb in SCHEDULING}
    posts["POST", f"{path}/validateCredentials"] = answer(204)
    http = ScriptedHttp(routes={("GET", JOBS): {"value": [job]}, ("GET", path): job, **posts, **(routes or {})})
    made = task(sync_job_action.ARGUMENTS, http, check_mode=check_mode, service_principal_id=SP, **params)
    return made.perform(sync_job_action.run), http


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"action": "start", "reset_scope": ["Watermark"]}, "belongs to the action restart"),
        ({"action": "restart", "reset_scope": ["Full"]}, "Set confirm to true"),
        ({"action": "restart", "reset_scope": ["ForceDeletes"]}, "Set confirm to true"),
        ({"action": "restart", "reset_scope": ["ForceDeletes", "Escrows"], "confirm": True}, "sent alone"),
        ({"action": "restart", "reset_scope": ["None"]}, "only starts a job that rests"),
        ({"action": "restart", "reset_scope": ["ConnectorDataStore"], "confirm": True}, "Microsoft's support alone"),
        ({"action": "start", "confirm_count": 3}, "belongs to the action allow_deletes"),
        ({"action": "start", "records": [{"externalId": "1"}]}, "belongs to the action bulk_upload"),
        ({"action": "restart", "users": ["ada"]}, "belongs to the action provision_on_demand or remove_connections"),
        ({"action": "pause", "groups": ["Sales"]}, "belongs to the action provision_on_demand or remove_connections"),
        ({"action": "start", "subjects": [{"id": "1"}]}, "belongs to the action provision_on_demand or remove_"),
        ({"action": "remove_connections", "assignment_wait": 5}, "belongs to the action provision_on_demand."),
        ({"action": "start", "wait_until": "steady_state"}, "needs wait: true"),
        ({"action": "allow_deletes"}, "needs confirm_count"),
        ({"action": "acquire_access_token"}, "credentials to sign in with"),
        ({"action": "acquire_access_token", "secrets": {"SecretToken": ""}}, "SecretToken is given without a value"),
        ({"action": "provision_on_demand"}, "users or groups"),
        ({"action": "provision_on_demand", "subjects": [{"id": " "}]}, "An id in subjects is empty"),
        ({"action": "remove_connections", "users": ["ada@contoso.example"]}, "set api_version to beta"),
        ({"action": "remove_connections", "api_version": "beta"}, "users or groups"),
        ({"action": "bulk_upload"}, "either records or operations"),
        ({"action": "validate_credentials", "secrets": {"SecretToken": "*"}}, "mask"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(params: dict[str, t.Any], words: str) -> None:
    result, http = _run("active_steady", **params)
    assert result["failed"] is True
    assert words in result["msg"]
    assert http.sent == []


@pytest.mark.parametrize("scopes", [["Full"], ["ForceDeletes"]])
def test_danger_can_be_confirmed(scopes: list[str]) -> None:
    result, http = _run("active_steady", action="restart", reset_scope=scopes, confirm=True)
    assert result["changed"] is True
    assert [one.body for one in http.sent if one.method == "POST"] == [{"criteria": {"resetScope": scopes[0]}}]


def test_every_scope_of_the_service_is_known() -> None:
    members = {"None", "ConnectorDataStore", "Escrows", "Watermark", "QuarantineState", "Full", "ForceDeletes"}
    assert set(restart.SCOPES) == members
    assert set(restart.FORBIDDEN) == {"None", "ConnectorDataStore"}


def test_options_that_belong_to_an_action_are_options() -> None:
    owned = [option for action in registry.ACTIONS.values() for option in action.options]
    assert set(owned) <= sync_job_action.ARGUMENTS.spec.keys()
    shared = {option for option in owned if owned.count(option) > 1}
    assert shared == {"users", "groups", "subjects", "allow_second_job"}


@pytest.mark.parametrize(
    ("name", "action", "posts"),
    [
        ("active_steady", "start", 0),
        ("started_not_run_yet", "start", 0),
        ("paused_by_admin", "start", 1),
        ("created", "start", 1),
        ("quarantine_bad_credentials", "start", 1),
        ("active_steady", "pause", 1),
        ("paused_by_admin", "pause", 0),
        ("created", "pause", 0),
        ("active_steady", "restart", 1),
    ],
)
def test_a_running_job_is_not_started_again(name: str, action: str, posts: int) -> None:
    result, http = _run(name, action=action)
    assert (result["changed"], http.verbs().count("POST")) == (bool(posts), posts)
    planned, http = _run(name, action=action, check_mode=True)
    assert (planned["changed"], http.verbs().count("POST")) == (bool(posts), 0)


AGAIN = "pause the synchronization job again, since it rested; a cycle that begins in between goes on to its end"
RESTARTS = "restart the synchronization job of the template scim, resetting Watermark, Escrows, QuarantineState"


@pytest.mark.parametrize(
    ("name", "start_paused", "says", "posts", "state"),
    [
        ("paused_by_admin", False, [f"{RESTARTS}, which starts it", AGAIN], ["restart", "pause"], "Paused"),
        ("created", False, [f"{RESTARTS}, which starts it", AGAIN], ["restart", "pause"], "Paused"),
        ("paused_by_admin", True, [f"{RESTARTS}, which starts it"], ["restart"], "Active"),
        ("active_steady", False, [RESTARTS], ["restart"], "Active"),
        ("quarantine_bad_credentials", False, [RESTARTS], ["restart"], "Active"),
    ],
)
def test_a_restart_starts_a_resting_job_only_where_it_may(
    name: str, start_paused: bool, says: list[str], posts: list[str], state: str
) -> None:
    options = {"action": "restart", "start_paused": start_paused}
    result, http = _run(name, **options)
    assert result["changes"] == says
    assert [one.path.rsplit("/", 1)[1] for one in http.sent if one.method == "POST"] == posts
    assert result["job"]["schedule"]["state"] == state
    planned, http = _run(name, check_mode=True, **options)
    assert (planned["changes"], "POST" in http.verbs()) == (says, False)


def test_a_job_that_cannot_be_paused_again_is_told_with_the_command() -> None:
    job_id = EXAMPLES["paused_by_admin"]["id"]
    refused = {("POST", f"{JOBS}/{job_id}/pause"): answer(400, {"error": {"code": "Bad"}})}
    result, _http = _run("paused_by_admin", routes=refused, action="restart")
    assert result["msg"].endswith(
        f"The synchronization job {job_id}, which rested, runs now. To pause it: ansible localhost -m "
        f"entra.provisioning.sync_job_action -a 'action=pause service_principal_id={SP} job_id={job_id}'"
    )
    assert (result["changed"], result["error"]["left_running"]) == (True, job_id)


@pytest.mark.parametrize("odd", [answer(200, {}), answer(200, []), answer(200, {"value": "x"})])
@pytest.mark.parametrize(
    ("name", "action"),
    [("paused_by_admin", "start"), ("active_steady", "pause"), ("active_steady", "restart"), ("created", "restart")],
)
def test_an_answer_that_did_nothing_is_no_success(name: str, action: str, odd: t.Any) -> None:
    job_id = EXAMPLES[name]["id"]
    result, http = _run(name, routes={("POST", f"{JOBS}/{job_id}/{action}"): odd}, action=action)
    assert result["failed"] is True
    assert "Nobody can say whether it worked to" in result["msg"] or "cannot be seen" in result["msg"]
    # Where a look shows that nothing happened, it is made once more; what may be repeated without a look, sooner.
    posts = [one.path for one in http.sent if one.path.endswith(f"/{action}")]
    assert (len(posts) == 1) is ((name, action) == ("active_steady", "restart"))


def test_a_start_that_did_nothing_at_first_is_made_once_more() -> None:
    job = copy.deepcopy(EXAMPLES["paused_by_admin"])
    answers = [answer(200, {}), answer(204)]

    def second(_request: Request) -> t.Any:
        if len(answers) == 1:
            job["schedule"]["state"] = "Active"
        return answers.pop(0)

    routes = {("POST", f"{JOBS}/{job['id']}/start"): second, ("GET", f"{JOBS}/{job['id']}"): lambda _request: job}
    result, http = _run("paused_by_admin", routes=routes, action="start")
    assert (result["changed"], result["job"]["schedule"]["state"]) == (True, "Active")
    assert http.verbs().count("POST") == 2


def test_a_scope_that_is_named_twice_is_sent_once() -> None:
    result, http = _run("active_steady", action="restart", reset_scope=["Watermark", "Escrows", "Watermark"])
    assert result["changes"] == [RESTARTS.replace(", QuarantineState", "")]
    assert [one.body for one in http.sent if one.method == "POST"] == [
        {"criteria": {"resetScope": "Watermark, Escrows"}}
    ]


@pytest.mark.parametrize(
    ("action", "before", "seen", "reads"),
    [
        # The wait of an earlier run was interrupted: the first cycle still runs, or the last one does after a pause.
        ("start", "started_not_run_yet", ["started_not_run_yet", "active_steady"], 3),
        ("start", "active_steady", ["active_steady"], 2),
        ("pause", "paused_by_admin", ["paused_by_admin"], 2),
    ],
)
def test_a_task_that_is_run_again_goes_on_waiting(action: str, before: str, seen: list[str], reads: int) -> None:
    listed = answer(200, {"value": [EXAMPLES[before]]})
    http = ScriptedHttp(listed, *(answer(200, EXAMPLES[one]) for one in seen))
    options = {"service_principal_id": SP, "action": action, "wait": True}
    result = task(sync_job_action.ARGUMENTS, http, **options).perform(sync_job_action.run)
    assert (result["changed"], result["job"]) == (False, EXAMPLES[seen[-1]])
    assert http.verbs() == ["GET"] * reads
    looked = ScriptedHttp(answer(200, {"value": [EXAMPLES[before]]}))
    task(sync_job_action.ARGUMENTS, looked, check_mode=True, **options).perform(sync_job_action.run)
    assert looked.verbs() == ["GET"]


def test_a_restart_without_scopes_is_that_of_the_portal() -> None:
    _result, http = _run("active_steady", action="restart")
    assert [one.body for one in http.sent if one.method == "POST"] == [{"criteria": {}}]


@pytest.mark.parametrize(
    ("params", "body"),
    [
        ({}, {"useSavedCredentials": True}),
        (
            {"secrets": {"SecretToken": "t0ken"}},
            {"useSavedCredentials": False, "credentials": [{"key": "SecretToken", "value": "t0ken"}]},
        ),
    ],
)
def test_credentials_are_tried_without_a_change(params: dict[str, t.Any], body: dict[str, t.Any]) -> None:
    result, http = _run("active_steady", action="validate_credentials", **params)
    assert result["changed"] is False
    assert [one.body for one in http.sent if one.method == "POST"] == [body]


def test_a_start_whose_answer_got_lost_is_looked_for() -> None:
    resting, running = EXAMPLES["paused_by_admin"], EXAMPLES["active_steady"]
    path = f"{JOBS}/{resting['id']}"
    running = {**running, "id": resting["id"]}
    routes = {("GET", JOBS): {"value": [resting]}, ("POST", f"{path}/start"): answer(504), ("GET", path): running}
    http = ScriptedHttp(routes=routes)
    made = task(sync_job_action.ARGUMENTS, http, service_principal_id=SP, action="start")
    result = made.perform(sync_job_action.run)
    assert (result["changed"], result["job"]) == (True, running)
    assert http.verbs().count("POST") == 1
    http.routes = {**routes, ("GET", path): resting}
    assert made.perform(sync_job_action.run)["failed"] is True


def test_a_start_is_followed_by_the_wait_that_is_asked_for() -> None:
    resting, running = EXAMPLES["paused_by_admin"], copy.deepcopy(EXAMPLES["active_steady"])
    running["status"]["lastExecution"].update(timeEnded="2026-11-07T10:00:00Z", activityIdentifier="another")
    seen = [
        answer(200, {"value": [resting]}),
        answer(200, {"value": [resting]}),
        answer(204),
        answer(200, EXAMPLES["started_not_run_yet"]),
        answer(200, running),
    ]
    http = ScriptedHttp(*seen)
    options = {"service_principal_id": SP, "action": "start", "wait": True}
    result = task(sync_job_action.ARGUMENTS, http, **options).perform(sync_job_action.run)
    assert (result["changed"], result["job"]) == (True, running)
    assert http.verbs() == ["GET", "GET", "POST", "GET", "GET"]


@pytest.mark.parametrize("action", ["start", "pause", "restart", "remove_connections"])
def test_check_mode_of_a_job_that_is_to_come(action: str) -> None:
    http = ScriptedHttp(routes={("GET", JOBS): {"value": []}})
    params: dict[str, t.Any] = {"action": action}
    if action == "remove_connections":
        params |= {"api_version": "beta", "subjects": [{"id": "u1"}]}
        http.routes = {("GET", JOBS): {"value": []}}
    made = task(sync_job_action.ARGUMENTS, http, check_mode=True, service_principal_id=SP, **params)
    result = made.perform(sync_job_action.run)
    assert "failed" not in result
    assert result["job"] is None
    assert len(result["changes"]) == (action in ("start", "restart"))
    assert http.verbs() == ["GET"]
