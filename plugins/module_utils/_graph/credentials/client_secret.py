# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in with a client secret."""

from __future__ import annotations

import typing as t

from ..connection import Connection
from .base import Method, Token, confidential_client_token


class ClientSecret(Method):
    """The secret of an application registration."""

    NAME: t.ClassVar[str] = "client_secret"
    MATERIAL: t.ClassVar[tuple[str, ...]] = ("client_secret",)
    NEEDS: t.ClassVar[tuple[str, ...]] = ("tenant_id", "client_id")

    def token(self, connection: Connection) -> Token:
        """Ask for a token."""
        return confidential_client_token(connection, self.NAME, connection.options["client_secret"])

    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Return the secret: who has another one may be somebody else."""
        return (connection.options["client_secret"],)
