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

_SECONDS_TO_START = 15
# A custom extension, as administrators map them; the server refuses what none of its schemas has.
_EXTENSION_ID = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"
_EXTENSION = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    "id": _EXTENSION_ID,
    "meta": {"resourceType": "Schema", "location": f"/v2/Schemas/{_EXTENSION_ID}"},
    "name": "Acme User",
    "description": "Custom attributes of the fictional customer Acme",
    "attributes": [
        {
            "name": name,
            "type": "string",
            "multiValued": False,
            "description": name,
            "required": False,
            "caseExact": False,
            "mutability": "readWrite",
            "returned": "default",
            "uniqueness": "none",
        }
        for name in ("badgeId", "costCenter")
    ],
}


@dataclass
class Target:
    """A running server: what a job needs as BaseAddress and SecretToken, and its process."""

    base_address: str
    token: str
    process: subprocess.Popen[bytes]

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
    port, token = _free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*_command(), "--port", str(port), "--bearer-token", token, *_definitions(Path(folder))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        target = Target(f"http://127.0.0.1:{port}/v2", token, process)
        try:
            _wait(target)
        except RuntimeError:
            target.stop()
            raise
    return target


def _command() -> list[str]:
    # The wrapper ends the server when this process is gone, however it went.
    wrapper, server = Path(__file__).with_name("target_process.py"), Path(sys.executable).with_name("scim2-server")
    return [sys.executable, str(wrapper), str(server)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _definitions(folder: Path) -> list[str]:
    """The server's own schemas with the custom extension, as the files that its options take."""
    schemas, types = _resource("default-schemas.json"), _resource("default-resource-types.json")
    next(one for one in types if one["name"] == "User")["schemaExtensions"].append(
        {"schema": _EXTENSION_ID, "required": False}
    )
    (folder / "schemas.json").write_text(json.dumps([*schemas, _EXTENSION]), encoding="utf-8")
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
            session.get(f"{target.base_address}/ServiceProviderConfig", timeout=1)
            return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise RuntimeError(f"scim2-server does not answer; exit code: {target.process.poll()}")
