# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what a job does."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import cycles
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = Principal("11111111-1111-1111-1111-111111111111")
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
STEADY = EXAMPLES["active_steady"]


def _task(*seen: dict[str, t.Any]) -> tuple[t.Any, ScriptedHttp]:
    http = ScriptedHttp(*(answer(200, one) for one in seen))
    return task(sync_job_action.ARGUMENTS, http, service_principal_id=SP.id, action="start"), http


def _later(job: dict[str, t.Any], ended: str) -> dict[str, t.Any]:
    later = copy.deepcopy(job)
    later["status"]["lastExecution"].update(timeEnded=ended, activityIdentifier=ended)
    return later


def test_the_end_of_the_cycle_before_is_not_the_end_of_this_one() -> None:
    new = _later(STEADY, "2026-11-05T22:30:00Z")
    made, http = _task(STEADY, STEADY, new)
    assert cycles.after_cycle(made, SP, "scim.1", STEADY) == new
    assert len(http.sent) == 3


def test_a_first_cycle_is_waited_for_through_the_placeholder() -> None:
    made, http = _task(EXAMPLES["created"], EXAMPLES["started_not_run_yet"], STEADY)
    assert cycles.after_cycle(made, SP, "scim.1", EXAMPLES["created"]) == STEADY
    assert len(http.sent) == 3


def test_a_quarantine_ends_the_wait_with_its_reason() -> None:
    made, _http = _task(STEADY, EXAMPLES["quarantine_bad_credentials"])
    with pytest.raises(ProvisioningError) as caught:
        cycles.after_cycle(made, SP, "scim.1", STEADY)
    assert "SystemForCrossDomainIdentityManagementInvalidCredentials" in caught.value.message
    assert caught.value.facts["quarantine_reason"] == "EncounteredQuarantineException"


def test_a_cycle_that_does_not_end_is_told() -> None:
    made, _http = _task(STEADY)
    with pytest.raises(OutOfTime, match="waiting until the cycle of the job scim.1 ends"):
        cycles.after_cycle(made, SP, "scim.1", STEADY)


@pytest.mark.parametrize("state", ["Paused", "Disabled"])
def test_both_names_of_rest_are_rest(state: str) -> None:
    resting = copy.deepcopy(EXAMPLES["paused_by_admin"])
    resting["schedule"]["state"] = state
    made, http = _task(STEADY, resting)
    assert cycles.after_pause(made, SP, "scim.1") == resting
    assert len(http.sent) == 2


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.startswith("quarantine")])
def test_other_jobs_are_not_refused(name: str) -> None:
    cycles.refuse_quarantine(EXAMPLES[name])


def _steady_at(job: dict[str, t.Any], began: str, reached: str) -> dict[str, t.Any]:
    later = _later(job, "2026-11-06T10:05:00Z")
    later["status"]["lastExecution"]["timeBegan"] = began
    later["status"]["steadyStateLastAchievedTime"] = reached
    return later


def _waiting(*seen: dict[str, t.Any]) -> tuple[t.Any, ScriptedHttp]:
    made, http = _task(*seen)
    made.params = {**made.params, "wait": True, "wait_until": "steady_state"}
    return made, http


def test_steady_state_is_more_than_the_end_of_a_cycle() -> None:
    never = copy.deepcopy(EXAMPLES["started_not_run_yet"])
    ended = _steady_at(STEADY, "2026-11-06T10:00:00Z", "0001-01-01T00:00:00Z")
    steady = _steady_at(STEADY, "2026-11-06T10:00:00Z", "2026-11-06T10:05:00Z")
    made, http = _waiting(never, ended, steady)
    assert cycles.after_cycle(made, SP, "scim.1", EXAMPLES["created"]) == steady
    assert len(http.sent) == 3


@pytest.mark.parametrize(
    ("reached", "steady"),
    [
        ("2026-11-06T10:04:59Z", True),
        ("2026-11-06T10:00:00Z", True),
        ("2026-11-06T09:59:59Z", True),
        ("2026-11-05T00:00:00Z", False),
    ],
)
def test_an_older_steady_state_is_not_this_one(reached: str, steady: bool) -> None:
    before = _steady_at(STEADY, "2026-11-05T00:00:00Z", "2026-11-05T00:00:00Z")
    before["status"]["lastExecution"]["activityIdentifier"] = "another"
    assert cycles.is_steady(_steady_at(STEADY, "2026-11-06T10:00:00Z", reached), before) is steady
    assert not cycles.is_steady(before, before)


