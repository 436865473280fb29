# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bag of secrets."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph, inner


def _put(graph: Graph, application: Application, **pairs: Any) -> Any:
    body = {"value": [{"key": key, "value": value} for key, value in pairs.items()]}
    return graph.call("PUT", f"{application.sync}/secrets", body)


def test_sensitive_values_are_masked(graph: Graph, application: Application) -> None:
    """As "*"; settings are shown; both sides see the same bag."""
    masked = ["SecretToken", "Password", "ClientSecret", "AppKey", "ConnectionString", "Oauth2AccessToken"]
    clear = ["BaseAddress", "UserName", "SyncAll", "SkipOutOfScopeDeletions", "Domain"]
    assert _put(graph, application, **dict.fromkeys(masked + clear, "v")).status_code == 204
    expected = {**dict.fromkeys(masked, "*"), **dict.fromkeys(clear, "v")}
    assert graph.secrets(application) == expected
    other_side = graph.ok("GET", f"{application.app_sync}/secrets")["value"]
    assert {item["key"]: item["value"] for item in other_side} == expected


@pytest.mark.parametrize("mode", ["replace", "merge"])
def test_put_replaces_or_merges(graph: Graph, application: Application, mode: str) -> None:
    """Two documented readings; "" removes a key in both."""
    graph.simulator.quirks(secrets_put=mode)
    _put(graph, application, BaseAddress="a", SyncAll="false", SecretToken="t")
    _put(graph, application, SecretToken="u", SyncAll="")
    kept = {"BaseAddress": "a"} if mode == "merge" else {}
    assert graph.secrets(application) == {**kept, "SecretToken": "*"}
    digests = graph.simulator.state()["synchronization"][application.principal_id]["secrets"]
    assert digests["SecretToken"].startswith("sha256:")


@pytest.mark.parametrize(
    ("value", "status"), [("", 400), ("{", 400), ("[]", 400), ("{}", 204), ('{"Enabled":true}', 204)]
)
def test_notification_settings(graph: Graph, application: Application, value: str, status: int) -> None:
    """JSON, or 400 InvalidNotificationSettings (msgraph-metadata issue 347)."""
    reply = _put(graph, application, SyncNotificationSettings=value)
    assert reply.status_code == status
    if status == 400:
        expected: dict[str, Any] = {
            "code": "InvalidNotificationSettings",
            "message": None,
            "target": None,
            "details": [],
            "innerError": None,
        }
        assert inner(reply) == expected
        assert reply.json()["error"]["message"].startswith('{\r\n  "error":{\r\n    "code":')
    else:
        assert graph.secrets(application) == {"SyncNotificationSettings": value}


def test_unknown_keys_break_the_service(graph: Graph, application: Application) -> None:
    """A plain 500 (msgraph-beta-sdk-java issue 372)."""
    reply = _put(graph, application, baseAddress="x")
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (500, "InternalError")
    assert error["message"] == "Requested value 'baseAddress' was not found."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"credentials": []},
        {"value": {}},
        {"value": [{"value": "x"}]},
        {"value": [{"key": "SyncAll", "value": True}]},
    ],
)
def test_bad_bodies(graph: Graph, application: Application, body: Any) -> None:
    """400 and nothing stored."""
    assert graph.call("PUT", f"{application.sync}/secrets", body).status_code == 400
    assert graph.secrets(application) == {}


def test_lag(graph: Graph, application: Application) -> None:
    """The old list is shown until the time has passed."""
    _put(graph, application, BaseAddress="old")
    graph.simulator.quirks(secrets_lag=0.3)
    _put(graph, application, BaseAddress="new")
    assert graph.secrets(application) == {"BaseAddress": "old"}
    time.sleep(0.35)
    assert graph.secrets(application) == {"BaseAddress": "new"}


def test_no_secret_is_recorded(graph: Graph, application: Application) -> None:
    """Requests and state carry digests; equal secrets have equal digests."""
    secret = "very-secret-value"
    _put(graph, application, SecretToken=secret, BaseAddress="https://scim.example")
    body = {"credentials": [{"key": "SecretToken", "value": secret}]}
    graph.call("POST", f"{application.sync}/jobs/validateCredentials", body)
    batch = {
        "id": "1",
        "method": "PUT",
        "url": f"{application.sync}/secrets",
        "headers": {"Content-Type": "application/json"},
    }
    graph.ok("POST", "/$batch", {"requests": [{**batch, "body": {"value": [{"key": "Password", "value": secret}]}}]})
    recorded = json.dumps([graph.simulator.requests(), graph.simulator.state()])
    assert secret not in recorded
    assert graph.ready["clients"][0]["client_secret"] not in recorded
    puts = [entry for entry in graph.simulator.requests() if entry["method"] == "PUT"]
    digest = puts[0]["body"]["value"][0]["value"]
    assert digest.startswith("sha256:") and len(digest) == len("sha256:") + 16
    assert recorded.count(digest) >= 3
