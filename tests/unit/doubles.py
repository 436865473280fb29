# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for what is outside of the process: the network, the clock and the sign-in service."""

from __future__ import annotations

import dataclasses
import json
import typing as t
import urllib.parse

import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.graph import Graph
from ansible_collections.entra.provisioning.plugins.module_utils._graph.http import Http
from ansible_collections.entra.provisioning.plugins.module_utils._graph.run_memory import RunMemory
from ansible_collections.entra.provisioning.plugins.module_utils._options import Arguments
from ansible_collections.entra.provisioning.plugins.module_utils._task import Task

ROOT = "https://graph.test/v1.0"


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def answer(status: int = 200, body: t.Any = None, headers: t.Mapping[str, str] | None = None) -> requests.Response:
    """Return an answer as requests gives it; a text as the body is sent as it is."""
    response = requests.Response()
    response.status_code = status
    if isinstance(body, str):
        response._content = body.encode()
        response.headers["Content-Type"] = "text/html"
    else:
        response._content = b"" if body is None else json.dumps(body).encode()
        response.headers["Content-Type"] = "application/json"
    response.headers.update(headers or {})
    return response


@dataclasses.dataclass
class Request:
    """One request that was sent."""

    method: str
    url: str
    body: t.Any
    headers: t.Mapping[str, str]

    @property
    def path(self) -> str:
        """The decoded path and query below the version."""
        return urllib.parse.unquote(self.url.removeprefix(ROOT))


Step = requests.Response | Exception


class ScriptedHttp(Http):
    """The real session without a network.

    :arg steps: what happens to one request after the other; the last one happens again and again.
    :arg routes: or, by method and decoded path (without the query), the answer: a body, or a function of the request.
    """

    def __init__(self, *steps: Step, routes: t.Mapping[tuple[str, str], t.Any] | None = None) -> None:
        super().__init__()
        self.steps = list(steps)
        self.routes = routes
        self.sent: list[Request] = []

    def request(self, method: str, url: str, **kwargs: t.Any) -> requests.Response:
        """Let the next step happen."""
        request = Request(method, url, kwargs.get("json"), kwargs.get("headers") or {})
        self.sent.append(request)
        assert len(self.sent) < 1000, "sent again and again without a pause"
        if self.routes is not None:
            return self._routed(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return step

    def _routed(self, request: Request) -> requests.Response:
        assert self.routes is not None
        route = self.routes.get(
            (request.method, request.path.split("?")[0]), answer(404, {"error": {"code": "NotFound"}})
        )
        result = route(request) if callable(route) else route
        return result if isinstance(result, requests.Response) else answer(200, result)

    def verbs(self) -> list[str]:
        """The methods of all requests that were sent."""
        return [request.method for request in self.sent]


class SignedIn:
    """Somebody who is signed in, and can be again."""

    method = "client_secret"

    def __init__(self, renewable: bool = True) -> None:
        self.renewable = renewable
        self.refused: list[str] = []

    def token(self, refused: str | None = None) -> str:
        """Return a token, another one after each refusal."""
        if refused:
            self.refused.append(refused)
        return f"token-{len(self.refused)}"

    def can_renew(self) -> bool:
        """Tell whether another token can be had."""
        return self.renewable


def graph(http: ScriptedHttp, *, seconds: float = 300.0, clock: Clock | None = None, renewable: bool = True) -> Graph:
    """Return a client that talks to the stand-ins, with a memory that is not shared."""
    clock = clock or Clock()
    connection = Connection(
        graph="https://graph.test",
        authority="https://login.test",
        api_version="v1.0",
        http=http,
        deadline=Deadline(seconds, clock, clock.sleep),
        options={},
    )
    return Graph(connection, t.cast("t.Any", SignedIn(renewable)), RunMemory(None))


def task(arguments: Arguments, http: ScriptedHttp, *, check_mode: bool = False, **params: t.Any) -> Task:
    """Return a task of a module with these options, the others at their defaults, that talks to the stand-ins."""
    checked = ArgumentSpecValidator(arguments.spec, **arguments.rules()).validate({"access_token": "token", **params})
    assert not checked.error_messages, checked.error_messages
    options = {name: checked.validated_parameters.get(name) for name in arguments.spec}
    made = Task(arguments, options, check_mode=check_mode, diff_mode=True)
    client = graph(http)
    made.deadline = client.connection.deadline
    made.__dict__["graph"] = client
    return made
