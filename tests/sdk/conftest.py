# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all tests, run by the interpreter that GRAPHSIM_PYTHON names; each test finds it as new."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.harness.simulator import Simulator
from tests.sdk.application import Application, instantiate
from tests.sdk.client import Client, connect

pytest_plugins = ["tests.harness.judged"]


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    """A simulator with its SCIM server."""
    with Simulator(interpreter=os.environ.get("GRAPHSIM_PYTHON", sys.executable)) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """The simulator, as new."""
    running.reset()
    return running


@pytest.fixture
def anyio_backend() -> str:
    """Which of the loops that anyio knows."""
    return "asyncio"


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[Client]:
    """The SDK, signed in as the client that may do everything."""
    async with connect(simulator) as connected:
        yield connected


@pytest.fixture
async def application(client: Client) -> Application:
    """A new application from the gallery."""
    return await instantiate(client)


@pytest.fixture
async def job(application: Application) -> Application:
    """The same with a job, whose credentials are stored."""
    await application.create_job()
    await application.store_credentials()
    return application
