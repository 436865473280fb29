# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed at any point is made whole by the next one; many forks are one identity."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.killed import killed_at
from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

PLAYBOOK = "entra.provisioning.onboard"
NAME = "Onboarded"

# The requests of the role during which it is killed. The service carries them out all the same, after that.
POINTS = {
    "looking for the application": ("GET", r"/servicePrincipals\?"),
    "making the application": ("POST", r"/instantiate$"),
    "waiting for the application": ("GET", r"/synchronization/templates$"),
    "making the job": ("POST", r"/synchronization/jobs$"),
    "writing the credentials": ("PUT", r"/synchronization/secrets$"),
    "assigning": ("POST", r"/appRoleAssignedTo$"),
    "provisioning the canary": ("POST", r"/provisionOnDemand$"),
    "starting the job": ("POST", r"/start$"),
    "reading the started job": ("GET", r"/synchronization/jobs/[^/]+$"),
}


def variables(simulator: Simulator) -> dict[str, Any]:
    """The variables of the role, from nothing to a running job."""
    target = simulator.ready["scim"]
    return {
        "onboard_display_name": NAME,
        "onboard_gallery_name": "Custom",
        "onboard_template_id": "scim",
        "onboard_settings": {"BaseAddress": target["base_address"]},
        "onboard_secrets": {"SecretToken": target["token"]},
        "onboard_users": ["ben.okoro@contoso.example"],
        "onboard_groups": ["Sales team"],
        "onboard_canary_users": ["ben.okoro@contoso.example"],
    }


@pytest.mark.parametrize(
    "point",
    mostly(
        POINTS,
        ["writing the credentials"],
        "The same kill at another request.",
    ),
)
def test_the_next_run_goes_on(
    simulator: Simulator, run_playbook: Callable[..., Result], tmp_path: Path, point: str
) -> None:
    killed_at(simulator, tmp_path, PLAYBOOK, variables(simulator), *POINTS[point])
    again = {"defaults": {}, "extra_vars": variables(simulator), "env": simulator.environment()}
    second = run_playbook(PLAYBOOK, **again)
    assert second.rc == 0, second.output
    mark = simulator.mark()
    third = run_playbook(PLAYBOOK, **again)
    assert (third.rc, third.changed, simulator.writes(mark)) == (0, 0, []), third.output
    state = simulator.state()
    principals = [one for one in state["servicePrincipals"] if one["displayName"] == NAME]
    assert len(principals) == 1
    assert [one["displayName"] for one in state["applications"]].count(NAME) == 1
    jobs = list(state["synchronization"][principals[0]["id"]]["jobs"].values())
    assert [one["job"]["schedule"]["state"] for one in jobs] == ["Active"]
    assigned = [one["principalDisplayName"] for one in state["appRoleAssignments"]]
    assert sorted(assigned) == ["Ben Okoro", "Sales team"]


@pytest.mark.parametrize("door", DOORS)
def test_many_forks_ask_for_one_token(simulator: Simulator, tmp_path: Path, door: str) -> None:
    simulator.faults([{"match": {"path": "/oauth2/v2.0/token"}, "fault": "delay", "seconds": 1}])
    playbook = tmp_path / "play.json"
    read = {"entra.provisioning.sync_info": {"display_name": "Plain OIDC app"}}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": [read, read]}
    playbook.write_text(json.dumps([play]))
    result = run_playbook(
        playbook,
        door=door,
        env=simulator.environment(),
        extra_vars={"ansible_python_interpreter": sys.executable},
        arguments=("-i", "a,b,c,d,e", "--forks", "5"),
    )
    assert result.rc == 0, result.output
    assert len(result.stats) == 5
    tokens = [one for one in simulator.requests() if one["path"].endswith("/oauth2/v2.0/token")]
    assert len(tokens) == 1
