# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another simulator may see and change here when it synchronizes users into this tenant.

Without the engine's lock, so that two tenants that synchronize with each other do not wait for each other.
"""

from __future__ import annotations

from typing import Any

from ..directory import partners, users
from ..directory.organization import initial_domain
from ..state import Tenant

_MARK = "#EXT#@"


def shown(tenant: Tenant, source: str) -> dict[str, Any]:
    """What this tenant allows the tenant `source`, and its external users under their names at home."""
    external = [one for one in list(tenant.users.values()) if _MARK in one["userPrincipalName"]]
    return {
        "allows": partners.allows(tenant, source.lower()),
        "users": [{**one, "userPrincipalName": _at_home(one["userPrincipalName"])} for one in external],
    }


def write(tenant: Tenant, order: dict[str, Any]) -> dict[str, Any]:
    """Create (no id), change or delete an external user: ``{"id", "properties", "delete"}``; returns its id.

    :raises ValueError: when the name is taken.
    """
    if order.get("delete"):
        tenant.users.pop(order["id"], None)
        return {"id": order["id"]}
    user_id = order.get("id")
    properties = dict(order["properties"])
    if "userPrincipalName" in properties:
        # The form that external users have (page "Properties of a Microsoft Entra B2B collaboration user").
        name = properties["userPrincipalName"].replace("@", "_")
        properties["userPrincipalName"] = f"{name}{_MARK}{initial_domain(tenant)}"
    if user_id is None:
        marks = {"creationType": "Invitation", "externalUserState": "Accepted"}
        created = users.new_user(tenant, {**marks, **properties})
        user_id = created["id"]
        tenant.users[user_id] = created
    else:
        tenant.users[user_id] = {**tenant.users[user_id], **properties}
    return {"id": user_id}


def _at_home(name: str) -> str:
    # No domain has an underscore, so the last one stands for the @.
    user, _underscore, domain = name.partition(_MARK)[0].rpartition("_")
    return f"{user}@{domain}"
