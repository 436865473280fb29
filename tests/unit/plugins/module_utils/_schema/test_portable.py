# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Portable documents: they say all that an admin decides, in one way only, and applying them gives just that."""

from __future__ import annotations

import copy
import json
import random
import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import is_portable, portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable_text import as_yaml
from ansible_collections.entra.provisioning.plugins.module_utils._schema_options import MAPPINGS
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise
from ansible_collections.entra.provisioning.tests.unit.schemas_made import schemas
from hypothesis import given, settings
from hypothesis import strategies as st

Raw = dict[str, t.Any]
CUSTOMAPPSSO = ("customappsso_default", "customappsso_full", "customappsso_full.server_echo")
EXTENSION = "extension_0123456789abcdef0123456789abcdef_floor"
seeds = st.integers(0, 2**32)


def _applied(document: Raw, schema: Raw, template: Raw | None = None) -> Raw:
    return edited(schema, Wishes(exact=True, **document), template)


def _through_ansible(document: Raw) -> Raw:
    """Return a document as a module gets it: every key of the spec is there."""
    result = ArgumentSpecValidator(MAPPINGS.spec).validate(copy.deepcopy(document))
    assert result.error_messages == []
    return {name: value or [] for name, value in result.validated_parameters.items()}


def _one_mapping(**more: t.Any) -> Raw:
    mapping = {"sourceObjectName": "User", "targetObjectName": "user", "attributeMappings": [], **more}
    return {"synchronizationRules": [{"name": "R", "objectMappings": [mapping]}], "directories": []}


def _one_attribute(**more: t.Any) -> Raw:
    schema = _one_mapping(attributeMappings=[{"targetAttributeName": "x", **more}])
    found: Raw = portable(schema)["object_mappings"][0]["attributes"][0]
    return found


def test_the_document_of_a_schema() -> None:
    document = portable(example("customappsso_full"))
    group, user = document["object_mappings"]
    assert group == {
        "source": "Group",
        "target": "urn:ietf:params:scim:schemas:core:2.0:Group",
        "name": "Provision Azure Active Directory Groups",
        "attributes": [
            {"target": "displayName", "attribute": "displayName", "matching_priority": 1},
            {"target": "externalId", "attribute": "objectId"},
            {"target": "members", "attribute": "members"},
        ],
    }
    by_target = {one["target"]: one for one in user["attributes"]}
    assert len(by_target) == len(user["attributes"]) == 31
    assert by_target["userType"] == {"target": "userType", "constant": "Employee"}
    assert by_target["timezone"] == {"target": "timezone", "default_only": True, "default": "Europe/Amsterdam"}
    assert by_target["nickName"] == {
        "target": "nickName",
        "expression": 'Replace([mail], "@contoso.com", , , "", , )',
        "apply": "on_create",
    }
    assert [one["name"] for one in user["scope"]] == ["Contractor ids", "Sales in NL"]
    assert user["scope"][1]["clauses"][-1] == {"attribute": "mail", "operator": "IS NOT NULL"}
    assert [(one["directory"], one["object"].rsplit(":", 1)[-1]) for one in document["custom_attributes"]] == [
        ("source", "User"),
        ("target", "User"),
    ]
    assert "rules" not in document


def test_a_list_of_containers_may_hold_nulls() -> None:
    """The official type allows them."""
    schema = example("api2aad_inbound")
    rule = schema["synchronizationRules"][0]
    rule["containerFilter"] = {"includedContainers": ["OU=Staff", None, "OU=All"]}
    (found,) = portable(schema)["rules"]
    assert sorted(map(str, found["containers"])) == ["None", "OU=All", "OU=Staff"]


def test_containers_and_filters_of_the_input() -> None:
    document = portable(example("ad2aad_cloud_sync_excerpt"))
    assert document["rules"] == [{"containers": ["OU=Staff,DC=contoso,DC=com"]}]
    assert [len(one["input_scope"]) for one in document["object_mappings"]] == [1, 1]
    assert all("scope" not in one and "rule" not in one for one in document["object_mappings"])


def test_the_rule_is_named_where_there_are_several() -> None:
    schema = _one_mapping()
    second = {**copy.deepcopy(schema["synchronizationRules"][0]), "name": None, "id": "other"}
    second["groupFilter"] = {"includedGroups": ["b", "a"]}
    schema["synchronizationRules"].append(second)
    document = portable(schema)
    assert [one["rule"] for one in document["object_mappings"]] == ["R", "other"]
    assert document["rules"] == [{"rule": "other", "groups": ["a", "b"]}]


def test_what_is_usual_is_not_said() -> None:
    usual = {"enabled": True, "flowTypes": "Update, Delete,Add", "scope": {"groups": []}, "name": ""}
    assert portable(_one_mapping(**usual))["object_mappings"] == [
        {"source": "User", "target": "user", "attributes": []}
    ]


