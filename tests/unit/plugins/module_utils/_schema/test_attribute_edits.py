# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attribute mappings in shorthand: exact per target, what is not given stays, what means the same is not touched."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.examples import example

Schema = dict[str, t.Any]
FULL = "customappsso_full"


def _users(schema: Schema) -> dict[str, t.Any]:
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    found: dict[str, t.Any] = next(one for one in mappings if one["sourceObjectName"] == "User")
    return found


def _of(schema: Schema, target: str) -> list[dict[str, t.Any]]:
    return [one for one in _users(schema)["attributeMappings"] if one["targetAttributeName"] == target]


def _edit(schema: Schema, *attributes: dict[str, t.Any], **options: t.Any) -> Schema:
    return edited(schema, Wishes([{"source": "User", "attributes": list(attributes), **options}]))


def _with(*mappings: dict[str, t.Any]) -> Schema:
    """Return the example with several mappings of the target title."""
    schema = example(FULL)
    users = _users(schema)
    others = [one for one in users["attributeMappings"] if one["targetAttributeName"] != "title"]
    users["attributeMappings"] = [*others, *({"targetAttributeName": "title", **one} for one in mappings)]
    return schema


def _direct(name: str) -> dict[str, t.Any]:
    return {"expression": f"[{name}]", "name": name, "parameters": [], "type": "Attribute"}


MAIL, DEPARTMENT, CITY = ({"source": _direct(one)} for one in ("mail", "department", "city"))

SOURCES: list[tuple[dict[str, t.Any], t.Any]] = [
    ({"attribute": "mail"}, _direct("mail")),
    ({"constant": "A"}, {"expression": '"A"', "name": "A", "parameters": [], "type": "Constant"}),
    ({"constant": ""}, {"expression": '""', "name": "", "parameters": [], "type": "Constant"}),
    ({"expression": " [mail]\n"}, _direct("mail")),
    ({"expression": "ToLower([mail])\n"}, {"expression": "ToLower([mail])", "type": "Function"}),
    ({"default_only": True, "default": "x"}, None),
]


@pytest.mark.parametrize(("given", "source"), SOURCES)
def test_sources(given: dict[str, t.Any], source: t.Any) -> None:
    [mapping] = _of(_edit(example(FULL), {"target": "title", **given}), "title")
    assert mapping["source"] == source


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"default": "x"}, "defaultValue", "x"),
        ({"matching_priority": 7}, "matchingPriority", 7),
        ({"apply": "on_create"}, "flowType", "ObjectAddOnly"),
        ({"apply": "multi_value_add_only"}, "flowType", "MultiValueAddOnly"),
        ({"flow_behavior": "always"}, "flowBehavior", "FlowAlways"),
    ],
)
def test_one_field_changes_and_the_others_stay(given: dict[str, t.Any], name: str, value: t.Any) -> None:
    schema = example(FULL)
    _of(schema, "title")[0].update(newInGraph=[1])
    after = _edit(schema, {"target": "title", **given})
    _of(schema, "title")[0][name] = value
    assert json.dumps(after) == json.dumps(schema)


def test_an_empty_default_and_priority_0_take_away() -> None:
    schema = _with({**MAIL, "defaultValue": "x", "matchingPriority": 5})
    [mapping] = _of(_edit(schema, {"target": "title", "default": "", "matching_priority": 0}), "title")
    assert (mapping["defaultValue"], mapping["matchingPriority"]) == (None, 0)


def test_a_new_mapping_has_all_fields_and_stands_at_the_end() -> None:
    schema = _with()
    after = _edit(schema, {"target": "title", "attribute": "mail"})
    assert _users(after)["attributeMappings"][:-1] == _users(schema)["attributeMappings"]
    assert _users(after)["attributeMappings"][-1] == {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "source": _direct("mail"),
        "targetAttributeName": "title",
    }


