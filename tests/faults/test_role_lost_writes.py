# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role whose write the service accepts and never carries out does not report it as made; the next run ends well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.cases import BEN, NAME, application
from tests.faults.life import target
from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

ADELE = "adele.vance@contoso.example"
DISABLE = {"accounts": "disable", "confirm": True, "log_wait": 0, "timeout": 9}


@dataclass(frozen=True)
class Lost:
    """A role, the write of it that gets lost, and what the summary or the failure says of that."""

    role: str
    method: str
    path: str
    says: str
    state: str = "active"
    variables: dict[str, Any] = field(default_factory=dict)


LOST = {
    "onboard, the credentials": Lost("onboard", "PUT", "/secrets$", "secrets", variables={"settings": True}),
    "onboard, an assignment": Lost("onboard", "POST", "/appRoleAssignedTo$", BEN, variables={"users": [BEN]}),
    "onboard, the mappings": Lost(
        "onboard",
        "PUT",
        "/schema$",
        "schema",
        variables={
            "object_mappings": [{"source": "User", "attributes": [{"target": "title", "constant": "Staff"}]}],
        },
    ),
    "onboard, the start": Lost("onboard", "POST", "/start$", "start", state="paused"),
    "offboard, the pause": Lost("offboard", "POST", "/pause$", "pause", variables=DISABLE),
    "offboard, an assignment": Lost("offboard", "DELETE", "/appRoleAssignedTo/", "assign", variables=DISABLE),
    "offboard, the start": Lost("offboard", "POST", "/start$", "start", variables=DISABLE),
    "offboard, the job": Lost("offboard", "DELETE", "/synchronization/jobs/[^/]+$", "job", variables=DISABLE),
    "offboard, the secrets": Lost(
        "offboard", "PUT", "/secrets$", "SecretToken", variables={"accounts": "keep", "timeout": 9}
    ),
    "recover, the restart": Lost(
        "recover", "POST", "/restart$", "in the same quarantine as before", state="quarantine"
    ),
    "rotate_credentials, the restart": Lost(
        "rotate_credentials", "POST", "/restart$", "in the same quarantine as before", state="quarantine"
    ),
}


def _seed(simulator: Simulator, lost: Lost) -> dict[str, Any]:
    scim = simulator.ready["scim"]
    good = {"BaseAddress": scim["base_address"], "SecretToken": scim["token"]}
    job = {"template_id": "scim", "state": "active" if lost.role == "offboard" else lost.state}
    simulator.reset({"applications": [application(jobs=[job], secrets={**good, "SyncAll": "false"}, assigned=[ADELE])]})
    if lost.role == "offboard":
        simulator.clock("PT41M")
        assert [one["active"] for one in target(simulator)["Users"]] == [True]
        return {"secrets": {"SecretToken": scim["token"]}, **lost.variables}
    if lost.role == "rotate_credentials":
        return {"secrets": {"SecretToken": scim["token"]}, "update_secrets": "always"}
    if "settings" in lost.variables:
        return {"settings": {"CompanyId": "7"}, "secrets": {"SecretToken": scim["token"]}}
    return lost.variables


def _run(simulator: Simulator, role: str, variables: dict[str, Any]) -> Result:
    names = {f"{role}_{name}": value for name, value in {"display_name": NAME, **variables}.items()}
    task = {"ansible.builtin.include_role": {"name": f"entra.provisioning.{role}"}, "vars": names}
    return run_playbook([task], defaults={**simulator.options(), "timeout": 15})


@pytest.mark.parametrize("name", mostly(LOST, [], "What the modules do with a write that gets lost, in each role."))
def test_a_write_that_is_lost_each_time_is_no_success(simulator: Simulator, name: str) -> None:
    lost = LOST[name]
    variables = _seed(simulator, lost)
    fault: dict[str, Any] = {"match": {"method": lost.method, "path": lost.path}, "fault": "status", "status": 204}
    if lost.path.startswith("/appRole") and lost.method == "POST":
        body = {"id": "an-assignment", "principalId": "somebody", "resourceId": "something", "appRoleId": "a-role"}
        fault |= {"status": 201, "body": body}
    simulator.faults([{**fault, "times": None}])
    told = _run(simulator, lost.role, variables)
    assert told.rc == 2, told.output
    assert lost.says in told.output
    simulator.faults([])
    again = _run(simulator, lost.role, variables)
    assert again.rc == 0, again.output
    if lost.variables.get("accounts") == "disable":
        assert [one["active"] for one in target(simulator)["Users"]] == [False]
    if lost.role == "offboard":
        state = simulator.state()
        sp = next(one["id"] for one in state["servicePrincipals"] if one["displayName"] == NAME)
        found = state["synchronization"][sp]
        assert (found["jobs"], found["secrets"].get("SecretToken")) == ({}, None)
