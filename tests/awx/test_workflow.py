# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows: what a job publishes with set_stats is a variable of the next one, by AWX's rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.awx.awx import awx_of, roots
from tests.awx.data import entry
from tests.awx.jobs import Outcome
from tests.awx.surveys import filled_in
from tests.faults.cases import NAME, application
from tests.faults.situations import job
from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator

BEN, ADELE = "ben.okoro@contoso.example", "adele.vance@contoso.example"
THRESHOLD = json.dumps({"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 2})


@pytest.mark.parametrize("yes", [True, False])
def test_onboarding_waits_for_an_approval(simulator: Simulator, tmp_path: Path, yes: bool) -> None:
    awx = awx_of(simulator, tmp_path, remotely=yes)
    name = "Onboard with approval"
    form = filled_in(entry("controller_workflows", name), onboard_display_name=NAME, onboard_users=BEN)

    def approve(outcomes: dict[str, Outcome]) -> bool:
        assert outcomes["prepare"].status == "successful", outcomes["prepare"].stdout
        assert job(simulator)["job"]["schedule"]["state"] != "Active"
        return yes

    outcomes = awx.run_workflow(name, form, approve)
    assert list(outcomes) == (["prepare", "start"] if yes else ["prepare"])
    if yes:
        assert outcomes["start"].status == "successful", outcomes["start"].stdout
        (published,) = outcomes["prepare"].artifacts()["entra_provisioning_onboard"]
        assert published["state"] != "Active"
        (started,) = outcomes["start"].results()[-1]["res"]["results"]
        assert started["job"]["id"] == published["job_id"]
    assert (job(simulator)["job"]["schedule"]["state"] == "Active") is yes


def deletions_held_back(simulator: Simulator) -> None:
    """Two of the three who were assigned are no longer, and the threshold is two."""
    target = simulator.ready["scim"]
    secrets = {"BaseAddress": target["base_address"], "SecretToken": target["token"], "SyncAll": "false"}
    mine: dict[str, Any] = {
        "jobs": [{"template_id": "scim", "state": "started"}],
        "secrets": {**secrets, "SyncNotificationSettings": THRESHOLD},
        "assigned": [ADELE, BEN, "carla.diaz@contoso.example"],
    }
    simulator.reset({"applications": [application(**mine)]})
    simulator.clock("PT41M")
    gone = {"display_name": NAME, "users": [ADELE, BEN], "state": "absent"}
    result = run_playbook([{"entra.provisioning.app_role_assignment": gone}], defaults=simulator.options())
    assert result.rc == 0, result.output
    simulator.clock("PT41M")


def test_what_is_approved_is_the_number_that_was_found(simulator: Simulator, tmp_path: Path) -> None:
    deletions_held_back(simulator)
    awx = awx_of(simulator, tmp_path)
    mark = simulator.mark()

    def approve(outcomes: dict[str, Outcome]) -> bool:
        assert "--check" in outcomes["look"].command
        (found,) = outcomes["look"].artifacts()["entra_provisioning_recover"]
        assert (found["reason"], found["outcome"], found["held_deletes"]) == ("TooManyDeletes", "open", 2)
        assert simulator.writes(mark) == []
        return True

    outcomes = awx.run_workflow("Look and recover", {"recover_display_name": NAME}, approve)
    assert [(name, one.status) for name, one in outcomes.items()] == [
        ("look", "failed"),
        ("recover_as_approved", "successful"),
    ]
    (told,) = outcomes["recover_as_approved"].artifacts()["entra_provisioning_recover"]
    assert told["outcome"] == "recovered"
    assert [one["body"] for one in simulator.writes(mark)] == [{"criteria": {"resetScope": "ForceDeletes"}}]


def test_only_trees_are_run() -> None:
    workflow = json.loads(json.dumps(entry("controller_workflows", "Look and recover")))
    assert roots(workflow) == {"look"}
    workflow["workflow_nodes"][2]["related"]["success_nodes"].append({"identifier": "recover"})
    with pytest.raises(ValueError, match="not a tree"):
        roots(workflow)
