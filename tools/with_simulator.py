# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.with_simulator [options] -- COMMAND``: run a command while a simulator is up.

The command finds two Ansible variables in the YAML file of --vars: `graphsim` (the simulator's first line) and
`graphsim_options` (module options with a client that may do everything).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.harness.simulator import Simulator


def main() -> int:
    """Start, write, run, judge what was said, stop; the command's return code is ours."""
    parser = argparse.ArgumentParser(prog="with_simulator")
    parser.add_argument("--vars", type=Path, help="the file to write; its path is in GRAPHSIM_VARS for the command")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a further variable")
    parser.add_argument("--directory", type=Path, help="where the command runs")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphsim-vars-") as folder, Simulator() as simulator:
        file = (arguments.vars or Path(folder, "graphsim.yml")).resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(_variables(simulator, arguments.set), indent=2) + "\n")
        try:
            environment = {**os.environ, "GRAPHSIM_VARS": str(file)}
            code = subprocess.run(arguments.command, cwd=arguments.directory, env=environment, check=False).returncode
            return code or _judged(simulator.violations())
        finally:
            file.unlink()


def _judged(violations: list[str]) -> int:
    for violation in violations[:20]:
        print(f"FAIL {violation}", file=sys.stderr)
    return 1 if violations else 0


def _variables(simulator: Simulator, settings: list[str]) -> dict[str, Any]:
    further = dict(setting.split("=", 1) for setting in settings)
    return {"graphsim": simulator.ready, "graphsim_options": simulator.options(), **further}


if __name__ == "__main__":
    sys.exit(main())
