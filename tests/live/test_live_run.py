# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make live` in a simulator that it takes for a tenant: what can run passes, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.simulator import ROOT, Simulator
from tools.live import PREFIX

PARTS = ("users", "groups", "applications", "servicePrincipals", "appRoleAssignments", "synchronization")
KEPT = (*PARTS, "extensionProperties", "organization", "crossTenantAccessPolicy")
NOT_AT_ALL = {
    "cross_tenant_access",
    "directory_synchronization",
    "role_offboard",
    "role_recover",
    "role_rotate_credentials",
    "simulator",
    "sync_info",
}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    # What the targets ask, wrong things on purpose included, is judged where they are the integration stage.
    simulator = Simulator()
    try:
        yield simulator
    finally:
        simulator.stop()


def config(simulator: Simulator, folder: Path, **more: Any) -> Path:
    """What somebody with a tenant fills in: nothing that only a simulator has."""
    live = {"options": simulator.options(), "domain": "contoso.example", **more}
    file = folder / "integration_config.yml"
    file.write_text(yaml.safe_dump({"live": live}))
    return file


def kept(simulator: Simulator) -> dict[str, Any]:
    state = simulator.state()
    return {name: state[name] for name in KEPT}


def make(target: str, file: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", target, f"CONFIG={file}", f"TARGETS={' '.join(targets)}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def not_run(output: str) -> list[str]:
    return [line.strip() for line in output.partition("\nNot run:\n")[2].splitlines() if ": Needs " in line]


def test_a_tenant_with_a_target(simulator: Simulator, tmp_path: Path) -> None:
    before = kept(simulator)
    done = make("live", config(simulator, tmp_path, scim=simulator.ready["scim"]))
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr
    skipped = not_run(done.stdout)
    assert {one.partition(":")[0] for one in skipped if "Needs the simulator for all of it" in one} == NOT_AT_ALL
    assert [one for one in skipped if "Needs a target" in one] == []
    assert kept(simulator) == before
    assert simulator.client()["client_secret"] not in done.stdout + done.stderr


def test_a_tenant_without_a_target(simulator: Simulator, tmp_path: Path) -> None:
    before = kept(simulator)
    done = make("live", config(simulator, tmp_path), "sync_secrets", "sync_job_action", "role_onboard")
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr
    without = [one for one in not_run(done.stdout) if "Needs a target" in one]
    assert {one.partition(":")[0] for one in without} == {"sync_secrets", "sync_job_action", "role_onboard"}
    assert kept(simulator) == before


def test_what_an_interrupted_run_leaves_is_removed(simulator: Simulator, tmp_path: Path) -> None:
    before, file = kept(simulator), config(simulator, tmp_path)
    command = ["make", "live", f"CONFIG={file}", "TARGETS=sync_template"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True) as run:
        deadline = time.monotonic() + 300
        while kept(simulator)["applications"] == before["applications"] and time.monotonic() < deadline:
            time.sleep(0.1)
        os.killpg(run.pid, signal.SIGKILL)
    known = {one["id"] for one in before["applications"]}
    left = [one["displayName"] for one in simulator.state()["applications"] if one["id"] not in known]
    assert left and all(one.startswith(PREFIX) for one in left)
    done = make("live-clean", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(simulator) == before
