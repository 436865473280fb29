# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in with the managed identity of the machine, the container or the App Service that runs the task."""

from __future__ import annotations

import os
import typing as t

from ..connection import Connection
from ..errors import SignInFailed, Unreachable
from ..libraries import load
from .base import Method, Token, read_answer
from .patient_http import PatientHttp

# Set by App Service, Functions, Container Apps, Azure Arc, Service Fabric and Cloud Shell; a plain virtual machine
# sets none (page "How managed identities for Azure resources work").
SIGNS = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT")
# All that decides whom msal asks, and as whom.
ENDPOINTS = (
    *SIGNS,
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_SECRET",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)
ELSEWHERE = (
    "This method works only on Azure, on a machine that has this identity; choose another auth_method elsewhere."
)


class ManagedIdentity(Method):
    """The identity that Azure gives to a workload. ``client_id`` selects a user-assigned one."""

    NAME: t.ClassVar[str] = "managed_identity"

    def token(self, connection: Connection) -> Token:
        """Ask the local endpoint for a token."""
        msal = load("msal", "to sign in")
        client_id = connection.options.get("client_id")
        identity = (
            msal.UserAssignedManagedIdentity(client_id=client_id) if client_id else msal.SystemAssignedManagedIdentity()
        )
        doing = f"sign in with the {'user-assigned identity ' + client_id if client_id else 'managed identity'}"
        client = msal.ManagedIdentityClient(identity, http_client=PatientHttp(connection, doing))
        try:
            answer = client.acquire_token_for_client(resource=connection.graph)
        except Unreachable as error:
            why = "the local endpoint for managed identities does not answer."
            raise SignInFailed(f"Could not {doing}: {why} {ELSEWHERE}") from error
        except (msal.ManagedIdentityError, ValueError) as error:
            raise SignInFailed(f"Could not {doing}: {str(error).rstrip('.')}. {ELSEWHERE}") from error
        try:
            return read_answer(doing, answer)
        except SignInFailed as error:
            error.message += f" {ELSEWHERE}"
            raise

    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Return where the token comes from; ``client_id``, which everybody's identity holds, selects among those."""
        return tuple(os.environ.get(name, "") for name in ENDPOINTS)

    @staticmethod
    def is_offered() -> bool:
        """Tell from the environment whether an identity endpoint is at hand; nothing is asked over the network."""
        return any(os.environ.get(sign) for sign in SIGNS)
