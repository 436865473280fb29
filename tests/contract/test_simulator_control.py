# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface: record, faults, clock, seeds; and the life of the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.contract.graph_client import NON_GALLERY, Application, Graph
from tests.harness.simulator import ROOT, Simulator


def _control(graph: Graph, method: str, path: str, body: Any = None) -> requests.Response:
    return graph.session.request(method, f"{graph.ready['control']}/{path}", json=body)


def test_the_record(graph: Graph) -> None:
    """Everything but the control interface, with numbers to go on from."""
    mark = _control(graph, "GET", "requests").json()["next"]
    graph.call("GET", "/users?$top=1", headers={"client-request-id": "abc"})
    graph.call("POST", "/directoryObjects/getByIds", {"ids": []})
    graph.token(client_id="nobody", client_secret="s")
    _control(graph, "GET", "state")
    answer = _control(graph, "GET", f"requests?since={mark}").json()
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
    assert _control(graph, "POST", "faults", rules).status_code == 400


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
    before = _control(graph, "GET", "quirks").json()
    assert _control(graph, "POST", "quirks", values).status_code == 400
    assert _control(graph, "GET", "quirks").json() == before


def test_quirks_are_reset(graph: Graph) -> None:
    """To what the simulator was started with."""
    before = _control(graph, "GET", "quirks").json()
    assert _control(graph, "POST", "quirks", {"page_size": 2}).json()["page_size"] == 2
    graph.simulator.reset()
    assert _control(graph, "GET", "quirks").json() == before


def test_the_clock_runs_cycles(graph: Graph, application: Application, job: str) -> None:
    """Each that falls due on the way, in order, before the answer."""
    settings = [*graph.credentials(), {"key": "SyncAll", "value": "true"}]
    graph.ok("PUT", f"{application.sync}/secrets", {"value": settings})
    graph.ok("POST", f"{job}/start")
    before = _control(graph, "GET", "clock").json()["now"]
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
    assert _control(graph, "POST", "clock", {"advance": advance}).status_code == 400


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


SEED: dict[str, Any] = {
    "users": [
        {"userPrincipalName": "person{n}@contoso.example", "displayName": "Person {n}", "count": 5},
        {"userPrincipalName": "adele.vance@contoso.example", "jobTitle": "Board member"},
    ],
    "groups": [
        {"displayName": "Large", "member_count": 23},
        {"displayName": "Sales team", "members": ["person1@contoso.example"]},
    ],
    "applications": [
        {
            "display_name": "App {n}",
            "application_template_id": NON_GALLERY,
            "count": 3,
            "jobs": [
                {"template_id": "scim", "state": "active"},
                {"template_id": "customappsso", "state": "quarantine"},
            ],
            "secrets": {"BaseAddress": "https://scim{n}.example"},
            "assigned": ["Sales team", "person1@contoso.example"],
        }
    ],
    "clients": [
        {"client_id": "D0000001-0000-4000-8000-00000000abcd", "client_secret": "s", "roles": ["User.Read.All"]}
    ],
}


def test_seed(graph: Graph) -> None:
    """Merged over the default; copies are numbered; jobs in any state, at rest."""
    graph.simulator.reset(SEED)
    assert len(graph.ok("GET", "/users?$top=999")["value"]) == 8 + 5 + 23
    assert graph.ok("GET", "/users/adele.vance@contoso.example")["jobTitle"] == "Board member"
    (large,) = graph.ok("GET", "/groups?$filter=displayName eq 'Large'")["value"]
    assert len(graph.ok("GET", f"/groups/{large['id']}/members")["value"]) == 23
    (app,) = graph.ok("GET", "/servicePrincipals?$filter=displayName eq 'App 2'")["value"]
    sync = f"/servicePrincipals/{app['id']}/synchronization"
    codes = [(item["schedule"]["state"], item["status"]["code"]) for item in graph.ok("GET", f"{sync}/jobs")["value"]]
    assert codes == [("Active", "Active"), ("Active", "Quarantine")]
    assert graph.ok("GET", f"{sync}/secrets")["value"] == [{"key": "BaseAddress", "value": "https://scim2.example"}]
    assert len(graph.ok("GET", f"/servicePrincipals/{app['id']}/appRoleAssignedTo")["value"]) == 2
    assert graph.token(client_id="d0000001-0000-4000-8000-00000000abcd", client_secret="s").status_code == 200
    first = graph.simulator.state()
    graph.simulator.reset(SEED)
    again = graph.simulator.state()
    for state in (first, again):
        state.pop("now")
    assert [item["id"] for item in first["servicePrincipals"]] == [item["id"] for item in again["servicePrincipals"]]
    assert first["users"] == again["users"]


