# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a portable document cannot say is told."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.left_out import left_out
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise

USER = "User → urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_of_an_ordinary_schema_is_left_out(name: str) -> None:
    assert left_out(example(name)) == []
    assert left_out(Noise(1)(example(name)), example(name)) == []


def _rule(schema: t.Any) -> t.Any:
    return schema["synchronizationRules"][0]


def _mapping(schema: t.Any) -> t.Any:
    return _rule(schema)["objectMappings"][1]


def _definition(schema: t.Any) -> t.Any:
    objects = schema["directories"][0]["objects"]
    return next(one for one in objects[0]["attributes"] if one["name"].startswith("extension_"))


@pytest.mark.parametrize(
    ("holder", "change", "sentence"),
    [
        (_rule, {"new": 1}, "USERGROUP_OUTBOUND_USERGROUP: the property new."),
        (_mapping, {"new": {"a": 1}}, f"{USER}: the property new."),
        (_mapping, {"flowTypes": "Add,Merge"}, f"{USER}: the flow type Merge."),
        (
            lambda schema: _mapping(schema)["scope"],
            {"categoryFilterGroups": [{"name": "a"}]},
            f"{USER} / scope: the property categoryFilterGroups.",
        ),
        (
            lambda schema: _mapping(schema)["scope"]["groups"][0],
            {"new": True},
            f"{USER} / scope / Sales in NL: the property new.",
        ),
        (
            lambda schema: _mapping(schema)["scope"]["groups"][0]["clauses"][0],
            {"new": True},
            f"{USER} / scope / Sales in NL: the property new.",
        ),
        (
            lambda schema: _mapping(schema)["attributeMappings"][0],
            {"flowType": "Sometimes", "targetAttributeName": "x"},
            f"{USER} / x: the flowType Sometimes.",
        ),
        (
            lambda schema: _mapping(schema)["attributeMappings"][0],
            {"new": "b", "targetAttributeName": "x"},
            f"{USER} / x: the property new.",
        ),
        (_definition, {"anchor": True, "name": "urn:x"}, "Azure Active Directory / User / urn:x: the property anchor."),
        (
            _definition,
            {"referencedObjects": [{"referencedObjectName": "User", "referencedProperty": "id"}], "name": "urn:x"},
            "Azure Active Directory / User / urn:x: the property referencedProperty.",
        ),
    ],
)
def test_what_matters_is_told(holder: t.Callable[[t.Any], t.Any], change: t.Any, sentence: str) -> None:
    schema = example("customappsso_full")
    holder(schema).update(change)
    assert left_out(schema) == [sentence]


def test_object_mappings_that_a_task_cannot_tell_apart_are_told() -> None:
    schema = example("customappsso_default")
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    mappings.append(mappings[1])
    assert left_out(schema) == [f"{USER} occurs 2 times; a task cannot tell them apart."]
