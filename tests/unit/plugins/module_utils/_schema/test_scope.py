# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scoping filters in shorthand: groups by name, or by content where they have none; order carries no meaning."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.examples import example

Schema = dict[str, t.Any]

DEPARTMENT = {"attribute": "department", "operator": "EQUALS", "values": ["Sales"]}
COUNTRY = {"attribute": "country", "operator": "EQUALS", "values": ["NL"]}
MAIL: dict[str, t.Any] = {"attribute": "mail", "operator": "IS NOT NULL", "values": []}
SALES = {"name": "Sales in NL", "clauses": [MAIL, COUNTRY, DEPARTMENT]}
NEW = {"name": "New", "clauses": [DEPARTMENT]}


def _users(schema: Schema) -> dict[str, t.Any]:
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    found: dict[str, t.Any] = next(one for one in mappings if one["sourceObjectName"] in ("User", "user"))
    return found


def _raw(wish: dict[str, t.Any]) -> dict[str, t.Any]:
    return {
        "name": wish.get("name"),
        "clauses": [
            {
                "operatorName": one["operator"],
                "sourceOperandName": one["attribute"],
                "targetOperand": {"values": one["values"]},
            }
            for one in wish["clauses"]
        ],
    }


def _schema(*groups: dict[str, t.Any]) -> Schema:
    """Return the example with these groups as its scope."""
    schema = example("customappsso_full")
    _users(schema)["scope"]["groups"] = list(groups)
    return schema


def _edit(schema: Schema, *groups: dict[str, t.Any], **options: t.Any) -> Schema:
    return edited(schema, Wishes([{"source": _users(schema)["sourceObjectName"], "scope": list(groups), **options}]))


def _groups(schema: Schema) -> list[t.Any]:
    return t.cast("list[t.Any]", _users(schema)["scope"]["groups"])


def test_a_group_that_means_the_same_is_not_touched() -> None:
    schema = example("customappsso_full")
    _groups(schema)[0]["clauses"][0]["targetOperand"]["newInGraph"] = 1
    assert json.dumps(_edit(schema, SALES)) == json.dumps(schema)


def test_a_group_is_replaced_by_name_and_equal_clauses_stay_as_they_are() -> None:
    schema = example("customappsso_full")
    _groups(schema)[0]["newInGraph"] = 1
    _groups(schema)[0]["clauses"][2]["targetOperand"] = None
    after = _edit(schema, {"name": "Sales in NL", "clauses": [MAIL, {**COUNTRY, "values": ["BE"]}]})
    assert _groups(after)[0] == {
        "name": "Sales in NL",
        "clauses": [
            {"operatorName": "IS NOT NULL", "sourceOperandName": "mail", "targetOperand": None},
            {"operatorName": "EQUALS", "sourceOperandName": "country", "targetOperand": {"values": ["BE"]}},
        ],
        "newInGraph": 1,
    }
    assert _groups(after)[1:] == _groups(schema)[1:]


def test_the_order_of_values_and_clauses_is_no_difference() -> None:
    both = {**DEPARTMENT, "values": ["B", "A"]}
    schema = _schema(_raw({"name": "G", "clauses": [both, MAIL]}))
    wish = {"name": "G", "clauses": [MAIL, {**DEPARTMENT, "values": ["A", "B"]}]}
    assert json.dumps(_edit(schema, wish)) == json.dumps(schema)


def test_a_new_group_comes_last() -> None:
    schema = example("customappsso_full")
    assert _groups(_edit(schema, NEW)) == [*_groups(schema), _raw(NEW)]


def test_groups_are_removed_by_name_by_purge_and_by_an_empty_list() -> None:
    schema = example("customappsso_full")
    sales, contractors = _groups(schema)
    assert _groups(_edit(schema, {"name": "Sales in NL", "state": "absent"})) == [contractors]
    assert _groups(_edit(schema, SALES, purge_scope=True)) == [sales]
    assert _groups(_edit(schema)) == []
    assert _edit(schema, {"name": "Unknown", "state": "absent"}) == schema


def test_groups_without_a_name_are_found_by_content() -> None:
    one, other = ({"clauses": [clause]} for clause in (MAIL, COUNTRY))
    schema = _schema(_raw(one), _raw(NEW))
    assert json.dumps(_edit(schema, one)) == json.dumps(schema)
    assert _groups(_edit(schema, other)) == [_raw(one), _raw(NEW), _raw(other)]
    assert _groups(_edit(schema, {**one, "state": "absent"})) == [_raw(NEW)]
    assert _groups(_edit(schema, other, purge_scope=True)) == [_raw(other)]
    assert _groups(_edit(schema, NEW, purge_scope=True)) == [_raw(NEW)]


def test_two_groups_of_one_name() -> None:
    first, second = ({"name": "G", "clauses": [clause]} for clause in (MAIL, COUNTRY))
    schema = _schema(_raw(first), _raw(second))
    assert json.dumps(_edit(schema, second, first)) == json.dumps(schema)
    assert _groups(_edit(schema, second)) == [_raw(second)]


