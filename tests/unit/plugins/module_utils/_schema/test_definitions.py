# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom attributes in shorthand: definitions in a directory, in Active Directory on every object type."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.custom import custom_attributes
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.examples import example

Schema = dict[str, t.Any]
NAME = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:floor"
BADGE = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badgeId"
USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WISH = {"directory": "target", "object": USER, "name": NAME}


def _edit(schema: Schema, *customs: dict[str, t.Any], **more: t.Any) -> Schema:
    return edited(schema, Wishes(custom_attributes=customs, **more))


def _found(schema: Schema, name: str) -> list[tuple[str, str, dict[str, t.Any]]]:
    return [
        (directory["name"], one["name"], definition)
        for directory in schema["directories"]
        for one in directory["objects"]
        for definition in one["attributes"]
        if definition["name"] == name
    ]


def test_a_new_definition_has_all_fields_and_stands_at_the_end() -> None:
    schema = example("customappsso_full")
    after = _edit(schema, WISH)
    [(directory, one, definition)] = _found(after, NAME)
    assert (directory, one) == ("customappsso", USER)
    assert definition == {
        "anchor": False,
        "apiExpressions": [],
        "caseExact": False,
        "defaultValue": None,
        "flowNullValues": False,
        "metadata": [{"key": "IsCustomerDefined", "value": "true"}],
        "multivalued": False,
        "mutability": "ReadWrite",
        "name": NAME,
        "referencedObjects": [],
        "required": False,
        "type": "String",
    }
    assert json.dumps(_edit(after, {**WISH, "state": "absent"})) == json.dumps(schema)


FIELDS: list[tuple[str, t.Any, str, t.Any]] = [
    ("type", "Integer", "type", "Integer"),
    ("multivalued", True, "multivalued", True),
    ("required", True, "required", True),
    ("case_exact", True, "caseExact", True),
    ("flow_null_values", True, "flowNullValues", True),
    ("mutability", "ReadOnly", "mutability", "ReadOnly"),
    ("default", "x", "defaultValue", "x"),
    ("references", ["U"], "referencedObjects", [{"referencedObjectName": "U", "referencedProperty": None}]),
    (
        "api_expressions",
        {"b": "2", "a": "1"},
        "apiExpressions",
        [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}],
    ),
]
BACK = {
    "type": "String",
    "mutability": "ReadWrite",
    "default": "",
    "references": [],
    "api_expressions": {},
}


@pytest.mark.parametrize(("field", "given", "name", "value"), FIELDS)
def test_one_field_changes_and_goes_back(field: str, given: t.Any, name: str, value: t.Any) -> None:
    schema = _edit(example("customappsso_full"), WISH)
    schema["directories"][1]["objects"][0]["attributes"][-1]["newInGraph"] = 1
    [(*_place, before)] = _found(schema, NAME)
    after = _edit(schema, {**WISH, field: given})
    [(*_place, definition)] = _found(after, NAME)
    assert definition == {**before, name: value}
    assert json.dumps(_edit(after, {**WISH, field: given})) == json.dumps(after)
    assert json.dumps(_edit(after, {**WISH, field: BACK.get(field, False)})) == json.dumps(schema)
    assert json.dumps(_edit(after, {**WISH, field: None})) == json.dumps(after)


def test_defaults_that_are_left_out_are_not_touched() -> None:
    schema = example("customappsso_full")
    schema["directories"][1]["objects"][0]["attributes"].append({"name": NAME, "type": "String"})
    usual = {**WISH, **BACK, "multivalued": False, "required": False, "case_exact": False, "flow_null_values": False}
    assert json.dumps(_edit(schema, usual)) == json.dumps(schema)


def test_a_reference_that_is_there_stays_as_it_is() -> None:
    schema = example("customappsso_full")
    there = {"referencedObjectName": "U", "referencedProperty": "id"}
    schema["directories"][1]["objects"][0]["attributes"].append({"name": NAME, "referencedObjects": [there]})
    [(*_place, definition)] = _found(_edit(schema, {**WISH, "references": ["G", "U"]}), NAME)
    assert definition["referencedObjects"] == [{"referencedObjectName": "G", "referencedProperty": None}, there]


def test_directories_by_role_and_by_name() -> None:
    schema = example("customappsso_full")
    for directory in ("source", "Azure Active Directory"):
        [(name, one, _definition)] = _found(_edit(schema, {"directory": directory, "object": "User", "name": "x"}), "x")
        assert (name, one) == ("Azure Active Directory", "User")


def test_the_only_object_needs_no_name() -> None:
    [(name, one, _definition)] = _found(_edit(example("api2aad_inbound"), {"directory": "source", "name": "x"}), "x")
    assert (name, one) == ("API", "User")


@pytest.mark.parametrize("named", [{}, {"object": "user"}])
def test_active_directory_gets_it_on_every_object(named: dict[str, str]) -> None:
    schema = example("ad2aad_cloud_sync_excerpt")
    schema["directories"][0]["name"] = schema["synchronizationRules"][0]["sourceDirectoryName"] = "active directory"
    wish = {"directory": "source", "name": "x", **named}
    after = _edit(schema, wish)
    assert [one for _name, one, _definition in _found(after, "x")] == ["user", "inetOrgPerson"]
    assert json.dumps(_edit(after, {**wish, "state": "absent"})) == json.dumps(schema)


def test_exact_says_which_objects_of_active_directory_have_it() -> None:
    schema = example("ad2aad_cloud_sync_excerpt")
    wish = {"directory": "source", "name": "x", "object": "user"}
    assert [one for _name, one, _definition in _found(_edit(schema, wish, exact=True), "x")] == ["user"]


