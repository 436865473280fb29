# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The note of a job that this collection has paused: whose it is, and when it no longer counts."""

from __future__ import annotations

import copy
import datetime
import json
import pathlib
import stat
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import pauses, turns
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP, OTHER = Principal("11111111-1111-1111-1111-111111111111"), Principal("22222222-1111-1111-1111-111111111111")
PAUSED: dict[str, t.Any] = example("job_examples")["paused_by_admin"]
RUNNING: dict[str, t.Any] = {**PAUSED, "schedule": {"state": "Active"}}


def _note() -> None:
    assert pauses.noted(SP, PAUSED["id"])(PAUSED) is PAUSED


def _after_a_cycle(minutes: int) -> dict[str, t.Any]:
    return _cycle_began(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes))


def _cycle_began(began: datetime.datetime) -> dict[str, t.Any]:
    job = copy.deepcopy(PAUSED)
    job["status"]["lastExecution"] |= {
        "timeBegan": f"{began:%Y-%m-%dT%H:%M:%SZ}",
        "timeEnded": "2099-01-01T00:00:00Z",
        "activityIdentifier": "another",
    }
    return job


def test_what_was_noted_is_ours() -> None:
    assert not pauses.is_ours(SP, PAUSED)
    _note()
    assert pauses.is_ours(SP, PAUSED)
    assert not pauses.is_ours(OTHER, PAUSED)
    assert not pauses.is_ours(SP, {**PAUSED, "id": "scim.other"})
    assert not pauses.is_ours(SP, RUNNING)


def test_a_start_or_pause_that_somebody_asked_for_ends_it() -> None:
    _note()
    assert pauses.forgotten(SP, PAUSED["id"])("seen") == "seen"
    assert not pauses.is_ours(SP, PAUSED)
    pauses.forgotten(SP, PAUSED["id"])(None)


@pytest.mark.parametrize(("minutes", "ours"), [(-5, True), (5, False)])
def test_a_cycle_that_began_later_was_started_by_somebody_else(minutes: int, ours: bool) -> None:
    _note()
    assert pauses.is_ours(SP, _after_a_cycle(minutes)) is ours


def test_a_cycle_of_the_same_second_may_be_somebody_elses() -> None:
    """The service tells when a cycle began in whole seconds."""
    _note()
    (path,) = turns.folder("paused").glob("*.json")
    paused = datetime.datetime.fromisoformat(json.loads(path.read_text())["paused"])
    assert not pauses.is_ours(SP, _cycle_began(paused))
    assert pauses.is_ours(SP, _cycle_began(paused - datetime.timedelta(seconds=1)))


def test_a_job_that_never_ran_can_be_noted() -> None:
    job = {"id": PAUSED["id"], "schedule": {"state": "Paused"}, "status": {}}
    pauses.noted(SP, job["id"])(job)
    assert pauses.is_ours(SP, job)


def test_nobody_else_can_read_it_and_it_holds_ids_only(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "home"))
    _note()
    (path,) = (tmp_path / "home").rglob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.write_text("[1]")
    assert not pauses.is_ours(SP, PAUSED)


def test_without_a_folder_the_work_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("x")
    monkeypatch.setenv("ANSIBLE_HOME", str(taken))
    _note()
    assert not pauses.is_ours(SP, PAUSED)
    pauses.forgotten(SP, PAUSED["id"])(None)
