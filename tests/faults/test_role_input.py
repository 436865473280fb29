# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role onboard refuses before the first request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator


@pytest.mark.parametrize(
    "variables",
    [{}, {"onboard_display_name": ""}, {"onboard_applications": [{"display_name": "One"}, {"groups": ["Sales team"]}]}],
)
def test_an_application_without_a_name_is_refused(simulator: Simulator, variables: dict[str, Any]) -> None:
    mark = simulator.mark()
    result = run_playbook("entra.provisioning.onboard", extra_vars=variables, env=simulator.environment())
    assert result.rc == 2
    assert result.last.status == "failed"
    assert "Name it in onboard_display_name, or name several in onboard_applications" in result.last.result["msg"]
    assert simulator.requests(mark) == []
