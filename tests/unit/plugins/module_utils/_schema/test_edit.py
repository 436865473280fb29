# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every edit: once is enough, order and noise do not matter, and what is not named is not touched."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
import time
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise
from hypothesis import strategies as st

PROPERTY = hypothesis.settings(max_examples=25, deadline=None)
Schema = dict[str, t.Any]
Wish = dict[str, t.Any]

ATTRIBUTE_FIELDS: Wish = {
    "default": ["", "x"],
    "apply": ["always", "on_create", "value_add_only"],
    "flow_behavior": ["when_changed", "always"],
}
CUSTOM_FIELDS: Wish = {
    "type": ["String", "Integer"],
    "multivalued": [True, False],
    "default": ["", "1"],
    "references": [[], ["User"]],
}


class Wisher:
    """Makes wishes that a schema can fulfil, for one of its object mappings or one of its directories.

    :arg seed: decides which.
    """

    def __init__(self, schema: Schema, seed: int) -> None:
        self.random = random.Random(seed)
        self.schema = schema
        self.rule: dict[str, t.Any] = schema["synchronizationRules"][0]
        self.mapping: dict[str, t.Any] = self.random.choice(self.rule["objectMappings"])
        self.sources = self._names("source")
        self.targets = self._names("target")

    def object_mapping(self, targets: t.Sequence[str] | None = None) -> Wish:
        """Return a wish for an object mapping; ``targets`` are those that it may change."""
        free = list(targets or self.targets)
        chosen = self.random.sample(free, k=min(len(free), self.random.randint(0, 3)))
        wish = {**self.place(), "attributes": [one for name in chosen for one in self._attributes(name)]}
        for name, values in (("enabled", [True, False]), ("name", ["", "N"]), ("flow_types", [["Add"], ["Update"]])):
            if self.random.random() < 0.3:
                wish[name] = self.random.choice(values)
        for name in ("scope", "input_scope"):
            if self.random.random() < 0.5:
                wish[name] = self.groups()
        for name in ("purge_attributes", "purge_scope"):
            wish[name] = self.random.random() < 0.2
        return wish

    def place(self) -> Wish:
        return {"source": self.mapping["sourceObjectName"], "target": self.mapping["targetObjectName"]}

    def groups(self) -> list[Wish]:
        there = [one["name"] for one in (self.mapping.get("scope") or {}).get("groups") or []]
        names = self.random.sample([*there, "A", "B", ""], k=self.random.randint(0, 3))
        return [self._group(name) for name in names]

    def custom_attribute(self, name: str) -> Wish:
        end = self.random.choice(["source", "target"])
        place = {"directory": end, "object": self.mapping[f"{end}ObjectName"], "name": name}
        return {**place, **self._some(CUSTOM_FIELDS)}

    def _names(self, end: str) -> list[str]:
        return sorted(
            definition["name"]
            for directory in self.schema["directories"]
            if directory["name"] == self.rule[f"{end}DirectoryName"]
            for one in directory["objects"]
            if one["name"] == self.mapping[f"{end}ObjectName"]
            for definition in one["attributes"]
        )

    def _attributes(self, target: str) -> list[Wish]:
        if self.random.random() < 0.2:
            return [{"target": target, "state": "absent"}]
        return [self._attribute(target) for _time in range(self.random.choice([1, 1, 2, 3]))]

    def _attribute(self, target: str) -> Wish:
        name = self.random.choice(self.sources)
        source = self.random.choice(
            [
                {"attribute": name},
                {"constant": self.random.choice(["", "C", 'q"\\'])},
                {"expression": f'Join( " ", [{name}],[{self.random.choice(self.sources)}] )'},
            ]
        )
        return {"target": target, **source, **self._some(ATTRIBUTE_FIELDS)}

    def _group(self, name: str) -> Wish:
        clauses = [self._clause() for _time in range(self.random.randint(1, 3))]
        state = "absent" if self.random.random() < 0.2 else "present"
        return {"name": name or None, "clauses": clauses, "state": state}

    def _clause(self) -> Wish:
        operator, values = self.random.choice(
            [("EQUALS", ["a"]), ("IS NULL", []), ("Includes", ["b", "a"]), ("IS TRUE", None)]
        )
        return {"attribute": self.random.choice(self.sources), "operator": operator, "values": values}

    def _some(self, fields: Wish) -> Wish:
        return {name: self.random.choice(values) for name, values in fields.items() if self.random.random() < 0.5}


