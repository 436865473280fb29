# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge of what is said: each thing that it must not let pass, and what it must."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.harness.judge import DESCRIPTION, judge

JOB = "/v1.0/servicePrincipals/1/synchronization/jobs/2"
BODY = {"id": "2", "templateId": "scim", "schedule": {"state": "Active"}, "status": {"code": "Active"}}
ERROR = {"error": {"code": "BadRequest", "message": "No.", "innerError": {}}}
OURS = {"user-agent": "ansible-entra.provisioning/1.0.0"}
MEDIA = {"content-type": "application/json"}


def exchange(method: str = "GET", address: str = JOB, body: Any = None, **more: Any) -> dict[str, Any]:
    """An exchange as the simulator keeps it."""
    answer = more.pop("answer", BODY)
    return {
        "method": method,
        "address": address,
        "headers": MEDIA if body is not None else {},
        "body": "" if body is None else json.dumps(body),
        "status": 200,
        "answer_type": "application/json;odata.metadata=minimal" if answer is not None else "",
        "answer": "" if answer is None else json.dumps(answer),
        "injected": [],
        **more,
    }


def refused(status: int = 400, **more: Any) -> dict[str, Any]:
    """What a refusal says."""
    inner = {"date": "2026-01-02T03:04:05", "request-id": "1", "client-request-id": "1"}
    return {"status": status, "answer": {"error": {"code": "Bad", "message": "", "innerError": inner}}, **more}


SECRETS = {"address": "/v1.0/servicePrincipals/1/synchronization/secrets", "method": "PUT"}
NO_KEY = {"value": [{"key": "NoSuchKey", "value": "x"}]}


@pytest.mark.parametrize(
    "said",
    [
        exchange(),
        exchange(address="/beta/servicePrincipals('1')/synchronization/jobs('2')"),
        exchange(address="/v1.0/servicePrincipals(appId='1')/synchronization/jobs/2/?$select=id"),
        exchange("POST", JOB + "/microsoft.graph.start", status=204, answer=None),
        exchange("DELETE", JOB, status=204, answer=None),
        # Others than the collection may ask for anything, if it is refused.
        exchange(address="/v1.0/nonsense", **refused()),
        exchange(body=NO_KEY, **SECRETS, **refused()),
        exchange(address=JOB + "/$count", **refused(404)),
        exchange("PUT", JOB + "/schema", {"version": 1}, **refused(headers={**MEDIA, **OURS})),
    ],
)
def test_allowed(said: dict[str, Any]) -> None:
    assert judge().violations([said]) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (exchange(answer={**BODY, "colour": "red"}), "does not match any of the regexes"),
        (exchange(answer={**BODY, "status": {"code": "Fine"}}), "'Fine' is not one of"),
        (exchange(status=206), "206"),
        (exchange(status=500), "500"),
        (exchange(answer_type="text/html"), "text/html"),
        (exchange(answer="{"), "is not of type 'object'"),
        (exchange(status=400), "'error' is a required property"),
        (exchange("POST"), "Operation post not found"),
        (exchange(address="/v1.0/nonsense"), "Path not found"),
        (exchange(address="/v2.0" + JOB[5:]), "not found"),
        (exchange(address="/v1.0/x" + JOB[5:]), "Server not found"),
        (exchange(body=NO_KEY, **SECRETS, status=204, answer=None), "'NoSuchKey' is not one of"),
        (exchange("PUT", JOB + "/schema", {"version": 1}, status=204, answer=None), "1 is not of type"),
        (exchange(**SECRETS, status=204, answer=None), "Missing required request body|Request body"),
        (exchange(address="/v1.0/nonsense", headers=OURS, **refused()), "Path not found"),
        (exchange(body=NO_KEY, **SECRETS, **refused(headers={**MEDIA, **OURS})), "'NoSuchKey' is not one of"),
        (exchange(address="/v1.0/organization/1", method="PATCH", body={}, status=204, answer=None), "not found"),
    ],
)
def test_not_allowed(said: dict[str, Any], why: str) -> None:
    found = judge().violations([said])
    assert found
    assert any(part in found[0] for part in why.split("|")), found


def batch(step: dict[str, Any], answer: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A batch of one."""
    request = {"requests": [{"id": "1", "method": "GET", "url": JOB.removeprefix("/v1.0"), **step}]}
    reply = {"responses": [{"id": "1", "status": 200, "headers": {"Content-Type": "application/json"}, **answer}]}
    return exchange("POST", "/v1.0/$batch", request, answer=reply, **more)


def test_what_travels_in_a_batch_is_judged() -> None:
    assert judge().violations([batch({}, {"body": BODY})]) == []
    (found,) = judge().violations([batch({}, {"body": {"colour": "red"}})])
    assert JOB in found
    assert judge().violations([batch({}, {"status": 503})]) != []
    assert judge().violations([batch({}, {"status": 503}, injected=["1"])]) == []
    count = {"headers": {"Content-Type": "text/plain"}, "body": "MQ=="}
    assert judge().violations([batch({"url": "/servicePrincipals/1/synchronization/jobs/$count"}, count)]) == []


def test_the_description_is_one_itself() -> None:
    validate(json.loads(DESCRIPTION.read_text("utf-8")))


def test_what_was_allowed_once_allows_nothing_else() -> None:
    """Exchanges that differ in ids and times only are judged once; a wrong one is told each time."""
    first, second = "b0000002-0000-4000-8000-000000000002", "b0000003-0000-4000-8000-000000000003"
    assert judge().violations([exchange(answer={**BODY, "id": first}), exchange(answer={**BODY, "id": second})]) == []
    wrong = [exchange(answer={**BODY, "id": one, "schedule": 7}) for one in (first, second, first)]
    assert len(judge().violations(wrong)) == len(wrong)
    assert judge().violations([exchange(answer={**BODY, "schedule": {"expiration": first, "state": "Active"}})]) != []
