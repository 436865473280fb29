# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a request: read, faults, sign-in or service, answer, record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from .control.faults import Fault
from .errors import GraphError, new_request_id
from .exchange import Call, Reply
from .server import Connections
from .service import Service
from .sign_in import endpoint, managed_identity
from .world import World


@dataclass
class Incoming:
    """A request as it came from the socket."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def address(self) -> str:
        """Path and query, as faults are matched."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Pipeline:
    """The ASGI application for everything but the control interface."""

    def __init__(self, world: World, connections: Connections) -> None:
        self._world = world
        self._connections = connections
        self._service = Service(world)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one HTTP request."""
        request = await _read(scope, receive)
        connection = self._connections.number(scope)
        faults = self._world.faults.take(request.method, _decoded(request.address))
        await asyncio.sleep(sum(fault.seconds for fault in faults if fault.fault == "delay"))
        fault = next((one for one in faults if one.fault != "delay"), None)
        status = await self._serve(request, fault, scope, send)
        self._world.recorder.add(
            connection=connection,
            method=request.method,
            path=request.path,
            query=request.query,
            body=request.body,
            content_type=request.headers.get("content-type", ""),
            status=status,
            client_request_id=request.headers.get("client-request-id"),
        )

    async def _serve(self, request: Incoming, fault: Fault | None, scope: Scope, send: Send) -> int | None:
        kind = fault.fault if fault else None
        if kind == "drop_before":
            self._connections.close(scope)
            return None
        if fault and kind == "status":
            reply = Reply(fault.status, fault.body, dict(fault.headers))
        elif fault and kind == "garbage":
            reply = Reply(200, str(fault.body or "<html><body>Our services aren't available right now</body></html>"))
        else:
            stale = self._world.history.before_write(request.address) if kind == "stale" else None
            reply = stale or await self._answer(request)
            self._world.history.add(request.method, request.address, reply)
            self._note(request, reply)
        if kind == "drop_after":
            self._connections.close(scope)
            return None
        await self._send(request, reply, scope, send, cut=kind == "truncate")
        return reply.status

    def _note(self, request: Incoming, reply: Reply) -> None:
        self._world.transcript.add(request.method, request.address, request.headers, request.body, reply)

    async def _answer(self, request: Incoming) -> Reply:
        world = self._world
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        reply = managed_identity.answer(world, request.method, request.path, query, request.headers)
        reply = reply or endpoint.answer(world, request.method, request.path, request.body)
        if reply:
            return reply
        call = Call(world, request.method, request.path, "", [], query, request.headers, request.body)
        try:
            prepared = self._service.prepare(call)
        except GraphError as error:
            return self._service.refuse(call, error)
        if prepared.route.slow:
            return await run_in_threadpool(self._service.run, prepared)
        return self._service.run(prepared)

    async def _send(self, request: Incoming, reply: Reply, scope: Scope, send: Send, *, cut: bool) -> None:
        payload, content_type = reply.payload()
        request_id = request.headers.get("x-graphsim-request-id") or new_request_id()
        headers = {
            "request-id": request_id,
            "client-request-id": request.headers.get("client-request-id", request_id),
            "OData-Version": "4.0",
            **({"Content-Type": content_type} if content_type else {}),
            **reply.headers,
        }
        if reply.status != 204:
            headers["Content-Length"] = str(len(payload))
        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        if cut:
            await send({"type": "http.response.body", "body": payload[: len(payload) // 2], "more_body": True})
            self._connections.close(scope, gently=True)
            return
        await send({"type": "http.response.body", "body": payload})


async def _read(scope: Scope, receive: Receive) -> Incoming:
    body = b""
    while True:
        message: Message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path: Any = scope.get("raw_path") or scope["path"].encode()
    return Incoming(scope["method"], path.decode("latin-1"), scope["query_string"].decode("latin-1"), headers, body)


def _decoded(address: str) -> str:
    return unquote(address)