def _wishes(name: str, seed: int) -> Wishes:
    wisher = Wisher(example(name), seed)
    return Wishes(
        [wisher.object_mapping()],
        [{"containers": ["c"]}] if seed % 5 == 0 else [],
        [wisher.custom_attribute("custom")] if seed % 3 == 0 else [],
    )


def _document(schema: Schema, template: Schema | None = None) -> Wishes:
    parts = portable(schema, template)
    return Wishes(parts["object_mappings"], parts.get("rules", ()), parts.get("custom_attributes", ()), exact=True)


documents = st.sampled_from(SCHEMAS)
seeds = st.integers(0, 10**6)


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_wish_is_no_change(name: str) -> None:
    assert json.dumps(edited(example(name), Wishes())) == json.dumps(example(name))


def test_the_wishes_do_something() -> None:
    """Else the properties below would hold for an edit that does nothing."""
    changes = [len(difference(example(name), edited(example(name), _wishes(name, 7)))) for name in SCHEMAS]
    assert min(changes) > 0


@PROPERTY
@hypothesis.given(documents, seeds)
def test_twice_is_once(name: str, seed: int) -> None:
    wishes = _wishes(name, seed)
    once = edited(example(name), wishes)
    assert difference(once, edited(once, wishes)) == []
    assert json.dumps(edited(once, wishes)) == json.dumps(once)


@PROPERTY
@hypothesis.given(documents, seeds)
def test_noise_does_not_matter(name: str, seed: int) -> None:
    wishes = _wishes(name, seed)
    schema = example(name)
    noisy = Noise(seed)(schema)
    assert difference(edited(schema, wishes), edited(noisy, wishes)) == []


@PROPERTY
@hypothesis.given(documents, seeds)
def test_what_is_given_stays_as_it_is(name: str, seed: int) -> None:
    schema, wishes = example(name), _wishes(name, seed)
    before = copy.deepcopy(wishes)
    after = edited(schema, wishes)
    json.dumps(after)
    assert schema == example(name)
    assert wishes == before


@PROPERTY
@hypothesis.given(documents, seeds)
def test_all_but_the_object_mapping_goes_back_byte_for_byte(name: str, seed: int) -> None:
    schema = Noise(seed)(example(name))
    wisher = Wisher(example(name), seed)

    def others(one: Schema) -> str:
        for rule in one["synchronizationRules"]:
            for mapping in rule["objectMappings"]:
                if mapping["sourceObjectName"] == wisher.mapping["sourceObjectName"]:
                    mapping.clear()
        return json.dumps(one)

    wishes = Wishes([wisher.object_mapping()])
    assert others(edited(schema, wishes)) == others(schema)


@PROPERTY
@hypothesis.given(documents, seeds)
def test_what_is_not_named_in_the_object_mapping_goes_back_byte_for_byte(name: str, seed: int) -> None:
    schema = Noise(seed)(example(name))
    wisher = Wisher(example(name), seed)
    wish = {**wisher.place(), "attributes": wisher.object_mapping()["attributes"]}
    touched = {one["target"] for one in wish["attributes"]}

    def others(one: Schema) -> str:
        for rule in one["synchronizationRules"]:
            for mapping in rule["objectMappings"]:
                rest = [kept for kept in mapping["attributeMappings"] if kept["targetAttributeName"] not in touched]
                mapping["attributeMappings"] = rest
        return json.dumps(one)

    assert others(edited(schema, Wishes([wish]))) == others(schema)


@PROPERTY
@hypothesis.given(documents, seeds)
def test_the_order_of_independent_edits_does_not_matter(name: str, seed: int) -> None:
    """Two halves of the target attributes, a scope and an input scope, two custom attributes."""
    wisher = Wisher(example(name), seed)
    half = len(wisher.targets) // 2
    one = {**wisher.object_mapping(wisher.targets[:half]), "purge_attributes": False, "input_scope": None}
    other = {**wisher.object_mapping(wisher.targets[half:]), "purge_attributes": False, "scope": None}
    for field in ("enabled", "name", "flow_types"):
        other.pop(field, None)
    first = Wishes([one], custom_attributes=[wisher.custom_attribute("first")])
    second = Wishes([other], custom_attributes=[wisher.custom_attribute("second")])
    there = edited(edited(example(name), first), second)
    back = edited(edited(example(name), second), first)
    assert difference(there, back) == []


