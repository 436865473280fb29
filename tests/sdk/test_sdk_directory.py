# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What surrounds a job: users, groups, assignments, partners and logs, as typed objects."""

from __future__ import annotations

from typing import Any

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_serialization_json.json_parse_node import JsonParseNode
from msgraph.generated.audit_logs.provisioning.provisioning_request_builder import (
    ProvisioningRequestBuilder as Logs,
)
from msgraph.generated.models.cross_tenant_access_policy_configuration_partner import (
    CrossTenantAccessPolicyConfigurationPartner as Partner,
)
from msgraph.generated.models.cross_tenant_identity_sync_policy_partner import (
    CrossTenantIdentitySyncPolicyPartner as SyncPolicy,
)
from msgraph.generated.models.cross_tenant_user_sync_inbound import CrossTenantUserSyncInbound as UserSyncInbound
from msgraph.generated.models.extension_property import ExtensionProperty
from msgraph.generated.models.group import Group
from msgraph.generated.models.inbound_outbound_policy_configuration import InboundOutboundPolicyConfiguration as Consent
from msgraph.generated.models.provisioning_action import ProvisioningAction
from msgraph.generated.models.provisioning_result import ProvisioningResult
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.user import User
from msgraph.generated.users.users_request_builder import UsersRequestBuilder as Users
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks import PageIterator

from tests.sdk.application import UNDECLARED, Application
from tests.sdk.bodies import GetByIds
from tests.sdk.client import Client
from tests.sdk.reading import differences

pytestmark = pytest.mark.anyio

# A user is of an open type: applications add directory extensions to it.
EXTENSIONS = ("extension_[0-9a-f]{32}_\\w+",)
# Undeclared on the page "Configure cross-tenant synchronization using PowerShell or Microsoft Graph API" too.
MEETINGS = ("crossCloudMeetingConfiguration",)
# The one kind of step that the SDK cannot read, see test_sdk_faults.
IMPORT = "/provisioningStepType: 'import' was read as None"


def _stored(client: Client, kind: str, object_id: str | None) -> dict[str, Any]:
    (found,) = [one for one in client.simulator.state()[kind] if one["id"] == object_id]
    return found


async def test_pages(client: Client) -> None:
    """The SDK's iterator follows the links to the last page."""
    client.simulator.quirks(page_size=3)
    first = await client.read(client.graph.users.get())
    assert len(first.value or []) == 3
    seen: list[User] = []
    await PageIterator(first, client.adapter).iterate(lambda user: seen.append(user) or True)
    assert [one.user_principal_name for one in seen] == [
        one["userPrincipalName"] for one in client.simulator.state()["users"]
    ]


async def test_users(client: Client) -> None:
    """By filter and selection, by id, by name, and the manager."""
    wanted = Users.UsersRequestBuilderGetQueryParameters(
        filter="department eq 'Sales' and city eq 'Utrecht'",
        select=["id", "displayName", "accountEnabled", "employeeId", "onPremisesExtensionAttributes"],
        orderby=["displayName desc"],
        top=5,
    )
    found = await client.read(client.graph.users.get(RequestConfiguration(query_parameters=wanted)))
    ben, adele = found.value or []
    for user in (ben, adele):
        stored = _stored(client, "users", user.id)
        assert differences(user, {name: stored[name] for name in wanted.select or []}) == []
    by_id = client.graph.users.by_user_id(str(ben.id))
    assert (await client.read(by_id.get())).user_principal_name == "ben.okoro@contoso.example"
    manager = await client.read(by_id.manager.get())
    assert isinstance(manager, User)
    assert manager.display_name == adele.display_name
    by_name = client.graph.users.by_user_id("adele.vance@contoso.example")
    assert (await client.read(by_name.get())).id == adele.id


async def test_groups(client: Client) -> None:
    """Members are users, by what the answer says of their type."""
    groups = await client.read(client.graph.groups.get())
    team = next(one for one in groups.value or [] if one.display_name == "Sales team")
    members = await client.read(client.graph.groups.by_group_id(str(team.id)).members.get())
    assert all(isinstance(one, User) for one in members.value or [])
    assert [one.id for one in members.value or []] == _stored(client, "groups", team.id)["members"]


async def test_objects_by_their_ids(client: Client) -> None:
    """Each of its own type, with all that it has; a user has a manager, but no such member."""
    state = client.simulator.state()
    team, ben = state["groups"][0], next(one for one in state["users"] if one["manager"])
    body = GetByIds(ids=[team["id"], ben["id"]], types=["user", "group"])
    found = await client.read(client.graph.directory_objects.get_by_ids.post(body), undeclared=EXTENSIONS)
    assert [type(one) for one in found.value or []] == [Group, User]
    _unused, user = found.value or []
    assert isinstance(user, User)
    assert (user.department, user.manager) == (ben["department"], None)


async def test_alternate_keys(application: Application) -> None:
    """Objects by appId."""
    graph, app_id = application.client.graph, str(application.instance.application.app_id)
    principal = await application.client.read(graph.service_principals_with_app_id(app_id).get(), undeclared=UNDECLARED)
    assert principal.id == application.principal_id
    assert (
        await application.client.read(graph.applications_with_app_id(app_id).get())
    ).id == application.application_id


