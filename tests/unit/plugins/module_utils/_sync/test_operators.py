# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operators that nobody knows are refused before anything is written."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync import operators
from ansible_collections.entra.provisioning.tests.unit.schema_service import SchemaService


def _scoped(*names: str, kind: str = "groups") -> dict[str, t.Any]:
    clauses = [{"sourceOperandName": "department", "operatorName": name} for name in names]
    scope = {kind: [{"name": "Sales", "clauses": clauses}], "@odata.type": "#microsoft.graph.filter"}
    return {"synchronizationRules": [{"objectMappings": [{"scope": scope}, {"scope": None}, {}]}]}


def _check(body: dict[str, t.Any], now: dict[str, t.Any] | None = None) -> list[str]:
    service = SchemaService({})
    operators.check(service.place(service.task(object_mappings=[])), body, now or {})
    return service.calls()


@pytest.mark.parametrize("names", [(), ("EQUALS",), ("IS NOT NULL", "Includes", "!&")])
def test_known_ones_cost_no_request(names: tuple[str, ...]) -> None:
    assert _check(_scoped(*names)) == []


def test_what_the_schema_has_already_is_not_asked_about() -> None:
    assert _check(_scoped("CUSTOM"), _scoped("CUSTOM")) == []


@pytest.mark.parametrize("kind", ["groups", "inputFilterGroups", "categoryFilterGroups"])
def test_a_new_one_of_the_service_is_taken(kind: str) -> None:
    assert _check(_scoped("BRAND NEW", kind=kind)) == ["GET filterOperators"]


@pytest.mark.parametrize("kind", ["groups", "inputFilterGroups"])
def test_a_wrong_one_is_told_with_the_nearest(kind: str) -> None:
    with pytest.raises(BadInput) as refused:
        _check(_scoped("EQUAL", "BRAND NEW", "equals", kind=kind))
    assert refused.value.message == (
        "There is no operator 'EQUAL'. Nearest: EQUALS. There is no operator 'equals'. Nearest: EQUALS. "
        "Operators are: BRAND NEW, EQUALS."
    )


@pytest.mark.parametrize("schema", [{}, {"synchronizationRules": None}, {"synchronizationRules": [{}]}])
def test_a_schema_without_scopes(schema: dict[str, t.Any]) -> None:
    assert _check(schema) == []
