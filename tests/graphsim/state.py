# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant: what the service remembers. In memory, plain dicts in the shapes of the API."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .engine.lifecycle import JobMemory
from .odata.path import AlternateKey, Segment

TENANT_ID = "e0000000-0000-4000-8000-000000000001"
DOMAIN = "contoso.example"

# The first block of an id tells a reader what it belongs to.
_KINDS = {
    "user": "a0000001",
    "group": "a0000002",
    "application": "b0000001",
    "servicePrincipal": "b0000002",
    "appId": "b0000003",
    "appRoleAssignment": "c0000001",
    "extensionProperty": "c0000002",
    "client": "d0000001",
    "job": "d0000002",
    "log": "d0000003",
}


@dataclass
class Client:
    """An application that may sign in; `roles` go into its tokens.

    `thumbprints` are the SHA-1 and SHA-256 fingerprints of its certificate in base64url, `federated` says whether
    assertions of the simulator's issuer for `subject` are accepted, `managed` whether the identity endpoints give
    its tokens.
    """

    client_id: str
    client_secret: str
    roles: list[str]
    display_name: str = ""
    certificate_pem: bytes = b""
    thumbprints: tuple[str, ...] = ()
    subject: str = ""
    managed: bool = False
    shown: dict[str, str] = field(default_factory=dict)


@dataclass
class Template:
    """A synchronization template of an application. Schemas are shared documents: replaced, never changed."""

    document: dict[str, Any]
    factory_schema: dict[str, Any]
    schema: dict[str, Any]


@dataclass
class Job:
    """A job: `raw` as the service returns it, the engine's memory of it, and its schema (replaced, never changed).

    `echoed` is the templateId that replies carry; `template_id` the one that it was created with. `visible_at` is
    on the monotonic clock.
    """

    raw: dict[str, Any]
    memory: JobMemory
    schema: dict[str, Any]
    template_id: str
    schema_is_default: bool = True
    visible_at: float = 0
    schema_reads: int = 0


@dataclass
class Synchronization:
    """What hangs below ``/servicePrincipals/{id}/synchronization`` (and below its application)."""

    principal_id: str
    application_id: str
    templates: dict[str, Template] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    # What GET still shows until the monotonic time, see the quirk secrets_lag.
    old_secrets: dict[str, str] = field(default_factory=dict)
    old_secrets_until: float = 0
    on_demand_calls: list[float] = field(default_factory=list)


@dataclass
class Neighbour:
    """Another simulator, which is another tenant: the address of its control interface, and the file of its authority.

    Both are empty for a tenant that nobody runs.
    """

    control: str
    ca_path: str


@dataclass
class Tenant:
    """Everything, by id.

    `partners` are the partner configurations of cross-tenant access and `identity_synchronizations` what hangs below
    them, both by the id of the partner tenant; `neighbours` are the tenants that exist besides this one.
    """

    tenant_id: str = TENANT_ID
    organization: dict[str, Any] = field(default_factory=dict)
    partners: dict[str, dict[str, Any]] = field(default_factory=dict)
    identity_synchronizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    neighbours: dict[str, Neighbour] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    service_principals: dict[str, dict[str, Any]] = field(default_factory=dict)
    application_templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    assignments: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Directory extensions, by the id of the application that owns them.
    extensions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    synchronizations: dict[str, Synchronization] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    logs: list[dict[str, Any]] = field(default_factory=list)
    token_seconds: int = 3599
    visible_at: dict[str, float] = field(default_factory=dict)
    in_force_at: dict[str, float] = field(default_factory=dict)
    _counters: Counter[str] = field(default_factory=Counter)

    def new_id(self, kind: str) -> str:
        """The next id of a kind; the same after every reset."""
        self._counters[kind] += 1
        return f"{_KINDS[kind]}-0000-4000-8000-{self._counters[kind]:012x}"

    def visible(self, object_id: str) -> bool:
        """False while a new object is not replicated yet."""
        return self.visible_at.get(object_id, 0) <= time.monotonic()

    def in_force(self, assignments: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those assignments that jobs know of by now."""
        now = time.monotonic()
        return [one for one in assignments if self.in_force_at.get(one["id"], 0) <= now]

    def find(self, collection: dict[str, dict[str, Any]], key: Segment) -> dict[str, Any] | None:
        """An object by its id or by an alternate key; None when there is none, or not yet."""
        if isinstance(key, AlternateKey):
            hits = (item for item in list(collection.values()) if item.get(key.name) == key.value)
            found = next(hits, None)
        else:
            found = collection.get(key.lower())
        return found if found and self.visible(found["id"]) else None

    def assigned_to(self, principal_id: str) -> list[dict[str, Any]]:
        """The app role assignments on a service principal, replicated or not."""
        return [item for item in list(self.assignments.values()) if item["resourceId"] == principal_id]
