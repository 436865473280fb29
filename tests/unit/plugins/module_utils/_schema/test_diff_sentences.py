# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An edit is exactly one difference, with its kind, its risk and words that can be read."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.plugins.module_utils._task import Change
from ansible_collections.entra.provisioning.tests.unit.examples import example

Schema = dict[str, t.Any]


def _users(schema: Schema) -> Schema:
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    found: Schema = next(one for one in mappings if one["sourceObjectName"] == "User")
    return found


def _target(schema: Schema, name: str) -> Schema:
    mappings = _users(schema)["attributeMappings"]
    found: Schema = next(one for one in mappings if one["targetAttributeName"] == name)
    return found


def _title(**members: t.Any) -> t.Callable[[Schema], t.Any]:
    return lambda schema: _target(schema, "title").update(members)


def _group(schema: Schema, place: int = 0) -> Schema:
    found: Schema = _users(schema)["scope"]["groups"][place]
    return found


def _rule(**members: t.Any) -> t.Callable[[Schema], t.Any]:
    return lambda schema: schema["synchronizationRules"][0].update(members)


def _attribute(**members: t.Any) -> t.Callable[[Schema], t.Any]:
    return lambda schema: _objects(schema)[0]["attributes"][0].update(members)


def _objects(schema: Schema) -> list[Schema]:
    found: list[Schema] = schema["directories"][1]["objects"]
    return found


RULE = "rule / USERGROUP_OUTBOUND_USERGROUP"
OBJECT = "directory / customappsso / urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SALES = {"name": "Sales in NL", "clauses": [{"sourceOperandName": "mail", "operatorName": "IS NOT NULL"}]}

