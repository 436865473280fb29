# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""health.yml of the operations guide as it is printed: its exit code and what it says, whatever a job is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import BEN, NAME, application
from tests.harness.guides import blocks
from tests.harness.playbook import run_playbook
from tests.harness.simulator import ROOT, Simulator

# The state of the only job, and what is said of it; None where all is well.
STATES = {
    "healthy": None,
    # The last cycle that the simulator tells of such a job was weeks ago.
    "active": "intervals of PT40M ago",
    # Nobody is to be woken up for what has just been made, or was paused by a person.
    "created": None,
    "started": None,
    "paused": None,
    "entry_errors": "4 objects failed",
    "quarantine": "the target refused the credentials or could not be reached",
    "disabled": "the job no longer runs and was in quarantine",
    "nobody": "perhaps nobody is in scope",
}


def _printed() -> str:
    (found,) = (
        one for one in blocks(ROOT / "docs/docsite/rst/operations.rst") if "- name: Fail where a job is" in one.text
    )
    return found.text


@pytest.mark.parametrize("state", STATES)
def test_it_fails_where_a_job_is_not_well(simulator: Simulator, tmp_path: Path, state: str) -> None:
    seeded = {"disabled": "quarantine", "healthy": "active", "nobody": "started"}.get(state, state)
    scim = simulator.ready["scim"]
    good = {"secrets": {"BaseAddress": scim["base_address"], "SecretToken": scim["token"]}}
    more: dict[str, Any] = good if state in ("healthy", "nobody") else {}
    if state == "healthy":
        more["assigned"] = [BEN]
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": seeded}], **more)]})
    # The service lets a quarantine last for four weeks.
    advance = {"disabled": "P29D", "healthy": "PT41M", "nobody": "PT41M"}.get(state)
    if advance:
        simulator.clock(advance)
    playbook = tmp_path / "health.yml"
    playbook.write_text(_printed())
    result = run_playbook(playbook, env=simulator.environment())
    says = STATES[state]
    assert result.rc == (2 if says else 0), result.output
    if says:
        told = " ".join(result.last.result["msg"].split())
        assert told.startswith(f"Not well: {NAME}: ")
        assert says in told
        assert "None" not in told
    assert simulator.writes() == []