SAME: list[tuple[dict[str, t.Any], dict[str, t.Any]]] = [
    ({"source": {"name": "mail", "type": "Attribute"}}, {"attribute": "mail"}),
    ({"source": {"expression": 'Join( "a b",[mail] )', "name": "Join"}}, {"expression": 'Join("a b", [mail])'}),
    ({**MAIL, "defaultValue": ""}, {"default": ""}),
    ({**MAIL, "defaultValue": None}, {"default": ""}),
    ({**MAIL}, {"default": "", "matching_priority": 0, "apply": "always", "flow_behavior": "when_changed"}),
    ({**MAIL, "matchingPriority": "4", "flowType": None}, {"matching_priority": 4, "apply": "always"}),
    ({"source": None, "defaultValue": "x"}, {"default_only": True}),
    ({"defaultValue": "x"}, {"default_only": True, "default": "x"}),
    ({**MAIL}, {}),
]


@pytest.mark.parametrize(("there", "given"), SAME)
def test_what_means_the_same_is_not_touched(there: dict[str, t.Any], given: dict[str, t.Any]) -> None:
    schema = _with(there)
    assert json.dumps(_edit(schema, {"target": "title", **given})) == json.dumps(schema)


def test_absent_removes_all_mappings_of_a_target() -> None:
    absent = {"target": "title", "state": "absent"}
    assert _edit(_with(MAIL, CITY), absent) == _with()
    assert _edit(_with(), absent) == _with()


def test_several_mappings_of_one_target_are_paired_by_what_they_say() -> None:
    schema = _with({**MAIL, "unknown": 1}, {**CITY, "unknown": 2})
    listed = [{"target": "title", "attribute": one} for one in ("city", "mail")]
    assert json.dumps(_edit(schema, *listed)) == json.dumps(schema)
    [mail, department] = _of(_edit(schema, {"target": "title", "attribute": "department"}, listed[1]), "title")
    assert mail == {"targetAttributeName": "title", **MAIL, "unknown": 1}
    assert department == {"targetAttributeName": "title", **DEPARTMENT, "unknown": 2}


def test_listed_mappings_are_all_that_their_target_keeps() -> None:
    assert _edit(_with(MAIL, CITY, DEPARTMENT), {"target": "title", "attribute": "city"}) == _with(CITY)
    after = _edit(_with(MAIL), *({"target": "title", "attribute": one} for one in ("city", "mail", "department")))
    assert [one["source"]["name"] for one in _of(after, "title")] == ["mail", "city", "department"]


def test_which_mapping_is_changed_does_not_depend_on_the_order_of_the_document() -> None:
    wish = {"target": "title", "default": "x"}
    [one] = _of(_edit(_with(MAIL, CITY), wish), "title")
    [other] = _of(_edit(_with(CITY, MAIL), wish), "title")
    assert one == other


def test_purge_removes_what_is_not_listed() -> None:
    listed = [{"target": "userName"}, {"target": "active"}]
    after = _edit(example(FULL), *listed, purge_attributes=True)
    kept = [one for one in _users(example(FULL))["attributeMappings"] if one["targetAttributeName"] in _names(listed)]
    assert len(kept) == 2
    assert _users(after)["attributeMappings"] == kept
    assert _edit(example(FULL), *listed) == example(FULL)


def _names(listed: list[dict[str, t.Any]]) -> set[str]:
    return {one["target"] for one in listed}


def test_nothing_listed_is_nothing_done() -> None:
    nothing: list[t.Any] = [None, []]
    for attributes in nothing:
        assert edited(example(FULL), Wishes([{"source": "User", "attributes": attributes}])) == example(FULL)
    purged = edited(example(FULL), Wishes([{"source": "User", "attributes": [], "purge_attributes": True}]))
    assert _users(purged)["attributeMappings"] == []


