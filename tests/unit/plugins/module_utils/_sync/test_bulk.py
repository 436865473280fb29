# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is uploaded, and in which requests."""

from __future__ import annotations

import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bulk
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from hypothesis import strategies as st

ADA = {"externalId": "701984", "userName": "ada@contoso.example", "active": True}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def _operations(**params: t.Any) -> list[bulk.Operation]:
    return bulk.operations({"records": [], "operations": [], "allow_missing_active": False, **params})


def test_a_record_becomes_an_operation() -> None:
    assert _operations(records=[{**ADA, ENTERPRISE: {"department": "Sales"}}]) == [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": "operation-1",
            "data": {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
                **ADA,
                ENTERPRISE: {"department": "Sales"},
            },
        }
    ]
    own = {**ADA, "schemas": ["urn:x"]}
    assert _operations(records=[own])[0]["data"] == own


def test_operations_stay_as_they_are() -> None:
    given = [
        {"method": "POST", "path": "/Users", "bulkId": "mine", "data": ADA, "version": "1"},
        {"method": "DELETE", "path": "/Users/701984"},
        {"method": "PATCH", "path": "/Users/701984", "data": {"Operations": []}},
    ]
    assert _operations(operations=given) == [
        given[0],
        {**given[1], "bulkId": "operation-2"},
        {**given[2], "bulkId": "operation-3"},
    ]
    assert "bulkId" not in given[1]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "either records or operations"),
        ({"records": [ADA], "operations": [{}]}, "either records or operations"),
        ({"operations": [{"path": "/Users"}]}, "operation 1 has no method or no path"),
        ({"operations": [{"method": "POST", "path": "/Users"}]}, "operation 1 has no data"),
        (
            {"operations": [{"method": "DELETE", "path": "/Users/1", "bulkId": "a"}] * 2},
            "1 of 2 repeat that of another",
        ),
        ({"operations": [{"method": "FETCH", "path": "/Users"}]}, "operation 1 has the method 'FETCH'"),
    ],
)
def test_what_the_service_could_not_read_is_refused(params: dict[str, t.Any], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        _operations(**params)
    assert words in caught.value.message


def test_a_record_without_active_would_block_the_account() -> None:
    silent = {"externalId": "702", "userName": "grace@contoso.example"}
    with pytest.raises(BadInput) as caught:
        _operations(records=[ADA, silent])
    assert "1 of 2 records" in caught.value.message
    assert "2 (externalId 702)" in caught.value.message
    assert "grace" not in caught.value.message
    assert len(_operations(records=[ADA, silent], allow_missing_active=True)) == 2
    assert _operations(records=[{"externalId": "1", "Active": False}])
    with pytest.raises(BadInput, match="1 of 1 records"):
        _operations(operations=[{"method": "put", "path": "/Users/1", "data": silent}])
    with pytest.raises(BadInput, match="1 of 1 records"):
        _operations(records=[{**silent, "active": None}])


def test_a_group_is_never_active() -> None:
    assert _operations(operations=[{"method": "POST", "path": "/Groups", "data": {"displayName": "Sales"}}])


@hypothesis.given(st.integers(min_value=0, max_value=400))
def test_fifty_operations_go_together(count: int) -> None:
    given = [{"bulkId": str(number)} for number in range(count)]
    chunks = bulk.chunks(given)
    assert [one for chunk in chunks for one in chunk] == given
    assert all(0 < len(chunk) <= 50 for chunk in chunks)
    assert len(chunks) == -(-count // 50)


def test_the_request() -> None:
    call = bulk.call(Principal("sp"), "API2AAD.1", [{"bulkId": "1"}])
    assert call.path == "/servicePrincipals/sp/synchronization/jobs/API2AAD.1/bulkUpload"
    assert call.headers == {"Content-Type": "application/scim+json"}
    assert call.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    assert call.body["Operations"] == [{"bulkId": "1"}]
    assert not call.endpoint.repeatable
