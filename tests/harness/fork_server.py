# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.harness.fork_server SOCKET LIFELINE``: has Ansible imported, and forks for each run of a command.

Most of what a short ``ansible-playbook`` costs is its imports, and the documentation of its own plugins that it parses
(measured with ansible-core 2.19: 0.8 of 1.0 s). Here a run is a fork of a process that has done both. It goes through
the command's own entry point, with the environment, the working folder and the standard streams that it was given.

Both arguments are file descriptors: a listening Unix socket, and a pipe whose other end is closed when the client is
gone. A connection carries one run; tests/harness/forked.py is the client and describes what is said.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import time
import warnings
from typing import Any

from tests.harness.compiled_templates import CompiledTemplates
from tests.harness.forked import ROOT

# What every command loads sooner or later, under the names by which Ansible's plugin loader finds it again.
_MODULES = (
    "ansible.cli.adhoc",
    "ansible.cli.playbook",
    "ansible.executor.playbook_executor",
    "ansible.executor.process.worker",
    "ansible.plugins.action.assert",
    "ansible.plugins.action.debug",
    "ansible.plugins.action.include_vars",
    "ansible.plugins.action.normal",
    "ansible.plugins.action.set_fact",
    "ansible.plugins.action.set_stats",
    "ansible.plugins.action.validate_argument_spec",
    "ansible.plugins.callback.default",
    "ansible.plugins.callback.minimal",
    "ansible.plugins.connection.local",
    "ansible.plugins.filter.core",
    "ansible.plugins.filter.mathstuff",
    "ansible.plugins.lookup.env",
    "ansible.plugins.lookup.file",
    "ansible.plugins.lookup.template",
    "ansible.plugins.shell.sh",
    "ansible.plugins.strategy.linear",
    "ansible.plugins.test.core",
    "ansible.plugins.test.mathstuff",
    "msal",
    "requests",
)
_COLLECTION = "ansible_collections.entra.provisioning.plugins"
_TEMPLATES = CompiledTemplates(ROOT / ".build" / "templates")


def prepare() -> None:
    """Load what every run would load. Nothing of a run is decided here: no option, no inventory, no playbook."""
    for name in _MODULES:
        importlib.import_module(name)
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    from ansible.plugins import loader

    # The command does this too, after it has read its options; it warns when it finds it done.
    loader.init_plugin_loader()
    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder has already been configured")
    for kind in ("action", "filter"):
        folder = importlib.import_module(f"{_COLLECTION}.{kind}")
        for found in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            importlib.import_module(found.name)
    # These parse the documentation of plugins.
    InventoryManager(loader=DataLoader(), sources="localhost,")
    for plugins in (loader.become_loader, loader.callback_loader, loader.connection_loader, loader.shell_loader):
        list(plugins.all(class_only=True))
    _TEMPLATES.install()
    # The fewer pages a child writes to, the cheaper it is.
    gc.collect()
    gc.freeze()


class Server:
    """Forks for every connection until the lifeline is cut."""

    def __init__(self, listener: socket.socket, lifeline: int) -> None:
        self._listener = listener
        self._lifeline = lifeline
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(lifeline, selectors.EVENT_READ)
        # By the descriptor that becomes readable when the child ends.
        self._running: dict[int, tuple[int, socket.socket]] = {}

    def serve(self) -> dict[str, Any] | None:
        """In a child return the run that it is for; in the server nothing, at the end."""
        while True:
            ready = [key.fd for key, _events in self._selector.select()]
            if self._lifeline in ready:
                self._end()
                return None
            for descriptor in ready:
                if descriptor in self._running:
                    self._report(descriptor)
                elif order := self._accept():
                    self._leave()
                    return order

    def _accept(self) -> dict[str, Any] | None:
        connection, _address = self._listener.accept()
        message, files, _flags, _from = socket.recv_fds(connection, 1 << 20, 3)
        _TEMPLATES.load()
        pid = os.fork()
        if not pid:
            order = {**json.loads(message), "files": files}
            if order["new_session"]:
                os.setsid()
            with connection:
                connection.sendall(json.dumps({"pid": os.getpid()}).encode())
            return order
        for file in files:
            os.close(file)
        descriptor = os.pidfd_open(pid)
        self._running[descriptor] = (pid, connection)
        self._selector.register(descriptor, selectors.EVENT_READ)
        return None

    def _report(self, descriptor: int) -> None:
        self._selector.unregister(descriptor)
        os.close(descriptor)
        pid, connection = self._running.pop(descriptor)
        _pid, status = os.waitpid(pid, 0)
        # Whoever killed the run may not be there any more.
        with connection, contextlib.suppress(BrokenPipeError):
            connection.sendall(json.dumps({"status": os.waitstatus_to_exitcode(status)}).encode())

    def _end(self) -> None:
        for pid, _connection in self._running.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _leave(self) -> None:
        """Close what belongs to the server."""
        self._selector.close()
        self._listener.close()
        os.close(self._lifeline)
        for descriptor, (_pid, connection) in self._running.items():
            os.close(descriptor)
            connection.close()


def run(order: dict[str, Any]) -> int:
    """Be the process that was asked for: take its place, and go through the entry point of its command."""
    from ansible import constants
    from ansible.utils.path import cleanup_tmp_file

    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    for number, file in enumerate(order["files"]):
        os.dup2(file, number)
        os.close(file)
    # The run's own temporary folder, made and removed as if by itself; the server's stays.
    atexit.unregister(cleanup_tmp_file)
    constants.DEFAULT_LOCAL_TMP = constants.config.get_config_value("DEFAULT_LOCAL_TMP")
    sys.argv = order["command"]
    command = {"ansible": "adhoc", "ansible-playbook": "playbook"}[os.path.basename(sys.argv[0])]
    return int(importlib.import_module(f"ansible.cli.{command}").main() or 0)


def main() -> int:
    """Serve; in a child, run."""
    # What interrupts the tests at a terminal reaches this process too; it ends with the client.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()
    order = Server(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])).serve()
    if order is None:
        return 0
    signal.signal(signal.SIGINT, interrupted)
    return run(order)


if __name__ == "__main__":
    sys.exit(main())
