# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The applications that may sign in."""

from __future__ import annotations

from typing import Any

from ..sign_in.material import Material
from ..state import Client, Tenant

# Each is the least or the usual application permission for something that the collection does ("Microsoft Graph
# permissions reference"); discover and changes of users ask for Directory.ReadWrite.All.
ALL_ROLES = [
    "Application.ReadWrite.All",
    "Synchronization.ReadWrite.All",
    "SynchronizationData-User.Upload",
    "SynchronizationMetadata.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "Group.Read.All",
    "AuditLog.Read.All",
    "Organization.ReadWrite.All",
    "Policy.Read.All",
    "Policy.ReadWrite.CrossTenantAccess",
]
_DEFAULT = [
    ("everything", ALL_ROLES),
    ("read only", ["Application.Read.All", "Synchronization.Read.All", "Organization.Read.All", "Policy.Read.All"]),
    ("nothing", []),
]


def add_default(tenant: Tenant, material: Material, endpoint: str) -> None:
    """Register the three default clients; the first can sign in in every way."""
    for number, (name, roles) in enumerate(_DEFAULT, start=1):
        client = Client(tenant.new_id("client"), f"secret-of-client-{number}~simulated", list(roles), name)
        if number == 1:
            material.equip(client, endpoint)
        tenant.clients[client.client_id] = client


def add(tenant: Tenant, wanted: list[dict[str, Any]]) -> None:
    """Register the clients of a seed."""
    for item in wanted:
        client_id = str(item.get("client_id") or tenant.new_id("client")).lower()
        secret = str(item.get("client_secret") or f"secret-of-{client_id}")
        tenant.clients[client_id] = Client(client_id, secret, list(item.get("roles", [])), item.get("display_name", ""))


def shown(tenant: Tenant) -> list[dict[str, Any]]:
    """The clients as the first line of the simulator's output tells them."""
    return [
        {"client_id": one.client_id, "client_secret": one.client_secret, "roles": one.roles, **one.shown}
        for one in tenant.clients.values()
    ]
