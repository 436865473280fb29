# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role recover against jobs that are in quarantine for each reason."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.faults import situations
from tests.faults.cases import NAME, application
from tests.faults.life import example, target
from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

ADELE, BEN, CARLA = (f"{name}@contoso.example" for name in ("adele.vance", "ben.okoro", "carla.diaz"))
THRESHOLD = json.dumps({"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 2})


def _secrets(simulator: Simulator, **more: str) -> dict[str, str]:
    scim = simulator.ready["scim"]
    return {"BaseAddress": scim["base_address"], "SecretToken": scim["token"], "SyncAll": "false", **more}


def _seed(simulator: Simulator, state: str = "started", **more: Any) -> None:
    mine: dict[str, Any] = {
        "jobs": [{"template_id": "scim", "state": state}],
        "secrets": _secrets(simulator),
        "assigned": [ADELE, BEN, CARLA],
        **more,
    }
    simulator.reset({"applications": [application(**mine)]})


def _recover(simulator: Simulator, *, check: bool = False, client: int = 0, **variables: Any) -> Result:
    given = variables if "recover_applications" in variables else {"recover_display_name": NAME, **variables}
    return run_playbook("entra.provisioning.recover", extra_vars=given, check=check, env=simulator.environment(client))


def _text(result: Result) -> str:
    found = [task for task in result.tasks if task.name.endswith("Summary")]
    assert len(found) == 1, result.output
    return "\n".join(found[0].result["msg"])


def _bodies(simulator: Simulator, mark: int = 0) -> list[Any]:
    return [one["body"] for one in simulator.writes(mark)]


def _job(simulator: Simulator) -> dict[str, Any]:
    found: dict[str, Any] = situations.job(simulator)["job"]
    return found


def _people(simulator: Simulator) -> dict[str, bool]:
    return {one["userName"]: one["active"] for one in target(simulator)["Users"]}


def _told_reason(simulator: Simulator, reason: str) -> None:
    """From now on the service says that the job is in quarantine for another reason, which nothing here can cause."""
    job = _job(simulator)
    job["status"]["quarantine"]["reason"] = reason
    answers = [(r"/jobs/[^/?]+(\?|$)", job), (r"/jobs(\?|$)", {"value": [job]})]
    simulator.faults(
        [
            {"match": {"method": "GET", "path": path}, "times": None, "fault": "status", "status": 200, "body": body}
            for path, body in answers
        ]
    )


def test_a_revoked_token_that_is_repaired(simulator: Simulator) -> None:
    _seed(simulator, secrets=_secrets(simulator, SecretToken="revoked"))
    simulator.clock("PT41M")
    assert _job(simulator)["status"]["quarantine"]["reason"] == "EncounteredQuarantineException"

    refused = _recover(simulator)
    assert refused.rc == 0, refused.output
    text = _text(refused)
    assert f"{NAME}: IN QUARANTINE" in text
    assert "The target does not accept the stored credentials" in text
    assert "ansible-playbook entra.provisioning.rotate_credentials -e " in text
    assert (refused.changed, _bodies(simulator)) == (0, [])
    assert "revoked" not in refused.output
    strict = _recover(simulator, recover_fail_in_quarantine=True)
    assert strict.rc == 2
    assert "entra.provisioning.rotate_credentials" in strict.last.result["msg"]

    token = {"SecretToken": simulator.ready["scim"]["token"]}
    repair = {"display_name": NAME, "secrets": token, "update_secrets": "always"}
    repaired = run_playbook([{"entra.provisioning.sync_secrets": repair}], defaults=simulator.options())
    assert repaired.rc == 0, repaired.output

    mark = simulator.mark()
    said = _recover(simulator, check=True)
    assert f"{NAME}: would be restarted" in _text(said)
    assert "? restart the synchronization job of the template scim, resetting QuarantineState" in _text(said)
    assert _bodies(simulator, mark) == []

    done = _recover(simulator, recover_wait=True)
    assert (done.rc, done.changed) == (0, 1), done.output
    assert f"{NAME}: recovered" in _text(done)
    assert _bodies(simulator, mark) == [{"criteria": {"resetScope": "QuarantineState"}}]
    assert _job(simulator)["status"]["code"] == "Active"
    assert _people(simulator) == {ADELE: True, BEN: True, CARLA: True}

    mark = simulator.mark()
    again = _recover(simulator)
    assert (again.rc, again.changed, _bodies(simulator, mark)) == (0, 0, [])
    assert f"{NAME}: not in quarantine" in _text(again)
    assert "next: Nothing to do." in _text(again)


def test_a_job_that_the_service_has_disabled(simulator: Simulator) -> None:
    _seed(simulator, secrets=_secrets(simulator, SecretToken="revoked"))
    simulator.clock("P30D")
    assert "disabled by the service" in _text(_recover(simulator))
    assert _job(simulator)["schedule"]["state"] == "Disabled"


def _broken_schema() -> dict[str, Any]:
    """A mapping that fails for every user."""
    schema = example("customappsso_default")
    mappings = [
        one
        for rule in schema["synchronizationRules"]
        for objects in rule["objectMappings"]
        if objects["sourceObjectName"] == "User"
        for one in objects["attributeMappings"]
        if one["targetAttributeName"] == "title"
    ]
    assert len(mappings) == 1
    source = {"expression": 'BitAnd([displayName], "1")', "type": "Function", "name": "BitAnd", "parameters": []}
    mappings[0]["source"] = source
    return schema


@pytest.mark.wider("The reason and the summary of the other quarantines, with as many failures as they come.")
def test_five_thousand_failures(simulator: Simulator) -> None:
    people = {"userPrincipalName": "p{n}@contoso.example", "displayName": "Private Person {n}", "count": 5000}
    jobs = [{"template_id": "scim", "state": "started", "schema": _broken_schema()}]
    secrets = _secrets(simulator, SyncAll="true")
    simulator.reset({"users": [people], "applications": [application(jobs=jobs, secrets=secrets)]})
    simulator.clock("PT41M")
    assert _job(simulator)["status"]["quarantine"]["reason"] == "EncounteredEscrowProportionThreshold"

    mark = simulator.mark()
    told = _recover(simulator)
    assert (told.rc, told.changed, _bodies(simulator, mark)) == (0, 0, [])
    text = _text(told)
    assert "objects failed in its last cycle" in text
    assert re.search(r"^  \d{3,4} failed in ", text, re.MULTILINE), text
    assert "set recover_confirm to true" in text
    assert "Private Person" not in told.output

    # Nothing is repaired, so the job is in quarantine again after it.
    failed = _recover(simulator, recover_confirm=True, recover_wait=True)
    assert failed.rc == 2
    assert _bodies(simulator, mark) == [{"criteria": {}}]
    assert "more than 40 % of the objects failed" in failed.last.result["msg"]
    text = _text(failed)
    assert f"{NAME}: FAILED" in text
    assert re.search(r"^  \d{3,4} failed in ", text, re.MULTILINE), text
    assert (
        "+ restart the synchronization job of the template scim, resetting Watermark, Escrows, QuarantineState" in text
    )
    assert _people(simulator) == {}

    # The mapping is repaired, which lifts the quarantine; of those with a department, one is not enabled.
    repair = {
        "display_name": NAME,
        "object_mappings": [
            {
                "source": "User",
                "attributes": [{"target": "title", "attribute": "jobTitle"}],
                "scope": [{"name": "Staff", "clauses": [{"attribute": "department", "operator": "IS NOT NULL"}]}],
            }
        ],
        "allow": ["scope"],
    }
    repaired = run_playbook([{"entra.provisioning.sync_schema": repair}], defaults=simulator.options())
    assert repaired.rc == 0, repaired.output
    simulator.clock("PT41M")
    assert _job(simulator)["status"]["code"] == "Active"
    assert len(_people(simulator)) == 7
    mark = simulator.mark()
    over = _recover(simulator)
    assert (over.rc, over.changed, _bodies(simulator, mark)) == (0, 0, [])
    assert f"{NAME}: not in quarantine" in _text(over)


def test_deletions_are_counted_and_let_through_by_their_number(simulator: Simulator) -> None:
    _seed(simulator, secrets=_secrets(simulator, SyncNotificationSettings=THRESHOLD))
    simulator.clock("PT41M")
    gone = {"display_name": NAME, "users": [ADELE, BEN], "state": "absent"}
    unassigned = run_playbook([{"entra.provisioning.app_role_assignment": gone}], defaults=simulator.options())
    assert unassigned.rc == 0, unassigned.output
    simulator.clock("PT41M")
    assert _job(simulator)["status"]["quarantine"]["reason"] == "TooManyDeletes"

    mark = simulator.mark()
    # Neither consent for other reasons lets them through.
    told = _recover(simulator, recover_confirm=True, recover_on_demand_consent=True)
    assert (told.rc, told.changed) == (0, 0), told.output
    assert "deletions: 2 held back." in _text(told)
    assert "set recover_allow_deletes_count to 2." in _text(told)
    wrong = _recover(simulator, recover_allow_deletes_count=3)
    assert wrong.rc == 2
    assert "holds back 2 deletions, not 3" in wrong.last.result["msg"]
    said = _recover(simulator, check=True, recover_allow_deletes_count=2)
    assert "? let 2 deletions through, by a restart with ForceDeletes" in _text(said)
    assert _bodies(simulator, mark) == []
    assert set(_people(simulator).values()) == {True}

    done = _recover(simulator, recover_allow_deletes_count=2, recover_wait=True)
    assert (done.rc, done.changed) == (0, 1), done.output
    assert f"{NAME}: recovered" in _text(done)
    assert _bodies(simulator, mark) == [{"criteria": {"resetScope": "ForceDeletes"}}]
    assert _people(simulator) == {ADELE: False, BEN: False, CARLA: True}
    again = _recover(simulator, recover_allow_deletes_count=2)
    assert (again.rc, again.changed) == (0, 0), again.output


# Why the service paused a job, the consent of the role that it needs, others that do not help, the restart, and advice.
CONSENTS: list[tuple[str, str, dict[str, Any], dict[str, str], str]] = [
    (
        "QuarantinedOnDemand",
        "recover_on_demand_consent",
        {"recover_confirm": True, "recover_allow_deletes_count": 5},
        {"resetScope": "QuarantineState"},
        "Open a support case",
    ),
    (
        "EncounteredBaseEscrowThreshold",
        "recover_confirm",
        {"recover_on_demand_consent": True, "recover_allow_deletes_count": 5},
        {},
        "Repair the mappings or the data",
    ),
    (
        "EncounteredTotalEscrowThreshold",
        "recover_confirm",
        {"recover_on_demand_consent": True},
        {},
        "Repair the mappings or the data",
    ),
    ("IngestionInterrupted", "recover_confirm", {"recover_on_demand_consent": True}, {}, "look at the source"),
    ("Unknown", "recover_confirm", {"recover_on_demand_consent": True}, {}, "look at the source"),
    ("SomethingNew", "recover_confirm", {"recover_on_demand_consent": True}, {}, "look at the source"),
]


@pytest.mark.parametrize(
    ("reason", "consent", "others", "criteria", "advice"),
    mostly(CONSENTS, CONSENTS[:1], "The same consent for another reason."),
)
def test_what_needs_consent(
    simulator: Simulator, reason: str, consent: str, others: dict[str, Any], criteria: dict[str, str], advice: str
) -> None:
    _seed(simulator, "quarantine")
    _told_reason(simulator, reason)
    told = _recover(simulator, **others)
    assert (told.rc, told.changed, _bodies(simulator)) == (0, 0, []), told.output
    assert f"reason: {reason}" in _text(told)
    assert advice in _text(told)
    assert "validateCredentials" not in json.dumps([one["path"] for one in simulator.requests()])
    done = _recover(simulator, **{consent: True})
    # The quarantine that is told here never ends, so the restart is made once more and then no success.
    assert done.rc == 2, done.output
    assert "is in the same quarantine as before" in _text(done)
    assert _bodies(simulator) == [{"criteria": criteria}] * 2


def test_the_quarantined_ones_of_a_list(simulator: Simulator) -> None:
    good, job = _secrets(simulator), {"template_id": "scim"}
    simulator.reset(
        {
            "applications": [
                application("Bad", jobs=[{**job, "state": "quarantine"}], secrets={**good, "SecretToken": "revoked"}),
                application("Good", jobs=[{**job, "state": "quarantine"}], secrets=good),
                application("Deletes", jobs=[{**job, "state": "too_many_deletes"}], secrets=good),
                application("Healthy", jobs=[{**job, "state": "active"}], secrets=good),
                application("Rests", jobs=[{**job, "state": "paused"}], secrets=good),
                application("Without a job"),
            ]
        }
    )
    names = ["Bad", "Good", "Deletes", "Healthy", "Rests", "Without a job", "Nowhere"]
    result = _recover(simulator, recover_applications=[{"display_name": name} for name in names])
    assert result.rc == 2
    assert "It has no such synchronization job" in result.last.result["msg"]
    assert "There is no application named 'Nowhere'" in result.last.result["msg"]
    lines = [line for line in _text(result).splitlines() if not line.startswith(" ")]
    assert lines == [
        "Bad: IN QUARANTINE",
        "Good: restarted",
        "Deletes: IN QUARANTINE",
        "Healthy: not in quarantine",
        "Rests: not in quarantine",
        "Without a job: FAILED",
        "Nowhere: FAILED",
    ]
    assert "the provisioning log does not tell of any yet" in _text(result)
    assert _bodies(simulator) == [{"criteria": {"resetScope": "QuarantineState"}}]


def test_whoever_may_only_read_is_told_what_is_missing(simulator: Simulator) -> None:
    _seed(simulator, "quarantine")
    result = _recover(simulator, client=1)
    assert result.rc == 2
    assert "Synchronization.ReadWrite.All" in result.last.result["msg"]
    assert "ProvisioningLog.Read.All" in _text(result)
    assert _bodies(simulator) == []


@pytest.mark.parametrize(
    "variables", [{"recover_display_name": ""}, {"recover_applications": [{"display_name": "One"}, {"confirm": True}]}]
)
def test_an_application_without_a_name_is_refused(simulator: Simulator, variables: dict[str, Any]) -> None:
    mark = simulator.mark()
    result = _recover(simulator, **variables)
    assert result.rc == 2
    assert "An application has no name." in result.last.result["msg"]
    assert simulator.requests(mark) == []
