# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges what was said between clients and the simulator, by the OpenAPI description of the service.

The description (tests/fixtures/graph/openapi.json) comes from the official types; what reads it is openapi-core.
"""

from __future__ import annotations

import base64
import functools
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from jsonschema.exceptions import best_match
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.testing import MockRequest, MockResponse

Exchange = dict[str, Any]

DESCRIPTION = Path(__file__).resolve().parents[1] / "fixtures" / "graph" / "openapi.json"
_OURS = "ansible-entra.provisioning/"
_JSON = "application/json"
# What differs each time and is judged by its form only: an id, a time, a token.
_ONCE = re.compile(
    r"(?P<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"
    r"|(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?"
    r"|(?P<token>[\w-]{20,}\.[\w-]{20,}\.[\w-]*)",
    re.IGNORECASE | re.ASCII,
)
_HOSTS = {"metadata": "http://169.254.169.254", "_msi": "http://169.254.169.254"}


class Judge:
    """Has read the description, and holds exchanges against it."""

    def __init__(self) -> None:
        # Whether the description is one itself, tests/tools/test_judge.py asks.
        further = Config(extra_media_type_deserializers={"application/scim+json": json.loads}, spec_validator_cls=None)
        self._allowed: set[str] = set()
        self._description = OpenAPI.from_dict(json.loads(DESCRIPTION.read_text("utf-8")), config=further)

    def violations(self, exchanges: list[Exchange]) -> list[str]:
        """What is not allowed, in words."""
        return [text for one in exchanges for text in self._judged(one)]

    def _judged(self, exchange: Exchange) -> list[str]:
        kind = _kind(exchange)
        found = [] if kind in self._allowed else self._found(exchange)
        if not found:
            self._allowed.add(kind)
        return found

    def _found(self, exchange: Exchange) -> list[str]:
        found = [text for one in _steps(exchange) for text in self._judged(one)]
        request, response = _request(exchange), _response(exchange)
        known, wrong = self._wrong_request(request)
        if _answers_for(exchange):
            found += [_text(exchange, "request", one) for one in wrong]
        if known:
            found += [_text(exchange, "answer", one) for one in self._wrong_response(request, response)]
        return found

    def _wrong_request(self, request: MockRequest) -> tuple[bool, list[str]]:
        try:
            self._description.validate_request(request)
        except PathError as error:
            return False, [_reason(error)]
        except (OpenAPIError, RecursionError) as error:
            return True, [_reason(error)]
        return True, []

    def _wrong_response(self, request: MockRequest, response: MockResponse) -> list[str]:
        try:
            self._description.validate_response(request, response)
        except OpenAPIError as error:
            return [_reason(error)]
        return []


@functools.cache
def judge() -> Judge:
    """The judge of this process."""
    return Judge()


def _kind(exchange: Exchange) -> str:
    """What exchanges have in common that are judged alike."""
    return _ONCE.sub(lambda found: str(found.lastgroup), repr(sorted(exchange.items())))


def _answers_for(exchange: Exchange) -> bool:
    """Whether a wrong request is anybody's fault.

    The collection's own client asks for nothing wrong, except that it passes on a whole schema as its user wrote it.
    Others may ask for anything, if it is refused.
    """
    if exchange["status"] < 400:
        return True
    ours = exchange["headers"].get("user-agent", "").startswith(_OURS)
    return ours and not (exchange["method"] == "PUT" and exchange["address"].endswith("/schema"))


def _request(exchange: Exchange) -> MockRequest:
    path, _unused, query = exchange["address"].partition("?")
    root, _unused, _rest = path.lstrip("/").partition("/")
    host = "https://graph.microsoft.com" if root in ("v1.0", "beta") else _HOSTS.get(root)
    headers = exchange["headers"]
    return MockRequest(
        host or "https://login.microsoftonline.com",
        exchange["method"].lower(),
        _plain(unquote(path)),
        args=dict(parse_qsl(query, keep_blank_values=True)),
        headers=headers,
        data=exchange["body"].encode() or None,
        content_type=headers.get("content-type", ""),
    )


def _plain(path: str) -> str:
    """The other ways to write a path, as OData 4.01 has them (URL conventions, part 2), in the described one."""
    path = path.replace("/microsoft.graph.", "/").replace("()", "").rstrip("/")
    return re.sub(r"/(\w+)\((?:\w+=)?'?([^/()']+)'?\)", r"/\1/\2", path)


def _response(exchange: Exchange) -> MockResponse:
    return MockResponse(exchange["answer"].encode(), exchange["status"], content_type=exchange["answer_type"])


def _steps(exchange: Exchange) -> list[Exchange]:
    """What travelled in a batch that was carried out, but for what a fault answered."""
    root, _unused, rest = exchange["address"].lstrip("/").partition("/")
    if rest.partition("?")[0] != "$batch" or exchange["status"] != 200:
        return []
    answers = {one["id"]: one for one in json.loads(exchange["answer"])["responses"]}
    steps = json.loads(exchange["body"])["requests"]
    agent = {"user-agent": exchange["headers"].get("user-agent", "")}
    return [
        _step(f"/{root}/", agent, one, answers[one["id"]]) for one in steps if one["id"] not in exchange["injected"]
    ]


def _step(root: str, agent: dict[str, str], step: dict[str, Any], answer: dict[str, Any]) -> Exchange:
    headers = {name.lower(): text for name, text in (step.get("headers") or {}).items()}
    media = {name.lower(): text for name, text in (answer.get("headers") or {}).items()}.get("content-type", _JSON)
    body = answer.get("body")
    # The concept page "JSON batching": what is not JSON is base64.
    text = base64.b64decode(body).decode() if media == "text/plain" else json.dumps(body)
    return {
        "method": step["method"],
        "address": root + step["url"].lstrip("/"),
        "headers": {**agent, **headers},
        "body": "" if step.get("body") is None else json.dumps(step["body"]),
        "status": answer["status"],
        "answer_type": media,
        "answer": "" if body is None else text,
        "injected": [],
    }


def _reason(error: BaseException) -> str:
    """The error with what caused it, and where in the body."""
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    details = [one for cause in causes for one in getattr(cause, "schema_errors", ())]
    # The innermost of each: what may be null is one of two schemas.
    details = [best_match([one]) for one in details]
    texts = [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in details]
    return "; ".join(texts or [str(error)])[:2000]


def _text(exchange: Exchange, which: str, reason: str) -> str:
    said = exchange["body"] if which == "request" else exchange["answer"]
    start = f"{exchange['method']} {exchange['address']} ({exchange['status']}): the {which} is not allowed: {reason}"
    return f"{start}\n  {said[:500]}"
