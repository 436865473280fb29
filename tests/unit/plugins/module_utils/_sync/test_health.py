# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flat record of a job."""

from __future__ import annotations

import copy
import datetime
import itertools
import re
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync.health import health
from ansible_collections.entra.provisioning.plugins.module_utils._sync.healthiness import REASONS, TABLE
from ansible_collections.entra.provisioning.tests.unit.examples import GRAPH, example

EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
NOW = datetime.datetime(2026, 11, 10, 12, 0, tzinfo=datetime.timezone.utc)
# Soon after the last cycle of the examples.
SOON = datetime.datetime(2026, 11, 5, 22, 30, tzinfo=datetime.timezone.utc)
EXPECTED: dict[str, dict[str, t.Any]] = {
    "created": {"state": "Disabled", "code": "Paused", "healthy": False, "never_run": True, "last_cycle_ended": None},
    "started_not_run_yet": {"running": True, "healthy": False, "never_run": True, "last_error": None},
    "active_steady": {
        "healthy": True,
        "reason": None,
        "last_cycle_state": "Succeeded",
        "last_cycle_ended": "2026-11-05T21:49:10Z",
    },
    "active_with_entry_errors": {"healthy": False, "entry_errors": 4, "last_cycle_state": "EntryLevelErrors"},
    "paused_by_admin": {"healthy": False, "running": False, "never_run": False},
    "quarantine_bad_credentials": {
        "healthy": False,
        "quarantined": True,
        "quarantine_reason": "EncounteredQuarantineException",
        "quarantine_began": "2026-11-05T21:45:54Z",
        "days_until_disabled": 23,
        "quarantine_error": "SystemForCrossDomainIdentityManagementInvalidCredentials: Please provide a valid tenant "
        "URL for your application.",
    },
    "quarantine_too_many_deletes": {
        "quarantined": True,
        "quarantine_error": None,
        "quarantine_explanation": REASONS["TooManyDeletes"],
        "quarantine_next_attempt": "2026-11-06T03:45:54Z",
    },
    "cloud_sync_active": {"healthy": True, "template_id": "AD2AADProvisioning"},
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example(name: str) -> None:
    told = health(EXAMPLES[name], NOW if name.startswith("quarantine") else SOON)
    assert {key: told[key] for key in EXPECTED[name]} == EXPECTED[name]
    assert told.keys() == health({}, NOW).keys()
    if not told["quarantined"]:
        assert [key for key, value in told.items() if key.startswith("quarantine_") and value is not None] == []


def test_entry_counts() -> None:
    counts = health(EXAMPLES["active_steady"], NOW)["entry_counts"]
    assert sorted(counts.values()) == [11, 171]


@pytest.mark.parametrize(("days", "left"), [(0, 28), (27, 1), (28, 0), (100, 0)])
def test_days_until_disabled(days: int, left: int) -> None:
    quarantine = {"seriesBegan": "2026-11-10T12:00:00Z", "nextAttempt": "2026-11-12T12:00:00Z"}
    began: dict[str, t.Any] = {"status": {"code": "Quarantine", "quarantine": quarantine}}
    running = health({**began, "schedule": {"state": "Active"}}, NOW + datetime.timedelta(days=days))
    assert (running["days_until_disabled"], running["quarantine_next_attempt"]) == (left, quarantine["nextAttempt"])
    # What the service has disabled, or somebody lets rest, is neither tried again nor disabled once more.
    for state in ("Disabled", "Paused"):
        rests = health({**began, "schedule": {"state": state}}, NOW + datetime.timedelta(days=days))
        assert (rests["days_until_disabled"], rests["quarantine_next_attempt"]) == (None, None)


def test_objects_that_failed_and_were_not_counted_are_not_healthy() -> None:
    job = copy.deepcopy(EXAMPLES["active_with_entry_errors"])
    del job["status"]["lastExecution"]["countEscrowed"]
    told = health(job, NOW)
    assert (told["healthy"], told["entry_errors"], told["last_cycle_state"]) == (False, 0, "EntryLevelErrors")


SETTINGS = {"notification": {"enabled": True, "recipients": ["idm@contoso.example"]}, "delete_threshold": 50}


def test_settings_are_told_where_they_were_read() -> None:
    job = EXAMPLES["active_steady"]
    keys = ("notification_recipients", "delete_threshold")
    unread, told = health(job, NOW), health(job, NOW, SETTINGS)
    assert [unread[key] for key in keys] == [None, None]
    assert [told[key] for key in keys] == [["idm@contoso.example"], 50]
    off = {**SETTINGS, "notification": {"enabled": False, "recipients": ["idm@contoso.example"]}}
    assert health(job, NOW, off)["notification_recipients"] == []


def test_never_run_is_no_failure() -> None:
    placeholder = EXAMPLES["started_not_run_yet"]
    assert placeholder["status"]["lastExecution"]["state"] == "Failed"
    ended = {**placeholder["status"]["lastExecution"], "timeEnded": "2026-11-05T21:49:10Z"}
    failed = {**placeholder, "status": {**placeholder["status"], "lastExecution": ended}}
    assert [(one["never_run"], one["last_cycle_state"]) for one in (health(placeholder, NOW), health(failed, NOW))] == [
        (True, None),
        (False, "Failed"),
    ]


def test_every_reason_of_the_official_types_is_explained() -> None:
    text = (GRAPH / "synchronization.csdl.xml").read_text(encoding="utf-8")
    enum = text.split('EnumType Name="quarantineReason"')[1].split("</EnumType>")[0]
    members = {part.split('"')[0] for part in enum.split('Member Name="')[1:]}
    assert members - {"unknownFutureValue"} == set(REASONS)


def test_a_cycle_that_failed_is_not_healthy() -> None:
    job = copy.deepcopy(EXAMPLES["active_steady"])
    assert health(job, SOON)["healthy"] is True
    last = job["status"]["lastExecution"]
    job["status"]["countSuccessiveCompleteFailures"] = 3
    last.update(state="Failed", error={"code": "SomeCode", "message": "Some words"})
    told = health(job, SOON)
    assert (told["healthy"], told["last_cycle_state"], told["last_error"]) == (False, "Failed", "SomeCode: Some words")
    assert told["successive_failures"] == 3
    last.update(state="Succeeded", countEscrowed=1)
    assert (health(job, SOON)["healthy"], health(job, SOON)["entry_errors"]) == (False, 1)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, None),
        ("odd", None),
        ({"code": "None", "message": "x"}, None),
        ({"code": "", "message": "x"}, None),
        ({"code": None}, None),
        ({"code": "A"}, "A"),
        ({"code": "A", "message": ""}, "A"),
    ],
)
def test_an_error_in_one_text(error: t.Any, told: str | None) -> None:
    job = copy.deepcopy(EXAMPLES["active_steady"])
    job["status"]["lastExecution"]["error"] = error
    assert health(job, SOON)["last_error"] == told


