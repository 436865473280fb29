# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks that are about schemas refuse: before the first request, or before the first write."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.cases import application
from tests.faults.life import EXAMPLES
from tests.faults.schema_playbooks import play
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

STAGING, PRODUCTION, SEVERAL = "Staging", "Production", "Several"


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """Two applications with a job, and one with two."""
    one, other = {"template_id": "scim"}, {"template_id": "customappsso"}
    seeded = {STAGING: [one], PRODUCTION: [one], SEVERAL: [one, other]}
    simulator.reset({"applications": [application(name, jobs=jobs) for name, jobs in seeded.items()]})


CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "export nothing": ("export_schema", {}),
    "export without a file": ("export_schema", {"export_display_name": STAGING, "export_file": ""}),
    "export of two": ("export_schema", {"export_display_name": STAGING, "export_app_id": "x", "export_file": "x"}),
    "export of two jobs": (
        "export_schema",
        {"export_display_name": STAGING, "export_job_id": "x", "export_template_id": "scim", "export_file": "x"},
    ),
    "roll nothing back": ("rollback_schema", {}),
    "roll back without a file": ("rollback_schema", {"rollback_display_name": STAGING}),
    "roll nobody back": ("rollback_schema", {"rollback_file": "x", "rollback_display_name": ""}),
    "promote nothing": ("promote_schema", {}),
    "promote to nobody": ("promote_schema", {"promote_from": {"display_name": STAGING}}),
    "promote from nobody": ("promote_schema", {"promote_to": {"display_name": STAGING}}),
    "promote from both": (
        "promote_schema",
        {"promote_to": {"app_id": "x"}, "promote_from": {"app_id": "y"}, "promote_file": "x"},
    ),
    "promote to two": (
        "promote_schema",
        {"promote_to": {"app_id": "x", "display_name": "y"}, "promote_from": {"app_id": "y"}},
    ),
    "promote to a text": ("promote_schema", {"promote_to": STAGING, "promote_from": {"app_id": "y"}}),
    "promote with a list": (
        "promote_schema",
        {"promote_to": {"app_id": "x"}, "promote_from": {"app_id": "y"}, "promote_substitutions": ["a", "b"]},
    ),
    "convert nothing": ("convert_to_scim", {}),
    "convert two": ("convert_to_scim", {"convert_display_name": STAGING, "convert_app_id": "x"}),
}


@pytest.mark.parametrize("call", mostly(CALLS, list(CALLS)[::2], "Another call that makes no sense."))
def test_a_call_that_makes_no_sense_is_answered_with_one_that_does(simulator: Simulator, call: str) -> None:
    playbook, variables = CALLS[call]
    run = play(simulator, playbook, **variables)
    assert run.result.rc == 2, run.result.output
    assert len([one for one in run.result.tasks if not one.is_item]) == 1
    assert f"ansible-playbook entra.provisioning.{playbook}" in run.told
    assert run.requests == []


FILE = str(EXAMPLES / "customappsso_full.json")
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "application": ("export_schema", {"export_display_name": "Nobody", "export_file": "x"}, "Nobody"),
    "template": (
        "export_schema",
        {"export_display_name": STAGING, "export_template_id": "scimm", "export_file": "x"},
        "The application Staging has no synchronization job scimm.",
    ),
    "no job": (
        "export_schema",
        {"export_display_name": "Plain OIDC app", "export_file": "x"},
        "has no synchronization job yet",
    ),
    "several jobs": (
        "rollback_schema",
        {"rollback_display_name": SEVERAL, "rollback_file": FILE},
        "Say which one is meant by its job_id or template_id.",
    ),
    "no file": (
        "rollback_schema",
        {"rollback_display_name": STAGING, "rollback_file": "/no/file.json"},
        "There is no file /no/file.json.",
    ),
    "no schema": (
        "rollback_schema",
        {"rollback_display_name": STAGING, "rollback_file": str(EXAMPLES / "job_examples.json")},
        "holds no schema",
    ),
    "target": (
        "promote_schema",
        {"promote_from": {"display_name": STAGING}, "promote_to": {"display_name": "Nobody"}},
        "Nobody",
    ),
    "option": (
        "promote_schema",
        {"promote_from": {"display_name": STAGING, "tenant_ids": "x"}, "promote_to": {"display_name": PRODUCTION}},
        "tenant_ids",
    ),
    "no export": (
        "promote_schema",
        {"promote_file": "/no/file.yml", "promote_to": {"display_name": PRODUCTION}},
        "There is no file /no/file.yml.",
    ),
    "job of another": (
        "rollback_schema",
        {"rollback_display_name": STAGING, "rollback_file": FILE},
        "set rollback_other_job to true",
    ),
}


@pytest.mark.parametrize("case", mostly(WRONG, list(WRONG)[::2], "Something else that does not exist."))
def test_what_does_not_exist_is_named(simulator: Simulator, case: str) -> None:
    playbook, variables, says = WRONG[case]
    run = play(simulator, playbook, **variables)
    assert run.result.rc == 2, run.result.output
    assert says in run.told
    assert run.writes == []
