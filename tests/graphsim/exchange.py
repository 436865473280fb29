# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call and its answer, as the handlers see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import GraphError

if TYPE_CHECKING:
    from .odata.path import Segment
    from .state import Tenant
    from .world import World


@dataclass
class Call:
    """A request after parsing.

    `path` starts with the version; `segments` come after it; `query` holds decoded values, the last of each name;
    `headers` have lower-case names; `roles` are those of the access token.
    """

    world: World
    method: str
    path: str
    version: str
    segments: list[Segment]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    roles: frozenset[str] = frozenset()
    in_batch: bool = False
    # Answers a call inside this one ($batch): the reply and the seconds to wait before it.
    answer_inner: Callable[[Call], tuple[Reply, float]] | None = None

    @property
    def tenant(self) -> Tenant:
        """The tenant that the call works on."""
        return self.world.tenant

    def json(self) -> dict[str, Any]:
        """The body as an object.

        :raises GraphError: 400 when it is anything else.
        """
        try:
            value = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise GraphError(
                400,
                "BadRequest",
                "Unable to read JSON request payload. Please ensure Content-Type "
                "header is set and payload is of valid JSON format.",
            ) from error
        if not isinstance(value, dict):
            raise GraphError(400, "BadRequest", "An object is expected as the request payload.")
        # A client may name the type of what it sends (OData JSON Format, "odata.type"), as msgraph-sdk does.
        value.pop("@odata.type", None)
        return value

    def context(self, suffix: str) -> str:
        """An ``@odata.context`` of this server."""
        return f"{self.world.endpoint}/{self.version}/$metadata#{suffix}"


@dataclass
class Reply:
    """An answer: `body` None for no content, a str for text/plain, else JSON.

    `type_name` is the CSDL type that the body must satisfy, as for ``csdl.check_output``. `injected` are the ids of the
    requests of a batch that a fault has answered.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    type_name: str | None = None
    injected: list[str] = field(default_factory=list)

    def payload(self) -> tuple[bytes, str]:
        """The bytes to send and their content type; the type is empty when there is nothing to send."""
        if self.body is None:
            return b"", ""
        if isinstance(self.body, str):
            return self.body.encode(), "text/plain"
        text = json.dumps(self.body, ensure_ascii=False).encode()
        return (
            text,
            "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
        )


NO_CONTENT = Reply(204)
