# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The token of a task: asked for when first needed, shared with the other tasks of the run, renewed before it ends."""

from __future__ import annotations

import time

from .connection import Connection
from .credentials.base import Method, Token
from .credentials.choice import choose
from .run_memory import RunMemory, digest


class SignIn:
    """Gives tokens for one connection.

    :raises BadInput: from the constructor, where the options do not say how to sign in.
    """

    def __init__(self, connection: Connection, memory: RunMemory) -> None:
        self._connection = connection
        self._memory = memory
        self._method: Method = choose(connection)
        self._token: Token | None = None

    @property
    def method(self) -> str:
        """The name of the method in use."""
        return self._method.NAME

    def token(self, refused: str | None = None) -> str:
        """Return a bearer token.

        :arg refused: a token that the service has just refused with 401; it is not given again.
        :raises SignInFailed: where none can be had.
        """
        if self._token and self._token.value != refused and self._lasts(self._token):
            return self._token.value
        if not self._method.RENEWABLE:
            self._token = self._method.token(self._connection)
            return self._token.value
        with self._memory.token(self._key()) as slot:
            stored = slot.read()
            token = Token(str(stored.get("value", "")), float(stored.get("renew_at", 0)))
            if not token.value or token.value == refused or not self._lasts(token):
                token = self._method.token(self._connection)
                slot.write({"value": token.value, "renew_at": token.renew_at})
        self._token = token
        return token.value

    @property
    def bearer(self) -> str | None:
        """The token in use, which must not be shown; None before the first request."""
        return self._token.value if self._token else None

    def can_renew(self) -> bool:
        """Tell whether asking again may give another token."""
        return self._method.RENEWABLE

    @staticmethod
    def _lasts(token: Token) -> bool:
        return not token.renew_at or token.renew_at > time.time()

    def _key(self) -> str:
        """Return what tells the token of this sign-in from those of all others in the run."""
        options = self._connection.options
        return digest(
            self._connection.graph,
            self._connection.authority,
            self._method.NAME,
            *(str(options.get(name) or "") for name in ("tenant_id", "client_id")),
            *self._method.identity(self._connection),
        )
