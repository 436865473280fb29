# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.live COPY [TARGET...]``: the integration targets in the tenant of integration_config.yml.

COPY is the copy of the checkout in which ansible-test runs. Each run has a prefix of its own for the applications that
it makes, and removes them at its end; ``--clean`` removes what interrupted runs have left, and runs nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tools.checks import ROOT

PREFIX = "entra.provisioning live "
CONFIG = Path("tests/integration/integration_config.yml")
CLEAN = Path("tests/integration/live_clean.yml")

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TARGET = re.compile(r"^Running (\S+) integration test")
_TASK = re.compile(r"^TASK \[(?:\S+ : )?(.*)\] \**$")


def settings(file: Path) -> dict[str, Any]:
    """The configuration of a live run.

    :raises SystemExit: it is not there, or names no tenant; the message says what to do.
    """
    if not file.exists():
        raise SystemExit(f"There is no {CONFIG}. Copy {CONFIG}.template, and fill in the tenant.")
    found = yaml.safe_load(file.read_text("utf-8"))
    live = found.get("live") if isinstance(found, dict) else None
    if not isinstance(live, dict) or not live.get("options") or not live.get("domain"):
        raise SystemExit(f"{CONFIG} names no tenant: see live.options and live.domain in {CONFIG}.template.")
    return {"live": live}


def skipped(lines: Iterable[str]) -> list[str]:
    """What was skipped for want of something, as "target: Needs ..."."""
    found, target, task = [], "", ""
    for line in (_COLOUR.sub("", one.rstrip()) for one in lines):
        if begins := _TARGET.match(line):
            target = begins[1]
        elif named := _TASK.match(line):
            task = named[1]
        elif line.startswith("skipping: ") and task.startswith("Needs ") and f"{target}: {task}" not in found:
            found.append(f"{target}: {task}")
    return found


def _targets(copy: Path, names: list[str], log: Path) -> int:
    """Run ansible-test, showing what it says and keeping it."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", "integration", "--local", "--python", version, "--color", "no", "--continue-on-error"]
    with (
        open(log, "w", encoding="utf-8") as kept,
        subprocess.Popen(
            [*command, *names], cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as run,
    ):
        for line in run.stdout or ():
            print(line, end="", flush=True)
            kept.write(line)
    return run.returncode


def _clean(copy: Path, variables: Path, prefix: str) -> int:
    command = ["ansible-playbook", str(CLEAN), "-e", f"@{variables}", "-e", f'{{"setup_control_removed": "{prefix}"}}']
    environment = {**os.environ, "ANSIBLE_ROLES_PATH": str(copy / "tests" / "integration" / "targets")}
    return subprocess.run(command, cwd=copy, env=environment, check=False).returncode


def main() -> int:
    """Run, tidy up, and say what was skipped; 1 when a target failed or something is left."""
    parser = argparse.ArgumentParser(prog="live")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--config", type=Path, default=ROOT / CONFIG)
    parser.add_argument("copy", type=Path)
    parser.add_argument("targets", nargs="*")
    arguments = parser.parse_args()
    variables, log = arguments.copy / CONFIG, arguments.copy.parents[2] / "live.txt"
    prefix = "" if arguments.clean else f"{secrets.token_hex(4)} "
    wanted = {**settings(arguments.config), "live_prefix": PREFIX + prefix}
    # It holds a secret.
    variables.unlink(missing_ok=True)
    variables.touch(mode=0o600)
    failed = 0
    try:
        variables.write_text(yaml.safe_dump(wanted), "utf-8")
        try:
            if not arguments.clean:
                failed = _targets(arguments.copy, arguments.targets, log)
        finally:
            left = _clean(arguments.copy, variables, PREFIX + prefix)
    finally:
        variables.unlink()
    if not arguments.clean:
        with open(log, encoding="utf-8") as lines:
            print("Not run:", *skipped(lines), sep="\n  ")
    if left:
        print("Something may be left in the tenant: run make live-clean.")
    return 1 if failed or left else 0


if __name__ == "__main__":
    sys.exit(main())
