# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service on a bad day: what may be repeated is, nothing is made twice, and the deadline holds."""

from __future__ import annotations

import contextlib
import email.utils
import http.server
import itertools
import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.faults.cases import NAME, application, check_message
from tests.faults.tokens import access_token
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

BEN = "ben.okoro@contoso.example"
Run = Callable[..., Result]


def seed(simulator: Simulator) -> dict[str, Any]:
    """An application with a job that rests, and one without a job."""
    target = simulator.ready["scim"]
    secrets = {"BaseAddress": target["base_address"], "SecretToken": target["token"]}
    job = {"template_id": "scim", "state": "paused"}
    return {"applications": [application(jobs=[job], secrets=secrets), application("Fresh")]}


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """The tenant of every test here."""
    simulator.reset(seed(simulator))


def task(module: str, **options: Any) -> dict[str, Any]:
    """A task of the collection, named after its module."""
    return {"name": module, f"entra.provisioning.{module}": options}


def fault(kind: str, path: str, method: str | None = None, **more: Any) -> dict[str, Any]:
    """A rule for the simulator."""
    match = {"path": path, **({"method": method} if method else {})}
    return {"match": match, "fault": kind, **more}


def sent(simulator: Simulator, mark: int, path: str, method: str) -> list[dict[str, Any]]:
    """The requests to an address since a moment."""
    return [one for one in simulator.requests(mark) if one["method"] == method and re.search(path, one["path"])]


def in_a_moment() -> str:
    """The form of Retry-After that is a date; its resolution is a second."""
    return email.utils.formatdate(time.time() + 2, usegmt=True)


PASSING: dict[str, list[dict[str, Any]]] = {
    "throttled, seconds": [{"fault": "status", "status": 429, "headers": {"Retry-After": "1"}, "times": 2}],
    "throttled, date": [{"fault": "status", "status": 429, "headers": {"Retry-After": in_a_moment()}}],
    "throttled, nothing said": [{"fault": "status", "status": 429}],
    "unavailable": [{"fault": "status", "status": 503, "times": 2}],
    "unavailable, seconds": [{"fault": "status", "status": 503, "headers": {"Retry-After": "1"}}],
    "timed out": [{"fault": "status", "status": 408}],
    "bad gateway": [{"fault": "status", "status": 502, "body": "<html>bad gateway</html>"}],
    "dropped before": [{"fault": "drop_before", "times": 2}],
    "dropped after": [{"fault": "drop_after"}],
    "cut off": [{"fault": "truncate"}],
    "garbage": [{"fault": "garbage"}],
    "slow": [{"fault": "delay", "seconds": 1.5}],
}


# Nobody has it tried at the target.
ANOTHER = {"SecretToken": "another"}


@pytest.mark.parametrize(
    "trouble",
    mostly(
        PASSING,
        ["throttled, seconds", "throttled, date", "unavailable", "dropped after", "cut off", "garbage"],
        "Other words for a trouble that passes; the unit tests of the client have all.",
    ),
)
def test_reading_and_replacing_recover(simulator: Simulator, run_playbook: Run, trouble: str) -> None:
    """One playbook meets the trouble at a read, at an idempotent write, and when it signs in."""
    simulator.faults(
        [
            {**rule, "match": {"method": method, "path": path}}
            for method, path in [
                ("GET", r"/synchronization/jobs"),
                ("PUT", r"/synchronization/secrets"),
                ("POST", r"/oauth2/v2.0/token"),
            ]
            for rule in PASSING[trouble]
        ]
    )
    result = run_playbook(
        [
            task("sync_job", display_name=NAME),
            task("sync_secrets", display_name=NAME, secrets=ANOTHER, update_secrets="always", validate=False),
        ]
    )
    assert result.rc == 0, result.output
    assert [one.changed for one in result.tasks] == [False, True]
    if "throttled, seconds" in trouble:
        moments = [one["at"] for one in simulator.requests() if one["path"].endswith("/jobs")]
        assert len(moments) == 3
        assert all(later - earlier >= 1 for earlier, later in zip(moments, moments[1:]))


def test_items_of_a_batch_recover(simulator: Simulator, run_playbook: Run) -> None:
    simulator.faults([fault("status", r"/synchronization/jobs$", "GET", status=429, headers={"Retry-After": "1"})])
    result = run_playbook([task("sync_info", gather=["health"])])
    assert result.rc == 0, result.output
    assert [len(one["health"]) for one in result.last.result["applications"]] == [1, 0]
    assert [one for one in result.last.result["applications"] if "errors" in one] == []


