# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: what is refused, permissions, credentials, on demand."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph, inner


def test_ids_of_the_wrong_kind(graph: Graph, application: Application) -> None:
    """A synchronization path gives 401 with an empty message, an unknown id 404 (azure-docs issue 62681)."""
    wrong = [application.app_id, application.application_id, "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"]
    for key in wrong:
        reply = graph.call("GET", f"/servicePrincipals/{key}/synchronization/templates")
        error = reply.json()["error"]
        assert (reply.status_code, error["code"], error["message"]) == (401, "UnknownError", "")
    unknown = "b0000002-0000-4000-8000-00000000ffff"
    assert graph.call("GET", f"/servicePrincipals/{unknown}/synchronization/templates").status_code == 404
    by_key = f"/servicePrincipals(appId='{application.principal_id}')/synchronization/templates"
    assert graph.call("GET", by_key).status_code == 404


def test_a_plain_app_registration(graph: Graph) -> None:
    """No templates, so no jobs."""
    (plain,) = graph.ok("GET", "/servicePrincipals?$filter=displayName eq 'Plain OIDC app'")["value"]
    sync = f"/servicePrincipals/{plain['id']}/synchronization"
    assert graph.ok("GET", f"{sync}/templates")["value"] == []
    assert graph.ok("GET", f"{sync}/jobs")["value"] == []
    refused = graph.call("POST", f"{sync}/jobs", {"templateId": "scim"})
    assert refused.status_code == 400
    assert "scim" in inner(refused)["message"]


@pytest.mark.parametrize(
    "body", [{"templateId": "nothing"}, {}, {"templateId": None}, {"templateId": 5}, {"template": "scim"}]
)
def test_bad_bodies_of_a_new_job(graph: Graph, application: Application, body: Any) -> None:
    """400, wrapped."""
    reply = graph.call("POST", f"{application.sync}/jobs", body)
    assert reply.status_code == 400
    assert inner(reply)["code"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "[" * 100_000, "\ud800".encode("utf-8", "surrogatepass")]
)
def test_bodies_that_are_no_objects(graph: Graph, application: Application, text: Any) -> None:
    """400, whatever comes."""
    reply = graph.call("POST", f"{application.sync}/jobs", data=text, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400


def test_unknown_jobs_and_templates(graph: Graph, application: Application, job: str) -> None:
    """404, wrapped; a job of another application counts as unknown."""
    other = graph.instantiate(name="Other")
    for path in (f"{application.sync}/jobs/x", f"{other.sync}/jobs/{job.rpartition('/')[2]}"):
        for method, more in (("GET", ""), ("DELETE", ""), ("POST", "/start"), ("GET", "/schema")):
            reply = graph.call(method, path + more)
            assert reply.status_code == 404
            assert inner(reply)["code"] == "SynchronizationJobNotFound"
    reply = graph.call("GET", f"{application.sync}/templates/nothing")
    assert (reply.status_code, inner(reply)["code"]) == (404, "SynchronizationTemplateNotFound")
    graph.ok("DELETE", job)
    assert graph.call("DELETE", job).status_code == 404


def test_jobs_are_filtered_by_template(graph: Graph, application: Application, job: str) -> None:
    """Whatever the case of the property's name."""
    graph.job(application, "customappsso")
    found = graph.ok("GET", f"{application.sync}/jobs?$filter=templateid eq 'scim'")["value"]
    assert [item["id"] for item in found] == [job.rpartition("/")[2]]


def test_reading_is_not_writing(graph: Graph, application: Application, job: str) -> None:
    """A reader may read, not run functions or change; a stranger may do nothing."""
    user_parse = {"expression": "[mail]"}
    graph.sign_in(1)
    for path in (f"{application.sync}/jobs", job, f"{job}/schema", f"{application.sync}/secrets"):
        assert graph.call("GET", path).status_code == 200
    denied: list[tuple[str, str, Any]] = [
        ("GET", f"{job}/schema/functions", None),
        ("GET", f"{job}/schema/filterOperators()", None),
        ("POST", f"{job}/schema/parseExpression", user_parse),
        ("POST", f"{job}/start", None),
        ("PUT", f"{application.sync}/secrets", {"value": []}),
        ("PUT", f"{job}/schema", {}),
        ("POST", f"{job}/schema/directories/x/discover", None),
        ("POST", f"{job}/bulkUpload", None),
    ]
    for method, path, body in denied:
        reply = graph.call(method, path, body)
        assert (reply.status_code, reply.json()["error"]) == (401, {**reply.json()["error"], "message": ""})
        assert reply.json()["error"]["code"] == "UnknownError"
    graph.sign_in(2)
    assert graph.call("GET", job).status_code == 401
    graph.simulator.quirks(permission_denied="403")
    reply = graph.call("GET", job)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "Authorization_RequestDenied")


