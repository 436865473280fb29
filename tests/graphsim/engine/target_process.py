# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the script of scim2-server until it ends or this process's standard input is closed.

``python -m tests.graphsim.engine.target_process --listener=FD [--judged] SCRIPT ARGUMENTS``. The parent holds the other
end of the standard input, so the script never outlives it. FD is the socket that the server gets instead of one of its
own. `--judged` puts the judge in front of the server.
"""

from __future__ import annotations

import importlib
import os
import runpy
import socket
import sys
import threading
from typing import Any
from wsgiref import simple_server


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


def _serve_there(listener: socket.socket, *, judged: bool) -> None:
    def serve(
        _host: str,
        _port: int,
        application: Any,
        server_class: type[simple_server.WSGIServer] = simple_server.WSGIServer,
        handler_class: type[simple_server.WSGIRequestHandler] = simple_server.WSGIRequestHandler,
    ) -> simple_server.WSGIServer:
        server = server_class(listener.getsockname(), handler_class, bind_and_activate=False)
        server.socket.close()
        server.socket = listener
        server.server_name, server.server_port = server.server_address[:2]
        server.setup_environ()
        server.set_app(_judged(application) if judged else application)
        return server

    # The script has no options for its socket and for what stands in front of its application, and serves it with this.
    simple_server.make_server = serve


def _serve_there_with_werkzeug(listener: socket.socket) -> None:
    """The same for scim2-server 0.2, the last one for Python 3.10, which is not judged."""
    serving = importlib.import_module("werkzeug.serving")

    def serve(host: str, port: int, application: Any, **_options: Any) -> None:
        serving.make_server(host, port, application, threaded=True, fd=listener.fileno()).serve_forever()

    serving.run_simple = serve


def _judged(application: Any) -> Any:
    from tests.graphsim.engine.target_judge import Judge

    return Judge(application)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    listener = socket.socket(fileno=int(sys.argv[1].removeprefix("--listener=")))
    del sys.argv[:2]
    judged = sys.argv[0] == "--judged"
    if judged:
        del sys.argv[0]
    _serve_there(listener, judged=judged)
    if not judged:
        _serve_there_with_werkzeug(listener)
    runpy.run_path(sys.argv[0], run_name="__main__")