def test_the_record_of_a_job_that_says_nothing() -> None:
    assert health({"id": "scim.1"}, SOON) == {
        "job_id": "scim.1",
        "template_id": None,
        "state": "Disabled",
        "code": "NotConfigured",
        "healthy": False,
        "reason": "the job has never run and is not started",
        "running": False,
        "never_run": True,
        "last_cycle_state": None,
        "last_cycle_ended": None,
        "last_error": None,
        "entry_errors": 0,
        "successive_failures": 0,
        "steady_state_reached": None,
        "entry_counts": {},
        "notification_recipients": None,
        "delete_threshold": None,
        "quarantined": False,
        "quarantine_reason": None,
        "quarantine_explanation": None,
        "quarantine_error": None,
        "quarantine_began": None,
        "quarantine_next_attempt": None,
        "days_until_disabled": None,
    }


SCHEDULES = ("Active", "Disabled", "Paused")
CODES = ("NotConfigured", "NotRun", "Active", "Paused", "Quarantine")
STATES = ("Succeeded", "Failed", "EntryLevelErrors", "unknownFutureValue")
AGES = {"0001-01-01T00:00:00Z": None, "2026-11-10T11:00:00Z": False, "2026-11-10T09:59:00Z": True}


def _job(schedule: str, code: str, state: str, ended: str, failed: int, people: int, going: bool) -> dict[str, t.Any]:
    return {
        "templateId": "scim",
        "schedule": {"state": schedule, "interval": "PT40M"},
        "status": {
            "code": code,
            "quarantine": {"reason": "TooManyDeletes"} if code == "Quarantine" else None,
            "lastExecution": {"state": state, "timeEnded": ended, "countEscrowed": failed},
            "synchronizedEntryCountByType": [{"key": "User to User", "value": people}],
            "progress": [{"units": "users"}] if going else [],
        },
    }


