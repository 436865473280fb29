# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token that a vendor gave expires: the job goes into quarantine, and the role rotate_credentials repairs it."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.faults import situations
from tests.faults.cases import BEN, HERE, NAME, application
from tests.faults.life import target
from tests.faults.markers import CLIENT, CLIENT_SECRET, SECRET_TOKEN, SEED, everything, leaks
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

Run = Callable[..., Result]

ADELE = "adele.vance@contoso.example"
ROLE = "entra.provisioning.rotate_credentials"
OLD, NEW = "the token of last year", "the token of this year"
LIFT = "restart the synchronization job of the template scim, resetting QuarantineState"


class Vendor(ThreadingHTTPServer):
    """The door of the SCIM target: lets those in who bring a token that is valid now."""

    daemon_threads = True

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.valid = {OLD}
        self.scim: dict[str, str] = simulator.ready["scim"]
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class _Door(BaseHTTPRequestHandler):
    server: Vendor

    def handle_one_request(self) -> None:
        """Answer a request of any method."""
        self.raw_requestline = self.rfile.readline(65537)
        if self.raw_requestline and self.parse_request():
            status, body = self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(status)
            self.send_header("Content-Type", "application/scim+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> tuple[int, bytes]:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.server.valid:
            return 401, b'{"detail": "The token has expired."}'
        headers = {
            "Authorization": f"Bearer {self.server.scim['token']}",
            "Content-Type": self.headers.get("Content-Type") or "application/scim+json",
        }
        address = f"{self.server.scim['base_address']}{self.path}"
        request = urllib.request.Request(address, body or None, headers, method=self.command)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


@pytest.fixture
def vendor(simulator: Simulator) -> Iterator[Vendor]:
    """A tenant whose job runs well with the old token."""
    with Vendor(simulator) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        secrets = {"BaseAddress": server.address, "SecretToken": OLD}
        job = {"template_id": "scim", "state": "started"}
        simulator.reset({"applications": [application(jobs=[job], secrets=secrets, assigned=[ADELE])]})
        simulator.clock("PT41M")
        assert _status(simulator)["code"] == "Active"
        assert [one["userName"] for one in target(simulator)["Users"]] == [ADELE]
        yield server
        server.shutdown()


def _job(simulator: Simulator) -> dict[str, Any]:
    found: dict[str, Any] = situations.job(simulator)["job"]
    return found


def _status(simulator: Simulator) -> dict[str, Any]:
    found: dict[str, Any] = _job(simulator)["status"]
    return found


def _expire(simulator: Simulator, vendor: Vendor, after: str = "PT41M") -> None:
    vendor.valid = {NEW}
    simulator.clock(after)
    assert _status(simulator)["quarantine"]["reason"] == "EncounteredQuarantineException"


def _rotate(simulator: Simulator, run_playbook: Run, more: dict[str, Any] | None = None, **how: Any) -> Result:
    variables = {"display_name": NAME, "secrets": {"SecretToken": NEW}, **(more or {})}
    names = {f"rotate_credentials_{name}": value for name, value in variables.items()}
    return run_playbook(ROLE, defaults={}, extra_vars=names, env=simulator.environment(), **how)


def _summary(result: Result) -> str:
    return "\n".join(result.task(f"{ROLE} : Summary").result["msg"])


def _calls(simulator: Simulator, mark: int) -> list[str]:
    return [one["path"].rpartition("/")[2] for one in simulator.writes(mark)]


def test_an_expired_token(simulator: Simulator, run_playbook: Run, vendor: Vendor, tmp_path: Path) -> None:
    _expire(simulator, vendor)
    more = {"wait": True, "fingerprint_file": str(tmp_path / "kept")}
    mark = simulator.mark()
    said = _rotate(simulator, run_playbook, more, check=True)
    assert said.rc == 0, said.output
    assert f"? {LIFT}" in _summary(said)
    assert (simulator.writes(mark), list(tmp_path.iterdir())) == ([], [])

    done = _rotate(simulator, run_playbook, more)
    assert done.rc == 0, done.output
    assert f"+ write SecretToken\n  + {LIFT}\n  job: Active (Active)" in _summary(done)
    assert NEW not in done.output
    assert _calls(simulator, mark) == ["secrets", "restart"]

    mark = simulator.mark()
    again = _rotate(simulator, run_playbook, more)
    assert (again.rc, again.changed, simulator.writes(mark)) == (0, 0, [])

    assign = run_playbook([{"entra.provisioning.app_role_assignment": {**HERE, "users": [BEN]}}])
    assert assign.rc == 0, assign.output
    simulator.clock("PT41M")
    assert (_status(simulator)["code"], _status(simulator)["lastExecution"]["state"]) == ("Active", "Succeeded")
    assert [one["userName"] for one in target(simulator)["Users"]] == [ADELE, BEN]


def test_before_the_token_expires(simulator: Simulator, run_playbook: Run, vendor: Vendor) -> None:
    vendor.valid = {OLD, NEW}
    mark = simulator.mark()
    done = _rotate(simulator, run_playbook)
    assert done.rc == 0, done.output
    assert "Withdraw the old credentials" in _summary(done)
    assert _calls(simulator, mark) == ["secrets"]
    vendor.valid = {NEW}
    simulator.clock("PT41M")
    assert _status(simulator)["code"] == "Active"


def test_a_job_that_the_service_has_disabled_stays_at_rest(
    simulator: Simulator, run_playbook: Run, vendor: Vendor
) -> None:
    _expire(simulator, vendor, "P30D")
    mark = simulator.mark()
    done = _rotate(simulator, run_playbook)
    assert done.rc == 0, done.output
    assert "The job rests, so it was left at rest." in _summary(done)
    assert _calls(simulator, mark) == ["secrets"]
    assert _job(simulator)["schedule"]["state"] == "Disabled"


def test_another_run_goes_on_where_one_failed(
    simulator: Simulator, run_playbook: Run, vendor: Vendor, tmp_path: Path
) -> None:
    _expire(simulator, vendor)
    more = {"fingerprint_file": str(tmp_path / "kept")}
    refusal = {"fault": "status", "status": 400, "body": {"error": {"code": "UnknownError", "message": "no"}}}
    simulator.faults([{"match": {"method": "POST", "path": "/restart$"}, **refusal}])
    failed = _rotate(simulator, run_playbook, more)
    assert failed.rc == 2
    assert 'the step "Lift the quarantine" failed.' in failed.last.result["msg"]
    assert "+ write SecretToken" in _summary(failed)
    mark = simulator.mark()
    done = _rotate(simulator, run_playbook, more)
    assert done.rc == 0, done.output
    assert _calls(simulator, mark) == ["restart"]
    tried = [one["body"] for one in simulator.requests(mark) if "validateCredentials" in one["path"]]
    assert tried == [{"useSavedCredentials": True}]


def test_a_fingerprint_that_no_longer_tells_what_is_stored(
    simulator: Simulator, run_playbook: Run, vendor: Vendor, tmp_path: Path
) -> None:
    vendor.valid = {OLD, NEW}
    more = {"fingerprint_file": str(tmp_path / "kept")}
    assert _rotate(simulator, run_playbook, more).rc == 0
    # Somebody writes the old one back in the portal.
    portal = {**HERE, "secrets": {"SecretToken": OLD}, "update_secrets": "always"}
    assert run_playbook([{"entra.provisioning.sync_secrets": portal}]).rc == 0
    _expire(simulator, vendor)
    mark = simulator.mark()
    failed = _rotate(simulator, run_playbook, more)
    assert failed.rc == 2
    assert "The target does not accept the stored credentials" in failed.last.result["msg"]
    assert "-e rotate_credentials_update_secrets=always" in _summary(failed)
    assert simulator.writes(mark) == []
    done = _rotate(simulator, run_playbook, {**more, "update_secrets": "always"})
    assert done.rc == 0, done.output
    assert _calls(simulator, mark) == ["secrets", "restart"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("outcome", mostly(["success", "failure", "mistake"], ["failure"], "The same search."))
def test_no_secret_leaves_the_role(
    simulator: Simulator, run_playbook: Run, tmp_path: Path, outcome: str, door: str
) -> None:
    scim = simulator.ready["scim"]
    simulator.reset({**SEED, "applications": [application(jobs=[{"template_id": "scim", "state": "quarantine"}])]})
    log = tmp_path / "ansible.log"
    token = SECRET_TOKEN if outcome == "failure" else scim["token"]
    entry: dict[str, Any] = {
        "display_name": NAME,
        "settings": {"BaseAddress": scim["base_address"]},
        "secrets": {"SecretToken": token},
    }
    if outcome == "mistake":
        entry["update_secrets"] = "sometimes"
    who = {"AZURE_CLIENT_ID": CLIENT, "AZURE_CLIENT_SECRET": CLIENT_SECRET, "ANSIBLE_LOG_PATH": str(log)}
    result = run_playbook(
        ROLE,
        defaults={},
        extra_vars={"rotate_credentials_applications": [entry]},
        door=door,
        diff=True,
        verbosity=4,
        env={**simulator.environment(), **who},
    )
    assert result.rc == (0 if outcome == "success" else 2), result.output
    assert leaks(everything(result), scim["token"]) == []
    assert leaks(log.read_text(), scim["token"]) == []
