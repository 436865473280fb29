# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main life of an application, and that every documented endpoint answers."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph

NEVER = "0001-01-01T00:00:00Z"


def test_the_first_line_has_exactly_these_members(graph: Graph) -> None:
    """Clients may carry more than the three named ones."""
    assert set(graph.ready) == {"graph_endpoint", "authority", "ca_path", "tenant_id", "clients", "scim", "control"}
    assert all({"client_id", "client_secret", "roles"} <= set(client) for client in graph.ready["clients"])
    assert set(graph.ready["scim"]) == {"base_address", "token", "violations"}


def test_from_nothing_to_provisioned_users(graph: Graph) -> None:
    """Instantiate, job, credentials, schema, assignment, on demand, start, cycle, log."""
    application = graph.instantiate(name="Life")
    templates = graph.ok("GET", f"{application.sync}/templates")["value"]
    assert [(item["id"], item["default"]) for item in templates] == [("scim", True), ("customappsso", False)]
    job = graph.job(application)
    created = graph.ok("GET", job)
    assert (created["schedule"]["state"], created["status"]["code"]) == ("Disabled", "Paused")
    assert created["status"]["lastExecution"] is None
    graph.ok("POST", f"{job}/validateCredentials", {"credentials": graph.credentials()})
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    graph.ok("POST", f"{job}/validateCredentials", {"useSavedCredentials": True})
    schema = graph.ok("GET", f"{job}/schema")
    assert schema["id"] == created["id"]
    user = graph.ok("GET", "/users/adele.vance@contoso.example")
    role = graph.ok("GET", f"/servicePrincipals/{application.principal_id}")["appRoles"][0]["id"]
    assigned = {"principalId": user["id"], "resourceId": application.principal_id, "appRoleId": role}
    graph.ok("POST", f"/servicePrincipals/{application.principal_id}/appRoleAssignedTo", assigned)
    rule = schema["synchronizationRules"][0]["id"]
    subject = {"objectId": user["id"], "objectTypeName": "User"}
    demanded = graph.ok("POST", f"{job}/provisionOnDemand", {"parameters": [{"ruleId": rule, "subjects": [subject]}]})
    (result,) = json.loads(demanded["value"])
    assert result["action"] == "Create"
    graph.ok("POST", f"{job}/start")
    status = _after_first_cycle(graph, job)
    assert status["code"] == "Active"
    assert status["lastExecution"]["state"] == "Succeeded"
    assert status["steadyStateFirstAchievedTime"] != NEVER
    target = graph.ready["scim"]
    users = graph.session.get(
        f"{target['base_address']}/Users", headers={"Authorization": f"Bearer {target['token']}"}
    ).json()
    assert [one["userName"] for one in users["Resources"]] == ["adele.vance@contoso.example"]
    logs = graph.ok("GET", f"/auditLogs/provisioning?$filter=jobid eq '{created['id']}'")["value"]
    assert {entry["jobId"] for entry in logs} == {created["id"]}
    assert logs[-1]["provisioningAction"] == "create"


def _after_first_cycle(graph: Graph, job: str) -> dict[str, Any]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        status: dict[str, Any] = graph.ok("GET", job)["status"]
        if status["code"] != "NotRun":
            return status
        time.sleep(0.05)
    raise AssertionError("no cycle has run")


def test_just_after_the_start(graph: Graph, job: str) -> None:
    """A start without credentials ends in quarantine within a second."""
    graph.ok("POST", f"{job}/start")
    assert graph.ok("GET", job)["schedule"]["state"] == "Active"
    status = _after_first_cycle(graph, job)
    assert status["code"] == "Quarantine"
    assert status["quarantine"]["reason"] == "EncounteredQuarantineException"


SP_ROWS = [
    ("GET", "/jobs", None, 200),
    ("GET", "/jobs/", None, 200),
    ("GET", "{job}", None, 200),
    ("POST", "/jobs", {"templateId": "customappsso"}, 201),
    ("DELETE", "{job}", None, 204),
    ("POST", "{job}/start", None, 204),
    ("POST", "{job}/pause", None, 204),
    ("POST", "{job}/restart", {"criteria": {"resetScope": "Watermark, Escrows, QuarantineState"}}, 204),
    ("POST", "{job}/restart", {}, 204),
    ("POST", "{job}/restart", None, 204),
    ("GET", "{job}/schema", None, 200),
    ("DELETE", "{job}/schema", None, 204),
    ("GET", "/templates/scim/schema", None, 200),
    ("GET", "{job}/schema/filterOperators", None, 200),
    ("GET", "{job}/schema/filterOperators()", None, 200),
    ("GET", "/templates/scim/schema/filterOperators", None, 200),
    ("GET", "{job}/schema/functions", None, 200),
    ("GET", "/templates/scim/schema/functions()", None, 200),
    ("POST", "{job}/schema/parseExpression", {"expression": "[mail]"}, 200),
    ("POST", "/templates/scim/schema/parseExpression", {"expression": "[mail]"}, 200),
    ("GET", "/templates", None, 200),
    ("GET", "/templates/scim", None, 200),
    ("PUT", "/secrets", {"value": [{"key": "SyncAll", "value": "false"}]}, 204),
    ("GET", "/secrets", None, 200),
    ("POST", "/acquireAccessToken", {"credentials": [{"key": "ClientSecret", "value": "x"}]}, 204),
    ("GET", "/jobs/$count", None, 200),
    ("GET", "/templates/$count", None, 200),
    ("GET", "/secrets/$count", None, 200),
]