async def test_assignments(application: Application) -> None:
    """Made, listed, taken away."""
    client = application.client
    user = client.simulator.state()["users"][0]
    made = await application.assign(user["id"])
    assigned = client.graph.service_principals.by_service_principal_id(application.principal_id).app_role_assigned_to
    listed = await client.read(assigned.get())
    assert [one.id for one in listed.value or []] == [made.id]
    assert differences((listed.value or [])[0], _stored(client, "appRoleAssignments", made.id)) == []
    await assigned.by_app_role_assignment_id(str(made.id)).delete()
    assert client.simulator.state()["appRoleAssignments"] == []


async def test_provisioning_logs(job: Application) -> None:
    """Of one job, newest first; every entry is what the simulator remembers."""
    client = job.client
    for user in client.simulator.state()["users"][:2]:
        await job.assign(user["id"])
    await job.job.start.post()
    client.simulator.clock("PT1H")
    wanted = Logs.ProvisioningRequestBuilderGetQueryParameters(filter=f"jobId eq '{job.job_id}'")
    logs = await client.graph.audit_logs.provisioning.get(RequestConfiguration(query_parameters=wanted))
    assert logs is not None
    entries = logs.value or []
    assert [str(one.id) for one in entries] == [one["id"] for one in reversed(client.simulator.state()["logs"])]
    assert {one.provisioning_action for one in entries} >= {ProvisioningAction.Create}
    for entry in entries:
        stored = _stored(client, "logs", entry.id)
        assert [one for one in differences(entry, stored) if "/details/" not in one and IMPORT not in one] == []
        assert entry.provisioning_status_info is not None
        assert entry.provisioning_status_info.status in (ProvisioningResult.Success, ProvisioningResult.Skipped)
        details = [step.details.additional_data for step in entry.provisioning_steps or [] if step.details]
        assert [len(one) for one in details] == [len(one["details"]) for one in stored["provisioningSteps"]]


async def test_organization(client: Client) -> None:
    """The tenant itself."""
    found = await client.read(client.graph.organization.get())
    assert [one.id for one in found.value or []] == [client.simulator.ready["tenant_id"]]


async def test_extension_properties(application: Application) -> None:
    """A directory extension of the application."""
    client = application.client
    owner = client.graph.applications.by_application_id(application.application_id)
    wanted = ExtensionProperty(name="badge", data_type="String", target_objects=["User"])
    made = await client.read(owner.extension_properties.post(wanted))
    assert differences(made, _stored(client, "extensionProperties", made.id)) == []
    listed = await client.read(owner.extension_properties.get())
    assert [one.name for one in listed.value or []] == [made.name]
    await owner.extension_properties.by_extension_property_id(str(made.id)).delete()
    assert made.id not in [one["id"] for one in client.simulator.state()["extensionProperties"]]


async def test_cross_tenant_access(client: Client) -> None:
    """A partner, its consent and its identity synchronization, in the order of the page on cross-tenant sync."""
    tenant = "e0000000-0000-4000-8000-00000000000b"
    partners = client.graph.policies.cross_tenant_access_policy.partners
    await client.read(partners.post(Partner(tenant_id=tenant)), undeclared=MEETINGS)
    partner = partners.by_cross_tenant_access_policy_configuration_partner_tenant_id(tenant)
    await partner.patch(Partner(automatic_user_consent_settings=Consent(outbound_allowed=True)))
    await partner.identity_synchronization.put(SyncPolicy(user_sync_inbound=UserSyncInbound(is_sync_allowed=True)))
    policy = await client.read(partner.identity_synchronization.get())
    (stored,) = client.simulator.state()["crossTenantAccessPolicy"]["partners"]
    assert differences(policy, stored.pop("identitySynchronization")) == []
    read = await client.read(partner.get(), undeclared=MEETINGS)
    assert differences(read, stored) == ["/crossCloudMeetingConfiguration is not declared"]
    assert read.automatic_user_consent_settings is not None
    assert read.automatic_user_consent_settings.outbound_allowed is True
    assert policy.user_sync_inbound is not None
    assert policy.user_sync_inbound.is_sync_allowed is True


async def test_batch(job: Application) -> None:
    """Several answers in one, each with its own status."""
    content = BatchRequestContent()
    for name, job_id in (("there", job.job_id), ("not there", "none")):
        asked = job.sync.jobs.by_synchronization_job_id(job_id).to_get_request_information()
        content.add_request(name, BatchRequestItem(asked, name))
    answers = await job.client.graph.batch.post(content)
    assert answers.get_response_status_codes() == {"there": 200, "not there": 404}
    # The SDK cannot read the bodies, see test_sdk_faults.
    bodies = {one["id"]: one["body"] for one in job.client.raw["responses"]}
    assert bodies["there"]["id"] == job.job_id
    typed = JsonParseNode(bodies["there"]).get_object_value(SynchronizationJob)
    assert differences(typed, job.stored["job"]) == []
