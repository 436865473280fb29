# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uploading records, and what the log says became of them."""

from __future__ import annotations

import json
import typing as t
import urllib.parse

import pytest
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
JOB: dict[str, t.Any] = {**example("job_examples")["active_steady"], "id": "API2AAD.1", "templateId": "API2AAD"}
RESTING = {**example("job_examples")["paused_by_admin"], "id": "API2AAD.1", "templateId": "API2AAD"}
PATH = f"/servicePrincipals/{SP}/synchronization/jobs/API2AAD.1"
FILTER = urllib.parse.quote("jobid eq 'API2AAD.1'")
LOCATION = f"https://graph.microsoft.com/beta/auditLogs/provisioning/?$filter={FILTER}"


def _records(count: int) -> list[dict[str, t.Any]]:
    return [{"externalId": f"e{number}", "displayName": f"Person {number}", "active": True} for number in range(count)]


def _entry(who: str, status: str = "success", action: str = "create", **error: str) -> dict[str, t.Any]:
    return {
        "id": f"log of {who}",
        "activityDateTime": "2026-11-05T12:00:00Z",
        "provisioningAction": action,
        "sourceIdentity": {"id": who, "displayName": "Ada Lovelace"},
        "provisioningStatusInfo": {"status": status, "errorInformation": error or None},
        "modifiedProperties": [{"displayName": "mail", "newValue": "ada@contoso.example"}],
    }


class Service:
    """A job that takes uploads; each look at its log shows the next of ``looks``, the last one again and again."""

    def __init__(self, *looks: list[dict[str, t.Any]], job: dict[str, t.Any] = JOB, accepts: int = 1000) -> None:
        self.looks = list(looks) or [[]]
        self.accepts = accepts
        self.http = ScriptedHttp(
            routes={
                ("GET", PATH): job,
                ("GET", "/auditLogs/provisioning"): self._log,
                ("POST", f"{PATH}/bulkUpload"): self._take,
            }
        )

    def _log(self, _request: t.Any) -> dict[str, t.Any]:
        return {"value": self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]}

    def _take(self, _request: t.Any) -> t.Any:
        self.accepts -= 1
        if self.accepts < 0:
            return answer(403, {"error": {"code": "Forbidden", "message": "no"}})
        return answer(202, None, {"Location": LOCATION})

    def run(self, *, check_mode: bool = False, **params: t.Any) -> tuple[dict[str, t.Any], t.Any]:
        """Run the action, and return its result and its task."""
        options = {"service_principal_id": SP, "job_id": "API2AAD.1", "action": "bulk_upload", **params}
        made = task(sync_job_action.ARGUMENTS, self.http, check_mode=check_mode, **options)
        return made.perform(sync_job_action.run), made


def test_without_a_wait_it_is_submitted() -> None:
    service = Service()
    result, _made = service.run(records=_records(120))
    assert result["changes"] == ["upload 120 records in 3 requests"]
    assert result["changed"] is True
    sent = [one for one in service.http.sent if one.method == "POST"]
    assert [len(one.body["Operations"]) for one in sent] == [50, 50, 20]
    assert {one.headers["Content-Type"] for one in sent} == {"application/scim+json"}
    assert [one["status"] for one in result["results"]] == ["submitted"] * 120
    assert (result["results"][0]["external_id"], result["results"][119]["bulk_id"]) == ("e0", "operation-120")
    assert not [one for one in service.http.sent if "auditLogs" in one.path]


def test_forty_requests_in_five_seconds() -> None:
    service = Service()
    _result, made = service.run(records=_records(41 * 50))
    assert made.deadline.now == 1005.0


