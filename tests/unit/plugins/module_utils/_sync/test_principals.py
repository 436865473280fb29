# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what an admin knows of an application to its service principal."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import (
    BadInput,
    GraphError,
    ProvisioningError,
)
from ansible_collections.entra.provisioning.plugins.module_utils._sync import principals
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, graph

GUID = "11111111-1111-1111-1111-111111111111"
RECORD = {"id": GUID, "appId": "a", "displayName": "Contoso"}


def _find(http: ScriptedHttp, check_mode: bool = False, **params: t.Any) -> Principal:
    return principals.find(graph(http), params, check_mode=check_mode)


def test_its_own_id_needs_no_read() -> None:
    http = ScriptedHttp(routes={})
    assert _find(http, service_principal_id=GUID) == Principal(GUID)
    assert http.sent == []


def test_by_application_id() -> None:
    http = ScriptedHttp(answer(200, RECORD))
    assert _find(http, app_id=GUID) == Principal(GUID, "a", "Contoso")
    assert http.sent[0].path.startswith(f"/servicePrincipals(appId='{GUID}')?")


def test_by_name_with_a_quote() -> None:
    http = ScriptedHttp(answer(200, {"value": [RECORD]}))
    assert _find(http, display_name="O'Brien & Söhne #1") == Principal(GUID, "a", "Contoso")
    assert "displayName eq 'O''Brien & Söhne #1'" in http.sent[0].path


@pytest.mark.parametrize("option", ["service_principal_id", "app_id"])
@pytest.mark.parametrize("value", ["Contoso", GUID[:-1], f"{GUID}x", f"{GUID}\n"])
def test_what_is_no_id_is_not_sent(option: str, value: str) -> None:
    http = ScriptedHttp(routes={})
    with pytest.raises(BadInput, match=option):
        _find(http, **{option: value})
    assert http.sent == []


@pytest.mark.parametrize("params", [{}, {"service_principal_id": ""}, {"app_id": None}, {"display_name": ""}])
def test_an_empty_option_names_nothing(params: dict[str, t.Any]) -> None:
    http = ScriptedHttp(routes={})
    with pytest.raises(BadInput, match="is empty"):
        _find(http, **params)
    assert http.sent == []


def test_nothing_of_that_name() -> None:
    with pytest.raises(ProvisioningError, match="no application named 'Contoso'"):
        _find(ScriptedHttp(answer(200, {"value": []})), display_name="Contoso")
    with pytest.raises(ProvisioningError, match="no service principal with the application"):
        _find(ScriptedHttp(answer(404)), app_id=GUID)


def test_several_of_that_name_over_pages() -> None:
    first = answer(200, {"value": [RECORD], "@odata.nextLink": "https://graph.test/v1.0/next"})
    with pytest.raises(ProvisioningError) as caught:
        _find(ScriptedHttp(first, answer(200, {"value": [{**RECORD, "id": "2"}]})), display_name="Contoso")
    assert caught.value.facts["candidates"] == [GUID, "2"]


def test_a_refusal_is_not_absence() -> None:
    for params in ({"app_id": GUID}, {"display_name": "Contoso"}):
        with pytest.raises(GraphError):
            _find(ScriptedHttp(answer(403)), **params)


def test_a_planned_application_is_for_check_mode() -> None:
    assert _find(ScriptedHttp(routes={}), check_mode=True, service_principal_id=PLANNED).planned
    with pytest.raises(BadInput, match="without check mode"):
        _find(ScriptedHttp(routes={}), service_principal_id=PLANNED)
