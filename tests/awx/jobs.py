# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as AWX carries it out: a folder for ansible-runner with project, inventory, credential and extra variables.

After awx main/tasks/jobs.py (the folder, the environment, the arguments) and main/tasks/receptor.py (the way to the
node that executes it). There is no container here, so what AWX has at /runner is wherever the folder is.
"""

from __future__ import annotations

import atexit
import functools
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

from tests.awx.credentials import INSIDE
from tests.awx.data import controller
from tests.harness.playbook import environment
from tests.harness.simulator import ROOT

PROJECT = Path(__file__).with_name("project")
_TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Outcome:
    """What a job left behind: `status` as AWX shows it, the job events in their order, and all that was printed.

    `environment` and `command` are what the runner tells about the start.
    """

    status: str
    events: list[dict[str, Any]]
    stdout: str
    environment: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)

    def results(self) -> list[dict[str, Any]]:
        """The event data of all tasks that ended."""
        ends = ("runner_on_ok", "runner_on_failed", "runner_on_skipped")
        return [one["event_data"] for one in self.events if one["event"] in ends]

    def changed(self) -> int:
        """How many tasks changed something."""
        return sum(self._stats()["changed"].values())

    def artifacts(self) -> dict[str, Any]:
        """What was published with set_stats, as AWX reads it."""
        found: dict[str, Any] = self._stats().get("artifact_data", {})
        return found

    def _stats(self) -> dict[str, Any]:
        found: dict[str, Any] = next(one["event_data"] for one in self.events if one["event"] == "playbook_on_stats")
        return found


class Job:
    """The folder of a job; every run of it is another job.

    :param credential: the environment that the credential renders.
    :param variables: the extra variables.
    :param trusted: those of the job template's own, in which AWX allows templates.
    :param arguments: arguments of ansible-playbook, those of the credential too.
    """

    def __init__(
        self,
        folder: Path,
        credential: dict[str, str],
        variables: dict[str, Any],
        *,
        trusted: dict[str, Any] | None = None,
        playbook: str = "onboard.yml",
        arguments: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self._playbook = playbook
        self._arguments = ["-u", "root", *arguments]
        self._number = 0
        shutil.copytree(_updated_project(), folder, dirs_exist_ok=True)
        self._write("inventory/hosts", _inventory()).chmod(0o700)
        meta = {"awx_job_launch_type": "manual", "awx_job_template_name": playbook}
        self._write("env/extravars", _extra_vars({**variables, **meta}, trusted or {}))
        # The settings of AWX, its defaults for ANSIBLE_*, and what it tells each job.
        self._write("env/settings", json.dumps({"suppress_ansible_output": True, "suppress_output_file": True}))
        self._environment = {
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_COLLECTIONS_PATH": f"{INSIDE}/requirements_collections",
            "MAX_EVENT_RES": "700000",
            "JOB_ID": "1",
            "INVENTORY_ID": "1",
            **credential,
        }

    def run(self, *arguments: str) -> Outcome:
        """Run the job here, with further arguments of ansible-playbook."""
        ident = self._prepare(self.folder, arguments)
        self._write("env/envvars", json.dumps(self._inside(self.folder)))
        self._tool("ansible-runner", "run", str(self.folder), "-p", self._playbook, "--ident", ident)
        artifacts = self.folder / "artifacts" / ident
        files = sorted((artifacts / "job_events").glob("*.json"), key=lambda file: int(file.name.partition("-")[0]))
        events = [json.loads(file.read_text()) for file in files]
        started = json.loads((artifacts / "command").read_text())
        stdout = "".join(one["stdout"] + "\n" for one in events)
        return Outcome((artifacts / "status").read_text(), events, stdout, started["env"], started["command"])

    def run_remotely(self, *arguments: str) -> Outcome:
        """Run the job on another node, to which the folder is sent; what comes back is in the artifacts here."""
        node = self.folder.with_name(f"{self.folder.name}-node")
        ident = self._prepare(node, arguments)
        how: dict[str, Any] = {
            "ident": ident,
            "private_data_dir": str(self.folder),
            "playbook": self._playbook,
            "envvars": self._inside(node),
            "suppress_env_files": True,
        }
        # The runner asks for the name of what it writes to.
        with tempfile.TemporaryFile() as sent:
            ansible_runner.interface.run(streamer="transmit", _output=sent, **how)
            sent.seek(0)
            received = self._tool("ansible-runner", "worker", "--private-data-dir", str(node), send=sent.read())
        shutil.rmtree(node)
        events: list[dict[str, Any]] = []
        started: dict[str, Any] = {}
        ended = ansible_runner.interface.run(
            streamer="process",
            quiet=True,
            _input=io.BytesIO(received),
            # False, as AWX's handler, so that the events are not written once more.
            event_handler=lambda event: bool(events.append(event)),
            status_handler=lambda status, runner_config: started.update(status),
            **how,
        )
        stdout = "".join(one.get("stdout", "") + "\n" for one in events)
        return Outcome(ended.status, events, stdout, started["env"], started["command"])

    def _prepare(self, place: Path, arguments: Sequence[str]) -> str:
        self._number += 1
        given = [one.replace(INSIDE, str(place)) for one in (*self._arguments, *arguments)]
        self._write("env/cmdline", ansible_runner.utils.args2cmdline(*given))
        return str(self._number)

    def _inside(self, place: Path) -> dict[str, str]:
        return {name: value.replace(INSIDE, str(place)) for name, value in self._environment.items()}

    def _write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def _tool(self, *command: str, send: bytes = b"") -> bytes:
        home = self.folder.with_name(f"{self.folder.name}-home")
        home.mkdir(exist_ok=True)
        program = [str(_TOOLS / command[0]), *command[1:]]
        return subprocess.run(
            program, cwd=home, env=_environment(home), input=send, capture_output=True, check=False
        ).stdout


class _Untrusted(yaml.SafeDumper):
    """As awx main/utils/safe_yaml.py: what is not the template's own must not be a template of Ansible's."""

    def represent_data(self, data: Any) -> yaml.Node:
        if isinstance(data, str):
            return self.represent_scalar("!unsafe", data)
        return super().represent_data(data)


def _extra_vars(variables: dict[str, Any], trusted: dict[str, Any]) -> str:
    dumpers = {name: yaml.SafeDumper if trusted.get(name) == value else _Untrusted for name, value in variables.items()}
    return "".join(yaml.dump({name: value}, Dumper=dumpers[name]) for name, value in variables.items())


def _inventory() -> str:
    """A script that prints the inventory, as AWX writes it."""
    hosts = {one["name"]: one["variables"] for one in controller()["controller_hosts"]}
    content = {"all": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}
    return f"#!{sys.executable}\nprint({json.dumps(content)!r})\n"


def _environment(home: Path) -> dict[str, str]:
    """Ansible that has no collection, and no callback plugin of the tests: the runner brings its own."""
    ours = ("ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_NOCOLOR")
    return {name: value for name, value in environment(home).items() if name not in ours}


@functools.cache
def _updated_project() -> Path:
    """The project after its update: with what its requirements name installed. The collection is the built artifact."""
    folder = Path(tempfile.mkdtemp(prefix="entra-provisioning-project-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    home = folder / "home"
    home.mkdir()

    def galaxy(*arguments: str) -> None:
        command = [str(_TOOLS / "ansible-galaxy"), "collection", *arguments]
        subprocess.run(command, env=_environment(home), check=True, capture_output=True)

    galaxy("build", "--output-path", str(home), str(ROOT))
    artifact = next(home.glob("*.tar.gz"))
    shutil.copytree(PROJECT, folder / "data" / "project")
    requirements = folder / "data" / "project" / "collections" / "requirements.yml"
    named = yaml.safe_load(requirements.read_text())["collections"]
    assert [one["name"] for one in named] == ["entra.provisioning"]
    requirements.write_text(json.dumps({"collections": [{"name": str(artifact), "type": "file"}]}))
    collections = str(folder / "data" / "requirements_collections")
    galaxy("install", "-r", str(requirements), "-p", collections, "--offline")
    return folder / "data"
