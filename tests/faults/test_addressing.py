# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which application and which job is meant: blank answers of a survey, and names that are nearly right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.cases import NAME, application
from tests.faults.mappings import job
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

BLANK = {"service_principal_id": "", "app_id": "", "display_name": NAME}
TASKS: list[tuple[str, dict[str, Any]]] = [
    ("sync_job", {"job_id": "", "template_id": "scim"}),
    ("sync_job_action", {"job_id": " ", "template_id": "scim", "action": "pause"}),
    ("sync_secrets", {"scope": "assigned"}),
    ("sync_schema", {"job_id": "", "template_id": "scim", "object_mappings": []}),
    ("sync_schema", {"from_job": {**BLANK, "template_id": ""}}),
    ("sync_template", {"template_id": "scim", "default": True}),
    ("app_role_assignment", {"groups": ["Sales team"]}),
    ("sync_info", {"applications": [BLANK], "display_name": ""}),
    ("sync_info", {}),
]


@pytest.fixture(autouse=True)
def _one_job(simulator: Simulator) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "active"}])]})


@pytest.mark.parametrize("door", DOORS)
def test_blank_answers_are_not_given(run_playbook: Run, door: str) -> None:
    tasks = [{f"entra.provisioning.{module}": {**BLANK, **options}} for module, options in TASKS]
    result = run_playbook([{**task, "check_mode": True} for task in tasks], door=door)
    assert result.rc == 0, result.output
    for one in (result.tasks[-1], result.tasks[-2]):
        assert [found["display_name"] for found in one.result["applications"]] == [NAME]


# What deletes, given a name that came out empty as of a variable that is not set.
DELETIONS: list[tuple[str, dict[str, Any]]] = [
    ("sync_job", {"template_id": ""}),
    ("sync_job", {"template_id": "  "}),
    ("sync_job", {"job_id": ""}),
    ("sync_job", {"job_id": "", "template_id": ""}),
    ("sync_template", {"template_id": ""}),
    ("app_role_assignment", {"users": ""}),
    ("app_role_assignment", {"users": [""]}),
    ("app_role_assignment", {"groups": [" "]}),
    ("extension_attribute", {"name": ""}),
]


@pytest.mark.parametrize("door", DOORS)
def test_what_came_out_empty_deletes_nothing(simulator: Simulator, run_playbook: Run, door: str) -> None:
    mark = simulator.mark()
    tasks = [
        {
            f"entra.provisioning.{module}": {"display_name": NAME, "state": "absent", **options},
            "check_mode": check,
            "ignore_errors": True,
        }
        for module, options in DELETIONS
        for check in (True, False)
    ]
    result = run_playbook(tasks, door=door)
    assert [one.status for one in result.tasks] == ["ignored"] * len(tasks), result.output
    assert [(one["method"], one["path"]) for one in simulator.requests(mark)] == []


@pytest.mark.parametrize("door", DOORS)
def test_a_job_of_nearly_that_name_is_not_taken_for_none(simulator: Simulator, run_playbook: Run, door: str) -> None:
    job_id = job(simulator)["job"]["id"]
    wrong = [{"template_id": "SCIM"}, {"job_id": job_id[:-1] + "f"}]
    tasks = [
        {
            "entra.provisioning.sync_job": {"display_name": NAME, "state": "absent", **one},
            "check_mode": check,
            "ignore_errors": True,
        }
        for one in wrong
        for check in (True, False)
    ]
    result = run_playbook(tasks, door=door)
    assert [one.status for one in result.tasks] == ["ignored"] * 4
    for one, near in zip(result.tasks, ("scim", "scim", job_id, job_id)):
        assert f"so nothing was deleted. Nearest: {near}. If that one is meant" in one.result["msg"]
    assert simulator.writes() == []
    other = {"display_name": NAME, "state": "absent", "template_id": "customappsso"}
    assert run_playbook([{"entra.provisioning.sync_job": other}]).rc == 0
