# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``POST /{tenant}/oauth2/v2.0/token`` and the documents that describe it, with the texts of the real service.

Source of codes and texts: "Microsoft Entra authentication and authorization error codes".
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

from ..exchange import Reply
from ..state import DOMAIN, Client
from ..world import World
from .assertions import AssertionRefused, check
from .tokens import issue, jwks

_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class SignInRefused(Exception):
    """`error` is the OAuth error, `number` the AADSTS code."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.number, self.text = status, error, number, text


def answer(world: World, method: str, path: str, body: bytes) -> Reply | None:
    """Answer a call to the authority; None when the path is none of its."""
    tenant, _unused, rest = path.strip("/").partition("/")
    rest = rest.rstrip("/")
    try:
        if rest == "oauth2/v2.0/token" and method == "POST":
            _check_tenant(world, tenant)
            return _token(world, dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)))
        if rest == "v2.0/.well-known/openid-configuration" and method == "GET":
            _check_tenant(world, tenant)
            return Reply(200, _configuration(world, tenant))
        if rest == "discovery/v2.0/keys" and method == "GET":
            return Reply(200, jwks(world))
    except SignInRefused as refused:
        return Reply(refused.status, _error(world, refused))
    return None


def _check_tenant(world: World, tenant: str) -> None:
    if tenant.lower() not in (world.tenant.tenant_id, DOMAIN):
        text = (
            f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
            "correct cloud. Check with your subscription administrator, this may happen if there are no active "
            "subscriptions for the tenant."
        )
        raise SignInRefused(400, "invalid_request", 90002, text)


def _token(world: World, form: dict[str, str]) -> Reply:
    if form.get("grant_type") != "client_credentials":
        text = f"The app requested an unsupported grant type '{form.get('grant_type', '')}'."
        raise SignInRefused(400, "unsupported_grant_type", 70003, text)
    client = world.tenant.clients.get(form.get("client_id", "").lower())
    if client is None:
        text = (
            f"Application with identifier '{form.get('client_id', '')}' was not found in the directory 'Contoso'. This "
            "can happen if the application has not been installed by the administrator of the tenant or consented to "
            "by any user in the tenant. You may have sent your authentication request to the wrong tenant."
        )
        raise SignInRefused(400, "unauthorized_client", 700016, text)
    _authenticate(world, client, form)
    if form.get("scope", "").split() != [f"{world.endpoint}/.default"]:
        text = (
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter "
            f"'scope' is not valid. The scope {form.get('scope', '')} is not valid."
        )
        raise SignInRefused(400, "invalid_scope", 70011, text)
    lifetime = world.tenant.token_seconds
    body = {
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": issue(world, client),
    }
    return Reply(200, body, {"Cache-Control": "no-store, no-cache"})


def _authenticate(world: World, client: Client, form: dict[str, str]) -> None:
    if form.get("client_assertion"):
        if form.get("client_assertion_type") != _JWT_BEARER:
            raise SignInRefused(
                400,
                "invalid_request",
                900144,
                "The request body must contain the following parameter: 'client_assertion_type'.",
            )
        endpoints = [f"{world.authority}/oauth2/v2.0/token", f"{world.authority}/v2.0"]
        try:
            check(world, client, form["client_assertion"], endpoints)
        except AssertionRefused as refused:
            error = "invalid_client" if refused.status == 401 else "invalid_request"
            raise SignInRefused(refused.status, error, refused.number, refused.text) from refused
        return
    if not form.get("client_secret"):
        text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise SignInRefused(401, "invalid_client", 7000218, text)
    if form["client_secret"] != client.client_secret:
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{client.client_id}'."
        )
        raise SignInRefused(401, "invalid_client", 7000215, text)


def _configuration(world: World, tenant: str) -> dict[str, Any]:
    base = f"{world.endpoint}/{tenant}"
    return {
        "issuer": f"{world.authority}/v2.0",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def _error(world: World, refused: SignInRefused) -> dict[str, Any]:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    stamp = f"{world.clock.now():%Y-%m-%d %H:%M:%SZ}"
    return {
        "error": refused.error,
        "error_description": f"AADSTS{refused.number}: {refused.text} Trace ID: {trace} Correlation ID: {correlation} "
        f"Timestamp: {stamp}",
        "error_codes": [refused.number],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"{world.endpoint}/error?code={refused.number}",
    }
