# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface below ``/_sim``: no sign-in, not recorded, never subject to faults."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..world import World
from . import faults, guests
from .clock import duration
from .snapshot import snapshot

Handler = Callable[[World, Request], Awaitable[Any]]


async def _requests(world: World, request: Request) -> Any:
    since = int(request.query_params.get("since", "0"))
    return {"requests": world.recorder.since(since), "next": world.recorder.next}


async def _reset(world: World, request: Request) -> Any:
    body = await _body(request)
    await run_in_threadpool(world.reset, body.get("seed"))
    return {"now": world.clock.stamp()}


async def _state(world: World, request: Request) -> Any:
    return await run_in_threadpool(snapshot, world)


async def _faults(world: World, request: Request) -> Any:
    world.faults.rules = faults.read(json.loads(await request.body()))
    return {"faults": len(world.faults.rules)}


async def _show_faults(world: World, request: Request) -> Any:
    return {"left": [rule.times for rule in world.faults.rules]}


async def _clock(world: World, request: Request) -> Any:
    body = await _body(request)
    if "advance" in body:
        await run_in_threadpool(world.advance, duration(str(body["advance"])))
    return {"now": world.clock.stamp()}


async def _show_clock(world: World, request: Request) -> Any:
    return {"now": world.clock.stamp()}


async def _transcript(world: World, request: Request) -> Any:
    return world.transcript.take()


async def _quirks(world: World, request: Request) -> Any:
    world.quirks.update(await _body(request))
    return world.quirks.values


async def _show_quirks(world: World, request: Request) -> Any:
    return world.quirks.values


async def _show_guests(world: World, request: Request) -> Any:
    return guests.shown(world.tenant, request.query_params["tenant"])


async def _guests(world: World, request: Request) -> Any:
    return guests.write(world.tenant, await _body(request))


async def _body(request: Request) -> dict[str, Any]:
    body = json.loads(await request.body() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("an object is expected")
    return body


def routes(world: World) -> list[Route]:
    """The routes of the control interface."""
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/_sim/requests", _requests),
        ("POST", "/_sim/reset", _reset),
        ("GET", "/_sim/state", _state),
        ("POST", "/_sim/faults", _faults),
        ("GET", "/_sim/faults", _show_faults),
        ("GET", "/_sim/b2b", _show_guests),
        ("POST", "/_sim/b2b", _guests),
        ("GET", "/_sim/clock", _show_clock),
        ("POST", "/_sim/clock", _clock),
        ("GET", "/_sim/quirks", _show_quirks),
        ("GET", "/_sim/transcript", _transcript),
        ("POST", "/_sim/quirks", _quirks),
    ]
    return [
        Route(path, functools.partial(_answer, world, handler), methods=[method]) for method, path, handler in table
    ]


async def _answer(world: World, handler: Handler, request: Request) -> Response:
    try:
        return JSONResponse(await handler(world, request))
    except (ValueError, KeyError, TypeError) as error:
        return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
