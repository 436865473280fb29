# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directory extensions of an application (resource page "extensionProperty")."""

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
from .principals import application_of

# The page "Create extensionProperty" lists the values of both; "Syncing extension attributes" writes "string".
_DATA_TYPES = {name.lower(): name for name in ("Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String")}
_TARGETS = {"User", "Group", "AdministrativeUnit", "Application", "Device", "Organization"}
_WRITABLE = {"name", "dataType", "isMultiValued", "targetObjects"}
# Taken for granted: names that synchronization from Active Directory makes have underscores where those had hyphens.
_NAME = re.compile(r"\w+", re.ASCII)
_FIELDS = Fields(frozenset({"id", "name"}))


def declare(tenant: Tenant, application: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """Add an extension to the tenant, its short name becoming the full one."""
    extension = {
        "id": tenant.new_id("extensionProperty"),
        "deletedDateTime": None,
        "appDisplayName": application["displayName"],
        "isMultiValued": False,
        "isSyncedFromOnPremises": False,
        **properties,
        "dataType": _DATA_TYPES[str(properties["dataType"]).lower()],
        "name": f"extension_{application['appId'].replace('-', '')}_{properties['name']}",
    }
    tenant.extensions.setdefault(application["id"], []).append(extension)
    return extension


def _list(call: Call, application: Segment) -> Reply:
    found = application_of(call, application)
    shown = [one for one in call.tenant.extensions.get(found["id"], []) if call.tenant.visible(one["id"])]
    return listing(call, shown, _FIELDS, f"applications('{found['id']}')/extensionProperties")


def _create(call: Call, application: Segment) -> Reply:
    owner, body, tenant = application_of(call, application), call.json(), call.tenant
    _check(body)
    full_name = f"extension_{owner['appId'].replace('-', '')}_{body['name']}"
    if any(one["name"].lower() == full_name.lower() for one in tenant.extensions.get(owner["id"], [])):
        # The text is that of the service (tests of pnp/cli-microsoft365).
        message = f"An extension property exists with the name {full_name}."
        raise GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message)
    created = declare(tenant, owner, body)
    tenant.visible_at[created["id"]] = time.monotonic() + call.world.quirks["replication"]
    context = call.context(f"applications('{owner['id']}')/extensionProperties/$entity")
    return Reply(201, {"@odata.context": context, **created})


def _check(body: dict[str, Any]) -> None:
    unknown = sorted(set(body) - _WRITABLE)
    if unknown:
        raise bad_request(f"Invalid property '{unknown[0]}'.")
    if not isinstance(body.get("name"), str) or not _NAME.fullmatch(body["name"]):
        raise bad_request("Invalid value specified for property 'name' of resource 'ExtensionProperty'.")
    if str(body.get("dataType")).lower() not in _DATA_TYPES:
        raise bad_request("Invalid value specified for property 'dataType' of resource 'ExtensionProperty'.")
    targets = body.get("targetObjects")
    if not isinstance(targets, list) or not targets or not set(map(str, targets)) <= _TARGETS:
        raise bad_request("Invalid value specified for property 'targetObjects' of resource 'ExtensionProperty'.")
    if not isinstance(body.get("isMultiValued", False), bool):
        raise bad_request("Cannot convert the value of 'isMultiValued' to the expected type 'Edm.Boolean'.")


def _find(call: Call, application: Segment, extension: Segment) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    owned = call.tenant.extensions.get(application_of(call, application)["id"], [])
    found = next((one for one in owned if one["id"] == extension and call.tenant.visible(one["id"])), None)
    if not found:
        raise not_found(extension)
    return owned, found


def _get(call: Call, application: Segment, extension: Segment) -> Reply:
    _owned, found = _find(call, application, extension)
    context = call.context("applications/extensionProperties/$entity")
    return Reply(200, {"@odata.context": context, **found})


def _delete(call: Call, application: Segment, extension: Segment) -> Reply:
    owned, found = _find(call, application, extension)
    if found["isSyncedFromOnPremises"]:
        raise bad_request("Extensions that are synced from on-premises cannot be deleted.")
    owned.remove(found)
    return NO_CONTENT


# The permission tables of the pages "List extensionProperties", "Create" and "Delete extensionProperty".
_WRITE = frozenset({"Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.ReadWrite.All"})
_READ = _WRITE | {"Application.Read.All", "Directory.Read.All"}
_PATH = "/applications/{application}/extensionProperties"

ROUTES = [
    Route("GET", _PATH, _list, _READ),
    Route("POST", _PATH, _create, _WRITE),
    Route("GET", _PATH + "/{extension}", _get, _READ),
    Route("DELETE", _PATH + "/{extension}", _delete, _WRITE),
]