def test_a_stale_answer_is_waited_out(simulator: Simulator, run_playbook: Run) -> None:
    simulator.faults([fault("stale", r"/synchronization/secrets", "GET", skip=1, times=3)])
    result = run_playbook(
        [
            task(
                "sync_secrets",
                display_name=NAME,
                secrets={"SecretToken": "another"},
                settings={"BaseAddress": "https://b"},
                validate=False,
            )
        ]
    )
    assert result.rc == 0, result.output
    assert result.last.result["secrets"]["settings"]["BaseAddress"] == "https://b"
    assert len(sent(simulator, 0, r"/secrets$", "PUT")) == 1
    assert len(sent(simulator, 0, r"/secrets$", "GET")) == 5


CREATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "instantiate": (task("gallery_application", display_name="Brand new"), r"/instantiate$"),
    "job": (task("sync_job", display_name="Fresh", template_id="scim"), r"/synchronization/jobs$"),
    "assignment": (task("app_role_assignment", display_name=NAME, users=[BEN]), r"/appRoleAssignedTo$"),
    "start": (task("sync_job_action", display_name=NAME, action="start"), r"/start$"),
    "enabled": (task("sync_job", display_name=NAME, enabled=True), r"/start$"),
    "job and start": (task("sync_job", display_name="Fresh", template_id="scim", enabled=True), r"/start$"),
}
LOST = {
    "dropped before": {"fault": "drop_before"},
    "dropped after": {"fault": "drop_after"},
    "cut off": {"fault": "truncate"},
    "garbage": {"fault": "garbage"},
    "timed out": {"fault": "status", "status": 408},
    "unavailable": {"fault": "status", "status": 503},
}
# What the simulator has carried out when the answer gets lost.
ARRIVED = ("dropped after", "cut off")


# Every creation with both ends of a dropped connection, and with one of the other losses in turn.
DROPS = tuple(LOST)[:2]
TURNS = [(one, lost) for one, other in zip(CREATIONS, itertools.cycle(tuple(LOST)[2:])) for lost in (*DROPS, other)]
BY_TURNS = mostly(
    TURNS, [one for one in TURNS if one[1] != DROPS[0]], "As where the answer is lost, and nothing was made."
)


@pytest.mark.parametrize(("creation", "lost"), BY_TURNS)
def test_nothing_is_made_twice(simulator: Simulator, run_playbook: Run, creation: str, lost: str) -> None:
    what, path = CREATIONS[creation]
    simulator.faults([{**LOST[lost], "match": {"method": "POST", "path": path}}])
    first = run_playbook([what])
    posts = sent(simulator, 0, path, "POST")
    if lost in ARRIVED:
        # start and an assignment answer without a body, so that nothing is cut off.
        assert len(posts) == 1
    if first.rc:
        check_message(first.last.result["msg"], ["Run the task again"], answered=False)
        assert len(posts) == 1
        if creation == "job and start":
            assert first.last.result["changed"] is True
            assert first.last.result["error"]["changes_made"]
    elif lost in ARRIVED:
        assert first.last.changed
    simulator.faults([])
    after = run_playbook([what, what])
    assert after.rc == 0, after.output
    assert not after.last.changed
    state = simulator.state()
    assert [one["displayName"] for one in state["applications"]].count("Brand new") == (creation == "instantiate")
    assert [len(found["jobs"]) for found in state["synchronization"].values()].count(2) == 0
    assert len(state["appRoleAssignments"]) == (creation == "assignment")


@pytest.mark.parametrize("creation", ["instantiate", "job", "assignment", "start", "enabled"])
def test_what_arrived_is_found_by_looking(simulator: Simulator, run_playbook: Run, creation: str) -> None:
    what, path = CREATIONS[creation]
    simulator.faults([fault("drop_after", path, "POST")])
    result = run_playbook([what])
    assert result.rc == 0, result.output
    assert result.last.changed


@pytest.mark.parametrize(
    "creation", mostly(CREATIONS, list(CREATIONS)[::3], "Another creation, refused by the same answer.")
)
def test_a_throttled_creation_is_sent_again(simulator: Simulator, run_playbook: Run, creation: str) -> None:
    what, path = CREATIONS[creation]
    simulator.faults([fault("status", path, "POST", status=429, headers={"Retry-After": "1"})])
    result = run_playbook([what])
    assert (result.rc, result.changed) == (0, 1), result.output
    assert [one["status"] == 429 for one in sent(simulator, 0, path, "POST")] == [True, False]


