# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which failures are sent again, and how each one ends."""

from __future__ import annotations

import typing as t

import pytest
import requests
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import (
    GraphError,
    OutOfTime,
    ProvisioningError,
    Unconfirmed,
    Unreachable,
)
from ansible_collections.entra.provisioning.plugins.module_utils._graph.retry import MOST_TRIES
from ansible_collections.entra.provisioning.tests.unit.doubles import ROOT, Clock, ScriptedHttp, answer, graph

GET = Endpoint("read {id}", "GET", "/things/{id}", "P").call(id="1")
PUT = Endpoint("write {id}", "PUT", "/things/{id}", "P").call(id="1", body={"a": 1})
DELETE = Endpoint("delete {id}", "DELETE", "/things/{id}", "P").call(id="1")
POST = Endpoint("make {id}", "POST", "/things/{id}", "P", repeatable=False).call(id="1", body={})
PAUSE = Endpoint("pause {id}", "POST", "/things/{id}/pause", "P").call(id="1")
REPEATABLE = {"GET": GET, "PUT": PUT, "DELETE": DELETE, "POST that may be repeated": PAUSE}

BROKEN = requests.exceptions.ConnectionError("Connection aborted", ConnectionResetError(104, "reset"))
NO_ANSWER = requests.exceptions.ReadTimeout("timed out")
HALF = requests.exceptions.ChunkedEncodingError("cut")
NOT_SENT = requests.exceptions.ConnectTimeout("timed out")
REFUSED = requests.exceptions.ConnectionError("NewConnectionError(refused)")
DISTRUST = requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED")
CUT = requests.exceptions.SSLError("EOF occurred in violation of protocol")
OK = answer(200, {"id": "1"})


@pytest.mark.parametrize("call", REPEATABLE.values(), ids=REPEATABLE.keys())
@pytest.mark.parametrize(
    "trouble",
    [BROKEN, NO_ANSWER, HALF, NOT_SENT, REFUSED, CUT, *(answer(one) for one in (408, 429, 500, 502, 503, 504))],
    ids=str,
)
def test_what_passes_is_waited_out(call: t.Any, trouble: t.Any) -> None:
    http, clock = ScriptedHttp(trouble, trouble, OK), Clock()
    assert graph(http, clock=clock).send(call) == {"id": "1"}
    assert len(http.sent) == 3
    assert len(clock.pauses) == 2
    assert clock.pauses[1] > clock.pauses[0] / 2


@pytest.mark.parametrize("trouble", [BROKEN, NO_ANSWER, HALF, CUT, *(answer(one) for one in (408, 500, 502, 503, 504))])
def test_what_may_have_arrived_is_not_made_twice(trouble: t.Any) -> None:
    http = ScriptedHttp(trouble, OK)
    with pytest.raises(Unconfirmed, match="It was not sent a second time"):
        graph(http).send(POST)
    assert len(http.sent) == 1


def test_an_answer_that_cannot_be_read_may_have_been_a_success() -> None:
    http = ScriptedHttp(answer(201, "<html>"), OK)
    with pytest.raises(Unconfirmed):
        graph(http).send(POST)
    assert len(http.sent) == 1


@pytest.mark.parametrize("trouble", [NOT_SENT, REFUSED, answer(429), answer(429, headers={"Retry-After": "3"})])
def test_what_surely_did_not_arrive_is_sent_again(trouble: t.Any) -> None:
    http = ScriptedHttp(trouble, OK)
    assert graph(http).send(POST) == {"id": "1"}
    assert len(http.sent) == 2


def test_a_certificate_is_not_asked_twice() -> None:
    for call in (GET, POST):
        http = ScriptedHttp(DISTRUST, OK)
        with pytest.raises(Unreachable, match="is not trusted"):
            graph(http).send(call)
        assert len(http.sent) == 1


def test_a_token_that_is_no_header_is_not_sent_again() -> None:
    http = ScriptedHttp(requests.exceptions.InvalidHeader("Invalid return character(s) in header value"), OK)
    with pytest.raises(Unreachable):
        graph(http).send(GET)
    assert len(http.sent) == 1


@pytest.mark.parametrize("trouble", [BROKEN, answer(503), answer(200, "<html>")])
def test_trouble_that_lasts_ends(trouble: t.Any) -> None:
    http = ScriptedHttp(trouble)
    with pytest.raises((GraphError, Unreachable)):
        graph(http).send(GET)
    assert len(http.sent) == MOST_TRIES


def test_a_host_that_is_not_there_ends_sooner() -> None:
    http = ScriptedHttp(REFUSED)
    with pytest.raises(Unreachable, match="cannot be reached"):
        graph(http).send(GET)
    assert len(http.sent) == 4


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 422, 501])
def test_a_refusal_is_final(status: int) -> None:
    http = ScriptedHttp(answer(status, {"error": {"code": "No"}}), OK)
    with pytest.raises(GraphError) as caught:
        graph(http).send(PUT)
    assert caught.value.status == status
    assert len(http.sent) == 1


def test_the_pause_is_what_the_service_asks_for() -> None:
    http, clock = ScriptedHttp(answer(429, headers={"retry-after": "17"}), OK), Clock()
    graph(http, clock=clock).send(GET)
    assert 17 <= clock.pauses[0] <= 18


