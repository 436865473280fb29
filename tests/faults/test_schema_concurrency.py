# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody changes the mappings in the portal while a task is at work, and the service changes them by itself."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.graph_client import Graph
from tests.faults.cases import NAME, application, check_message
from tests.faults.life import example
from tests.faults.mappings import SCHEMA_PATH, job, puts, stored, task, users
from tests.harness.playbook import Result, TaskResult
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]
Edit = Callable[[dict[str, Any]], None]

OURS = "User → User / title: [jobTitle] → [department]"
CHANGE = {"object_mappings": users({"target": "title", "attribute": "department"})}
# The reads of a task that changes something: to plan, right before the write, after it.
SECOND, THIRD = 1, 2
HELD = 1.2


def _mapping(schema: dict[str, Any], target: str) -> dict[str, Any]:
    return next(
        one
        for mapping in schema["synchronizationRules"][0]["objectMappings"]
        for one in mapping["attributeMappings"]
        if one["targetAttributeName"] == target
    )


def _default(schema: dict[str, Any]) -> None:
    _mapping(schema, "userName")["defaultValue"] = "nobody"


def _the_same(schema: dict[str, Any]) -> None:
    _mapping(schema, "title")["source"] = {
        "expression": "[department]",
        "name": "department",
        "type": "Attribute",
        "parameters": [],
    }


def _many(schema: dict[str, Any]) -> None:
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        for one in mapping["attributeMappings"]:
            one["defaultValue"] = "x"


def _nothing(schema: dict[str, Any]) -> None:
    """Save without a change, which sets a new version all the same."""


class Portal:
    """Holds the read of a task that comes after some others, and changes the schema meanwhile."""

    def __init__(self, simulator: Simulator, after: int, edit: Edit) -> None:
        match = {"method": "GET", "path": SCHEMA_PATH}
        self.simulator, self.graph, self.edit = simulator, Graph(simulator), edit
        found = job(simulator)
        self.schema = copy.deepcopy(found["schema"] or example("customappsso_default"))
        (principal,) = (one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
        self.path = f"/servicePrincipals/{principal}/synchronization/jobs/{found['job']['id']}/schema"
        simulator.faults([{"match": match, "fault": "delay", "seconds": HELD, "skip": after}])
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_ended: object) -> None:
        self._thread.join()

    def _work(self) -> None:
        end = time.monotonic() + 30
        while self.simulator.faults_left() != [0] and time.monotonic() < end:
            time.sleep(0.05)
        self.simulator.faults([])
        schema = self.graph.ok("GET", self.path)
        self.edit(schema)
        self.graph.ok("PUT", self.path, schema)


@pytest.fixture(autouse=True)
def _one_job(simulator: Simulator) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "created"}])]})


def _run(simulator: Simulator, run_playbook: Run, after: int, edit: Edit, **options: Any) -> TaskResult:
    with Portal(simulator, after, edit):
        return run_playbook([task(**{**CHANGE, **options})]).last


@pytest.mark.parametrize("echo", ["none", "noise"])
def test_nothing_is_written_over_somebody_elses_change(simulator: Simulator, run_playbook: Run, echo: str) -> None:
    simulator.quirks(schema_echo=echo)
    one = _run(simulator, run_playbook, SECOND, _default)
    assert (one.status, one.changed) == ("ignored", False)
    theirs = 'User → User / userName / default: "nobody" (new)'
    says = ["so nothing was written", f"Their changes: {theirs}.", f"The changes of this task: {OURS}.", "Run the task"]
    check_message(one.result["msg"], says, answered=False)
    assert one.result["error"]["their_changes"] == [theirs]
    # Only the one of the portal.
    assert len(puts(simulator)) == 1
    assert _mapping(stored(simulator), "userName")["defaultValue"] == "nobody"
    again = run_playbook([task(**CHANGE)]).last
    assert again.result["changes"] == [OURS]
    assert _mapping(stored(simulator), "userName")["defaultValue"] == "nobody"
    assert _mapping(stored(simulator), "title")["source"]["name"] == "department"


