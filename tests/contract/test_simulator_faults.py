# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from tests.contract.graph_client import Application, Graph


def test_fault_status(graph: Graph) -> None:
    """With headers and body; skip and times are counted; the state is untouched."""
    rule = {
        "match": {"method": "GET", "path": r"/users\?\$top=1$"},
        "skip": 1,
        "times": 2,
        "fault": "status",
        "status": 503,
        "headers": {"Retry-After": "1"},
        "body": {"error": {"code": "ServiceUnavailable", "message": "later"}},
    }
    graph.simulator.faults([rule])
    statuses = [graph.call("GET", "/users?$top=1").status_code for _unused in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert graph.call("GET", "/users").status_code == 200
    graph.simulator.faults([{**rule, "skip": 0, "times": None}])
    reply = [graph.call("GET", "/users?$top=1") for _unused in range(5)][-1]
    assert (reply.status_code, reply.headers["Retry-After"], reply.json()["error"]["code"]) == (
        503,
        "1",
        "ServiceUnavailable",
    )
    graph.simulator.faults([])
    assert graph.call("GET", "/users?$top=1").status_code == 200


@pytest.mark.parametrize(("fault", "handled"), [("drop_before", False), ("drop_after", True), ("truncate", True)])
def test_faults_of_the_connection(graph: Graph, application: Application, fault: str, handled: bool) -> None:
    """The client sees a broken connection; the work is done, or not."""
    graph.simulator.faults([{"match": {"method": "POST", "path": "/jobs$"}, "fault": fault}])
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        graph.call("POST", f"{application.sync}/jobs", {"templateId": "scim"})
    assert len(graph.ok("GET", f"{application.sync}/jobs")["value"]) == (1 if handled else 0)
    (entry,) = [entry for entry in graph.simulator.requests() if entry["path"].endswith("/jobs") and entry["body"]]
    assert entry["status"] == (201 if fault == "truncate" else None)


def test_fault_garbage_and_delay(graph: Graph) -> None:
    """200 without JSON; a delay lets the call through, and other faults come after it."""
    graph.simulator.faults([{"match": {"path": "users"}, "fault": "garbage"}])
    reply = graph.call("GET", "/users")
    assert reply.status_code == 200
    with pytest.raises(ValueError):
        reply.json()
    graph.simulator.faults(
        [
            {"match": {"path": "users"}, "fault": "delay", "seconds": 0.2, "times": 2},
            {"match": {"path": "users"}, "fault": "status", "status": 504},
        ]
    )
    began = time.monotonic()
    assert [graph.call("GET", "/users").status_code for _unused in range(2)] == [504, 200]
    assert time.monotonic() - began >= 0.4


def test_fault_stale(graph: Graph, application: Application) -> None:
    """A GET tells the state before the last write."""
    path = f"{application.sync}/secrets"
    graph.ok("GET", path)
    graph.ok("PUT", path, {"value": [{"key": "SyncAll", "value": "true"}]})
    graph.simulator.faults([{"match": {"method": "GET", "path": "/secrets$"}, "fault": "stale"}])
    assert graph.ok("GET", path)["value"] == []
    assert len(graph.ok("GET", path)["value"]) == 1


def test_nothing_stale_survives_a_reset(graph: Graph, application: Application) -> None:
    """The past of another tenant is not told."""
    path = f"{application.sync}/secrets"
    graph.ok("GET", path)
    graph.ok("PUT", path, {"value": [{"key": "SyncAll", "value": "true"}]})
    graph.simulator.reset()
    graph.simulator.faults([{"match": {"path": "/secrets$"}, "fault": "stale"}])
    assert graph.call("GET", path).status_code == 404


def test_faults_reach_the_token_endpoint(graph: Graph) -> None:
    """It is a path like others."""
    graph.simulator.faults([{"match": {"path": "/oauth2/v2.0/token$"}, "fault": "status", "status": 503}])
    assert graph.token(client_id="x", client_secret="y").status_code == 503


@pytest.mark.parametrize(
    "rules",
    [
        {},
        [{}],
        [{"fault": "explode"}],
        [{"fault": "status", "match": {"path": "("}}],
        [{"fault": "delay", "seconds": "x"}],
        [{"fault": "delay", "when": 1}],
        [{"fault": "delay", "match": {"url": "x"}}],
        ["x"],
    ],
)
def test_bad_faults(graph: Graph, rules: Any) -> None:
    """400, and the old ones stay."""
    assert graph.control("POST", "faults", rules).status_code == 400
