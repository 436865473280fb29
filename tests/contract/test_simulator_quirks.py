# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switches that no other module tests."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph


@pytest.mark.parametrize("code", ["NotConfigured", "Paused"])
@pytest.mark.parametrize("status", [200, 201])
def test_creation(graph: Graph, application: Application, code: str, status: int) -> None:
    """Both documented first codes and both statuses."""
    graph.simulator.quirks(code_after_create=code, create_status=status)
    reply = graph.call("POST", f"{application.sync}/jobs", {"templateId": "scim"})
    assert (reply.status_code, reply.json()["status"]["code"]) == (status, code)
    assert reply.json()["schedule"]["state"] == "Disabled"
    assert reply.headers["Location"].endswith(reply.json()["id"])


def test_template_alias(graph: Graph) -> None:
    """The reply names another template; the id keeps the one that was sent."""
    graph.simulator.quirks(template_alias={"AD2AADProvisioning": "ADDCInPassthrough"})
    application = graph.instantiate("1a4721b3-e57f-4451-ae87-ef078703ec94")
    created = graph.ok("POST", f"{application.sync}/jobs", {"templateId": "AD2AADProvisioning"})
    assert created["templateId"] == "ADDCInPassthrough"
    assert created["id"].startswith("AD2AADProvisioning.")
    assert graph.call("GET", f"{application.sync}/jobs/{created['id']}/schema").status_code == 200


@pytest.mark.parametrize(
    ("choice", "status", "jobs"), [("conflict", 409, 1), ("create", 201, 2), ("return_existing", 200, 1)]
)
def test_second_job(graph: Graph, application: Application, job: str, choice: str, status: int, jobs: int) -> None:
    """What a second POST of the same template does is documented nowhere."""
    graph.simulator.quirks(second_job=choice)
    reply = graph.call("POST", f"{application.sync}/jobs", {"templateId": "scim"})
    assert reply.status_code == status
    if choice == "return_existing":
        assert reply.json()["id"] == job.rpartition("/")[2]
    assert len(graph.ok("GET", f"{application.sync}/jobs")["value"]) == jobs


def test_replication(graph: Graph) -> None:
    """A new object is unknown at first: 404 to reads, 403 to synchronization calls; then it is there."""
    graph.simulator.quirks(replication=0.4)
    application = graph.instantiate()
    path = f"/servicePrincipals/{application.principal_id}"
    assert graph.call("GET", path).status_code == 404
    assert graph.call("GET", f"/applications/{application.application_id}").status_code == 404
    assert graph.call("GET", f"{application.sync}/templates").status_code == 403
    assert graph.call("POST", f"{application.sync}/jobs", {"templateId": "scim"}).status_code == 403
    time.sleep(0.45)
    assert graph.call("GET", path).status_code == 200
    job = graph.job(application)
    assert graph.call("GET", job).status_code == 404
    assert graph.call("GET", f"{job}/schema").status_code == 404
    assert graph.call("POST", f"{job}/start").status_code == 403
    assert graph.ok("GET", f"{application.sync}/jobs")["value"] == []
    role = graph.ok("GET", path)["appRoles"][0]["id"]
    user = graph.ok("GET", "/users?$top=1")["value"][0]["id"]
    body: dict[str, Any] = {"principalId": user, "resourceId": application.principal_id, "appRoleId": role}
    graph.ok("POST", f"{path}/appRoleAssignedTo", body)
    assert graph.ok("GET", f"{path}/appRoleAssignedTo")["value"] == []
    time.sleep(0.45)
    assert graph.call("GET", job).status_code == 200
    assert len(graph.ok("GET", f"{path}/appRoleAssignedTo")["value"]) == 1


def test_small_pages_everywhere(graph: Graph, application: Application, job: str) -> None:
    """Synchronization lists have pages too when they are small enough."""
    graph.simulator.quirks(page_size=1)
    second = graph.job(application, "customappsso")
    first = graph.ok("GET", f"{application.sync}/jobs")
    rest = graph.session.get(first["@odata.nextLink"]).json()
    assert "@odata.nextLink" not in rest
    found = [item["id"] for item in first["value"] + rest["value"]]
    assert found == [job.rpartition("/")[2], second.rpartition("/")[2]]