def test_mappings_of_the_same_task_know_it() -> None:
    schema = example("customappsso_full")
    mapping = {"source": "User", "attributes": [{"target": NAME, "attribute": "mail"}]}
    after = edited(schema, Wishes([mapping], custom_attributes=[WISH]))
    assert after["synchronizationRules"][0]["objectMappings"][1]["attributeMappings"][-1]["targetAttributeName"] == NAME
    with pytest.raises(SchemaProblem, match="has no attribute"):
        edited(schema, Wishes([mapping]))


def test_exact_removes_custom_ones_that_are_not_listed() -> None:
    schema = example("customappsso_full")
    customs = custom_attributes(schema)
    assert customs
    after = _edit(schema, exact=True)
    assert custom_attributes(after) == []
    assert _found(after, "userName") == _found(schema, "userName")


def test_exact_knows_the_custom_ones_by_the_template() -> None:
    schema, template = example("customappsso_full"), example("customappsso_full")
    schema["directories"][0]["objects"][0]["attributes"].append({"name": "plain", "type": "String"})
    assert len(_found(edited(schema, Wishes(exact=True)), "plain")) == 1
    assert _found(edited(schema, Wishes(exact=True), template), "plain") == []


def test_exact_gives_fields_that_are_missing_their_default() -> None:
    schema = _edit(example("customappsso_full"), {**WISH, "type": "Integer", "multivalued": True})
    [(*_place, definition)] = _found(_edit(schema, WISH, exact=True), NAME)
    assert (definition["type"], definition["multivalued"]) == ("String", False)


def test_what_a_mapping_uses_is_not_removed() -> None:
    schema = example("customappsso_full")
    absent = {"directory": "target", "object": USER, "name": BADGE, "state": "absent"}
    with pytest.raises(SchemaProblem) as caught:
        _edit(schema, absent)
    assert caught.value.message == (
        f"The custom attribute {BADGE} of {USER} cannot be removed: the mapping of {BADGE} uses it."
    )
    gone = {"source": "User", "attributes": [{"target": BADGE, "state": "absent"}]}
    assert _found(edited(schema, Wishes([gone], custom_attributes=[absent])), BADGE) == []


def test_what_a_scope_or_an_expression_uses_is_not_removed() -> None:
    schema = example("customappsso_full")
    for name, user in (("department", "the mapping of"), ("employeeId", "the scope group Contractor ids")):
        absent = {"directory": "source", "object": "User", "name": name, "state": "absent"}
        used = {"source": "User", "attributes": [{"target": "userName", "attribute": "mail", "matching_priority": 1}]}
        with pytest.raises(SchemaProblem, match=f"{name} of User cannot be removed: {user}"):
            wish = {**used, "purge_attributes": name == "employeeId"}
            edited(schema, Wishes([wish], custom_attributes=[absent]))


PROBLEMS: list[tuple[list[dict[str, t.Any]], str]] = [
    ([{**WISH, "directory": "customapp"}], "The schema has no directory 'customapp'. Nearest: customappsso."),
    ([{**WISH, "directory": "Source"}], "The schema has no directory 'Source'. Nearest: source."),
    (
        [{**WISH, "object": "Grup", "directory": "source"}],
        "The directory Azure Active Directory has no object 'Grup'. Nearest: Group.",
    ),
    (
        [{**WISH, "object": None}],
        "Say which object of customappsso gets "
        "urn:ietf:params:scim:schemas:extension:acme:2.0:User:floor; it has these: "
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User, "
        "urn:ietf:params:scim:schemas:core:2.0:Group.",
    ),
    ([WISH, {**WISH, "type": "Integer"}], f"The custom attribute {NAME} of {USER} is listed twice, differently."),
    (
        [WISH, {**WISH, "state": "absent"}],
        "The custom attribute urn:ietf:params:scim:schemas:extension:acme:2.0:User:floor of "
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User is listed twice, differently.",
    ),
    ([{**WISH, "name": " "}], "A custom attribute needs a name."),
]


@pytest.mark.parametrize(("customs", "message"), PROBLEMS)
def test_problems(customs: list[dict[str, t.Any]], message: str) -> None:
    with pytest.raises(SchemaProblem) as caught:
        _edit(example("customappsso_full"), *customs)
    assert caught.value.message == message


EXTENSION = "extension_53c9e2c0aaaabbbbccccddddeeeeffff_acmeCostCenter"


def test_a_directory_extension_in_another_case_is_refused() -> None:
    """The fixture defines it; mappings would take the two for different ones, the directory would not."""
    schema = example("customappsso_full")
    other = {"directory": "source", "object": "User", "name": EXTENSION.replace("acme", "Acme")}
    with pytest.raises(SchemaProblem, match=f"has the directory extension {EXTENSION}, which differs .* only in case"):
        _edit(schema, other)
    assert _edit(schema, {**other, "object": "Group"}) != schema
    assert _edit(schema, {**other, "name": EXTENSION}) == schema
    urn = {**WISH, "name": USER.replace("enterprise", "acme")}
    assert len(_found(_edit(schema, urn, {**urn, "name": urn["name"].upper()}), urn["name"])) == 1


def test_a_directory_extension_can_take_the_place_of_one_in_another_case() -> None:
    schema = example("customappsso_full")
    place = {"directory": "source", "object": "User"}
    new = EXTENSION.replace("acme", "Acme")
    unused = _edit(schema, {**place, "name": f"{EXTENSION}2"})
    after = _edit(unused, {**place, "name": f"{new}2"}, {**place, "name": f"{EXTENSION}2", "state": "absent"})
    assert len(_found(after, f"{new}2")) == 1
    assert _found(after, f"{EXTENSION}2") == []
