# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison that the other modules rest on: it sees what a reader has lost, changed or invented."""

from __future__ import annotations

from typing import Any

import pytest
from kiota_serialization_json.json_parse_node import JsonParseNode
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_schema import SynchronizationSchema

from tests.sdk.reading import attribute, differences

JOB: dict[str, Any] = {
    "@odata.context": "https://localhost/",
    "id": "a",
    "templateId": "scim",
    "schedule": {"interval": "PT40M", "state": "Active", "expiration": None},
    "status": {
        "code": "Active",
        "escrowsPruned": False,
        "countSuccessiveCompleteFailures": 0,
        "steadyStateFirstAchievedTime": "2026-01-02T03:04:05.1234567Z",
        "progress": [],
        "synchronizedEntryCountByType": [{"key": "user to User", "value": 3}],
    },
    "synchronizationJobSettings": [{"name": "Domain", "value": "x"}],
}
SCHEMA: dict[str, Any] = {"id": "a", "synchronizationRules": [{"objectMappings": [{"flowTypes": "Add,Update"}]}]}


def _read(model: Any, document: dict[str, Any]) -> Any:
    return JsonParseNode(document).get_object_value(model)


def test_nothing_to_say() -> None:
    assert differences(_read(SynchronizationJob, JOB), JOB) == []
    assert differences(_read(SynchronizationSchema, SCHEMA), SCHEMA) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"id": "b"}, "/id: 'b' was read as 'a'"),
        ({"shoeSize": 44}, "/shoeSize is not declared"),
        ({"schedule": {"interval": "PT41M", "state": "Active"}}, "/schedule/interval: 'PT41M' was read as"),
        ({"schedule": {"interval": "PT40M", "state": "Paused"}}, "/schedule/state: 'Paused' was read as"),
        ({"schedule": {"state": "Active"}}, "/schedule/interval is not there, but was read"),
        ({"schedule": None}, "/schedule: None was read as"),
        ({"status": {**JOB["status"], "escrowsPruned": 0}}, "/status/escrowsPruned: 0 was read as False"),
        (
            {"status": {**JOB["status"], "steadyStateFirstAchievedTime": "2026-01-02T03:04:06Z"}},
            "/status/steadyStateFirstAchievedTime: ",
        ),
        (
            {"status": {**JOB["status"], "synchronizedEntryCountByType": [{"key": "user to User", "value": "3"}]}},
            "/status/synchronizedEntryCountByType[0]/value: '3' was read as 3",
        ),
        ({"synchronizationJobSettings": []}, "/synchronizationJobSettings: [] was read as"),
    ],
)
def test_every_kind_of_difference(change: dict[str, Any], found: str) -> None:
    (only,) = differences(_read(SynchronizationJob, JOB), {**JOB, **change})
    assert only.startswith(found)


@pytest.mark.parametrize("flags", ["Add", "Add,Delete", "Add,Update,Delete", None])
def test_flags(flags: Any) -> None:
    document = {**SCHEMA, "synchronizationRules": [{"objectMappings": [{"flowTypes": flags}]}]}
    (only,) = differences(_read(SynchronizationSchema, SCHEMA), document)
    assert only.startswith("/synchronizationRules[0]/objectMappings[0]/flowTypes: ")


def test_what_the_reader_did_not_understand() -> None:
    document = {**JOB, "schedule": {**JOB["schedule"], "state": "Dancing"}}
    assert differences(_read(SynchronizationJob, document), document) == ["/schedule/state: 'Dancing' was read as None"]


def test_names() -> None:
    names = ["templateId", "@odata.nextLink", "request-id", "cloudPCs", "id"]
    assert [attribute(name) for name in names] == ["template_id", "odata_next_link", "request_id", "cloud_p_cs", "id"]
