# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole life of an application, by Microsoft's own client."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import Any

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.application_templates.application_templates_request_builder import (
    ApplicationTemplatesRequestBuilder as Templates,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.quarantine_reason import QuarantineReason
from msgraph.generated.models.synchronization_job_application_parameters import (
    SynchronizationJobApplicationParameters as Parameters,
)
from msgraph.generated.models.synchronization_job_restart_criteria import SynchronizationJobRestartCriteria as Criteria
from msgraph.generated.models.synchronization_job_subject import SynchronizationJobSubject as Subject
from msgraph.generated.models.synchronization_linked_objects import SynchronizationLinkedObjects
from msgraph.generated.models.synchronization_schedule_state import SynchronizationScheduleState as Schedule
from msgraph.generated.models.synchronization_status_code import SynchronizationStatusCode as Code
from msgraph.generated.models.synchronization_task_execution_result import SynchronizationTaskExecutionResult as Result
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder as Principals,
)

from tests.sdk.application import NON_GALLERY, UNDECLARED, Application, credentials, in_target, instantiate
from tests.sdk.bodies import ProvisionOnDemand, Restart, Validate, ValidateBeforeJob
from tests.sdk.client import Client
from tests.sdk.reading import differences

pytestmark = pytest.mark.anyio

# Of the reference pages of v1.0, with {} for every id: what the life below asks for, and nothing else.
ADDRESSES = {
    "GET /applicationTemplates",
    "POST /applicationTemplates/{}/instantiate",
    "GET /servicePrincipals",
    "GET /servicePrincipals/{}/synchronization/templates",
    "POST /servicePrincipals/{}/synchronization/jobs/validateCredentials",
    "POST /servicePrincipals/{}/synchronization/jobs",
    "PUT /servicePrincipals/{}/synchronization/secrets",
    "POST /servicePrincipals/{}/synchronization/jobs/{}/validateCredentials",
    "POST /servicePrincipals/{}/appRoleAssignedTo",
    "GET /servicePrincipals/{}/synchronization/jobs/{}/schema",
    "POST /servicePrincipals/{}/synchronization/jobs/{}/provisionOnDemand",
    "POST /servicePrincipals/{}/synchronization/jobs/{}/start",
    "POST /servicePrincipals/{}/synchronization/jobs/{}/pause",
    "POST /servicePrincipals/{}/synchronization/jobs/{}/restart",
    "GET /servicePrincipals/{}/synchronization/jobs/{}",
    "GET /servicePrincipals/{}/synchronization/jobs",
    "DELETE /servicePrincipals/{}/synchronization/jobs/{}",
    "DELETE /applications/{}",
}


async def test_a_whole_life(client: Client) -> None:
    """From the gallery to nothing left."""
    application = await _instantiate(client)
    await _choose_template(application)
    await _connect(application)
    users = {user["displayName"]: user["id"] for user in client.simulator.state()["users"]}
    await _provision_on_demand(application, users)
    await _run(application)
    await _delete(application)
    ids = re.compile(r"(?<=/)(\w+\.[0-9a-f]{32}\.)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)")
    asked = [one for one in client.simulator.requests() if one["path"].startswith("/v1.0/")]
    assert {f"{one['method']} {ids.sub('{}', one['path'].removeprefix('/v1.0'))}" for one in asked} == ADDRESSES


async def _find(client: Client, name: str) -> list[str]:
    """The ids of the service principals of that name; the count is Graph's."""
    wanted = Principals.ServicePrincipalsRequestBuilderGetQueryParameters(filter=f"displayName eq '{name}'", count=True)
    configuration = RequestConfiguration(query_parameters=wanted)
    configuration.headers.add("ConsistencyLevel", "eventual")
    found = await client.read(client.graph.service_principals.get(configuration), undeclared=UNDECLARED)
    assert found.odata_count == len(found.value or [])
    return [str(one.id) for one in found.value or []]


async def _instantiate(client: Client) -> Application:
    assert await _find(client, "Contoso SCIM") == []
    wanted = Templates.ApplicationTemplatesRequestBuilderGetQueryParameters(filter="displayName eq 'Custom'")
    templates = await client.read(client.graph.application_templates.get(RequestConfiguration(query_parameters=wanted)))
    assert [one.id for one in templates.value or []] == [NON_GALLERY]
    application = await instantiate(client)
    assert await _find(client, "Contoso SCIM") == [application.principal_id]
    state = client.simulator.state()
    for typed, kind in (("application", "applications"), ("service_principal", "servicePrincipals")):
        made = getattr(application.instance, typed)
        (stored,) = [one for one in state[kind] if one["id"] == made.id]
        assert [one for one in differences(made, stored) if "createdDateTime" not in one] == []
    return application


async def _choose_template(application: Application) -> None:
    templates = await application.client.read(application.sync.templates.get())
    assert [one.id for one in templates.value or []] == application.synchronization["templates"]
    assert [one.id for one in templates.value or [] if one.default] == ["scim"]