def test_what_is_not_usual_is() -> None:
    said = portable(_one_mapping(enabled=False, flowTypes="Update,Add"))["object_mappings"][0]
    assert (said["enabled"], said["flow_types"]) == (False, ["Add", "Update"])
    assert portable(_one_mapping(flowTypes="None"))["object_mappings"][0]["flow_types"] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"name": "mail", "type": "Attribute"}, {"attribute": "mail"}),
        ({"expression": " [mail]  "}, {"attribute": "mail"}),
        ({"expression": '""', "name": "", "type": "Constant"}, {"constant": ""}),
        ({"expression": '"a\\"b"', "type": "Constant"}, {"constant": 'a"b'}),
        ({"expression": '"a\\d"', "type": "Constant"}, {"expression": '"a\\d"'}),
        ({"expression": 'Join( "," ,[a,b] ,,[c] )'}, {"expression": 'Join(",", [a,b], , [c])'}),
        ({"expression": 'BitAnd([a],2) = "0"'}, {"expression": 'BitAnd([a], 2)="0"'}),
        (None, {"default_only": True}),
        ({"expression": "", "name": ""}, {"default_only": True}),
    ],
)
def test_a_source_is_said_in_the_shortest_way(source: t.Any, said: Raw) -> None:
    assert _one_attribute(source=source) == {"target": "x", **said}


def test_fields_of_an_attribute_mapping() -> None:
    assert _one_attribute(
        source={"expression": "[a]"}, defaultValue="d", matchingPriority="2", flowType="ValueAddOnly"
    ) == {"target": "x", "attribute": "a", "default": "d", "matching_priority": 2, "apply": "value_add_only"}
    assert _one_attribute(source={"expression": "[a]"}, flowBehavior="FlowAlways")["flow_behavior"] == "always"


def test_several_mappings_of_one_target_stay_several() -> None:
    sources = [{"expression": text} for text in ("[b]", "[a]", "[a]")]
    schema = _one_mapping(attributeMappings=[{"targetAttributeName": "x", "source": one} for one in sources])
    said = portable(schema)["object_mappings"][0]["attributes"]
    assert [one["attribute"] for one in said] == ["a", "a", "b"]


def test_in_active_directory_one_entry_is_for_all_objects_that_have_it() -> None:
    schema = example("ad2aad_cloud_sync_excerpt")
    user, person = schema["directories"][0]["objects"]
    user["attributes"].append({"name": EXTENSION})
    assert portable(schema)["custom_attributes"] == [{"directory": "source", "object": "user", "name": EXTENSION}]
    assert difference(schema, _applied(portable(schema), schema)) == []
    person["attributes"].append({"name": EXTENSION})
    assert portable(schema)["custom_attributes"] == [{"directory": "source", "name": EXTENSION}]


def test_a_directory_that_the_rules_do_not_agree_on_keeps_its_name() -> None:
    schema = example("customappsso_full")
    rule = schema["synchronizationRules"][0]
    other = {**rule, "name": "Back", "id": "2", "objectMappings": []}
    other["sourceDirectoryName"], other["targetDirectoryName"] = (
        rule["targetDirectoryName"],
        rule["sourceDirectoryName"],
    )
    schema["synchronizationRules"].append(other)
    assert [one["directory"] for one in portable(schema)["custom_attributes"]] == [
        "Azure Active Directory",
        "customappsso",
    ]


@pytest.mark.parametrize("name", SCHEMAS)
def test_which_document_is_portable(name: str) -> None:
    schema = example(name)
    assert not is_portable(schema)
    assert is_portable(portable(schema))
    assert not is_portable({**schema, "object_mappings": []})
    assert not is_portable({})


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_module_takes_it(name: str) -> None:
    document = portable(example(name))
    wishes = _through_ansible(document)
    assert difference(example(name), _applied(wishes, example(name))) == []
    assert portable(wishes) == document


def test_a_portable_document_written_by_hand_gets_the_one_spelling() -> None:
    attributes = [
        {"target": "b", "expression": " [mail] ", "default": "", "apply": "always", "state": "present"},
        {"target": "a", "constant": "", "matching_priority": 0, "default_only": None},
        {"target": "c", "attribute": "x", "state": "absent"},
    ]
    scope = [{"clauses": [{"values": ["2", "1"], "operator": "EQUALS", "attribute": "a"}], "name": "S"}]
    document = {
        "rules": [{"containers": None, "groups": []}],
        "object_mappings": [
            {"source": "Z", "target": "z", "flow_types": ["Delete", "Add", "Update"], "state": "present"},
            {"attributes": attributes, "source": "A", "target": "a", "enabled": True, "scope": scope},
        ],
    }
    before = copy.deepcopy(document)
    said = portable(document)
    assert said == {
        "object_mappings": [
            {
                "source": "A",
                "target": "a",
                "attributes": [{"target": "a", "constant": ""}, {"target": "b", "attribute": "mail"}],
                "scope": [{"name": "S", "clauses": [{"attribute": "a", "operator": "EQUALS", "values": ["1", "2"]}]}],
            },
            {"source": "Z", "target": "z", "attributes": []},
        ]
    }
    assert portable(said) == said
    assert document == before


