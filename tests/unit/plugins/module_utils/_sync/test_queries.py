# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of Graph, to the letter: an order or a limit that is lost shows nowhere else."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import (
    assignments,
    bulk_results,
    deletions,
    info,
    logs,
    organization,
    principals,
    schemas,
)
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import directory_synchronization, sync_info
from ansible_collections.entra.provisioning.tests.unit.doubles import ROOT, Request, ScriptedHttp, answer, graph, task
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.schema_service import SP as OTHER
from ansible_collections.entra.provisioning.tests.unit.schema_service import SYNC, SchemaService

SP = Principal("11111111-1111-1111-1111-111111111111")
MOMENT = datetime.datetime(2026, 11, 5, 12, tzinfo=datetime.timezone.utc)
FIELDS = "$select=id,appId,displayName,applicationTemplateId,servicePrincipalType"
NEWEST = "$orderby=activityDateTime desc"


def _asked(ask: t.Callable[[t.Any], t.Any], body: t.Any = None) -> list[str]:
    """Return the paths of what is sent where every answer is this one."""
    http = ScriptedHttp(answer(200, body or {"value": []}))
    ask(graph(http))
    return [one.path for one in http.sent]


def test_applications() -> None:
    record = {"id": SP.id, "appId": "a", "displayName": "HR"}
    assert _asked(lambda one: principals.by_name(one, "R'n'D")) == [
        f"/servicePrincipals?$filter=displayName eq 'R''n''D'&{FIELDS}"
    ]
    assert _asked(lambda one: principals.find(one, {"app_id": SP.id}), record) == [
        f"/servicePrincipals(appId='{SP.id}')?{FIELDS}"
    ]
    assert _asked(lambda one: principals.find_all(one, [{"app_id": SP.id}]), record) == [
        f"/servicePrincipals(appId='{SP.id}')?{FIELDS}"
    ]
    assert _asked(lambda one: principals.app_id(one, SP), record) == [
        f"/servicePrincipals/{SP.id}?$select=id,appId,displayName"
    ]


def test_all_applications_of_a_tenant() -> None:
    http = ScriptedHttp(answer(200, {"value": []}))
    assert info.applications(task(sync_info.ARGUMENTS, http)) == []
    assert [one.path for one in http.sent] == [
        f"/servicePrincipals?$filter=applicationTemplateId ne null&$count=true&{FIELDS}&$top=999"
    ]
    # Without it the filter is refused: it is one of the advanced ones.
    assert http.sent[0].headers["ConsistencyLevel"] == "eventual"


def test_roles_and_members() -> None:
    role = {"id": "r", "displayName": "User", "isEnabled": True, "allowedMemberTypes": ["User"]}
    assert _asked(lambda one: assignments.role_id(one, SP, None), {"id": SP.id, "appRoles": [role]}) == [
        f"/servicePrincipals/{SP.id}?$select=id,displayName,appRoles"
    ]
    known = {"id": "1", "displayName": "x"}
    assert _asked(lambda one: assignments.members(one, ["ada@x"], []), known) == [
        "/users/ada@x?$select=id,displayName,userPrincipalName"
    ]
    assert _asked(lambda one: assignments.members(one, [], [SP.id]), known) == [
        f"/groups/{SP.id}?$select=id,displayName"
    ]
    assert _asked(lambda one: assignments.members(one, [], ["R'n'D"]), {"value": [known]}) == [
        "/groups?$filter=displayName eq 'R''n''D'&$select=id,displayName"
    ]


def test_a_role_of_a_planned_application() -> None:
    planned = Principal(principals.PLANNED)
    client = graph(ScriptedHttp(routes={}))
    found = [assignments.role_id(client, planned, one) for one in (None, "Admin", SP.id)]
    assert found == [principals.PLANNED, principals.PLANNED, SP.id]


def test_logs() -> None:
    assert _asked(lambda one: logs.entries(one, ["a'1"], MOMENT, 7)) == [
        f"/auditLogs/provisioning?$filter=jobId eq 'a''1' and activityDateTime ge 2026-11-05T12:00:00Z&{NEWEST}&$top=7"
    ]
    both = logs.STATUSES[:2]
    assert _asked(lambda one: logs.entries(one, ["a", "b"], None, 900, cycles=["c"], statuses=both)) == [
        "/auditLogs/provisioning?$filter=(jobId eq 'a' or jobId eq 'b') and cycleId eq 'c' and "
        "(provisioningStatusInfo/status eq 'success' or provisioningStatusInfo/status eq 'failure')"
        f"&{NEWEST}&$top=500"
    ]
    assert _asked(lambda one: logs.last_cycle(one, "a")) == [
        f"/auditLogs/provisioning?$filter=jobId eq 'a'&{NEWEST}&$top=100"
    ]


