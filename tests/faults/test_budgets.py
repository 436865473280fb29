# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a task costs, how many tokens and connections a run, and what the fast door saves."""

from __future__ import annotations

import copy
import itertools
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import NAME, application
from tests.faults.life import example
from tests.harness.playbook import Result
from tests.harness.playbook import run_playbook as run
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

SECRETS = {"BaseAddress": "https://scim.example/v2", "SecretToken": "a-token-of-the-target", "SyncAll": "false"}
TOKEN = {"SecretToken": SECRETS["SecretToken"]}
ADELE, SALES = "adele.vance@contoso.example", "Sales team"
SEED = {
    "applications": [application(jobs=[{"template_id": "scim", "state": "active"}], secrets=SECRETS, assigned=[ADELE])]
}
# An id that nothing has: reading it stands in the log between two tasks.
MARKER = "99999999-0000-4000-8000-000000000000"

BY_ID = {"service_principal_id": "{sp}", "job_id": "{job}"}
BY_NAME = {"display_name": NAME}
BY_APP_ID = {"app_id": "{app}", "template_id": "scim"}
KNOWN = {"settings": {"BaseAddress": SECRETS["BaseAddress"]}, "scope": "assigned"}
DEFAULT = {"schema": example("customappsso_default")}
PLAIN = {"service_principal_id": "{sp}"}

TWO_MORE = [
    {"target": "displayName", "expression": 'Join(" ", [surname], [givenName])'},
    {"target": "nickName", "expression": "Left([givenName], 3)"},
]


def mapping(target: str, more: Sequence[dict[str, Any]] = (), **source: Any) -> dict[str, Any]:
    """The option object_mappings for people."""
    return {"object_mappings": [{"source": "User", "attributes": [{"target": target, **source}, *more]}]}


# (module, options, how many requests); one for the work, one for each thing that is addressed by a name.
CONVERGED: list[tuple[str, dict[str, Any], int]] = [
    ("gallery_application", {"display_name": NAME}, 1),
    ("gallery_application", {"display_name": NAME, "gallery_name": "Custom"}, 2),
    ("sync_job", {**BY_ID, "enabled": True}, 1),
    ("sync_job", {**PLAIN, "template_id": "scim", "enabled": True}, 1),
    ("sync_job", {**BY_NAME, "enabled": True}, 2),
    ("sync_job", {**BY_APP_ID, "enabled": True}, 2),
    ("sync_job_action", {**BY_ID, "action": "start"}, 1),
    ("sync_job_action", {**BY_NAME, "action": "start"}, 2),
    ("sync_secrets", {**BY_ID, **KNOWN}, 1),
    ("sync_secrets", {**BY_ID, **KNOWN, "validate": True}, 1),
    ("sync_secrets", {**BY_NAME, **KNOWN}, 2),
    ("sync_schema", {**BY_ID, **DEFAULT}, 1),
    ("sync_schema", {**PLAIN, **DEFAULT}, 2),
    ("sync_schema", {**BY_NAME, **DEFAULT}, 3),
    ("sync_schema", {**BY_ID, **mapping("title", attribute="jobTitle"), "backup": True}, 1),
    # Whether the job rests since an earlier run paused it.
    ("sync_schema", {**BY_ID, **mapping("title", attribute="jobTitle"), "pause_around": True}, 2),
    # An expression that is there already is not parsed again.
    ("sync_schema", {**BY_ID, **mapping("name.formatted", expression='Join(" ",[givenName],[surname])')}, 1),
    ("app_role_assignment", {**PLAIN, "users": [ADELE]}, 2),
    ("app_role_assignment", {**BY_NAME, "users": [ADELE]}, 3),
    ("sync_info", PLAIN, 1),
    ("sync_info", BY_NAME, 2),
    # Templates can be changed through the application object only: two more to find it from the service principal.
    ("sync_template", {**PLAIN, "template_id": "scim", "default": True}, 3),
    ("sync_template", {"app_id": "{app}", "template_id": "scim", "default": True}, 3),
]


def _changed_schema() -> dict[str, Any]:
    schema = copy.deepcopy(example("customappsso_default"))
    schema["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"].pop()
    return schema


# In this order on one application: each changes something.
CHANGING: list[tuple[str, dict[str, Any], int]] = [
    # Before anything starts a cycle: the credentials are no good, and a job in quarantine is not paused. Pause and
    # start are each read back.
    ("sync_schema", {**BY_ID, **mapping("title", constant="Staff"), "pause_around": True}, 9),
    # Read, read once more right before the write, write, and read back; a trial comes on top of that.
    ("sync_secrets", {**BY_ID, "delete_threshold": 9, "secrets": TOKEN, "validate": False}, 4),
    (
        "sync_secrets",
        {**BY_NAME, "secrets": {"SecretToken": "another"}, "update_secrets": "always", "validate": False},
        5,
    ),
    # Read, read once more right before the write, and read back.
    ("sync_schema", {**BY_ID, "schema": _changed_schema()}, 4),
    ("sync_schema", {**BY_NAME, "state": "default"}, 7),
    ("sync_schema", {**BY_ID, **mapping("title", attribute="department")}, 4),
    # Expressions cost one request, however many they are.
    ("sync_schema", {**BY_ID, **mapping("title", expression="ToUpper([department])")}, 5),
    ("sync_schema", {**BY_ID, **mapping("title", expression="ToLower([department])", more=TWO_MORE)}, 5),
    # For a risk, the job is read to see whether it has run.
    ("sync_schema", {**BY_ID, **mapping("externalId", matching_priority=2), "allow": ["matching"]}, 5),
    ("sync_template", {**PLAIN, "template_id": "scim", **mapping("title", expression="ToUpper([department])")}, 9),
    ("sync_job", {**BY_ID, "enabled": False}, 3),
    # The other jobs are looked at before one is started.
    ("sync_job_action", {**BY_ID, "action": "start"}, 4),
    # Members in one batch, the assignments, the role, one each, and the assignments again.
    ("app_role_assignment", {**PLAIN, "users": ["ben.okoro@contoso.example"], "groups": [SALES]}, 6),
]


