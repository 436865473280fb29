# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is no schema is refused in a sentence."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.plugins.module_utils._schema.shape import check
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_have_the_shape(name: str) -> None:
    check(example(name))
    check(Noise(3)(example(name)))


def test_half_a_schema_has_it_too() -> None:
    check({"synchronizationRules": None})


def _with_mapping(**mapping: t.Any) -> dict[str, t.Any]:
    return {"synchronizationRules": [{"objectMappings": [mapping]}]}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (None, "neither a schema"),
        ("text", "neither a schema"),
        ([], "neither a schema"),
        ({}, "neither a schema"),
        ({"synchronizationRules": {}}, "synchronizationRules must be a list, not {}."),
        ({"synchronizationRules": ["x"]}, "An entry of synchronizationRules must be a record, not 'x'."),
        ({"synchronizationRules": [None]}, "synchronizationRules has an entry that is empty."),
        ({"synchronizationRules": [], "directories": "x"}, "directories must be a list, not 'x'."),
        (_with_mapping(attributeMappings=[{"source": "[mail]"}]), "source must be a record, not '[mail]'."),
        (_with_mapping(scope=[]), "scope must be a record, not []."),
        (_with_mapping(scope={"groups": [{"clauses": {}}]}), "clauses must be a list, not {}."),
        (
            _with_mapping(scope={"groups": [{"clauses": [{"targetOperand": {"values": "Sales"}}]}]}),
            "values must be a list, not 'Sales'.",
        ),
    ],
)
def test_what_is_none_is_refused(schema: t.Any, says: str) -> None:
    with pytest.raises(SchemaProblem) as refused:
        check(schema)
    assert says in refused.value.message
