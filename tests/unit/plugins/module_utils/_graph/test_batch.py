# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many reads in few requests."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.batch import SIZE, read_all
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import GraphError
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock, Request, ScriptedHttp, answer, graph

THING = Endpoint("read {id}", "GET", "/things/{id}", "P")
ASK = Endpoint("ask {id}", "POST", "/things/{id}/ask", "P")


class Service:
    """Things by number, alone and in batches.

    :arg in_batch: the status of each thing in a batch, where it is not 200.
    :arg alone: the same outside of one.
    """

    def __init__(self, in_batch: dict[int, int] | None = None, alone: dict[int, int] | None = None) -> None:
        self.in_batch = in_batch or {}
        self.alone = alone or {}
        self.http = ScriptedHttp(routes={("POST", "/$batch"): self.batch, **self.singles()})

    def singles(self) -> dict[tuple[str, str], t.Any]:
        def one(number: int) -> t.Any:
            return lambda _request: answer(self.alone.get(number, 200), {"number": number, "alone": True})

        return {("GET", f"/things/{number}"): one(number) for number in range(100)}

    def batch(self, request: Request) -> t.Any:
        items = []
        assert len(request.body["requests"]) <= SIZE
        for item in request.body["requests"]:
            number = int(item["url"].rsplit("/", 1)[1])
            status = self.in_batch.get(number, 200)
            items.append({"id": item["id"], "status": status, "headers": {}, "body": {"number": number}})
        return {"responses": items[::-1]}

    def read(self, count: int) -> list[t.Any]:
        return read_all(graph(self.http), [THING.call(id=str(number)) for number in range(count)])


@pytest.mark.parametrize(("count", "requests"), [(0, 0), (1, 1), (2, 1), (20, 1), (21, 2), (45, 3)])
def test_the_order_is_that_of_the_calls(count: int, requests: int) -> None:
    service = Service()
    assert [one["number"] for one in service.read(count)] == list(range(count))
    assert len(service.http.sent) == requests


def test_absent_things_are_none_and_refused_ones_the_error() -> None:
    found = Service(in_batch={1: 404, 2: 403}).read(4)
    assert found[0] == {"number": 0}
    assert found[1] is None
    assert isinstance(found[2], GraphError)
    assert found[2].status == 403
    assert found[3] == {"number": 3}


@pytest.mark.parametrize("status", [424, 429, 500, 501, 503, 504])
def test_an_item_in_trouble_is_read_alone(status: int) -> None:
    service = Service(in_batch={1: status}, alone={})
    found = service.read(3)
    assert [one.get("alone", False) for one in found] == [False, True, False]
    assert service.http.verbs() == ["POST", "GET"]


def test_the_longest_wait_that_throttled_items_ask_for_is_waited_once() -> None:
    clock = Clock()
    items = [
        {"id": "0", "status": 429, "headers": {"Retry-After": "2"}},
        {"id": "1", "status": 200, "body": {"number": 1}},
        {"id": "2", "status": 429, "headers": {"retry-after": "7"}},
    ]
    routes: dict[tuple[str, str], t.Any] = {("POST", "/$batch"): lambda _request: {"responses": items}}
    for number in (0, 2):
        routes["GET", f"/things/{number}"] = lambda _request: answer(200, {"pauses": list(clock.pauses)})
    found = read_all(graph(ScriptedHttp(routes=routes), clock=clock), [THING.call(id=str(one)) for one in range(3)])
    assert found[1] == {"number": 1}
    assert found[0] == found[2]
    (pause,) = found[0]["pauses"]
    assert 7 <= pause < 9


def test_an_item_that_cannot_be_read_alone_either_is_its_error() -> None:
    found = Service(in_batch={1: 503}, alone={1: 403}).read(3)
    assert isinstance(found[1], GraphError)
    assert (found[0], found[2]) == ({"number": 0}, {"number": 2})


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_service_without_batches_is_asked_for_one_only(status: int) -> None:
    service = Service(alone={3: 404})
    assert service.http.routes is not None
    service.http.routes = {**service.http.routes, ("POST", "/$batch"): answer(status)}
    found = service.read(45)
    assert [one and one["number"] for one in found] == [*range(3), None, *range(4, 45)]
    assert service.http.verbs().count("POST") == 1


