# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Provisioning any number of people on demand."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
JOB: dict[str, t.Any] = example("job_examples")["active_steady"]
PATH = f"/servicePrincipals/{SP}/synchronization/jobs/{JOB['id']}"
CREATED = {"action": "Create", "statusInfo": {"status": "Success"}}
NOT_YET = {"action": "Other", "statusInfo": {"status": "Skipped", "errorCode": "NotEffectivelyEntitled"}}


def _answered(detail: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"key": "StatusInfo", "value": json.dumps([detail])}


class Service:
    """A job whose answer to a subject is the next one of its ``answers``, the last one again and again."""

    def __init__(self, schema: str = "customappsso_default", **answers: list[t.Any]) -> None:
        self.answers = answers
        self.http = ScriptedHttp(
            routes={
                ("GET", PATH): JOB,
                ("GET", f"{PATH}/schema"): example(schema),
                ("POST", f"{PATH}/provisionOnDemand"): self._provision,
                ("POST", "/$batch"): self._batch,
                ("GET", "/groups/g/members"): {"value": [{"id": f"m{n}", "displayName": f"m{n}"} for n in range(23)]},
            }
            | {("GET", f"/users/{one}"): self._user(one) for one in answers}
            | {("GET", "/groups"): {"value": [{"id": "g", "displayName": "Large"}]}}
        )

    @staticmethod
    def _user(name: str) -> dict[str, t.Any]:
        return {"id": name, "userPrincipalName": f"{name}@contoso.example"}

    def _batch(self, request: Request) -> t.Any:
        asked = [(one["id"], one["url"].split("?")[0].rsplit("/", 1)[1]) for one in request.body["requests"]]
        replies = [{"id": number, "status": 200, "body": self._user(name)} for number, name in asked]
        return {"responses": replies}

    def _provision(self, request: Request) -> t.Any:
        answers = self.answers.get(request.body["parameters"][0]["subjects"][0]["objectId"], [CREATED])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return found if not isinstance(found, dict) else answer(200, _answered(found))

    def run(self, *, check_mode: bool = False, **params: t.Any) -> tuple[dict[str, t.Any], t.Any]:
        """Run the action, and return its result and its task."""
        options = {"service_principal_id": SP, "job_id": JOB["id"], "action": "provision_on_demand", **params}
        made = task(sync_job_action.ARGUMENTS, self.http, check_mode=check_mode, **options)
        return made.perform(sync_job_action.run), made

    def subjects(self) -> list[dict[str, t.Any]]:
        """What was sent, one by one."""
        sent = [one.body for one in self.http.sent if one.path.endswith("provisionOnDemand")]
        return [{"rule": one["parameters"][0]["ruleId"], **one["parameters"][0]["subjects"][0]} for one in sent]


def test_any_number_of_people_at_the_pace_of_the_service() -> None:
    people = {f"u{number}": [CREATED] for number in range(12)}
    service = Service(**people)
    result, made = service.run(users=list(people))
    assert [one["id"] for one in result["results"]] == list(people)
    assert len(result["changes"]) == 12
    assert made.deadline.now == 1020.0


def test_a_group_of_23_needs_five_calls() -> None:
    service = Service()
    result, _made = service.run(groups=["Large"])
    assert [len(one["links"]["members"]) for one in service.subjects()] == [5, 5, 5, 5, 3]
    assert {one["rule"] for one in service.subjects()} == {"03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8#V2"}
    assert result["changes"] == ["provision the group Large on demand"]
    without = Service()
    without.run(groups=["Large"], with_members=False)
    assert ["links" in one for one in without.subjects()] == [False]


def test_an_assignment_that_is_not_known_yet_is_tried_again() -> None:
    service = Service(u1=[NOT_YET, NOT_YET, CREATED], u2=[CREATED])
    result, made = service.run(users=["u1", "u2"], assignment_wait=60)
    assert "failed" not in result
    assert [one["objectId"] for one in service.subjects()] == ["u1", "u2", "u1", "u1"]
    assert made.deadline.now == 1006.0


def test_patience_ends() -> None:
    service = Service(u1=[NOT_YET])
    result, made = service.run(users=["u1"], assignment_wait=60)
    assert result["failed"] is True
    assert "NotEffectivelyEntitled" in result["msg"]
    assert made.deadline.now <= 1060.0
    impatient = Service(u1=[NOT_YET])
    impatient.run(users=["u1"])
    assert len(impatient.subjects()) == 1


def test_one_that_is_refused_does_not_stop_the_others() -> None:
    refusal = answer(400, {"error": {"code": "RequestParameterInvalid", "message": "nested"}}, {"request-id": "r-1"})
    service = Service(u1=[refusal], u2=[CREATED])
    result, _made = service.run(users=["u1", "u2"])
    assert [one["status"] for one in result["results"]] == ["refused", "success"]
    assert (result["failed"], result["changed"]) == (True, True)
    assert "refused (RequestParameterInvalid): nested (request id r-1)" in result["msg"]


def test_what_was_done_before_a_failure_is_told() -> None:
    service = Service(u1=[CREATED], u2=[answer(403, {"error": {"code": "Forbidden", "message": "no"}})])
    result, _made = service.run(users=["u1", "u2"])
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["error"]["changes_made"] == ["provision the user u1@contoso.example on demand"]
    assert result["msg"].startswith("Done before the failure: provision the user u1@contoso.example on demand. Could")


