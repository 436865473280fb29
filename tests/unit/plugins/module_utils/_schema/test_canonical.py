# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is noise in a schema, and what is a difference."""

from __future__ import annotations

import copy
import gc
import time
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.canonical import (
    facts,
    flow_types,
    matching_priority,
)
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import RISKS, difference
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise
from hypothesis import strategies as st

SLOW = hypothesis.settings(max_examples=12, deadline=None)
Schema = dict[str, t.Any]


@pytest.mark.parametrize("name", SCHEMAS)
@SLOW
@hypothesis.given(seed=st.integers(0, 2**32))
def test_noise_is_no_difference(name: str, seed: int) -> None:
    before = example(name)
    after = Noise(seed)(before)
    assert [one.name for one in difference(before, after)] == []
    assert [one.name for one in difference(before=after, after=before)] == []


def test_the_echo_of_a_put_is_no_difference() -> None:
    assert difference(example("customappsso_full"), example("customappsso_full.server_echo")) == []


def test_two_schemas_of_one_template_differ() -> None:
    changes = difference(example("customappsso_default"), example("customappsso_full"))
    assert {"matching", "scope", "mapping"} <= {one.risk for one in changes}


def _schema(*mappings: dict[str, t.Any]) -> Schema:
    return {"synchronizationRules": [{"name": "R", "objectMappings": list(mappings)}], "directories": []}


def _mapping(*targets: str, **more: t.Any) -> dict[str, t.Any]:
    attributes = [{"targetAttributeName": one, "source": {"expression": f"[{one}]"}} for one in targets]
    return {"sourceObjectName": "User", "targetObjectName": "User", "attributeMappings": attributes, **more}


def test_object_mappings_of_one_pair_have_no_order() -> None:
    one, other = _mapping("a", name="1"), _mapping("b", enabled=False, name="2")
    assert difference(_schema(one, other), _schema(other, one)) == []
    assert difference(_schema(one, other), _schema(one, _mapping("c", enabled=False, name="2")))


def test_rules_of_one_name_are_both_seen() -> None:
    def schema(*targets: str) -> Schema:
        rules = [{"id": one, "name": "R", "objectMappings": [_mapping(one)]} for one in targets]
        return {"synchronizationRules": rules}

    assert difference(schema("a", "b"), schema("b", "a")) == []
    assert difference(schema("a", "b"), schema("c", "b"))
    assert difference(schema("a", "b"), schema("a", "c"))
    assert difference(schema("a", "b"), schema("b"))


@pytest.mark.parametrize("target", ["enabled", "flow types", "name", "scope", "metadata", "newInGraph"])
def test_a_target_may_be_named_like_a_property(target: str) -> None:
    more = {"name": "N", "newInGraph": 1, "metadata": [{"key": "k", "value": "v"}]}
    before = _schema(_mapping(target, "other", **more))
    assert difference(before, Noise(1)(before)) == []
    after = copy.deepcopy(before)
    after["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]["defaultValue"] = "x"
    assert len(difference(before, after)) == 1
    without = _schema(_mapping("other", **more))
    assert difference(before, without)


def test_duplicates_of_a_target_are_counted() -> None:
    one, two = _schema(_mapping("a")), _schema(_mapping("a", "a"))
    assert [(change.before, change.after) for change in difference(one, two)] == [(None, "[a]")]
    assert difference(two, _schema(_mapping("a", "a"))) == []


def test_duplicates_have_no_order() -> None:
    mapping = _mapping("a", "a", "a")
    for number, one in enumerate(mapping["attributeMappings"]):
        one["defaultValue"] = str(number)
    turned = {**mapping, "attributeMappings": mapping["attributeMappings"][::-1]}
    assert difference(_schema(mapping), _schema(turned)) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ["Add", "Update", "Delete"]),
        ("Delete, Add", ["Add", "Delete"]),
        (["Update", "Add"], ["Add", "Update"]),
        ("None", []),
        ("", []),
        ("Add,Restore", ["Add", "Restore"]),
    ],
)
def test_flow_types(given: t.Any, expected: list[str]) -> None:
    assert flow_types({"flowTypes": given}) == expected


def test_matching_priority_reads_texts() -> None:
    assert [matching_priority({"matchingPriority": one}) for one in (None, "", 0, "0", "2", 3)] == [0, 0, 0, 0, 2, 3]


def test_every_fact_has_a_known_risk() -> None:
    for name in SCHEMAS:
        assert {fact.risk for fact in facts(example(name)).values()} <= set(RISKS)


def test_facts_do_not_touch_the_document() -> None:
    for name in SCHEMAS:
        document = example(name)
        facts(document)
        assert document == example(name)


@pytest.fixture
def no_collection() -> t.Iterator[None]:
    """Keep the garbage of other tests out of a measurement."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("targets", [lambda count: [f"a{one}" for one in range(count)], lambda count: ["a"] * count])
@pytest.mark.usefixtures("no_collection")
def test_ten_times_the_mappings_take_about_ten_times_as_long(targets: t.Callable[[int], list[str]]) -> None:
    def seconds(count: int) -> float:
        document = _schema(_mapping(*targets(count)))
        began = time.process_time()
        assert difference(document, document) == []
        return time.process_time() - began

    small = min(seconds(1_000) for _time in range(3))
    large = min(seconds(10_000) for _time in range(2))
    assert large < 1.0
    assert large / small <= 15
