# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job template as AWX carries it out: a folder for ansible-runner with project, inventory, credential and survey."""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.harness.playbook import environment
from tests.harness.simulator import ROOT

_TOOLS = Path(sys.executable).parent
# AWX lists only playbooks of the project itself, so the project wraps the one of the collection.
_WRAPPER = [
    {
        "name": "Onboard",
        "ansible.builtin.import_playbook": "entra.provisioning.onboard",
    }
]


@dataclass(frozen=True)
class Outcome:
    """What a job left behind: `status` as AWX shows it, the job events in their order, and all that was printed."""

    status: str
    events: list[dict[str, Any]]
    stdout: str

    def results(self) -> list[dict[str, Any]]:
        """The event data of all tasks that ended."""
        ends = ("runner_on_ok", "runner_on_failed", "runner_on_skipped")
        return [one["event_data"] for one in self.events if one["event"] in ends]

    def changed(self) -> int:
        """How many tasks changed something."""
        stats = next(one["event_data"] for one in self.events if one["event"] == "playbook_on_stats")
        return sum(stats["changed"].values())


class Job:
    """The folder of a job; every run of it is another job.

    :param credential: the environment that the credential renders.
    :param answers: the survey's answers.
    """

    def __init__(self, folder: Path, credential: dict[str, str], answers: dict[str, Any]) -> None:
        self.folder = folder
        self._number = 0
        collections = folder / "requirements_collections"
        requirements = {"collections": [{"name": str(_artifact()), "type": "file"}]}
        self._write("project/onboard.yml", yaml.safe_dump(_WRAPPER))
        self._write("project/collections/requirements.yml", yaml.safe_dump(requirements))
        self._write(
            "inventory/hosts", f"localhost ansible_connection=local ansible_python_interpreter={sys.executable}\n"
        )
        self._write("env/envvars", json.dumps({**credential, "ANSIBLE_COLLECTIONS_PATH": str(collections)}))
        self._write("env/extravars", json.dumps(answers))
        # As a project update of AWX does.
        install = ["collection", "install", "-r", "project/collections/requirements.yml", "-p", str(collections)]
        self._tool("ansible-galaxy", *install, "--offline")

    def run(self, *arguments: str) -> Outcome:
        """Run the job with further arguments of ansible-playbook."""
        self._number += 1
        ident = str(self._number)
        command = ["ansible-runner", "run", str(self.folder), "-p", "onboard.yml", "--ident", ident]
        done = self._tool(*command, *([f"--cmdline={' '.join(arguments)}"] if arguments else []), check=False)
        artifacts = self.folder / "artifacts" / ident
        files = sorted((artifacts / "job_events").glob("*.json"), key=lambda file: int(file.name.partition("-")[0]))
        events = [json.loads(file.read_text()) for file in files]
        return Outcome((artifacts / "status").read_text(), events, done.stdout + done.stderr)

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def _tool(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        settings = environment(home)
        # The runner brings its own callback plugin for the job events.
        for name in ("ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_COLLECTIONS_PATH"):
            del settings[name]
        return subprocess.run(
            [str(_TOOLS / command[0]), *command[1:]],
            cwd=self.folder,
            env=settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=check,
        )


@functools.cache
def _artifact() -> Path:
    """The collection as it is published; built once per process, and removed with it."""
    folder = Path(tempfile.mkdtemp(prefix="entra-provisioning-artifact-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [str(_TOOLS / "ansible-galaxy"), "collection", "build", "--output-path", str(folder), str(ROOT)]
    subprocess.run(command, env=environment(folder), check=True, capture_output=True)
    return next(folder.glob("*.tar.gz"))
