# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which job is meant, and what makes it as it should be."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import jobs
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_job
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, graph, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = Principal("11111111-1111-1111-1111-111111111111", name="Contoso SCIM")
SYNC = f"/servicePrincipals/{SP.id}/synchronization"
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
ALIAS = {"id": "AD2AADProvisioning.1.2", "templateId": "ADDCInPassthrough"}
OTHER = {"id": "scim.1.9", "templateId": "scim"}


def _http(*found: t.Mapping[str, t.Any], **more: t.Any) -> ScriptedHttp:
    routes = {
        ("GET", f"{SYNC}/jobs"): {"value": list(found)},
        ("GET", f"{SYNC}/templates"): {"value": [{"id": "scim"}]},
    }
    routes |= {("GET", f"{SYNC}/jobs/{one['id']}"): dict(one) for one in found}
    return ScriptedHttp(routes={**routes, **more})


def _find(*found: t.Mapping[str, t.Any], **params: str) -> jobs.Job | None:
    return jobs.find(graph(_http(*found)), SP, params)


JOB = EXAMPLES["active_steady"]


@pytest.mark.parametrize(
    ("found", "params", "expected"),
    [
        ([], {}, None),
        ([], {"template_id": "scim"}, None),
        ([JOB], {}, JOB),
        ([JOB], {"template_id": "scim"}, JOB),
        ([JOB], {"template_id": "other"}, None),
        ([JOB], {"job_id": JOB["id"]}, JOB),
        ([JOB], {"job_id": "scim.none"}, None),
        ([JOB, ALIAS], {"template_id": "scim"}, JOB),
        ([JOB, ALIAS], {"template_id": "AD2AADProvisioning"}, ALIAS),
        ([JOB, ALIAS], {"template_id": "ADDCInPassthrough"}, ALIAS),
        ([JOB, OTHER], {"job_id": OTHER["id"]}, OTHER),
    ],
)
def test_the_job_that_is_meant(found: t.Any, params: dict[str, str], expected: t.Any) -> None:
    assert _find(*found, **params) == expected


@pytest.mark.parametrize("params", [{}, {"template_id": "scim"}])
def test_several_are_listed(params: dict[str, str]) -> None:
    with pytest.raises(ProvisioningError) as caught:
        _find(JOB, OTHER, **params)
    assert caught.value.facts["jobs"] == [JOB["id"], OTHER["id"]]
    assert "Contoso SCIM has 2 synchronization jobs" in caught.value.message


def test_a_template_is_no_prefix_of_another() -> None:
    assert _find({"id": "scimV2.1.2", "templateId": "scimV2"}, template_id="scim") is None


def test_one_read_is_enough() -> None:
    for params in ({}, {"template_id": "scim"}, {"job_id": JOB["id"]}):
        http = _http(JOB)
        jobs.find(graph(http), SP, params)
        assert len(http.sent) == 1


def test_a_planned_application_has_no_job() -> None:
    http = _http()
    assert jobs.find(graph(http), Principal(PLANNED), {"job_id": "x"}) is None
    assert http.sent == []


STATES = {
    # running, quarantined, has run
    "created": (False, False, False),
    "started_not_run_yet": (True, False, False),
    "active_steady": (True, False, True),
    "active_with_entry_errors": (True, False, True),
    "paused_by_admin": (False, False, True),
    "quarantine_bad_credentials": (True, True, None),
    "quarantine_too_many_deletes": (True, True, None),
    "cloud_sync_active": (True, False, True),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_states(name: str) -> None:
    running, quarantined, run = STATES[name]
    job = EXAMPLES[name]
    assert (jobs.is_running(job), jobs.is_quarantined(job)) == (running, quarantined)
    assert run in (None, jobs.has_run(job))


@pytest.mark.parametrize("job", [{}, {"schedule": None, "status": None}, {"status": {"lastExecution": None}}])
def test_a_job_that_says_nothing_rests(job: dict[str, t.Any]) -> None:
    assert (jobs.is_running(job), jobs.is_quarantined(job), jobs.has_run(job)) == (False, False, False)


def test_required_names_what_is_missing() -> None:
    made = task(sync_job.ARGUMENTS, _http(), service_principal_id=SP.id, template_id="scim")
    with pytest.raises(ProvisioningError, match="has no synchronization job scim"):
        jobs.required(made, SP)
    planned = task(sync_job.ARGUMENTS, _http(), check_mode=True, service_principal_id=SP.id)
    assert jobs.required(planned, SP) is None


def test_check_mode_plans_for_no_job_that_is_named_by_its_id() -> None:
    http = ScriptedHttp(
        [], routes={("GET", f"{SYNC}/jobs/typo"): answer(404, {"error": {"code": "x", "message": "y"}})}
    )
    made = task(sync_job.ARGUMENTS, http, check_mode=True, service_principal_id=SP.id, job_id="typo")
    with pytest.raises(ProvisioningError, match="has no synchronization job typo"):
        jobs.required(made, SP)
