# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pytest plugin: after every test, what was said to simulators is judged (tests/harness/judge.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.simulator import Simulator


@pytest.fixture(autouse=True)
def judged() -> Iterator[None]:
    """Blame a test for what it or the service said that the description does not allow."""
    yield
    found = [violation for simulator in list(Simulator.running) for violation in simulator.violations()]
    # One is followed by many alike.
    assert not found, "\n".join([f"{len(found)} violations", *found[:3]])
