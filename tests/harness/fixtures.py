# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest fixtures for tests that run real playbooks; a conftest.py loads them with `pytest_plugins`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest

from tests.harness.playbook import Result, forget_runs
from tests.harness.playbook import run_playbook as run
from tests.harness.simulator import Simulator

pytest_plugins = ["tests.harness.judged"]


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    """One simulator per pytest process (with -n: per worker)."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """The simulator, as new; no run knows of an earlier one."""
    running_simulator.reset()
    forget_runs()
    return running_simulator


@pytest.fixture
def run_playbook(simulator: Simulator) -> Callable[..., Result]:
    """`tests.harness.playbook.run_playbook`, the modules of a task list pointed at the simulator.

    A playbook file gets there by `env=simulator.environment()`.
    """
    return functools.partial(run, defaults=simulator.options())
