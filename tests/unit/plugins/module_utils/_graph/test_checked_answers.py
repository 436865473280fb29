# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checked door: what passes, and in which words the rest does not."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import (
    GraphError,
    OddAnswer,
    OutOfTime,
    Unconfirmed,
)
from ansible_collections.entra.provisioning.plugins.module_utils._graph.shape import (
    ANYTHING,
    DEEPEST,
    NOTHING,
    ONLY_204,
    Shape,
    TooDeep,
    Type,
)
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock, ScriptedHttp, answer, graph

TYPES = {
    "thing": Type(
        "a thing",
        "things",
        {
            "id": "Edm.String",
            "on": "Edm.Boolean",
            "count": "Edm.Int32",
            "parts": "Collection(thing)",
            "state": "someEnum",
        },
        ("id",),
    ),
}
ONE, MANY = Shape("record", "thing", TYPES), Shape("list", "thing", TYPES)
GET = Endpoint("read the thing {id}", "GET", "/things/{id}", "P", gives=ONE).call(id="1")
LIST = Endpoint("list the things of {id}", "GET", "/of/{id}", "P", gives=MANY).call(id="1")
MAKE = Endpoint("make a thing", "POST", "/things", "P", repeatable=False, gives=ONE).call(body={})
START = Endpoint("start it", "POST", "/start", "P", repeatable=False, gives=NOTHING).call()


def deep(levels: int) -> t.Any:
    found: t.Any = []
    for _level in range(levels - 1):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("shape", "body", "wrong"),
    [
        (ONE, {"id": "1", "more": [1]}, ""),
        (ONE, {"id": "1", "on": None, "parts": None}, ""),
        (ONE, {"id": "1", "parts": [{"id": "2", "parts": [{"id": "3"}]}], "count": 3}, ""),
        (ONE, None, "without content, where a thing was expected"),
        (ONE, [], "with a list, where a thing was expected"),
        (ONE, "x", "with a text, where a thing was expected"),
        (ONE, 1, "with a number, where a thing was expected"),
        (ONE, True, "with a boolean, where a thing was expected"),
        (ONE, {}, "with an empty object, where a thing was expected"),
        (ONE, {"x": 1}, "with a thing whose member id is missing"),
        (ONE, {"id": None}, "with a thing whose member id is missing"),
        (ONE, {"id": 1}, "with a thing whose member id is a number, where a text was expected"),
        (ONE, {"id": "1", "on": "false"}, "with a thing whose member on is a text, where a boolean was expected"),
        (
            ONE,
            {"id": "1", "count": True},
            "with a thing whose member count is a boolean, where a whole number was expected",
        ),
        (
            ONE,
            {"id": "1", "count": 1.5},
            "with a thing whose member count is a number, where a whole number was expected",
        ),
        (ONE, {"id": "1", "state": []}, "with a thing whose member state is a list, where a text was expected"),
        (ONE, {"id": "1", "parts": {}}, "with a thing whose member parts is an object, where a list was expected"),
        (ONE, {"id": "1", "parts": [None]}, "with a thing whose member parts[0] is null, where an object was expected"),
        (ONE, {"id": "1", "parts": [{}]}, "with a thing whose member parts[0].id is missing"),
        (ONE, {"id": "1", "x": deep(DEEPEST - 1)}, ""),
        (ONE, {"id": "1", "x": deep(DEEPEST)}, "with JSON of more than 250 levels, where a thing was expected"),
        (ONE, TooDeep, "with JSON of more than 250 levels, where a thing was expected"),
        (MANY, {"value": []}, ""),
        (MANY, {"value": [{"id": "1"}], "@odata.nextLink": "https://x"}, ""),
        (MANY, None, "without content, where a list of things was expected"),
        (MANY, {}, "with an empty object, where a list of things was expected"),
        (MANY, [], "with a bare list, where an object with a list of things was expected"),
        (MANY, {"id": "1"}, "with an object without value, where a list of things was expected"),
        (MANY, {"value": None}, "with a list of things whose member value is null, where a list was expected"),
        (MANY, {"value": {}}, "with a list of things whose member value is an object, where a list was expected"),
        (MANY, {"value": [[]]}, "with a list of things whose member value[0] is a list, where an object was expected"),
        (
            MANY,
            {"value": [], "@odata.nextLink": 1},
            "with a list of things whose member @odata.nextLink is a number, where a text was expected",
        ),
        (NOTHING, None, ""),
        (NOTHING, {}, ""),
        (NOTHING, {"done": True}, ""),
        (NOTHING, [], "with a list, where no content was expected"),
        (NOTHING, {"error": {"code": "No"}}, "with an object, where no content was expected"),
        (ANYTHING, [1], ""),
        (ANYTHING, TooDeep, "with JSON of more than 250 levels, where another answer was expected"),
    ],
)
def test_what_passes_and_what_does_not(shape: Shape, body: t.Any, wrong: str) -> None:
    assert shape.wrong(body, 200) == wrong


