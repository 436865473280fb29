# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other simulators as the other tenants of cross-tenant synchronization, asked through their control interfaces."""

from __future__ import annotations

from typing import Any

import requests

from .directory.partners import allows
from .engine.connection import ConnectionRefused
from .engine.scim import TargetError
from .engine.scim_paths import ScimPath, scim_path
from .engine.source import NAMES
from .state import Neighbour, Tenant

_SECONDS = 20
# Codes and texts of the page "Configure cross-tenant synchronization", section "Troubleshoot", and of the resource page
# "synchronizationError". Which of them a missing redemption in the target has is taken for granted.
_POLICY = "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure"
_NO_CONSENT = (
    "The source tenant has not enabled automatic user consent with the target tenant. Please enable the outbound "
    "cross-tenant access policy for automatic user consent in the source tenant. "
    "aka.ms/TroubleshootingCrossTenantSyncPolicyCheck"
)
_NO_SYNC = (
    "The target tenant has not enabled inbound synchronization with this tenant. Please request the target tenant "
    "admin to enable the inbound synchronization on their cross-tenant access policy. Learn more: "
    "aka.ms/TroubleshootingCrossTenantSyncPolicyCheck"
)
_REDEMPTION = "AzureDirectoryB2BManagementPolicyCheckFailure"
_NO_REDEMPTION = "Policy permitting auto-redemption of invitations not configured."


class Neighbours:
    """The tenants that a tenant knows."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def check(self, tenant_id: str) -> None:
        """Raises ConnectionRefused unless both tenants allow synchronization into that one."""
        if tenant_id.lower() not in self._tenant.neighbours:
            message = f"This tenant was not found by the authentication authority of the current cloud: {tenant_id}."
            raise ConnectionRefused("ExternalTenantNotFound", message)
        if not allows(self._tenant, tenant_id.lower())["outboundAllowed"]:
            raise ConnectionRefused(_POLICY, _NO_CONSENT)
        target = self.directory(tenant_id)
        try:
            allowed = target.allows()
        except TargetError as error:
            raise ConnectionRefused("ExternalTenantNotFound", str(error)) from None
        finally:
            target.close()
        if not allowed["isSyncAllowed"]:
            raise ConnectionRefused(_POLICY, _NO_SYNC)
        if not allowed["inboundAllowed"]:
            raise ConnectionRefused(_REDEMPTION, _NO_REDEMPTION)

    def directory(self, tenant_id: str) -> Directory:
        """The directory of another tenant, as a target of provisioning; to be closed."""
        return Directory(self._tenant.neighbours[tenant_id.lower()], self._tenant.tenant_id)


class Directory:
    """The external users of another tenant, in the words of a SCIM target.

    Simpler than the service: who leaves the scope is blocked, not deleted softly; groups are not synchronized.
    """

    def __init__(self, place: Neighbour, source: str) -> None:
        self._place = place
        self._source = source
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = place.ca_path

    def close(self) -> None:
        """Ends the session."""
        self._session.close()

    def allows(self) -> dict[str, bool]:
        """What that tenant allows this one; one that nobody runs allows everything."""
        if not self._place.control:
            return {"isSyncAllowed": True, "inboundAllowed": True}
        found: dict[str, bool] = self._call("GET")["allows"]
        return found

    def find(self, collection: str, path: ScimPath, value: str) -> list[dict[str, Any]]:
        """The users whose attribute equals a value, whatever its case."""
        return [one for one in self._users() if str(one.get(path.attribute)).lower() == value.lower()]

    def get(self, collection: str, target_id: str) -> dict[str, Any] | None:
        """A user, None when it is gone."""
        return next((one for one in self._users() if one["id"] == target_id), None)

    def create(self, collection: str, resource: dict[str, Any]) -> dict[str, Any]:
        """A new external user."""
        properties = {name: value for name, value in resource.items() if name != "schemas"}
        return self._call("POST", {"properties": _of_graph(properties)})

    def patch(self, collection: str, target_id: str, operations: list[dict[str, Any]]) -> None:
        """Changes of attributes."""
        properties = {scim_path(one["path"]).attribute: one["value"] for one in operations}
        self._call("POST", {"id": target_id, "properties": _of_graph(properties)})

    def delete(self, collection: str, target_id: str) -> None:
        """No user any more."""
        self._call("POST", {"id": target_id, "delete": True})

    def _users(self) -> list[dict[str, Any]]:
        return [
            {name if name == "id" else NAMES.get(name, name): value for name, value in one.items()}
            for one in self._call("GET")["users"]
        ]

    def _call(self, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._session.request(
                method, f"{self._place.control}/b2b", params={"tenant": self._source}, json=body, timeout=_SECONDS
            )
        except requests.RequestException as error:
            raise TargetError("ExternalTenantNotFound", f"The target tenant cannot be reached: {error}") from None
        if answer.status_code != 200:
            # The code is invented.
            raise TargetError("AzureActiveDirectoryCannotUpdateObject", answer.json()["error"], answer.status_code)
        found: dict[str, Any] = answer.json()
        return found


def _of_graph(properties: dict[str, Any]) -> dict[str, Any]:
    """Attributes of mappings under the names of Graph."""
    names = {old: new for new, old in NAMES.items()}
    return {names.get(name, name): value for name, value in properties.items()}
