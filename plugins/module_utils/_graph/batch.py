# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Many reads in few requests: $batch by twenty, and concurrent reads where the service refuses it.

Source: the page "Combine multiple HTTP requests using JSON batching". Whether synchronization addresses are accepted
inside a batch is documented nowhere, hence the second way.
"""

from __future__ import annotations

import concurrent.futures
import typing as t

from .endpoint import Call, Endpoint
from .errors import GraphError, OddAnswer
from .graph import Graph, Reply
from .retry import NOT_YET, REFUSED, UNSURE, pause_before, retry_after
from .shape import Shape, Type

# No metadata describes it; the page does. What is in a body is the affair of the call that it answers.
_TYPES = {
    "batched": Type("the answers to a batch", "", {"responses": "Collection(answer)"}, ("responses",)),
    "answer": Type("", "", {"id": "Edm.String", "status": "Edm.Int32", "headers": "object"}, ("id", "status")),
}
BATCH = Endpoint(
    "read in a batch",
    "POST",
    "/$batch",
    "the permission of each call in it",
    gives=Shape("record", "batched", _TYPES),
)
SIZE = 20
# Enough to hide the latency, few enough not to be throttled.
CONCURRENT = 8


def read_all(graph: Graph, calls: t.Sequence[Call]) -> list[t.Any]:
    """Make many calls that change nothing and return their answers in the same order.

    An answer of 404 is None where a single object was asked for; any other failure is the :class:`GraphError` itself,
    for the caller to judge: one application that may not be read must not hide a thousand others. A failure of all
    calls, such as time that has run out, is raised.
    """
    answers: list[t.Any] = []
    batches_work = len(calls) > 1
    for start in range(0, len(calls), SIZE):
        chunk = calls[start : start + SIZE]
        got = _batch(graph, chunk) if batches_work else [None] * len(chunk)
        if start == 0 and batches_work:
            batches_work = any(reply is not None for reply in got)
        missing = [call for call, reply in zip(chunk, got) if reply is None]
        singles = iter(_singly(graph, missing))
        answers += [next(singles) if reply is None else _judged(call, reply) for call, reply in zip(chunk, got)]
    return answers


def _batch(graph: Graph, chunk: t.Sequence[Call]) -> list[Reply | None]:
    """Send one batch; None stands for an item that has to be read by itself."""
    requests = [
        {"id": str(number), "method": call.endpoint.method, "url": call.url, **_content(call)}
        for number, call in enumerate(chunk)
    ]
    try:
        responses = graph.send(BATCH.call(body={"requests": requests}))["responses"]
    except OddAnswer:
        return [None] * len(chunk)
    except GraphError as error:
        if error.status in (400, 404, 405, 501):
            return [None] * len(chunk)
        raise
    replies = {item["id"]: item for item in responses}
    asked = [retry_after(item.get("headers") or {}) for item in replies.values() if item["status"] in REFUSED]
    if any(asked):
        # Items are throttled one by one, each with its own wait ("Microsoft Graph throttling guidance").
        seconds = pause_before(1, max(filter(None, asked)))
        graph.connection.deadline.sleep(seconds, "waiting as long as throttled items of a batch asked for")
    return [_usable(graph, call, replies.get(str(number))) for number, call in enumerate(chunk)]


def _usable(graph: Graph, call: Call, item: dict[str, t.Any] | None) -> Reply | None:
    """Keep an item that is final.

    One that is throttled, in trouble, refused inside a batch, odd or perhaps too early is read by itself: there it is
    repeated as any other call.
    """
    if not item:
        return None
    reply = Reply(item["status"], item.get("body"), item.get("headers") or {})
    refused_here = "No HTTP resource was found" in str(reply.body)
    early = reply.status in NOT_YET and graph.memory.is_fresh(call.ids.values())
    if reply.status in REFUSED | UNSURE | {424, 501} or refused_here or early:
        return None
    return None if isinstance(graph.judged(call, reply), OddAnswer) else reply


def _content(call: Call) -> dict[str, t.Any]:
    headers = dict(call.headers)
    if call.body is None:
        return {"headers": headers} if headers else {}
    # An item with a body must say what it is (page on JSON batching).
    return {"headers": {"Content-Type": "application/json", **headers}, "body": call.body}


def _judged(call: Call, reply: Reply) -> t.Any:
    error = Graph.judged(call, reply)
    if error is None:
        return reply.body
    return None if error.status == 404 and not call.endpoint.gives.is_list else error


def _singly(graph: Graph, calls: t.Sequence[Call]) -> list[t.Any]:
    def one(call: Call) -> t.Any:
        try:
            return graph.find(call)
        except GraphError as error:
            return error

    if len(calls) < 2:
        return [one(call) for call in calls]
    with concurrent.futures.ThreadPoolExecutor(min(CONCURRENT, len(calls))) as pool:
        return list(pool.map(one, calls))
