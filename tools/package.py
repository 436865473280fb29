# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.package [PLAYBOOK...]``: build the collection and use it as someone with nothing but the artifact.

Every check prints a line that begins with PASS or FAIL. All playbooks are run, or those that are named.

A playbook is run with the variables in tests/package/NAME.yml, which may use `graphsim` and `graphsim_options` (see
tools/with_simulator.py), and `fixtures`, the folder tests/fixtures. Two of them are for this tool: `graphsim_seed`,
what the tenant holds besides its default, and `graphsim_repeats`, true where every run is meant to change something.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.harness.playbook import Result, environment, run_playbook
from tests.harness.simulator import Simulator
from tools.execution_environment import definition_of_the_collection, image_with_the_collection, introspection
from tools.tree import ROOT, known_to_git

DIST = ROOT / ".build" / "dist"
CASES = ROOT / "tests" / "package"
NAME = "entra.provisioning"
# What the collection has to work with (Ansible's "Community collection requirements").
ESSENTIAL = ("meta", "plugins", "roles", "playbooks")
PLUGIN_TYPES = ("callback", "inventory", "lookup", "module", "filter", "test", "role")


class Package:
    """The checks, in the order of a life: built, installed, read about, used, stripped and used again."""

    def __init__(self, folder: Path, simulator: Simulator, playbooks: Sequence[str] = ()) -> None:
        self._playbooks = playbooks or sorted(file.stem for file in (ROOT / "playbooks").glob("*.yml"))
        self._installed = folder / "installed"
        self._home = folder / "home"
        self._home.mkdir()
        self._simulator = simulator
        self.failed = 0

    def check(self, what: str, test: Callable[[], str]) -> None:
        """Run one check; a test returns why it fails, or nothing."""
        problem = test().strip()
        self.failed += bool(problem)
        print(f"FAIL {what}\n{problem}" if problem else f"PASS {what}", flush=True)

    def run(self) -> None:
        """All checks."""
        shutil.rmtree(DIST, ignore_errors=True)
        self.check(
            "build",
            lambda: self._command("ansible-galaxy", "collection", "build", "--output-path", str(DIST), str(ROOT)),
        )
        artifact = next(iter(DIST.glob("*.tar.gz")))
        self.check("the artifact holds what an installation needs, and no more", lambda: _contents(artifact))
        self.check(
            "install offline",
            lambda: self._command(
                "ansible-galaxy", "collection", "install", "--offline", "-p", str(self._installed), str(artifact)
            ),
        )
        self.check("verify", lambda: self._command("ansible-galaxy", "collection", "verify", "--offline", NAME))
        self._image(artifact)
        for kind in PLUGIN_TYPES:
            self.check(f"ansible-doc of every {kind}", lambda kind=kind: self._documentation(kind))
        self.check("ad hoc (installed)", self._ad_hoc)
        collection = self._installed / "ansible_collections" / "entra" / "provisioning"
        for entry in collection.iterdir():
            if entry.name not in ESSENTIAL:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        how = f"only {', '.join(ESSENTIAL)}"
        self.check(f"ad hoc ({how})", self._ad_hoc)
        for playbook in self._playbooks:
            self.check(f"playbook {playbook} ({how})", lambda name=playbook: self._playbook(name))

    def _image(self, artifact: Path) -> None:
        folder = Path(tempfile.mkdtemp(dir=self._home))
        collection = self._installed / "ansible_collections" / "entra" / "provisioning"
        run = self._command
        self.check("ansible-builder introspect", lambda: introspection(run, self._installed, folder))
        self.check("ansible-builder create", lambda: definition_of_the_collection(run, collection, folder))
        self.check(
            "ansible-builder create with the artifact",
            lambda: image_with_the_collection(run, artifact, self._installed, folder),
        )

    def _command(self, *command: str, **variables: str) -> str:
        """The output of a command that failed."""
        settings = {**environment(self._home, self._installed), **variables}
        done = subprocess.run(command, cwd=self._home, env=settings, capture_output=True, text=True, check=False)
        return f"rc {done.returncode}\n{done.stdout}\n{done.stderr}" if done.returncode else ""

    def _documentation(self, kind: str) -> str:
        settings = environment(self._home, self._installed)
        listing = ["ansible-doc", "--type", kind, "--list", "--json", NAME]
        done = subprocess.run(listing, cwd=self._home, env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr
        names = [name for name in json.loads(done.stdout) if name.startswith(f"{NAME}.")]
        files = _documented(kind)
        if len(names) != files:
            return f"{files} in the checkout, listed: {names}"
        return self._command("ansible-doc", "--type", kind, *names) if names else ""

    def _ad_hoc(self) -> str:
        self._simulator.reset()
        options = {**self._simulator.options(), "display_name": "Plain OIDC app", "gather": ["jobs"]}
        return self._command("ansible", "localhost", "-m", f"{NAME}.sync_info", "-a", json.dumps(options))

    def _playbook(self, name: str) -> str:
        file = CASES / f"{name}.yml"
        if not file.exists():
            return f"{file.relative_to(ROOT)} is missing: it says with which variables to run the playbook"
        case = yaml.safe_load(file.read_text())
        self._simulator.reset(case.get("graphsim_seed"))
        mark = self._simulator.mark()
        dry = self._play(name, check=True)
        if writes := self._simulator.writes(mark):
            return f"check mode wrote: {writes}\n{dry.output}"
        first = self._play(name)
        mark = self._simulator.mark()
        second = self._play(name)
        for run in (dry, first, second):
            if run.rc:
                return f"rc {run.rc}\n{run.output}"
        if second.changed and not case.get("graphsim_repeats"):
            return f"the second run changed something\n{second.output}"
        if not case.get("graphsim_repeats") and (writes := self._simulator.writes(mark)):
            return f"the second run wrote: {writes}\n{second.output}"
        return ""

    def _play(self, name: str, *, check: bool = False) -> Result:
        return run_case(name, self._simulator, check=check, collections=self._installed)


def run_case(name: str, simulator: Simulator, *, variables: dict[str, str] | None = None, **how: Any) -> Result:
    """Run a playbook of the collection with the variables of tests/package against the simulator.

    :param variables: further environment variables.
    :param how: further arguments of `run_playbook`.
    """
    return run_playbook(
        f"{NAME}.{name}",
        extra_vars=case_variables(simulator),
        env={**simulator.environment(), **(variables or {})},
        arguments=case_arguments(name),
        diff=True,
        **how,
    )


def case_variables(simulator: Simulator) -> dict[str, Any]:
    """What the variables of tests/package may use."""
    fixtures = str(ROOT / "tests" / "fixtures")
    return {"graphsim": simulator.ready, "graphsim_options": simulator.options(), "fixtures": fixtures}


def case_arguments(name: str) -> tuple[str, ...]:
    """The arguments that give a playbook its variables of tests/package."""
    return ("--extra-vars", f"@{CASES / name}.yml")


def _contents(artifact: Path) -> str:
    with tarfile.open(artifact) as archive:
        held = {member.name for member in archive.getmembers() if member.isfile()}
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text())["build_ignore"]
    source = known_to_git(ROOT) - {"galaxy.yml"}
    wanted = {name for name in source if not any(_matches(name, pattern) for pattern in ignored)}
    problems = [f"should not be there: {name}" for name in sorted(held - wanted - {"MANIFEST.json", "FILES.json"})]
    return "\n".join(problems + [f"is missing: {name}" for name in sorted(wanted - held)])


def _matches(name: str, pattern: str) -> bool:
    parts = name.split("/")
    return any(fnmatch.fnmatch("/".join(parts[:end]), pattern) for end in range(1, len(parts) + 1))


def _documented(kind: str) -> int:
    """How many of a kind the checkout has; a private name is no plugin."""
    if kind == "role":
        return len(list((ROOT / "roles").glob("*/meta/argument_specs.yml")))
    folder = ROOT / "plugins" / ("modules" if kind == "module" else kind)
    return len({file.stem for file in folder.glob("[!_]*.*") if file.suffix in (".py", ".yml")})


def main() -> int:
    """1 when a check failed."""
    with tempfile.TemporaryDirectory(prefix="entra-provisioning-package-") as folder, Simulator() as simulator:
        package = Package(Path(folder), simulator, sys.argv[1:])
        package.run()
    return 1 if package.failed else 0


if __name__ == "__main__":
    sys.exit(main())
