# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provisioning logs in sum."""

from __future__ import annotations

import datetime
import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import logs
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, graph

SINCE = datetime.datetime(2026, 11, 5, 12, 0, tzinfo=datetime.timezone.utc)


def _entry(number: int, status: str = "success", action: str = "create", code: str = "", step: str = "") -> logs.Entry:
    return {
        "id": str(number),
        "activityDateTime": f"2026-11-05T12:00:{number:02}Z",
        "provisioningAction": action,
        "provisioningStatusInfo": {
            "status": status,
            "errorInformation": {"errorCode": code, "reason": f"reason {number}", "recommendedAction": "act"}
            if code
            else None,
        },
        "provisioningSteps": [
            {"provisioningStepType": "import", "status": "success"},
            *([{"provisioningStepType": step, "status": "Failure"}] if step else []),
        ],
        "sourceIdentity": {"id": f"s{number}", "displayName": "Ada Lovelace"},
        "modifiedProperties": [{"displayName": "mail", "newValue": "ada@x"}],
    }


def test_failures_are_grouped_with_the_newest_example() -> None:
    told = logs.summary(
        [
            _entry(9, "failure", "update", "E1", "export"),
            _entry(8),
            _entry(7, "failure", "update", "E2", "matching"),
            _entry(6, "failure", "create", "E2", "matching"),
            _entry(5, "warning", "create", "E1", "export"),
            _entry(4, "failure", "create", "E2", "matching"),
            _entry(3, "skipped", "other"),
        ]
    )
    assert told["by_status"] == {"failure": 4, "success": 1, "warning": 1, "skipped": 1}
    assert told["by_action"] == {"update": 2, "create": 4, "other": 1}
    assert [(one["step"], one["error_code"], one["count"], one["newest"][-3:]) for one in told["failures"]] == [
        ("matching", "E2", 3, "07Z"),
        ("export", "E1", 2, "09Z"),
    ]
    assert told["failures"][0]["example_source_id"] == "s7"


def test_no_names_and_no_values_come_out() -> None:
    told = json.dumps(logs.summary([_entry(1, "failure", code="E", step="export")]))
    assert "Ada" not in told
    assert "ada@x" not in told


def test_entries_that_say_little() -> None:
    told = logs.summary([{}, {"provisioningStatusInfo": {"status": "failure"}}])
    assert told["by_status"] == {"unknown": 1, "failure": 1}
    assert [(one["step"], one["error_code"]) for one in told["failures"]] == [("unknown", "unknown")]
    assert logs.summary([]) == {"by_status": {}, "by_action": {}, "failures": []}


@pytest.mark.parametrize(
    ("jobs", "words"),
    [
        (["a.1"], "$filter=jobId eq 'a.1' and activityDateTime ge 2026-11-05T12:00:00Z"),
        (["a.1", "b.2"], "$filter=(jobId eq 'a.1' or jobId eq 'b.2') and activityDateTime ge 2026-11-05T12:00:00Z"),
    ],
)
def test_what_is_asked_for(jobs: list[str], words: str) -> None:
    http = ScriptedHttp(answer(200, {"value": []}))
    assert logs.entries(graph(http), jobs, SINCE, 1000) == []
    assert words in http.sent[0].path
    assert "$top=500" in http.sent[0].path


def test_no_more_pages_than_needed() -> None:
    page: t.Any = {"value": [_entry(1), _entry(2)], "@odata.nextLink": "https://graph.test/v1.0/next"}
    http = ScriptedHttp(answer(200, page))
    assert len(logs.entries(graph(http), ["a"], SINCE, 4)) == 4
    assert len(http.sent) == 2
