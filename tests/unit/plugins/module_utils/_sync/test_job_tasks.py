# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tasks of sync_job: made, started, paused, deleted, and what is told of it."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_job
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

Record = dict[str, t.Any]

SP = Principal("11111111-1111-1111-1111-111111111111")
JOBS = f"/servicePrincipals/{SP.id}/synchronization/jobs"


def _job(number: int, state: str = "Disabled", code: str = "NotRun") -> Record:
    return {"id": f"scim.{number}", "templateId": "scim", "schedule": {"state": state}, "status": {"code": code}}


class Service:
    """An application with jobs; a deleted one is listed for ``lag`` more reads."""

    def __init__(self, *jobs: Record) -> None:
        self.jobs = {one["id"]: one for one in jobs}
        self.gone: list[Record] = []
        self.lag = 0
        routes: dict[tuple[str, str], t.Any] = {
            ("GET", JOBS): self.listed,
            ("POST", JOBS): self.made,
            ("GET", JOBS.replace("/jobs", "/templates")): {"value": [{"id": "scim", "default": True}, {"id": "other"}]},
        }
        for name in ("scim.1", "scim.2", "scim.9"):
            routes |= {
                ("GET", f"{JOBS}/{name}"): self.read,
                ("DELETE", f"{JOBS}/{name}"): self.deleted,
                ("POST", f"{JOBS}/{name}/start"): self.scheduled,
                ("POST", f"{JOBS}/{name}/pause"): self.scheduled,
            }
        self.http = ScriptedHttp(routes=routes)

    def listed(self, _request: Request) -> t.Any:
        """List the jobs."""
        self.lag -= bool(self.lag)
        return {"value": [*self.jobs.values(), *(self.gone if self.lag else ())]}

    def made(self, request: Request) -> t.Any:
        """Make a job."""
        self.jobs["scim.9"] = {**_job(9), "templateId": request.body["templateId"]}
        return answer(201, self.jobs["scim.9"])

    def read(self, request: Request) -> t.Any:
        """Read a job."""
        found = self.jobs.get(request.path.rsplit("/", 1)[1])
        return found or answer(404, {"error": {"code": "NotFound", "message": "No."}})

    def deleted(self, request: Request) -> t.Any:
        """Delete a job."""
        found = self.jobs.pop(request.path.rsplit("/", 1)[1], None)
        if not found:
            return answer(404, {"error": {"code": "NotFound", "message": "No."}})
        self.gone.append(found)
        return answer(204)

    def scheduled(self, request: Request) -> t.Any:
        """Start or pause a job."""
        *_above, name, action = request.path.split("/")
        self.jobs[name]["schedule"]["state"] = {"start": "Active", "pause": "Paused"}[action]
        return answer(204)

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Record:
        """Run the module sync_job; ``http.sent`` are its requests, ``warnings`` what it warned of."""
        self.http.sent.clear()
        made = task(sync_job.ARGUMENTS, self.http, check_mode=check_mode, service_principal_id=SP.id, **params)
        result = made.perform(sync_job.run)
        self.warnings = made.warnings
        return result

    def writes(self) -> list[str]:
        """The requests of the last run that change something."""
        return [f"{one.method} {one.path.removeprefix(JOBS)}".strip() for one in self.http.sent if one.method != "GET"]


def test_a_job_is_made_and_told() -> None:
    service = Service()
    result = service.run(template_id="scim")
    assert (result["changed"], result["changes"]) == (True, ["create a synchronization job from the template scim"])
    assert result["job"] == _job(9)
    assert result["diff"] == {
        "before_header": SP.id,
        "after_header": SP.id,
        "before": "",
        "after": "job of the template scim: present\n",
    }
    assert service.writes() == ["POST"]
    again = service.run(template_id="scim")
    assert (again["changed"], again["job"]) == (False, _job(9))


def test_a_new_job_that_is_started_is_told_as_it_is_then() -> None:
    service = Service()
    result = service.run(enabled=True)
    assert result["job"]["schedule"] == {"state": "Active"}
    assert service.writes() == ["POST", "POST /scim.9/start"]
    assert result["diff"]["after"] == "job of the template scim: present\nschedule: Active\n"


