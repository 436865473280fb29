# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: signed with the client's certificate, or given by an outside issuer."""

from __future__ import annotations

import time
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from ..state import Client
from ..world import World
from .material import AUDIENCE, ISSUER


class AssertionRefused(Exception):
    """`number` is the AADSTS code, `status` the HTTP status."""

    def __init__(self, number: int, text: str, status: int = 401) -> None:
        super().__init__(text)
        self.number, self.text, self.status = number, text, status


def check(world: World, client: Client, assertion: str, token_endpoints: list[str]) -> None:
    """Check an assertion for `client`.

    :raises AssertionRefused: with the code that the token service gives.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise AssertionRefused(50027, "JWT token is invalid or malformed.", 400) from error
    if header.get("x5t") or header.get("x5t#S256"):
        _certificate(client, assertion, header, claims, token_endpoints)
    else:
        _federated(world, client, assertion, claims)


def _certificate(
    client: Client, assertion: str, header: dict[str, Any], claims: dict[str, Any], token_endpoints: list[str]
) -> None:
    bad = "Client assertion contains an invalid signature."
    thumbprint = str(header.get("x5t#S256") or header.get("x5t")).rstrip("=")
    if thumbprint not in client.thumbprints:
        raise AssertionRefused(
            700027,
            f"The certificate with identifier used to sign the client assertion is not "
            f"registered on application. [Reason - The key was not found., Thumbprint of key used "
            f"by client: '{thumbprint}']",
        )
    public_key = x509.load_pem_x509_certificate(client.certificate_pem).public_key()
    assert isinstance(public_key, rsa.RSAPublicKey)
    try:
        jwt.decode(
            assertion,
            public_key,
            algorithms=["RS256", "PS256"],
            audience=token_endpoints,
            options={"require": ["exp", "iss", "sub", "aud"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise AssertionRefused(700024, "Client assertion is not within its valid time range.") from error
    except jwt.InvalidAudienceError as error:
        text = f"Client assertion audience claim does not match Realm issuer. Expected: {token_endpoints[0]}"
        raise AssertionRefused(700023, text) from error
    except jwt.PyJWTError as error:
        raise AssertionRefused(700027, f"{bad} [Reason - {error}]") from error
    if not claims["iss"] == claims["sub"] == client.client_id:
        raise AssertionRefused(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")


def _federated(world: World, client: Client, assertion: str, claims: dict[str, Any]) -> None:
    issuer, subject, audience = claims.get("iss"), claims.get("sub"), claims.get("aud")
    if issuer != ISSUER or not client.subject or subject != client.subject or audience != AUDIENCE:
        text = (
            "No matching federated identity record found for presented assertion. Assertion Issuer: "
            f"'{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'."
        )
        raise AssertionRefused(70021, text, 400)
    if float(claims.get("exp") or 0) <= time.time():
        raise AssertionRefused(700024, "Client assertion is not within its valid time range.")
    try:
        jwt.decode(assertion, world.material.issuer_key.public_key(), algorithms=["ES256"], audience=AUDIENCE)
    except jwt.PyJWTError as error:
        raise AssertionRefused(700027, f"Client assertion contains an invalid signature. [Reason - {error}]") from error
