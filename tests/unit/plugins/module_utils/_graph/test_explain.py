# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From answers to advice."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._graph.explain import HINTS, graph_error

CALL = Endpoint("read the job {job}", "GET", "/jobs/{job}", "Synchronization.Read.All", "Some Administrator").call(
    job="scim.1"
)


def _error(status: int, code: str = "", message: str = "", **more: t.Any) -> str:
    return graph_error(CALL, status, {"error": {"code": code, "message": message, **more}}, "", "mine").message


def test_a_missing_permission_is_named() -> None:
    text = _error(401, "UnknownError", "")
    assert "Could not read the job scim.1: the service answered 401 UnknownError without a message." in text
    assert "Synchronization.Read.All" in text
    assert "Some Administrator" in text
    assert "Synchronization.Read.All" in _error(403, "Authorization_RequestDenied", "Insufficient privileges")


def test_a_refused_token_is_no_missing_permission() -> None:
    text = _error(401, "InvalidAuthenticationToken", "Lifetime validation failed")
    assert HINTS["InvalidAuthenticationToken"] in text
    assert "admin consent" not in text


@pytest.mark.parametrize(
    ("status", "message", "words"),
    [
        (404, "No HTTP resource was found", "fault of the collection"),
        (404, "not there", "Check the id"),
        (409, "conflict", "run the task again"),
        (429, "slow down", "throttles"),
        (503, "down", "trouble"),
    ],
)
def test_every_kind_has_its_advice(status: int, message: str, words: str) -> None:
    assert words in _error(status, "", message)


def test_the_inner_code_decides() -> None:
    body = '{"error": {"code": "CredentialsMissing", "message": "none."}}'
    text = _error(400, "UnknownError", body)
    assert "400 CredentialsMissing: none. Write the credentials" in text


def test_the_text_is_one_paragraph_with_the_request_id() -> None:
    text = _error(400, "Bad", "first line\r\n  second.", innerError={"request-id": "r-1"})
    assert text == "Could not read the job scim.1: the service answered 400 Bad: first line second. (request id r-1)"


def test_the_header_wins_over_the_body() -> None:
    error = graph_error(CALL, 400, {"error": {"innerError": {"request-id": "body"}}}, "header", "mine")
    assert error.facts["request_id"] == "header"
    assert error.facts["client_request_id"] == "mine"
    assert (error.facts["method"], error.facts["path"], error.status) == ("GET", "/jobs/scim.1", 400)


def test_a_body_that_is_a_page_is_shown() -> None:
    assert "<h1>Blocked</h1>" in graph_error(CALL, 502, "<h1>Blocked</h1>", "", "").message


@pytest.mark.parametrize(
    ("path", "may_be"), [("/servicePrincipals/{sp}/appRoleAssignedTo", True), ("/policies", False)]
)
def test_a_wrong_id_is_suspected_only_where_there_is_one(path: str, may_be: bool) -> None:
    call = Endpoint("read", "GET", path, "Some.Read.All").call(sp="x")
    text = graph_error(call, 403, {"error": {"code": "Forbidden", "message": "no"}}, "", "mine").message
    assert ("object id of a service principal" in text) is may_be
    assert "usually means by this answer" in text
