# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials and settings as values."""

from __future__ import annotations

import json
import typing as t
import xml.etree.ElementTree as ET

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bag
from ansible_collections.entra.provisioning.tests.unit.examples import GRAPH, example
from hypothesis import strategies as st

NOTIFICATION = example("secrets_examples")["get_after_set"]["value"][2]["value"]
JSON_OBJECTS = st.dictionaries(st.text(max_size=4), st.none() | st.booleans() | st.integers() | st.text(max_size=4))


def test_the_keys_are_those_of_the_official_types() -> None:
    root = ET.parse(GRAPH / "synchronization.csdl.xml").getroot()
    enums = [one for one in root.iter() if one.tag.endswith("}EnumType") and one.get("Name") == "synchronizationSecret"]
    members = [one.get("Name") for one in enums[0] if one.tag.endswith("}Member")]
    assert sorted(bag.KEYS) == sorted(set(members) - {"None"})
    assert len(bag.KEYS) == len(set(bag.KEYS))
    assert set(bag.TYPED) | bag.JSON_KEYS <= set(bag.KEYS)


def test_a_get_answer_is_read() -> None:
    read = bag.read(example("secrets_examples")["get_after_set"]["value"])
    assert read["SecretToken"] == bag.MASK
    assert read["SyncAll"] == "false"
    assert bag.read([{"key": "A", "value": ""}, {"key": "B", "value": None}, {"key": "C"}]) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        ("True", "true"),
        ("FALSE", "False"),
        ('{"a": 1, "b": [true]}', '{"b":[true],"a":1}'),
        ("[1, 2]", "[1,2]"),
        ("text", "text"),
    ],
)
def test_values_that_mean_the_same(one: str | None, other: str | None) -> None:
    assert bag.same(one, other)
    assert bag.same(one=other, other=one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "A"),
        ("true", "false"),
        ("true", None),
        ("", "false"),
        ("{}", ""),
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": 1}', '{"a": 1, "b": 2}'),
        ("[1, 2]", "[2, 1]"),
        ("1", "true"),
        ('{"a": 1}', '{"a": true}'),
        ("*", None),
    ],
)
def test_values_that_do_not(one: str | None, other: str | None) -> None:
    assert not bag.same(one, other)
    assert not bag.same(one=other, other=one)


@hypothesis.given(JSON_OBJECTS)
def test_json_is_the_same_however_it_is_written(value: dict[str, t.Any]) -> None:
    turned = dict(reversed(list(value.items())))
    assert bag.same(bag.text(value), json.dumps(turned, indent=2)) or not value


@hypothesis.given(st.one_of(st.none(), st.booleans(), st.integers(), st.text(), JSON_OBJECTS))
def test_every_value_is_the_same_as_itself(value: t.Any) -> None:
    assert bag.same(bag.text(value), bag.text(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "True"), (False, "False"), (7, "7"), ("x", "x"), (None, ""), ({"domain": "é"}, '{"domain":"é"}')],
)
def test_values_are_texts(value: t.Any, text: str) -> None:
    assert bag.text(value) == text


@pytest.mark.parametrize("given", ["secrettoken", "SECRETTOKEN", "secret_token", "Secret_Token"])
def test_a_wrong_spelling_names_the_right_one(given: str) -> None:
    with pytest.raises(BadInput, match="Did you mean SecretToken"):
        bag.known_key(given)


