# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provisioning logs in sum."""

from __future__ import annotations

import datetime
import json
import typing as t
import urllib.parse

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync import log_codes, logs
from ansible_collections.entra.provisioning.tests.unit.doubles import ROOT, ScriptedHttp, answer, graph

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
    assert logs.summary([]) == {"by_status": {}, "by_action": {}, "failures": [], "skips": []}


REASON = (
    "The user 'Ada Lovelace' <ada@x.example> of CN=Ada,OU=People has the mail ada@x of PARIS, and True is no name; "
    "see https://aka.ms/x."
)


def _personal() -> logs.Entry:
    entry = _entry(1, "failure", code="E", step="export")
    entry["provisioningStatusInfo"]["errorInformation"].update(reason=REASON, recommendedAction="Rename ADA LOVELACE")
    entry["sourceIdentity"]["details"] = {"DistinguishedName": "CN=Ada,OU=People", "odatatype": None}
    entry["provisioningSteps"][0]["details"] = {"city": "Paris", "userType": "User"}
    entry["modifiedProperties"].append({"displayName": "active", "oldValue": None, "newValue": "True"})
    return entry


def test_reasons_lose_what_is_personal() -> None:
    told = logs.summary([_personal()])["failures"][0]
    assert told["reason"] == (
        "The user '(hidden)' <(hidden)> of (hidden) has the mail (hidden) of (hidden), and True is no name; see https://aka.ms/x."
    )
    assert told["recommended_action"] == "Rename (hidden)"


def test_reasons_are_whole_where_that_is_asked_for() -> None:
    told = logs.summary([_personal()], personal=True)["failures"][0]
    assert (told["reason"], told["recommended_action"]) == (REASON, "Rename ADA LOVELACE")


def test_known_codes_are_explained() -> None:
    first, second = logs.summary(
        [_entry(9, "failure", code="DuplicateTargetEntries"), _entry(8, "failure", code="NewAndUnheardOf")]
    )["failures"]
    assert "several objects of the target" in first["explanation"]
    assert "Remove the duplicates" in first["advice"]
    assert (second["explanation"], second["advice"]) == (None, None)


def test_skips_are_grouped_by_the_step_that_skipped() -> None:
    def skipped(number: int, code: str) -> logs.Entry:
        entry = _entry(number, "skipped", "other", code)
        entry["provisioningSteps"].append({"provisioningStepType": "scoping", "status": "Skipped"})
        return entry

    told = logs.summary([skipped(9, "NotInScope"), skipped(8, "RedundantExport"), skipped(7, "NotInScope")])
    assert [(one["step"], one["error_code"], one["count"]) for one in told["skips"]] == [
        ("scoping", "NotInScope", 2),
        ("scoping", "RedundantExport", 1),
    ]
    assert told["failures"] == []


@pytest.mark.parametrize("code", log_codes.CODES)
def test_every_code_has_two_sentences(code: str) -> None:
    meaning, advice = log_codes.CODES[code]
    assert meaning[0].islower() and not meaning.endswith(".")
    assert advice[0].isupper() and advice.endswith(".")


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


def test_only_some_cycles_and_statuses() -> None:
    http = ScriptedHttp(answer(200, {"value": []}))
    logs.entries(graph(http), ["a.1"], None, 10, cycles=["c'1"], statuses=["failure", "warning"])
    assert (
        "$filter=jobId eq 'a.1' and cycleId eq 'c''1' and (provisioningStatusInfo/status eq 'failure' or "
        "provisioningStatusInfo/status eq 'warning')&" in http.sent[0].path
    )


def test_the_last_cycle_is_not_one_of_a_person() -> None:
    entries = [
        {"cycleId": "c3", "initiatedBy": {"initiatorType": "user"}},
        {"cycleId": None, "initiatedBy": {"initiatorType": "system"}},
        {"cycleId": "c2", "initiatedBy": {"initiatorType": "system"}},
        {"cycleId": "c1"},
    ]
    entries = [{"id": str(number), **one} for number, one in enumerate(entries)]
    http = ScriptedHttp(answer(200, {"value": entries}))
    assert logs.last_cycle(graph(http), "a.1") == "c2"
    assert logs.last_cycle(graph(ScriptedHttp(answer(200, {"value": entries[:1]}))), "a.1") is None


def test_the_last_cycle_is_found_behind_any_number_of_entries_of_people() -> None:
    mine = [{"id": str(number), "cycleId": "mine", "initiatedBy": {"initiatorType": "user"}} for number in range(100)]
    pages = [
        answer(200, {"value": mine, "@odata.nextLink": f"{ROOT}/auditLogs/provisioning?$skiptoken={page}"})
        for page in range(3)
    ]
    http = ScriptedHttp(*pages, answer(200, {"value": [{"id": "x", "cycleId": "c1"}]}))
    assert logs.last_cycle(graph(http), "a.1") == "c1"
    assert len(http.sent) == 4


