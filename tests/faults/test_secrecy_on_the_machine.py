# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets never leave through command lines and files, while a task runs and after it."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.cases import NAME
from tests.faults.markers import SECRETS, SEED, SIGN_IN, everything, leaking_processes, leaks, leaks_in, places, task
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """A tenant that knows the marked secrets."""
    simulator.reset(SEED)


@pytest.fixture
def defaults(simulator: Simulator) -> dict[str, str]:
    """Every secret that signs in, at once."""
    return {**places(simulator), **SIGN_IN}


# The variables that the options of SIGN_IN fall back to.
VARIABLES = ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_FEDERATED_TOKEN", "GRAPH_ACCESS_TOKEN")
ENVIRONMENT = dict(zip(VARIABLES, SIGN_IN.values()))


@pytest.mark.parametrize("door", ["fast", "module"])
@pytest.mark.parametrize("as_keyword", mostly([False, True], [True], "Inherited in place of a keyword of the task."))
def test_secrets_from_the_environment_stay_off_command_lines(
    simulator: Simulator, run_playbook: Run, door: str, as_keyword: bool
) -> None:
    simulator.faults([{"match": {"path": "/synchronization/jobs"}, "fault": "delay", "seconds": 1.5}])
    read = task("sync_job", {"display_name": NAME}, **({"environment": ENVIRONMENT} if as_keyword else {}))
    seen: list[str] = []
    watching = threading.Event()

    def watch() -> None:
        while not watching.wait(0.05):
            seen.extend(leaking_processes())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        result = run_playbook(
            [read, read], defaults=places(simulator), door=door, verbosity=4, env={} if as_keyword else ENVIRONMENT
        )
    finally:
        watching.set()
        thread.join()
    assert [one.status for one in result.tasks] == ["ok", "ok"], result.output
    assert seen == []
    assert leaks(everything(result)) == []


@pytest.mark.parametrize("door", ["fast", "module"])
def test_nothing_outlives_the_run(
    simulator: Simulator, run_playbook: Run, defaults: dict[str, str], tmp_path: Path, door: str
) -> None:
    simulator.faults([{"match": {"path": "/synchronization/jobs"}, "fault": "delay", "seconds": 2}])
    local, remote = tmp_path / "local", tmp_path / "remote"
    during: dict[str, tuple[int, int]] = {}

    def watch() -> None:
        until = time.monotonic() + 10
        while not during and time.monotonic() < until:
            for file in local.glob("*/entra-token-*"):
                if not file.name.endswith(".lock") and ".lock" not in file.suffixes:
                    during[file.name] = (file.stat().st_mode, file.parent.stat().st_mode)
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    result = run_playbook(
        [task("sync_job", {"display_name": NAME})],
        defaults=defaults,
        door=door,
        env={"ANSIBLE_LOCAL_TEMP": str(local), "ANSIBLE_REMOTE_TEMP": str(remote)},
    )
    thread.join()
    assert result.rc == 0, result.output
    assert [(stat.S_IMODE(file), stat.S_IMODE(folder)) for file, folder in during.values()] == [(0o600, 0o700)]
    assert leaks_in(tmp_path) == []
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_run_in_the_background_keeps_nothing(run_playbook: Run, defaults: dict[str, str], tmp_path: Path) -> None:
    background = {"async": 30, "poll": 1, "environment": {**ENVIRONMENT, "ANSIBLE_ASYNC_DIR": str(tmp_path / "async")}}
    given = {"display_name": NAME, "secrets": SECRETS, "update_secrets": "always", "validate": False}
    result = run_playbook([task("sync_secrets", given, **background)], defaults=defaults, diff=True, verbosity=4)
    assert result.last.status == "ok", result.output
    assert leaks(everything(result)) == []
    assert leaks_in(tmp_path) == []
