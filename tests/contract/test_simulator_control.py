# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface: the record, quirks, the clock, resets."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.contract.graph_client import Application, Graph


def test_the_record(graph: Graph) -> None:
    """Everything but the control interface, with numbers to go on from."""
    mark = graph.control("GET", "requests").json()["next"]
    graph.call("GET", "/users?$top=1", headers={"client-request-id": "abc"})
    graph.call("POST", "/directoryObjects/getByIds", {"ids": []})
    graph.token(client_id="nobody", client_secret="s")
    graph.control("GET", "state")
    answer = graph.control("GET", f"requests?since={mark}").json()
    first, second, third = answer["requests"]
    assert {name: first[name] for name in ("n", "method", "path", "query", "status", "client_request_id", "body")} == {
        "n": mark,
        "method": "GET",
        "path": "/v1.0/users",
        "query": "$top=1",
        "status": 200,
        "client_request_id": "abc",
        "body": None,
    }
    assert second["body"] == {"ids": []}
    assert (third["status"], third["body"]["grant_type"]) == (400, "client_credentials")
    assert third["body"]["client_secret"].startswith("sha256:")
    assert answer["next"] == mark + 3


def test_connections_are_told_apart(graph: Graph) -> None:
    """One number per TCP connection."""
    for _unused in range(2):
        graph.call("GET", "/groups")
    with requests.Session() as other:
        other.trust_env = False
        other.get(f"{graph.ready['graph_endpoint']}/v1.0/groups", verify=graph.ready["ca_path"])
    numbers = [entry["connection"] for entry in graph.simulator.requests() if entry["path"] == "/v1.0/groups"]
    assert numbers[0] == numbers[1] != numbers[2]
    assert all(isinstance(number, int) and number for number in numbers)


def test_ids_in_headers_and_errors(graph: Graph) -> None:
    """client-request-id comes back, request-id is the same in header and error."""
    reply = graph.call("GET", "/users/nobody", headers={"client-request-id": "mine"})
    inner = reply.json()["error"]["innerError"]
    assert reply.headers["client-request-id"] == inner["client-request-id"] == "mine"
    assert reply.headers["request-id"] == inner["request-id"]
    assert inner["date"]


@pytest.mark.parametrize(
    "values",
    [
        {"nothing": 1},
        {"secrets_put": "append"},
        {"page_size": 0},
        {"page_size": True},
        {"replication": -1},
        {"create_status": 204},
        {"template_alias": {"a": 1}},
        [],
    ],
)
def test_bad_quirks(graph: Graph, values: Any) -> None:
    """400, and nothing is set."""
    before = graph.control("GET", "quirks").json()
    assert graph.control("POST", "quirks", values).status_code == 400
    assert graph.control("GET", "quirks").json() == before


def test_quirks_are_reset(graph: Graph) -> None:
    """To what the simulator was started with."""
    before = graph.control("GET", "quirks").json()
    assert graph.control("POST", "quirks", {"page_size": 2}).json()["page_size"] == 2
    graph.simulator.reset()
    assert graph.control("GET", "quirks").json() == before


def test_the_clock_runs_cycles(graph: Graph, application: Application, job: str) -> None:
    """Each that falls due on the way, in order, before the answer."""
    settings = [*graph.credentials(), {"key": "SyncAll", "value": "true"}]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": settings})
    graph.ok("POST", f"{job}/start")
    before = graph.control("GET", "clock").json()["now"]
    after = graph.simulator.clock("P1DT1H")["now"]
    assert before[:10] < after[:10]
    status = graph.ok("GET", job)["status"]
    assert status["code"] == "Active"
    assert status["lastExecution"]["timeEnded"] <= after
    assert status["lastExecution"]["countExported"] == 0
    assert status["lastSuccessfulExecutionWithExports"]["countExported"] > 0
    users = {entry["sourceIdentity"]["id"] for entry in graph.ok("GET", "/auditLogs/provisioning")["value"]}
    assert len(users) >= 8


@pytest.mark.parametrize("advance", ["40 minutes", "P", "PT", "-PT1M", "P99999999D", "P9999999999999D"])
def test_bad_durations(graph: Graph, advance: str) -> None:
    """400."""
    assert graph.control("POST", "clock", {"advance": advance}).status_code == 400


def test_reset_empties_the_target(graph: Graph, application: Application, job: str) -> None:
    """What was provisioned before is gone as well, and so are logs."""
    settings = [*graph.credentials(), {"key": "SyncAll", "value": "true"}]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": settings})
    graph.ok("POST", f"{job}/start")
    graph.simulator.clock("PT1M")
    target = graph.ready["scim"]
    headers = {"Authorization": f"Bearer {target['token']}"}

    def total() -> int:
        found: int = graph.session.get(f"{target['base_address']}/Users", headers=headers).json()["totalResults"]
        return found

    assert total() >= 7
    graph.simulator.reset()
    assert total() == 0
    state = graph.simulator.state()
    assert (state["logs"], len(state["servicePrincipals"])) == ([], 1)
