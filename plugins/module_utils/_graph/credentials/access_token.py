# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Use a token that somebody else has got."""

from __future__ import annotations

import typing as t

from ..connection import Connection
from .base import Method, Token


class AccessToken(Method):
    """A ready token for Graph, from a vault or an earlier task."""

    NAME: t.ClassVar[str] = "access_token"
    MATERIAL: t.ClassVar[tuple[str, ...]] = ("access_token",)
    RENEWABLE: t.ClassVar[bool] = False

    def token(self, connection: Connection) -> Token:
        """Return it without the line end that files and commands put after it; when it ends, the service says so."""
        return Token(connection.options["access_token"].strip())

    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Return the token."""
        return (self.token(connection).value,)