@pytest.mark.parametrize("name", SCHEMAS)
@given(seed=seeds)
@settings(max_examples=8, deadline=None)
def test_noise_gives_the_same_text(name: str, seed: int) -> None:
    schema = example(name)
    noisy = Noise(seed)(schema)
    assert as_yaml(portable(noisy)) == as_yaml(portable(schema))
    assert as_yaml(portable(noisy, schema)) == as_yaml(portable(schema, schema))
    assert difference(schema, _applied(portable(noisy), schema)) == []
    assert difference(noisy, _applied(portable(schema), noisy)) == []


@given(schema=schemas(), seed=seeds)
@settings(max_examples=40, deadline=None)
def test_of_any_schema_export_and_apply_is_no_difference(schema: Raw, seed: int) -> None:
    before = copy.deepcopy(schema)
    document = portable(schema)
    assert json.dumps(portable(document)) == json.dumps(document)
    assert json.dumps(portable(Noise(seed)(schema))) == json.dumps(document)
    assert difference(schema, _applied(_through_ansible(document), schema)) == []
    assert schema == before


@pytest.mark.parametrize("with_template", [True, False])
@pytest.mark.parametrize("name", CUSTOMAPPSSO)
@given(other=st.sampled_from(CUSTOMAPPSSO), seed=seeds)
@settings(max_examples=8, deadline=None)
def test_a_document_makes_another_job_the_same(name: str, with_template: bool, other: str, seed: int) -> None:
    template = example("customappsso_default") if with_template else None
    document = portable(_altered(example(name), seed), template)
    after = _applied(document, _altered(example(other), seed + 1), template)
    assert portable(after, template) == document


@given(one=schemas(), two=schemas())
@settings(max_examples=40, deadline=None)
def test_any_document_makes_any_job_of_its_template_the_same(one: Raw, two: Raw) -> None:
    rules = [
        {**own, "objectMappings": copy.deepcopy(other["objectMappings"])}
        for own, other in zip(_by_name(one), _by_name(two) * 2)
    ]
    job = {**two, "synchronizationRules": rules}
    document = portable(_sound(one))
    assert portable(_applied(_through_ansible(document), job)) == document


def _by_name(schema: Raw) -> list[Raw]:
    return sorted(schema["synchronizationRules"], key=lambda rule: str(rule["name"]))


def _sound(schema: Raw) -> Raw:
    """Give clauses as many values as their operators take."""
    schema = copy.deepcopy(schema)
    for rule in schema["synchronizationRules"]:
        for mapping in rule["objectMappings"]:
            scope = mapping.get("scope") or {}
            for group in [*(scope.get("groups") or []), *(scope.get("inputFilterGroups") or [])]:
                group["clauses"] = group["clauses"] or [{"sourceOperandName": "mail", "operatorName": "IS NULL"}]
                for clause in group["clauses"]:
                    unary = clause["operatorName"].startswith("IS ")
                    values = (clause.get("targetOperand") or {}).get("values")
                    clause["targetOperand"] = {"values": [] if unary else values or ["1"]}
    return schema


def _altered(schema: Raw, seed: int) -> Raw:
    """Return a schema after an admin's work: other mappings, scopes and custom attributes."""
    chance = random.Random(seed)
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        ones = mapping["attributeMappings"]
        for one in chance.sample(ones, chance.randint(0, 3)):
            ones.remove(one)
        for one in chance.sample(ones, min(len(ones), chance.randint(0, 3))):
            ones.append({**copy.deepcopy(one), "defaultValue": chance.choice([None, "x"]), "matchingPriority": 0})
        clause = {"sourceOperandName": "displayName", "operatorName": "EQUALS", "targetOperand": {"values": ["a"]}}
        names = [None, "Sales in NL", "Other"]
        groups = [{"name": name, "clauses": [clause]} for name in chance.sample(names, chance.randint(0, 3))]
        mapping["scope"] = chance.choice([mapping.get("scope"), None, {"groups": groups, "inputFilterGroups": groups}])
        mapping["flowTypes"] = chance.choice(["Add,Update,Delete", "Add, Update"])
        mapping["enabled"] = chance.choice([True, False])
        mapping["name"] = chance.choice([mapping.get("name"), "Other"])
    for directory in schema["directories"]:
        for one in chance.sample(directory["objects"], chance.randint(0, 2)):
            fields = {"type": chance.choice(["String", "DateTime"]), "multivalued": chance.choice([True, False])}
            one["attributes"].append({"name": EXTENSION, **fields})
    chance.shuffle(schema["synchronizationRules"][0]["objectMappings"])
    return schema
