# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes a job as it should be."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import job_changes, jobs
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_job
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = Principal("11111111-1111-1111-1111-111111111111", name="Contoso SCIM")
SYNC = f"/servicePrincipals/{SP.id}/synchronization"
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
JOB = EXAMPLES["active_steady"]


def _http() -> ScriptedHttp:
    return ScriptedHttp(
        routes={("GET", f"{SYNC}/jobs"): {"value": []}, ("GET", f"{SYNC}/templates"): {"value": [{"id": "scim"}]}}
    )


def _plan(current: jobs.Job | None, enabled: bool | None, **params: t.Any) -> list[t.Any]:
    made = task(sync_job.ARGUMENTS, _http(), service_principal_id=SP.id, **params)
    return job_changes.plan_present(made, SP, current, enabled)


@pytest.mark.parametrize(
    ("name", "enabled", "says"),
    [
        ("created", None, []),
        ("created", False, []),
        ("created", True, ["start the synchronization job of the template scim"]),
        ("paused_by_admin", True, ["start the synchronization job of the template scim"]),
        ("paused_by_admin", False, []),
        ("active_steady", True, []),
        ("active_steady", None, []),
        ("active_steady", False, ["pause the synchronization job of the template scim"]),
        ("started_not_run_yet", True, []),
        ("quarantine_bad_credentials", True, []),
        ("quarantine_bad_credentials", False, ["pause the synchronization job of the template scim"]),
    ],
)
def test_an_existing_job(name: str, enabled: bool | None, says: list[str]) -> None:
    plan = _plan(EXAMPLES[name], enabled)
    assert [change.sentence for change in plan] == says
    assert [change.call.endpoint.method for change in plan] == ["POST"] * len(says)


@pytest.mark.parametrize(
    ("enabled", "says"),
    [
        (None, ["create a synchronization job from the template scim"]),
        (False, ["create a synchronization job from the template scim"]),
        (
            True,
            [
                "create a synchronization job from the template scim",
                "start the synchronization job of the template scim",
            ],
        ),
    ],
)
def test_a_new_job(enabled: bool | None, says: list[str]) -> None:
    plan = _plan(None, enabled, template_id="scim")
    assert [change.sentence for change in plan] == says
    assert plan[0].call.body == {"templateId": "scim"}
    if enabled:
        assert plan[1].call.filled({jobs.NEW_JOB: "scim.1"}).path == f"{SYNC}/jobs/scim.1/start"


def test_a_disabled_job_in_quarantine_is_for_a_human() -> None:
    job = copy.deepcopy(EXAMPLES["quarantine_bad_credentials"])
    job["schedule"]["state"] = "Disabled"
    with pytest.raises(ProvisioningError, match="is in quarantine and not running"):
        _plan(job, True)
    assert _plan(job, None) == _plan(job, False) == []


def test_the_id_of_a_new_job_cannot_be_chosen() -> None:
    with pytest.raises(ProvisioningError, match="has no synchronization job scim.none"):
        _plan(None, None, job_id="scim.none")


def test_absent() -> None:
    made = task(sync_job.ARGUMENTS, _http(), service_principal_id=SP.id)
    assert job_changes.plan_absent(made, SP, None) == []
    plan = job_changes.plan_absent(made, SP, JOB)
    assert [(one.call.endpoint.method, one.call.path) for one in plan if one.call] == [
        ("DELETE", f"{SYNC}/jobs/{JOB['id']}")
    ]
    assert plan[0].sentence == f"delete the synchronization job {JOB['id']}; that changes no account in the target"


def test_a_job_is_made_started_and_read_back() -> None:
    new = {**EXAMPLES["created"], "id": "scim.new"}
    running = {**new, "schedule": {"state": "Active"}}
    lagging = [answer(404), answer(404), answer(200, new), answer(200, new), answer(200, running)]
    http = _http()
    http.routes = {
        **(http.routes or {}),
        ("POST", f"{SYNC}/jobs"): answer(201, new),
        ("POST", f"{SYNC}/jobs/scim.new/start"): answer(204),
        ("GET", f"{SYNC}/jobs/scim.new"): lambda _request: lagging.pop(0) if len(lagging) > 1 else lagging[0],
    }
    made = task(sync_job.ARGUMENTS, http, service_principal_id=SP.id, template_id="scim", enabled=True)
    outcome = made.carry_out(job_changes.plan_present(made, SP, None, True), record=lambda seen: {"job": seen})
    assert outcome.changed
    assert outcome.result["job"] == running
    assert [one.path for one in http.sent if one.method == "POST"] == [f"{SYNC}/jobs", f"{SYNC}/jobs/scim.new/start"]
    assert made.graph.memory.is_fresh(["scim.new"])


GUID = "39551a98-20a4-4751-a9ec-bf3956a52bc5"
THERE = {"id": f"scim.0123.{GUID}", "templateId": "scim"}


@pytest.mark.parametrize(
    ("params", "near"),
    [
        ({"template_id": "SCIM"}, "scim"),
        ({"template_id": "scimm"}, "scim"),
        ({"job_id": THERE["id"].upper()}, THERE["id"]),
        ({"job_id": THERE["id"][:-1] + "0"}, THERE["id"]),
        ({"template_id": "customappsso"}, None),
        # Another template that the application offers, and the job that was there before this one.
        ({"template_id": "scim2"}, None),
        ({"job_id": "scim.0123.8a6f2c3e-1b7d-4f0a-9c55-d2e4b6a80713"}, None),
        ({}, None),
    ],
)
def test_a_job_of_nearly_that_name_is_not_taken_for_none(params: dict[str, str], near: str | None) -> None:
    http = _http()
    assert http.routes is not None
    http.routes["GET", f"{SYNC}/jobs"] = {"value": [THERE]}
    http.routes["GET", f"{SYNC}/templates"] = {"value": [{"id": "scim"}, {"id": "scim2"}]}
    made = task(sync_job.ARGUMENTS, http, service_principal_id=SP.id, state="absent", **params)
    if near is None:
        assert job_changes.plan_absent(made, SP, None) == []
        return
    with pytest.raises(ProvisioningError, match="nothing was deleted") as caught:
        job_changes.plan_absent(made, SP, None)
    assert f"Nearest: {near}." in caught.value.message