async def _connect(application: Application) -> None:
    """Validate before there is a job, create it, store the credentials, validate what is stored."""
    client, pairs = application.client, credentials(application.client)
    before = application.sync.jobs.validate_credentials
    await before.post(ValidateBeforeJob(template_id="scim", use_saved_credentials=False, credentials=pairs))
    pairs[1].value = "wrong"
    with pytest.raises(ODataError, match="InvalidCredentials"):
        await before.post(ValidateBeforeJob(template_id="scim", use_saved_credentials=False, credentials=pairs))
    created = await application.create_job()
    assert differences(created, application.stored["job"]) == []
    assert (created.schedule.state, created.status.code) == (Schedule.Disabled, Code.Paused)
    assert created.schedule.interval == dt.timedelta(minutes=40)
    saved = application.job.validate_credentials
    with pytest.raises(ODataError, match="CredentialsMissing"):
        await saved.post(Validate(use_saved_credentials=True))
    await application.store_credentials(SyncNotificationSettings='{"Enabled":false}')
    await saved.post(Validate(use_saved_credentials=True))
    target = client.simulator.ready["scim"]
    assert application.synchronization["secrets"] == {
        "BaseAddress": _digest(target["base_address"]),
        "SecretToken": _digest(target["token"]),
        "SyncNotificationSettings": _digest('{"Enabled":false}'),
    }


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


async def _provision_on_demand(application: Application, users: dict[str, str]) -> None:
    """A user, then a group with two of its members; both are in the target at once."""
    group = next(one for one in application.client.simulator.state()["groups"] if one["displayName"] == "Sales team")
    for principal_id in (users["Adele Vance"], group["id"]):
        made = await application.assign(principal_id)
        stored = application.client.simulator.state()["appRoleAssignments"]
        assert differences(made, next(one for one in stored if one["id"] == made.id)) == []
    schema = await application.client.read(application.job.schema.get())
    (rule,) = schema.synchronization_rules or []
    adele = Subject(object_id=users["Adele Vance"], object_type_name="User")
    results = await _on_demand(application, str(rule.id), adele)
    assert [(one["sourceIdentity"]["id"], one["action"]) for one in results] == [(users["Adele Vance"], "Create")]
    members = [Subject(object_id=users[name], object_type_name="User") for name in ("Adele Vance", "Ben Okoro")]
    links = SynchronizationLinkedObjects(members=members)
    team = Subject(object_id=group["id"], object_type_name="Group", links=links)
    results = await _on_demand(application, str(rule.id), team)
    assert {one["sourceIdentity"]["id"] for one in results} >= {group["id"], users["Ben Okoro"]}
    in_users = {one["userName"]: one["id"] for one in in_target(application.client)}
    assert set(in_users) == {"adele.vance@contoso.example", "ben.okoro@contoso.example"}
    (in_group,) = in_target(application.client, "Groups")
    assert {one["value"] for one in in_group["members"]} == set(in_users.values())


async def _on_demand(application: Application, rule_id: str, subject: Subject) -> list[dict[str, Any]]:
    body = ProvisionOnDemand(parameters=[Parameters(rule_id=rule_id, subjects=[subject])])
    answer = await application.client.read(application.job.provision_on_demand.post(body))
    results: list[dict[str, Any]] = json.loads(str(answer.value))
    # A member that is in the target already is skipped.
    assert {one["statusInfo"]["status"] for one in results} <= {"Success", "Skipped"}
    return results


async def _run(application: Application) -> None:
    """Start, a cycle, pause, a restart that begins again, and a quarantine that a restart lifts."""
    simulator = application.client.simulator
    await application.job.start.post()
    simulator.clock("PT1H")
    status = await _status(application)
    assert (status.code, status.last_execution.state) == (Code.Active, Result.Succeeded)
    assert status.steady_state_first_achieved_time.year == dt.datetime.now(dt.timezone.utc).year
    assert {pair.key: pair.value for pair in status.synchronized_entry_count_by_type} == {
        pair["key"]: pair["value"] for pair in application.stored["job"]["status"]["synchronizedEntryCountByType"]
    }
    await application.job.pause.post()
    assert application.stored["job"]["schedule"]["state"] == "Paused"
    await application.store_credentials(SecretToken="wrong")
    await application.job.start.post()
    simulator.clock("PT1H")
    status = await _status(application)
    assert (status.code, status.quarantine.reason) == (Code.Quarantine, QuarantineReason.EncounteredQuarantineException)
    assert status.quarantine.series_count == application.stored["job"]["status"]["quarantine"]["seriesCount"]
    await application.store_credentials()
    # The list that the model has for it is not written, see test_sdk_faults.
    criteria = Criteria(additional_data={"resetScope": "Watermark, Escrows, QuarantineState"})
    await application.job.restart.post(Restart(criteria=criteria))
    assert simulator.requests()[-1]["body"] == {"criteria": {"resetScope": "Watermark, Escrows, QuarantineState"}}
    assert application.stored["job"]["status"]["quarantine"] is None
    simulator.clock("PT1H")
    status = await _status(application)
    assert (status.code, status.quarantine) == (Code.Active, None)


async def _status(application: Application) -> Any:
    read = await application.client.read(application.job.get())
    assert differences(read, application.stored["job"]) == []
    return read.status


async def _delete(application: Application) -> None:
    jobs = await application.client.read(application.sync.jobs.get())
    assert [one.id for one in jobs.value or []] == [application.job_id]
    await application.job.delete()
    assert application.synchronization["jobs"] == {}
    assert (await application.client.read(application.sync.jobs.get())).value == []
    await application.client.graph.applications.by_application_id(application.application_id).delete()
    assert await _find(application.client, "Contoso SCIM") == []
    assert application.principal_id not in application.client.simulator.state()["synchronization"]
