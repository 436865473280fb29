# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON batching."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph

JSON = {"Content-Type": "application/json"}


def _get(number: int, url: str, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "method": "GET", "url": url, **more}


def _batch(graph: Graph, *items: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = graph.ok("POST", "/$batch", {"requests": list(items)})
    return {item["id"]: item for item in answer["responses"]}


def test_each_item_has_its_own_answer(graph: Graph, application: Application, job: str) -> None:
    """Good and bad ones side by side; the outer status is 200."""
    rename = {"appRoleAssignmentRequired": False}
    answers = _batch(
        graph,
        _get(1, f"{application.sync}/jobs"),
        _get(2, job),
        _get(3, f"{application.sync}/jobs/x"),
        _get(4, "/users?$top=1&$select=id"),
        _get(5, f"{application.sync}/jobs/$count"),
        {
            **_get(6, f"/servicePrincipals/{application.principal_id}"),
            "method": "PATCH",
            "headers": JSON,
            "body": rename,
        },
        _get(7, "users"),
        _get(8, "/users('a'"),
    )
    statuses = {key: item["status"] for key, item in answers.items()}
    assert statuses == {"1": 200, "2": 200, "3": 404, "4": 200, "5": 200, "6": 204, "7": 200, "8": 400}
    assert answers["1"]["body"]["value"][0]["id"] == job.rpartition("/")[2]
    assert answers["1"]["headers"]["Content-Type"] == "application/json"
    assert answers["3"]["body"]["error"]["code"] == "UnknownError"
    assert len(answers["4"]["body"]["value"]) == 1
    assert "body" not in answers["6"]


@pytest.mark.parametrize(
    "requests",
    [
        [],
        None,
        "x",
        [_get(number, "/users") for number in range(21)],
        [_get(1, "/users"), _get(1, "/users")],
        [{"id": "a", "method": "GET", "url": "/users"}, {"id": "A", "method": "GET", "url": "/users"}],
        [{"method": "GET", "url": "/users"}],
        [_get(1, "/users", body={})],
        [_get(1, "/users", dependsOn=["2"])],
        [_get(1, "/users", dependsOn=["2"]), _get(2, "/users", dependsOn=["1"])],
        [_get(1, "/$batch")],
        [1],
    ],
)
def test_malformed_batches(graph: Graph, requests: Any) -> None:
    """400 for the whole."""
    assert graph.call("POST", "/$batch", {"requests": requests}).status_code == 400


def test_twenty_are_fine(graph: Graph) -> None:
    """The limit itself."""
    assert len(_batch(graph, *(_get(number, "/users?$top=1") for number in range(20)))) == 20


def test_dependencies(graph: Graph, application: Application) -> None:
    """An item waits for those that it names; a failed one takes its dependents along."""
    create = {"method": "POST", "url": f"{application.sync}/jobs", "headers": JSON}
    answers = _batch(
        graph,
        _get(1, f"{application.sync}/jobs", dependsOn=["2"]),
        {"id": "2", **create, "body": {"templateId": "scim"}},
        {"id": "3", **create, "body": {"templateId": "nothing"}},
        _get(4, "/users", dependsOn=["3"]),
        _get(5, "/users", dependsOn=["4"]),
    )
    assert len(answers["1"]["body"]["value"]) == 1
    assert [answers[key]["status"] for key in "2345"] == [201, 400, 424, 424]


def test_refused_synchronization(graph: Graph, application: Application) -> None:
    """The quirk: only synchronization addresses are unknown inside a batch."""
    graph.simulator.quirks(batch="refused")
    answers = _batch(graph, _get(1, f"{application.sync}/jobs"), _get(2, "/users"))
    assert (answers["1"]["status"], answers["2"]["status"]) == (404, 200)
    assert "No HTTP resource was found" in json.loads(answers["1"]["body"]["error"]["message"])["Message"]
    assert graph.call("GET", f"{application.sync}/jobs").status_code == 200


def test_throttled_items(graph: Graph) -> None:
    """Faults reach single items, each with its own headers."""
    rule = {"match": {"path": "/users"}, "fault": "status", "status": 429, "headers": {"Retry-After": "3"}, "skip": 1}
    graph.simulator.faults([rule])
    answers = _batch(graph, _get(1, "/users"), _get(2, "/users"), _get(3, "/groups"))
    assert [answers[key]["status"] for key in "123"] == [200, 429, 200]
    assert answers["2"]["headers"]["Retry-After"] == "3"


def test_permissions_hold_inside(graph: Graph, application: Application) -> None:
    """The token of the outer call counts."""
    graph.sign_in(2)
    answers = _batch(graph, _get(1, f"{application.sync}/jobs"), _get(2, "/users"), _get(3, "/applicationTemplates"))
    assert [answers[key]["status"] for key in "123"] == [401, 403, 200]
