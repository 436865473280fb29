# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two local endpoints for managed identities: App Service and virtual machines (IMDS).

Sources: "How to use managed identities for App Service and Azure Functions" and "Use managed identities on a virtual
machine to acquire access token".
"""

from __future__ import annotations

import time
from typing import Any

from ..exchange import Reply
from ..state import Client
from ..world import World
from .tokens import issue


def answer(world: World, method: str, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply | None:
    """Answer a call; None when the path is none of the two."""
    kind = {"/_msi/token": "app_service", "/metadata/identity/oauth2/token": "machine"}.get(path.rstrip("/"))
    if kind is None:
        return None
    if method != "GET":
        return _refusal(405, "method_not_allowed", "Only GET is supported.")
    if kind == "app_service" and headers.get("x-identity-header") != world.material.identity_header:
        return _refusal(401, "unauthorized", "The X-IDENTITY-HEADER is missing or wrong.")
    if kind == "machine" and headers.get("metadata", "").lower() != "true":
        return _refusal(400, "bad_request_102", "Required metadata header not specified")
    if not query.get("api-version"):
        return _refusal(400, "bad_request", "The api-version is required.")
    resource = query.get("resource", "").rstrip("/")
    if resource != world.endpoint:
        text = f"AADSTS500011: The resource principal named {resource} was not found in the tenant."
        return _refusal(400, "invalid_resource", text)
    client = _chosen(world, query.get("client_id"))
    if client is None and kind == "app_service":
        # Unlike the other endpoint, as microsoft-authentication-library-for-python reads it.
        return Reply(400, {"statusCode": 400, "message": "No User Assigned or Delegated Managed Identity found"})
    if client is None:
        return _refusal(400, "invalid_request", "Identity not found")
    return Reply(200, _token(world, client, resource))


def _chosen(world: World, client_id: str | None) -> Client | None:
    managed = [client for client in world.tenant.clients.values() if client.managed]
    return next((client for client in managed if client_id in (None, "", client.client_id)), None)


def _token(world: World, client: Client, resource: str) -> dict[str, Any]:
    lifetime = world.tenant.token_seconds
    return {
        "access_token": issue(world, client),
        "client_id": client.client_id,
        "expires_in": str(lifetime),
        "expires_on": str(int(time.time()) + lifetime),
        "resource": resource,
        "token_type": "Bearer",
    }


def _refusal(status: int, error: str, text: str) -> Reply:
    return Reply(status, {"error": error, "error_description": text})
