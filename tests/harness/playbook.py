# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One real ``ansible-playbook`` process, and what came out of it.

Where nothing in the environment forbids it, the process is a fork of one that has Ansible imported
(tests/harness/forked.py); tests/harness compares both ways.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.harness.forked import ForkServer
from tests.harness.tree import collections_path

CALLBACKS = Path(__file__).with_name("callback_plugins")
# The variable that plugin_utils/_action.py reads.
SWITCH = "entra_provisioning_fast_door"
GROUP = "group/entra.provisioning.graph"
# Of the caller's environment, what would change the outcome of a run.
_FOREIGN = ("ANSIBLE_", "AZURE_", "ENTRA_", "GRAPH_")


class Running(Protocol):
    """A process that was started, as of subprocess.Popen."""

    @property
    def pid(self) -> int:
        """Its process id, which is that of its group too."""

    def poll(self) -> int | None:
        """The return code, or None while it runs."""

    def wait(self) -> int:
        """The return code."""


@dataclass(frozen=True)
class TaskResult:
    """What a callback plugin sees of one task on one host, or of one item of its loop (`is_item`)."""

    name: str
    action: str
    host: str
    status: str
    changed: bool
    result: dict[str, Any]
    is_item: bool


@dataclass(frozen=True)
class Result:
    """The outcome of a run: return code, both outputs, tasks in their order, stats by host."""

    rc: int
    stdout: str
    stderr: str
    tasks: list[TaskResult]
    stats: dict[str, dict[str, int]] = field(default_factory=dict)

    def task(self, name: str) -> TaskResult:
        """The one task (not loop item) of that name.

        :raises LookupError: when there is none, or more than one, with the whole output.
        """
        found = [task for task in self.tasks if task.name == name and not task.is_item]
        if len(found) != 1:
            raise LookupError(f"{len(found)} tasks are named {name!r}:\n{self.output}")
        return found[0]

    @property
    def last(self) -> TaskResult:
        """The last task that ran."""
        return [task for task in self.tasks if not task.is_item][-1]

    @property
    def changed(self) -> int:
        """How many tasks reported a change, over all hosts."""
        return sum(host["changed"] for host in self.stats.values())

    @property
    def output(self) -> str:
        """Everything that a person would have seen."""
        return f"{self.stdout}\n{self.stderr}"


def run_playbook(
    tasks_or_path: list[dict[str, Any]] | Path | str,
    *,
    extra_vars: dict[str, Any] | None = None,
    check: bool = False,
    diff: bool = False,
    verbosity: int = 0,
    env: dict[str, str] | None = None,
    door: str = "fast",
    defaults: dict[str, Any] | None = None,
    arguments: tuple[str, ...] = (),
    collections: Path | None = None,
    live: bool = False,
    forked: bool = True,
) -> Result:
    """Run tasks, a playbook file or a playbook of a collection (``entra.provisioning.NAME``) on localhost.

    :param tasks_or_path: a list of tasks is wrapped into a play for localhost.
    :param env: added to the environment; variables that Ansible or the collection would read are taken out first.
    :param door: ``fast`` runs modules inside Ansible's worker where that is possible, ``module`` never does.
    :param defaults: options for every module of the collection; only with a list of tasks.
    :param arguments: further arguments of ``ansible-playbook``.
    :param collections: where collections are looked up; without it, this checkout is the collection.
    :param live: print the output while it comes, both streams as one.
    :param forked: False starts the command itself, whatever it costs.
    """
    if door not in ("fast", "module"):
        raise ValueError(f"door is 'fast' or 'module', not {door!r}")
    folder = Path(tempfile.mkdtemp(prefix="entra-provisioning-run-"))
    try:
        playbook = str(tasks_or_path)
        if isinstance(tasks_or_path, list):
            playbook = str(folder / "playbook.yml")
            Path(playbook).write_text(json.dumps([_play(tasks_or_path, defaults or {})]))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *arguments]
        command += ["--check"] * check + ["--diff"] * diff + ["-" + "v" * verbosity] * bool(verbosity)
        variables = folder / "extra_vars.json"
        variables.write_text(json.dumps({SWITCH: door == "fast", **(extra_vars or {})}))
        command += ["--extra-vars", f"@{variables}"]
        events = folder / "events.jsonl"
        settings = {**environment(_home(), collections), "HARNESS_EVENTS": str(events), **(env or {})}
        rc, stdout, stderr = _run(command, folder, settings, live=live, forked=forked)
        return Result(rc, stdout, stderr, *_read(events))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_shell(line: str, folder: Path, env: dict[str, str] | None = None) -> Result:
    """Run a line of shell in a folder, with Ansible set up as for `run_playbook`.

    :param env: as of `run_playbook`.
    """
    with tempfile.TemporaryDirectory(prefix="entra-provisioning-run-") as own:
        events = Path(own) / "events.jsonl"
        settings = {**environment(_home()), "HARNESS_EVENTS": str(events), **(env or {})}
        if server := _fork_server():
            settings["PATH"] = f"{server.programs}{os.pathsep}{settings['PATH']}"
        rc, stdout, stderr = _run(["bash", "-c", line], folder, settings)
        return Result(rc, stdout, stderr, *_read(events))


