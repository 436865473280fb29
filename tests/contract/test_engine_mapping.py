# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Object mappings and SCIM paths, without a target."""

from __future__ import annotations

from typing import Any

import pytest
from scim2_models import Context, EnterpriseUser, PatchOp, User

from tests.contract.engine_world import World
from tests.graphsim.engine import source
from tests.graphsim.engine.expressions import IGNORE, EvaluationError
from tests.graphsim.engine.mapping import Mapped, Mapper, matching, state_mappings
from tests.graphsim.engine.memory import Link
from tests.graphsim.engine.scim_paths import operations, read, scim_path, write


def mapped(world: World, name: str = "ann", *, creating: bool = True, kind: str = "User") -> Mapped:
    item = source.objects(world.context, kind)[name]
    mapper = Mapper(world.context, world.rule, world.mapping(kind))
    return mapper.map(source.properties(world.context, item), creating=creating)


def test_values_of_the_default_mapping() -> None:
    values = mapped(World()).values
    assert values["userName"] == "ann@contoso.com"
    assert values["active"] is True
    assert values["name.formatted"] == "Ann Test"
    assert values['emails[type eq "work"].value'] == "ann@contoso.com"
    assert "title" not in values


def test_minimal_mapping_documents() -> None:
    world = World()
    world.mapping()["attributeMappings"] = [
        {"source": {"name": "mail", "type": "Attribute"}, "targetAttributeName": "x"}
    ]
    assert mapped(world).values == {"x": "ann@contoso.com"}
    assert matching(world.mapping()) == []


def test_defaults_and_object_add_only_belong_to_creation() -> None:
    world = World(schema="customappsso_full.json")
    created, updated = mapped(world), mapped(world, creating=False)
    assert (created.values["timezone"], created.values["locale"]) == ("Europe/Amsterdam", "en_US")
    assert created.values["nickName"] == "ann"
    assert {"timezone", "locale", "nickName"}.isdisjoint(updated.values)
    assert created.values["userType"] == updated.values["userType"] == "Employee"


def test_ignored_and_redacted_values() -> None:
    world = World()
    world.attribute("title")["source"] = {"expression": "IgnoreFlowIfNullOrEmpty([jobTitle])", "type": "Function"}
    world.attribute("displayName")["source"] = {"expression": "Redact([displayName])", "type": "Function"}
    result = mapped(world)
    assert IGNORE not in result.values.values()
    assert "title" not in result.values
    assert (result.values["displayName"], result.redacted) == ("Ann", {"displayName"})


def test_references_are_target_ids() -> None:
    world = World()
    manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    assert mapped(world, "bob").references[manager] == []
    world.memory.links["ann"] = Link("User", "x", "T-ann")
    assert mapped(world, "bob").references[manager] == ["T-ann"]
    assert mapped(world, "team", kind="Group").references["members"] == ["T-ann"]
    assert manager not in mapped(world, "bob").values


def test_failures_name_the_target_attribute() -> None:
    world = World()
    world.attribute("title")["source"] = {"expression": 'BitAnd([displayName], "1")', "type": "Function"}
    with pytest.raises(EvaluationError, match="title: 'Ann' is not an integer"):
        mapped(world)


def test_matching_order_and_state() -> None:
    world = World(schema="customappsso_full.json")
    assert [one["targetAttributeName"] for one in matching(world.mapping())] == ["userName", "externalId"]
    assert [one["targetAttributeName"] for one in state_mappings(world.mapping())] == ["active"]
    assert state_mappings(world.mapping("Group")) == []


PATHS = [
    ("userName", "userName", "x", {"userName": "x"}),
    ("name.givenName", "name.givenName", "x", {"name": {"givenName": "x"}}),
    ('emails[type eq "work"].value', None, "x", {"emails": [{"type": "work", "value": "x"}]}),
    ('roles[primary eq "True"].value', "roles[primary eq true].value", "x",
     {"roles": [{"primary": True, "value": "x"}]}),
    ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", "name.givenName", "x", {"name": {"givenName": "x"}}),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        None,
        "x",
        {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "x"}},
    ),
    ("urn:ietf:params:scim:schemas:extension:acme:2.0:User:a.b", None, "x",
     {"urn:ietf:params:scim:schemas:extension:acme:2.0:User": {"a": {"b": "x"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "value", "resource"), PATHS)
def test_paths(name: str, text: str | None, value: str, resource: dict[str, Any]) -> None:
    path, written = scim_path(name), dict[str, Any]()
    assert path.text == (text or name)
    assert read({}, path) is None
    write(written, path, value)
    assert written == resource
    assert read(written, path) == value


@pytest.mark.parametrize("name", ["", "a.b.c", 'a[b eq "c"', "a]b"])
def test_names_that_are_no_path(name: str) -> None:
    with pytest.raises(ValueError, match="not a SCIM attribute path"):
        scim_path(name)


@pytest.mark.parametrize("odd", [{"emails": "x"}, {"emails": ["x"]}, {"emails": {"type": "work"}}, {"emails": None}])
def test_reading_other_shapes(odd: dict[str, Any]) -> None:
    assert read(odd, scim_path('emails[type eq "work"].value')) is None


def test_operations_replace_what_is_there_and_add_what_is_not() -> None:
    current = {"displayName": "A", "emails": [{"type": "work", "value": "old"}]}
    wanted = {
        "displayName": "B",
        'emails[type eq "work"].value': "new",
        'addresses[type eq "work"].locality': "Ams",
        'addresses[type eq "work"].country': "NL",
    }
    made = operations(current, [(scim_path(name), value) for name, value in wanted.items()])
    assert made == [
        {"op": "replace", "path": "displayName", "value": "B"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "new"},
        {"op": "add", "path": "addresses", "value": [{"type": "work", "locality": "Ams", "country": "NL"}]},
    ]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": made}
    PatchOp[User[EnterpriseUser]].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
