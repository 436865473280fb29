# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions on the credentials of the target, and on connections of objects."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
APP = "22222222-2222-2222-2222-222222222222"
SYNC = f"/servicePrincipals/{SP}/synchronization"
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
TEMPLATES = {"value": [{"id": "scim", "default": True}, {"id": "customappsso", "default": False}]}
GIVEN = {"settings": {"BaseAddress": "https://scim.example"}, "secrets": {"SecretToken": "t0ken of the target"}}
PAIRS = [
    {"key": "SecretToken", "value": "t0ken of the target"},
    {"key": "BaseAddress", "value": "https://scim.example"},
]


def _run(
    routes: dict[tuple[str, str], t.Any], *, check_mode: bool = False, **params: t.Any
) -> tuple[dict[str, t.Any], ScriptedHttp]:
    http = ScriptedHttp(routes=routes)
    made = task(
        sync_job_action.ARGUMENTS,
        http,
        check_mode=check_mode,
        service_principal_id=SP,
        access_token="a bearer",
        **params,
    )
    return made.perform(sync_job_action.run), http


def _posts(http: ScriptedHttp) -> list[tuple[str, t.Any]]:
    return [(one.path, one.body) for one in http.sent if one.method == "POST"]


NO_JOB = {
    ("GET", f"{SYNC}/jobs"): {"value": []},
    ("GET", f"{SYNC}/templates"): TEMPLATES,
    ("POST", f"{SYNC}/jobs/validateCredentials"): answer(204),
}


@pytest.mark.parametrize("body", [None, {}, [], "null", {"value": True}], ids=str)
def test_a_success_that_is_not_204_says_nothing_about_credentials(body: t.Any) -> None:
    """Nothing is written that could be looked at afterwards, so the documented status alone tells how it went."""
    odd = {**NO_JOB, ("POST", f"{SYNC}/jobs/validateCredentials"): answer(200, body)}
    result, _http = _run(odd, action="validate_credentials", **GIVEN)
    assert result["failed"]
    assert re.search("answered 200 .*, where 204 without content was expected", result["msg"])


@pytest.mark.parametrize(("template_id", "used"), [("customappsso", "customappsso"), (None, "scim")])
@pytest.mark.parametrize("check_mode", [False, True])
def test_credentials_are_tried_before_there_is_a_job(template_id: str | None, used: str, check_mode: bool) -> None:
    result, http = _run(NO_JOB, action="validate_credentials", template_id=template_id, check_mode=check_mode, **GIVEN)
    assert (result["changed"], result["validated"], result["job"]) == (False, "new credentials", None)
    body = {"useSavedCredentials": False, "credentials": PAIRS, "templateId": used}
    assert _posts(http) == [(f"{SYNC}/jobs/validateCredentials", body)]


def test_stored_ones_too() -> None:
    result, http = _run(NO_JOB, action="validate_credentials")
    assert result["validated"] == "stored credentials"
    assert _posts(http)[0][1] == {"useSavedCredentials": True, "templateId": "scim"}


def test_check_mode_does_not_try_what_an_earlier_task_would_have_stored() -> None:
    result, http = _run(NO_JOB, action="validate_credentials", check_mode=True)
    assert result["validated"] is None
    assert _posts(http) == []


def test_a_template_that_is_not_there_is_named() -> None:
    result, http = _run(NO_JOB, action="validate_credentials", template_id="slack", **GIVEN)
    assert "no synchronization template 'slack'; it offers: scim, customappsso" in result["msg"]
    assert _posts(http) == []


def test_a_refusal_says_what_the_template_wants() -> None:
    fields = '[{"name":"baseaddress"},{"name":"secrettoken"}]'
    template = {"id": "scim", "default": True, "metadata": [{"key": "ConfigurationFields", "value": fields}]}
    refusal = {"error": {"code": "CredentialsMissing", "message": "missing"}}
    routes = {
        **NO_JOB,
        ("GET", f"{SYNC}/templates"): {"value": [template]},
        ("POST", f"{SYNC}/jobs/validateCredentials"): answer(400, refusal),
    }
    result, _http = _run(routes, action="validate_credentials", settings=GIVEN["settings"])
    assert "The target does not accept the new credentials" in result["msg"]
    assert "The template also asks for: SecretToken." in result["msg"]


def test_a_job_that_is_not_there_is_not_its_template() -> None:
    result, http = _run(NO_JOB, action="validate_credentials", job_id="scim.1", **GIVEN)
    assert "no synchronization job scim.1" in result["msg"]
    assert _posts(http) == []


def test_a_token_is_acquired() -> None:
    url = f"{SYNC}/acquireAccessToken"
    result, http = _run({("POST", url): answer(204)}, action="acquire_access_token", **GIVEN)
    assert (result["changed"], http.verbs()) == (True, ["POST"])
    assert _posts(http) == [(url, {"credentials": PAIRS})]
    assert "t0ken of the target" not in json.dumps(result)
    there = {("GET", f"/servicePrincipals/{SP}"): {"id": SP, "appId": "a"}}
    for routes, fails in ((there, False), ({}, True)):
        said, http = _run(routes, action="acquire_access_token", check_mode=True, **GIVEN)
        assert (bool(said.get("failed")), http.verbs()) == (fails, ["GET"])


def test_a_token_is_acquired_for_the_application() -> None:
    routes = {
        ("GET", f"/servicePrincipals/{SP}"): {"id": SP, "appId": "a"},
        ("GET", "/applications(appId='a')"): {"id": APP, "appId": "a"},
        ("POST", f"/applications/{APP}/synchronization/acquireAccessToken"): answer(204),
    }
    params = {"action": "acquire_access_token", "object": "application", **GIVEN}
    result, http = _run(routes, **params)
    assert result["changes"] == ["acquire an access token at the target for the application"]
    assert _posts(http) == [(f"/applications/{APP}/synchronization/acquireAccessToken", {"credentials": PAIRS})]
    said, http = _run(routes, check_mode=True, **params)
    assert (said["changed"], said["changes"], _posts(http)) == (True, result["changes"], [])


RESTING = EXAMPLES["paused_by_admin"]
JOB = f"{SYNC}/jobs/{RESTING['id']}"


def _connected() -> dict[tuple[str, str], t.Any]:
    """A connection that is there until it is removed."""
    there: list[dict[str, t.Any]] = [{"objectId": "u1"}]

    def remove(_request: Request) -> t.Any:
        there.clear()
        return answer(204)

    return {
        ("GET", JOB): RESTING,
        ("GET", f"{JOB}/objectConnections/u1"): lambda _request: there[0] if there else answer(404),
        ("DELETE", f"{JOB}/objectConnections/u1"): remove,
    }


REMOVE = {
    "action": "remove_connections",
    "api_version": "beta",
    "job_id": RESTING["id"],
    "subjects": [{"id": "u1"}, {"id": "u2"}],
}


def test_connections_that_are_there_are_removed() -> None:
    result, http = _run(_connected(), **REMOVE)
    assert result["changes"] == ["remove the connection of u1"]
    assert http.verbs().count("DELETE") == 1
    said, http = _run(_connected(), check_mode=True, **REMOVE)
    assert (said["changes"], "DELETE" in http.verbs()) == (result["changes"], False)


def test_a_running_job_keeps_its_connections() -> None:
    running = EXAMPLES["active_steady"]
    routes = {("GET", f"{SYNC}/jobs/{running['id']}"): running}
    result, http = _run(routes, **{**REMOVE, "job_id": running["id"]})
    assert "runs, and a running one keeps its connections" in result["msg"]
    assert http.verbs() == ["GET"]