@pytest.mark.parametrize("on", ["job", "collection"])
def test_validate_credentials(graph: Graph, application: Application, job: str, on: str) -> None:
    """Good ones 204; bad ones 400 with the target's status; missing ones told; nothing is stored."""
    path = f"{job if on == 'job' else application.sync + '/jobs'}/validateCredentials"
    body: dict[str, Any] = {"templateId": "scim", "useSavedCredentials": False}
    assert graph.call("POST", path, {**body, "credentials": graph.credentials()}).status_code == 204
    wrong = [graph.credentials()[0], {"key": "SecretToken", "value": "wrong"}]
    refused = graph.call("POST", path, {**body, "credentials": wrong})
    assert refused.status_code == 400
    assert inner(refused)["code"] == "SystemForCrossDomainIdentityManagementInvalidCredentials"
    assert "401" in inner(refused)["message"]
    for missing in ({**body, "credentials": []}, {**body, "useSavedCredentials": True}, body):
        refused = graph.call("POST", path, missing)
        assert (refused.status_code, inner(refused)["code"]) == (400, "CredentialsMissing")
    assert graph.call("POST", path, {**body, "credentials": [{"key": "baseAddress"}]}).status_code == 500
    assert graph.secrets(application) == {}


def test_validate_before_a_job_needs_the_template(graph: Graph, application: Application) -> None:
    """The collection has no job that would name it."""
    path = f"{application.sync}/jobs/microsoft.graph.validateCredentials"
    reply = graph.call("POST", path, {"credentials": graph.credentials()})
    assert (reply.status_code, inner(reply)["code"]) == (400, "SynchronizationTemplateNotFound")


def test_a_star_in_place_of_the_token_breaks_the_credentials(graph: Graph, application: Application, job: str) -> None:
    """The mask is stored as it is sent."""
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    masked = [{"key": key, "value": value} for key, value in graph.secrets(application).items()]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": masked})
    reply = graph.call("POST", f"{job}/validateCredentials", {"useSavedCredentials": True})
    assert (reply.status_code, "401" in inner(reply)["message"]) == (400, True)


def test_restart_scopes(graph: Graph, job: str) -> None:
    """Flags, case-sensitive."""
    for scope in ("Full", "Watermark,Escrows", "QuarantineState", "ForceDeletes", "None", ""):
        assert graph.call("POST", f"{job}/restart", {"criteria": {"resetScope": scope}}).status_code == 204
    reply = graph.call("POST", f"{job}/restart", {"criteria": {"resetScope": "watermark"}})
    assert (reply.status_code, inner(reply)["code"]) == (400, "RequestParameterInvalid")
    assert inner(reply)["message"] == "Requested value 'watermark' was not found."
    assert graph.call("POST", f"{job}/restart", {"resetScope": "Full"}).status_code == 400


def _demand(graph: Graph, job: str, **subject: Any) -> dict[str, Any]:
    rule = graph.ok("GET", f"{job}/schema")["synchronizationRules"][0]["id"]
    return {"parameters": [{"ruleId": rule, "subjects": [{"objectTypeName": "User", **subject}]}]}