def test_addresses_that_are_refused_in_a_batch_are_read_alone() -> None:
    service = Service()
    refusal = {"error": {"message": '{"Message": "No HTTP resource was found that matches"}'}}

    def batch(request: Request) -> t.Any:
        return {"responses": [{"id": one["id"], "status": 404, "body": refusal} for one in request.body["requests"]]}

    assert service.http.routes is not None
    service.http.routes = {**service.http.routes, ("POST", "/$batch"): batch}
    assert [one["number"] for one in service.read(25)] == list(range(25))
    assert service.http.verbs().count("POST") == 1


def test_an_item_without_an_answer_is_read_alone() -> None:
    service = Service()
    assert service.http.routes is not None
    short = {"responses": [{"id": "0", "status": 200, "body": {"number": 0}}]}
    service.http.routes = {**service.http.routes, ("POST", "/$batch"): short}
    assert [one["number"] for one in service.read(3)] == [0, 1, 2]


def test_a_batch_that_may_not_be_sent_fails() -> None:
    service = Service()
    assert service.http.routes is not None
    service.http.routes = {**service.http.routes, ("POST", "/$batch"): answer(403)}
    with pytest.raises(GraphError):
        service.read(3)


def test_addresses_are_relative_and_headers_travel() -> None:
    service = Service()
    calls = [THING.call(id=str(one), query={"$select": "id"}, headers={"Prefer": "x"}) for one in range(2)]
    seen: list[t.Any] = []

    def batch(request: Request) -> t.Any:
        seen.extend(request.body["requests"])
        return {"responses": [{"id": one["id"], "status": 200, "body": {}} for one in request.body["requests"]]}

    service.http.routes = {("POST", "/$batch"): batch}
    read_all(graph(service.http), calls)
    assert seen[0] == {"id": "0", "method": "GET", "url": "/things/0?$select=id", "headers": {"Prefer": "x"}}


def _asked(seen: list[t.Any], status: int = 200) -> t.Any:
    def batch(request: Request) -> t.Any:
        seen.extend(request.body["requests"])
        return {"responses": [{"id": one["id"], "status": status, "body": one["body"]} for one in seen]}

    return batch


def test_bodies_travel_and_say_what_they_are() -> None:
    seen: list[t.Any] = []
    http = ScriptedHttp(routes={("POST", "/$batch"): _asked(seen)})
    calls = [ASK.call(id="0", body={"number": 0}), ASK.call(id="1", body={}, headers={"Prefer": "x"})]
    assert read_all(graph(http), calls) == [{"number": 0}, {}]
    assert [one["headers"] for one in seen] == [
        {"Content-Type": "application/json"},
        {"Content-Type": "application/json", "Prefer": "x"},
    ]
    assert [(one["method"], one["url"], one["body"]) for one in seen] == [
        ("POST", "/things/0/ask", {"number": 0}),
        ("POST", "/things/1/ask", {}),
    ]


def test_bodies_travel_alone_too_where_the_batch_is_refused() -> None:
    routes = {("POST", f"/things/{number}/ask"): lambda request: request.body for number in range(25)}
    http = ScriptedHttp(routes={**routes, ("POST", "/$batch"): answer(400)})
    calls = [ASK.call(id=str(number), body={"number": number}) for number in range(25)]
    assert read_all(graph(http), calls) == [{"number": number} for number in range(25)]
    assert sum(one.path == "/$batch" for one in http.sent) == 1


def test_a_body_that_is_refused_is_its_error() -> None:
    http = ScriptedHttp(routes={("POST", "/$batch"): _asked([], 400)})
    answers = read_all(graph(http), [ASK.call(id=str(number), body={}) for number in range(2)])
    assert [one.status for one in answers] == [400, 400]
    assert "Could not ask 0" in answers[0].message
