# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is noise in a schema, and what is a difference."""

from __future__ import annotations

import copy
import gc
import random
import time
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.canonical import (
    empty,
    facts,
    flow_types,
    matching_priority,
)
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import RISKS, difference
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from hypothesis import strategies as st

SLOW = hypothesis.settings(max_examples=12, deadline=None)
Schema = dict[str, t.Any]


class Noise:
    """Rewrites a schema as the service or another tool might, without changing what it says (practice of PUT and GET).

    :arg seed: decides which spelling is taken where.
    """

    SETS = frozenset(
        {
            "synchronizationRules",
            "objectMappings",
            "attributeMappings",
            "attributes",
            "metadata",
            "directories",
            "objects",
            "groups",
            "clauses",
            "inputFilterGroups",
            "categoryFilterGroups",
            "referencedObjects",
            "values",
            "includedContainers",
            "includedGroups",
        }
    )
    DEFAULTS: t.ClassVar[dict[str, t.Any]] = {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "anchor": False,
        "caseExact": False,
        "flowNullValues": False,
        "multivalued": False,
        "mutability": "ReadWrite",
        "required": False,
    }

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, value: t.Any, key: str = "") -> t.Any:
        if isinstance(value, dict):
            return self._record(value)
        if isinstance(value, list):
            listed = [self(one) for one in value]
            if key in self.SETS:
                self.random.shuffle(listed)
            return listed
        return value

    def _record(self, record: dict[str, t.Any]) -> dict[str, t.Any]:
        noisy = {name: self._spelled(name, self(value, name)) for name, value in record.items()}
        if "expression" in record and record["expression"]:
            # The tree follows from the text.
            noisy.pop("parameters", None)
        for name, usual in self.DEFAULTS.items():
            if name in noisy and noisy[name] == usual:
                self._left_out(noisy, name)
        for name in [name for name in noisy if empty(noisy[name])]:
            self._left_out(noisy, name)
        for name in (
            "apiExpressions",
            "supportedApis",
            "discoveryDateTime",
            "discoverabilities",
            "version",
            "editable",
        ):
            if name in noisy:
                noisy[name] = self.random.choice([None, noisy[name], "changed by the service"])
        if "synchronizationRules" in noisy or "objectMappings" in noisy or "objects" in noisy:
            noisy["id"] = f"another {self.random.random()}"
        noisy["@odata.context"] = "https://graph.test/$metadata"
        items = list(noisy.items())
        self.random.shuffle(items)
        return dict(items)

    def _left_out(self, record: dict[str, t.Any], name: str) -> None:
        choice = self.random.choice(["keep", "null", "drop"])
        if choice == "drop":
            del record[name]
        elif choice == "null":
            record[name] = None

    def _spelled(self, name: str, value: t.Any) -> t.Any:
        if name == "flowTypes":
            parts = [one.strip() for one in value.split(",")]
            self.random.shuffle(parts)
            return self.random.choice([",".join(parts), ", ".join(parts), parts])
        if name == "matchingPriority" or (name == "priority" and value is not None):
            return self.random.choice([value, str(value)])
        if name == "expression" and value:
            return self.random.choice([value, value.replace("(", " ( ") if '"' not in value else f" {value}  "])
        return value


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


def _users(schema: Schema) -> dict[str, t.Any]:
    found: dict[str, t.Any] = next(
        mapping
        for mapping in schema["synchronizationRules"][0]["objectMappings"]
        if str(mapping["sourceObjectName"]).lower() == "user"
    )
    return found


def _target(schema: Schema, name: str) -> dict[str, t.Any]:
    found: dict[str, t.Any] = next(
        one for one in _users(schema)["attributeMappings"] if one["targetAttributeName"] == name
    )
    return found


def _attribute(schema: Schema) -> dict[str, t.Any]:
    found: dict[str, t.Any] = schema["directories"][1]["objects"][0]["attributes"][0]
    return found


