# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether people have accounts is told by the history of the application, not by the last cycle of its job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.cases import BEN, HERE, application
from tests.faults.life import target
from tests.faults.mappings import task, users
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

MATCHING = {"object_mappings": users({"target": "userName", "attribute": "mail", "matching_priority": 1})}
JOB = {"entra.provisioning.sync_job": {**HERE, "template_id": "scim"}}
ON_DEMAND = {"entra.provisioning.sync_job_action": {**HERE, "action": "provision_on_demand", "users": [BEN]}}
DELETED = {"entra.provisioning.sync_job": {**HERE, "state": "absent"}}
HARD = {
    "entra.provisioning.sync_secrets": {
        **HERE,
        "settings": {"HardDeletesEnabled": True},
        "allow_partial": True,
        "validate": False,
    }
}
LOG = {"path": "/auditLogs/provisioning"}


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """An application whose job has never run, with its target, and Ben assigned."""
    secrets = {"BaseAddress": simulator.ready["scim"]["base_address"], "SecretToken": simulator.ready["scim"]["token"]}
    jobs = [{"template_id": "scim", "state": "created"}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=secrets, assigned=[BEN])]})


def _guarded(run_playbook: Run, simulator: Simulator, says: str) -> None:
    """Schema and settings are both refused with the reason, in check mode too."""
    mark = simulator.mark()
    result = run_playbook([task(**MATCHING), task(**MATCHING, check_mode=True), {**HARD, "ignore_errors": True}])
    assert [one.status for one in result.tasks] == ["ignored"] * 3, result.output
    assert all(says in one.result["msg"] for one in result.tasks)
    assert simulator.writes(mark) == []
    allowed = run_playbook([task(**MATCHING, allow=["matching"])])
    assert (allowed.last.status, allowed.last.changed) == ("ok", True), allowed.output


def test_what_was_provisioned_on_demand(simulator: Simulator, run_playbook: Run) -> None:
    done = run_playbook([ON_DEMAND])
    assert done.rc == 0, done.output
    assert [one["userName"] for one in target(simulator)["Users"]] == [BEN]
    _guarded(run_playbook, simulator, "the provisioning log has entries of the application")


def test_what_a_job_has_done_that_is_gone(simulator: Simulator, run_playbook: Run) -> None:
    assert run_playbook([{"entra.provisioning.sync_job": {**HERE, "enabled": True}}]).rc == 0
    simulator.clock("PT41M")
    assert len(target(simulator)["Users"]) == 1
    again = run_playbook([DELETED, JOB])
    assert again.rc == 0, again.output
    _guarded(run_playbook, simulator, "the provisioning log has entries of the application")


def test_a_log_that_cannot_be_read(simulator: Simulator, run_playbook: Run) -> None:
    refused = {"error": {"code": "Forbidden", "message": "Insufficient privileges to complete the operation."}}
    simulator.faults([{"match": LOG, "fault": "status", "status": 403, "times": None, "body": refused}])
    _guarded(run_playbook, simulator, "ProvisioningLog.Read.All")


def test_a_log_that_is_empty(simulator: Simulator, run_playbook: Run) -> None:
    mark = simulator.mark()
    result = run_playbook([task(**MATCHING), HARD])
    assert [(one.status, one.changed) for one in result.tasks] == [("ok", True)] * 2, result.output
    assert len([one for one in simulator.requests(mark) if one["path"].endswith("/auditLogs/provisioning")]) == 2


def test_what_this_run_has_made_has_none(simulator: Simulator, run_playbook: Run) -> None:
    """An onboarding needs no permission for logs."""
    simulator.faults([{"match": LOG, "fault": "status", "status": 403, "times": None}])
    name = {"display_name": "New one"}
    made: list[dict[str, Any]] = [
        {"entra.provisioning.gallery_application": {**name, "gallery_name": "Custom"}},
        {"entra.provisioning.sync_job": {**name, "template_id": "scim"}},
        task("New one", **MATCHING),
        {"entra.provisioning.sync_secrets": {**name, "settings": {"HardDeletesEnabled": True}}},
    ]
    result = run_playbook(made)
    assert [one.status for one in result.tasks] == ["ok"] * 4, result.output
