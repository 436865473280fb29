# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real SCIM server (scim2-server) as the application that is provisioned."""

from __future__ import annotations

import importlib.resources
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.graphsim.engine.target_schemas import EXTENSION, EXTENSION_ID

_ROOT = Path(__file__).resolve().parents[3]
_SECONDS_TO_START = 60
# The judge speaks with a scim2-models that Python 3.10 does not have.
_JUDGED = sys.version_info >= (3, 11)


@dataclass
class Target:
    """A running server: what a job needs as BaseAddress and SecretToken, its process, and who judges its requests.

    `violations` is the address that gives, once, what was wrong with the requests so far (`target_judge`); None where
    there is no judge.
    """

    base_address: str
    token: str
    process: subprocess.Popen[bytes]
    violations: str | None

    def found(self) -> list[str]:
        """What was wrong with the requests since the last question."""
        if self.violations is None:
            return []
        with requests.Session() as session:
            session.trust_env = False
            found: list[str] = session.get(self.violations, timeout=10).json()
        return found

    def stop(self) -> None:
        """Ends the server."""
        self.process.terminate()
        self.process.wait(timeout=10)
        if self.process.stdin:
            self.process.stdin.close()


def start_target() -> Target:
    """Starts a server on a free loopback port with a token of its own, and waits until it answers.

    Raises RuntimeError when it ends or does not answer in time. The caller stops it.
    """
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder, _listener() as listener:
        process = subprocess.Popen(
            [*_command(listener), "--bearer-token", token, *_definitions(Path(folder))],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
        )
        root = f"http://127.0.0.1:{listener.getsockname()[1]}"
        target = Target(f"{root}/v2", token, process, f"{root}/violations" if _JUDGED else None)
        try:
            _wait(target)
        except RuntimeError:
            target.stop()
            raise
    return target


def _command(listener: socket.socket) -> list[str]:
    # The wrapper ends the server when this process is gone, however it went.
    wrapper, server = "tests.graphsim.engine.target_process", Path(sys.executable).with_name("scim2-server")
    options = [f"--listener={listener.fileno()}", *(["--judged"] if _JUDGED else [])]
    return [sys.executable, "-m", wrapper, *options, str(server)]


def _listener() -> socket.socket:
    """A port that nobody else can take before the server has it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def _definitions(folder: Path) -> list[str]:
    """The server's own schemas with the custom extension, as the files that its options take."""
    schemas, types = _resource("default-schemas.json"), _resource("default-resource-types.json")
    next(one for one in types if one["name"] == "User")["schemaExtensions"].append(
        {"schema": EXTENSION_ID, "required": False}
    )
    (folder / "schemas.json").write_text(json.dumps([*schemas, EXTENSION]), encoding="utf-8")
    (folder / "types.json").write_text(json.dumps(types), encoding="utf-8")
    return ["--schema", str(folder / "schemas.json"), "--resource-type", str(folder / "types.json")]


def _resource(name: str) -> list[dict[str, Any]]:
    text = (importlib.resources.files("scim2_server") / "resources" / name).read_text(encoding="utf-8")
    return list(json.loads(text))


def _wait(target: Target) -> None:
    session = requests.Session()
    session.trust_env = False
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and target.process.poll() is None:
        try:
            address = target.violations or f"{target.base_address}/ServiceProviderConfig"
            # Short, so that a server that has ended is noticed.
            if session.get(address, timeout=2).ok:
                return
            break
        except requests.RequestException:
            time.sleep(0.05)
    raise RuntimeError(f"scim2-server does not answer; exit code: {target.process.poll()}")