def test_many_changes_are_told_in_part(simulator: Simulator, run_playbook: Run) -> None:
    message = _run(simulator, run_playbook, SECOND, _many).result["msg"]
    assert "; and " in message
    assert " more. The changes of this task: " in message
    assert message.count("(new)") == 10


def test_the_same_change_is_found_done_by_the_next_run(simulator: Simulator, run_playbook: Run) -> None:
    one = _run(simulator, run_playbook, SECOND, _the_same)
    assert (one.status, one.changed, len(puts(simulator))) == ("ignored", False, 1)
    again = run_playbook([task(**CHANGE)]).last
    assert (again.status, again.changed) == ("ok", False)


@pytest.mark.parametrize("echo", ["none", "noise"])
def test_a_new_version_that_means_the_same_stops_nothing(simulator: Simulator, run_playbook: Run, echo: str) -> None:
    simulator.quirks(schema_echo=echo)
    one = _run(simulator, run_playbook, SECOND, _nothing)
    assert (one.status, one.result["changes"], one.result["changed_by_service"]) == ("ok", [OURS], [])
    assert len(puts(simulator)) == 2


def test_there_is_no_backup_of_what_was_not_overwritten(simulator: Simulator, run_playbook: Run, tmp_path: Any) -> None:
    one = _run(simulator, run_playbook, SECOND, _default, backup=True, backup_dir=str(tmp_path))
    assert "Somebody else changed the schema" in one.result["msg"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("door", DOORS)
def test_what_the_service_makes_of_the_write_is_told(simulator: Simulator, run_playbook: Run, door: str) -> None:
    with Portal(simulator, THIRD, _default):
        one = run_playbook([task(**CHANGE)], door=door).last
    assert (one.status, one.changed, one.result["changes"]) == ("ok", True, [OURS])
    (difference,) = one.result["changed_by_service"]
    assert difference["path"][-2:] == ["userName", "default"]
    assert (difference["before"], difference["after"]) == (None, '"nobody"')
    (warning,) = one.result["warnings"]
    assert "The service changed by itself what was written: User → User / userName / default" in warning


def test_a_reset_that_is_changed_meanwhile_is_told_too(simulator: Simulator, run_playbook: Run) -> None:
    run_playbook([task(**CHANGE)])
    with Portal(simulator, 1, _default):
        one = run_playbook([task(state="default")]).last
    assert "Somebody else changed the schema" in one.result["msg"]
    assert stored(simulator) is not None


def test_an_old_replica_is_waited_for(simulator: Simulator, run_playbook: Run) -> None:
    match = {"method": "GET", "path": SCHEMA_PATH}
    simulator.faults([{"match": match, "fault": "stale", "skip": THIRD, "times": 3}])
    one = run_playbook([task(**CHANGE)]).last
    assert (one.status, one.result["changes"], one.result["changed_by_service"]) == ("ok", [OURS], [])
    assert "warnings" not in one.result
    assert simulator.faults_left() == [0]
    assert len(puts(simulator)) == 1


def test_a_replica_that_stays_old_is_told(simulator: Simulator, run_playbook: Run) -> None:
    match = {"method": "GET", "path": SCHEMA_PATH}
    simulator.faults([{"match": match, "fault": "stale", "skip": THIRD, "times": None}])
    one = run_playbook([task(**CHANGE, timeout=3)]).last
    assert (one.status, one.changed) == ("ignored", True)
    assert "changes_made" not in one.result["error"]
    assert "the service accepts it, but " in one.result["msg"]
    assert "it cannot be seen, it is as before: " in one.result["msg"]
    assert "[jobTitle]" in one.result["msg"]


def test_check_mode_does_not_look_twice(simulator: Simulator, run_playbook: Run) -> None:
    one = run_playbook([task(**CHANGE, check_mode=True)]).last
    assert one.result["changes"] == [OURS]
    reads = [one for one in simulator.requests() if one["path"].endswith("/schema")]
    assert len(reads) == 1
