# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what a job does."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import cycles
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = Principal("11111111-1111-1111-1111-111111111111")
EXAMPLES: dict[str, dict[str, t.Any]] = example("job_examples")
STEADY = EXAMPLES["active_steady"]


def _task(*seen: dict[str, t.Any]) -> tuple[t.Any, ScriptedHttp]:
    http = ScriptedHttp(*(answer(200, one) for one in seen))
    return task(sync_job_action.ARGUMENTS, http, service_principal_id=SP.id, action="start"), http


def _later(job: dict[str, t.Any], ended: str) -> dict[str, t.Any]:
    later = copy.deepcopy(job)
    later["status"]["lastExecution"].update(timeEnded=ended, activityIdentifier=ended)
    return later


def test_the_end_of_the_cycle_before_is_not_the_end_of_this_one() -> None:
    new = _later(STEADY, "2026-11-05T22:30:00Z")
    made, http = _task(STEADY, STEADY, new)
    assert cycles.after_cycle(made, SP, "scim.1", STEADY) == new
    assert len(http.sent) == 3


def test_a_first_cycle_is_waited_for_through_the_placeholder() -> None:
    made, http = _task(EXAMPLES["created"], EXAMPLES["started_not_run_yet"], STEADY)
    assert cycles.after_cycle(made, SP, "scim.1", EXAMPLES["created"]) == STEADY
    assert len(http.sent) == 3


def test_a_quarantine_ends_the_wait_with_its_reason() -> None:
    made, _http = _task(STEADY, EXAMPLES["quarantine_bad_credentials"])
    with pytest.raises(ProvisioningError) as caught:
        cycles.after_cycle(made, SP, "scim.1", STEADY)
    assert "SystemForCrossDomainIdentityManagementInvalidCredentials" in caught.value.message
    assert caught.value.facts["quarantine_reason"] == "EncounteredQuarantineException"


def test_a_cycle_that_does_not_end_is_told() -> None:
    made, _http = _task(STEADY)
    with pytest.raises(OutOfTime, match="waiting until the cycle of the job scim.1 ends"):
        cycles.after_cycle(made, SP, "scim.1", STEADY)


@pytest.mark.parametrize("state", ["Paused", "Disabled"])
def test_both_names_of_rest_are_rest(state: str) -> None:
    resting = copy.deepcopy(EXAMPLES["paused_by_admin"])
    resting["schedule"]["state"] = state
    made, http = _task(STEADY, resting)
    assert cycles.after_pause(made, SP, "scim.1") == resting
    assert len(http.sent) == 2


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.startswith("quarantine")])
def test_other_jobs_are_not_refused(name: str) -> None:
    cycles.refuse_quarantine(EXAMPLES[name])
