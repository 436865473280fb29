# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the script of scim2-server until it ends or this process's standard input is closed.

``python -m tests.graphsim.engine.target_process [--judged] SCRIPT ARGUMENTS``. The parent holds the other end of the
standard input, so the script never outlives it. `--judged` puts the judge in front of the server.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading
from typing import Any
from wsgiref import simple_server


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


def _put_judge_in_front() -> None:
    from tests.graphsim.engine.target_judge import Judge

    serve = simple_server.make_server

    def serve_judged(host: str, port: int, application: Any, **options: Any) -> Any:
        return serve(host, port, Judge(application), **options)

    # The script has no option for what stands in front of its application, and serves it with this function.
    simple_server.make_server = serve_judged


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    if sys.argv[0] == "--judged":
        del sys.argv[0]
        _put_judge_in_front()
    runpy.run_path(sys.argv[0], run_name="__main__")
