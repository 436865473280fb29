# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets never leave through the role, nor through the events of its job."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.awx.jobs import Job
from tests.faults.cases import BEN
from tests.faults.markers import CLIENT, CLIENT_SECRET, PASSWORD, SECRET_TOKEN, SEED, everything, leaks, leaks_in
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """A tenant that knows the marked secrets."""
    simulator.reset(SEED)


def environment(simulator: Simulator) -> dict[str, str]:
    """The environment of a job that signs in with the marked secret."""
    return {**simulator.environment(), "AZURE_CLIENT_ID": CLIENT, "AZURE_CLIENT_SECRET": CLIENT_SECRET}


def role(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """The variables of the role, with marked secrets of which the target takes one."""
    return {
        "onboard_display_name": "Onboarded",
        "onboard_gallery_name": "Custom",
        "onboard_template_id": "scim",
        "onboard_settings": {"BaseAddress": simulator.ready["scim"]["base_address"]},
        "onboard_secrets": {"SecretToken": simulator.ready["scim"]["token"], "Password": PASSWORD},
        "onboard_users": [BEN],
        "onboard_canary_users": [BEN],
        **more,
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "outcome",
    mostly(
        ["success", "failure", "mistake", "several"],
        ["failure", "several"],
        "What several have too; a mistake fails before anything is read.",
    ),
)
def test_the_role(simulator: Simulator, run_playbook: Run, tmp_path: Path, outcome: str, door: str) -> None:
    token = simulator.ready["scim"]["token"]
    log = tmp_path / "ansible.log"
    variables = role(simulator)
    if outcome == "failure":
        variables["onboard_secrets"] = {"SecretToken": SECRET_TOKEN, "Password": PASSWORD}
    if outcome == "mistake":
        variables["onboard_update_secrets"] = "sometimes"
    if outcome == "several":
        names = ("onboard_display_name", "onboard_settings", "onboard_secrets", "onboard_users")
        entry = {name.removeprefix("onboard_"): variables.pop(name) for name in names}
        variables["onboard_applications"] = [entry, {**entry, "display_name": "Another"}]
    result = run_playbook(
        "entra.provisioning.onboard",
        defaults={},
        extra_vars=variables,
        door=door,
        diff=True,
        verbosity=4,
        env={"ANSIBLE_LOG_PATH": str(log), **environment(simulator)},
    )
    assert result.rc == (0 if outcome in ("success", "several") else 2), result.output
    assert leaks(everything(result), token) == []
    assert leaks(log.read_text(), token) == []


@pytest.mark.parametrize("outcome", mostly(["success", "failure"], [], "The same search as in every job of tests/awx."))
def test_the_role_in_a_job_of_ansible_runner(simulator: Simulator, tmp_path: Path, outcome: str) -> None:
    token = simulator.ready["scim"]["token"]
    more = {} if outcome == "success" else {"onboard_secrets": {"SecretToken": SECRET_TOKEN}}
    job = Job(tmp_path / "job", environment(simulator), role(simulator, **more))
    outcome_of = job.run("--diff", "-vvvv")
    assert outcome_of.status == ("successful" if outcome == "success" else "failed")
    assert len(outcome_of.events) > 20
    # The runner writes the environment that it was given into this one; AWX deletes the folder after the job.
    command = tmp_path / "job" / "artifacts" / "1" / "command"
    assert leaks_in(tmp_path / "job" / "artifacts", token, but=[command]) == []
    shutil.rmtree(tmp_path / "job")
