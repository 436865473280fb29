# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job is paused around a change, and runs again whatever becomes of the change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.graph_client import Graph
from tests.faults.cases import NAME, application
from tests.faults.mappings import job, steps, stored, task, users
from tests.harness.playbook import Result, TaskResult, forget_runs
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

Run = Callable[..., Result]

CHANGE = {"object_mappings": users({"target": "title", "attribute": "department"}), "pause_around": True}
TOLD = "User → User / title: [jobTitle] → [department]"
PAUSE = "pause the synchronization job of the template scim"
START = "start the synchronization job of the template scim"
REFUSAL = {"error": {"code": "Refused", "message": "Not like this."}}

# What becomes of the PUT of an application of that name, and what the message says of it.
TROUBLE: dict[str, tuple[dict[str, Any], str]] = {
    # First, so that it arrives while the others are in trouble.
    "never answered": ({"fault": "delay", "seconds": 2.3}, ""),
    "refused": ({"fault": "status", "status": 400, "body": REFUSAL}, "the service answered 400"),
    "out of order": ({"fault": "status", "status": 500, "times": None}, "Gave up after"),
    "cut off": ({"fault": "drop_before", "times": None}, ""),
    "throttled": ({"fault": "status", "status": 429, "headers": {"Retry-After": "60"}}, "Gave up after"),
}


def _seeded(simulator: Simulator, **states: str) -> None:
    apps = [application(name, jobs=[{"template_id": "scim", "state": state}]) for name, state in states.items()]
    simulator.reset({"applications": apps})


def _path(simulator: Simulator, name: str, end: str) -> str:
    return f"/jobs/{job(simulator, name)['job']['id']}/{end}$"