@PROPERTY
@hypothesis.given(documents, seeds)
def test_the_document_of_before_is_the_inverse_of_an_edit(name: str, seed: int) -> None:
    """A document keeps what it does not say, so only unknown properties of what was removed could be lost."""
    schema = example(name)
    after = edited(schema, _wishes(name, seed))
    back = edited(after, _document(schema))
    assert portable(back) == portable(schema)
    assert [one.path for one in difference(schema, back) if one.risk not in ("mapping", "cosmetic")] == []


@PROPERTY
@hypothesis.given(documents, seeds)
def test_present_then_absent_is_nothing(name: str, seed: int) -> None:
    """In bytes where something stood already, in meaning where there was no filter at all."""
    schema = example(name)
    wisher = Wisher(schema, seed)
    mapped = {one["targetAttributeName"] for one in wisher.mapping["attributeMappings"]}
    free = [one for one in wisher.targets if one not in mapped]
    hypothesis.assume(free)
    wish = {**wisher.place(), "attributes": [{"target": wisher.random.choice(free), "constant": "x"}]}
    absent = {**wish, "attributes": [{**wish["attributes"][0], "state": "absent"}]}
    group = {"name": "New", "clauses": [{"attribute": wisher.sources[0], "operator": "IS NULL"}]}
    custom = wisher.custom_attribute("new")
    there = edited(schema, Wishes([{**wish, "scope": [group]}], custom_attributes=[custom]))
    assert difference(schema, there)
    absent_group = {**absent, "scope": [{**group, "state": "absent"}]}
    back = edited(there, Wishes([absent_group], custom_attributes=[{**custom, "state": "absent"}]))
    assert difference(schema, back) == []
    only = Wishes([wish], custom_attributes=[custom])
    undone = edited(edited(schema, only), Wishes([absent], custom_attributes=[{**custom, "state": "absent"}]))
    assert json.dumps(undone) == json.dumps(schema)


@PROPERTY
@hypothesis.given(documents, seeds)
def test_a_schema_is_what_its_own_document_says(name: str, seed: int) -> None:
    schema = edited(example(name), _wishes(name, seed))
    noisy = Noise(seed)(schema)
    assert json.dumps(edited(noisy, _document(schema))) == json.dumps(noisy)


@PROPERTY
@hypothesis.given(seeds, seeds)
def test_a_document_carries_from_one_schema_to_another(one: int, other: int) -> None:
    schema = edited(example("customappsso_full"), _wishes("customappsso_full", one))
    target = Noise(other)(edited(example("customappsso_default"), _wishes("customappsso_default", other)))
    template = example("customappsso_default")
    document = _document(schema, template)
    assert portable(edited(target, document, template), template) == portable(schema, template)


def test_fields_that_are_none_are_not_given() -> None:
    names = ("rule", "name", "enabled", "flow_types", "scope", "input_scope", "purge_attributes", "purge_scope")
    fields = ("attribute", "constant", "expression", "default_only", "default", "matching_priority", "apply")
    for seed in range(20):
        wishes = _wishes("customappsso_full", seed)
        filled = [
            {
                **dict.fromkeys(names),
                **one,
                "attributes": [
                    {**dict.fromkeys((*fields, "flow_behavior", "state")), **inner} for inner in one["attributes"]
                ],
            }
            for one in wishes.object_mappings
        ]
        schema = example("customappsso_full")
        assert edited(schema, dataclasses.replace(wishes, object_mappings=filled)) == edited(schema, wishes)


def test_ten_thousand_mappings_take_ten_times_as_long_as_a_thousand() -> None:
    def seconds(count: int) -> float:
        schema = example("customappsso_full")
        mapping = schema["synchronizationRules"][0]["objectMappings"][1]
        one = {**mapping["attributeMappings"][1], "matchingPriority": 0}
        mapping["attributeMappings"] = [{**one, "targetAttributeName": f"t{number}"} for number in range(count)]
        document = _document(schema)
        began = time.process_time()
        assert edited(schema, document) == schema
        return time.process_time() - began

    thousand, ten_thousand = (min(seconds(count) for _again in range(3)) for count in (1_000, 10_000))
    assert ten_thousand < 3
    assert ten_thousand / thousand < 40
