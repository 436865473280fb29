# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two jobs of one application write to one target: a module makes or starts the second one with consent only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.cases import NAME, application
from tests.faults.in_process import plugin, run_module
from tests.harness.simulator import ROOT, Simulator

HERE = {"display_name": NAME}
CLOUD_SYNC = "1a4721b3-e57f-4451-ae87-ef078703ec94"
OLD, NEW = {"template_id": "customappsso"}, {"template_id": "scim"}
# What the application has, the module, its options, and whether it is refused.
CASES: dict[str, tuple[list[dict[str, Any]], str, dict[str, Any], bool]] = {
    "make beside a running one": ([{**OLD, "state": "active"}], "sync_job", NEW, True),
    "make beside a resting one": ([{**OLD, "state": "paused"}], "sync_job", NEW, True),
    "make and start": ([{**OLD, "state": "active"}], "sync_job", {**NEW, "enabled": True}, True),
    "make the first": ([], "sync_job", {**NEW, "enabled": True}, False),
    "start beside a running one": (
        [{**OLD, "state": "active"}, {**NEW, "state": "created"}],
        "sync_job",
        {**NEW, "enabled": True},
        True,
    ),
    "start beside a resting one": (
        [{**OLD, "state": "paused"}, {**NEW, "state": "created"}],
        "sync_job",
        {**NEW, "enabled": True},
        False,
    ),
    "the action start": (
        [{**OLD, "state": "active"}, {**NEW, "state": "paused"}],
        "sync_job_action",
        {**NEW, "action": "start"},
        True,
    ),
    "the action restart": (
        [{**OLD, "state": "active"}, {**NEW, "state": "paused"}],
        "sync_job_action",
        {**NEW, "action": "restart", "start_paused": True},
        True,
    ),
    "restart what runs": (
        [{**OLD, "state": "active"}, {**NEW, "state": "active"}],
        "sync_job_action",
        {**NEW, "action": "restart"},
        False,
    ),
    "pause one of two": (
        [{**OLD, "state": "active"}, {**NEW, "state": "active"}],
        "sync_job",
        {**NEW, "enabled": False},
        False,
    ),
}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tasks of one machine take turns, so each test is on a machine of its own."""
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("check", [True, False])
def test_it_takes_consent(simulator: Simulator, name: str, check: bool) -> None:
    jobs, module, options, refused = CASES[name]
    simulator.reset({"applications": [application(jobs=jobs)]})
    mark = simulator.mark()
    done = run_module(module, {**simulator.options(), **HERE, **options}, check=check)
    assert bool(done.get("failed")) is refused, done.get("msg")
    if not refused:
        return
    assert simulator.writes(mark) == []
    other = "runs" if jobs[0]["state"] == "active" else "rests"
    says = [
        "beside customappsso.",
        f"({other})",
        "both write to one target",
        "template_id: customappsso.",
        "convert_to_scim -e",
    ]
    says += ["action=pause"] if other == "runs" else []
    assert [text for text in says if text not in done["msg"]] == []
    meant = run_module(module, {**simulator.options(), **HERE, **options, "allow_second_job": True}, check=check)
    assert (meant.get("failed"), meant["changed"]) == (None, True), meant.get("msg")


def test_the_jobs_of_cloud_sync_belong_together(simulator: Simulator) -> None:
    jobs = [{"template_id": "AD2AADProvisioning", "state": "active"}]
    entry = {"display_name": NAME, "application_template_id": CLOUD_SYNC, "jobs": jobs}
    simulator.reset({"applications": [entry]})
    wanted = {**simulator.options(), **HERE, "template_id": "AD2AADPasswordHash", "enabled": True}
    assert run_module("sync_job", wanted)["changed"] is True


def test_the_roles_know_the_same_families() -> None:
    second_jobs = plugin("module_utils._sync.second_jobs")
    profiles = yaml.safe_load((ROOT / "roles/onboard/vars/main/profiles.yml").read_text("utf-8"))["onboard_profiles"]
    for name, profile in profiles.items():
        family = {*profile.get("family", ()), profile.get("template_id")} if profile.get("family") else None
        assert family is None or family in second_jobs.FAMILIES, name
