# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in with a token of another issuer (workload identity federation)."""

from __future__ import annotations

import pathlib
import typing as t

from ..connection import Connection
from ..errors import BadInput
from .base import Token, confidential_client_token


class Federated:
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

    @staticmethod
    def _assertion(options: t.Mapping[str, t.Any]) -> str:
        if options.get("federated_token"):
            return str(options["federated_token"]).strip()
        file = options.get("federated_token_file")
        if not file:
            raise BadInput("Signing in with federated needs the option federated_token or federated_token_file.")
        try:
            # Read anew each time: the issuer replaces it while a long run goes on.
            return pathlib.Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise BadInput(f"The file {file} of the option federated_token_file cannot be read: {error}.") from error
