# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a backup lies that nobody gave a folder for: where the run was started, in both ways of running."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faults.cases import NAME, application
from tests.faults.life import example
from tests.harness.playbook import SWITCH, run_shell
from tests.harness.simulator import ROOT, Simulator
from tests.harness.wider import DOORS


@pytest.mark.parametrize("door", DOORS)
def test_the_folder_is_the_callers_own(simulator: Simulator, tmp_path: Path, door: str) -> None:
    schema = example("customappsso_full")
    jobs = [{"template_id": "scim", "state": "active", "schema": schema}]
    simulator.reset({"applications": [application(jobs=jobs), application("From", jobs=[{"template_id": "scim"}])]})
    here = tmp_path / "here"
    here.mkdir()
    variables = {
        "promote_from": {"display_name": "From"},
        "promote_to": {"display_name": NAME},
        "promote_allow": ["matching", "scope", "active", "delete_flow"],
        SWITCH: door == "fast",
    }
    (here / "vars.json").write_text(json.dumps(variables))
    line = "ansible-playbook entra.provisioning.promote_schema -e @vars.json"
    done = run_shell(line, here, simulator.environment())
    assert done.rc == 0, done.output
    (backup,) = (here / "backup").iterdir()
    assert not (ROOT / "playbooks" / "backup").exists()
    told: str = done.last.result["msg"][-1]
    assert f"is kept in {backup}" in told
    command = told[told.index("ansible-playbook ") :]
    options = json.dumps({"rollback_allow": variables["promote_allow"], SWITCH: door == "fast"})
    again = run_shell(f"{command} -e '{options}'", here, simulator.environment())
    assert again.rc == 0, (command, again.output)
