# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of tests/harness/fork_server.py: a run of ``ansible-playbook`` or ``ansible`` without its imports.

On a connection the client sends one JSON object with the three standard streams as file descriptors: `command`,
`folder`, `environment`, `new_session`. The server answers twice: ``{"pid": N}``, and when the run has ended
``{"status": N}``, negative for a signal.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.harness.simulator import ROOT

# What Python and Ansible read once, as they start.
_READ_AT_START = re.compile(r"(ANSIBLE_|PYTHON|LC_|LANG)|(COLUMNS|HOME|TMPDIR|VIRTUAL_ENV)$")


class ForkServer:
    """A running server. It ends with this process.

    :param environment: what it is started with; a run may differ from it in what is read later only.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._folder = tempfile.mkdtemp(prefix="entra-provisioning-forks-")
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._address = f"{self._folder}/socket"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self._address)
            listener.listen(128)
            held, self._lifeline = os.pipe()
            command = [sys.executable, "-m", "tests.harness.fork_server", str(listener.fileno()), str(held)]
            passed = (listener.fileno(), held)
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, pass_fds=passed
            )
        os.close(held)
        atexit.register(self.stop)

    def fits(self, environment: dict[str, str]) -> bool:
        """Whether a process with that environment would have read the same at its start."""
        return _read_at_start(environment) == _read_at_start(self._environment)

    def start(
        self, command: Sequence[str], folder: Path, environment: dict[str, str], streams: Sequence[int], **how: bool
    ) -> Forked:
        """Start a command of Ansible's.

        :param streams: the file descriptors of its standard input, output and error.
        :param how: ``new_session``, as of subprocess.Popen.
        """
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.connect(self._address)
        order = {"command": list(command), "folder": str(folder), "environment": environment, "new_session": False}
        socket.send_fds(connection, [json.dumps({**order, **how}).encode()], list(streams))
        return Forked(connection)

    def stop(self) -> None:
        """End the server and what it runs."""
        if self._process.poll() is None:
            os.close(self._lifeline)
            self._process.wait()


class Forked:
    """A run; `pid` is that of a process of its own."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.pid = int(self._answer()["pid"])

    def wait(self) -> int:
        """The return code, as of subprocess.Popen: that of the command, or a negative signal."""
        with self._connection:
            return int(self._answer()["status"])

    def _answer(self) -> dict[str, Any]:
        message = self._connection.recv(1 << 10)
        if not message:
            raise RuntimeError("the fork server has ended; what it printed is above")
        answer: dict[str, Any] = json.loads(message)
        return answer


def _read_at_start(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if _READ_AT_START.match(name)}