def test_a_number_of_hours_before_all_time_is_refused() -> None:
    params = {"logs_since": None, "logs_cycle": None, "logs_hours": 10**8}
    with pytest.raises(BadInput, match="The option logs_hours takes a number of hours"):
        logs.since(params, datetime.datetime.now(datetime.timezone.utc))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"logs_since": None, "logs_cycle": None}, SINCE - datetime.timedelta(hours=24)),
        ({"logs_since": "2", "logs_cycle": None}, SINCE - datetime.timedelta(hours=2)),
        ({"logs_since": None, "logs_cycle": "last"}, None),
        ({"logs_since": "2", "logs_cycle": "last"}, SINCE - datetime.timedelta(hours=2)),
    ],
)
def test_from_when_on(options: dict[str, t.Any], expected: datetime.datetime | None) -> None:
    assert logs.since({"logs_hours": 24, **options}, SINCE) == expected


def test_the_words_of_the_beta_are_understood() -> None:
    entry = {
        "action": "Create",
        "statusInfo": {"status": "Failure", "errorCode": "E1", "reason": "no", "recommendedAction": "act"},
    }
    told = logs.summary([entry])
    assert (told["by_status"], told["by_action"]) == ({"failure": 1}, {"Create": 1})
    assert [(one["error_code"], one["reason"]) for one in told["failures"]] == [("E1", "no")]


@pytest.mark.parametrize(
    "place",
    [
        {"sourceIdentity": {"displayName": "Zoe"}},
        {"targetIdentity": {"displayName": "Zoe"}},
        {"sourceIdentity": {"details": {"x": "Zoe"}}},
        {"targetIdentity": {"details": {"x": "Zoe"}}},
        {"modifiedProperties": [{"oldValue": "Zoe"}]},
        {"modifiedProperties": [{"newValue": "Zoe"}]},
        {"provisioningSteps": [{"provisioningStepType": "Import", "details": {"x": "Zoe"}}]},
    ],
)
@pytest.mark.parametrize("status", ["failure", "skipped"])
def test_what_an_entry_says_of_a_person_is_taken_out_wherever_it_says_it(status: str, place: logs.Entry) -> None:
    error = {"errorCode": "E", "reason": "Zoe and Zo are Zoela", "recommendedAction": "ask Zoe"}
    entry = {"id": "7", "provisioningStatusInfo": {"status": status, "errorInformation": error}, **place}
    told = logs.summary([entry])["failures" if status == "failure" else "skips"][0]
    assert told["reason"] == "(hidden) and Zo are Zoela"
    assert told["recommended_action"] == "ask (hidden)"
    assert told["example_id"] == "7"
    personal = logs.summary([entry], personal=True)["failures" if status == "failure" else "skips"][0]
    assert personal["reason"] == error["reason"]


def test_two_names_side_by_side_are_both_taken_out() -> None:
    entry = {
        "provisioningStatusInfo": {"status": "failure", "errorInformation": {"reason": "<Zoe>|Max"}},
        "modifiedProperties": [{"oldValue": "Zoe>"}, {"newValue": "|Max"}],
    }
    assert "Zoe" not in logs.summary([entry])["failures"][0]["reason"]


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"provisioningStatusInfo": {"status": "failure", "errorInformation": {"errorCode": "A"}}}, {"errorCode": "A"}),
        ({"provisioningStatusInfo": {"status": "failure"}}, {}),
        # The beta has its members in statusInfo itself.
        ({"statusInfo": {"status": "failure", "errorCode": "B"}}, {"status": "failure", "errorCode": "B"}),
        ({}, {}),
    ],
)
def test_where_an_error_is(entry: logs.Entry, error: dict[str, t.Any]) -> None:
    assert logs.error_of(entry) == error


@pytest.mark.parametrize(("since", "condition"), [(None, ""), (SINCE, " and activityDateTime ge 2026-11-05T12:00:00Z")])
def test_the_log_of_an_application(since: datetime.datetime | None, condition: str) -> None:
    http = ScriptedHttp(routes={("GET", "/auditLogs/provisioning"): {"value": [{"id": "1"}, {"id": "2"}]}})
    assert logs.of_application(graph(http), "an-id", since, 1) == [{"id": "1"}]
    (asked,) = http.sent
    query = dict(urllib.parse.parse_qsl(asked.path.partition("?")[2]))
    assert query == {
        "$filter": f"servicePrincipal/id eq 'an-id'{condition}",
        "$orderby": "activityDateTime desc",
        "$top": "1",
    }


def test_hours_before_all_time_are_refused_with_the_option() -> None:
    params = {"logs_since": None, "logs_cycle": None, "logs_hours": 10**9}
    with pytest.raises(BadInput) as refused:
        logs.since(params, SINCE)
    assert refused.value.message == (
        "The option logs_hours takes a number of hours since which there were logs, not 1000000000. The service keeps "
        "them for 30 days at the most."
    )
    assert refused.value.facts["option"] == "logs_hours"
