# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble of the sign-in service that passes is waited out, and other trouble is told."""

from __future__ import annotations

import typing as t

import pytest
import requests
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.patient_http import (
    MOST_TRIES,
    PatientHttp,
)
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import (
    OutOfTime,
    SignInFailed,
    Unreachable,
)
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock, ScriptedHttp, Step, answer

URL = "https://login.test/contoso/token"


class SignIn:
    """A sign-in service where one thing happens after the other."""

    def __init__(self, *steps: Step, seconds: float = 300.0) -> None:
        self.clock = Clock()
        self.http = ScriptedHttp(*steps)
        deadline = Deadline(seconds, self.clock, self.clock.sleep)
        connection = Connection("https://graph.test", "https://login.test", "v1.0", self.http, deadline, {})
        self.patient = PatientHttp(connection, "sign in as c")

    def refusal(self, kind: type[Exception]) -> t.Any:
        """The exception that a request ends with."""
        with pytest.raises(kind) as caught:
            self.patient.post(URL)
        return caught.value


def test_an_answer_is_given_at_once() -> None:
    service = SignIn(answer(200, {"a": 1}))
    assert service.patient.get(URL).json() == {"a": 1}
    assert service.patient.post(URL, data={"grant_type": "x"}).json() == {"a": 1}
    assert service.http.verbs() == ["GET", "POST"]
    assert service.clock.pauses == []
    service.patient.close()
    assert service.patient.get(URL).status_code == 200


def test_a_refusal_is_for_msal_to_read() -> None:
    service = SignIn(answer(401, {"error": "invalid_client"}))
    assert service.patient.post(URL).json() == {"error": "invalid_client"}
    assert len(service.http.sent) == 1


@pytest.mark.parametrize(
    "trouble",
    [answer(429), answer(503), answer(500), answer(200, "<html>"), requests.ConnectionError("reset")],
)
def test_trouble_that_passes_is_waited_out(trouble: Step) -> None:
    service = SignIn(trouble, trouble, answer(200, {"a": 1}))
    assert service.patient.post(URL).json() == {"a": 1}
    assert len(service.clock.pauses) == 2


def test_as_long_as_the_service_asks() -> None:
    service = SignIn(answer(429, headers={"Retry-After": "20"}), answer(200, {}))
    service.patient.post(URL)
    (pause,) = service.clock.pauses
    assert 20 <= pause <= 21


@pytest.mark.parametrize(
    ("trouble", "kind", "words", "status"),
    [
        (
            answer(503),
            SignInFailed,
            "https://login.test answered 503 each time. The service has trouble; run the task again later.",
            503,
        ),
        (
            answer(200, "<html>"),
            SignInFailed,
            "what https://login.test answered is not JSON. A proxy may be answering in its place.",
            200,
        ),
        (
            requests.ConnectionError("reset"),
            Unreachable,
            "https://login.test cannot be reached (reset). Check the options cloud, graph_endpoint and authority, the "
            "name resolution and the firewall of the machine that runs the task.",
            None,
        ),
    ],
)
def test_trouble_that_stays_is_told(trouble: Step, kind: type[Exception], words: str, status: int | None) -> None:
    service = SignIn(trouble)
    error = service.refusal(kind)
    assert error.message == f"Could not sign in as c: {words}"
    assert error.facts.get("status") == status
    assert len(service.http.sent) == MOST_TRIES == 4


@pytest.mark.parametrize(
    "final", [requests.exceptions.SSLError("certificate verify failed"), requests.ConnectTimeout("no answer")]
)
def test_what_does_not_pass_is_not_tried_again(final: Exception) -> None:
    service = SignIn(final)
    service.refusal(Unreachable)
    assert len(service.http.sent) == 1


def test_the_last_trouble_is_told_where_time_runs_out() -> None:
    service = SignIn(answer(503, headers={"Retry-After": "100"}), seconds=30.0)
    error = service.refusal(OutOfTime)
    assert "retrying to sign in as c" in error.message
    assert "The last try: Could not sign in as c: https://login.test answered 503 each time." in error.message
    assert error.facts["status"] == 503
