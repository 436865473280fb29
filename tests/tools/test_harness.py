# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/harness: a real run of ansible-playbook, and the simulator's log read for writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.playbook import Result, environment
from tests.harness.playbook import run_playbook as run
from tests.harness.simulator import Simulator, _changes, _unpacked


def test_results_of_tasks_items_and_hosts() -> None:
    result = run(
        [
            {"name": "touch", "ansible.builtin.command": "true"},
            {"name": "loop", "ansible.builtin.debug": {"msg": "{{ item }}"}, "loop": ["a", "b"]},
            {"name": "survived", "ansible.builtin.fail": {"msg": "on purpose"}, "ignore_errors": True},
            {"name": "left out", "ansible.builtin.debug": {"msg": "no"}, "when": False},
        ],
        extra_vars={"unused": 1},
    )
    assert result.rc == 0, result.output
    assert [(task.name, task.status, task.is_item) for task in result.tasks] == [
        ("touch", "ok", False),
        ("loop", "ok", True),
        ("loop", "ok", True),
        ("loop", "ok", False),
        ("survived", "ignored", False),
        ("left out", "skipped", False),
    ]
    assert result.changed == 1
    assert result.task("survived").result["msg"] == "on purpose"
    assert result.last.name == "left out"
    with pytest.raises(LookupError, match="0 tasks are named 'nobody'"):
        result.task("nobody")


def test_check_diff_and_verbosity_reach_ansible() -> None:
    tasks = [{"name": "modes", "ansible.builtin.debug": {"msg": "{{ [ansible_check_mode, ansible_diff_mode] }}"}}]
    assert run(tasks).last.result["msg"] == [False, False]
    result = run(tasks, check=True, diff=True, verbosity=2)
    assert result.last.result["msg"] == [True, True]
    assert "Using /" in result.stdout


def test_a_run_that_never_begins_has_no_tasks() -> None:
    result = run([{"no_such_module_anywhere": {}}])
    assert result.rc != 0
    assert result.tasks == []


def test_the_callers_own_settings_do_not_leak_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", "someone")
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "oneline")
    settings = environment(tmp_path)
    assert "AZURE_CLIENT_ID" not in settings
    assert "ANSIBLE_STDOUT_CALLBACK" not in settings


@pytest.mark.parametrize(("door", "expected"), [("fast", True), ("module", False)])
def test_a_door_is_a_variable(door: str, expected: bool) -> None:
    result = run([{"ansible.builtin.debug": {"msg": "{{ entra_provisioning_fast_door }}"}}], door=door)
    assert result.last.result["msg"] is expected
    with pytest.raises(ValueError, match="door"):
        run([], door="back")


@pytest.mark.parametrize(
    ("method", "path", "changes"),
    [
        ("GET", "/v1.0/servicePrincipals", False),
        ("POST", "/tenant/oauth2/v2.0/token", False),
        ("POST", "/v1.0/servicePrincipals/1/synchronization/jobs/j/validateCredentials", False),
        ("POST", "/v1.0/servicePrincipals/1/synchronization/jobs/j/schema/parseExpression", False),
        ("POST", "/v1.0/directoryObjects/getByIds?x=1", False),
        ("POST", "/v1.0/servicePrincipals/1/synchronization/jobs", True),
        ("PUT", "/v1.0/servicePrincipals/1/synchronization/secrets", True),
        ("DELETE", "/v1.0/servicePrincipals/1/synchronization/jobs/j", True),
    ],
)
def test_what_counts_as_a_write(method: str, path: str, changes: bool) -> None:
    assert _changes({"method": method, "path": path}) is changes


def test_a_batch_is_what_it_carries() -> None:
    steps = [{"id": "1", "method": "GET", "url": "/users"}, {"id": "2", "method": "PATCH", "url": "/users/1"}]
    batch: dict[str, Any] = {"method": "POST", "path": "/v1.0/$batch", "body": {"requests": steps}}
    assert [step["path"] for step in _unpacked(batch) if _changes(step)] == ["/users/1"]


def test_requests_are_seen_and_reset_forgets_settings(
    simulator: Simulator, run_playbook: Callable[..., Result]
) -> None:
    mark = simulator.mark()
    simulator.quirks(page_size=7)
    url = f"{simulator.ready['graph_endpoint']}/v1.0/users"
    read = {"url": url, "ca_path": simulator.ready["ca_path"], "status_code": 401}
    result = run_playbook([{"name": "no token", "ansible.builtin.uri": read}])
    assert result.rc == 0, result.output
    assert [request["path"] for request in simulator.requests(mark)] == ["/v1.0/users"]
    assert simulator.writes(mark) == []
    simulator.reset()
    assert simulator.quirks()["page_size"] != 7


def test_a_simulator_runs_under_the_interpreter_that_is_named() -> None:
    with pytest.raises(RuntimeError, match="^false -m tests.graphsim .* ended with 1"):
        Simulator(interpreter="false")
