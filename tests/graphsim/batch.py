# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``POST /{version}/$batch`` ("Combine multiple HTTP requests using JSON batching")."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qsl

from .errors import GraphError
from .exchange import Call, Reply
from .routing import Route

_MOST = 20


def _batch(call: Call) -> Reply:
    items = call.json().get("requests")
    if not isinstance(items, list) or not items:
        raise _malformed("The batch has no requests.")
    if len(items) > _MOST:
        raise _malformed(f"The number of requests exceeds the maximum of {_MOST}.")
    _check(items)
    statuses: dict[str, int] = {}
    responses = []
    injected: list[str] = []
    for item in _in_order(items):
        item_id = str(item["id"])
        failed = [one for one in item.get("dependsOn") or [] if statuses[str(one).lower()] >= 400]
        if failed:
            error = {"code": "FailedDependency", "message": f"The request '{failed[0]}' has failed."}
            response: dict[str, Any] = {"id": item_id, "status": 424, "headers": {}, "body": {"error": error}}
        else:
            reply = _answer(call, item)
            response = _response(item_id, reply)
            injected += [item_id] if reply.injected else []
        statuses[item_id.lower()] = response["status"]
        responses.append(response)
    return Reply(200, {"responses": responses}, injected=injected)


def _malformed(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)


def _check(items: list[Any]) -> None:
    ids: set[str] = set()
    for item in items:
        if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in ("id", "method", "url")):
            raise _malformed("Each request of a batch needs the texts 'id', 'method' and 'url'.")
        if item["id"].lower() in ids:
            raise _malformed(f"The id '{item['id']}' occurs more than once in the batch.")
        ids.add(item["id"].lower())
        if "body" in item and "content-type" not in {name.lower() for name in item.get("headers") or {}}:
            raise _malformed(f"The request '{item['id']}' has a body but no Content-Type header.")
    for item in items:
        for other in item.get("dependsOn") or []:
            if str(other).lower() not in ids:
                raise _malformed(f"The request '{item['id']}' depends on the unknown request '{other}'.")


def _in_order(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each request after those that it depends on.

    :raises GraphError: 400 for a circle.
    """
    ordered: list[dict[str, Any]] = []
    done: set[str] = set()
    waiting = list(items)
    while waiting:
        ready = [item for item in waiting if all(str(one).lower() in done for one in item.get("dependsOn") or [])]
        if not ready:
            raise _malformed("The requests of the batch depend on each other in a circle.")
        ordered += ready
        done |= {item["id"].lower() for item in ready}
        waiting = [item for item in waiting if item not in ready]
    return ordered


def _answer(call: Call, item: dict[str, Any]) -> Reply:
    path, _unused, query = ("/" + item["url"].lstrip("/")).partition("?")
    headers = {str(name).lower(): str(value) for name, value in (item.get("headers") or {}).items()}
    inner = Call(
        world=call.world,
        method=item["method"].upper(),
        path=f"/{call.version}{path}",
        version=call.version,
        segments=[],
        query=dict(parse_qsl(query, keep_blank_values=True)),
        headers=headers,
        body=json.dumps(item["body"]).encode() if item.get("body") is not None else b"",
        roles=call.roles,
        in_batch=True,
    )
    if path.rstrip("/") == "/$batch":
        raise _malformed("A batch cannot contain a batch.")
    assert call.answer_inner is not None
    reply, delay = call.answer_inner(inner)
    if delay:
        time.sleep(delay)
    return reply


def _response(item_id: str, reply: Reply) -> dict[str, Any]:
    response: dict[str, Any] = {"id": item_id, "status": reply.status, "headers": dict(reply.headers)}
    if reply.body is not None:
        json_body = not isinstance(reply.body, str)
        response["headers"]["Content-Type"] = "application/json" if json_body else "text/plain"
        response["body"] = reply.body if json_body else base64.b64encode(reply.body.encode()).decode()
    return response


# Slow: its items may be.
ROUTES = [Route("POST", "/$batch", _batch, None, slow=True)]
