# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An application with provisioning, as the SDK sees it and as the simulator remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from msgraph.generated.applications.item.synchronization.synchronization_request_builder import (
    SynchronizationRequestBuilder as ApplicationSynchronization,
)
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application_service_principal import ApplicationServicePrincipal
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair as Pair,
)
from msgraph.generated.models.synchronization_status import SynchronizationStatus
from msgraph.generated.service_principals.item.synchronization.jobs.item import synchronization_job_item_request_builder
from msgraph.generated.service_principals.item.synchronization.synchronization_request_builder import (
    SynchronizationRequestBuilder as Synchronization,
)

from tests.sdk.bodies import Instantiate, Secrets
from tests.sdk.client import Client

Job = synchronization_job_item_request_builder.SynchronizationJobItemRequestBuilder
NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
# servicePrincipal is an open type: it may have members that its metadata does not declare, and v1.0 sends this one.
UNDECLARED = ("createdDateTime",)


@dataclass
class Application:
    """What was instantiated, and the id of its job once there is one."""

    client: Client
    instance: ApplicationServicePrincipal
    job_id: str = ""

    @property
    def principal_id(self) -> str:
        """The object id of the service principal."""
        return str(self.instance.service_principal.id)

    @property
    def application_id(self) -> str:
        """The object id of the application."""
        return str(self.instance.application.id)

    @property
    def sync(self) -> Synchronization:
        """What hangs below the service principal."""
        return self.client.graph.service_principals.by_service_principal_id(self.principal_id).synchronization

    @property
    def app_sync(self) -> ApplicationSynchronization:
        """What hangs below the application."""
        return self.client.graph.applications.by_application_id(self.application_id).synchronization

    @property
    def job(self) -> Job:
        """The job."""
        return self.sync.jobs.by_synchronization_job_id(self.job_id)

    @property
    def stored(self) -> dict[str, Any]:
        """What the simulator remembers of the job: `job`, `schema`, `memory`."""
        found: dict[str, Any] = self.synchronization["jobs"][self.job_id]
        return found

    @property
    def synchronization(self) -> dict[str, Any]:
        """What the simulator remembers of all of it: `templates`, `secrets`, `jobs`."""
        found: dict[str, Any] = self.client.simulator.state()["synchronization"][self.principal_id]
        return found

    async def create_job(self, template_id: str = "scim") -> SynchronizationJob:
        """Create the job."""
        created = await self.client.read(self.sync.jobs.post(SynchronizationJob(template_id=template_id)))
        self.job_id = str(created.id)
        return created

    async def store_credentials(self, **more: str) -> None:
        """PUT what the target accepts, and more."""
        pairs = credentials(self.client)
        pairs += [Pair(key=SynchronizationSecret[key], value=value) for key, value in more.items()]
        await self.sync.secrets.put(Secrets(value=pairs))

    async def assign(self, principal_id: str) -> AppRoleAssignment:
        """Assign a user or a group with the application's first role."""
        role = self.instance.service_principal.app_roles[0].id
        wanted = AppRoleAssignment(principal_id=principal_id, resource_id=self.principal_id, app_role_id=role)
        principal = self.client.graph.service_principals.by_service_principal_id(self.principal_id)
        return await self.client.read(principal.app_role_assigned_to.post(wanted))

    async def status(self) -> SynchronizationStatus:
        """The job's status now."""
        read = await self.client.read(self.job.get())
        assert read.status is not None
        return read.status


async def instantiate(client: Client, template: str = NON_GALLERY) -> Application:
    """A new application from the gallery."""
    gallery = client.graph.application_templates.by_application_template_id(template)
    call = gallery.instantiate.post(Instantiate(display_name="Contoso SCIM"))
    return Application(client, await client.read(call, undeclared=UNDECLARED))


def credentials(client: Client) -> list[Pair]:
    """What the SCIM server of the simulator accepts."""
    target = client.simulator.ready["scim"]
    return [
        Pair(key=SynchronizationSecret.BaseAddress, value=target["base_address"]),
        Pair(key=SynchronizationSecret.SecretToken, value=target["token"]),
    ]


def in_target(client: Client, kind: str = "Users") -> list[dict[str, Any]]:
    """What the SCIM server holds."""
    target = client.simulator.ready["scim"]
    headers = {"Authorization": f"Bearer {target['token']}"}
    with httpx.Client(trust_env=False) as http:
        found: list[dict[str, Any]] = http.get(f"{target['base_address']}/{kind}", headers=headers).json()["Resources"]
    return found