@pytest.mark.parametrize("body", [None, {}, [], "x", {"done": True}], ids=str)
def test_where_only_the_status_tells_another_one_is_no_success(body: t.Any) -> None:
    assert ONLY_204.wrong(None, 204) == ""
    kind = {type(None): "without content", dict: "with an object", list: "with a list", str: "with a text"}[type(body)]
    assert ONLY_204.wrong(body, 200) == f"{kind}, where 204 without content was expected"


@pytest.mark.parametrize("call", [GET, LIST], ids=["one", "many"])
@pytest.mark.parametrize("body", ["", "null", "{}", "[]", "7", '"x"', '{"value": 1}', "[" * 3000 + "]" * 3000])
def test_an_odd_answer_ends_in_a_sentence(call: t.Any, body: str) -> None:
    http = ScriptedHttp(answer(200, body))
    for look in (graph(http).send, graph(http).find):
        with pytest.raises(
            OddAnswer, match=rf"^Could not {call.says}: the service answered 200 with.*expected|missing"
        ):
            look(call)
    assert len(http.sent) == 6


def test_one_odd_answer_heals() -> None:
    http, clock = ScriptedHttp(answer(200, {}), answer(200, {"id": "1"})), Clock()
    assert graph(http, clock=clock).send(GET) == {"id": "1"}
    assert len(clock.pauses) == 1


@pytest.mark.parametrize(
    "body", ['{"id": NaN}', '{"id": "\\ud800"}', '{"id": Infinity}', b'{"id": "\xed\xa0\x80"}'.decode("latin-1")]
)
def test_what_python_takes_for_json_is_none(body: str) -> None:
    made = answer(200, body)
    made._content = body.encode("latin-1")
    with pytest.raises(GraphError, match="were not JSON"):
        graph(ScriptedHttp(made)).send(GET)


def test_a_pair_of_halves_is_a_character() -> None:
    assert graph(ScriptedHttp(answer(200, '{"id": "\\ud83d\\ude00"}'))).send(GET) == {"id": "😀"}


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"value": []}'])
def test_an_odd_answer_to_what_may_have_been_made_is_no_success(body: str) -> None:
    http = ScriptedHttp(answer(201, body))
    with pytest.raises(Unconfirmed, match="whether it worked to make a thing: the service answered 201 with"):
        graph(http).send(MAKE)
    assert len(http.sent) == 1
    with pytest.raises(Unconfirmed):
        graph(ScriptedHttp(answer(200, "[]"))).send(START)


def test_a_list_that_is_not_found_is_not_an_empty_one() -> None:
    missing = answer(404, {"error": {"code": "NotFound"}})
    assert graph(ScriptedHttp(missing)).find(GET) is None
    with pytest.raises(GraphError, match="answered 404"):
        graph(ScriptedHttp(missing)).find(LIST)
    assert graph(ScriptedHttp(missing)).seen(LIST) is None


def test_a_list_of_something_new_is_waited_for() -> None:
    http = ScriptedHttp(answer(404, {}), answer(404, {}), answer(200, {}), answer(200, {}), answer(200, {"value": []}))
    client = graph(http)
    client.memory.created("1")
    assert client.find(LIST) == {"value": []}


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/v1.0/of/1?$skiptoken=2",
        "http://graph.test/v1.0/of/1",
        "https://graph.test.elsewhere.test/v1.0",
        "https://graph.test@elsewhere.test/v1.0",
        "https://graph.test:444/v1.0",
        "//graph.test/v1.0",
        "/v1.0/of/1",
        "https://graph.test",
    ],
)
def test_the_token_goes_nowhere_else(url: str) -> None:
    http = ScriptedHttp(answer(200, {"value": [{"id": "1"}], "@odata.nextLink": url}))
    with pytest.raises(GraphError, match="names a next page that is not at https://graph.test"):
        list(graph(http).pages(LIST))
    assert len(http.sent) == 1


def test_pages_in_a_circle_end() -> None:
    page = {"value": [{"id": "1"}], "@odata.nextLink": "https://graph.test/v1.0/of/1?page=2"}
    http = ScriptedHttp(answer(200, page))
    with pytest.raises(OddAnswer, match="was read already"):
        list(graph(http).pages(LIST))
    assert len(http.sent) == 2


def test_pages_without_an_end_end_with_the_deadline() -> None:
    clock = Clock()

    class Endless(ScriptedHttp):
        def request(self, method: str, url: str, **kwargs: t.Any) -> t.Any:
            clock.now += 0.5
            self.steps = [answer(200, {"value": [], "@odata.nextLink": f"https://graph.test/{len(self.sent)}"})]
            return super().request(method, url, **kwargs)

    http = Endless(answer(200, {}))
    with pytest.raises(OutOfTime, match="Gave up after 5 of 5 seconds while trying to list"):
        list(graph(http, seconds=5, clock=clock).pages(LIST))
    assert len(http.sent) == 10


def test_a_redirect_is_told_and_not_followed() -> None:
    http = ScriptedHttp(answer(302, None, {"Location": "https://elsewhere.test/"}))
    with pytest.raises(GraphError, match="answered 302.*is not followed: the token goes to the address"):
        graph(http).send(GET)
    assert len(http.sent) == 1
