# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles take from a person or a survey: every option left blank, and the table that says what each one holds."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.cases import NAME, application
from tests.harness.playbook import run_playbook
from tests.harness.simulator import ROOT, Simulator
from tests.harness.wider import mostly

ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
# What a run that does nothing cannot leave out.
NEEDED: dict[str, dict[str, Any]] = {
    "offboard": {"accounts": "keep"},
    "recover": {},
    "rotate_credentials": {"secrets": {}},
}


def _read(role: str, *parts: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(ROOT, "roles", role, *parts).read_text())
    return found


def options(role: str) -> dict[str, Any]:
    """The options of a role by their names without the prefix."""
    specs = _read(role, "meta", "argument_specs.yml")["argument_specs"]["main"]["options"]
    return {name.removeprefix(f"{role}_"): option for name, option in specs.items()}


def _kinds(role: str) -> dict[str, Any]:
    place = ("vars", "main", "kinds.yml") if role == "onboard" else ("vars", "main.yml")
    found: dict[str, Any] = _read(role, *place)[f"{role}_kinds"]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_option_has_a_kind_and_a_default(role: str) -> None:
    """A new option that is blank in a survey is read like the others, or this fails."""
    outside = {"applications", "fail_in_quarantine"}
    assert set(_kinds(role)) == set(options(role)) - outside
    defaults = {name.removeprefix(f"{role}_") for name in _read(role, "defaults", "main.yml")}
    assert defaults == set(options(role))


@pytest.mark.parametrize("role", ROLES)
def test_no_type_refuses_a_blank(role: str) -> None:
    """Ansible checks these before the role can drop a blank; from 2.19 on AWX's empty text is null."""
    for name, option in options(role).items():
        assert option["type"] in ("str", "list", "raw"), name
        assert "" in option.get("choices", [""]), name
        assert option["type"] == "str" or "choices" not in option, name
        assert "choices" not in option or "default" in option, name
        assert not option.get("required"), name


@pytest.mark.parametrize(
    ("where", "blank"),
    mostly(
        list(itertools.product(("flat", "entry"), ("", None))),
        [("flat", "")],
        "Another way to say nothing in the other place.",
    ),
)
@pytest.mark.parametrize("role", sorted(NEEDED))
def test_blank_answers_say_nothing(simulator: Simulator, role: str, where: str, blank: str | None) -> None:
    """Every option at once, on an application for which there is nothing to do."""
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}])]})
    if role == "offboard":
        simulator.reset({"applications": [application()]})
    said = {"display_name": NAME, **NEEDED[role]}
    if role == "rotate_credentials":
        said["settings"] = {"BaseAddress": simulator.ready["scim"]["base_address"]}
        bag = {"BaseAddress": simulator.ready["scim"]["base_address"], "SecretToken": simulator.ready["scim"]["token"]}
        simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}], secrets=bag)]})
    entry = {**dict.fromkeys(set(options(role)) - {"applications", "fail_in_quarantine"}, blank), **said}
    variables = {f"{role}_{name}": value for name, value in entry.items()}
    if where == "entry":
        variables = {f"{role}_applications": [entry]}
    mark = simulator.mark()
    result = run_playbook(f"entra.provisioning.{role}", extra_vars=variables, env=simulator.environment())
    assert result.rc == 0, result.output
    assert simulator.writes(mark) == []
