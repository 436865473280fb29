# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every module, run as they are printed."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
CUSTOM = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
# Applications of other kinds: one that has no job yet, and one that takes records of an HR system.
OTHERS = [
    {"display_name": "Fabrikam tenant", "application_template_id": "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"},
    {
        "display_name": "HR to Entra",
        "application_template_id": "40d8f01e-b0d7-4b4f-938b-05190712e598",
        "jobs": [{"template_id": "API2AAD", "state": "active"}],
        "secrets": {"SyncNotificationSettings": '{"Enabled":true,"Recipients":"idm@contoso.example"}'},
    },
]
# The tenant that the examples synchronize into.
TARGET_TENANT = "22222222-3333-4444-5555-666666666666"
ALLOWED = [{"tenantId": TARGET_TENANT, "automaticUserConsentSettings": {"outboundAllowed": True}}]
# A schema of the same template as the application's, in the place of the file that the examples read.
SCHEMA = ROOT / "tests" / "fixtures" / "graph" / "examples" / "customappsso_default.json"


def _examples(name: str) -> str:
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{name}.py").read_text())
    assigned = {one.targets[0].id: one.value for one in tree.body if isinstance(one, ast.Assign)}
    return str(ast.literal_eval(assigned["EXAMPLES"]))


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str, simulator: Simulator, run_playbook: Callable[..., Result]) -> None:
    target = {"BaseAddress": simulator.ready["scim"]["base_address"], "SecretToken": simulator.ready["scim"]["token"]}
    owned = {"jobs": [{"template_id": "scim", "state": "paused"}], "secrets": target, "assigned": ["Sales"]}
    names = ("Contoso SCIM", "Contoso SCIM staging", "Fabrikam SCIM")
    ada = {
        "userPrincipalName": "ada.lovelace@contoso.example",
        "displayName": "Ada",
        "givenName": "Ada",
        "surname": "L",
    }
    simulator.reset(
        {
            "users": [ada],
            "tenants": {TARGET_TENANT: {}},
            "partners": ALLOWED,
            "groups": [{"displayName": "Sales", "members": [ada["userPrincipalName"]]}],
            "applications": [
                *({"display_name": one, "application_template_id": CUSTOM, **owned} for one in names),
                *OTHERS,
            ],
        }
    )
    tasks = yaml.safe_load(_examples(name).replace("contoso-scim.json", str(SCHEMA)))
    variables = {"scim_base_address": target["BaseAddress"], "scim_token": target["SecretToken"]}
    result = run_playbook(tasks, extra_vars=variables)
    assert result.rc == 0, result.output
    assert [task.status for task in result.tasks if not task.is_item] == ["ok"] * len(tasks)