def test_a_source_of_its_own_has_its_own_ids() -> None:
    service = Service("ad2aad_cloud_sync_excerpt")
    dn = "CN=Ada,OU=People,DC=contoso,DC=example"
    result, _made = service.run(subjects=[{"id": dn, "type": "USER"}])
    assert service.subjects() == [
        {"rule": "6c409270-f78a-4bc6-af23-7cf3ab6482fe", "objectId": dn, "objectTypeName": "user"}
    ]
    assert result["results"][0]["name"] == dn
    refused = Service("ad2aad_cloud_sync_excerpt", u1=[CREATED])
    result, _made = refused.run(users=["u1"])
    assert "Name people there by their distinguished name, with the option subjects" in result["msg"]
    assert refused.subjects() == []


@pytest.mark.parametrize(("users", "fails"), [(["u1"], False), (["nobody"], True)])
def test_check_mode_looks_for_everybody_and_their_rule(users: list[str], fails: bool) -> None:
    service = Service(u1=[CREATED])
    result, _made = service.run(users=users, check_mode=True)
    assert bool(result.get("failed")) is fails
    assert service.subjects() == []
    if not fails:
        assert result["changes"] == ["provision the user u1@contoso.example on demand"]
    unknown, _made = service.run(subjects=[{"id": "1", "type": "Worker"}], check_mode=True)
    assert "does not provision objects of the type Worker" in unknown["msg"]


def test_whoever_watches_reads_how_far_it_is() -> None:
    people = {f"u{number}": [CREATED] for number in range(12)}
    service = Service(**people)
    options = {"service_principal_id": SP, "job_id": JOB["id"], "action": "provision_on_demand", "users": list(people)}
    made = task(sync_job_action.ARGUMENTS, service.http, **options)
    lines: list[str] = []
    made.deadline.progress = lines.append
    made.perform(sync_job_action.run)
    assert lines == [f"{SP}: 6 of 12 calls made, 10 s", f"{SP}: 11 of 12 calls made, 20 s"]


def test_whoever_is_named_twice_is_provisioned_once() -> None:
    service = Service(u1=[CREATED])
    service.run(users=["u1", "u1"], subjects=[{"id": "7", "type": "User"}, {"id": "7", "type": "user"}])
    assert [one["objectId"] for one in service.subjects()] == ["u1", "7"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_members_that_are_no_users_are_told_of(check_mode: bool) -> None:
    service = Service()
    nested = {"@odata.type": "#microsoft.graph.group", "id": "inner", "displayName": "Inner"}
    assert service.http.routes is not None
    service.http.routes = {**service.http.routes, ("GET", "/groups/g/members"): {"value": [{"id": "m1"}, nested]}}
    _result, made = service.run(groups=["Large"], check_mode=check_mode)
    assert len(service.subjects()) == int(not check_mode)
    assert ["group Large has 1 direct members that are no users" in one for one in made.warnings] == [True]


def test_many_that_fail_are_counted_and_advice_is_given_once() -> None:
    people = {f"u{number}": [NOT_YET] for number in range(25)}
    result, _made = Service(**people).run(users=list(people))
    assert result["msg"].startswith("25 of 25 on-demand calls did not provision: user u0@contoso.example: skipped")
    assert "; and 15 more. A new assignment is known" in result["msg"]
    assert result["msg"].count("assign it") == 1
    assert "The steps of each" not in result["msg"]


def test_a_short_patience_is_patience() -> None:
    service = Service(u1=[NOT_YET, CREATED])
    result, made = service.run(users=["u1"], assignment_wait=1)
    assert "failed" not in result
    assert made.deadline.now == 1001.0


def test_what_is_told_word_for_word() -> None:
    refused = Service("ad2aad_cloud_sync_excerpt", u1=[CREATED])
    result, _made = refused.run(users=["u1"])
    assert result["msg"] == (
        "The job reads from Active Directory, where user u1@contoso.example has another id. Name people there by their "
        "distinguished name, with the option subjects."
    )
    service = Service()
    groups = [{"@odata.type": "#microsoft.graph.group", "id": one} for one in "ab"]
    service.http.routes = {**(service.http.routes or {}), ("GET", "/groups/g/members"): {"value": groups}}
    result, made = service.run(groups=["Large"])
    assert made.warnings == [
        "The group Large has 2 direct members that are no users, such as nested groups. They are left out, since "
        "provisioning does not look into them: name the groups inside in the option groups, and assign them."
    ]
    assert [one.path for one in service.http.sent if "members" in one.path] == [
        "/groups/g/members?$select=id,displayName,userPrincipalName"
    ]
    assert result["job"] == JOB


def test_the_steps_are_pointed_at_where_there_are_some() -> None:
    step = {"type": "Import", "status": "Failure"}
    odd = {"action": "Other", "statusInfo": {"status": "Failure", "reason": "It is odd. "}, "provisioningSteps": [step]}
    result, _made = Service(u1=[odd]).run(users=["u1"])
    assert result["msg"] == (
        "1 of 1 on-demand calls did not provision: user u1@contoso.example: failure (no code): It is odd. The steps of "
        "each are in results: the first one that did not succeed names the reason."
    )
    assert (result["changed"], result["changes"], result["job"]) == (False, [], JOB)


def test_check_mode_of_a_job_that_is_to_come() -> None:
    service = Service(u1=[CREATED])
    routes = {**(service.http.routes or {}), ("GET", f"/servicePrincipals/{SP}/synchronization/jobs"): {"value": []}}
    service.http.routes = routes
    result, _made = service.run(check_mode=True, job_id=None, users=["u1"])
    assert result["changes"] == ["provision the user u1@contoso.example on demand"]
    assert (result["changed"], result["job"], result["results"]) == (True, None, [])


def test_time_that_runs_out_between_calls_says_why_it_waited() -> None:
    people = {f"u{number}": [CREATED] for number in range(160)}
    result, made = Service(**people).run(users=list(people))
    assert "while keeping to five on-demand calls in ten seconds. " in result["msg"]
    assert len(result["error"]["changes_made"]) == 150
