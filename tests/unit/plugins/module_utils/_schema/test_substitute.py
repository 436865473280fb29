# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Substitutions reach everything that an admin writes, and nothing else."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.plugins.module_utils._schema.substitute import substituted
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example

OLD, NEW = "extension_53c9e2c0aaaabbbbccccddddeeeeffff_", "extension_00000000000000000000000000000001_"
NAMES = {
    OLD: NEW,
    "contoso.com": "fabrikam.test",
    "Employee": 'a "quoted" \\ one',
    "Europe/Amsterdam": "UTC",
    "NL": "BE",
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_and_its_portable_document_become_the_same(name: str) -> None:
    schema = example(name)
    names = {**NAMES, "OU=Staff": "OU=People", "urn:contoso:": "urn:fabrikam:"}
    assert portable(substituted(schema, names)) == portable(substituted(portable(schema), names))
    assert schema == example(name)


def test_every_place_is_reached() -> None:
    text = json.dumps(substituted(example("customappsso_full"), NAMES))
    assert OLD not in text
    assert json.dumps(example("customappsso_full")).count(OLD) == text.count(NEW)
    clauses = substituted(portable(example("customappsso_full")), NAMES)["object_mappings"][1]["scope"][1]["clauses"]
    assert clauses[0]["values"] == ["BE"]


def test_the_text_of_a_constant_follows_from_its_value() -> None:
    rule = substituted(example("customappsso_full"), NAMES)["synchronizationRules"][0]
    sources = {one["targetAttributeName"]: one["source"] for one in rule["objectMappings"][1]["attributeMappings"]}
    assert sources["userType"]["name"] == 'a "quoted" \\ one'
    assert sources["userType"]["expression"] == '"a \\"quoted\\" \\\\ one"'


def test_the_tree_changes_with_the_text() -> None:
    rule = substituted(example("customappsso_full"), {"@contoso.com": "@x"})["synchronizationRules"][0]
    source = next(
        one["source"]
        for one in rule["objectMappings"][1]["attributeMappings"]
        if one["targetAttributeName"] == "nickName"
    )
    assert source["expression"] == 'Replace([mail], "@x", , , "", , )'
    constants = [one["value"] for one in source["parameters"] if one["value"]["type"] == "Constant"]
    assert [(one["name"], one["expression"]) for one in constants] == [("@x", '"@x"'), ("", '""')]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # The service's own spelling stays where the name does.
        ({"type": "Attribute", "name": "phone", "expression": "phone"}, {}),
        ({"type": "Constant", "name": "x", "expression": '"a"'}, {}),
        ({"type": "Attribute", "name": "a", "expression": "x"}, {"name": "b]", "expression": "[b]]"}),
        ({"type": "Constant", "name": "a", "expression": '"a"'}, {"name": "b]", "expression": '"b]"'}),
        ({"type": "Function", "name": "a", "expression": "[a]"}, {"name": "b]", "expression": "[b]]"}),
        ({"type": "Constant", "expression": '"a"'}, {"expression": '"b]"'}),
        ({"type": "Function", "name": "Join", "parameters": ["a", {"key": "a", "value": "a"}]}, {}),
        ("a", "a"),
    ],
)
def test_one_source(source: t.Any, expected: t.Any) -> None:
    mapping = {"attributeMappings": [{"targetAttributeName": "t", "source": source}]}
    document = substituted({"synchronizationRules": [{"objectMappings": [mapping]}]}, {"a": "b]"})
    (changed,) = document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    wanted = source if isinstance(source, str) else {**source, **expected}
    assert changed == {"targetAttributeName": "t", "source": wanted}


def test_a_source_is_one_only_in_an_attribute_mapping() -> None:
    elsewhere = {"object_mappings": [{"source": {"name": "a", "expression": "[a]"}, "a": "a"}], "source": {"name": "a"}}
    assert substituted(elsewhere, {"a": "b"}) == elsewhere


@pytest.mark.parametrize("name", SCHEMAS)
def test_ids_metadata_and_names_of_objects_stay(name: str) -> None:
    schema = example(name)
    fixed = [
        "Provision",
        "USERGROUP_OUTBOUND_USERGROUP",
        "customappsso",
        "Azure",
        "IsCustomerDefined",
        "Function",
        "ReadWrite",
    ]
    fixed += [schema["id"], schema["version"], "FlowWhenChanged", "Always", "EQUALS", "regexPattern", "Contractor ids"]
    assert substituted(schema, dict.fromkeys(fixed, "changed")) == schema
    document = portable(schema)
    assert substituted(document, dict.fromkeys([*fixed, "source", "DateTime", "on_create"], "changed")) == document


def test_the_longest_first_and_each_place_once() -> None:
    document: dict[str, t.Any] = {"object_mappings": [{"source": "ab", "attributes": [{"target": "ab a b"}]}]}
    names = {"a": "b", "b": "a", "ab": "a b"}
    said = substituted(document, names)["object_mappings"][0]
    assert said == {"source": "ab", "attributes": [{"target": "a b b a"}]}


def test_a_pattern_is_a_text() -> None:
    document: dict[str, t.Any] = {"object_mappings": [{"source": "a", "attributes": [{"target": "axb a.b"}]}]}
    assert substituted(document, {"a.b": "\\1"})["object_mappings"][0]["attributes"] == [{"target": "axb \\1"}]


def test_custom_attributes_rules_and_filters() -> None:
    document = {
        "object_mappings": [],
        "rules": [{"rule": "x", "containers": ["OU=x"], "groups": ["x"]}],
        "custom_attributes": [
            {
                "directory": "x",
                "object": "x",
                "name": "x",
                "default": "x",
                "references": ["x"],
                "api_expressions": {"x": "x"},
            }
        ],
    }
    before = copy.deepcopy(document)
    assert substituted(document, {"x": "y"}) == {
        "object_mappings": [],
        "rules": [{"rule": "x", "containers": ["OU=y"], "groups": ["y"]}],
        "custom_attributes": [
            {
                "directory": "x",
                "object": "x",
                "name": "y",
                "default": "y",
                "references": ["x"],
                "api_expressions": {"x": "y"},
            }
        ],
    }
    assert document == before


def test_there_and_back_is_no_difference() -> None:
    schema = example("customappsso_full")
    there = substituted(schema, {OLD: NEW})
    assert difference(schema, there) != []
    assert difference(schema, substituted(there, {NEW: OLD})) == []
    assert substituted(schema, {}) == schema


@pytest.mark.parametrize("names", [{"": "x"}, {"x": None}])
def test_nothing_is_no_text(names: dict[str, t.Any]) -> None:
    with pytest.raises(SchemaProblem, match="A substitution needs a text"):
        substituted(example("customappsso_default"), names)