def _counts(simulator: Simulator, tasks: list[tuple[str, dict[str, Any], int]]) -> list[list[str]]:
    """The requests of each task, sign-in aside, as texts."""
    principal = next(one for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    job = next(iter(simulator.state()["synchronization"][principal["id"]]["jobs"]))
    places = {"{sp}": principal["id"], "{app}": principal["appId"], "{job}": job}
    unknown = {"service_principal_id": MARKER, "gather": ["assignments"]}
    between: dict[str, Any] = {"entra.provisioning.sync_info": unknown, "ignore_errors": True}
    play: list[dict[str, Any]] = []
    for number, (module, options, _most) in enumerate(tasks):
        filled = {
            name: places.get(value, value) if isinstance(value, str) else value for name, value in options.items()
        }
        play += [between, {"name": f"task {number}", f"entra.provisioning.{module}": filled}]
    result = run(play, defaults=simulator.options())
    assert result.rc == 0, result.output
    groups: list[list[str]] = []
    for request in simulator.requests():
        if MARKER in request["path"]:
            groups.append([])
        elif request["path"].startswith("/v1.0/"):
            groups[-1].append(f"{request['method']} {request['path']}")
    return groups


def test_a_converged_task(simulator: Simulator) -> None:
    simulator.reset(SEED)
    groups = _counts(simulator, CONVERGED)
    assert simulator.writes() == []
    for (module, options, most), requests in zip(CONVERGED, groups):
        assert len(requests) == most, (module, list(options), requests)


def test_a_change(simulator: Simulator) -> None:
    simulator.reset(SEED)
    groups = _counts(simulator, CHANGING)
    for (module, options, most), requests in zip(CHANGING, groups):
        assert any(not request.startswith("GET") for request in requests), (module, list(options))
        assert len(requests) == most, (module, list(options), requests)


def test_the_health_of_a_thousand_applications(simulator: Simulator, run_playbook: Run) -> None:
    jobs = [{"template_id": "scim", "state": "active"}]
    simulator.reset({"applications": [application("App {n}", jobs=jobs, count=1000)]})
    result = run_playbook([{"entra.provisioning.sync_info": {"gather": ["health"]}}])
    found = result.last.result["applications"]
    assert len({one["display_name"] for one in found}) == 1000
    assert all("intervals of PT40M ago" in one["health"][0]["reason"] for one in found)
    assert len(simulator.requests()) <= 60


@pytest.mark.parametrize("door", DOORS)
def test_one_token_for_a_run_of_many_tasks_and_forks(simulator: Simulator, tmp_path: Path, door: str) -> None:
    simulator.reset(SEED)
    task = {"entra.provisioning.sync_job": {"display_name": NAME}, "loop": [1, 2]}
    play = {"hosts": "all", "gather_facts": False, "connection": "local", "tasks": [task]}
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([play, play]))
    interpreter = f"ansible_python_interpreter={sys.executable}"
    hosts = ",".join(f"host{number}" for number in range(4))
    arguments = ("--inventory", f"{hosts},", "--forks", "4", "-e", interpreter)
    result = run(playbook, env=simulator.environment(), door=door, arguments=arguments)
    assert result.rc == 0, result.output
    assert len([one for one in simulator.requests() if one["path"].endswith("/token")]) == 1


def test_a_loop_keeps_its_connection(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset(SEED)
    result = run_playbook([{"entra.provisioning.sync_job": {"display_name": NAME}, "loop": list(range(10))}])
    assert result.rc == 0, result.output
    requests = [one for one in simulator.requests() if one["path"].startswith("/v1.0/")]
    assert len(requests) == 20
    assert len({one["connection"] for one in requests}) == 1


@pytest.mark.wider("How fast, not whether; the requests are counted every day.")
def test_the_fast_door_is_three_times_as_fast(simulator: Simulator, run_playbook: Run) -> None:
    """Milliseconds per item of a loop, told by the service's log, so that the start of Ansible does not count."""
    simulator.reset(SEED)
    seconds = {}
    for door in ("fast", "module"):
        mark = simulator.mark()
        task = {"entra.provisioning.sync_job": {"display_name": NAME}, "loop": list(range(8))}
        assert run_playbook([task], door=door).rc == 0
        moments = [one["at"] for one in simulator.requests(mark) if "displayName" in one["query"]]
        steps = sorted(later - earlier for earlier, later in itertools.pairwise(moments))
        seconds[door] = steps[len(steps) // 2]
        assert len(moments) == 8
    assert seconds["module"] > 3 * seconds["fast"], seconds
