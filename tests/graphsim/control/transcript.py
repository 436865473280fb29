# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was said, word for word, for a judge that reads it later. Unlike the record it holds secrets; off by default."""

from __future__ import annotations

import hashlib
from typing import Any

from ..exchange import Reply

# What a judge needs of a request's headers; an access token is none of it.
_HEADERS = ("content-type", "user-agent", "metadata", "x-identity-header")


class Transcript:
    """Every distinct exchange since the last look."""

    def __init__(self) -> None:
        self.kept = False
        self._seen: set[bytes] = set()
        self._exchanges: list[dict[str, Any]] = []

    def add(self, method: str, address: str, headers: dict[str, str], body: bytes, reply: Reply) -> None:
        """Keep an exchange that was not seen yet."""
        if not self.kept:
            return
        heard = {name: headers[name] for name in _HEADERS if name in headers}
        payload, content_type = reply.payload()
        said = repr((method, address, heard, body, reply.status, content_type))
        key = hashlib.sha256(said.encode() + payload).digest()
        if key in self._seen:
            return
        self._seen.add(key)
        self._exchanges.append(
            {
                "method": method,
                "address": address,
                "headers": heard,
                "body": body.decode(errors="replace"),
                "status": reply.status,
                "answer_type": content_type,
                "answer": payload.decode(errors="replace"),
                "injected": reply.injected,
            }
        )

    def take(self) -> list[dict[str, Any]]:
        """The exchanges since the last call."""
        taken, self._exchanges = self._exchanges, []
        return taken
