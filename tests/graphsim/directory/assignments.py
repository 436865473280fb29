# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App role assignments on a service principal: who is in scope when a job does not synchronize everybody."""

from __future__ import annotations

import re
import time
from typing import Any

from ..errors import bad_request, not_found
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing
from ..odata.path import Segment
from ..routing import Route
from ..state import Tenant
from .principals import principal_of

# For an application that defines no role (page "Grant an appRoleAssignment for a service principal").
_DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FIELDS = Fields(frozenset({"id", "principalId", "principalDisplayName", "appRoleId", "principalType"}))


def assign(
    tenant: Tenant, resource: dict[str, Any], principal: dict[str, Any], role_id: str, stamp: str
) -> dict[str, Any]:
    """Add an assignment to the tenant."""
    assignment = {
        "id": tenant.new_id("appRoleAssignment"),
        "deletedDateTime": None,
        "appRoleId": role_id,
        "createdDateTime": stamp,
        "principalDisplayName": principal["displayName"],
        "principalId": principal["id"],
        "principalType": "Group" if "members" in principal else "User",
        "resourceDisplayName": resource["displayName"],
        "resourceId": resource["id"],
    }
    tenant.assignments[assignment["id"]] = assignment
    return assignment


def _list(call: Call, principal: Segment) -> Reply:
    resource = principal_of(call, principal)
    found = [item for item in call.tenant.assigned_to(resource["id"]) if call.tenant.visible(item["id"])]
    context = f"servicePrincipals('{resource['id']}')/appRoleAssignedTo"
    return listing(call, found, _FIELDS, context, "appRoleAssignment")


def _create(call: Call, principal: Segment) -> Reply:
    resource, body, tenant = principal_of(call, principal), call.json(), call.tenant
    for name in ("principalId", "resourceId", "appRoleId"):
        if not isinstance(body.get(name), str) or not _GUID.fullmatch(body[name]):
            raise bad_request(f"Cannot convert the value of '{name}' to the expected type 'Edm.Guid'.")
    if body["resourceId"].lower() != resource["id"]:
        raise bad_request("The resourceId in the body does not match the object in the request URI.")
    who = tenant.users.get(body["principalId"].lower()) or tenant.groups.get(body["principalId"].lower())
    if not who:
        raise not_found(body["principalId"])
    roles = {role["id"] for role in resource["appRoles"] if role["isEnabled"]} or {_DEFAULT_ROLE}
    if body["appRoleId"].lower() not in roles:
        raise bad_request("Permission being assigned was not found on application")
    for item in tenant.assigned_to(resource["id"]):
        if (item["principalId"], item["appRoleId"]) == (who["id"], body["appRoleId"].lower()):
            raise bad_request("Permission being assigned already exists on the object")
    created = assign(tenant, resource, who, body["appRoleId"].lower(), call.world.clock.stamp())
    now, quirks = time.monotonic(), call.world.quirks
    tenant.visible_at[created["id"]] = now + quirks["replication"]
    tenant.in_force_at[created["id"]] = now + quirks["assignment_lag"]
    context = f"servicePrincipals('{resource['id']}')/appRoleAssignedTo/$entity"
    return Reply(201, {"@odata.context": call.context(context), **created}, type_name="appRoleAssignment")


def _assignment(call: Call, principal: Segment, assignment: Segment) -> dict[str, Any]:
    resource = principal_of(call, principal)
    found = call.tenant.find(call.tenant.assignments, assignment)
    if not found or found["resourceId"] != resource["id"]:
        raise not_found(assignment)
    return found


def _get(call: Call, principal: Segment, assignment: Segment) -> Reply:
    found = _assignment(call, principal, assignment)
    context = f"servicePrincipals('{found['resourceId']}')/appRoleAssignedTo/$entity"
    return Reply(200, {"@odata.context": call.context(context), **found}, type_name="appRoleAssignment")


def _delete(call: Call, principal: Segment, assignment: Segment) -> Reply:
    del call.tenant.assignments[_assignment(call, principal, assignment)["id"]]
    return NO_CONTENT


_WRITE = frozenset({"AppRoleAssignment.ReadWrite.All"})
_READ = _WRITE | {"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
_PATH = "/servicePrincipals/{principal}/appRoleAssignedTo"

ROUTES = [
    Route("GET", _PATH, _list, _READ),
    Route("POST", _PATH, _create, _WRITE),
    Route("GET", _PATH + "/{assignment}", _get, _READ),
    Route("DELETE", _PATH + "/{assignment}", _delete, _WRITE),
]
