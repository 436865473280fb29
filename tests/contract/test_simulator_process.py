# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.harness.simulator import ROOT, Simulator


def _start(*arguments: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.graphsim", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_leaves_nothing(number: signal.Signals) -> None:
    """Neither folder nor SCIM server, and rc 0."""
    process, ready = _start("--scim")
    target = ready["scim"]["base_address"]
    assert requests.get(f"{target}/ServiceProviderConfig", timeout=5).status_code in (200, 401)
    process.send_signal(number)
    assert process.wait(timeout=5) == 0
    assert not Path(ready["ca_path"]).parent.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{target}/ServiceProviderConfig", timeout=5)


def test_it_starts_fast_with_files(tmp_path: Path) -> None:
    """Seed and quirks from files, a port of choice; ready in time."""
    (tmp_path / "seed.json").write_text(json.dumps({"groups": [{"displayName": "Large", "member_count": 28}]}))
    (tmp_path / "quirks.json").write_text(json.dumps({"page_size": 7}))
    began = time.monotonic()
    process, ready = _start("--seed", str(tmp_path / "seed.json"), "--quirks", str(tmp_path / "quirks.json"))
    try:
        assert time.monotonic() - began < 3
        assert ready["scim"] is None
        with requests.Session() as session:
            session.trust_env = False
            session.verify = ready["ca_path"]
            assert session.get(f"{ready['control']}/quirks").json()["page_size"] == 7
            assert len(session.get(f"{ready['control']}/state").json()["users"]) == 36
    finally:
        process.terminate()
        process.wait(timeout=5)


def test_it_ends_with_its_parent() -> None:
    """--watch-parent."""
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'tests.graphsim', '--watch-parent'], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    # Only stdout is caught: the simulator inherits stderr, and its end would be waited for.
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=20
    )
    child = int(told.stdout)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(child):
        time.sleep(0.1)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that has ended but was not collected by whatever adopted it counts as gone.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_harness_agrees() -> None:
    """The object that other tests use knows the same first line."""
    with Simulator(scim=False) as simulator:
        assert simulator.options()["graph_endpoint"].startswith("https://localhost:")