PROBLEMS: list[tuple[list[dict[str, t.Any]], str]] = [
    (
        [{"target": "title", "attribute": "departmnt"}],
        "The source object User has no attribute 'departmnt'. Nearest: department.",
    ),
    (
        [{"target": "title", "expression": 'Join("[x]", [surname], [givenNam])'}],
        "The source object User has no attribute 'givenNam'. Nearest: givenName.",
    ),
    (
        [{"target": "usrName", "attribute": "mail"}],
        "The target object urn:ietf:params:scim:schemas:extension:enterprise:2.0:User has no attribute "
        "'usrName'. Nearest: userName.",
    ),
    (
        [{"target": "profileUrl"}],
        "The mapping of profileUrl needs a source (attribute, constant, expression) or a default.",
    ),
    (
        [{"target": "profileUrl", "matching_priority": 0}],
        "The mapping of profileUrl needs a source (attribute, constant, expression) or a default.",
    ),
    (
        [{"target": "profileUrl", "default_only": True}],
        "The mapping of profileUrl needs a source (attribute, constant, expression) or a default.",
    ),
    (
        [{"target": "title", "default_only": True}],
        "The mapping of title needs a source (attribute, constant, expression) or a default.",
    ),
    (
        [{"target": "title", "matching_priority": 1}],
        "matching_priority 1 is given to several attributes: title, userName.",
    ),
    (
        [{"target": "title", "matching_priority": -1}],
        "The matching_priority of title is below 0; 0 means that it does not match.",
    ),
    (
        [{"target": "title", "expression": " "}],
        "The expression of title is empty; default_only is how a mapping has no source.",
    ),
    (
        [{"target": "title", "expression": f"[{'x' * 9_999}]"}],
        "The expression of title has 10,001 characters; 10,000 are allowed.",
    ),
    (
        [{"target": "title", "attribute": "a", "constant": "b"}],
        "The mapping of title has several sources: attribute, constant.",
    ),
    (
        [{"target": "title", "state": "absent"}, {"target": "title", "attribute": "mail"}],
        "The target attribute title of the object mapping of User is listed as present and as absent.",
    ),
]


@pytest.mark.parametrize(("attributes", "message"), PROBLEMS)
def test_problems(attributes: list[dict[str, t.Any]], message: str) -> None:
    schema = example(FULL)
    assert not _of(schema, "profileUrl")
    with pytest.raises(SchemaProblem) as caught:
        _edit(schema, *attributes)
    assert caught.value.message == message


def test_priorities_can_change_places() -> None:
    schema = _with({**MAIL, "matchingPriority": 2})
    swapped = [{"target": "title", "matching_priority": 1}, {"target": "userName", "matching_priority": 2}]
    assert _of(_edit(schema, *swapped), "userName")[0]["matchingPriority"] == 2


def test_priorities_that_were_given_twice_before_are_left_alone() -> None:
    schema = _with({**MAIL, "matchingPriority": 1})
    assert _of(_edit(schema, {"target": "title", "attribute": "city"}), "title")[0]["source"] == _direct("city")


def test_names_that_a_mapping_uses_already_are_known() -> None:
    schema = _with({"source": _direct("notInTheCatalogue")})
    _users(schema)["attributeMappings"].append({"targetAttributeName": "neither", **MAIL})
    after = _edit(schema, {"target": "neither", "attribute": "notInTheCatalogue"})
    assert _of(after, "neither")[0]["source"] == _direct("notInTheCatalogue")


def test_where_an_object_is_not_defined_the_service_decides() -> None:
    schema = example(FULL)
    for directory in schema["directories"]:
        directory["objects"] = []
    after = _edit(schema, {"target": "anything", "attribute": "whatever"})
    assert _of(after, "anything")[0]["source"] == _direct("whatever")


def test_exact_gives_fields_that_are_missing_their_default() -> None:
    schema = _with({**MAIL, "defaultValue": "x", "matchingPriority": 5, "flowType": "ObjectAddOnly", "unknown": 1})
    document = Wishes([{"source": "User", "attributes": [{"target": "title", "attribute": "mail"}]}], exact=True)
    after = edited(copy.deepcopy(schema), document)
    assert _users(after)["attributeMappings"] == [
        {
            "targetAttributeName": "title",
            **MAIL,
            "defaultValue": None,
            "matchingPriority": 0,
            "flowType": "Always",
            "unknown": 1,
        }
    ]


def test_exact_needs_a_source_or_a_default_too() -> None:
    with pytest.raises(SchemaProblem, match="title says neither a source nor a default"):
        edited(example(FULL), Wishes([{"source": "User", "attributes": [{"target": "title"}]}], exact=True))