ALL = list(itertools.product(SCHEDULES, CODES, STATES, AGES, (0, 2), (0, 7), (False, True)))


def test_healthy_means_that_people_are_provisioned() -> None:
    """Every combination: true where all is well and nowhere else, and a reason wherever it is not true."""
    found = set()
    for schedule, code, state, ended, failed, people, going in ALL:
        told = health(_job(schedule, code, state, ended, failed, people, going), NOW)
        late = AGES[ended]
        well = schedule == "Active" and code != "Quarantine" and state == "Succeeded" and not failed
        assert told["healthy"] is (well and late is False and bool(people)), told
        assert (told["reason"] is None) == (told["healthy"] is True), told
        found.add(_plain(told["reason"]))
    assert len(found) == len(TABLE) + 1


def _plain(reason: str | None) -> str:
    """A reason without what differs from job to job."""
    return re.sub(r": a cycle wanted.*|Paused|Disabled|\\d[\\w:-]*|PT40M|unknownFutureValue", "", reason or "")


@pytest.mark.parametrize(
    ("job", "says"),
    [
        (
            _job("Active", "Quarantine", "Succeeded", "2026-11-10T11:00:00Z", 0, 7, False),
            "the job is in quarantine: a cycle wanted to remove more accounts than the deletion threshold allows",
        ),
        (
            _job("Disabled", "Quarantine", "Succeeded", "2026-11-10T11:00:00Z", 0, 7, False),
            "the job no longer runs and was in quarantine when it stopped: a cycle wanted to remove more accounts than "
            "the deletion threshold allows",
        ),
        (
            _job("Active", "Active", "Succeeded", "2026-11-10T09:59:00Z", 0, 7, False),
            "the last cycle ended at 2026-11-10T09:59:00Z, 3 intervals of PT40M ago",
        ),
        (
            _job("Active", "Active", "Succeeded", "2026-11-10T09:59:00Z", 0, 7, True),
            "the last cycle ended at 2026-11-10T09:59:00Z, 3 intervals of PT40M ago; another one is going on",
        ),
        (
            _job("Active", "Active", "Succeeded", "2026-11-10T11:00:00Z", 1, 7, False),
            "1 object failed in the last cycle",
        ),
    ],
)
def test_the_reason_in_words(job: dict[str, t.Any], says: str) -> None:
    assert health(job, NOW)["reason"] == says


@pytest.mark.parametrize(("template", "late"), [("scim", True), ("API2AAD", False), ("", True)])
def test_a_job_that_waits_for_uploads_is_never_late(template: str, late: bool) -> None:
    job = {**_job("Active", "Active", "Succeeded", "2026-10-18T00:00:00Z", 0, 7, False), "templateId": template}
    assert health(job, NOW)["healthy"] is not late


@pytest.mark.parametrize("interval", [None, "", "soon", "PT0S", "P", "P99999999999D", 40])
def test_an_interval_that_says_nothing_makes_nobody_late(interval: t.Any) -> None:
    job = _job("Active", "Active", "Succeeded", "2026-10-18T00:00:00Z", 0, 7, False)
    job["schedule"]["interval"] = interval
    assert health(job, NOW)["healthy"] is True


def test_the_guide_has_every_reason_in_order() -> None:
    """With examples in the place of what differs."""
    text = (GRAPH.parents[2] / "docs/docsite/rst/operations.rst").read_text(encoding="utf-8")
    table = text.split("The first of these that applies is the reason:")[1].split("\n\nThe whole tenant")[0]
    rows = re.findall(r"   \* - (.*)\n     - ", table)[1:]
    assert len(rows) == len(TABLE)
    examples = [health(_job(*one), NOW)["reason"] for one in ALL]
    for reason in rows:
        pattern = "".join(
            ".+" if number % 2 else re.escape(part) for number, part in enumerate(reason.split("*"))
        ).replace("objects", "objects?")
        assert any(re.fullmatch(pattern, one or "") for one in examples), reason


def test_what_a_placeholder_counts_is_nothing() -> None:
    never = copy.deepcopy(EXAMPLES["started_not_run_yet"])
    never["status"]["lastExecution"].update(countEscrowed=3, error={"code": "SomeCode", "message": "Some words"})
    told = health(never, SOON)
    assert (told["entry_errors"], told["last_error"]) == (0, None)
