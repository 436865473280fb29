# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets never leave."""

from __future__ import annotations

import html
import json
import typing as t
import urllib.parse

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._redact import (
    MASK,
    redacted,
    secret_values,
    without_secrets,
)
from hypothesis import strategies as st

SPEC: dict[str, t.Any] = {
    "open": {"type": "str"},
    "token": {"type": "str", "no_log": True},
    "path": {"type": "path", "no_log": False},
    "secrets": {"type": "dict", "no_log": True},
    "one": {"type": "dict", "options": {"inner": {"type": "str", "no_log": True}, "open": {"type": "str"}}},
    "many": {"type": "list", "elements": "dict", "options": {"inner": {"type": "str", "no_log": True}}},
}
SECRETS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=4, max_size=12).filter(lambda text: text.strip())


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"token": "secret"}, "secret"),
        ({"secrets": {"a": {"b": ["secret"]}}}, "secret"),
        ({"secrets": {"a": 12345}}, "12345"),
        ({"one": {"inner": "secret"}}, "secret"),
        ({"many": [{"inner": "other"}, {"inner": "secret"}, None]}, "secret"),
    ],
)
def test_secrets_are_found_at_any_depth(params: dict[str, t.Any], expected: str) -> None:
    assert expected in secret_values(SPEC, params)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"token": None},
        {"token": ""},
        {"token": "abc"},
        {"open": "secret", "path": "secret", "one": {"open": "secret"}},
        {"secrets": {"flag": True, "none": None}},
        {"one": None, "many": None},
    ],
)
def test_what_is_no_secret_is_not_found(params: dict[str, t.Any]) -> None:
    assert secret_values(SPEC, params) == frozenset()


def test_keys_of_secrets_are_no_secrets() -> None:
    assert "SecretToken" not in secret_values(SPEC, {"secrets": {"SecretToken": "hidden"}})


@hypothesis.given(SECRETS)
def test_a_secret_is_found_in_every_form(secret: str) -> None:
    secrets = secret_values(SPEC, {"token": secret})
    hidden = [
        f"refused {secret} here",
        json.dumps({"token": secret}),
        json.dumps({"token": secret}, ensure_ascii=False),
        f"https://host/?token={urllib.parse.quote_plus(secret)}",
        f"https://host/{urllib.parse.quote(secret, safe='')}",
        f"<p>{html.escape(secret)}</p>",
    ]
    for text in hidden:
        assert "********" in redacted(text, secrets)
    for text in redacted(hidden, secrets):
        assert secret not in text.replace("********", "") or set(secret) <= set("*")


@hypothesis.given(st.lists(SECRETS, min_size=1, max_size=4))
def test_the_longer_secret_goes_first(secrets: list[str]) -> None:
    longest = "".join(secrets)
    assert redacted(f"({longest})", {*secrets, longest}) == "(********)"


def test_a_result_is_cleaned_at_every_depth() -> None:
    result = {"msg": "the secret is bad", "secret": 1, "list": [{"a": ("secret", 7, None, True)}], "n": 5}
    assert redacted(result, {"secret"}) == {
        "msg": "the ******** is bad",
        "********": 1,
        "list": [{"a": ["********", 7, None, True]}],
        "n": 5,
    }
    assert result["msg"] == "the secret is bad"


def test_without_secrets_nothing_changes() -> None:
    result = {"a": ["text", {"b": 1}]}
    assert redacted(result, frozenset()) == result


def test_the_invocation_shows_that_there_was_a_secret() -> None:
    params = {
        "open": "x",
        "token": "abc",
        "secrets": {},
        "one": {"inner": "secret", "open": "y"},
        "many": [{"inner": "secret"}, {"inner": None}],
        "unknown": "dropped",
    }
    assert without_secrets(SPEC, params) == {
        "open": "x",
        "token": MASK,
        "path": None,
        "secrets": {},
        "one": {"inner": MASK, "open": "y"},
        "many": [{"inner": MASK}, {"inner": None}],
    }
