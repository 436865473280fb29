# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tenant holds at start.

The default: the gallery, eight users, two groups, one plain app registration, three clients. A seed, given with
``--seed FILE`` or to ``POST /_sim/reset``, is merged over it; every member is optional::

    {
      "empty": true,                     no default users, groups, applications (gallery and clients stay)
      "token_seconds": 3599,             lifetime of access tokens
      "users": [{"userPrincipalName": "eva@contoso.example", "department": "Sales", "manager": "adele@...", ...}],
      "groups": [{"displayName": "Large", "members": ["eva@contoso.example", "Sales team"], "member_count": 23}],
      "applications": [{
        "display_name": "Contoso SCIM",
        "application_template_id": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",     null: a plain app registration
        "jobs": [{"template_id": "scim", "state": "active", "schema": {...}}],
        "secrets": {"BaseAddress": "...", "SecretToken": "..."},
        "assigned": ["eva@contoso.example", "Sales team"],
        "extensions": [{"name": "badge", "dataType": "String", "targetObjects": ["User"]}],
        "app_role_assignment_required": true
      }],
      "clients": [{"client_id": "...", "client_secret": "...", "roles": ["Synchronization.Read.All"]}],
      "organization": {"displayName": "Contoso", "onPremisesSyncEnabled": true},
      "partners": [{
        "tenantId": "...",
        "automaticUserConsentSettings": {"inboundAllowed": true, "outboundAllowed": null},
        "identitySynchronization": {"displayName": "Fabrikam", "userSyncInbound": {"isSyncAllowed": true}}
      }],
      "tenants": {"<tenant id of another simulator>": {"control": "<its control>", "ca_path": "<its ca_path>"}}
    }

- A user with a userPrincipalName (or id) that exists changes that user, a group likewise by displayName.
- ``count`` in a user, group or application makes as many copies; ``{n}`` in its texts is the number from 1.
- A tenant without an address is one that nobody runs: it allows everything, and takes nobody.
- ``member_count`` adds so many generated users to the group; a member "*" stands for all users so far.
- The ``state`` of a job is ``created``, ``started``, ``active``, ``entry_errors``, ``paused``, ``quarantine``,
  ``too_many_deletes``, or a name in ``tests/fixtures/graph/examples/job_examples.json``. Its next cycle falls due
  one interval later.
"""

from __future__ import annotations

from typing import Any

from ..control.clock import Clock
from ..gallery.catalogue import APPLICATION_TEMPLATES
from ..sign_in.material import Material
from ..state import TENANT_ID, Tenant
from . import clients, default, merge, tenancy

_MEMBERS = {
    "empty",
    "token_seconds",
    "users",
    "groups",
    "applications",
    "clients",
    "organization",
    "partners",
    "tenants",
}


def new_tenant(
    seed: dict[str, Any] | None, material: Material, clock: Clock, endpoint: str, tenant_id: str = TENANT_ID
) -> Tenant:
    """A fresh tenant.

    :raises ValueError: when the seed does not make sense.
    """
    seed = seed or {}
    if not isinstance(seed, dict):
        raise ValueError("a seed is an object")
    unknown = set(seed) - _MEMBERS
    if unknown:
        raise ValueError(f"a seed has no member {', '.join(sorted(unknown))}")
    tenant = Tenant(tenant_id=tenant_id, token_seconds=int(seed.get("token_seconds", 3599)))
    tenant.application_templates = {item["id"]: item for item in APPLICATION_TEMPLATES}
    clients.add_default(tenant, material, endpoint)
    clients.add(tenant, seed.get("clients") or [])
    tenancy.add(tenant, seed)
    if not seed.get("empty"):
        merge.merge(
            tenant, {"users": default.USERS, "groups": default.GROUPS, "applications": default.APPLICATIONS}, clock
        )
    merge.merge(tenant, seed, clock)
    return tenant