def test_the_log_is_followed_until_it_tells_of_everybody() -> None:
    old = _entry("e0")
    first = _entry("e1", "skipped", "other", errorCode="RedundantExport")
    second = {**_entry("e0"), "id": "another"}
    service = Service([old], [old], [first, old], [second, first, old])
    result, _made = service.run(records=_records(2), wait=True)
    assert (result["changed"], result["changes"]) == (True, ["upload 2 records in 1 request"])
    assert [(one["external_id"], one["status"], one["action"], one["log_id"]) for one in result["results"]] == [
        ("e0", "success", "create", "another"),
        ("e1", "skipped", "other", "log of e1"),
    ]
    asked = [one.path for one in service.http.sent if "auditLogs" in one.path]
    assert "$top=50" in asked[0]
    assert "(jobid eq 'API2AAD.1') and activityDateTime ge 2026-11-05T12:00:00Z" in asked[-1]
    assert asked[-1].startswith("/auditLogs/provisioning?")


def test_nothing_written_is_no_change() -> None:
    service = Service([], [_entry("e0", "skipped", "other", errorCode="RedundantExport")])
    result, _made = service.run(records=_records(1), wait=True)
    assert (result["changed"], result["changes"]) == (False, [])


def test_a_record_that_failed_fails_the_task() -> None:
    wrong = _entry("e1", "failure", "update", errorCode="InvalidUserPrincipalName", recommendedAction="repair it")
    service = Service([], [_entry("e0"), wrong])
    result, _made = service.run(records=_records(2), wait=True)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["msg"].startswith("1 of 2 records were not provisioned: e1: InvalidUserPrincipalName.")
    assert result["results"][1]["recommended_action"] == "repair it"


def test_personal_data_stays_out_of_the_result() -> None:
    service = Service([], [_entry("e0")])
    result, made = service.run(records=_records(1), wait=True)
    told = json.dumps([result, made.warnings])
    assert "Person 0" not in told
    assert "Ada" not in told
    assert "ada@contoso.example" not in told
    assert result["invocation"]["module_args"]["records"] == "(data of people, not repeated here)"
    assert result["invocation"]["module_args"]["operations"] == []


def test_a_record_that_the_log_cannot_be_asked_for_is_not_waited_for() -> None:
    service = Service([], [_entry("e0")])
    unknown = {"method": "DELETE", "path": "/Users/9"}
    operations = [unknown, {"method": "POST", "path": "/Users", "data": _records(1)[0]}]
    result, _made = service.run(operations=operations, wait=True)
    assert [one["status"] for one in result["results"]] == ["submitted", "success"]


def test_a_part_that_was_uploaded_is_told() -> None:
    service = Service(accepts=2)
    result, _made = service.run(records=_records(120))
    assert (result["failed"], result["changed"]) == (True, True)
    expected = ["The records 1 to 50 were uploaded", "The records 51 to 100 were uploaded"]
    assert result["error"]["changes_made"] == expected
    assert result["msg"].startswith("; ".join(expected) + ". Then it failed. Could not upload records")
    assert "SynchronizationData-User.Upload" in result["msg"]


def test_a_log_that_stays_silent_is_told() -> None:
    result, made = Service([]).run(records=_records(2), wait=True)
    assert result["failed"] is True
    assert "while waiting until the provisioning log tells of every record. " in result["msg"]
    assert "Seen last: 0 of 2 records in the provisioning log." in result["msg"]
    assert result["error"]["changes_made"] == ["The records 1 to 2 were uploaded"]


def test_a_job_that_rests_would_never_tell() -> None:
    service = Service(job=RESTING)
    result, _made = service.run(records=_records(1), wait=True)
    assert result["msg"] == (
        f"The synchronization job {RESTING['id']} rests, so it would not process what is uploaded, and the wait would "
        "not end. Nothing was uploaded. Start the job first, or upload without wait."
    )
    assert service.http.verbs() == ["GET"]
    result, _made = service.run(records=_records(1))
    assert result["changed"] is True


def test_check_mode_uploads_nothing() -> None:
    service = Service()
    result, _made = service.run(records=_records(60), wait=True, check_mode=True)
    assert (result["changed"], result["changes"]) == (True, ["upload 60 records in 2 requests"])
    assert service.http.verbs() == ["GET"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_what_cannot_be_meant_is_refused_before_the_first_request(check_mode: bool) -> None:
    service = Service()
    result, _made = service.run(records=[{"externalId": "e1"}], check_mode=check_mode)
    assert "do not say whether the person is active" in result["msg"]
    assert service.http.sent == []