# What an admin might change in customappsso_full, the sentence about it, its risk and its kind.
EDITS: dict[str, tuple[t.Callable[[Schema], t.Any], str, str, str]] = {
    "source": (
        _title(source={"expression": "[department]", "type": "Attribute"}),
        "User → User / title: [jobTitle] → [department]",
        "mapping",
        "mapping_changed",
    ),
    "blank in a literal": (
        _title(source={"expression": '" x"', "type": "Constant"}),
        'User → User / title: [jobTitle] → " x"',
        "mapping",
        "mapping_changed",
    ),
    "no source": (
        _title(source=None),
        "User → User / title: [jobTitle] → (no source)",
        "mapping",
        "mapping_changed",
    ),
    "default": (
        _title(defaultValue="none given"),
        'User → User / title / default: "none given" (new)',
        "mapping",
        "mapping_changed",
    ),
    "apply": (
        _title(flowType="MultiValueAddOnly"),
        "User → User / title / apply: always → multi_value_add_only",
        "mapping",
        "mapping_changed",
    ),
    "no value of the enumeration": (
        _title(flowType="always"),
        'User → User / title / apply: always → "always"',
        "mapping",
        "mapping_changed",
    ),
    "flow behavior": (
        _title(flowBehavior="FlowAlways"),
        "User → User / title / flow behavior: when_changed → always",
        "mapping",
        "mapping_changed",
    ),
    "missing references": (
        _title(exportMissingReferences=True),
        "User → User / title / exportMissingReferences: false → true",
        "mapping",
        "mapping_changed",
    ),
    "unknown property": (
        _title(newInGraph={"a": 1}),
        'User → User / title / newInGraph: {"a": "1"} (new)',
        "mapping",
        "mapping_changed",
    ),
    "unknown in a source": (
        lambda one: _target(one, "title")["source"].update(newInGraph=True),
        "User → User / title / source / newInGraph: true (new)",
        "mapping",
        "mapping_changed",
    ),
    "becomes matching": (
        _title(matchingPriority=3),
        "User → User / title / matching priority: 0 → 3",
        "matching",
        "mapping_changed",
    ),
    "no longer matching": (
        lambda one: _target(one, "userName").update(matchingPriority=None),
        "User → User / userName / matching priority: 1 → 0",
        "matching",
        "mapping_changed",
    ),
    "source of a matching one": (
        lambda one: _target(one, "userName").update(source={"expression": "[mail]"}),
        "User → User / userName: [userPrincipalName] → [mail]",
        "matching",
        "mapping_changed",
    ),
    "active": (
        lambda one: _target(one, "active").update(source={"expression": '"True"', "type": "Constant"}),
        'User → User / active: Switch([IsSoftDeleted], , "False", "True", "True", "False") → "True"',
        "active",
        "mapping_changed",
    ),
    "default of active": (
        lambda one: _target(one, "active").update(defaultValue="False"),
        'User → User / active / default: "False" (new)',
        "active",
        "mapping_changed",
    ),
    "fed from IsSoftDeleted": (
        _title(source={"expression": "Not([isSoftDeleted])"}),
        "User → User / title: [jobTitle] → Not([isSoftDeleted])",
        "active",
        "mapping_changed",
    ),
    "mapping removed": (
        lambda one: _users(one)["attributeMappings"].remove(_target(one, "userName")),
        "User → User / userName: removed (was [userPrincipalName], matching priority 1)",
        "matching",
        "mapping_removed",
    ),
    "mapping added twice": (
        lambda one: _users(one)["attributeMappings"].append(
            {**_target(one, "title"), "defaultValue": "x", "flowType": "ObjectAddOnly"}
        ),
        'User → User / title: [jobTitle], default "x", apply on_create (new)',
        "mapping",
        "mapping_added",
    ),
    "object mapping off": (
        lambda one: _users(one).update(enabled=False),
        "User → User / enabled: yes → no",
        "scope",
        "enabled_changed",
    ),
    "no deletes": (
        lambda one: _users(one).update(flowTypes="Add,Update"),
        "User → User / flow types: Add, Update, Delete → Add, Update",
        "delete_flow",
        "flow_types_changed",
    ),
    "no flow at all": (
        lambda one: _users(one).update(flowTypes="None"),
        "User → User / flow types: Add, Update, Delete → None",
        "delete_flow",
        "flow_types_changed",
    ),
    "name": (
        lambda one: _users(one).update(name="Another"),
        "User → User / name: Provision Azure Active Directory Users → Another",
        "cosmetic",
        "property_changed",
    ),
    "object mapping added": (
        lambda one: one["synchronizationRules"][0]["objectMappings"].append(
            {"sourceObjectName": "Device", "targetObjectName": "urn:x:Device", "enabled": False, "flowTypes": "Add"}
        ),
        "Device → Device: disabled, Add (new)",
        "scope",
        "object_mapping_added",
    ),
    "scope group added": (
        lambda one: _users(one)["scope"]["groups"].append({**SALES, "name": "New"}),
        "User → User / scope / New: mail IS NOT NULL (new)",
        "scope",
        "scope_group_added",
    ),
    "scope group removed": (
        lambda one: _users(one)["scope"]["groups"].pop(0),
        "User → User / scope / Sales in NL: removed "
        '(was country EQUALS "NL" AND department EQUALS "Sales" AND mail IS NOT NULL)',
        "scope",
        "scope_group_removed",
    ),
    "scope group of one name added": (
        lambda one: _users(one)["scope"]["groups"].insert(0, SALES),
        "User → User / scope / Sales in NL: mail IS NOT NULL (new)",
        "scope",
        "scope_group_added",
    ),
    "scope value": (
        lambda one: _group(one)["clauses"][0]["targetOperand"]["values"].append("Other"),
        'User → User / scope / Sales in NL / department: EQUALS "Sales" → EQUALS "Other" "Sales"',
        "scope",
        "scope_clause_changed",
    ),
    "scope operator": (
        lambda one: _group(one)["clauses"][0].update(operatorName="NOT EQUALS"),
        'User → User / scope / Sales in NL / department: EQUALS "Sales" → NOT EQUALS "Sales"',
        "scope",
        "scope_clause_changed",
    ),
    "scope clause removed": (
        lambda one: _group(one)["clauses"].pop(1),
        'User → User / scope / Sales in NL / country: removed (was EQUALS "NL")',
        "scope",
        "scope_clause_removed",
    ),
    "scope clause added": (
        lambda one: _group(one, 1)["clauses"].append({"sourceOperandName": "mail", "operatorName": "IS NULL"}),
        "User → User / scope / Contractor ids / mail: IS NULL (new)",
        "scope",
        "scope_clause_added",
    ),
    "unknown in an operand": (
        lambda one: _group(one)["clauses"][2]["targetOperand"].update(newInGraph=True),
        "User → User / scope / Sales in NL / mail: IS NOT NULL → IS NOT NULL newInGraph=true",
        "scope",
        "scope_clause_changed",
    ),
    "unknown in a scope group": (
        lambda one: _group(one).update(newInGraph="x"),
        "User → User / scope / Sales in NL / newInGraph: x (new)",
        "scope",
        "property_changed",
    ),
    "unknown in a scope": (
        lambda one: _users(one)["scope"].update(newInGraph=True),
        "User → User / scope / newInGraph: true (new)",
        "scope",
        "property_changed",
    ),
    "input scope": (
        lambda one: _users(one)["scope"].update(inputFilterGroups=[{"name": "G", "clauses": []}]),
        "User → User / input scope / G: (no clause: lets everybody in) (new)",
        "scope",
        "scope_group_added",
    ),
    "container": (
        _rule(containerFilter={"includedContainers": ["OU=x"]}),
        f"{RULE} / containers / OU=x: included (new)",
        "scope",
        "rule_changed",
    ),
    "group": (
        _rule(groupFilter={"includedGroups": ["CN=g"]}),
        f"{RULE} / groups / CN=g: included (new)",
        "scope",
        "rule_changed",
    ),
    "unknown in an object mapping": (
        lambda one: _users(one).update(newInGraph="x"),
        "User → User / newInGraph: x (new)",
        "mapping",
        "property_changed",
    ),
    "metadata of an object mapping": (
        lambda one: _users(one)["metadata"].append({"key": "New", "value": '"x"'}),
        "User → User / metadata / New: x (new)",
        "mapping",
        "metadata_changed",
    ),
    "rule priority": (_rule(priority=7), f"{RULE} / priority: 1 → 7", "mapping", "rule_changed"),
    "rule directory": (
        _rule(targetDirectoryName="scim"),
        f"{RULE} / target directory: customappsso → scim",
        "mapping",
        "rule_changed",
    ),
    "rule added": (
        lambda one: one["synchronizationRules"].append(
            {"name": "New", "sourceDirectoryName": "A", "targetDirectoryName": "B"}
        ),
        "rule / New: A → B (new)",
        "mapping",
        "rule_added",
    ),
    "attribute type": (
        _attribute(type="Boolean"),
        f"{OBJECT} / id / type: String → Boolean",
        "mapping",
        "attribute_definition_changed",
    ),
    "attribute required": (
        _attribute(required=True),
        f"{OBJECT} / id / required: false → true",
        "mapping",
        "attribute_definition_changed",
    ),
    "attribute reference": (
        _attribute(referencedObjects=[{"referencedObjectName": "User", "referencedProperty": None}]),
        f'{OBJECT} / id / referencedObjects: {{"referencedObjectName": "User"}} (new)',
        "mapping",
        "attribute_definition_changed",
    ),
    "attribute API expression": (
        _attribute(apiExpressions=[{"key": "get", "value": "wd:Id/text()"}]),
        f'{OBJECT} / id / apiExpressions: {{"key": "get", "value": "wd:Id/text()"}} (new)',
        "mapping",
        "attribute_definition_changed",
    ),
    "attribute metadata": (
        _attribute(metadata=[{"key": "MaximumLength", "value": 7}]),
        f"{OBJECT} / id / metadata / MaximumLength: 7 (new)",
        "mapping",
        "metadata_changed",
    ),
    "attribute added": (
        lambda one: _objects(one)[0]["attributes"].append(
            {"name": "costCenter", "type": "String", "multivalued": True, "defaultValue": "0"}
        ),
        f'{OBJECT} / costCenter: type String, multivalued true, defaultValue "0" (new)',
        "mapping",
        "attribute_definition_added",
    ),
    "object added": (
        lambda one: _objects(one).append({"name": "Device", "attributes": [{"name": "id"}]}),
        "directory / customappsso / Device: 1 attribute (new)",
        "mapping",
        "object_definition_added",
    ),
    "directory removed": (
        lambda one: one["directories"].pop(1),
        "directory / customappsso: removed (was 2 objects)",
        "mapping",
        "directory_removed",
    ),
    "unknown in the schema": (
        lambda one: one.update(newInGraph=[1]),
        'schema / newInGraph: ["1"] (new)',
        "mapping",
        "property_changed",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_exactly_one_difference(edit: str) -> None:
    change, sentence, risk, kind = EDITS[edit]
    before, after = example("customappsso_full"), example("customappsso_full")
    change(after)
    told = difference(before, after)
    assert [Change(one.name, one.before, one.after, None).sentence for one in told] == [sentence]
    assert [(one.risk, one.kind) for one in told] == [(risk, kind)]
