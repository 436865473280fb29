# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant itself and the tenants around it, from a seed."""

from __future__ import annotations

from typing import Any

from ..directory import partners
from ..state import Neighbour, Tenant


def add(tenant: Tenant, seed: dict[str, Any]) -> None:
    """Take over the members organization, partners and tenants of a seed.

    :raises KeyError: when a partner has no tenantId.
    """
    tenant.organization = dict(seed.get("organization") or {})
    for item in seed.get("partners") or []:
        given = {name: value for name, value in item.items() if name != "identitySynchronization"}
        tenant_id = partners.add(tenant, given)
        if item.get("identitySynchronization"):
            partners.synchronize(tenant, tenant_id, item["identitySynchronization"])
    for tenant_id, place in (seed.get("tenants") or {}).items():
        tenant.neighbours[tenant_id.lower()] = Neighbour(place.get("control", ""), place.get("ca_path", ""))
