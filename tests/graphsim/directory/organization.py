# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant as an object: one record, with the switch for directory synchronization (resource page "organization")."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request, not_found
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing, selected
from ..odata.path import Segment
from ..routing import Route
from ..state import DOMAIN, TENANT_ID, Tenant

# The page "Update organization" lists the first ones; the last is from "Configure cloud sync using Microsoft Graph".
_WRITABLE = {
    "marketingNotificationEmails",
    "privacyProfile",
    "securityComplianceNotificationMails",
    "securityComplianceNotificationPhones",
    "technicalNotificationMails",
    "onPremisesSyncEnabled",
}


def initial_domain(tenant: Tenant) -> str:
    """The domain that the tenant was made with; invented, another one for each tenant."""
    return DOMAIN if tenant.tenant_id == TENANT_ID else f"tenant{tenant.tenant_id[-4:]}.example"


def document(tenant: Tenant) -> dict[str, Any]:
    """The organization."""
    domain = initial_domain(tenant)
    return {
        "id": tenant.tenant_id,
        "deletedDateTime": None,
        "displayName": domain.partition(".")[0].title(),
        "marketingNotificationEmails": [],
        "onPremisesLastSyncDateTime": None,
        "onPremisesSyncEnabled": None,
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "technicalNotificationMails": [f"admin@{domain}"],
        "tenantType": "AAD",
        "verifiedDomains": [{"isDefault": True, "isInitial": True, "name": domain, "type": "Managed"}],
        **tenant.organization,
    }


def _list(call: Call) -> Reply:
    return listing(call, [document(call.tenant)], Fields(frozenset({"id", "displayName"})), "organization")


def _check(call: Call, organization: Segment) -> None:
    if organization != call.tenant.tenant_id:
        raise not_found(organization)


def _get(call: Call, organization: Segment) -> Reply:
    _check(call, organization)
    context = call.context("organization/$entity")
    return Reply(200, {"@odata.context": context, **selected(call, document(call.tenant))})


def _update(call: Call, organization: Segment) -> Reply:
    _check(call, organization)
    changes = call.json()
    unknown = sorted(set(changes) - _WRITABLE)
    # The reference of v1.0 does not have the switch; the page that sends it uses beta.
    if call.version != "beta" and "onPremisesSyncEnabled" in changes:
        unknown = ["onPremisesSyncEnabled"]
    if unknown:
        raise bad_request(f"Property '{unknown[0]}' is read-only and cannot be set.")
    if not isinstance(changes.get("onPremisesSyncEnabled", False), bool):
        raise bad_request("Cannot convert the value of 'onPremisesSyncEnabled' to the expected type 'Edm.Boolean'.")
    call.tenant.organization = {**call.tenant.organization, **changes}
    return NO_CONTENT


_WRITE = frozenset({"Organization.ReadWrite.All"})
_READ = _WRITE | {"Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"}

ROUTES = [
    Route("GET", "/organization", _list, _READ),
    Route("GET", "/organization/{organization}", _get, _READ),
    Route("PATCH", "/organization/{organization}", _update, _WRITE),
]
