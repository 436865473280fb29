# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write that the service accepts and does not carry out: it is made once more, or told as what it is."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.faults.cases import BEN, NAME, application
from tests.faults.in_process import plugin, run_module, without_pauses
from tests.harness.simulator import Simulator

ADA = "adele.vance@contoso.example"
PARTNER = "22222222-3333-4444-5555-666666666666"
HERE = {"display_name": NAME}
SOMEBODY = {"id": "an-assignment", "principalId": "somebody", "resourceId": "something", "appRoleId": "a-role"}


@dataclass(frozen=True)
class Write:
    """A module whose write gets lost, and that write; `body` is what the service answers to it."""

    module: str
    options: dict[str, Any]
    method: str
    path: str
    state: str = "paused"
    body: Any = None

    @property
    def rule(self) -> dict[str, Any]:
        """The fault: an answer of success and nothing else."""
        status = 201 if self.body else 204
        match = {"method": self.method, "path": self.path}
        return {"match": match, "fault": "status", "status": status, "body": self.body}


THEIRS = {"settings": {"CompanyId": "theirs"}}
MAPPING = {"source": "User", "attributes": [{"target": "title", "constant": "Staff"}]}
WRITES = {
    "settings": Write("sync_secrets", {**HERE, "settings": {"CompanyId": "7"}}, "PUT", "/secrets$"),
    "a threshold": Write("sync_secrets", {**HERE, "delete_threshold": 7}, "PUT", "/secrets$"),
    "an assignment": Write(
        "app_role_assignment", {**HERE, "users": [BEN]}, "POST", "/appRoleAssignedTo$", body=SOMEBODY
    ),
    "a removed assignment": Write(
        "app_role_assignment", {**HERE, "users": [ADA], "state": "absent"}, "DELETE", "/appRoleAssignedTo/"
    ),
    "a start": Write("sync_job", {**HERE, "enabled": True}, "POST", "/start$"),
    "a pause": Write("sync_job", {**HERE, "enabled": False}, "POST", "/pause$", state="active"),
    "a start as an action": Write("sync_job_action", {**HERE, "action": "start"}, "POST", "/start$"),
    "a restart": Write("sync_job_action", {**HERE, "action": "restart", "start_paused": True}, "POST", "/restart$"),
    "a start out of quarantine": Write(
        "sync_job_action", {**HERE, "action": "start"}, "POST", "/start$", state="quarantine"
    ),
    "a lifted quarantine": Write(
        "sync_job_action",
        {**HERE, "action": "restart", "reset_scope": ["QuarantineState"]},
        "POST",
        "/restart$",
        state="quarantine",
    ),
    "a deletion": Write("sync_job", {**HERE, "state": "absent"}, "DELETE", "/synchronization/jobs/"),
    "a mapping": Write("sync_schema", {**HERE, "object_mappings": [MAPPING]}, "PUT", "/schema$"),
    "a template": Write(
        "sync_template",
        {**HERE, "template_id": "scim", "description": "of ours"},
        "PATCH",
        "/synchronization/templates/",
    ),
    "an extension": Write(
        "extension_attribute",
        {**HERE, "name": "badge", "state": "absent", "confirm": True},
        "DELETE",
        "/extensionProperties/",
    ),
    "a partner": Write(
        "cross_tenant_access",
        {"partner_tenant_id": PARTNER, "outbound_consent": True},
        "PATCH",
        "/crossTenantAccessPolicy/partners/",
    ),
    "the organization": Write("directory_synchronization", {}, "PATCH", "/organization/"),
}


