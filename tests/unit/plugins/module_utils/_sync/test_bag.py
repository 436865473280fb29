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
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bag, settings
from ansible_collections.entra.provisioning.tests.unit.examples import GRAPH, example
from hypothesis import strategies as st

JSON_OBJECTS = st.dictionaries(st.text(max_size=4), st.none() | st.booleans() | st.integers() | st.text(max_size=4))


def test_the_keys_are_those_of_the_official_types() -> None:
    root = ET.parse(GRAPH / "synchronization.csdl.xml").getroot()
    enums = [one for one in root.iter() if one.tag.endswith("}EnumType") and one.get("Name") == "synchronizationSecret"]
    members = [one.get("Name") for one in enums[0] if one.tag.endswith("}Member")]
    assert sorted(bag.KEYS) == sorted(set(members) - {"None"})
    assert len(bag.KEYS) == len(set(bag.KEYS))
    assert set(settings.TYPED) | bag.JSON_KEYS | {bag.HARD_DELETES} <= set(bag.KEYS)


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


@pytest.mark.parametrize("given", ["BaseAdress", "BaseAddres", "SecretTokn", "base_adress"])
def test_a_misspelled_key_names_the_nearest(given: str) -> None:
    with pytest.raises(BadInput, match="Did you mean (BaseAddress|SecretToken)"):
        bag.known_key(given)


@pytest.mark.parametrize("record", [None, "text", [], {}, {"key": 5, "value": "x"}, {"key": "A", "value": {"b": 1}}])
def test_a_record_that_is_none_is_not_passed_over(record: t.Any) -> None:
    with pytest.raises(ProvisioningError, match="nobody knows what is stored"):
        bag.read([{"key": "SecretToken", "value": "*"}, record])


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
