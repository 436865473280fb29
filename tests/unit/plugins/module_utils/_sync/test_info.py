# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read for what is asked, and what cannot be asked."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import (
    BadInput,
    GraphError,
    ProvisioningError,
)
from ansible_collections.entra.provisioning.plugins.modules import sync_info
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

A, B = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
APP = "cccccccc-0000-4000-8000-000000000003"
NOTIFICATION = {"Enabled": True, "Recipients": "a@x.example, b@x.example", "DeleteThresholdEnabled": True}
TENANT: dict[str, t.Any] = {
    "/servicePrincipals": {"value": [{"id": A, "appId": "a", "displayName": "A"}, {"id": B, "displayName": "B"}]},
    f"/servicePrincipals(appId='{APP}')": {"id": A, "appId": "a", "displayName": "A"},
    f"/servicePrincipals/{A}/synchronization/jobs": {"value": [{"id": "scim.1", "templateId": "scim"}]},
    f"/servicePrincipals/{A}/synchronization/jobs/scim.1": {
        "@odata.context": "x",
        "id": "scim.1",
        "templateId": "scim",
    },
    f"/servicePrincipals/{A}/synchronization/secrets": {
        "value": [
            {"key": "SyncNotificationSettings", "value": json.dumps({**NOTIFICATION, "DeleteThresholdValue": 7})},
            {"key": "SecretToken", "value": "*"},
        ]
    },
    f"/servicePrincipals/{A}/synchronization/templates/hidden": {"@odata.context": "x", "id": "hidden"},
    f"/servicePrincipals/{A}/synchronization/jobs/scim.1/schema/functions": {"value": [{"name": "Join"}]},
    f"/servicePrincipals/{A}/synchronization/jobs/scim.1/objectConnections/known": {"objectId": "known"},
    "/auditLogs/provisioning": {"value": [{"id": str(number)} for number in range(3)]},
    f"/servicePrincipals/{B}/synchronization/jobs": {"value": []},
    f"/servicePrincipals/{B}/synchronization/secrets": {"value": []},
    f"/servicePrincipals/{B}/synchronization/templates": {
        "value": [{"id": "other", "default": False}, {"id": "best", "default": True}]
    },
    f"/servicePrincipals/{B}/synchronization/templates/best/schema/functions": {"value": [{"name": "Append"}]},
}


class Service(ScriptedHttp):
    """The tenant above, with $batch; paths in ``refused`` are answered with 403."""

    def __init__(self, *refused: str) -> None:
        super().__init__(routes={})
        self.refused = refused
        self.read: list[str] = []

    def _routed(self, request: Request) -> t.Any:
        if request.path != "/$batch":
            return answer(*self._answered(request.path))
        responses = []
        for one in request.body["requests"]:
            status, body = self._answered(one["url"])
            responses.append({"id": one["id"], "status": status, "body": body})
        return answer(200, {"responses": responses})

    def _answered(self, url: str) -> tuple[int, t.Any]:
        path = url.split("?")[0]
        self.read.append(path)
        if any(path.endswith(one) for one in self.refused):
            return 403, {"error": {"code": "Authorization_RequestDenied", "message": "No."}}
        if path in TENANT:
            return 200, TENANT[path]
        return 404, {"error": {"code": "Request_ResourceNotFound", "message": "No such thing."}}


def _run(http: Service, **options: t.Any) -> list[dict[str, t.Any]]:
    done = sync_info.run(task(sync_info.ARGUMENTS, http, **options))
    assert done.changed is False
    return t.cast("list[dict[str, t.Any]]", done.result["applications"])


def _last_parts(http: Service) -> list[str]:
    return [path.rsplit("/", 1)[-1] for path in http.read]


def test_settings_are_part_of_the_health_of_a_named_application() -> None:
    http = Service()
    health = _run(http, service_principal_id=A)[0]["health"][0]
    assert health["notification_recipients"] == ["a@x.example", "b@x.example"]
    assert health["delete_threshold"] == 7
    assert len(http.sent) == 1


@pytest.mark.parametrize("gather", [["health"], ["health", "secrets"]])
def test_settings_of_the_whole_tenant_are_read_only_where_they_are_asked_for(gather: list[str]) -> None:
    http = Service()
    first, second = _run(http, gather=gather)
    asked = "secrets" in gather
    assert first["health"][0]["delete_threshold"] == (7 if asked else None)
    assert second["health"] == []
    assert ("secrets" in _last_parts(http)) is asked
    assert len(http.sent) == 2


