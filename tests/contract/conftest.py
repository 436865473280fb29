# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test finds the simulator as new."""

from __future__ import annotations

import pytest

from tests.contract.graph_client import Application, Graph
from tests.harness.simulator import Simulator

pytest_plugins = ["tests.harness.fixtures"]


@pytest.fixture
def graph(simulator: Simulator) -> Graph:
    """A client of the simulator."""
    return Graph(simulator)


@pytest.fixture
def application(graph: Graph) -> Application:
    """A non-gallery application."""
    return graph.instantiate()


@pytest.fixture
def job(graph: Graph, application: Application) -> str:
    """The path of a job of that application."""
    return graph.job(application)