def _principal(simulator: Simulator) -> str:
    (found,) = (one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    return str(found)


def _schedule(simulator: Simulator, name: str) -> str:
    return str(job(simulator, name)["job"]["schedule"]["state"])


def _writes(simulator: Simulator, name: str) -> list[str]:
    ours = f"/{job(simulator, name)['job']['id']}/"
    return [f"{one['method']} {one['path'].rsplit('/', 1)[1]}" for one in simulator.writes() if ours in one["path"]]


def test_the_order(simulator: Simulator, run_playbook: Run) -> None:
    _seeded(simulator, **{NAME: "active"})
    planned, done, again = run_playbook(
        [task(**CHANGE, check_mode=True), task(**CHANGE), task(**CHANGE)], diff=True
    ).tasks
    assert planned.result["changes"] == done.result["changes"] == [PAUSE, TOLD, START]
    assert planned.result["diff"] == done.result["diff"]
    assert (done.status, done.changed, again.status, again.changed) == ("ok", True, "ok", False)
    assert again.result["changes"] == []
    assert _writes(simulator, NAME) == ["POST pause", "PUT schema", "POST start"]
    during = steps(simulator)
    first = during.index("POST pause")
    written = ["GET schema", "PUT schema", "GET schema"]
    # The pause and the start are seen, too.
    assert during[first : first + 7] == ["POST pause", "GET job", *written, "POST start", "GET job"]
    assert _schedule(simulator, NAME) == "Active"


def test_who_does_not_run_is_not_started(simulator: Simulator, run_playbook: Run) -> None:
    _seeded(simulator, resting="paused", new="created", quarantine="quarantine", running="active")
    tasks = [task(name, **CHANGE) for name in ("resting", "new", "quarantine")]
    result = run_playbook([*tasks, task("running", object_mappings=CHANGE["object_mappings"])])
    for one in result.tasks:
        assert (one.status, one.result["changes"]) == ("ok", [TOLD])
        assert _writes(simulator, one.name) == ["PUT schema"]
    warned = {one.name: one.result.get("warnings", []) for one in result.tasks}
    assert "is in quarantine and was not paused around the change" in warned.pop("quarantine")[0]
    (named,) = warned.pop("resting")
    assert "is paused and stays so, since it is not known that an earlier run of this task paused it." in named
    assert f"job_id={job(simulator, 'resting')['job']['id']}'" in named
    assert list(warned.values()) == [[], []]
    left = {one.name: one.result.get("left_paused") for one in result.tasks}
    assert left == {**dict.fromkeys(left), "resting": job(simulator, "resting")["job"]["id"]}
    assert [_schedule(simulator, name) for name in ("resting", "new", "running")] == ["Paused", "Disabled", "Active"]


def test_it_runs_again_after_every_kind_of_failure(simulator: Simulator, run_playbook: Run) -> None:
    _seeded(simulator, **dict.fromkeys(TROUBLE, "active"))
    simulator.faults(
        [
            {"match": {"method": "PUT", "path": _path(simulator, name, "schema")}, **fault}
            for name, (fault, _says) in TROUBLE.items()
        ]
    )
    result = run_playbook([task(name, **CHANGE, timeout=2) for name in TROUBLE])
    for name, (_fault, says) in TROUBLE.items():
        one = result.task(name)
        assert one.status == "ignored", name
        assert one.result["error"]["changes_made"] == [PAUSE, START], name
        assert says in one.result["msg"], one.result["msg"]
        assert (_writes(simulator, name)[0], _schedule(simulator, name)) == ("POST pause", "Active"), name
    assert _writes(simulator, "refused") == ["POST pause", "PUT schema", "POST start"]
    assert stored(simulator, "refused") is None


def test_what_is_refused_before_the_write_leaves_it_running(
    simulator: Simulator, run_playbook: Run, tmp_path: Any
) -> None:
    _seeded(simulator, **{NAME: "active"})
    taken = tmp_path / "file"
    taken.write_text("x")
    scope = users(scope=[{"name": "x", "clauses": [{"attribute": "mail", "operator": "IS NOT NULL"}]}])
    backup, guarded = run_playbook(
        [task(**CHANGE, backup=True, backup_dir=str(taken)), task(object_mappings=scope, pause_around=True)]
    ).tasks
    assert "could not be kept" in backup.result["msg"]
    assert "the job has run before" in guarded.result["msg"]
    assert _writes(simulator, NAME) == ["POST pause", "POST start"]
    assert _schedule(simulator, NAME) == "Active"


def _last(
    simulator: Simulator, run_playbook: Run, *faults: tuple[str, str, dict[str, Any]], door: str = "fast"
) -> TaskResult:
    _seeded(simulator, **{NAME: "active"})
    simulator.faults(
        [
            {"match": {"method": method, "path": _path(simulator, NAME, end)}, "fault": "status", **fault}
            for method, end, fault in faults
        ]
    )
    return run_playbook([task(**CHANGE, timeout=10)], door=door).last


def test_a_pause_that_is_refused_changes_nothing(simulator: Simulator, run_playbook: Run) -> None:
    one = _last(simulator, run_playbook, ("POST", "pause", {"status": 400, "body": REFUSAL}))
    assert (one.status, one.changed, _writes(simulator, NAME)) == ("ignored", False, ["POST pause"])
    assert stored(simulator) is None


def test_a_start_that_is_refused_too_is_told(simulator: Simulator, run_playbook: Run) -> None:
    refused = {"status": 400, "body": REFUSAL}
    one = _last(simulator, run_playbook, ("PUT", "schema", refused), ("POST", "start", refused))
    assert one.result["error"]["changes_made"] == [PAUSE]
    assert "Could not replace the schema" in one.result["msg"]
    assert f"Nor was it possible to {START}" in one.result["msg"]
    assert _schedule(simulator, NAME) == "Paused"


def test_a_start_that_is_refused_after_the_change_is_told_once(simulator: Simulator, run_playbook: Run) -> None:
    one = _last(simulator, run_playbook, ("POST", "start", {"status": 400, "body": REFUSAL, "times": None}))
    assert (one.status, one.changed) == ("ignored", True)
    assert one.result["error"]["changes_made"] == [PAUSE, TOLD]
    assert one.result["msg"].count("Could not start the synchronization job") == 1
    assert _writes(simulator, NAME) == ["POST pause", "PUT schema", "POST start"]


def test_a_start_whose_answer_is_lost_is_looked_after(simulator: Simulator, run_playbook: Run) -> None:
    one = _last(simulator, run_playbook, ("POST", "start", {"fault": "drop_after"}))
    assert (one.status, one.changed) == ("ok", True)
    assert _writes(simulator, NAME).count("POST start") == 1
    assert _schedule(simulator, NAME) == "Active"


SERVER_ERROR = {"fault": "status", "status": 503}
# Answers to the start at the end of which the service did nothing.
DID_NOTHING: dict[str, dict[str, Any]] = {
    "one 503": SERVER_ERROR,
    "four 500": {"fault": "status", "status": 500, "times": 4},
    "empty": {"fault": "status", "status": 200},
    "an object": {"fault": "status", "status": 200, "body": {}},
    "cut off": {"fault": "drop_before"},
}


@pytest.mark.parametrize(
    "kind", mostly(DID_NOTHING, ["four 500", "empty"], "Another answer after which nothing was done.")
)
def test_a_start_that_did_nothing_is_made_once_more(simulator: Simulator, run_playbook: Run, kind: str) -> None:
    one = _last(simulator, run_playbook, ("POST", "start", DID_NOTHING[kind]))
    assert (one.status, one.changed, one.result["changes"]) == ("ok", True, [PAUSE, TOLD, START])
    assert _schedule(simulator, NAME) == "Active"


LASTING = {"fault": "status", "status": 400, "body": REFUSAL, "times": None}


@pytest.mark.parametrize("door", DOORS)
def test_what_is_left_paused_is_named_at_the_end_and_started_by_the_next_run(
    simulator: Simulator, run_playbook: Run, door: str
) -> None:
    one = _last(simulator, run_playbook, ("POST", "start", LASTING), door=door)
    job_id = job(simulator)["job"]["id"]
    principal = _principal(simulator)
    command = (
        f"ansible localhost -m entra.provisioning.sync_job_action -a 'action=start service_principal_id={principal} "
        f"job_id={job_id}'"
    )
    assert one.result["msg"].endswith(f"The synchronization job {job_id} is left paused. To start it: {command}")
    assert one.result["error"]["left_paused"] == job_id
    simulator.faults([])
    planned, done, again = run_playbook(
        [task(**CHANGE, check_mode=True), task(**CHANGE), task(**CHANGE)], door=door
    ).tasks
    says = [f"{START}, which an earlier run paused and could not start again"]
    assert planned.result["changes"] == done.result["changes"] == says
    assert (done.status, done.result["left_paused"], again.changed) == ("ok", None, False)
    assert _schedule(simulator, NAME) == "Active"


def test_a_job_that_a_person_paused_later_is_not_started(simulator: Simulator, run_playbook: Run) -> None:
    """Somebody has pasted the command, and somebody else has paused the job for a reason of their own."""
    _last(simulator, run_playbook, ("POST", "start", LASTING))
    simulator.faults([])
    job_id = job(simulator)["job"]["id"]
    principal = _principal(simulator)
    graph = Graph(simulator)
    graph.ok("POST", f"/servicePrincipals/{principal}/synchronization/jobs/{job_id}/start")
    simulator.clock("PT40M")
    graph.ok("POST", f"/servicePrincipals/{principal}/synchronization/jobs/{job_id}/pause")
    one = run_playbook([task(**CHANGE)]).last
    assert (one.changed, one.result["left_paused"]) == (False, job_id)
    assert "is paused and stays so" in one.result["warnings"][0]
    assert _schedule(simulator, NAME) == "Paused"


def test_without_a_note_the_job_is_named(simulator: Simulator, run_playbook: Run) -> None:
    """As in a container that does not outlive the job."""
    _last(simulator, run_playbook, ("POST", "start", LASTING))
    simulator.faults([])
    forget_runs()
    one = run_playbook([task(**CHANGE)]).last
    assert (one.changed, one.result["left_paused"]) == (False, job(simulator)["job"]["id"])
    assert "To start it: ansible localhost -m entra.provisioning.sync_job_action" in one.result["warnings"][0]
