# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What every sign-in method is made of."""

from __future__ import annotations

import abc
import dataclasses
import time
import typing as t

from ..connection import Connection
from ..errors import SignInFailed
from ..libraries import load
from .patient_http import PatientHttp


@dataclasses.dataclass(frozen=True)
class Token:
    """A bearer token; ``renew_at`` in seconds of the epoch, 0 where nobody knows when it ends."""

    value: str
    renew_at: float = 0.0

    @classmethod
    def lasting(cls, value: str, seconds: float) -> Token:
        """Return a token that is renewed five minutes before its end, a short one after four fifths of its life."""
        return cls(value, time.time() + max(seconds - 300.0, seconds * 0.8))


class Method(abc.ABC):
    """One way to sign in, with all that anybody has to know of it."""

    NAME: t.ClassVar[str]
    # The options that are material of this method. Giving one of them selects it when auth_method is auto, and it
    # cannot do without one of them.
    MATERIAL: t.ClassVar[tuple[str, ...]] = ()
    # The further options that it cannot do without.
    NEEDS: t.ClassVar[tuple[str, ...]] = ()
    # Whether asking again may give another token.
    RENEWABLE: t.ClassVar[bool] = True

    @abc.abstractmethod
    def token(self, connection: Connection) -> Token:
        """Ask for a token.

        :raises SignInFailed: with the reason that the sign-in service gives.
        """

    @abc.abstractmethod
    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Say who signs in, as far as the tenant, the client and the addresses do not: two who differ in anything must
        differ here, or one of them gets the token of the other.

        :raises BadInput: where the options do not tell.
        """

    @staticmethod
    def is_offered() -> bool:
        """Tell whether the machine offers this way without any material."""
        return False


def confidential_client_token(connection: Connection, method: str, credential: t.Any) -> Token:
    """Ask for a token as an application, through msal.

    :arg credential: what msal calls client_credential.
    """
    msal = load("msal", "to sign in")
    options = connection.options
    authority = connection.authority_of(options["tenant_id"])
    doing = f"sign in to {authority} as {options['client_id']} with {method}"
    try:
        application = msal.ConfidentialClientApplication(
            options["client_id"],
            client_credential=credential,
            authority=authority,
            # Unknown hosts (the simulator, a private authority) must not be looked up at the public cloud.
            instance_discovery=False,
            http_client=PatientHttp(connection, doing, authority),
        )
        answer = application.acquire_token_for_client([connection.scope])
    except (msal.exceptions.MsalError, ValueError) as error:
        # What msal says when the sign-in service knows no such tenant.
        text = "AADSTS90002: Tenant not found." if "authority configuration" in str(error) else _first_line(str(error))
        raise SignInFailed(f"Could not {doing}: {text} {_advice(text)}".rstrip()) from error
    return read_answer(doing, answer)


def read_answer(doing: str, answer: t.Mapping[str, t.Any]) -> Token:
    """Turn the dict that msal returns into a token.

    :raises SignInFailed: with the text of the sign-in service (AADSTS...) and what to do about it.
    """
    if "access_token" in answer:
        return Token.lasting(answer["access_token"], float(answer.get("expires_in", 0)))
    error = answer.get("error")
    # Something else that answers in the place of the sign-in service speaks as Graph does.
    said = error.get("message") if isinstance(error, dict) else answer.get("error_description") or error
    text = _first_line(str(said or "no reason given"))
    raise SignInFailed(f"Could not {doing}: {text} {_advice(text)}".rstrip(), sign_in_error=error)


def _first_line(text: str) -> str:
    """Drop the trace ids that follow; they help nobody who reads a task's output."""
    line = " ".join(text.split("\n")[0].split(" Trace ID:")[0].split())
    return line if line.endswith(".") else f"{line}."


# Source: the page "Microsoft Entra authentication and authorization error codes".
ADVICE = {
    "AADSTS7000215": "Use the value of the client secret, not its id, and check that it has not been replaced.",
    "AADSTS7000222": "The client secret has expired; make a new one.",
    "AADSTS700016": "Check client_id and tenant_id: the tenant has no such application.",
    "AADSTS90002": "Check tenant_id and cloud: there is no such tenant.",
    "AADSTS700027": "Upload the certificate's public part to the application registration.",
    "AADSTS70021": "Add a federated credential with this issuer, subject and audience to the application.",
    "AADSTS700024": "The federated token has expired; it must be issued anew for each run.",
    "AADSTS50034": "Check tenant_id and client_id.",
    "AADSTS50027": "Check that the federated token is a JSON web token, whole and without blanks.",
    "AADSTS70011": "Check cloud and graph_endpoint: the tenant knows no service at that address.",
    "AADSTS500011": "Check cloud and graph_endpoint: the tenant knows no service at that address.",
}


def _advice(text: str) -> str:
    return next((advice for code, advice in ADVICE.items() if f"{code}:" in text or f"{code} " in text), "")