@pytest.mark.parametrize("given", ["None", "", "Token"])
def test_an_unknown_key_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match="The service knows: .*SecretToken"):
        bag.known_key(given)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"secrets": {"SecretToken": "*"}}, "mask"),
        ({"settings": {"UserName": "*"}}, "mask"),
        ({"secrets": {"SecretToken": "abc"}}, "shorter than four"),
        ({"secrets": {"SecretToken": 123}}, "shorter than four"),
        ({"secrets": {"SyncAll": "true"}}, "option scope"),
        ({"settings": {"SyncAll": "true"}}, "option scope"),
        ({"settings": {"SyncNotificationSettings": "{}"}}, "notification or delete_threshold"),
        ({"settings": {"SkipOutOfScopeDeletions": True}}, "skip_out_of_scope_deletions"),
        ({"settings": {"Domain": ""}}, "cannot be blanked"),
        ({"secrets": {"AppKey": ""}}, "cannot be blanked"),
        ({"settings": {"baseaddress": "x"}}, "Did you mean BaseAddress"),
        ({"secrets": {"UserName": "somebody"}, "settings": {"UserName": "else"}}, "both in secrets and in settings"),
        ({"delete_threshold": -1}, "delete_threshold"),
    ],
)
def test_what_cannot_be_meant_is_refused(params: dict[str, t.Any], words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        bag.check(params)
    assert "abc" not in caught.value.message


def test_a_key_that_is_kept_secret_is_no_setting() -> None:
    with pytest.raises(BadInput, match="keeps ConsumerKey secret"):
        bag.desired_settings({"settings": {"ConsumerKey": "visible"}}, {"ConsumerKey": "*"})


@pytest.mark.parametrize("key", sorted(bag.SECRET_KEYS))
def test_a_key_that_always_holds_a_secret_is_no_setting(key: str) -> None:
    assert key in bag.KEYS
    with pytest.raises(BadInput, match=f"{key} is a secret"):
        bag.check({"settings": {key: "visible"}, "secrets": None})


def test_what_is_not_mentioned_is_not_desired() -> None:
    empty = {"settings": {}, "scope": None, "notification": None, "delete_threshold": None}
    assert bag.desired_settings(empty, {"SyncAll": "true", "BaseAddress": "x"}) == {}
    assert bag.checked_secrets({"secrets": None}) == {}


@pytest.mark.parametrize(("scope", "value"), [("all", "true"), ("assigned", "false")])
def test_scope(scope: str, value: str) -> None:
    assert bag.desired_settings({"scope": scope}, {}) == {"SyncAll": value}


@pytest.mark.parametrize(("given", "value"), [(True, "True"), (False, "False")])
def test_skip_out_of_scope_deletions(given: bool, value: str) -> None:
    assert bag.desired_settings({"skip_out_of_scope_deletions": given}, {}) == {"SkipOutOfScopeDeletions": value}


def _notification(current: str | None, **params: t.Any) -> dict[str, t.Any]:
    stored = {"SyncNotificationSettings": current} if current is not None else {}
    wanted = bag.desired_settings(params, stored)
    return t.cast("dict[str, t.Any]", json.loads(wanted["SyncNotificationSettings"]))


def test_a_threshold_keeps_the_recipients() -> None:
    before = json.loads(NOTIFICATION)
    assert _notification(NOTIFICATION, delete_threshold=7) == {**before, "DeleteThresholdValue": 7}
    assert _notification(NOTIFICATION, delete_threshold=0) == {**before, "DeleteThresholdEnabled": False}


def test_recipients_keep_the_threshold() -> None:
    wanted = _notification(NOTIFICATION, notification={"enabled": False, "recipients": ["a@x", "b@x"]})
    assert wanted == {**json.loads(NOTIFICATION), "Enabled": False, "Recipients": "a@x,b@x"}


@pytest.mark.parametrize("stored", [None, "", "{}", "not json", "[]"])
def test_without_stored_settings_only_the_given_ones_are_written(stored: str | None) -> None:
    assert _notification(stored, delete_threshold=5) == {"DeleteThresholdEnabled": True, "DeleteThresholdValue": 5}


def test_the_stored_settings_are_the_desired_ones_when_they_are_given() -> None:
    params = {"notification": {"enabled": True, "recipients": ["idm@contoso.com"]}, "delete_threshold": 50}
    wanted = bag.desired_settings(params, {"SyncNotificationSettings": NOTIFICATION})
    assert bag.same(wanted["SyncNotificationSettings"], NOTIFICATION)


def test_a_null_leaves_alone_what_there_is() -> None:
    assert bag.checked_secrets({"secrets": {"SecretToken": None}}) == {}
    assert bag.desired_settings({"settings": {"BaseAddress": None, "Url": ""}}, {"BaseAddress": "x"}) == {"Url": ""}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ('{"Enabled":true}', '{ "Enabled": "True" }', True),
        ('{"Enabled":false}', '{"Enabled":"true"}', False),
        ('[{"a":"FALSE"}]', '[{"a":false}]', True),
        ('{"Value":1}', '{"Value":true}', False),
        ('{"Value":"1"}', '{"Value":1}', False),
    ],
)
def test_booleans_inside_json_have_no_case(one: str, other: str, alike: bool) -> None:
    assert bag.same(one, other) is alike