def test_deletions_that_are_held_back() -> None:
    job = example("job_examples")["quarantine_too_many_deletes"]
    (path,) = _asked(lambda one: deletions.staged(one, job))
    assert path.startswith(f"/auditLogs/provisioning?$filter=jobId eq '{job['id']}' and activityDateTime ge 20")
    assert path.endswith(f"Z&{NEWEST}&$top=500")


def test_what_became_of_an_upload() -> None:
    entry = {"id": "old", "activityDateTime": "2026-11-05T12:00:00Z", "sourceIdentity": {"id": "e0"}}
    bodies = [{"value": [entry]}, {"value": [{**entry, "id": "new"}]}]
    http = ScriptedHttp(*(answer(200, one) for one in bodies))
    follower = bulk_results.Follower(graph(http), "a")
    (found,) = follower.results([{"bulkId": "1", "data": {"externalId": "e0"}}])
    assert found["log_id"] == "new"
    assert [one.path for one in http.sent] == [
        f"/auditLogs/provisioning?$filter=jobId eq 'a'&{NEWEST}&$top=50",
        "/auditLogs/provisioning?$filter=(jobId eq 'a') and activityDateTime ge 2026-11-05T12:00:00Z"
        f"&{NEWEST}&$top=500",
    ]


def test_the_organization() -> None:
    (path,) = _asked(organization.read, {"value": [{"id": "t"}]})
    assert path.startswith("/organization?$select=id,")
    with pytest.raises(ProvisioningError) as caught:
        organization.read(graph(ScriptedHttp(answer(200, {"value": []}))))
    assert caught.value.message == (
        "The service names no organization for this identity. Sign in to the tenant that is to be synchronized."
    )


def test_synchronization_that_is_never_seen_to_be_on_is_told() -> None:
    http = ScriptedHttp(
        routes={
            ("PATCH", ROOT.replace("v1.0", "beta") + "/organization/t"): answer(204),
            ("GET", "/organization"): {"value": [{"id": "t"}]},
        }
    )
    made = task(directory_synchronization.ARGUMENTS, http)
    (change,) = organization.plan(made, {"id": "t"})
    assert (change.path, change.before, change.after) == ("directory synchronization", "off", "on")
    assert change.sentence == "switch on directory synchronization for the tenant t"
    assert change.call and change.call.body == {"onPremisesSyncEnabled": True}
    result = made.perform(lambda one: one.carry_out([change], record=lambda _seen: {}))
    assert (result["failed"], "changes_made" in result["error"]) == (True, False)
    assert "the service accepts it, but" in result["msg"]
    assert http.verbs().count("PATCH") == 2


def test_the_schema_of_another_job() -> None:
    service = SchemaService(example("customappsso_default"))
    where = {"service_principal_id": OTHER.id}
    assert schemas.of_other_job(service.task(from_job=where), where) == service.schema
    assert [one.path for one in service.http.sent] == [f"{SYNC}/jobs", f"{SYNC}/jobs/scim.1/schema"]
    service.routes["GET", f"{SYNC}/jobs"] = {"value": []}
    with pytest.raises(ProvisioningError) as caught:
        schemas.of_other_job(service.task(from_job=where), where)
    assert caught.value.message == (
        f"The application {OTHER.id}, which from_job names, has no such synchronization job."
    )
    assert caught.value.facts["status"] == 404


def test_the_schema_that_is_gone_meanwhile() -> None:
    def gone(_request: Request) -> t.Any:
        return answer(404, {"error": {"code": "NotFound", "message": "No."}})

    service = SchemaService(example("customappsso_default"))
    service.routes["GET", f"{SYNC}/jobs/scim.1/schema"] = gone
    made = service.task(state="default")
    with pytest.raises(ProvisioningError, match="has no synchronization job"):
        schemas.current(made, service.place(made), OTHER, service.job)
    with pytest.raises(ProvisioningError) as caught:
        schemas.current(made, service.place(made), OTHER, None)
    assert caught.value.message == "Could not read the schema of the synchronization job scim.1."
    assert caught.value.facts["status"] == 404
