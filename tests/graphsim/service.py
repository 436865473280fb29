# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a parsed call to its answer: the token, the route, the permission, the handler, the types."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from typing import Any

from . import csdl
from .control.faults import IN_BATCH
from .errors import GraphError, bad_request, denied, new_request_id, no_http_resource, unknown_401
from .exchange import Call, Reply
from .odata.path import parse
from .routes import ROUTER
from .routing import Route
from .sign_in.tokens import Gate
from .world import World

VERSIONS = ("v1.0", "beta")


@dataclass(frozen=True)
class Prepared:
    """A call whose route is known."""

    call: Call
    route: Route
    arguments: dict[str, Any]


class Service:
    """Answers the calls to Graph."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._gate = Gate(world)

    def prepare(self, call: Call) -> Prepared:
        """Check the token, find the route, check the roles.

        :raises GraphError: what the service answers instead.
        """
        version, _unused, rest = call.path.lstrip("/").partition("/")
        if version not in VERSIONS:
            raise GraphError(400, "BadRequest", f"Invalid version: '{version}'.")
        if not call.in_batch:
            call.roles = self._gate.roles(call.headers.get("authorization"))
        call.version, call.segments, call.answer_inner = version, parse(rest), self._batch_item
        route, arguments, path_exists = ROUTER.find(call.method, version, call.segments)
        if route is None:
            raise self._no_route(call, rest, path_exists)
        if route.roles is not None and not route.roles & call.roles:
            raise self._refusal(route)
        if call.in_batch and route.synchronization and self._world.quirks["batch"] == "refused":
            raise no_http_resource(f"/{rest}")
        return Prepared(call, route, arguments)

    def _no_route(self, call: Call, rest: str, path_exists: bool) -> GraphError:
        if "synchronization" in call.segments:
            return no_http_resource(f"/{rest}")
        if path_exists:
            return GraphError(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
        return GraphError(400, "BadRequest", f"Resource not found for the segment '{(call.segments or [''])[0]}'.")

    def _refusal(self, route: Route) -> GraphError:
        if route.synchronization and self._world.quirks["permission_denied"] == "401_unknown":
            return unknown_401()
        return denied()

    def run(self, prepared: Prepared) -> Reply:
        """Run the handler and check what it says. Never raises: what goes wrong becomes an answer."""
        try:
            reply = prepared.route.handler(prepared.call, **prepared.arguments)
            if reply.type_name and reply.body is not None:
                csdl.check_output(reply.type_name, reply.body)
            return reply
        except GraphError as error:
            return self.refuse(prepared.call, error)
        except csdl.Violations as error:
            return self._broken(prepared.call, f"the answer breaks the official types: {error}")
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
            # Odd input that no check caught: the service would blame the request, and so does this, but loudly.
            traceback.print_exc()
            return self.refuse(prepared.call, bad_request(f"The request is not valid: {type(error).__name__}."))

    def _broken(self, call: Call, text: str) -> Reply:
        print(f"graphsim: BUG in the simulator: {call.method} {call.path}: {text}", file=sys.stderr, flush=True)
        return self.refuse(call, GraphError(500, "InternalServerError", f"graphsim: {text}"))

    def refuse(self, call: Call, error: GraphError) -> Reply:
        """The answer for a refusal."""
        request_id = call.headers.setdefault("x-graphsim-request-id", new_request_id())
        client_request_id = call.headers.get("client-request-id", request_id)
        body = error.body(self._world.clock.now(), request_id, client_request_id)
        return Reply(error.status, body, dict(error.headers))

    def answer(self, call: Call) -> Reply:
        """Answer a call in the current thread."""
        try:
            return self.run(self.prepare(call))
        except GraphError as error:
            return self.refuse(call, error)

    def _batch_item(self, call: Call) -> tuple[Reply, float]:
        """Answer an item of a batch, subject to the faults that make sense there; and the seconds to wait."""
        delay = 0.0
        for fault in self._world.faults.take(call.method, call.path, IN_BATCH):
            delay += fault.seconds if fault.fault == "delay" else 0
            if fault.fault == "status":
                return Reply(fault.status, fault.body, dict(fault.headers), injected=[call.path]), delay
        return self.answer(call), delay
