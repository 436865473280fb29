# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letting through what the deletion threshold holds back."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import deletions
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, graph, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
HELD = EXAMPLES["quarantine_too_many_deletes"]
PATH = f"/servicePrincipals/{SP}/synchronization/jobs/{HELD['id']}"


def _entry(who: str, action: str = "stagedDelete", cycle: str = "c1") -> dict[str, t.Any]:
    source = {"id": who, "displayName": f"Name of {who}", "identityType": "User"}
    return {"id": f"{who}-{cycle}", "provisioningAction": action, "cycleId": cycle, "sourceIdentity": source}


def _logged(*who: str) -> list[dict[str, t.Any]]:
    return [_entry(one) for one in who]


def _run(
    entries: list[dict[str, t.Any]], job: dict[str, t.Any] = HELD, *, check_mode: bool = False, **params: t.Any
) -> tuple[dict[str, t.Any], ScriptedHttp]:
    path = f"/servicePrincipals/{SP}/synchronization/jobs/{job['id']}"
    routes = {
        ("GET", path): job,
        ("GET", "/auditLogs/provisioning"): {"value": entries},
        ("POST", f"{path}/restart"): answer(204),
    }
    http = ScriptedHttp(routes=routes)
    options = {"service_principal_id": SP, "job_id": job["id"], "action": "allow_deletes", **params}
    return task(sync_job_action.ARGUMENTS, http, check_mode=check_mode, **options).perform(sync_job_action.run), http


def test_the_right_number_lets_them_through() -> None:
    result, http = _run(_logged("u1", "u2"), confirm_count=2)
    assert result["changed"] is True
    assert result["changes"] == ["let 2 deletions through, by a restart with ForceDeletes"]
    assert result["staged_deletes"] == [
        {"id": "u1", "name": "Name of u1", "type": "User"},
        {"id": "u2", "name": "Name of u2", "type": "User"},
    ]
    assert [one.body for one in http.sent if one.method == "POST"] == [{"criteria": {"resetScope": "ForceDeletes"}}]


@pytest.mark.parametrize("count", [0, 1, 3, -1])
def test_another_number_is_refused_with_the_right_one(count: int) -> None:
    for check_mode in (False, True):
        result, http = _run(_logged("u1", "u2"), confirm_count=count, check_mode=check_mode)
        assert result["failed"] is True
        assert f"holds back 2 deletions, not {count}: Name of u1 (u1), Name of u2 (u2)" in result["msg"]
        assert result["error"]["staged_deletes"] == 2
        assert http.verbs() == ["GET", "GET"]


def test_of_many_the_first_are_named() -> None:
    result, _http = _run(_logged(*(f"u{number}" for number in range(25))), confirm_count=1)
    assert "(u9) and 15 more" in result["msg"]
    assert "u10" not in result["msg"]


def test_check_mode_counts_and_calls_nothing() -> None:
    result, http = _run(_logged("u1"), confirm_count=1, check_mode=True)
    assert (result["changed"], len(result["staged_deletes"])) == (True, 1)
    assert http.verbs() == ["GET", "GET"]


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"quarantine_too_many_deletes"}))
def test_nothing_happens_where_nothing_is_held_back(name: str) -> None:
    result, http = _run(_logged("u1"), EXAMPLES[name], confirm_count=1)
    assert (result["changed"], result["staged_deletes"], result["changes"]) == (False, [], [])
    assert http.verbs() == ["GET"]


def test_a_log_that_lags_allows_nothing() -> None:
    result, http = _run([_entry("u1", "delete")], confirm_count=0)
    assert "does not tell of any yet" in result["msg"]
    assert "POST" not in http.verbs()


def test_each_counts_once_over_all_cycles_of_the_quarantine() -> None:
    entries = [
        _entry("u1", cycle="c2"),
        _entry("u1"),
        _entry("u2"),
        _entry("u3", "disable"),
        _entry("u4", "StagedDelete"),
    ]
    entries.append({"id": "beta", "action": "StagedDelete", "sourceIdentity": {"id": "u5"}})
    http = ScriptedHttp(answer(200, {"value": entries}))
    assert [one["id"] for one in deletions.staged(graph(http), HELD)] == ["u1", "u2", "u4", "u5"]


@pytest.mark.parametrize(
    ("good", "began", "since"),
    [
        ("2026-11-05T10:00:00Z", "2026-11-05T10:40:00Z", "2026-11-05T10:00:00Z"),
        ("2026-11-01T10:00:00Z", "2026-11-05T10:40:00Z", "2026-11-04T10:40:00Z"),
        (None, "2026-11-05T10:40:00.1234567Z", "2026-11-04T10:40:00Z"),
        ("2026-11-05T10:00:00Z", None, "2026-11-05T10:00:00Z"),
    ],
)
def test_the_log_is_asked_since_the_last_good_cycle(good: str | None, began: str | None, since: str) -> None:
    job = copy.deepcopy(HELD)
    job["status"]["lastSuccessfulExecution"] = {"timeEnded": good} if good else None
    job["status"]["quarantine"]["seriesBegan"] = began
    http = ScriptedHttp(answer(200, {"value": []}))
    client = graph(http)
    if began is None:
        job["status"]["lastSuccessfulExecution"]["timeEnded"] = "2100-01-01T00:00:00Z"
        since = "2100-01-01T00:00:00Z"
    assert deletions.staged(client, job) == []
    assert f"jobId eq '{job['id']}' and activityDateTime ge {since}" in http.sent[0].path
