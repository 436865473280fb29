# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cross-tenant access: the partner configurations and the identity synchronization below each.

Refusals are those that the page "Configure cross-tenant synchronization using PowerShell or Microsoft Graph API" shows.
"""

from __future__ import annotations

import re
import time
from typing import Any

from ..errors import GraphError, bad_request, not_found
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing
from ..odata.path import Segment
from ..routing import Route
from ..state import Tenant

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# As the page shows a new one.
_EMPTY: dict[str, Any] = {
    "isServiceProvider": None,
    "inboundTrust": None,
    "b2bCollaborationOutbound": None,
    "b2bCollaborationInbound": None,
    "b2bDirectConnectOutbound": None,
    "b2bDirectConnectInbound": None,
    "tenantRestrictions": None,
    "crossCloudMeetingConfiguration": {"inboundAllowed": None, "outboundAllowed": None},
    "automaticUserConsentSettings": {"inboundAllowed": None, "outboundAllowed": None},
}
_NO_POLICY: dict[str, Any] = {"displayName": None, "userSyncInbound": {"isSyncAllowed": False}}
_CONFLICT = "Request_MultipleObjectsWithSameKeyValue"
_CONTEXT = "policies/crossTenantAccessPolicy/partners"


def add(tenant: Tenant, properties: dict[str, Any]) -> str:
    """Add a partner configuration; return its key, the id of the partner tenant."""
    tenant_id = str(properties["tenantId"]).lower()
    tenant.partners[tenant_id] = _merged({"tenantId": None, **_EMPTY}, {**properties, "tenantId": tenant_id})
    return tenant_id


def synchronize(tenant: Tenant, tenant_id: str, properties: dict[str, Any]) -> None:
    """Add or change the identity synchronization of a partner."""
    present = tenant.identity_synchronizations.get(tenant_id, _NO_POLICY)
    tenant.identity_synchronizations[tenant_id] = {**_merged(present, properties), "tenantId": tenant_id}


def documents(tenant: Tenant) -> list[dict[str, Any]]:
    """All partner configurations, each with its identity synchronization."""
    found = tenant.identity_synchronizations
    return [
        {**partner, "identitySynchronization": found.get(tenant_id)}
        for tenant_id, partner in list(tenant.partners.items())
    ]


def allows(tenant: Tenant, tenant_id: str) -> dict[str, bool]:
    """What synchronization with another tenant asks for: inboundAllowed, outboundAllowed, isSyncAllowed."""
    consents = tenant.partners.get(tenant_id, _EMPTY)["automaticUserConsentSettings"]
    inbound = tenant.identity_synchronizations.get(tenant_id, _NO_POLICY)["userSyncInbound"] or {}
    return {
        "inboundAllowed": bool(consents["inboundAllowed"]),
        "outboundAllowed": bool(consents["outboundAllowed"]),
        "isSyncAllowed": bool(inbound.get("isSyncAllowed")),
    }


def _merged(present: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Complex values are merged, as OData 4.01 (part 1, section 11.4.3) wants it of a PATCH."""
    result = {**present}
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(present.get(name), dict)
        result[name] = {**present[name], **value} if both else value
    return result


def _checked(body: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(body) - set(known) - {"tenantId"})
    if unknown:
        raise bad_request(f"Invalid property '{unknown[0]}'.")
    for settings in ("automaticUserConsentSettings", "userSyncInbound"):
        for name, value in (body.get(settings) or {}).items():
            if name not in ("inboundAllowed", "outboundAllowed", "isSyncAllowed"):
                raise bad_request(f"Invalid property '{name}'.")
            if value is not None and not isinstance(value, bool):
                raise bad_request(f"Cannot convert the value of '{name}' to the expected type 'Edm.Boolean'.")
    return body


def _key(call: Call, partner: Segment) -> str:
    key = str(partner).lower()
    if key not in call.tenant.partners or not call.tenant.visible(key):
        raise not_found(partner)
    return key


def _list(call: Call) -> Reply:
    shown = [one for key, one in list(call.tenant.partners.items()) if call.tenant.visible(key)]
    return listing(call, shown, Fields(frozenset({"tenantId"})), _CONTEXT)


def _create(call: Call) -> Reply:
    body, tenant = _checked(call.json(), _EMPTY), call.tenant
    tenant_id = str(body.get("tenantId") or "").lower()
    if not _GUID.fullmatch(tenant_id):
        raise bad_request("Invalid value specified for property 'tenantId'.")
    if tenant_id in tenant.partners:
        raise GraphError(409, _CONFLICT, "Another object with the same value for property tenantId already exists.")
    add(tenant, body)
    tenant.visible_at[tenant_id] = time.monotonic() + call.world.quirks["replication"]
    return Reply(201, {"@odata.context": call.context(f"{_CONTEXT}/$entity"), **tenant.partners[tenant_id]})


def _get(call: Call, partner: Segment) -> Reply:
    found = call.tenant.partners[_key(call, partner)]
    return Reply(200, {"@odata.context": call.context(f"{_CONTEXT}/$entity"), **found})


def _update(call: Call, partner: Segment) -> Reply:
    key, tenant = _key(call, partner), call.tenant
    tenant.partners[key] = {**_merged(tenant.partners[key], _checked(call.json(), _EMPTY)), "tenantId": key}
    return NO_CONTENT


def _get_synchronization(call: Call, partner: Segment) -> Reply:
    found = call.tenant.identity_synchronizations.get(_key(call, partner))
    if not found:
        raise not_found(partner)
    context = call.context(f"{_CONTEXT}('{partner}')/identitySynchronization/$entity")
    return Reply(200, {"@odata.context": context, **found})


def _create_synchronization(call: Call, partner: Segment) -> Reply:
    key = _key(call, partner)
    if key in call.tenant.identity_synchronizations:
        message = "A conflicting object with one or more of the specified property values is present in the directory."
        raise GraphError(409, _CONFLICT, message)
    synchronize(call.tenant, key, _checked(call.json(), _NO_POLICY))
    return NO_CONTENT


def _update_synchronization(call: Call, partner: Segment) -> Reply:
    key = _key(call, partner)
    if key not in call.tenant.identity_synchronizations:
        message = "Unable to read the company information from the directory."
        raise GraphError(404, "Directory_ObjectNotFound", message)
    synchronize(call.tenant, key, _checked(call.json(), _NO_POLICY))
    return NO_CONTENT


_WRITE = frozenset({"Policy.ReadWrite.CrossTenantAccess"})
_READ = _WRITE | {"Policy.Read.All"}
_PATH = "/policies/crossTenantAccessPolicy/partners"
_SYNC = _PATH + "/{partner}/identitySynchronization"

ROUTES = [
    Route("GET", _PATH, _list, _READ),
    Route("POST", _PATH, _create, _WRITE),
    Route("GET", _PATH + "/{partner}", _get, _READ),
    Route("PATCH", _PATH + "/{partner}", _update, _WRITE),
    Route("GET", _SYNC, _get_synchronization, _READ),
    Route("PUT", _SYNC, _create_synchronization, _WRITE),
    Route("PATCH", _SYNC, _update_synchronization, _WRITE),
]