def test_throttling_goes_on_until_the_deadline() -> None:
    http, clock = ScriptedHttp(answer(429, {"error": {"code": "TooMany"}}, {"Retry-After": "0"})), Clock()
    with pytest.raises(OutOfTime) as caught:
        graph(http, clock=clock, seconds=120).send(GET)
    assert "The last answer: Could not read 1: the service answered 429 TooMany" in caught.value.message
    assert caught.value.facts["status"] == 429
    assert MOST_TRIES < len(http.sent) < 60


def test_a_longer_wait_than_there_is_time_is_not_begun() -> None:
    http, clock = ScriptedHttp(answer(503, headers={"Retry-After": "600"})), Clock()
    with pytest.raises(OutOfTime):
        graph(http, clock=clock).send(GET)
    assert clock.pauses == []


def test_a_refused_token_is_renewed_once() -> None:
    http = ScriptedHttp(answer(401), OK)
    client = graph(http)
    assert client.send(POST) == {"id": "1"}
    assert [one.headers["Authorization"] for one in http.sent] == ["Bearer token-0", "Bearer token-1"]


def test_a_second_refusal_is_told() -> None:
    http = ScriptedHttp(answer(401, {"error": {"code": "UnknownError", "message": ""}}))
    with pytest.raises(GraphError) as caught:
        graph(http).send(GET)
    assert caught.value.status == 401
    assert len(http.sent) == 2


def test_a_given_token_is_not_renewed() -> None:
    http = ScriptedHttp(answer(401))
    with pytest.raises(GraphError):
        graph(http, renewable=False).send(GET)
    assert len(http.sent) == 1


@pytest.mark.parametrize("status", [403, 404, 409])
@pytest.mark.parametrize("call", [GET, POST], ids=["GET", "POST"])
def test_a_fresh_object_is_waited_for(status: int, call: t.Any) -> None:
    http = ScriptedHttp(answer(status), answer(status), OK)
    client = graph(http)
    client.memory.created("1")
    assert client.send(call) == {"id": "1"}


@pytest.mark.parametrize("status", [400, 422])
def test_a_fresh_object_does_not_excuse_everything(status: int) -> None:
    http = ScriptedHttp(answer(status), OK)
    client = graph(http)
    client.memory.created("1")
    with pytest.raises(GraphError):
        client.send(GET)


def test_another_fresh_object_does_not_excuse_this_one() -> None:
    http = ScriptedHttp(answer(404), OK)
    client = graph(http)
    client.memory.created("2")
    assert client.find(GET) is None
    assert len(http.sent) == 1


@pytest.mark.parametrize("trouble", [BROKEN, answer(504), answer(200, "<html>")])
def test_what_a_lost_try_deleted_is_gone(trouble: t.Any) -> None:
    http = ScriptedHttp(trouble, answer(404))
    assert graph(http).send(DELETE) is None


@pytest.mark.parametrize("refused", [answer(429), answer(401)])
def test_what_was_refused_did_not_delete_anything(refused: t.Any) -> None:
    http = ScriptedHttp(refused, answer(404))
    with pytest.raises(GraphError):
        graph(http).send(DELETE)


def test_a_fresh_object_that_is_not_known_yet_is_not_deleted() -> None:
    http = ScriptedHttp(answer(404))
    client = graph(http, seconds=20)
    client.memory.created("1")
    with pytest.raises(OutOfTime):
        client.send(DELETE)


def test_only_404_is_nothing() -> None:
    assert graph(ScriptedHttp(answer(404))).find(GET) is None
    for status in (400, 401, 403, 405, 410):
        with pytest.raises(GraphError):
            graph(ScriptedHttp(answer(status)), renewable=False).find(GET)


def test_an_answer_without_a_body_is_none() -> None:
    assert graph(ScriptedHttp(answer(204))).send(PUT) is None


def test_pages_are_followed_as_they_are() -> None:
    following = f"{ROOT}/things?$skiptoken=a%2Fb"
    first = answer(200, {"value": [{"id": "1"}, {"id": "2"}], "@odata.nextLink": following})
    http = ScriptedHttp(first, answer(503), answer(200, {"value": [{"id": "3"}]}))
    assert [one["id"] for one in graph(http).pages(GET)] == ["1", "2", "3"]
    assert [one.url for one in http.sent] == [f"{ROOT}/things/1", following, following]


def test_every_try_has_an_id_of_its_own() -> None:
    http = ScriptedHttp(answer(503), OK)
    graph(http).send(GET)
    assert len({one.headers["client-request-id"] for one in http.sent}) == 2
    assert all(one.headers["User-Agent"].startswith("ansible-entra.provisioning/") for one in http.sent)


def test_headers_of_the_call_are_sent() -> None:
    call = Endpoint("list", "GET", "/things", "P").call(headers={"ConsistencyLevel": "eventual"})
    http = ScriptedHttp(answer(200, {"value": []}))
    list(graph(http).pages(call))
    assert http.sent[0].headers["ConsistencyLevel"] == "eventual"


def test_an_error_names_the_request() -> None:
    http = ScriptedHttp(answer(400, {"error": {"code": "Bad"}}, {"REQUEST-ID": "r-1"}))
    with pytest.raises(ProvisioningError) as caught:
        graph(http).send(GET)
    assert caught.value.facts["request_id"] == "r-1"
    assert caught.value.facts["client_request_id"] == http.sent[0].headers["client-request-id"]


def test_a_page_of_a_proxy_is_named_so() -> None:
    with pytest.raises(GraphError, match="A proxy may be answering"):
        graph(ScriptedHttp(answer(200, "<html>"))).send(GET)
