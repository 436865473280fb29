# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/with_simulator.py: what the command is given, and that nothing is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tools.checks import ROOT

# What the collection's own client never does: ask for what is not there.
ASK = """
import contextlib, json, os, ssl, urllib.error, urllib.request
simulator = json.load(open(os.environ["GRAPHSIM_VARS"]))["graphsim"]
agent = {"User-Agent": "ansible-entra.provisioning/1.0.0"}
request = urllib.request.Request(simulator["graph_endpoint"] + "/v1.0/nonsense", headers=agent)
with contextlib.suppress(urllib.error.HTTPError):
    urllib.request.urlopen(request, context=ssl.create_default_context(cafile=simulator["ca_path"]))
"""
READ = "import json, os; print(open(os.environ['GRAPHSIM_VARS']).read()); raise SystemExit(3)"


def test_the_command_finds_the_simulator_and_gives_the_return_code(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "vars.yml"
    done = subprocess.run(
        [sys.executable, "-m", "tools.with_simulator", "--vars", str(file), "--set", "door=false", "--"]
        + [sys.executable, "-c", READ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    variables = json.loads(done.stdout)
    assert variables["door"] == "false"
    assert variables["graphsim_options"]["graph_endpoint"] == variables["graphsim"]["graph_endpoint"]
    assert not file.exists()
    assert not Path(variables["graphsim"]["ca_path"]).exists()


def test_what_was_said_is_judged() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.with_simulator", "--", sys.executable, "-c", ASK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "FAIL GET /v1.0/nonsense" in done.stderr
    assert "Traceback" not in done.stderr