@pytest.mark.parametrize("version", ["v1.0", "beta"])
@pytest.mark.parametrize(("method", "path", "body", "status"), SP_ROWS)
def test_rows_of_service_principals(
    graph: Graph, application: Application, job: str, version: str, method: str, path: str, body: Any, status: int
) -> None:
    """The endpoints below a service principal, in both versions."""
    full = path.replace("{job}", job) if "{job}" in path else application.sync + path
    reply = graph.call(method, full, body, version=version)
    assert reply.status_code == status, reply.text
    if path.endswith("$count"):
        assert reply.text.isdigit()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/templates", None, 200),
        ("GET", "/templates/scim", None, 200),
        ("GET", "/templates/scim/schema", None, 200),
        ("GET", "/templates/scim/schema/functions", None, 200),
        ("GET", "/templates/scim/schema/filterOperators", None, 200),
        ("DELETE", "/templates/scim/schema", None, 204),
        ("PATCH", "/templates/scim", {"id": "scim", "default": True, "discoverable": True}, 204),
        ("PUT", "/templates/scim", {"id": "scim", "default": True, "discoverable": True}, 204),
        ("GET", "/secrets", None, 200),
        ("PUT", "/secrets", {"value": []}, 204),
        ("POST", "/acquireAccessToken", {"credentials": [{"key": "ClientSecret", "value": "x"}]}, 204),
        ("GET", "/jobs", None, 404),
    ],
)
def test_rows_of_applications(
    graph: Graph, application: Application, method: str, path: str, body: Any, status: int
) -> None:
    """The endpoints below an application."""
    reply = graph.call(method, application.app_sync + path, body)
    assert reply.status_code == status, reply.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "{job}/schema"),
        ("PATCH", "{job}"),
        ("PATCH", "/secrets"),
        ("DELETE", "/secrets"),
        ("POST", "/templates"),
        ("GET", "/secrets/SecretToken"),
        ("PATCH", "/connectivityParameters"),
        ("POST", "{job}/validateConnectivity"),
        ("PATCH", "/templates/scim"),
        ("PUT", "/templates/scim/schema"),
        ("GET", "/Ping()"),
        ("GET", "{job}/objectConnections('x')"),
    ],
)
def test_what_does_not_exist(graph: Graph, application: Application, job: str, method: str, path: str) -> None:
    """Verbs and paths that the service does not have on v1.0."""
    full = path.replace("{job}", job) if "{job}" in path else application.sync + path
    reply = graph.call(method, full, {} if method != "GET" else None)
    assert reply.status_code == 404
    assert "No HTTP resource was found" in json.loads(reply.json()["error"]["message"])["Message"]


def test_what_exists_in_beta_only(graph: Graph, application: Application, job: str) -> None:
    """Ping, and object connections, which cannot be listed nor removed while the job is active."""
    assert graph.ok("GET", f"{application.sync}/Ping()", version="beta")["value"]
    assert graph.call("GET", f"{job}/objectConnections", version="beta").status_code == 400
    assert graph.call("GET", f"{job}/objectConnections('x')", version="beta").status_code == 404
    assert graph.call("DELETE", f"{job}/objectConnections('x')", version="beta").status_code == 204
    graph.ok("POST", f"{job}/start")
    assert graph.call("DELETE", f"{job}/objectConnections('x')", version="beta").status_code == 409


def test_restart_by_application_id(graph: Graph, application: Application, job: str) -> None:
    """The alternate key below a service principal (beta page of restart)."""
    path = job.replace(f"/{application.principal_id}/", f"(appId='{application.app_id}')/")
    assert graph.call("POST", f"{path}/restart", {"criteria": {"resetScope": "Full"}}).status_code == 204


