# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Error bodies, unwrapped."""

from __future__ import annotations

import json
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import GraphError, ServiceAnswer, unwrap
from ansible_collections.entra.provisioning.tests.unit.examples import example
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "code", "message", "innerError", "Message", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def _outer(message: t.Any, **more: t.Any) -> dict[str, t.Any]:
    return {"error": {"code": "UnknownError", "message": message, **more}}


def test_the_inner_form_with_a_code() -> None:
    body = example("secrets_examples")["error_on_blank_json_key"]["body"]
    assert unwrap(body) == ServiceAnswer(
        "UnknownError", "InvalidNotificationSettings", "", "8927006e-edb2-435b-a966-49559c4fd064"
    )


def test_the_inner_form_with_a_message() -> None:
    text = "No HTTP resource was found that matches the request URI 'https://syncfabric'."
    assert unwrap(_outer(json.dumps({"Message": text}))) == ServiceAnswer("UnknownError", "", text, "")


def test_several_layers() -> None:
    inner = json.dumps({"error": {"code": "Deep", "message": "the reason"}})
    middle = json.dumps({"error": {"code": "Middle", "message": inner}})
    assert unwrap(_outer(middle))[1:3] == ("Deep", "the reason")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (_outer("{not json"), "{not json"),
        (_outer('{"errors": ["an unknown form"]}'), '{"errors": ["an unknown form"]}'),
        (_outer('{"Message": null}'), '{"Message": null}'),
        (_outer(None), ""),
        ("  Bad\n gateway ", "Bad gateway"),
        (None, ""),
        ([], ""),
        ({"error": "invalid"}, ""),
    ],
)
def test_no_text_gets_lost(body: t.Any, message: str) -> None:
    assert unwrap(body).message == message


def test_a_long_page_is_cut_between_words() -> None:
    message = unwrap("word " * 500).message
    assert len(message) <= 500
    assert set(message.split()) <= {"word", "[...]"}


@pytest.mark.parametrize("name", ["innerError", "innererror"])
def test_the_request_id_is_found(name: str) -> None:
    assert unwrap(_outer("x", **{name: {"request-id": "r"}})).request_id == "r"
    assert unwrap(_outer("x", **{name: "odd"})).request_id == ""


@hypothesis.given(JSON)
def test_no_body_breaks_it(body: t.Any) -> None:
    assert all(isinstance(part, str) for part in unwrap(body))
    assert all(isinstance(part, str) for part in unwrap(_outer(json.dumps(body))))


def test_the_code_is_the_innermost() -> None:
    assert GraphError("m", status=400, code="UnknownError", inner_code="Real").code == "Real"
    assert GraphError("m", status=400, code="UnknownError", inner_code="").code == "UnknownError"
    assert GraphError("m", status=400).code == ""
