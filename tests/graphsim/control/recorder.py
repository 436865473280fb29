# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of every request, without secrets."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qsl

_SECRET_FIELDS = {
    "client_secret",
    "client_assertion",
    "access_token",
    "refresh_token",
    "assertion",
    "password",
    "certificate_password",
    "authorization",
}


def digest(value: Any) -> str:
    """A stand-in for a secret: equal secrets have equal digests."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def without_secrets(path: str, value: Any) -> Any:
    """A copy of a body in which credentials are digests.

    In bodies of the secrets resource and of the credential actions every ``value`` beside a ``key`` counts.
    """
    of_secrets = path.rstrip("/").endswith(("/secrets", "validateCredentials", "acquireAccessToken"))
    return _clean(value, of_secrets)


def _clean(value: Any, of_secrets: bool) -> Any:
    if isinstance(value, list):
        return [_clean(item, of_secrets) for item in value]
    if not isinstance(value, dict):
        return value
    # An item of a $batch carries its own address.
    url = value.get("url")
    if isinstance(url, str) and "method" in value:
        return {name: without_secrets(url, item) if name == "body" else item for name, item in value.items()}
    cleaned = {}
    for name, item in value.items():
        hide = name.lower() in _SECRET_FIELDS or (name == "value" and "key" in value and of_secrets)
        keep = item is None or item == ""
        cleaned[name] = digest(item) if hide and not keep else _clean(item, of_secrets)
    return cleaned


class Recorder:
    """Requests in the order in which they were answered; the numbers go on after a reset."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.next = 0

    def add(
        self,
        *,
        connection: int,
        method: str,
        path: str,
        query: str,
        body: bytes,
        content_type: str,
        status: int | None,
        client_request_id: str | None,
    ) -> None:
        """Append one; `status` None means that no answer was given."""
        self.entries.append(
            {
                "n": self.next,
                "at": round(time.monotonic(), 4),
                "connection": connection,
                "method": method,
                "path": path,
                "query": query,
                "body": without_secrets(path, _parsed(body, content_type)),
                "status": status,
                "client_request_id": client_request_id,
            }
        )
        self.next += 1

    def since(self, number: int) -> list[dict[str, Any]]:
        """The entries from `number` on."""
        return [entry for entry in self.entries if entry["n"] >= number]

    def clear(self) -> None:
        """Forget what was recorded."""
        self.entries = []


def _parsed(body: bytes, content_type: str) -> Any:
    if not body:
        return None
    text = body.decode(errors="replace")
    if "form-urlencoded" in content_type:
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return digest(text)