def test_discover_reads_the_target(graph: Graph, application: Application, job: str) -> None:
    """The answer is fresh and is kept in the schema; a directory without discoverabilities refuses."""
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    source, target = graph.ok("GET", f"{job}/schema")["directories"]
    found = graph.ok("POST", f"{job}/schema/directories/{target['id']}/discover")
    assert found["discoveryDateTime"] and found["objects"]
    kept = graph.ok("GET", f"{job}/schema")["directories"][1]
    assert kept["discoveryDateTime"] == found["discoveryDateTime"]
    assert graph.call("POST", f"{job}/schema/directories/{source['id']}/discover").status_code == 400
    assert graph.call("POST", f"{job}/schema/directories/nowhere/discover").status_code == 404


def test_bulk_upload(graph: Graph) -> None:
    """Accepted with a link to the log; the content type and the limits are checked."""
    application = graph.instantiate("40d8f01e-b0d7-4b4f-938b-05190712e598", "Inbound")
    job = graph.job(application, "API2AAD")
    item = {
        "method": "POST",
        "bulkId": "1",
        "path": "/Users",
        "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "externalId": "1000001",
            "userName": "adele.vance",
            "displayName": "Adele V.",
            "active": True,
        },
    }
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [item]}
    headers = {"Content-Type": "application/scim+json"}
    reply = graph.call("POST", f"{job}/bulkUpload", headers=headers, data=json.dumps(body))
    assert reply.status_code == 202, reply.text
    assert not reply.content
    logs = graph.session.get(reply.headers["Location"]).json()["value"]
    assert len(logs) == 1
    assert graph.call("POST", f"{job}/bulkUpload", body).status_code == 400
    too_many = {**body, "Operations": [item] * 51}
    assert graph.call("POST", f"{job}/bulkUpload", headers=headers, data=json.dumps(too_many)).status_code == 400


def test_a_template_is_replaced_and_its_schema_goes_to_new_jobs(graph: Graph, application: Application) -> None:
    """Missing properties are erased; a changed schema is what new jobs start with; DELETE goes back."""
    templates = f"{application.app_sync}/templates"
    graph.ok("PATCH", f"{templates}/customappsso", {"id": "customappsso", "discoverable": True, "description": "Ours"})
    changed = graph.ok("GET", f"{application.sync}/templates/customappsso")
    assert (changed["description"], changed["metadata"], changed["factoryTag"]) == ("Ours", [], None)
    schema = graph.ok("GET", f"{templates}/scim/schema")
    schema["synchronizationRules"][0]["objectMappings"][0]["enabled"] = False
    graph.ok("PUT", f"{templates}/scim/schema", schema)
    job = graph.job(application)
    enabled = [one["enabled"] for one in graph.ok("GET", f"{job}/schema")["synchronizationRules"][0]["objectMappings"]]
    assert enabled == [False, True]
    graph.ok("DELETE", f"{templates}/scim/schema")
    graph.ok("DELETE", f"{job}/schema")
    enabled = [one["enabled"] for one in graph.ok("GET", f"{job}/schema")["synchronizationRules"][0]["objectMappings"]]
    assert enabled == [True, True]


def test_metadata_is_written_as_each_version_does(graph: Graph, application: Application) -> None:
    """PascalCase in v1.0, camelCase in beta."""
    path = f"{application.sync}/templates/scim"
    assert {"ConfigurationFields"} <= {one["key"] for one in graph.ok("GET", path)["metadata"]}
    assert {"configurationFields"} <= {one["key"] for one in graph.ok("GET", path, version="beta")["metadata"]}


@pytest.mark.parametrize(
    ("gallery_id", "template"),
    [
        ("21ed01d2-ec13-4e9e-86c1-cd546719ebc4", "aWSSingleSignon"),
        ("9c9818d2-2900-49e8-8ba4-22688be7c675", "dataBricks"),
        ("518e5f48-1fc8-4c48-9387-9fdf28b0dfe7", "Azure2Azure"),
        ("1a4721b3-e57f-4451-ae87-ef078703ec94", "AD2AADProvisioning"),
        ("1a4721b3-e57f-4451-ae87-ef078703ec94", "AD2AADPasswordHash"),
        ("1a4721b3-e57f-4451-ae87-ef078703ec94", "AAD2ADExchangeHybridWriteback"),
        ("40d8f01e-b0d7-4b4f-938b-05190712e598", "API2AAD"),
    ],
)
def test_each_template_of_the_gallery_makes_a_job(graph: Graph, gallery_id: str, template: str) -> None:
    """And its own schema can be written back."""
    job = graph.job(graph.instantiate(gallery_id), template)
    schema = graph.ok("GET", f"{job}/schema")
    graph.ok("PUT", f"{job}/schema", schema)
    again = graph.ok("GET", f"{job}/schema")
    assert again["synchronizationRules"] == schema["synchronizationRules"]
    assert again["version"] != schema["version"]
