# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/harness/forked.py: a fork is what a process of its own would have been, to the byte."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.faults import life
from tests.harness.forked import Forked, ForkServer
from tests.harness.playbook import Result, environment, run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly
from tools.package import case_arguments, case_variables

PLAYBOOK = str(Path(sys.executable).with_name("ansible-playbook"))
AD_HOC = str(Path(sys.executable).with_name("ansible"))
REQUEST = ("method", "path", "query", "body", "status")
PLACE = {"name": "place", "ansible.builtin.shell": "pwd; echo $SOME_VARIABLE; umask; id -u; cat; locale | grep LC_ALL"}
FAILURES: dict[str, list[dict[str, Any]]] = {
    "a failure": [{"ansible.builtin.fail": {"msg": "on purpose"}}],
    "no such module": [{"no_such_module_anywhere": {}}],
    "no such option": [{"entra.provisioning.sync_job": {"display_nam": "A"}}],
    "no such application": [{"entra.provisioning.sync_job": {"display_name": "A"}}],
    "an undefined variable": [{"ansible.builtin.debug": {"msg": "{{ nothing_like_it }}"}}],
}


def both_ways(simulator: Simulator, what: Any, seed: dict[str, Any] | None = None, **how: Any) -> list[list[Any]]:
    """What a person, a callback, the service and the caller see of a run, forked and as a process of its own."""
    seen = []
    for forked in (True, False):
        simulator.reset(seed)
        mark = simulator.mark()
        result = run_playbook(what, forked=forked, **how)
        calls = [
            [one[name] for name in ("method", "path", "query", "body", "status")] for one in simulator.requests(mark)
        ]
        # How often a wait asks is a matter of time.
        calls = [call for call, _same in itertools.groupby(calls)]
        tasks = [asdict(one) for one in result.tasks]
        seen.append(
            [result.rc, *json.loads(plain(json.dumps([result.stdout, result.stderr, tasks, result.stats, calls])))]
        )
    return seen


def plain(output: str) -> str:
    """Output without what is new in each run: times, names of temporary files, ids that are not the simulator's."""
    output = life.MOMENT.sub("", life.GUID.sub("", output))
    return re.sub(r"(entra-provisioning-run-|ansible-local-|ansible-tmp-)[\w.-]+", r"\1", output)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


HOW: list[dict[str, Any]] = [{}, {"check": True, "diff": True}, {"diff": True, "verbosity": 1}]


@pytest.mark.parametrize("how", mostly(HOW, HOW[2:], "The same life, less of it told."), ids=str)
def test_a_whole_life_is_the_same(simulator: Simulator, how: dict[str, Any]) -> None:
    forked, executed = both_ways(simulator, life.tasks(simulator)[:4], defaults=simulator.options(), **how)
    assert forked == executed
    assert forked[-1], "no request was made"


def test_a_role_is_the_same(simulator: Simulator) -> None:
    case = {"extra_vars": case_variables(simulator), "arguments": case_arguments("onboard")}
    forked, executed = both_ways(simulator, "entra.provisioning.onboard", env=simulator.environment(), **case)
    assert forked == executed
    assert forked[0] == 0, forked[1]


FEW = [FAILURES[name] for name in ("no such option", "an undefined variable")]


@pytest.mark.parametrize("tasks", mostly(FAILURES.values(), FEW, "Another way to fail."), ids=FAILURES)
def test_a_failure_is_the_same(simulator: Simulator, tasks: list[dict[str, Any]]) -> None:
    forked, executed = both_ways(simulator, tasks, defaults=simulator.options())
    assert forked == executed
    assert forked[0] != 0


def test_the_surroundings_are_the_same() -> None:
    def seen(forked: bool) -> Any:
        result = run_playbook([PLACE], env={"SOME_VARIABLE": "here", "TZ": "Asia/Tokyo"}, forked=forked)
        return plain(result.task("place").result["stdout"])

    assert seen(forked=True) == seen(forked=False)
    assert "here" in seen(forked=True)


