# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: issued, and read back from the Authorization header."""

from __future__ import annotations

import time
from typing import Any

import jwt

from ..errors import unauthenticated
from ..state import Client
from ..world import World

_KEY_ID = "graphsim-1"


def issue(world: World, client: Client) -> str:
    """A signed access token for Graph with the client's roles."""
    now = int(time.time())
    claims = {
        "aud": world.endpoint,
        "iss": f"{world.authority}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + world.tenant.token_seconds,
        "appid": client.client_id,
        "tid": world.tenant.tenant_id,
        "roles": client.roles,
    }
    return jwt.encode(claims, world.material.token_key, algorithm="RS256", headers={"kid": _KEY_ID})


def jwks(world: World) -> dict[str, Any]:
    """The public keys that tokens can be checked with."""
    key = jwt.algorithms.RSAAlgorithm.to_jwk(world.material.token_key.public_key(), as_dict=True)
    return {"keys": [{**key, "kid": _KEY_ID, "use": "sig", "alg": "RS256"}]}


class Gate:
    """Checks bearer tokens; remembers those that it has seen, since the signature is the expensive part."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: dict[str, dict[str, Any]] = {}

    def roles(self, authorization: str | None) -> frozenset[str]:
        """The roles in the token.

        :raises GraphError: 401 InvalidAuthenticationToken.
        """
        scheme, _unused, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise unauthenticated("Access token is empty.")
        claims = self._seen.get(token)
        if claims is None:
            claims = self._seen[token] = self._verified(token.strip())
        if claims["exp"] <= time.time():
            raise unauthenticated("Lifetime validation failed, the token is expired.")
        return frozenset(claims["roles"])

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._world.material.token_key.public_key(),
                algorithms=["RS256"],
                audience=self._world.endpoint,
                options={"verify_exp": False, "require": ["exp", "roles"]},
            )
        except jwt.InvalidAudienceError as error:
            raise unauthenticated("Access token validation failure. Invalid audience.") from error
        except jwt.PyJWTError as error:
            raise unauthenticated("CompactToken parsing failed with error code: 80049217") from error
        return claims
