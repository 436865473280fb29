# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is no difference, over every document and over any that can be made; and any edit is one, of its kind."""

from __future__ import annotations

import collections
import copy
import random
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import (
    KINDS,
    RISKS,
    Difference,
    difference,
)
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise
from ansible_collections.entra.provisioning.tests.unit.schemas_made import schemas
from hypothesis import strategies as st

SLOW = hypothesis.settings(max_examples=15, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
SEEDS = st.integers(0, 2**32)
ANY = schemas(ambiguous=True)
Raw = dict[str, t.Any]
Place = t.Callable[[Raw], list[Raw]]


@pytest.mark.parametrize("name", SCHEMAS)
@SLOW
@hypothesis.given(seed=SEEDS)
def test_noise_is_no_difference(name: str, seed: int) -> None:
    before, after = example(name), Noise(seed)(example(name))
    assert difference(before, after) == []
    assert difference(before=after, after=before) == []


@SLOW
@hypothesis.given(schema=ANY, seed=SEEDS)
def test_noise_is_no_difference_in_any_schema(schema: Raw, seed: int) -> None:
    untouched = copy.deepcopy(schema)
    noisy = Noise(seed)(schema)
    assert difference(schema, noisy) == []
    assert difference(noisy, Noise(seed + 1)(schema)) == []
    assert schema == untouched


def _mirrored(differences: t.Iterable[Difference]) -> collections.Counter[t.Any]:
    swap = {"added": "removed", "removed": "added"}
    return collections.Counter(
        (one.path, one.after, one.before, one.risk, "_".join(swap.get(word, word) for word in one.kind.split("_")))
        for one in differences
    )


def _plain(differences: t.Iterable[Difference]) -> collections.Counter[t.Any]:
    return collections.Counter((one.path, one.before, one.after, one.risk, one.kind) for one in differences)


@SLOW
@hypothesis.given(one=ANY, other=ANY)
def test_the_way_back_is_the_mirror_of_the_way_there(one: Raw, other: Raw) -> None:
    there, back = difference(one, other), difference(other, one)
    assert _mirrored(there) == _plain(back)
    assert {change.risk for change in there} <= set(RISKS)
    assert {change.kind for change in there} <= set(KINDS)
    assert all(change.before != change.after and "" not in (change.before, change.after) for change in there)


@SLOW
@hypothesis.given(one=ANY, other=ANY, seed=SEEDS)
def test_noise_changes_nothing_in_a_difference(one: Raw, other: Raw, seed: int) -> None:
    def told(differences: list[Difference]) -> list[t.Any]:
        return sorted((change.path, change.kind, change.risk) for change in differences)

    assert told(difference(one, other)) == told(difference(Noise(seed)(one), Noise(seed + 1)(other)))


def _inner(outer: Place, member: str) -> Place:
    return lambda schema: [one for holder in outer(schema) for one in holder.get(member) or []]


def _schema(schema: Raw) -> list[Raw]:
    return [schema]


_rules = _inner(_schema, "synchronizationRules")
_object_mappings = _inner(_rules, "objectMappings")
_mappings = _inner(_object_mappings, "attributeMappings")
_directories = _inner(_schema, "directories")
_objects = _inner(_directories, "objects")
_attributes = _inner(_objects, "attributes")


def _scopes(schema: Raw) -> list[Raw]:
    return [one["scope"] for one in _object_mappings(schema) if one.get("scope")]


def _groups(schema: Raw) -> list[Raw]:
    members = ("groups", "inputFilterGroups", "categoryFilterGroups")
    return [one for member in members for one in _inner(_scopes, member)(schema)]


def _with_source(schema: Raw) -> list[Raw]:
    return [one for one in _mappings(schema) if one.get("source")]


def _set(**members: t.Any) -> t.Callable[[Raw, random.Random], None]:
    return lambda one, _dice: one.update(copy.deepcopy(members))


def _flip(name: str) -> t.Callable[[Raw, random.Random], None]:
    return lambda one, _dice: one.update({name: not one.get(name)})


def _pop(name: str) -> t.Callable[[Raw, random.Random], None]:
    def pop(one: Raw, dice: random.Random) -> None:
        one[name].pop(dice.randrange(len(one[name])))

    return pop


def _append(name: str, new: t.Any) -> t.Callable[[Raw, random.Random], None]:
    def append(one: Raw, dice: random.Random) -> None:
        one[name] = list(one.get(name) or [])
        one[name].insert(dice.randint(0, len(one[name])), copy.deepcopy(new))

    return append


def _having(places: Place, name: str) -> Place:
    return lambda schema: [one for one in places(schema) if one.get(name)]


_SOURCE = {"expression": 'Join("",[edited])', "type": "Function"}
_CLAUSE = {"sourceOperandName": "edited", "operatorName": "IS NULL"}
_GROUP = {"name": "edited", "clauses": [_CLAUSE]}
_MAPPING = {"sourceObjectName": "edited", "targetObjectName": "edited"}

# An edit: where it can be made, how, and the kinds of the differences that it must be, in the order of their kinds.
EDITS: dict[str, tuple[Place, t.Callable[[Raw, random.Random], t.Any], list[str]]] = {
    "source": (_mappings, _set(source=_SOURCE), ["mapping_changed"]),
    "no source": (_with_source, _set(source=None), ["mapping_changed"]),
    "default": (_mappings, _set(defaultValue="edited"), ["mapping_changed"]),
    "apply": (_mappings, _set(flowType="AttributeAddOnly"), ["mapping_changed"]),
    "unknown flow behavior": (_mappings, _set(flowBehavior="FlowNever"), ["mapping_changed"]),
    "priority": (_mappings, _set(matchingPriority=9), ["mapping_changed"]),
    "missing references": (_mappings, _flip("exportMissingReferences"), ["mapping_changed"]),
    "unknown in a mapping": (_mappings, _set(edited={"a": [1]}), ["mapping_changed"]),
    "unknown in a source": (lambda one: [m["source"] for m in _with_source(one)], _set(edited=1), ["mapping_changed"]),
    "target": (_mappings, _set(targetAttributeName="edited"), ["mapping_added", "mapping_removed"]),
    "mapping gone": (_having(_object_mappings, "attributeMappings"), _pop("attributeMappings"), ["mapping_removed"]),
    "mapping new": (
        _object_mappings,
        _append("attributeMappings", {"targetAttributeName": "userName", "source": _SOURCE}),
        ["mapping_added"],
    ),
    "flow types": (_object_mappings, _set(flowTypes="Update"), ["flow_types_changed"]),
    "enabled": (
        _object_mappings,
        lambda one, _dice: one.update(enabled=one.get("enabled") is False),
        ["enabled_changed"],
    ),
    "name": (_object_mappings, _set(name="edited"), ["property_changed"]),
    "metadata": (_object_mappings, _append("metadata", {"key": "Edited", "value": "x"}), ["metadata_changed"]),
    "metadata again": (_object_mappings, _append("metadata", {"key": "Mine", "value": "x"}), ["metadata_changed"]),
    "unknown in an object mapping": (_object_mappings, _set(edited=1), ["property_changed"]),
    "object mapping new": (_rules, _append("objectMappings", _MAPPING), ["object_mapping_added"]),
    "scope group gone": (_having(_scopes, "groups"), _pop("groups"), ["scope_group_removed"]),
    "scope group new": (_scopes, _append("groups", _GROUP), ["scope_group_added"]),
    "input filter": (_scopes, _append("inputFilterGroups", _GROUP), ["scope_group_added"]),
    "scope group renamed": (_groups, _set(name="edited"), ["scope_group_added", "scope_group_removed"]),
    "unknown in a scope": (_scopes, _set(edited=1), ["property_changed"]),
    "unknown in a group": (_groups, _set(edited=1), ["property_changed"]),
    "clause gone": (_having(_groups, "clauses"), _pop("clauses"), ["scope_clause_removed"]),
    "clause new": (_groups, _append("clauses", _CLAUSE), ["scope_clause_added"]),
    "operator": (_inner(_groups, "clauses"), _set(operatorName="edited"), ["scope_clause_changed"]),
    "operand": (_inner(_groups, "clauses"), _set(targetOperand={"values": ["edited"]}), ["scope_clause_changed"]),
    "unknown in a clause": (_inner(_groups, "clauses"), _set(edited=1), ["scope_clause_changed"]),
    "clause of another attribute": (
        _inner(_groups, "clauses"),
        _set(sourceOperandName="edited"),
        ["scope_clause_added", "scope_clause_removed"],
    ),
    "rule new": (_schema, _append("synchronizationRules", {"name": "edited"}), ["rule_added"]),
    "rule priority": (_rules, _set(priority=9), ["rule_changed"]),
    "rule directory": (_rules, _set(targetDirectoryName="edited"), ["rule_changed"]),
    "container": (
        _rules,
        lambda one, dice: _append("includedContainers", "edited")(one.setdefault("containerFilter", {}), dice),
        ["rule_changed"],
    ),
    "group": (
        _rules,
        lambda one, dice: _append("includedGroups", "edited")(one.setdefault("groupFilter", {}), dice),
        ["rule_changed"],
    ),
    "unknown in a container filter": (
        _rules,
        lambda one, _dice: one.setdefault("containerFilter", {}).update(edited=1),
        ["property_changed"],
    ),
    "unknown in a rule": (_rules, _set(edited=True), ["property_changed"]),
    "attribute type": (_attributes, _set(type="Binary"), ["attribute_definition_changed"]),
    "required": (_attributes, _flip("required"), ["attribute_definition_changed"]),
    "anchor": (_attributes, _flip("anchor"), ["attribute_definition_changed"]),
    "mutability": (_attributes, _set(mutability="WriteOnly"), ["attribute_definition_changed"]),
    "default of an attribute": (_attributes, _set(defaultValue="edited"), ["attribute_definition_changed"]),
    "API expression": (
        _attributes,
        _append("apiExpressions", {"key": "edited", "value": "x"}),
        ["attribute_definition_changed"],
    ),
    "reference": (
        _attributes,
        _append("referencedObjects", {"referencedObjectName": "edited"}),
        ["attribute_definition_changed"],
    ),
    "metadata of an attribute": (_attributes, _append("metadata", {"key": "E", "value": "x"}), ["metadata_changed"]),
    "unknown in an attribute": (_attributes, _set(edited=1), ["attribute_definition_changed"]),
    "attribute new": (_objects, _append("attributes", {"name": "edited"}), ["attribute_definition_added"]),
    "attribute gone": (_having(_objects, "attributes"), _pop("attributes"), ["attribute_definition_removed"]),
    "object new": (_directories, _append("objects", {"name": "edited"}), ["object_definition_added"]),
    "object gone": (_directories, _pop("objects"), ["object_definition_removed"]),
    "directory new": (_schema, _append("directories", {"name": "edited"}), ["directory_added"]),
    "directory gone": (_schema, _pop("directories"), ["directory_removed"]),
    "unknown in a directory": (_directories, _set(edited=1), ["property_changed"]),
    "unknown in an object": (_objects, _set(edited=1), ["property_changed"]),
    "unknown in the schema": (_schema, _set(edited=[0]), ["property_changed"]),
}


@pytest.mark.parametrize("edit", EDITS)
# Few, since there are many edits; each ansible-core of the matrix takes others.
@hypothesis.settings(SLOW, max_examples=3)
@hypothesis.given(schema=ANY, seed=SEEDS)
def test_any_edit_is_a_difference_of_its_kind(edit: str, schema: Raw, seed: int) -> None:
    places, change, kinds = EDITS[edit]
    dice = random.Random(seed)
    after = copy.deepcopy(schema)
    found = places(after)
    hypothesis.assume(found)
    change(dice.choice(found), dice)
    told = difference(schema, after)
    assert [one.kind for one in sorted(told, key=lambda one: one.kind)] == kinds
    assert _mirrored(told) == _plain(difference(after, schema))
    assert len(difference(schema, Noise(seed)(after))) == len(kinds)


@SLOW
@hypothesis.given(schema=ANY, seed=SEEDS)
def test_an_object_mapping_that_goes_is_told_with_its_parts(schema: Raw, seed: int) -> None:
    after = copy.deepcopy(schema)
    found = [rule for rule in _rules(after) if rule["objectMappings"]]
    hypothesis.assume(found)
    dice = random.Random(seed)
    mappings = dice.choice(found)["objectMappings"]
    gone = mappings.pop(dice.randrange(len(mappings)))
    told = collections.Counter(one.kind for one in difference(schema, after))
    scope = gone["scope"] or {}
    groups = [one for name in ("groups", "inputFilterGroups", "categoryFilterGroups") for one in scope.get(name) or []]
    expected = {"object_mapping_removed": 1}
    expected |= {"mapping_removed": len(gone["attributeMappings"]), "scope_group_removed": len(groups)}
    assert told == collections.Counter({kind: count for kind, count in expected.items() if count})


def test_every_kind_has_an_edit() -> None:
    told = {kind for _place, _change, kinds in EDITS.values() for kind in kinds}
    assert set(KINDS) - told == {"object_mapping_removed", "rule_removed"}