# Of a job that runs already nothing shows these for sure: each is told in a warning.
UNSURE = {"a restart": "active"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What cannot be seen for a moment has not happened: how long a moment is belongs to other tests.

    Tasks of one machine take turns, so each test is on a machine of its own.
    """
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "machine"))
    making, waits = plugin("module_utils._making"), plugin("module_utils._sync.waits")
    with (
        without_pauses(),
        mock.patch.object(making, "PATIENCE", 0.2),
        mock.patch.object(waits, "PATIENCE", 0.2),
        mock.patch.object(plugin("module_utils._sync.actions.finish"), "PATIENCE", 0.2),
        mock.patch.object(plugin("module_utils._sync.twins"), "PATIENCE", 0.2),
        mock.patch.object(making, "pause_before", return_value=0.01),
    ):
        yield


def _run(simulator: Simulator, write: Write, **more: Any) -> dict[str, Any]:
    return run_module(write.module, {**simulator.options(), "timeout": 8, **write.options, **more})


def _seeded(simulator: Simulator, write: Write) -> None:
    jobs = [{"template_id": "scim", "state": write.state}]
    simulator.reset({"applications": [application(jobs=jobs, secrets={"CompanyId": "1"}, assigned=[ADA])]})
    if write.module == "extension_attribute":
        made = run_module("extension_attribute", {**simulator.options(), **HERE, "name": "badge"})
        assert made["changed"] is True


def _sent(simulator: Simulator, write: Write, mark: int) -> int:
    return [one["method"] for one in simulator.writes(mark)].count(write.method)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_got_lost_is_made_once_more(simulator: Simulator, name: str) -> None:
    write = WRITES[name]
    _seeded(simulator, write)
    simulator.faults([write.rule])
    mark = simulator.mark()
    done = _run(simulator, write)
    assert (done.get("failed"), done["changed"]) == (None, True), done.get("msg")
    assert _sent(simulator, write, mark) == 2, done
    # Without good credentials the job is in quarantine by now, which an action lifts anew.
    if write.module != "sync_job_action":
        again = _run(simulator, write)
        assert (again.get("failed"), again["changed"]) == (None, False), again.get("msg")


@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_is_lost_each_time_is_not_told_as_made(simulator: Simulator, name: str) -> None:
    write = WRITES[name]
    _seeded(simulator, write)
    simulator.faults([{**write.rule, "times": None}])
    mark = simulator.mark()
    done = _run(simulator, write, timeout=4)
    assert done.get("failed") is True, done
    # A partner configuration has to be made before it is changed, and that one is seen.
    made = [f"add a partner configuration for the tenant {PARTNER}"] if write.module == "cross_tenant_access" else None
    assert done["error"].get("changes_made") == made
    assert (" changes were made: " in done["msg"]) is bool(made)
    assert _sent(simulator, write, mark) == 2, done


@pytest.mark.parametrize(("name", "state"), UNSURE.items())
def test_what_nothing_shows_is_told_as_such(simulator: Simulator, name: str, state: str) -> None:
    write = dataclasses.replace(WRITES[name], state=state)
    _seeded(simulator, write)
    simulator.faults([{**write.rule, "times": None}])
    warnings: list[str] = []
    with mock.patch.object(plugin("module_utils._task").Task, "warn", lambda _self, text: warnings.append(text)):
        assert _run(simulator, write)["changed"] is True
    assert "shows nothing of it yet" in "".join(warnings)


@pytest.mark.parametrize("lasting", [False, True])
def test_a_secret_that_got_lost_is_noticed_by_the_trial_of_what_is_stored(simulator: Simulator, lasting: bool) -> None:
    scim = simulator.ready["scim"]
    bag = {"BaseAddress": scim["base_address"], "SecretToken": "a token of nobody"}
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}], secrets=bag)]})
    secret = {"secrets": {"SecretToken": scim["token"]}, "update_secrets": "always", "validate_stored": True}
    write = Write("sync_secrets", {**HERE, **secret}, "PUT", "/secrets$")
    simulator.faults([{**write.rule, "times": None if lasting else 1}])
    mark = simulator.mark()
    done = _run(simulator, write)
    assert _sent(simulator, write, mark) == 2
    if not lasting:
        assert (done.get("failed"), done["changed"], done["validated"]) == (None, True, True), done.get("msg")
        return
    assert (done["failed"], "changes_made" in done["error"]) == (True, False)
    assert "The target takes the given SecretToken and not what is stored" in done["msg"]


@pytest.mark.parametrize(
    "change", [{"settings": {"BaseAddress": "https://nobody.example"}}, {"remove": ["BaseAddress"]}]
)
@pytest.mark.parametrize("put", ["merge", "replace", "unknown"])
def test_another_address_is_tried_whatever_is_known_of_the_tenant(
    simulator: Simulator, change: dict[str, Any], put: str
) -> None:
    scim = simulator.ready["scim"]
    token = {"SecretToken": scim["token"]}
    bag = {"BaseAddress": scim["base_address"], **token}
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}], secrets=bag)]})
    mark = simulator.mark()
    for more in ({"secrets": token}, {"secrets": {}}, {"secrets": {}, "allow_partial": True}):
        write = Write("sync_secrets", {**HERE, **change, **more, "secrets_put": put}, "PUT", "/secrets$")
        for check in (True, False):
            options = {**simulator.options(), "timeout": 8, **write.options}
            done = run_module(write.module, options, check=check)
            assert (done["failed"], "Nothing was written" in done["msg"]) == (True, True), (more, done["msg"])
    assert _sent(simulator, write, mark) == 0


def test_a_write_of_somebody_else_is_not_undone_by_making_ours_once_more(simulator: Simulator, tmp_path: Path) -> None:
    """Ours gets lost, and theirs comes before we look: it stays, and the task says so."""
    write = WRITES["a threshold"]
    _seeded(simulator, write)
    simulator.faults([write.rule])
    stored = plugin("module_utils._sync.stored")
    read = stored.read
    reads: list[Any] = []

    def reading(graph: Any, principal: Any) -> Any:
        reads.append(principal)
        if len(reads) == 3:
            # On another machine, where nobody waits for our turn to end.
            with mock.patch.dict(os.environ, ANSIBLE_HOME=str(tmp_path)):
                theirs = run_module("sync_secrets", {**simulator.options(), **HERE, **THEIRS, "timeout": 5})
            assert theirs["changed"] is True
        return read(graph, principal)

    with mock.patch.object(stored, "read", reading):
        done = _run(simulator, write)
    assert done["failed"] is True
    assert "CompanyId: 1 → theirs" in done["msg"]
    bags = [one["secrets"] for one in simulator.state()["synchronization"].values() if one["secrets"]]
    assert [one.keys() for one in bags] == [{"CompanyId"}]
    assert "changes_made" not in done["error"]
