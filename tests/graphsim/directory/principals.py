# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service principals, applications, and the gallery that makes them."""

from __future__ import annotations

import time
from typing import Any

from .. import csdl
from ..errors import GraphError, bad_request, not_found
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing, selected
from ..odata.path import Segment
from ..routing import Route
from .instances import new_instance

_COMMON = "id appId displayName applicationTemplateId createdDateTime tags"
_PRINCIPAL_FIELDS = Fields(
    frozenset(f"{_COMMON} accountEnabled servicePrincipalType appRoleAssignmentRequired servicePrincipalNames".split())
)
_APPLICATION_FIELDS = Fields(frozenset(f"{_COMMON} uniqueName identifierUris signInAudience".split()))
_TEMPLATE_FIELDS = Fields(
    frozenset({"id", "displayName", "categories"}), frozenset({"eq", "startswith", "contains", "in", "any"})
)


def principal_of(call: Call, key: Segment) -> dict[str, Any]:
    """The service principal that a directory path is about.

    :raises GraphError: 404.
    """
    found = call.tenant.find(call.tenant.service_principals, key)
    if not found:
        raise not_found(key)
    return found


def application_of(call: Call, key: Segment) -> dict[str, Any]:
    """The application that a directory path is about.

    :raises GraphError: 404.
    """
    found = call.tenant.find(call.tenant.applications, key)
    if not found:
        raise not_found(key)
    return found


def _list_principals(call: Call) -> Reply:
    tenant = call.tenant
    items = [item for item in list(tenant.service_principals.values()) if tenant.visible(item["id"])]
    return listing(call, items, _PRINCIPAL_FIELDS, "servicePrincipals")


def _get_principal(call: Call, principal: Segment) -> Reply:
    found = selected(call, principal_of(call, principal))
    return Reply(200, {"@odata.context": call.context("servicePrincipals/$entity"), **found})


def _update_principal(call: Call, principal: Segment) -> Reply:
    found, changes = principal_of(call, principal), call.json()
    try:
        csdl.check_input("servicePrincipal", changes)
    except csdl.Violations as error:
        raise bad_request(error.found[0].text) from error
    if {"id", "appId", "applicationTemplateId"} & set(changes):
        raise bad_request("Property is read-only.")
    call.tenant.service_principals[found["id"]] = {**found, **changes}
    return NO_CONTENT


def _delete_principal(call: Call, principal: Segment) -> Reply:
    _forget(call, principal_of(call, principal)["id"])
    return NO_CONTENT


def _delete_application(call: Call, application: Segment) -> Reply:
    # Deleting an application takes its service principal in the same tenant along (page "Delete application").
    found = application_of(call, application)
    for principal in list(call.tenant.service_principals.values()):
        if principal["appId"] == found["appId"]:
            _forget(call, principal["id"])
    del call.tenant.applications[found["id"]]
    call.tenant.extensions.pop(found["id"], None)
    return NO_CONTENT


def _forget(call: Call, principal_id: str) -> None:
    tenant = call.tenant
    with call.world.engine_lock:
        del tenant.service_principals[principal_id]
        tenant.synchronizations.pop(principal_id, None)
        for item in tenant.assigned_to(principal_id):
            del tenant.assignments[item["id"]]


def _list_applications(call: Call) -> Reply:
    tenant = call.tenant
    items = [item for item in list(tenant.applications.values()) if tenant.visible(item["id"])]
    return listing(call, items, _APPLICATION_FIELDS, "applications")


def _get_application(call: Call, application: Segment) -> Reply:
    found = selected(call, application_of(call, application))
    return Reply(200, {"@odata.context": call.context("applications/$entity"), **found})


def _list_templates(call: Call) -> Reply:
    items = call.tenant.application_templates.values()
    return listing(call, items, _TEMPLATE_FIELDS, "applicationTemplates")


def _template(call: Call, template: Segment) -> dict[str, Any]:
    found = call.tenant.find(call.tenant.application_templates, template)
    if not found:
        raise not_found(template)
    return found


def _get_template(call: Call, template: Segment) -> Reply:
    found = selected(call, _template(call, template))
    return Reply(200, {"@odata.context": call.context("applicationTemplates/$entity"), **found})


def _instantiate(call: Call, template: Segment) -> Reply:
    template_id, body = _template(call, template)["id"], call.json()
    try:
        csdl.check_action("instantiate", body)
    except csdl.Violations as error:
        raise bad_request(error.found[0].text) from error
    if not body.get("displayName"):
        raise GraphError(400, "Request_BadRequest", "'displayName' is required.")
    application, principal = new_instance(call.tenant, body["displayName"], template_id, call.world.clock.stamp())
    seen = time.monotonic() + call.world.quirks["replication"]
    call.tenant.visible_at.update({application["id"]: seen, principal["id"]: seen})
    context = call.context("microsoft.graph.applicationServicePrincipal")
    answer = {"@odata.context": context, "application": application, "servicePrincipal": principal}
    return Reply(201, answer, type_name="applicationServicePrincipal")


_READ = frozenset(
    {
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    }
)
_WRITE = frozenset({"Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"})

ROUTES = [
    Route("GET", "/servicePrincipals", _list_principals, _READ),
    Route("GET", "/servicePrincipals/{principal}", _get_principal, _READ),
    Route("PATCH", "/servicePrincipals/{principal}", _update_principal, _WRITE),
    Route("DELETE", "/servicePrincipals/{principal}", _delete_principal, _WRITE, slow=True),
    Route("GET", "/applications", _list_applications, _READ),
    Route("GET", "/applications/{application}", _get_application, _READ),
    Route("DELETE", "/applications/{application}", _delete_application, _WRITE, slow=True),
    # Reading the gallery needs no permission beyond a token (page "List applicationTemplates").
    Route("GET", "/applicationTemplates", _list_templates, None),
    Route("GET", "/applicationTemplates/{template}", _get_template, None),
    Route("POST", "/applicationTemplates/{template}/instantiate", _instantiate, _WRITE),
]
