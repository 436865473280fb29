# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collections: ``$filter``, ``$orderby``, ``$select``, ``$count`` and pages with ``@odata.nextLink``."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from ..errors import GraphError, bad_request
from ..exchange import Call, Reply
from . import filters

LARGEST_PAGE = 999


def listing(
    call: Call, items: Iterable[dict[str, Any]], fields: filters.Fields, context: str, type_name: str | None = None
) -> Reply:
    """Answer a GET on a collection.

    :arg items: all of it, in the service's order.
    :arg context: what follows ``$metadata#`` in ``@odata.context``.
    :arg type_name: the CSDL type of an item, to check the answer by.
    :raises GraphError: 400 for options that do not make sense.
    """
    chosen = list(items)
    counted = call.query.get("$count", "").lower() == "true"
    advanced = counted and call.headers.get("consistencylevel", "").lower() == "eventual"
    if call.query.get("$filter"):
        test = filters.matcher(call.query["$filter"], fields, advanced)
        chosen = [item for item in chosen if test(item)]
    if call.query.get("$orderby"):
        key, descending = filters.ordering(call.query["$orderby"], fields)
        chosen.sort(key=key, reverse=descending)
    size, start = _size(call), _start(call)
    page = [selected(call, item) for item in chosen[start : start + size]]
    body: dict[str, Any] = {"@odata.context": call.context(context)}
    if counted:
        body["@odata.count"] = len(chosen)
    if start + size < len(chosen):
        body["@odata.nextLink"] = _next_link(call, start + size)
    body["value"] = page
    return Reply(200, body, type_name=f"Collection({type_name})" if type_name else None)


def selected(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    """The properties that ``$select`` asks for; all of them without it."""
    names = [name.strip() for name in call.query.get("$select", "").split(",") if name.strip()]
    return {name: item.get(name) for name in names if name in item} if names else item


def _size(call: Call) -> int:
    usual = call.world.quirks["page_size"]
    if "$top" not in call.query:
        return int(usual)
    try:
        top = int(call.query["$top"])
    except ValueError:
        top = 0
    if not 1 <= top <= LARGEST_PAGE:
        message = (
            f"Invalid page size specified: '{call.query['$top']}'. Must be between 1 and {LARGEST_PAGE} inclusive."
        )
        raise GraphError(400, "Request_UnsupportedQuery", message)
    # A page size below the service's default is a test that wants to see small pages whatever $top says.
    return min(top, usual) if usual < 100 else top


def _start(call: Call) -> int:
    token = call.query.get("$skiptoken")
    try:
        return int(base64.urlsafe_b64decode(token).removeprefix(b"at:")) if token else 0
    except ValueError as error:
        raise bad_request("The $skiptoken is not valid.") from error


def _next_link(call: Call, start: int) -> str:
    token = base64.urlsafe_b64encode(f"at:{start}".encode()).decode()
    query = {name: value for name, value in call.query.items() if name != "$skiptoken"}
    return f"{call.world.endpoint}{call.path}?{urlencode({**query, '$skiptoken': token}, quote_via=quote)}"
