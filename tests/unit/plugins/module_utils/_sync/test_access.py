# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which permissions are there, told by reading."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import access, endpoints
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, graph

SP = Principal("11111111-2222-3333-4444-555555555555")
SYNC = f"/servicePrincipals/{SP.id}/synchronization"


def _service(refuses: t.Collection[str] = (), **lists: list[dict[str, t.Any]]) -> ScriptedHttp:
    """A service that refuses paths that end in one of the texts; it knows no $batch."""

    def answered(request: Request) -> t.Any:
        path = request.path.split("?")[0]
        if any(path.endswith(one) for one in refuses):
            return answer(403, {"error": {"code": "Authorization_RequestDenied", "message": "No."}})
        if path.endswith(SP.id):
            return {"id": SP.id}
        return {"value": lists.get(path.rsplit("/", 1)[-1], [])}

    class Service(ScriptedHttp):
        def _routed(self, request: Request) -> t.Any:
            if request.path == "/$batch":
                return answer(404, {})
            result = answered(request)
            return result if not isinstance(result, dict) else answer(200, result)

    return Service(routes={})


def _told(http: ScriptedHttp) -> dict[str, dict[str, t.Any]]:
    return {one["to"]: one for one in access.report(graph(http), SP)}


def _granted(told: t.Mapping[str, dict[str, t.Any]]) -> dict[str, bool | None]:
    return {one["permission"]: one["granted"] for one in told.values()}


def test_everything_is_granted_that_can_be_read() -> None:
    http = _service(jobs=[{"id": "scim.1"}], templates=[{"id": "scim"}], groups=[{"id": "g"}])
    told = _told(http)
    assert {to: one["granted"] for to, one in told.items() if one["granted"] is not True} == dict.fromkeys(
        access.UNTOLD.values()
    )
    assert all(bool(one["why"]) is (one["granted"] is None) for one in told.values())
    assert set(_granted(told)) == set(access.NEEDED_BY)
    assert all(one["modules"] for one in told.values())
    assert set(http.verbs()) == {"GET", "POST"}
    assert {request.path for request in http.sent if request.method == "POST"} == {"/$batch"}


@pytest.mark.parametrize(
    ("refuses", "permission"),
    [
        ("/jobs", "Synchronization.Read.All"),
        ("/functions", "Synchronization.ReadWrite.All"),
        ("/provisioning", "ProvisioningLog.Read.All"),
        ("/users", "User.Read.All"),
        ("/groups", "Group.Read.All"),
        ("/organization", "Organization.Read.All"),
        ("/partners", "Policy.Read.All"),
        ("/members", "GroupMember.Read.All"),
        (SP.id, "Application.Read.All"),
    ],
)
def test_what_lacks_is_named(refuses: str, permission: str) -> None:
    told = _told(_service([refuses], jobs=[{"id": "scim.1"}], templates=[{"id": "scim"}], groups=[{"id": "g"}]))
    lacking = {one["permission"] for one in told.values() if one["granted"] is False}
    assert lacking == {permission}


def test_before_there_is_a_job_the_template_tells_whether_writing_is_allowed() -> None:
    http = _service(["/functions"], templates=[{"id": "scim"}])
    assert _told(http)["list the functions for expressions"]["granted"] is False
    assert f"{SYNC}/templates/scim/schema/functions" in {request.path for request in http.sent}


def test_nobody_gets_a_report_too() -> None:
    told = _told(
        _service(
            [
                *("jobs", "templates", "secrets", "provisioning", "users", "groups", "appRoleAssignedTo", SP.id),
                *("organization", "partners"),
            ]
        )
    )
    assert {one["granted"] for to, one in told.items() if to not in access.UNTOLD.values()} == {False}
    assert "list the functions for expressions" not in told


def test_trouble_is_no_answer() -> None:
    http = ScriptedHttp(answer(404, {"error": {"code": "Request_ResourceNotFound", "message": "No such thing."}}))
    assert {one["granted"] for one in _told(http).values()} == {None}


def test_every_permission_of_every_call_is_known() -> None:
    calls = [one for one in vars(endpoints).values() if isinstance(one, endpoints.Endpoint)]
    assert {one.permission for one in calls} == set(access.NEEDED_BY)


def test_what_is_asked_costs_little() -> None:
    http = _service(jobs=[{"id": "scim.1"}], templates=[{"id": "scim"}], groups=[{"id": "g"}])
    access.report(graph(http), SP)
    # Sorted: several are on their way at once.
    assert sorted(request.path for request in http.sent if request.method == "GET") == [
        "/auditLogs/provisioning?$top=1",
        "/groups/g/members?$top=1&$select=id",
        "/groups?$top=1&$select=id",
        "/organization?$select=id",
        "/policies/crossTenantAccessPolicy/partners",
        f"/servicePrincipals/{SP.id}/appRoleAssignedTo?$top=1",
        f"{SYNC}/jobs",
        f"{SYNC}/jobs/scim.1/schema/functions",
        f"{SYNC}/secrets",
        f"{SYNC}/templates",
        f"/servicePrincipals/{SP.id}?$select=id",
        "/users?$top=1&$select=id",
    ]


def test_each_need_has_its_permission_and_modules() -> None:
    told = access.report(graph(_service(["/jobs"])), SP)
    assert told[2] == {
        "to": "list the synchronization jobs of the service principal",
        "permission": "Synchronization.Read.All",
        "modules": list(access.NEEDED_BY["Synchronization.Read.All"]),
        "granted": False,
        "why": None,
    }
    assert told[-1]["why"] == "No call that only reads tells it, and nothing is written to find out."
    nothing = ScriptedHttp(answer(404, {"error": {"code": "Request_ResourceNotFound", "message": "No such thing."}}))
    assert access.report(graph(nothing), SP)[0]["why"] == "The service does not know what was asked for (404)."
