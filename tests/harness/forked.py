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
import functools
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("ansible", "ansible-playbook")

# What Python and Ansible read once, as they start.
_READ_AT_START = re.compile(r"(ANSIBLE_|PYTHON|LC_|LANG)|(COLUMNS|HOME|TMPDIR|VIRTUAL_ENV)$")


# Without site-packages it starts in a hundredth of a second.
_PROGRAM = """#!{python} -IS
import sys
sys.path.insert(0, {root!r})
from tests.harness.forked import stand_in
stand_in(*{how!r})
"""


class Connector:
    """The way to a running server.

    :param address: its socket.
    :param environment: what it was started with.
    """

    def __init__(self, address: str, environment: dict[str, str]) -> None:
        self.address = address
        self.environment = _read_at_start(environment)

    def fits(self, environment: dict[str, str]) -> bool:
        """As of ForkServer."""
        return _read_at_start(environment) == self.environment

    def start(
        self, command: Sequence[str], folder: Path, environment: dict[str, str], streams: Sequence[int], **how: bool
    ) -> Forked:
        """As of ForkServer."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.connect(self.address)
        order = {"command": list(command), "folder": str(folder), "environment": environment, "new_session": False}
        socket.send_fds(connection, [json.dumps({**order, **how}).encode()], list(streams))
        return Forked(connection)


def stand_in(address: str, environment: dict[str, str], program: str) -> NoReturn:
    """Be that program: have it run by the server where the environment allows it, else become it."""
    connect, command = Connector(address, environment), [program, *sys.argv[1:]]
    if not connect.fits(dict(os.environ)):
        os.execv(program, command)
    status = connect.start(command, Path.cwd(), dict(os.environ), [0, 1, 2]).wait()
    if status < 0:
        os.kill(os.getpid(), abs(status))
    sys.exit(status)


class ForkServer:
    """A running server. It ends with this process.

    :param environment: what it is started with; a run may differ from it in what is read later only.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="entra-provisioning-forks-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._connect = Connector(str(self._folder / "socket"), environment)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self._connect.address)
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
        return self._connect.fits(environment)

    def start(
        self, command: Sequence[str], folder: Path, environment: dict[str, str], streams: Sequence[int], **how: bool
    ) -> Forked:
        """Start a command of Ansible's.

        :param streams: the file descriptors of its standard input, output and error.
        :param how: ``new_session``, as of subprocess.Popen.
        """
        return self._connect.start(command, folder, environment, streams, **how)

    @functools.cached_property
    def programs(self) -> Path:
        """A folder for PATH: the commands of Ansible for a shell, each of which has the server run it."""
        folder = self._folder / "bin"
        folder.mkdir()
        for name in PROGRAMS:
            program = folder / name
            how = (self._connect.address, self._connect.environment, str(Path(sys.executable).with_name(name)))
            program.write_text(_PROGRAM.format(python=sys.executable, root=str(ROOT), how=how))
            program.chmod(0o700)
        return folder

    def stop(self) -> None:
        """End the server and what it runs."""
        if self._process.poll() is None:
            os.close(self._lifeline)
            self._process.wait()


class Forked:
    """A run; `pid` is that of a process of its own."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._returned: int | None = None
        self.pid = int(self._answer()["pid"])

    def poll(self) -> int | None:
        """The return code, or None while it runs, as of subprocess.Popen."""
        if self._returned is None and select.select([self._connection], [], [], 0)[0]:
            return self.wait()
        return self._returned

    def wait(self) -> int:
        """The return code, as of subprocess.Popen: that of the command, or a negative signal."""
        if self._returned is None:
            with self._connection:
                self._returned = int(self._answer()["status"])
        return self._returned

    def _answer(self) -> dict[str, Any]:
        message = self._connection.recv(1 << 10)
        if not message:
            raise RuntimeError("the fork server has ended; what it printed is above")
        answer: dict[str, Any] = json.loads(message)
        return answer


def _read_at_start(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if _READ_AT_START.match(name)}
