# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service says when it refuses.

Two voices: the Graph front, with plain codes ("Microsoft Graph error responses and resource types"), and the
synchronization backend, whose errors travel as JSON inside ``error.message`` (msgraph-metadata issue 347 and
msgraph-sdk-python issue 820).
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any


class GraphError(Exception):
    """A refusal by the Graph front; also the base of the wrapped ones."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}

    def body(self, now: datetime, request_id: str, client_request_id: str) -> dict[str, Any]:
        """The error body; `now` is the service's clock."""
        inner = {"date": f"{now:%Y-%m-%dT%H:%M:%S}", "request-id": request_id, "client-request-id": client_request_id}
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def wrapped(status: int, code: str, message: str | None = None) -> GraphError:
    """A refusal by the synchronization backend, in the form of msgraph-metadata issue 347."""
    inner = ",".join(
        f"{json.dumps(name)}:{json.dumps(value)}"
        for name, value in (
            ("code", code),
            ("message", message),
            ("target", None),
            ("details", []),
            ("innerError", None),
        )
    )
    return GraphError(status, "UnknownError", f'{{\r\n  "error":{{\r\n    {inner}\r\n  }}\r\n}}')


def no_http_resource(path: str) -> GraphError:
    """The backend's answer to a verb or path that it does not have (msgraph-sdk-python issue 820)."""
    address = f"https://syncfabric.windowsazure.com/api{path}?api-version=2.0"
    message = f"No HTTP resource was found that matches the request URI '{address}'."
    return GraphError(404, "UnknownError", json.dumps({"Message": message}))


def bad_request(message: str) -> GraphError:
    """400 Request_BadRequest of the Graph front."""
    return GraphError(400, "Request_BadRequest", message)


def not_found(key: object) -> GraphError:
    """404 Request_ResourceNotFound of the Graph front."""
    message = f"Resource '{key}' does not exist or one of its queried reference-property objects are not present."
    return GraphError(404, "Request_ResourceNotFound", message)


def unknown_401() -> GraphError:
    """How synchronization paths refuse a missing permission or an id of the wrong kind.

    Source: microsoft-graph-docs-contrib issue 8800, azure-docs issue 62681.
    """
    return GraphError(401, "UnknownError", "")


def denied() -> GraphError:
    """403 of the Graph front for a missing permission."""
    return GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def unauthenticated(message: str) -> GraphError:
    """401 for an access token that is missing, malformed or expired."""
    challenge = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    return GraphError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})


def new_request_id() -> str:
    """A fresh request id."""
    return str(uuid.uuid4())
