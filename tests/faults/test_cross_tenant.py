# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cross-tenant access and the switch for directory synchronization, with trouble on the way; two tenants at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

CROSS_TENANT = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"
TARGET = "e0000000-0000-4000-8000-000000000002"
ADELE = "adele.vance@contoso.example"
VERSIONS = ("/v1.0/", "/beta/")
PARTNERS = "policies/crossTenantAccessPolicy/partners"
RECEIVING = {"display_name": "Contoso", "user_sync_inbound": True, "inbound_consent": True}


@pytest.fixture(scope="module")
def running_target() -> Iterator[Simulator]:
    """The simulator that is the target tenant."""
    with Simulator("--tenant-id", TARGET, scim=False) as simulator:
        yield simulator


@pytest.fixture
def target(running_target: Simulator) -> Simulator:
    """The target tenant, as new."""
    running_target.reset()
    return running_target


def _access(name: str = "access", **options: Any) -> dict[str, Any]:
    return {"name": name, "entra.provisioning.cross_tenant_access": {"partner_tenant_id": TARGET, **options}}


def _partners(simulator: Simulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = simulator.state()["crossTenantAccessPolicy"]["partners"]
    return found


@pytest.mark.parametrize("door", DOORS)
def test_two_tenants_let_users_through(simulator: Simulator, run_playbook: Run, target: Simulator, door: str) -> None:
    """One playbook signs in to both; before each side has agreed, the validation says what to do."""
    simulator.reset(
        {
            "tenants": target.neighbour(),
            "applications": [
                {
                    "display_name": "Fabrikam",
                    "application_template_id": CROSS_TENANT,
                    "jobs": [{"template_id": "Azure2Azure"}],
                    "secrets": {"AuthenticationType": "SyncPolicy", "CompanyId": TARGET},
                    "assigned": [ADELE],
                }
            ],
        }
    )
    job = {"display_name": "Fabrikam", "template_id": "Azure2Azure"}
    validate = {"entra.provisioning.sync_job_action": {**job, "action": "validate_credentials"}}
    receive = _access("receive", **target.options(), **RECEIVING)
    receive["entra.provisioning.cross_tenant_access"]["partner_tenant_id"] = simulator.ready["tenant_id"]
    tasks = [
        {"name": "nobody agreed", **validate, "ignore_errors": True},
        _access("send", outbound_consent=True),
        {"name": "one agreed", **validate, "ignore_errors": True},
        receive,
        {"name": "both agreed", **validate},
        {
            "name": "send Adele",
            "entra.provisioning.sync_job_action": {**job, "action": "provision_on_demand", "users": [ADELE]},
        },
    ]
    result = run_playbook(tasks, door=door)
    assert result.rc == 0, result.output
    for name, whose in (("nobody agreed", "source"), ("one agreed", "target")):
        message = result.task(name).result["msg"]
        assert f"The {whose} tenant has not enabled" in message
        assert "Both tenants must allow it, with entra.provisioning.cross_tenant_access" in message
    guests = [one for one in target.state()["users"] if one["userType"] == "Member" and "#EXT#" in str(one)]
    assert [one["userPrincipalName"] for one in guests] == ["adele.vance_contoso.example#EXT#@tenant0002.example"]
    marks = simulator.mark(), target.mark()
    again = run_playbook([tasks[1], tasks[3]], door=door)
    assert (again.rc, again.changed) == (0, 0), again.output
    assert (simulator.writes(marks[0]), target.writes(marks[1])) == ([], [])


def test_what_a_task_costs(simulator: Simulator, run_playbook: Run) -> None:
    """One read, one more where synchronization is managed; a change takes the write and a look at it."""
    ways = [{"outbound_consent": True}] * 2 + [RECEIVING] * 2 + [{"user_sync_inbound": False}]
    tasks = [_access(str(number), **options) for number, options in enumerate(ways)]
    result = run_playbook([*tasks, *[{"entra.provisioning.directory_synchronization": {}}] * 2])
    assert result.rc == 0, result.output
    assert [task.changed for task in result.tasks] == [True, False, True, False, True, True, False]
    sent = [one["method"] for one in simulator.requests() if one["path"].startswith(VERSIONS)]
    costs = [
        # A new configuration is looked for twice before it is changed.
        *("GET POST GET GET PATCH GET", "GET"),
        *("GET GET PUT PATCH GET GET", "GET GET", "GET GET PATCH GET GET"),
        *("GET PATCH GET", "GET"),
    ]
    assert sent == " ".join(costs).split()


@pytest.mark.parametrize(("fault", "where"), [("drop_after", "POST"), ("drop_before", "PUT")])
def test_a_broken_connection(simulator: Simulator, run_playbook: Run, fault: str, where: str) -> None:
    """What may have arrived is looked for, and sent once more where it did not; a second run finds nothing to do."""
    simulator.faults([{"match": {"method": where, "path": PARTNERS}, "fault": fault}])
    task = _access(**RECEIVING)
    result = run_playbook([task])
    assert result.rc == 0, result.output
    assert run_playbook([task]).changed == 0
    (partner,) = _partners(simulator)
    assert partner["automaticUserConsentSettings"]["inboundAllowed"] is True
    assert partner["identitySynchronization"]["userSyncInbound"] == {"isSyncAllowed": True}


def test_replicas_and_conflicts(simulator: Simulator, run_playbook: Run) -> None:
    """A new configuration is seen late; and one that is refused because it is there already is taken."""
    simulator.quirks(replication=1.5)
    conflict = {"error": {"code": "Request_MultipleObjectsWithSameKeyValue", "message": "It exists already."}}
    simulator.faults(
        [{"match": {"method": "PUT", "path": PARTNERS}, "fault": "status", "status": 409, "body": conflict, "times": 1}]
    )
    result = run_playbook([_access("late", **RECEIVING), _access("again", **RECEIVING)])
    assert result.rc == 0, result.output
    assert len(result.task("late").result["changes"]) == 4
    assert [task.changed for task in result.tasks] == [True, False]


def test_directory_synchronization_is_planned_and_made(simulator: Simulator, run_playbook: Run) -> None:
    task = [{"entra.provisioning.directory_synchronization": {"state": "enabled"}}]
    planned = run_playbook(task, check=True, diff=True)
    assert simulator.writes() == []
    done = run_playbook(task, diff=True, door="module")
    for key in ("changes", "diff", "was", "organization_id"):
        assert planned.last.result[key] == done.last.result[key]
    assert simulator.state()["organization"]["onPremisesSyncEnabled"] is True
    assert run_playbook(task).changed == 0
