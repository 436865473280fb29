# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An edit is exactly one difference, with its risk and a place that can be read."""

from __future__ import annotations

import copy
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise
from hypothesis import strategies as st

SLOW = hypothesis.settings(max_examples=12, deadline=None)
Schema = dict[str, t.Any]


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
