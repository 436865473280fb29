# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose synchronization a path is about, and the common checks of its handlers."""

from __future__ import annotations

import time
from typing import Any

from .. import csdl
from ..errors import GraphError, denied, not_found, unknown_401, wrapped
from ..exchange import Call
from ..odata.path import AlternateKey, Segment
from ..state import Job, Synchronization, Template

READ = frozenset({"Synchronization.Read.All", "Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy"})
WRITE = frozenset({"Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy"})

SP = "/servicePrincipals/{principal}/synchronization"
APP = "/applications/{application}/synchronization"


def owner(call: Call, principal: Segment | None = None, application: Segment | None = None) -> Synchronization:
    """The synchronization of a service principal or of an application.

    :raises GraphError: 401 with an empty message for an id of another kind (azure-docs issue 62681), 404 for one that
        is unknown, 403 for an object that is not replicated yet.
    """
    tenant = call.tenant
    key = principal if principal is not None else application
    home = tenant.service_principals if principal is not None else tenant.applications
    if isinstance(key, AlternateKey):
        found = next((item for item in list(home.values()) if item.get(key.name) == key.value), None)
    else:
        found = home.get(str(key).lower())
        if found is None and _is_other_kind(call, str(key).lower()):
            raise unknown_401()
    if found is None:
        raise not_found(key)
    if not tenant.visible(found["id"]):
        raise denied()
    here = tenant.synchronizations.get(found["id"])
    others = (one for one in list(tenant.synchronizations.values()) if one.application_id == found["id"])
    synchronization = here or next(others, None)
    if synchronization is None:
        raise not_found(key)
    return synchronization


def _is_other_kind(call: Call, key: str) -> bool:
    tenant = call.tenant
    places = (tenant.service_principals, tenant.applications, tenant.application_templates, tenant.users, tenant.groups)
    return any(key in place for place in places) or any(
        item["appId"] == key for item in list(tenant.applications.values())
    )


def job_of(call: Call, principal: Segment, job: Segment) -> tuple[Synchronization, Job]:
    """A job of a service principal.

    :raises GraphError: 404 when there is none; for one that is not replicated yet 404 on reads, 403 on others.
    """
    found = owner(call, principal)
    item = found.jobs.get(str(job))
    if item is None or (item.visible_at > time.monotonic() and call.method == "GET"):
        raise wrapped(404, "SynchronizationJobNotFound", f"The synchronization job '{job}' was not found.")
    if item.visible_at > time.monotonic():
        raise denied()
    return found, item


def template_of(
    call: Call, template: Segment, principal: Segment | None = None, application: Segment | None = None
) -> tuple[Synchronization, Template]:
    """A template of an application.

    :raises GraphError: 404 when there is none.
    """
    found = owner(call, principal, application)
    item = found.templates.get(str(template))
    if item is None:
        raise wrapped(
            404, "SynchronizationTemplateNotFound", f"The synchronization template '{template}' was not found."
        )
    return found, item


def checked(call: Call, type_name: str) -> dict[str, Any]:
    """The body, checked against a type.

    :raises GraphError: 400 as the service refuses enum members and shapes that it does not know.
    """
    body = call.json()
    try:
        csdl.check_input(type_name, body)
    except csdl.Violations as error:
        raise refusal(error) from error
    return body


def checked_action(call: Call, name: str) -> dict[str, Any]:
    """The body, checked against the parameters of an action; like :func:`checked`."""
    body = call.json()
    try:
        csdl.check_action(name, body)
    except csdl.Violations as error:
        raise refusal(error) from error
    return body


def refusal(error: csdl.Violations) -> GraphError:
    """How the service puts a violation.

    A key of the secrets that does not exist gives a plain 500 (msgraph-beta-sdk-java issue 372), other enum members
    "Requested value 'x' was not found." (msgraph-beta-sdk-java issue 542).
    """
    first = error.found[0]
    if (
        first.kind == "enum"
        and first.path.endswith("/key")
        and ("/value/" in first.path or "/credentials/" in first.path)
    ):
        return GraphError(500, "InternalError", first.text)
    where = "" if first.kind == "enum" or not first.path else f" (at {first.path})"
    return wrapped(400, "RequestParameterInvalid", first.text + where)


def context_of(call: Call, found: Synchronization) -> str:
    """The beginning of the ``@odata.context`` of what the call asks for."""
    if call.segments[0] == "applications":
        return f"applications('{found.application_id}')/synchronization"
    return f"servicePrincipals('{found.principal_id}')/synchronization"