def test_on_demand_refusals_and_throttle(graph: Graph, application: Application, job: str) -> None:
    """Unknown rules are refused; the sixth call in ten seconds waits."""
    user = graph.ok("GET", "/users?$top=1")["value"][0]["id"]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    body = _demand(graph, job, objectId=user)
    wrong = {"parameters": [{**body["parameters"][0], "ruleId": "x"}]}
    assert graph.call("POST", f"{job}/provisionOnDemand", wrong).status_code == 400
    assert graph.call("POST", f"{job}/provisionOnDemand", {}).status_code == 400
    assert graph.call("POST", f"{job}/provisionOnDemand", {"parameters": [{"rule": 1}]}).status_code == 400
    statuses = [graph.call("POST", f"{job}/provisionOnDemand", body).status_code for _unused in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    throttled = graph.call("POST", f"{job}/provisionOnDemand", body)
    assert 1 <= int(throttled.headers["Retry-After"]) <= 11
    graph.simulator.quirks(on_demand_limit=50)
    assert graph.call("POST", f"{job}/provisionOnDemand", body).status_code == 200


def test_a_fresh_assignment(graph: Graph, application: Application, job: str) -> None:
    """The quirk: it can be read, and jobs know of it a little later."""
    graph.simulator.quirks(assignment_lag=0.4)
    principal = f"/servicePrincipals/{application.principal_id}"
    user = graph.ok("GET", "/users?$top=1")["value"][0]["id"]
    role = graph.ok("GET", principal)["appRoles"][0]["id"]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    assignment = {"principalId": user, "resourceId": application.principal_id, "appRoleId": role}
    graph.ok("POST", f"{principal}/appRoleAssignedTo", assignment)
    assert len(graph.ok("GET", f"{principal}/appRoleAssignedTo")["value"]) == 1
    body = _demand(graph, job, objectId=user)
    (told,) = json.loads(graph.ok("POST", f"{job}/provisionOnDemand", body)["value"])
    assert told["statusInfo"]["errorCode"] == "NotEffectivelyEntitled"
    time.sleep(0.45)
    (told,) = json.loads(graph.ok("POST", f"{job}/provisionOnDemand", body)["value"])
    assert told["action"] == "Create"


@pytest.mark.parametrize("shape", ["live", "reference"])
def test_on_demand_shapes(graph: Graph, application: Application, job: str, shape: str) -> None:
    """Both are two strings; the reference one tells the result in its key."""
    graph.simulator.quirks(on_demand_shape=shape)
    user = graph.ok("GET", "/users?$top=1")["value"][0]["id"]
    settings = [{"key": "SyncAll", "value": "true"}]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": [*graph.credentials(), *settings]})
    answer = graph.ok("POST", f"{job}/provisionOnDemand", _demand(graph, job, objectId=user))
    value = json.loads(answer["value"])
    if shape == "live":
        assert not answer["key"].startswith("{")
        assert value[0]["action"] == "Create"
    else:
        assert json.loads(answer["key"])["result"] == "Success"
        assert value["action"] == "Create"
    again = graph.ok("POST", f"{job}/provisionOnDemand", _demand(graph, job, objectId=user))
    told = json.loads(again["value"])
    assert (told if shape == "reference" else told[0])["statusInfo"]["errorCode"] == "RedundantExport"
    if shape == "reference":
        assert json.loads(again["key"])["details"]["errorCode"] == "RedundantExport"


@pytest.mark.parametrize("state", ["Paused", "Disabled"])
def test_start_and_pause(graph: Graph, job: str, state: str) -> None:
    """Two documented words for a job that does not run."""
    graph.simulator.quirks(state_after_pause=state)
    graph.ok("POST", f"{job}/start")
    assert graph.ok("GET", job)["schedule"]["state"] == "Active"
    graph.ok("POST", f"{job}/pause")
    paused = graph.ok("GET", job)
    assert (paused["schedule"]["state"], paused["status"]["code"]) == (state, "Paused")