def test_a_deletion_whose_answer_got_lost_is_done(simulator: Simulator, run_playbook: Run) -> None:
    simulator.faults([fault("drop_after", r"/synchronization/jobs/", "DELETE")])
    result = run_playbook([task("sync_job", display_name=NAME, template_id="scim", state="absent")])
    assert (result.rc, result.changed) == (0, 1), result.output


HOPELESS = {
    "throttled for long": ({"fault": "status", "status": 429, "headers": {"Retry-After": "60"}}, ["answered 429"]),
    "in trouble for long": ({"fault": "status", "status": 503, "headers": {"Retry-After": "60"}}, ["answered 503"]),
    "slow": ({"fault": "delay", "seconds": 6}, ["3 s waiting for answers"]),
    "refused and slow": (
        {"fault": "status", "status": 503, "headers": {"Retry-After": "1"}},
        ["answered 503", "s retrying to list the synchronization jobs"],
    ),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("trouble", HOPELESS)
def test_the_deadline_holds_and_accounts_for_itself(
    simulator: Simulator, run_playbook: Run, trouble: str, door: str
) -> None:
    rule, says = HOPELESS[trouble]
    simulator.faults([{**rule, "times": None, "match": {"path": r"/synchronization/jobs"}}])
    begin = time.monotonic()
    result = run_playbook([task("sync_job", display_name=NAME, timeout=3)], door=door, verbosity=4)
    assert time.monotonic() - begin < 10
    assert result.rc == 2
    general = ["Gave up after", "of 3 seconds", "list the synchronization jobs", "Raise the option timeout"]
    check_message(result.last.result["msg"], [*general, *says], answered="answered" in says[0])
    assert "Traceback" not in result.output


@pytest.mark.parametrize("trouble", ["throttled for long", "in trouble for long", "slow"])
def test_the_deadline_holds_while_signing_in(simulator: Simulator, run_playbook: Run, trouble: str) -> None:
    rule, _says = HOPELESS[trouble]
    simulator.faults([{**rule, "times": None, "match": {"path": r"/oauth2/v2.0/token"}}])
    begin = time.monotonic()
    result = run_playbook([task("sync_job", display_name=NAME, timeout=3)], verbosity=4)
    assert time.monotonic() - begin < 10
    check_message(result.last.result["msg"], ["Gave up after", "of 3 seconds", "sign in to"], answered=False)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"fault": "status", "status": 500, "body": "<h1>Oops</h1>"}, ["answered 500", "run the task again later"]),
        ({"fault": "garbage"}, ["is not JSON", "proxy"]),
        ({"fault": "drop_before"}, ["cannot be reached"]),
        ({"fault": "truncate"}, ["cannot be reached"]),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
def test_signing_in_gives_up_in_words(
    simulator: Simulator, run_playbook: Run, rule: dict[str, Any], says: list[str]
) -> None:
    simulator.faults([{**rule, "times": None, "match": {"path": r"/oauth2/v2.0/token"}}])
    result = run_playbook([task("sync_job", display_name=NAME)], verbosity=4)
    check_message(result.last.result["msg"], ["Could not sign in to", *says], answered=False)
    assert "Traceback" not in result.output


@pytest.mark.parametrize("rule", [{"fault": "garbage"}, {"fault": "drop_before"}], ids=lambda rule: rule["fault"])
def test_trouble_that_lasts_is_not_transient(simulator: Simulator, run_playbook: Run, rule: dict[str, Any]) -> None:
    simulator.faults([{**rule, "times": None, "match": {"path": r"/synchronization/jobs"}}])
    result = run_playbook([task("sync_job", display_name=NAME, timeout=60)], verbosity=4)
    says = {"garbage": ["were not JSON", "proxy"], "drop_before": ["cannot be reached"]}[rule["fault"]]
    check_message(result.last.result["msg"], ["Could not list the synchronization jobs", *says], answered=False)
    assert len(sent(simulator, 0, r"/synchronization/jobs", "GET")) == 6


def tokens(simulator: Simulator) -> int:
    """How many tokens were asked for."""
    return len(sent(simulator, 0, r"/oauth2/v2.0/token", "POST"))


def test_a_refused_token_is_renewed_once_for_the_run(simulator: Simulator, run_playbook: Run) -> None:
    body = {"error": {"code": "InvalidAuthenticationToken", "message": "Lifetime validation failed."}}
    simulator.faults([fault("status", r"/synchronization/jobs$", "GET", status=401, body=body, skip=1)])
    result = run_playbook(
        [task("sync_job", display_name=NAME) | {"loop": [1, 2, 3]}, task("sync_info", display_name=NAME)]
    )
    assert result.rc == 0, result.output
    assert tokens(simulator) == 2


