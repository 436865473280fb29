# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object mappings in shorthand: which one is meant, how a new one looks, what changes on it."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.examples import example

Schema = dict[str, t.Any]
USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def _mappings(schema: Schema, rule: int = 0) -> list[dict[str, t.Any]]:
    return t.cast("list[dict[str, t.Any]]", schema["synchronizationRules"][rule]["objectMappings"])


def _edit(schema: Schema, *wishes: dict[str, t.Any], exact: bool = False) -> Schema:
    return edited(schema, Wishes(wishes, exact=exact))


def _full() -> Schema:
    """Return the example with its group mapping first, then its user mapping."""
    return example("customappsso_full")


def _two_rules() -> Schema:
    """Return the example with a second rule that maps the same objects."""
    schema = _full()
    schema["synchronizationRules"].append({**copy.deepcopy(schema["synchronizationRules"][0]), "name": "SECOND"})
    return schema


@pytest.mark.parametrize(
    ("wish", "name", "value"),
    [
        ({"enabled": False}, "enabled", False),
        ({"name": "N"}, "name", "N"),
        ({"name": ""}, "name", None),
        ({"flow_types": ["Update", "Add"]}, "flowTypes", "Add,Update"),
    ],
)
def test_one_field_changes(wish: dict[str, t.Any], name: str, value: t.Any) -> None:
    schema = _full()
    after = _edit(schema, {"source": "User", **wish})
    _mappings(schema)[1][name] = value
    assert json.dumps(after) == json.dumps(schema)


@pytest.mark.parametrize("spelling", ["Delete, Add,Update", ["Add", "Update", "Delete"], None])
def test_flow_types_that_mean_the_same_are_not_touched(spelling: t.Any) -> None:
    schema = _full()
    _mappings(schema)[1].update(flowTypes=spelling, enabled=None, name="")
    wish = {"source": "User", "flow_types": ["Add", "Delete", "Update"], "enabled": True, "name": ""}
    assert json.dumps(_edit(schema, wish)) == json.dumps(schema)


def test_without_any_flow_type() -> None:
    with pytest.raises(SchemaProblem, match="User → .* without any flow type does nothing"):
        _edit(_full(), {"source": "User", "flow_types": []})
    schema = _full()
    _mappings(schema)[1]["flowTypes"] = "None"
    assert _edit(schema, {"source": "User", "flow_types": []}) == schema


def test_a_new_object_mapping() -> None:
    schema = _full()
    gone = _edit(schema, {"source": "User", "state": "absent"})
    assert _mappings(gone) == _mappings(schema)[:1]
    made = _edit(gone, {"source": "User", "target": USER, "attributes": [{"target": "title", "constant": "A"}]})
    assert _mappings(made)[0] == _mappings(schema)[0]
    [mapping] = _mappings(made)[1].pop("attributeMappings")
    assert mapping["targetAttributeName"] == "title"
    assert _mappings(made)[1] == {
        "enabled": True,
        "flowTypes": "Add,Update,Delete",
        "metadata": [],
        "name": "Provision User",
        "scope": None,
        "sourceObjectName": "User",
        "targetObjectName": USER,
    }


def test_absent_is_done_where_there_is_none() -> None:
    schema = _full()
    for wish in ({"source": "Unknown"}, {"source": "User", "target": "Unknown"}):
        assert json.dumps(_edit(schema, {**wish, "state": "absent"})) == json.dumps(schema)


def test_the_target_tells_which_mapping_is_meant() -> None:
    schema = _edit(_full(), {"source": "User", "target": GROUP, "name": "Other"})
    with pytest.raises(SchemaProblem) as caught:
        _edit(schema, {"source": "User", "enabled": False})
    assert f"User → {USER} in rule USERGROUP_OUTBOUND_USERGROUP; User → {GROUP} in" in caught.value.message
    after = _edit(schema, {"source": "User", "target": GROUP, "enabled": False})
    assert [one["enabled"] for one in _mappings(after)] == [True, True, False]


def test_the_rule_tells_which_mapping_is_meant() -> None:
    schema = _two_rules()
    with pytest.raises(SchemaProblem, match="in rule USERGROUP_OUTBOUND_USERGROUP; .* in rule SECOND"):
        _edit(schema, {"source": "User", "enabled": False})
    after = _edit(schema, {"source": "User", "rule": "SECOND", "enabled": False})
    assert _mappings(after) == _mappings(schema)
    assert _mappings(after, 1)[1]["enabled"] is False


def test_the_name_tells_where_nothing_else_does() -> None:
    schema = _full()
    _mappings(schema).append({**copy.deepcopy(_mappings(schema)[1]), "name": "Other"})
    after = _edit(schema, {"source": "User", "name": "Other", "enabled": False})
    assert [one["enabled"] for one in _mappings(after)] == [True, True, False]


def test_a_new_mapping_needs_its_rule_where_several_fit() -> None:
    schema = _two_rules()
    wish = {"source": "User", "target": GROUP}
    with pytest.raises(SchemaProblem, match="Say in which rule .* belongs: USERGROUP_OUTBOUND_USERGROUP, SECOND"):
        _edit(schema, wish)
    assert len(_mappings(_edit(schema, {**wish, "rule": "SECOND"}), 1)) == 3


PROBLEMS: list[tuple[list[dict[str, t.Any]], str]] = [
    ([{"source": "Usr"}], "There is no object mapping of 'Usr'; one is made where target is given too. Nearest: User."),
    ([{"source": "Usr", "target": USER}], "The source directory has no object 'Usr'. Nearest: User."),
    (
        [{"source": "User", "target": f"{USER}s"}],
        "The target directory has no object "
        "'urn:ietf:params:scim:schemas:extension:enterprise:2.0:Users'. Nearest: "
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User, "
        "urn:ietf:params:scim:schemas:core:2.0:Group.",
    ),
    (
        [{"source": "User", "rule": "USERGROUP"}],
        "The schema has no rule 'USERGROUP'. Nearest: USERGROUP_OUTBOUND_USERGROUP.",
    ),
    ([{"source": "User"}, {"source": "User", "target": USER}], f"The object mapping User → {USER} is listed twice."),
    (
        [{"source": "User"}, {"source": "User", "state": "absent"}],
        "The object mapping User → urn:ietf:params:scim:schemas:extension:enterprise:2.0:User is listed twice.",
    ),
    (
        [{"source": "User", "target": GROUP}, {"source": "User", "target": GROUP}],
        "The object mapping User → urn:ietf:params:scim:schemas:core:2.0:Group is listed twice.",
    ),
]


@pytest.mark.parametrize(("wishes", "message"), PROBLEMS)
def test_problems(wishes: list[dict[str, t.Any]], message: str) -> None:
    with pytest.raises(SchemaProblem) as caught:
        _edit(_full(), *wishes)
    assert caught.value.message == message


def test_exact_removes_what_is_not_listed_and_resets_what_is_not_given() -> None:
    schema = _full()
    _mappings(schema)[1].update(enabled=False, flowTypes="Add")
    [mapping] = _mappings(_edit(schema, {"source": "User", "target": USER}, exact=True))
    assert mapping == {
        **_mappings(schema)[1],
        "enabled": True,
        "name": None,
        "flowTypes": "Add,Update,Delete",
        "scope": {"categoryFilterGroups": [], "groups": [], "inputFilterGroups": []},
        "attributeMappings": [],
    }


def test_exact_may_say_that_nothing_flows() -> None:
    after = _edit(_full(), {"source": "User", "flow_types": []}, exact=True)
    assert _mappings(after)[0]["flowTypes"] == "None"
