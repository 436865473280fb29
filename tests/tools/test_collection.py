# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each part of the collection must have, so that nothing is added without it."""

from __future__ import annotations

import pytest
import yaml

from tools.checks import ROOT

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
ROLES = sorted(folder.name for folder in (ROOT / "roles").glob("[!_]*") if folder.is_dir())
PLAYBOOKS = sorted(file.stem for file in (ROOT / "playbooks").glob("*.yml"))


def test_the_action_group_has_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    assert runtime["action_groups"]["graph"] == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_fast_door_an_integration_target_and_a_line_in_the_readme(module: str) -> None:
    assert (ROOT / "plugins" / "action" / f"{module}.py").exists()
    assert (ROOT / "tests" / "integration" / "targets" / module / "tasks" / "main.yml").exists()
    assert f"`{module}`" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_argument_specs_a_readme_and_a_scenario(role: str) -> None:
    assert (ROOT / "roles" / role / "meta" / "argument_specs.yml").exists()
    assert (ROOT / "roles" / role / "README.md").exists()
    assert (ROOT / "extensions" / "molecule" / role / "molecule.yml").exists()


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_is_run_from_the_package(playbook: str) -> None:
    assert (ROOT / "tests" / "package" / f"{playbook}.yml").exists()