def test_health_without_the_right_to_read_settings() -> None:
    record = _run(Service("/secrets"), service_principal_id=A)[0]
    assert record["health"][0]["notification_recipients"] is None
    assert [one["gather"] for one in record["errors"]] == ["secrets"]


def test_nothing_that_may_be_read_is_a_failure_but_for_access() -> None:
    with pytest.raises(GraphError):
        _run(Service("/jobs", "/secrets"), service_principal_id=A)
    record = _run(Service("/jobs", "/secrets"), service_principal_id=A, gather=["jobs", "access"])[0]
    assert "jobs" not in record
    granted = {one["to"]: one["granted"] for one in record["access"]}
    assert granted["list the synchronization jobs of the service principal"] is False


def test_one_job_and_one_template_are_read_by_their_ids() -> None:
    http = Service()
    assert _run(http, service_principal_id=A, job_id="scim.1", gather=["jobs"])[0]["jobs"] == [
        {"id": "scim.1", "templateId": "scim"}
    ]
    unknown = task(sync_info.ARGUMENTS, http, service_principal_id=A, job_id="scim.2", gather=["jobs"])
    assert sync_info.run(unknown).result["applications"][0]["jobs"] == []
    assert ["knows no jobs of" in one for one in unknown.warnings] == [True]
    record = _run(http, service_principal_id=A, template_id="hidden", gather=["templates"])[0]
    assert record["templates"] == [{"id": "hidden"}]
    assert [one["template_id"] for one in record["template_credentials"]] == ["hidden"]
    assert _last_parts(http) == ["scim.1", "scim.2", "hidden"]


def test_functions_of_a_job_and_of_the_template_that_one_would_have() -> None:
    first, second = _run(Service(), gather=["functions"])
    assert first["functions"] == [{"job_id": "scim.1", "template_id": "scim", "functions": [{"name": "Join"}]}]
    assert second["functions"] == [{"job_id": None, "template_id": "best", "functions": [{"name": "Append"}]}]


def test_connections_are_there_or_not() -> None:
    record = _run(
        Service(),
        service_principal_id=A,
        gather=["connections"],
        object_ids=["known", "unknown"],
        api_version="beta",
    )[0]
    assert record["connections"] == [
        {"job_id": "scim.1", "object_id": "known", "connection": {"objectId": "known"}},
        {"job_id": "scim.1", "object_id": "unknown", "connection": None},
    ]


def test_an_application_that_is_named_twice_is_told_twice_and_read_once() -> None:
    http = Service()
    twice = [{"service_principal_id": A}, {"service_principal_id": A}]
    first, second = _run(http, applications=twice, gather=["functions"])
    assert first == second
    assert len(first["functions"]) == 1
    assert _last_parts(http) == ["jobs", "functions"]


def test_many_applications_are_found_together() -> None:
    http = Service()
    named = [{"app_id": APP}, {"service_principal_id": B}, {"app_id": APP}]
    assert [one["display_name"] for one in _run(http, applications=named, gather=["jobs"])] == ["A", None, "A"]
    assert [one.path for one in http.sent] == ["/$batch"] * 2
    for unknown, words in (({"app_id": B}, "no service principal with the application"), ({"display_name": "C"}, "C")):
        with pytest.raises(ProvisioningError, match=words):
            _run(Service(), applications=[*named, unknown])


def test_no_applications_are_not_the_whole_tenant() -> None:
    http = Service()
    assert _run(http, applications=[]) == []
    for empty in ({"display_name": ""}, {"app_id": ""}, {"applications": [{"app_id": APP}, {"display_name": ""}]}):
        with pytest.raises(BadInput, match="is empty"):
            _run(http, **empty)
    assert http.sent == []


def test_entries_beyond_the_limit_are_told_of() -> None:
    for limit, told in ((2, 1), (3, 0)):
        made = task(sync_info.ARGUMENTS, Service(), service_principal_id=A, gather=["logs"], logs_limit=limit)
        assert sync_info.run(made).result["applications"][0]["logs"]["by_action"] == {"other": limit}
        assert len(made.warnings) == told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gather": ["connections"]}, "need each other"),
        ({"object_ids": ["x"]}, "need each other"),
        ({"gather": ["connections"], "object_ids": ["x"]}, "api_version to beta"),
        ({"logs_since": "soon"}, "logs_since takes a moment"),
        ({"logs_hours": 0}, "logs_hours takes a number from 1"),
        ({"logs_limit": -1}, "logs_limit takes a number from 1"),
    ],
)
def test_what_cannot_be_asked(options: dict[str, t.Any], words: str) -> None:
    http = Service()
    with pytest.raises(BadInput, match=words):
        _run(http, service_principal_id=A, **options)
    assert http.sent == []