def test_only_the_list_that_is_named_changes() -> None:
    schema = example("ad2aad_cloud_sync_excerpt")
    wish = {"name": "G", "clauses": [{**MAIL, "attribute": "sAMAccountName"}]}
    before = dict(_users(schema)["scope"])
    assert _users(_edit(schema, wish))["scope"] == {**before, "groups": [_raw(wish)]}
    source = {"source": "user", "input_scope": [wish], "purge_scope": True}
    assert _users(edited(schema, Wishes([source])))["scope"] == {**before, "inputFilterGroups": [_raw(wish)]}


def test_no_filter_stays_no_filter() -> None:
    filters: list[t.Any] = [None, {"groups": None}, {"inputFilterGroups": []}]
    for scope in filters:
        schema = example("customappsso_full")
        _users(schema)["scope"] = scope
        assert json.dumps(_edit(schema)) == json.dumps(schema)
    schema = example("customappsso_default")
    assert _users(_edit(schema, NEW))["scope"] == {
        "categoryFilterGroups": [],
        "groups": [_raw(NEW)],
        "inputFilterGroups": [],
    }


PROBLEMS: list[tuple[list[dict[str, t.Any]], str]] = [
    (
        [{"name": "G", "clauses": [{**MAIL, "attribute": "mial"}]}],
        "The source object User has no attribute 'mial'. Nearest: mail, mobile.",
    ),
    ([{"name": "G", "clauses": [{**MAIL, "values": ["x"]}]}], "The clause 'mail IS NOT NULL' takes no values."),
    ([{"name": "G", "clauses": [{**COUNTRY, "values": []}]}], "The clause 'country EQUALS' needs at least one value."),
    (
        [{"name": "G", "clauses": [{**COUNTRY, "values": None}]}],
        "The clause 'country EQUALS' needs at least one value.",
    ),
    (
        [{"name": "G", "everyone": True, "clauses": [MAIL]}],
        "The group G in scope of the object mapping of User has clauses, so it does not let everyone in: leave out one "
        "of the two.",
    ),
    (
        [{"name": "G", "clauses": []}],
        "The group G in scope of the object mapping of User needs clauses: without any it lets everybody in. Where "
        "that is meant, say everyone: true.",
    ),
    (
        [{"name": "G"}],
        "The group G in scope of the object mapping of User needs clauses: without any it lets everybody in. "
        "Where that is meant, say everyone: true.",
    ),
    ([{"state": "absent"}], "The group (unnamed) in scope of the object mapping of User needs clauses."),
    (
        [NEW, {"name": "New", "state": "absent"}],
        "The group New in scope of the object mapping of User is listed as present and as absent.",
    ),
    (
        [{"clauses": [MAIL]}, {"clauses": [MAIL], "state": "absent"}],
        "A scope group without a name is listed as present and as absent.",
    ),
]


@pytest.mark.parametrize(("groups", "message"), PROBLEMS)
def test_problems(groups: list[dict[str, t.Any]], message: str) -> None:
    with pytest.raises(SchemaProblem) as caught:
        _edit(example("customappsso_full"), *groups)
    assert caught.value.message == message


@pytest.mark.parametrize("values", [[], ["x"]])
def test_an_operator_that_is_not_known_is_the_services_business(values: list[str]) -> None:
    wish = {"name": "G", "clauses": [{**COUNTRY, "operator": "NEWER THAN", "values": values}]}
    assert _groups(_edit(_schema(), wish)) == [_raw(wish)]


@pytest.mark.parametrize("clauses", [None, []])
def test_a_group_may_let_everyone_in_where_that_is_said(clauses: list[t.Any] | None) -> None:
    wish = {"name": "G", "everyone": True, "clauses": clauses}
    assert _groups(_edit(_schema(), wish)) == [{"name": "G", "clauses": []}]
    unnamed = {"everyone": True, "clauses": clauses}
    assert _groups(_edit(_schema(), unnamed)) == [{"name": None, "clauses": []}]
    # What is there already stays as it is, and an exported document is accepted as it is.
    there = _schema(_raw({"name": "G", "clauses": []}))
    assert json.dumps(_edit(there, wish)) == json.dumps(there)


def test_exact_clears_what_is_not_listed_and_leaves_what_is() -> None:
    schema = _schema(_raw({"clauses": [{**MAIL, "values": [""]}]}), _raw({"name": "Empty", "clauses": []}), _raw(NEW))
    listed = [{"name": "Empty", "everyone": True}, {"clauses": [{**MAIL, "values": [""]}]}]
    after = edited(schema, Wishes([{"source": "User", "attributes": None, "scope": listed}], exact=True))
    assert _groups(after) == _groups(schema)[:2]
    assert _groups(edited(schema, Wishes([{"source": "User"}], exact=True))) == []
