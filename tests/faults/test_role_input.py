# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role onboard refuses before the first request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly


@pytest.mark.parametrize(
    "variables",
    [{}, {"onboard_display_name": ""}, {"onboard_applications": [{"display_name": "One"}, {"groups": ["Sales team"]}]}],
)
def test_an_application_without_a_name_is_refused(simulator: Simulator, variables: dict[str, Any]) -> None:
    mark = simulator.mark()
    result = run_playbook("entra.provisioning.onboard", extra_vars=variables, env=simulator.environment())
    assert result.rc == 2
    assert result.last.status == "failed"
    assert "Name it in onboard_display_name, or name several in onboard_applications" in result.last.result["msg"]
    assert simulator.requests(mark) == []


# A secret or setting that cannot be meant, and what is said of it.
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a boolean": ({"secrets": {"SecretToken": True}}, "SecretToken is a boolean and no text"),
    "a list": ({"secrets": {"SecretToken": ["hush-hush"]}}, "SecretToken is a list and no text"),
    "a line break": ({"secrets": {"SecretToken": "hush-hush\n"}}, "holds a line break"),
    "a blank": ({"secrets": {"SecretToken": "hush-hush "}}, "begins or ends with a blank"),
    "nothing seen": ({"secrets": {"SecretToken": "hush\ufeffhush"}}, "a character that cannot be seen (U+FEFF)"),
    "short": ({"secrets": {"SecretToken": "hus"}}, "is shorter than four characters"),
    "empty": ({"secrets": {"SecretToken": ""}}, "takes no empty value, as SecretToken has"),
    "null": ({"secrets": {"SecretToken": None}}, "takes no empty value, as SecretToken has"),
    "an address": ({"settings": {"BaseAddress": "https://scim\n"}}, "holds a line break"),
    "misspelled": ({"settings": {"BaseAdress": "https://scim"}}, "Did you mean BaseAddress?"),
    "shown": ({"settings": {"SecretToken": "hush-hush"}}, "give it in the option secrets"),
}
TWICE = {"secrets": {"UserName": "hush-hush"}, "settings": {"UserName": "Ada"}}
ROLES = {"onboard": "", "rotate_credentials": "Nothing was changed. "}


@pytest.mark.parametrize(
    ("role", "step"),
    mostly([(role, step) for role in ROLES for step in (3, 1)], [(role, 3) for role in ROLES], "All of them."),
)
def test_material_that_cannot_be_meant_is_refused_before_any_request(
    simulator: Simulator, role: str, step: int
) -> None:
    """In an entry; what is said for all is read by the same words."""
    bad = dict(list(BAD.items())[::step])
    entries = [{"display_name": name, **material} for name, (material, _says) in bad.items()]
    if role == "onboard":
        entries.append({"display_name": "twice", **TWICE})
    variables: dict[str, Any] = {f"{role}_applications": entries}
    mark = simulator.mark()
    result = run_playbook(f"entra.provisioning.{role}", extra_vars=variables, env=simulator.environment(), verbosity=1)
    assert result.rc == 2
    told = result.last.result["msg"]
    for name, (_material, says) in bad.items():
        assert says in told, name
    assert role != "onboard" or "UserName is given both in onboard_secrets and in onboard_settings." in told
    assert "hush" not in result.output
    assert simulator.requests(mark) == []