# What an admin might change in customappsso_full, how risky it is, and the last name of its path.
EDITS: dict[str, tuple[t.Callable[[Schema], t.Any], str, str]] = {
    "source": (
        lambda one: _target(one, "title").update(source={"expression": "[department]", "type": "Attribute"}),
        "mapping",
        "title",
    ),
    "blank in a literal": (
        lambda one: _target(one, "title").update(source={"expression": '" x"', "type": "Constant"}),
        "mapping",
        "title",
    ),
    "no source": (lambda one: _target(one, "title").update(source=None), "mapping", "title"),
    "default": (lambda one: _target(one, "title").update(defaultValue="none given"), "mapping", "title"),
    "flow type": (lambda one: _target(one, "title").update(flowType="MultiValueAddOnly"), "mapping", "title"),
    "flow behaviour": (lambda one: _target(one, "title").update(flowBehavior="FlowAlways"), "mapping", "title"),
    "missing references": (lambda one: _target(one, "title").update(exportMissingReferences=True), "mapping", "title"),
    "becomes matching": (lambda one: _target(one, "title").update(matchingPriority=3), "matching", "title"),
    "no longer matching": (lambda one: _target(one, "userName").update(matchingPriority=0), "matching", "userName"),
    "active": (
        lambda one: _target(one, "active").update(source={"expression": '"True"', "type": "Constant"}),
        "active",
        "active",
    ),
    "unknown property": (lambda one: _target(one, "title").update(newInGraph={"a": 1}), "mapping", "title"),
    "unknown in a source": (lambda one: _target(one, "title")["source"].update(newInGraph=1), "mapping", "title"),
    "mapping removed": (
        lambda one: _users(one)["attributeMappings"].remove(_target(one, "title")),
        "mapping",
        "title",
    ),
    "mapping added twice": (
        lambda one: _users(one)["attributeMappings"].append(copy.deepcopy(_target(one, "title"))),
        "mapping",
        "title (2)",
    ),
    "object mapping off": (lambda one: _users(one).update(enabled=False), "scope", "enabled"),
    "no deletes": (lambda one: _users(one).update(flowTypes="Add,Update"), "delete_flow", "flow types"),
    "no flow at all": (lambda one: _users(one).update(flowTypes="None"), "delete_flow", "flow types"),
    "name": (lambda one: _users(one).update(name="Another"), "cosmetic", "name"),
    "scope value": (
        lambda one: _users(one)["scope"]["groups"][0]["clauses"][0]["targetOperand"]["values"].append("Other"),
        "scope",
        "Sales in NL",
    ),
    "scope operator": (
        lambda one: _users(one)["scope"]["groups"][0]["clauses"][0].update(operatorName="NOT EQUALS"),
        "scope",
        "Sales in NL",
    ),
    "scope clause removed": (
        lambda one: _users(one)["scope"]["groups"][1]["clauses"].pop(),
        "scope",
        "Contractor ids",
    ),
    "unknown in an operand": (
        lambda one: _users(one)["scope"]["groups"][0]["clauses"][0]["targetOperand"].update(newInGraph=True),
        "scope",
        "Sales in NL",
    ),
    "unknown in a clause": (
        lambda one: _users(one)["scope"]["groups"][0]["clauses"][0].update(newInGraph=True),
        "scope",
        "Sales in NL",
    ),
    "unknown in a scope group": (
        lambda one: _users(one)["scope"]["groups"][0].update(newInGraph=True),
        "scope",
        "Sales in NL",
    ),
    "unknown in a scope": (lambda one: _users(one)["scope"].update(newInGraph=True), "mapping", "newInGraph"),
    "input filter": (
        lambda one: _users(one)["scope"].update(inputFilterGroups=[{"name": "G", "clauses": []}]),
        "scope",
        "G",
    ),
    "container": (
        lambda one: one["synchronizationRules"][0].update(containerFilter={"includedContainers": ["OU=x"]}),
        "scope",
        "OU=x",
    ),
    "group filter": (
        lambda one: one["synchronizationRules"][0].update(groupFilter={"includedGroups": ["g"]}),
        "scope",
        "g",
    ),
    "unknown in an object mapping": (lambda one: _users(one).update(newInGraph="x"), "mapping", "newInGraph"),
    "rule priority": (lambda one: one["synchronizationRules"][0].update(priority=7), "mapping", "priority"),
    "metadata of a mapping": (
        lambda one: _users(one)["metadata"].append({"key": "New", "value": "x"}),
        "cosmetic",
        "New",
    ),
    "attribute type": (lambda one: _attribute(one).update(type="Boolean"), "mapping", ""),
    "attribute required": (lambda one: _attribute(one).update(required=not _attribute(one)["required"]), "mapping", ""),
    "attribute reference": (
        lambda one: _attribute(one).update(referencedObjects=[{"referencedObjectName": "User"}]),
        "mapping",
        "",
    ),
    "attribute metadata": (
        lambda one: _attribute(one).update(metadata=[{"key": "MaximumLength", "value": "7"}]),
        "mapping",
        "",
    ),
    "unknown in an attribute": (lambda one: _attribute(one).update(newInGraph="x"), "mapping", ""),
    "attribute added": (
        lambda one: one["directories"][1]["objects"][0]["attributes"].append({"name": "costCenter", "type": "String"}),
        "mapping",
        "costCenter",
    ),
    "unknown in a directory": (lambda one: one["directories"][1].update(newInGraph=1), "mapping", "newInGraph"),
    "unknown in the schema": (lambda one: one.update(newInGraph=[1]), "mapping", "newInGraph"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_exactly_one_difference(edit: str) -> None:
    change, risk, place = EDITS[edit]
    before, after = example("customappsso_full"), example("customappsso_full")
    change(after)
    found = difference(before, after)
    assert [one.risk for one in found] == [risk], [one.name for one in found]
    assert place in ("", found[0].path[-1])
    assert found[0].before != found[0].after
    back = difference(before=after, after=before)
    assert [(one.path, one.before, one.after) for one in back] == [(found[0].path, found[0].after, found[0].before)]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_seen_through_noise(edit: str) -> None:
    after = example("customappsso_full")
    EDITS[edit][0](after)
    for seed in range(3):
        assert len(difference(example("customappsso_full"), Noise(seed)(after))) == 1


@SLOW
@hypothesis.given(name=st.sampled_from(SCHEMAS), number=st.integers(0, 10**6))
def test_any_mapping_that_goes_is_one_difference(name: str, number: int) -> None:
    before, after = example(name), example(name)
    mappings = [
        (one["attributeMappings"], place)
        for rule in after["synchronizationRules"]
        for one in rule["objectMappings"]
        for place in range(len(one["attributeMappings"]))
    ]
    inside, place = mappings[number % len(mappings)]
    gone = inside.pop(place)
    found = difference(before, after)
    assert len(found) == 1
    assert found[0].after is None and str(found[0].before)
    assert found[0].path[-1].startswith(gone["targetAttributeName"])


def test_the_name_of_a_difference_can_be_read() -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    _target(after, "title")["source"] = {"expression": "[department]", "type": "Attribute"}
    change = difference(before, after)[0]
    assert (change.name, change.after) == ("User → User / title", "[department]")


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
