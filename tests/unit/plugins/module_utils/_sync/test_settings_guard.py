# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard of the settings: what may hit more people needs consent, on a job that has run."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bag
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED
from ansible_collections.entra.provisioning.plugins.modules import sync_secrets
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.secret_service import SP, Service

COUNTS = [{"key": "User to urn:ietf:params:scim:schemas:core:2.0:User", "value": 7}]
RAN = {
    "id": "scim.1",
    "schedule": {"state": "Disabled"},
    "status": {
        "code": "Paused",
        "lastExecution": {"timeEnded": "2026-01-01T00:00:00Z"},
        "synchronizedEntryCountByType": COUNTS,
    },
}
RUNNING = {"id": "scim.1", "schedule": {"state": "Active"}, "status": {"code": "NotRun"}}
QUARANTINED = {"id": "scim.1", "schedule": {"state": "Disabled"}, "status": {"code": "Quarantine"}}
NEVER = {"id": "scim.1", "schedule": {"state": "Disabled"}, "status": {"code": "NotRun"}}
NARROWER = "scope: all users and groups → assigned users and groups only"


def _threshold(value: int | None, enabled: t.Any = True) -> dict[str, str]:
    return {bag.NOTIFICATION: json.dumps({"DeleteThresholdEnabled": enabled, "DeleteThresholdValue": value})}


RISKY: list[tuple[dict[str, str], dict[str, t.Any], str, str]] = [
    ({"SyncAll": "True"}, {"scope": "assigned"}, "scope", NARROWER),
    (_threshold(5), {"delete_threshold": 50}, "delete_threshold", "deletion threshold: 5 → 50"),
    (_threshold(5), {"delete_threshold": 6}, "delete_threshold", "deletion threshold: 5 → 6"),
    (_threshold(5, "True"), {"delete_threshold": 0}, "delete_threshold", "deletion threshold: 5 → off"),
    (
        {"SkipOutOfScopeDeletions": "true"},
        {"skip_out_of_scope_deletions": False},
        "skip_out_of_scope_deletions",
        "skip deletions of accounts out of scope: on → off",
    ),
    ({}, {"settings": {"HardDeletesEnabled": True}}, "hard_deletes", "HardDeletesEnabled: off → on"),
    (
        {"HardDeletesEnabled": "False"},
        {"settings": {"HardDeletesEnabled": "true"}},
        "hard_deletes",
        "HardDeletesEnabled: off → on",
    ),
]
SAFE: list[tuple[dict[str, str], dict[str, t.Any]]] = [
    ({"SyncAll": "false"}, {"scope": "all"}),
    ({}, {"scope": "assigned"}),
    (_threshold(5), {"delete_threshold": 4}),
    (_threshold(5, enabled=False), {"delete_threshold": 50}),
    ({}, {"delete_threshold": 0}),
    ({"SkipOutOfScopeDeletions": "False"}, {"skip_out_of_scope_deletions": True}),
    ({"HardDeletesEnabled": "True"}, {"settings": {"HardDeletesEnabled": False}}),
    ({"HardDeletesEnabled": "True"}, {"remove": ["HardDeletesEnabled"]}),
    (_threshold(5), {"notification": {"enabled": True}}),
]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("job", [RAN, RUNNING, QUARANTINED], ids=["ran", "running", "quarantined"])
@pytest.mark.parametrize(("stored", "params", "risk", "said"), RISKY)
def test_what_may_hit_people_is_refused(
    stored: dict[str, str], params: dict[str, t.Any], risk: str, said: str, job: dict[str, t.Any], check_mode: bool
) -> None:
    service = Service(stored, jobs=[job], assigned=["User", "Group", "ServicePrincipal"])
    result = service.run(check_mode=check_mode, **params)
    assert (result["failed"], service.puts(), service.bag) == (True, 0, stored)
    assert said in result["msg"]
    assert f"If this is meant, say so with allow: [{risk}]." in result["msg"]
    assert result["error"]["risks"] == [risk]
    assert result["error"]["people"] == (7 if job is RAN else 0)
    assert result["error"]["job"] == "scim.1"
    assert ("1 user and 1 group." in result["msg"]) is (risk == "scope")
    allowed = service.run(check_mode=check_mode, allow=[risk], **params)
    assert allowed["changed"] is True
    assert f"# {said} (" in allowed["diff"]["after"]


FORBIDDEN = answer(403, {"error": {"code": "Forbidden", "message": "No."}})
ENTRY = {"id": "1", "activityDateTime": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("log", "says"), [([ENTRY], "has entries of the application"), (FORBIDDEN, "ProvisioningLog.Read")]
)
@pytest.mark.parametrize("jobs", [[], [NEVER]])
def test_what_the_log_tells_or_hides_counts_too(jobs: list[dict[str, t.Any]], log: t.Any, says: str) -> None:
    service = Service({}, jobs=jobs, log=log)
    refused = service.run(settings={"HardDeletesEnabled": True})
    assert (refused["failed"], service.puts()) == (True, 0)
    assert says in refused["msg"]
    assert refused["error"].get("job") == ("scim.1" if jobs else None)
    assert service.run(settings={"HardDeletesEnabled": True}, allow=["hard_deletes"])["changed"] is True


@pytest.mark.parametrize(("stored", "params", "risk", "said"), RISKY)
def test_where_nothing_ever_ran_nobody_can_be_hit(
    stored: dict[str, str], params: dict[str, t.Any], risk: str, said: str
) -> None:
    for jobs in ([], [NEVER]):
        service = Service(stored, jobs=jobs)
        assert service.run(**params)["changed"] is True, (risk, said)


@pytest.mark.parametrize(("stored", "params"), SAFE)
def test_the_safe_way_needs_nothing(stored: dict[str, str], params: dict[str, t.Any]) -> None:
    service = Service(stored, jobs=[RAN])
    assert service.run(**params)["changed"] is True
    assert not any("/jobs" in request.path for request in service.http.sent)


def test_a_refusal_says_whom_it_can_hit() -> None:
    service = Service({"SyncAll": "true", **_threshold(5)}, jobs=[NEVER, RAN], assigned=["User"])
    message = service.run(scope="assigned", delete_threshold=50, allow=["hard_deletes"])["msg"]
    assert message == (
        f"The settings of {SP} were not changed, since this can hit people's accounts. {NARROWER} (whoever is not "
        "assigned to the application is disabled in the target); deletion threshold: 5 → 50 (a cycle may then disable "
        "or delete 49 accounts, and is held at 50 only). They are guarded because the job has run before. 7 User "
        "objects are provisioned, and can be hit. Assigned to the application: 1 user and 0 groups. If this is meant, "
        "say so with allow: "
        "[delete_threshold, hard_deletes, scope]."
    )


def test_an_application_that_is_to_come_has_nobody() -> None:
    options = {"service_principal_id": PLANNED, "settings": {"HardDeletesEnabled": True}}
    made = task(sync_secrets.ARGUMENTS, ScriptedHttp(routes={}), check_mode=True, **options)
    result = made.perform(sync_secrets.run)
    assert result["changes"] == ["HardDeletesEnabled: True (new)"]
    assert made.graph.connection.http.sent == []


def test_who_may_not_read_assignments_is_told_the_rest() -> None:
    message = Service({"SyncAll": "true"}, jobs=[RAN], assigned=None).run(scope="assigned")["msg"]
    assert "Who is assigned could not be read." in message
    assert "7 User objects" in message