def test_a_quarantine_ends_the_wait_for_steady_state() -> None:
    made, _http = _waiting(STEADY, EXAMPLES["quarantine_bad_credentials"])
    with pytest.raises(ProvisioningError, match="is in quarantine"):
        cycles.after_cycle(made, SP, "scim.1", STEADY)


def test_the_quarantine_from_before_does_not_end_the_wait() -> None:
    old = EXAMPLES["quarantine_bad_credentials"]
    new = _later(STEADY, "2026-11-06T10:05:00Z")
    made, http = _task(old, old, new)
    assert cycles.after_cycle(made, SP, "scim.1", old) == new
    assert len(http.sent) == 3


def test_a_quarantine_that_is_renewed_ends_the_wait() -> None:
    old = EXAMPLES["quarantine_bad_credentials"]
    renewed = copy.deepcopy(old)
    renewed["status"]["quarantine"]["currentBegan"] = "2026-11-06T10:05:00Z"
    made, _http = _task(old, renewed)
    with pytest.raises(ProvisioningError, match="is in quarantine"):
        cycles.after_cycle(made, SP, "scim.1", old)


def test_too_many_deletes_have_their_own_advice() -> None:
    with pytest.raises(ProvisioningError, match="with the action allow_deletes; if not, repair"):
        cycles.refuse_quarantine(EXAMPLES["quarantine_too_many_deletes"])


def test_whoever_watches_reads_how_the_job_does() -> None:
    made, _http = _task(*[EXAMPLES["started_not_run_yet"]] * 12, STEADY)
    lines: list[str] = []
    made.deadline.progress = lines.append
    cycles.after_cycle(made, Principal(SP.id, name="Contoso SCIM"), "scim.1", EXAMPLES["created"])
    assert lines
    assert lines[0].startswith("Contoso SCIM: NotRun, 0 exported, ")


def test_time_that_runs_out_is_told_with_where_the_job_stands() -> None:
    made, _http = _task(EXAMPLES["started_not_run_yet"])
    with pytest.raises(OutOfTime, match=r"Seen last: NotRun, 0 exported\."):
        cycles.after_cycle(made, SP, "scim.1", EXAMPLES["created"])


@pytest.mark.parametrize(
    ("quarantine", "says"),
    [
        (None, "in quarantine: the service gives no reason. Remove the cause"),
        (
            {"reason": "New", "nextAttempt": "2026-11-06T03:00:00Z"},
            r"a reason that has no plain words yet \(New\). It is tried again at 2026-11-06T03:00:00Z. Remove",
        ),
    ],
)
def test_a_quarantine_of_which_little_is_known(quarantine: dict[str, t.Any] | None, says: str) -> None:
    with pytest.raises(ProvisioningError, match=says) as caught:
        status = {"code": "Quarantine", "quarantine": quarantine}
        cycles.refuse_quarantine({"id": "scim.1", "schedule": {"state": "Active"}, "status": status})
    assert "None" not in caught.value.message


def test_a_job_that_nobody_schedules_is_told_as_such() -> None:
    made, _http = _task(EXAMPLES["paused_by_admin"])
    with pytest.raises(OutOfTime, match=r"Seen last: Paused, schedule (Paused|Disabled), \d+ exported\."):
        cycles.after_cycle(made, SP, "scim.1", EXAMPLES["paused_by_admin"])


def test_a_pause_ends_with_the_cycle_that_still_runs() -> None:
    running = copy.deepcopy(EXAMPLES["paused_by_admin"])
    running["status"]["code"] = "Active"
    made, http = _task(running, running, EXAMPLES["paused_by_admin"])
    assert cycles.after_pause(made, SP, "scim.1", STEADY) == EXAMPLES["paused_by_admin"]
    assert len(http.sent) == 3


def test_a_job_that_cannot_be_read_is_told() -> None:
    http = ScriptedHttp(answer(404, {"error": {"code": "NotFound", "message": "No."}}))
    made = task(sync_job_action.ARGUMENTS, http, service_principal_id=SP.id, action="pause")
    with pytest.raises(OutOfTime) as caught:
        cycles.after_pause(made, SP, "scim.1", STEADY)
    assert "while waiting until the job scim.1 rests. " in caught.value.message
    assert caught.value.message.endswith("Seen last: the job cannot be read.")
