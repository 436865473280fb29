# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task registers is the same through both doors, what it was called with included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.cases import NAME, application
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

OPTIONS: dict[str, dict[str, Any]] = {
    "good": {"display_name": NAME},
    "refused": {"display_name": NAME, "template_id": "none", "enabled": True},
    "contradictory": {"display_name": NAME, "app_id": "11111111-2222-3333-4444-555555555555"},
    "misspelled": {"displayname": NAME},
}


def test_both_doors_register_the_same(simulator: Simulator, run_playbook: Callable[..., Result]) -> None:
    seen = {}
    tasks = [
        {"name": name, "entra.provisioning.sync_job": options, "ignore_errors": True}
        for name, options in OPTIONS.items()
    ]
    for door in ("fast", "module"):
        simulator.reset({"applications": [application(jobs=[{"template_id": "scim"}])]})
        result = run_playbook(tasks, door=door, env={"PYTHONHASHSEED": "0"})
        seen[door] = {one.name: one.result for one in result.tasks}
    for name in OPTIONS:
        fast, module = (seen[door][name] for door in ("fast", "module"))
        assert set(fast) == set(module), name
        assert ("invocation" in fast) is ("invocation" in module)
        told = [one.get("invocation", {}).get("module_args", {}) for one in (fast, module)]
        assert {**told[0], "client_secret": None} == {**told[1], "client_secret": None}, name
        assert str(simulator.client()["client_secret"]) not in str(told)