def test_runs_share_no_memory() -> None:
    """Neither a fact nor a temporary folder of one run is there in the next."""
    folder = "{{ lookup('ansible.builtin.config', 'DEFAULT_LOCAL_TMP') }}"
    tasks: list[dict[str, Any]] = [
        {"name": "left", "ansible.builtin.debug": {"msg": "{{ left_behind | default('nothing') }}"}},
        {"ansible.builtin.set_fact": {"left_behind": "something", "cacheable": True}},
        {"name": "folder", "ansible.builtin.debug": {"msg": folder}},
    ]
    first, second = run_playbook(tasks), run_playbook(tasks)
    assert [one.task("left").result["msg"] for one in (first, second)] == ["nothing", "nothing"]
    assert first.task("folder").result["msg"] != second.task("folder").result["msg"]


def test_what_is_read_at_the_start_gets_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_unused: Any, **_also: Any) -> Forked:
        raise AssertionError("forked")

    monkeypatch.setattr(ForkServer, "start", never)
    assert run_playbook([{"ansible.builtin.debug": {}}], env={"ANSIBLE_NOCOLOR": "0"}).rc == 0
    with pytest.raises(AssertionError, match="forked"):
        run_playbook([{"ansible.builtin.debug": {}}], env={"AZURE_CLIENT_ID": "someone"})


def test_many_at_once() -> None:
    def said(number: int) -> Result:
        return run_playbook([{"ansible.builtin.debug": {"msg": f"I am {number}"}}])

    with ThreadPoolExecutor(6) as pool:
        for number, result in enumerate(pool.map(said, range(6))):
            assert result.last.result["msg"] == f"I am {number}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkServer]:
    running = ForkServer({**environment(tmp_path), "HARNESS_EVENTS": os.devnull})
    yield running
    running.stop()


def _killed(pid: int, folder: Path, number: signal.Signals) -> None:
    end = time.monotonic() + 60
    while not (folder / "began").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    os.kill(pid, number)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_alike(server: ForkServer, tmp_path: Path, number: signal.Signals) -> None:
    command = [AD_HOC, "localhost", "-m", "ansible.builtin.shell", "-a", "touch began; exec sleep 3"]
    settings = {**environment(tmp_path), "HARNESS_EVENTS": os.devnull}
    with open(os.devnull, "r+b") as nothing:
        run = server.start(command, tmp_path, settings, [nothing.fileno()] * 3)
        _killed(run.pid, tmp_path, number)
        forked = run.wait()
    (tmp_path / "began").unlink()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=tmp_path, env=settings, **quiet) as process:
        _killed(process.pid, tmp_path, number)
    assert forked == process.returncode != 0


def test_a_session_of_its_own(server: ForkServer, tmp_path: Path) -> None:
    """So that a test can kill a run with all that it has started."""
    settings = {**environment(tmp_path), "HARNESS_EVENTS": os.devnull}
    command = [AD_HOC, "localhost", "-m", "ansible.builtin.shell", "-a", "touch began; exec sleep 60"]
    with open(os.devnull, "r+b") as nothing:
        run = server.start(command, tmp_path, settings, [nothing.fileno()] * 3, new_session=True)
        assert os.getpgid(run.pid) == run.pid
        os.killpg(run.pid, signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL


def test_the_server_takes_its_runs_with_it(server: ForkServer, tmp_path: Path) -> None:
    settings = {**environment(tmp_path), "HARNESS_EVENTS": os.devnull}
    command = [PLAYBOOK, str(tmp_path / "playbook.yml")]
    pause = {"hosts": "localhost", "gather_facts": False, "tasks": [{"ansible.builtin.pause": {"seconds": 60}}]}
    (tmp_path / "playbook.yml").write_text(json.dumps([pause]))
    with open(os.devnull, "r+b") as nothing:
        run = server.start(command, tmp_path, settings, [nothing.fileno()] * 3)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
    with pytest.raises(ProcessLookupError):
        os.kill(run.pid, 0)
