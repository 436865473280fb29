# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is a difference and what is none: parts of one name, stamps of the service; and the time that it takes."""

from __future__ import annotations

import copy
import gc
import time
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import as_data, difference
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from hypothesis import strategies as st

SLOW = hypothesis.settings(max_examples=12, deadline=None)
Schema = dict[str, t.Any]


def _users(schema: Schema) -> Schema:
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    found: Schema = next(one for one in mappings if one["sourceObjectName"] == "User")
    return found


def test_the_echo_of_a_put_is_no_difference() -> None:
    assert difference(example("customappsso_full"), example("customappsso_full.server_echo")) == []


def test_an_object_mapping_that_goes_takes_its_parts_along() -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    after["synchronizationRules"][0]["objectMappings"].remove(_users(after))
    told = difference(before, after)
    assert (told[0].name, told[0].before, told[0].after) == ("User → User", "enabled, Add, Update, Delete", None)
    assert {one.kind for one in told[1:]} == {"mapping_removed", "scope_group_removed"}
    assert len(told) == 1 + 31 + 2


def test_differences_as_data() -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    _users(after)["attributeMappings"][0].update(defaultValue="x")
    path = ["rule", "USERGROUP_OUTBOUND_USERGROUP"]
    path += ["User → urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "userName", "default"]
    assert as_data(difference(before, after)) == [
        {"type": "mapping_changed", "path": path, "before": None, "after": '"x"', "risk": "matching"}
    ]


def test_what_the_service_sets_is_no_difference() -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    after.update(id="another", version="another")
    after["synchronizationRules"][0].update(id="another", editable=False)
    after["directories"][1].update(
        id="x", version="x", discoveryDateTime="x", discoverabilities="AttributeNames", readOnly=True
    )
    after["directories"][1]["objects"][0].update(supportedApis=["x"])
    assert difference(before, after) == []


@SLOW
@hypothesis.given(name=st.sampled_from(SCHEMAS), number=st.integers(0, 10**6))
def test_any_mapping_that_goes_is_one_difference(name: str, number: int) -> None:
    before, after = example(name), example(name)
    lists = [one["attributeMappings"] for rule in after["synchronizationRules"] for one in rule["objectMappings"]]
    places = [(mappings, place) for mappings in lists for place in range(len(mappings))]
    inside, place = places[number % len(places)]
    gone = inside.pop(place)
    (told,) = difference(before, after)
    assert (told.kind, told.path[-1], told.after) == ("mapping_removed", gone["targetAttributeName"], None)


def _schema(*mappings: Schema) -> Schema:
    return {"synchronizationRules": [{"name": "R", "objectMappings": list(mappings)}], "directories": []}


def _mapping(*targets: str, **more: t.Any) -> Schema:
    attributes = [{"targetAttributeName": one, "source": {"expression": f"[{one}]"}} for one in targets]
    return {"sourceObjectName": "User", "targetObjectName": "User", "attributeMappings": attributes, **more}


def test_object_mappings_of_one_pair_have_no_order() -> None:
    one, other = _mapping("a", name="1"), _mapping("b", enabled=False, name="2")
    assert difference(_schema(one, other), _schema(other, one)) == []
    (told,) = difference(_schema(one, other), _schema({**other, "enabled": True}, one))
    assert (told.kind, told.before, told.after) == ("enabled_changed", "no", "yes")


def test_rules_of_one_name_are_both_seen() -> None:
    def schema(*targets: str) -> Schema:
        rules = [{"id": one, "name": "R", "objectMappings": [_mapping(one)]} for one in targets]
        return {"synchronizationRules": rules}

    assert difference(schema("a", "b"), schema("b", "a")) == []
    assert {one.path[-1] for one in difference(schema("a", "b"), schema("b", "c"))} == {"a", "c"}
    assert [one.kind for one in difference(schema("a", "b"), schema("b"))][0] == "rule_removed"


def test_a_rule_without_a_name_is_known_by_its_id() -> None:
    assert difference({"synchronizationRules": [{"id": "1"}]}, {"synchronizationRules": [{"id": "2"}]})


@pytest.mark.parametrize("target", ["enabled", "flow types", "name", "scope", "metadata", "newInGraph"])
def test_a_target_may_be_named_like_a_property(target: str) -> None:
    more = {"name": "N", "newInGraph": 1, "metadata": [{"key": "k", "value": "v"}]}
    before = _schema(_mapping(target, "other", **more))
    after = copy.deepcopy(before)
    after["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]["defaultValue"] = "x"
    assert [one.kind for one in difference(before, after)] == ["mapping_changed"]
    assert [one.kind for one in difference(before, _schema(_mapping("other", **more)))] == ["mapping_removed"]


def test_duplicates_of_a_target_are_counted_and_have_no_order() -> None:
    mapping = _mapping("a", "a", "a")
    for number, one in enumerate(mapping["attributeMappings"]):
        one["defaultValue"] = str(number)
    turned = {**mapping, "attributeMappings": mapping["attributeMappings"][::-1]}
    fewer = {**mapping, "attributeMappings": mapping["attributeMappings"][1:]}
    assert difference(_schema(mapping), _schema(turned)) == []
    assert [one.before for one in difference(_schema(mapping), _schema(fewer))] == ['[a], default "0"']
    assert [one.after for one in difference(_schema(_mapping("a")), _schema(_mapping("a", "a")))] == ["[a]"]


@pytest.fixture
def no_collection() -> t.Iterator[None]:
    """Keep the garbage of other tests out of a measurement."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _many(targets: list[str], source: str) -> Schema:
    mappings = [
        {"targetAttributeName": one, "source": {"expression": f"{source}([a{place}], [b])"}, "matchingPriority": 0}
        for place, one in enumerate(targets)
    ]
    mapping = {"sourceObjectName": "User", "targetObjectName": "User", "attributeMappings": mappings}
    return {"synchronizationRules": [{"name": "R", "objectMappings": [mapping]}]}


@pytest.mark.parametrize("targets", [lambda count: [f"a{one}" for one in range(count)], lambda count: ["a"] * count])
@pytest.mark.parametrize("after", ["Join", "Append"])
@pytest.mark.usefixtures("no_collection")
def test_ten_times_the_mappings_take_about_ten_times_as_long(targets: t.Callable[[int], list[str]], after: str) -> None:
    def seconds(count: int) -> float:
        one, other = _many(targets(count), "Join"), _many(targets(count), after)
        began = time.process_time()
        assert len(difference(one, other)) == (count if after != "Join" else 0)
        return time.process_time() - began

    small = min(seconds(1_000) for _time in range(3))
    large = min(seconds(10_000) for _time in range(2))
    assert large < 2
    # A hundred if every mapping were compared with every other; other work on the machine may make it more than ten.
    assert large / small < 40