@pytest.mark.parametrize(
    "seed",
    [
        {"persons": []},
        {"users": [{"displayName": "x"}]},
        {"applications": [{"display_name": "x", "application_template_id": "nothing"}]},
        {
            "applications": [
                {"display_name": "x", "application_template_id": NON_GALLERY, "jobs": [{"template_id": "y"}]}
            ]
        },
        {"groups": [{"displayName": "x", "members": ["nobody"]}]},
        [],
        "x",
    ],
)
def test_bad_seeds(graph: Graph, seed: Any) -> None:
    """400, and the tenant stays as it is."""
    graph.instantiate(name="Still here")
    assert _control(graph, "POST", "reset", {"seed": seed}).status_code == (200 if seed == [] else 400)
    names = [item["displayName"] for item in graph.ok("GET", "/servicePrincipals")["value"]]
    assert ("Still here" in names) == (seed != [])


def test_an_empty_tenant(graph: Graph) -> None:
    """No people, no applications; the gallery and the clients stay."""
    graph.simulator.reset({"empty": True})
    assert graph.ok("GET", "/users")["value"] == []
    assert graph.ok("GET", "/servicePrincipals")["value"] == []
    assert len(graph.ok("GET", "/applicationTemplates")["value"]) >= 6


def test_a_thousand_applications(graph: Graph) -> None:
    """A large tenant is seeded and listed quickly."""
    seed = {
        "applications": [
            {
                "display_name": "App {n}",
                "application_template_id": NON_GALLERY,
                "count": 1000,
                "jobs": [{"template_id": "scim", "state": "active"}],
            }
        ]
    }
    began = time.monotonic()
    graph.simulator.reset(seed)
    assert len(graph.ok("GET", "/servicePrincipals?$top=999")["value"]) == 999
    assert time.monotonic() - began < 5


def _start(*arguments: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.graphsim", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_leaves_nothing(number: signal.Signals) -> None:
    """Neither folder nor SCIM server, and rc 0."""
    process, ready = _start("--scim")
    target = ready["scim"]["base_address"]
    assert requests.get(f"{target}/ServiceProviderConfig", timeout=5).status_code in (200, 401)
    process.send_signal(number)
    assert process.wait(timeout=5) == 0
    assert not Path(ready["ca_path"]).parent.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{target}/ServiceProviderConfig", timeout=5)


def test_it_starts_fast_with_files(tmp_path: Path) -> None:
    """Seed and quirks from files, a port of choice; ready in time."""
    (tmp_path / "seed.json").write_text(json.dumps(SEED))
    (tmp_path / "quirks.json").write_text(json.dumps({"page_size": 7}))
    began = time.monotonic()
    process, ready = _start("--seed", str(tmp_path / "seed.json"), "--quirks", str(tmp_path / "quirks.json"))
    try:
        assert time.monotonic() - began < 3
        assert ready["scim"] is None
        with requests.Session() as session:
            session.trust_env = False
            session.verify = ready["ca_path"]
            assert session.get(f"{ready['control']}/quirks").json()["page_size"] == 7
            assert len(session.get(f"{ready['control']}/state").json()["users"]) == 36
    finally:
        process.terminate()
        process.wait(timeout=5)


def test_it_ends_with_its_parent() -> None:
    """--watch-parent."""
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'tests.graphsim', '--watch-parent'], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    # Only stdout is caught: the simulator inherits stderr, and its end would be waited for.
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=20
    )
    child = int(told.stdout)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(child):
        time.sleep(0.1)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that has ended but was not collected by whatever adopted it counts as gone.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_harness_agrees() -> None:
    """The object that other tests use knows the same first line."""
    with Simulator(scim=False) as simulator:
        assert simulator.options()["graph_endpoint"].startswith("https://localhost:")