def test_a_job_is_started_and_paused() -> None:
    service = Service(_job(1))
    result = service.run(enabled=True)
    assert (result["changes"], result["job"]["schedule"]["state"]) == (
        ["start the synchronization job of the template scim"],
        "Active",
    )
    assert (result["diff"]["before"], result["diff"]["after"]) == ("schedule: Disabled\n", "schedule: Active\n")
    result = service.run(enabled=False)
    assert (result["changes"], result["job"]["schedule"]["state"]) == (
        ["pause the synchronization job of the template scim"],
        "Paused",
    )
    assert (result["diff"]["before"], result["diff"]["after"]) == ("schedule: Active\n", "schedule: Paused\n")
    assert service.writes() == ["POST /scim.1/pause"]


def test_a_start_whose_answer_got_lost_is_seen_in_the_schedule() -> None:
    service = Service(_job(1))
    arrived = service.http.routes or {}

    def lost(request: Request) -> t.Any:
        service.scheduled(request)
        return answer(504)

    arrived["POST", f"{JOBS}/scim.1/start"] = lost
    assert service.run(enabled=True)["job"]["schedule"]["state"] == "Active"
    assert service.writes() == ["POST /scim.1/start"]
    service.jobs["scim.1"]["schedule"]["state"] = "Disabled"
    arrived["POST", f"{JOBS}/scim.1/start"] = answer(504)
    assert service.run(enabled=True)["failed"]


def test_check_mode_makes_no_job() -> None:
    service = Service()
    result = service.run(check_mode=True, template_id="scim", enabled=True)
    assert result["changes"] == [
        "create a synchronization job from the template scim",
        "start the synchronization job of the template scim",
    ]
    assert result["job"] is None
    assert service.writes() == []


def test_quarantine_is_warned_of() -> None:
    service = Service(_job(1, "Active", "Quarantine"))
    assert service.run(enabled=True)["changed"] is False
    assert service.warnings == ["The synchronization job scim.1 is in quarantine; see its status.quarantine."]
    service = Service(_job(1, "Disabled", "Quarantine"))
    assert service.run(enabled=True)["msg"] == (
        "The synchronization job scim.1 is in quarantine and not running. Starting it would lift the quarantine "
        "without its cause being removed: find the reason in status.quarantine, remove it, and use "
        "entra.provisioning.sync_job_action with the action start or restart."
    )
    service = Service(_job(1, "Active", "Active"))
    service.run(enabled=True)
    assert service.warnings == []


def test_a_job_is_deleted_and_seen_to_be_gone() -> None:
    service = Service(_job(1), _job(2))
    service.lag = 4
    result = service.run(state="absent", job_id="scim.1")
    assert result["changes"] == ["delete the synchronization job scim.1; that changes no account in the target"]
    assert result["job"] is None
    assert result["diff"]["before"] == "job of the template scim: present\n"
    assert service.writes() == ["DELETE /scim.1"]
    assert service.lag == 0
    assert service.run(state="absent", job_id="scim.1")["changed"] is False


def test_a_deleted_job_that_stays_is_told() -> None:
    service = Service(_job(1))
    service.lag = 100_000
    result = service.run(state="absent")
    assert "the service accepts it, but 300 s later it cannot be seen." in result["msg"]
    # Sent once more, and then looked for until the end.
    assert service.writes() == ["DELETE /scim.1", "DELETE /scim.1"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (
            {"job_id": "scim.7"},
            f"The application {SP.id} has no synchronization job scim.7, and the id of a new one cannot be chosen. "
            "Name the template in the option template_id to make one.",
        ),
        (
            {},
            f"The application {SP.id} has 2 synchronization jobs: scim.1 (template scim); scim.2 (template scim). Say "
            "which one with the option template_id or job_id.",
        ),
        (
            {"template_id": "scim"},
            f"The application {SP.id} has 2 synchronization jobs of the template scim: scim.1 (template scim); scim.2 "
            "(template scim). Say which one with the option job_id.",
        ),
    ],
)
def test_what_is_not_clear(params: Record, words: str) -> None:
    service = Service(_job(1), _job(2))
    assert service.run(**params)["msg"] == words
    assert service.writes() == []


def test_a_task_that_may_wait_for_hours_does_not_wait_for_what_got_lost() -> None:
    service = Service(_job(1))
    service.lag = 100_000
    result = service.run(state="absent", timeout=7200)
    spent = re.search(r"accepts it, but (\d+) s later", result["msg"])
    assert spent and 300 <= int(spent.group(1)) <= 330, result["msg"]