def test_a_token_that_is_refused_again_is_an_error(simulator: Simulator, run_playbook: Run) -> None:
    body = {"error": {"code": "InvalidAuthenticationToken", "message": "Lifetime validation failed."}}
    simulator.faults([fault("status", r"/v1.0/", status=401, body=body, times=None)])
    result = run_playbook([task("sync_job", display_name=NAME)])
    check_message(result.last.result["msg"], ["401 InvalidAuthenticationToken", "expired"], answered=True)
    assert tokens(simulator) == 2


def test_a_token_that_ends_during_the_run_is_renewed_before(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({**seed(simulator), "token_seconds": 3})
    pause = {"ansible.builtin.pause": {"seconds": 3}}
    result = run_playbook([task("sync_job", display_name=NAME), pause, task("sync_info", display_name=NAME)])
    assert result.rc == 0, result.output
    assert tokens(simulator) == 2
    assert [one for one in simulator.requests() if one["status"] == 401] == []


@pytest.mark.parametrize("door", DOORS)
def test_an_access_token_that_has_ended_is_told(simulator: Simulator, run_playbook: Run, door: str) -> None:
    simulator.reset({**seed(simulator), "token_seconds": -1})
    expired = access_token(simulator)
    result = run_playbook(
        [task("sync_job", display_name=NAME, access_token=expired, client_secret="")], door=door, verbosity=4
    )
    check_message(result.last.result["msg"], ["401", "token is expired", "Could not list"], answered=True)
    assert tokens(simulator) == 1


@pytest.fixture
def impostor() -> Iterator[tuple[str, list[str]]]:
    """A server that anybody may run, and the authorizations that it was shown."""
    shown: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"value": []}')

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", shown
        server.shutdown()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("how", ["next page", "redirect"])
def test_the_token_goes_nowhere_else(
    simulator: Simulator, run_playbook: Run, impostor: tuple[str, list[str]], how: str, door: str
) -> None:
    address, shown = impostor
    page = {"body": {"value": [], "@odata.nextLink": f"{address}/v1.0/more"}}
    rule = page if how == "next page" else {"status": 302, "headers": {"Location": f"{address}/v1.0/"}}
    simulator.faults([fault("status", r"/synchronization/jobs$", "GET", **{"status": 200, "times": None, **rule})])
    mark = simulator.mark()
    result = run_playbook([task("sync_job", display_name="Fresh", template_id="scim")], door=door, verbosity=4)
    says = ["names a next page that is not at"] if how == "next page" else ["answered 302", "which is not followed"]
    check_message(
        result.last.result["msg"], ["Could not list the synchronization jobs", *says], answered=how != "next page"
    )
    assert shown == []
    assert simulator.writes(mark) == []


class Endless(http.server.BaseHTTPRequestHandler):
    """Answers with one page after the other, and an address with "slow" in it byte by byte."""

    protocol_version = "HTTP/1.1"
    slow = False
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        url = f"https://{self.headers['Host']}/v1.0/page/{self.asked}"
        body = json.dumps({"value": [], "@odata.nextLink": url}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            for number in range(len(body)):
                self.wfile.write(body[number : number + 1])
                time.sleep(0.5 if self.slow else 0)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("slow", [False, True], ids=["pages without an end", "byte by byte"])
def test_the_deadline_holds_for_what_never_ends(run_playbook: Run, tmp_path: Path, slow: bool, door: str) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    handler = type("Handler", (Endless,), {"slow": slow})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        places = {
            "graph_endpoint": f"https://localhost:{server.server_address[1]}",
            "ca_path": str(tmp_path / "ca.pem"),
            "access_token": "of somebody",
        }
        begin = time.monotonic()
        result = run_playbook([task("sync_job", display_name=NAME, timeout=3)], door=door, defaults=places)
        took = time.monotonic() - begin
        server.shutdown()
    check_message(
        result.last.result["msg"], ["Gave up after", "of 3 seconds", "list service principals"], answered=False
    )
    assert took < 10


def test_what_a_terminal_would_obey_is_shown(simulator: Simulator, run_playbook: Run) -> None:
    evil = "\x1b[2J\x1b[31mnothing to see\x9b0m"
    body = {"error": {"code": f"Bad{evil}", "message": f"The {evil} is bad."}}
    simulator.faults([fault("status", r"/synchronization/jobs$", "GET", status=400, body=body)])
    result = run_playbook([task("sync_job", display_name=NAME)], verbosity=3, diff=True)
    assert "\\x1b[2J" in result.last.result["msg"]
    assert not re.search("[\x00-\x08\x1b\x7f-\x9f]", result.output)
