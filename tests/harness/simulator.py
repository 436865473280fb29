# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running simulator (tests/graphsim) as an object: start, ask, set up, stop. Standard library only."""

from __future__ import annotations

import importlib.util
import json
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[2]

# POSTs that only ask: the token endpoints and the read-only actions of the Graph v1.0 reference.
_ASKING = re.compile(r"/(oauth2/v2\.0/token|(microsoft\.graph\.)?(validateCredentials|parseExpression)|getByIds)/?$")

# The demo has an environment without the judge.
_JUDGED = importlib.util.find_spec("openapi_core") is not None

_VARIABLES = {
    "tenant_id": "AZURE_TENANT_ID",
    "client_id": "AZURE_CLIENT_ID",
    "client_secret": "AZURE_CLIENT_SECRET",
    "authority": "AZURE_AUTHORITY_HOST",
    "graph_endpoint": "GRAPH_ENDPOINT",
    "ca_path": "ENTRA_CA_PATH",
}


class Simulator:
    """Starts ``python -m tests.graphsim`` and ends it.

    :param scim: also start the SCIM target that provisioning writes to.
    :param arguments: further command line arguments of the simulator.
    :param interpreter: a Python that has what the simulator needs, where this one has not.
    :raises RuntimeError: when it does not come up; the message carries what it printed.
    """

    #: those of this process that have not been stopped
    running: ClassVar[set[Simulator]] = set()

    def __init__(self, *arguments: str, scim: bool = True, interpreter: str = sys.executable) -> None:
        options = ["--watch-parent", *(["--scim"] if scim else []), *(["--transcript"] if _JUDGED else [])]
        command = [interpreter, "-m", "tests.graphsim", *options, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(command)} ended with {self._process.wait()} before its first line")
        #: the simulator's first line as a dict: graph_endpoint, authority, ca_path, tenant_id, clients, scim, control
        self.ready: dict[str, Any] = json.loads(line)
        tls = ssl.create_default_context(cafile=self.ready["ca_path"])
        # A handler for no proxy at all: HTTP(S)_PROXY of the machine must not see loopback.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls)
        )
        self.running.add(self)

    def __enter__(self) -> Simulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            found = [] if error else self.violations()
        finally:
            self.stop()
        assert not found, "\n".join([f"{len(found)} violations", *found[:3]])

    def stop(self) -> None:
        """End the simulator (and its SCIM target) by its own process id."""
        self.running.discard(self)
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def client(self, number: int = 0) -> dict[str, Any]:
        """One of the registered clients; 0 has all permissions, 1 may only read, 2 has none."""
        found: dict[str, Any] = self.ready["clients"][number]
        return found

    def options(self, client: int = 0) -> dict[str, str]:
        """The module options that reach this simulator, with a client's secret."""
        who = self.client(client)
        places = {name: self.ready[name] for name in ("graph_endpoint", "authority", "ca_path", "tenant_id")}
        return {**places, "client_id": who["client_id"], "client_secret": who["client_secret"]}

    def environment(self, client: int = 0) -> dict[str, str]:
        """`options` as the environment variables that the modules fall back to."""
        options = self.options(client)
        return {variable: options[option] for option, variable in _VARIABLES.items()}

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Every request from number `since` on, oldest first."""
        found: list[dict[str, Any]] = self._control("GET", f"requests?since={since}")["requests"]
        return found

    def neighbour(self) -> dict[str, dict[str, str]]:
        """This simulator for the member `tenants` of another one's seed."""
        return {self.ready["tenant_id"]: {name: self.ready[name] for name in ("control", "ca_path")}}

    def mark(self) -> int:
        """The number to give to `requests` and `writes` for what comes after this moment."""
        number: int = self._control("GET", "requests")["next"]
        return number

    def writes(self, since: int = 0) -> list[dict[str, Any]]:
        """The requests that change something, those inside a ``$batch`` included."""
        return [one for request in self.requests(since) for one in _unpacked(request) if _changes(one)]

    def reset(self, seed: dict[str, Any] | None = None) -> None:
        """Put the tenant back to its default seed, with `seed` merged over it; faults, quirks and clock too."""
        self._control("POST", "reset", {} if seed is None else {"seed": seed})

    def quirks(self, **values: Any) -> dict[str, Any]:
        """Set the named switches; return all of them."""
        answer: dict[str, Any] = self._control("POST", "quirks", values)
        return answer

    def faults(self, rules: list[dict[str, Any]]) -> None:
        """Replace the list of faults; ``[]`` clears it."""
        self._control("POST", "faults", rules)

    def faults_left(self) -> list[int | None]:
        """How often each fault has still to act; one counts as soon as its request arrives, a delayed one too."""
        left: list[int | None] = self._control("GET", "faults")["left"]
        return left

    def clock(self, advance: str) -> dict[str, Any]:
        """Advance the virtual clock by an ISO 8601 duration and run the cycles that fall due."""
        answer: dict[str, Any] = self._control("POST", "clock", {"advance": advance})
        return answer

    def state(self) -> dict[str, Any]:
        """The whole tenant as JSON; stored secrets as digests."""
        answer: dict[str, Any] = self._control("GET", "state")
        return answer

    def violations(self) -> list[str]:
        """What was wrong, since the last question, with what was said.

        Two judges: of the requests to the SCIM target (tests/graphsim/engine), and of everything that was said between
        clients and the service (tests/harness/judge.py).
        """
        if self._process.poll() is not None:
            return []
        return [*self.target_violations(), *self._undescribed()]

    def _undescribed(self) -> list[str]:
        if not _JUDGED:
            return []
        from tests.harness.judge import judge

        return judge().violations(self._control("GET", "transcript"))

    def target_violations(self) -> list[str]:
        """What was wrong, since the last question, with the requests to the SCIM target."""
        address = (self.ready["scim"] or {}).get("violations")
        if not address:
            return []
        with self._opener.open(address, timeout=10) as answer:
            found: list[str] = json.loads(answer.read())
        return found

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.ready['control']}/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with self._opener.open(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} _sim/{path}: {error.code} {error.read().decode()}") from error


def _unpacked(request: dict[str, Any]) -> list[dict[str, Any]]:
    if not request["path"].partition("?")[0].rstrip("/").endswith("/$batch"):
        return [request]
    steps = (request.get("body") or {}).get("requests", [])
    return [{**request, **step, "path": step.get("url", "")} for step in steps]


def _changes(request: dict[str, Any]) -> bool:
    if request["method"].upper() in ("GET", "HEAD", "OPTIONS"):
        return False
    return not _ASKING.search(request["path"].partition("?")[0])
