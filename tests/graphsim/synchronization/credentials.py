# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""validateCredentials, on a job and before there is one, and acquireAccessToken."""

from __future__ import annotations

from typing import Any

from ..engine.connection import ConnectionRefused, check
from ..errors import GraphError, wrapped
from ..exchange import NO_CONTENT, Call, Reply
from ..neighbours import Neighbours
from ..odata.path import Segment
from ..routing import Route
from ..state import Synchronization
from .owner import APP, SP, WRITE, checked_action, job_of, owner


def refused(error: ConnectionRefused) -> GraphError:
    """The 400 for credentials that the target does not take; the message has the target's HTTP status."""
    status = f" The target answered with HTTP status {error.status}." if error.status else ""
    return wrapped(400, error.code, error.message + status)


def _on_job(call: Call, principal: Segment, job: Segment) -> Reply:
    found, item = job_of(call, principal, job)
    return _validate(call, found, checked_action(call, "validateCredentials"), item.schema)


def _on_collection(call: Call, principal: Segment) -> Reply:
    found, body = owner(call, principal), checked_action(call, "validateCredentials")
    template = found.templates.get(str(body.get("templateId")))
    if template is None:
        message = f"The synchronization template '{body.get('templateId')}' does not exist for this application."
        raise wrapped(400, "SynchronizationTemplateNotFound", message)
    return _validate(call, found, body, template.schema)


def _validate(call: Call, found: Synchronization, body: dict[str, Any], schema: dict[str, Any]) -> Reply:
    given = {item["key"]: item.get("value") or "" for item in body.get("credentials") or [] if "key" in item}
    try:
        saved = body.get("useSavedCredentials")
        check(dict(found.secrets) if saved else given, schema, Neighbours(call.tenant))
    except ConnectionRefused as error:
        raise refused(error) from error
    return NO_CONTENT


def _acquire(call: Call, principal: Segment | None = None, application: Segment | None = None) -> Reply:
    owner(call, principal, application)
    if not checked_action(call, "acquireAccessToken").get("credentials"):
        raise wrapped(400, "CredentialsMissing", "Credentials are missing.")
    return NO_CONTENT


ROUTES = [
    Route("POST", SP + "/jobs/validateCredentials", _on_collection, WRITE, slow=True),
    Route("POST", SP + "/jobs/{job}/validateCredentials", _on_job, WRITE, slow=True),
    Route("POST", SP + "/acquireAccessToken", _acquire, WRITE),
    Route("POST", APP + "/acquireAccessToken", _acquire, WRITE),
]