def start_playbook(playbook: str, folder: Path, arguments: Sequence[str], env: dict[str, str]) -> Running:
    """Start a playbook in a session of its own, unheard, for a test that wants to see it end before its time.

    :param env: as of `run_playbook`.
    """
    command = [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *arguments]
    settings = {**environment(_home()), "HARNESS_EVENTS": os.devnull, **env}
    with open(os.devnull, "r+b") as nothing:
        if (server := _fork_server()) and server.fits(settings):
            return server.start(command, folder, settings, [nothing.fileno()] * 3, new_session=True)
        quiet: dict[str, Any] = {"stdin": nothing, "stdout": nothing, "stderr": nothing}
        return subprocess.Popen(command, env=settings, cwd=folder, start_new_session=True, **quiet)


def _run(
    command: list[str], folder: Path, settings: dict[str, str], *, live: bool = False, forked: bool = False
) -> tuple[int, str, str]:
    """The return code and both outputs; live, the second is part of the first."""
    if forked and not live and (server := _fork_server()) and server.fits(settings):
        return _run_forked(server, command, folder, settings)
    errors = subprocess.STDOUT if live else subprocess.PIPE
    how: dict[str, Any] = {"cwd": folder, "env": settings, "stdin": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, **how) as process:
        if not live:
            stdout, stderr = process.communicate()
            return process.returncode, stdout, stderr
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines), ""


def _run_forked(server: ForkServer, command: list[str], folder: Path, settings: dict[str, str]) -> tuple[int, str, str]:
    with open(os.devnull, "rb") as nothing, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        streams = [one.fileno() for one in (nothing, out, err)]
        rc = server.start(command, folder, settings, streams).wait()
        out.seek(0)
        err.seek(0)
        return rc, out.read(), err.read()


@functools.cache
def _home() -> Path:
    """Ansible's own files of all runs of this process; a run leaves nothing there."""
    home = tempfile.mkdtemp(prefix="entra-provisioning-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return Path(home)


def forget_runs() -> None:
    """Remove what earlier runs have noted for later ones in Ansible's home."""
    shutil.rmtree(_home() / "home" / "entra.provisioning", ignore_errors=True)


@functools.cache
def _fork_server() -> ForkServer | None:
    # File descriptors of processes are Linux's own.
    return ForkServer(environment(_home())) if hasattr(os, "pidfd_open") else None


def environment(home: Path, collections: Path | None = None) -> dict[str, str]:
    """The environment of an Ansible process that knows this collection and nothing of the user's own setup.

    :param home: a folder of the caller's for Ansible's own files.
    """
    configuration = home / "ansible.cfg"
    configuration.touch()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {
        **clean,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(configuration),
        "ANSIBLE_HOME": str(home / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(collections or collections_path()),
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "harness_events",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_DEVEL_WARNING": "false",
    }


def _play(tasks: list[dict[str, Any]], defaults: dict[str, Any]) -> dict[str, Any]:
    return {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {GROUP: defaults} if defaults else {},
        "tasks": tasks,
    }


def _read(events: Path) -> tuple[list[TaskResult], dict[str, dict[str, int]]]:
    """A run that ends before its first task (a syntax error) leaves no file."""
    lines = [json.loads(line) for line in events.read_text().splitlines()] if events.exists() else []
    stats = {host: counts for line in lines if "stats" in line for host, counts in line["stats"].items()}
    return [TaskResult(**line["task"]) for line in lines if "task" in line], stats
