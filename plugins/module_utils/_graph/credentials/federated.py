# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in with a token of another issuer (workload identity federation)."""

from __future__ import annotations

import base64
import json
import pathlib
import typing as t

from ..connection import Connection
from ..errors import BadInput
from .base import Method, Token, confidential_client_token
from .files import small_file


class Federated(Method):
    """A token that a federated credential of the application trusts, given as text or in a file."""

    NAME: t.ClassVar[str] = "federated"
    MATERIAL: t.ClassVar[tuple[str, ...]] = ("federated_token", "federated_token_file")
    NEEDS: t.ClassVar[tuple[str, ...]] = ("tenant_id", "client_id")

    def token(self, connection: Connection) -> Token:
        """Ask for a token.

        :raises BadInput: where the file cannot be read or neither form is given.
        """
        assertion = self._assertion(connection.options)
        return confidential_client_token(connection, self.NAME, {"client_assertion": lambda: assertion})

    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Return the file and the subject of the token, which stays the same when its issuer renews it."""
        file = connection.options.get("federated_token_file")
        return str(file or ""), _subject(self._assertion(connection.options))

    @staticmethod
    def _assertion(options: t.Mapping[str, t.Any]) -> str:
        if options.get("federated_token"):
            return str(options["federated_token"]).strip()
        file = options.get("federated_token_file")
        if not file:
            raise BadInput("Signing in with federated needs the option federated_token or federated_token_file.")
        try:
            # Read anew each time: the issuer replaces it while a long run goes on.
            assertion = small_file(pathlib.Path(file)).decode().strip()
        except (OSError, ValueError) as error:
            raise BadInput(f"The file {file} of the option federated_token_file cannot be read: {error}.") from error
        if not assertion:
            raise BadInput(f"The file {file} of the option federated_token_file is empty.")
        return assertion


def _subject(assertion: str) -> str:
    """Return who a token is about, all of it where it is no JSON web token; nothing of it is verified here."""
    try:
        payload = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(f"{payload}{'=' * (-len(payload) % 4)}"))
        return json.dumps([claims["iss"], claims["sub"], claims.get("aud")])
    except (ValueError, LookupError, TypeError, RecursionError):
        return assertion
