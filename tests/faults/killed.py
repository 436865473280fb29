# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook that is killed in the middle of a request."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.harness.playbook import start_playbook
from tests.harness.simulator import Simulator

HELD = 1.5


def killed_at(
    simulator: Simulator, folder: Path, playbook: str, variables: dict[str, Any], method: str, path: str
) -> None:
    """Run a playbook until the service holds the request, kill all of its processes, and let the service go on."""
    simulator.faults([{"match": {"method": method, "path": path}, "fault": "delay", "seconds": HELD}])
    file = folder / "variables.json"
    file.write_text(json.dumps(variables))
    mark = simulator.mark()
    running = start_playbook(playbook, folder, ["--extra-vars", f"@{file}"], simulator.environment())
    try:
        _until(lambda: simulator.faults_left() == [0] or running.poll() is not None)
        assert running.poll() is None, "the playbook never came to this point"
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()

    def carried_out() -> bool:
        return any(
            one["method"] == method and re.search(path, f"{one['path']}?{one['query']}".rstrip("?"))
            for one in simulator.requests(mark)
        )

    _until(carried_out)
    simulator.faults([])


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)
