# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for real playbook runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.simulator import Simulator

pytest_plugins = ["tests.harness.fixtures"]


@pytest.fixture
def other() -> Iterator[Simulator]:
    """Another tenant."""
    with Simulator("--tenant-id", "33333333-4444-5555-6666-777777777777", scim=False) as simulator:
        yield simulator
