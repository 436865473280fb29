# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.demo``: onboard an application twice and look at what arrived in the target.

The service is the simulator, the target a real SCIM server; the variables are those of tests/package/onboard.yml.
"""

from __future__ import annotations

import sys
from typing import Any

import requests

from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tools.package import NAME, run_case


def main() -> int:
    """1 when the demonstration does not show what it promises."""
    with Simulator() as simulator:
        first = _run(simulator)
        second = _run(simulator)
        simulator.clock("PT40M")
        users = _users(simulator)
    print("Users in the SCIM target:")
    for user in users:
        print(f"  {user['userName']:<40} {user.get('displayName', '')}")
    promises = {
        "the application is onboarded": first.rc == 0 and first.changed > 0,
        "the second run changes nothing": second.rc == 0 and second.changed == 0,
        "users are in the target": bool(users),
    }
    for promise, kept in promises.items():
        print(f"{'PASS' if kept else 'FAIL'} {promise}")
    return 0 if all(promises.values()) else 1


def _run(simulator: Simulator) -> Result:
    print(f"$ ansible-playbook {NAME}.onboard --diff", flush=True)
    result = run_case("onboard", simulator)
    print(result.output, flush=True)
    return result


def _users(simulator: Simulator) -> list[dict[str, Any]]:
    target = simulator.ready["scim"]
    answer = requests.get(
        f"{target['base_address'].rstrip('/')}/Users",
        headers={"Authorization": f"Bearer {target['token']}"},
        timeout=10,
        verify=simulator.ready["ca_path"],
    )
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()["Resources"]
    return found


if __name__ == "__main__":
    sys.exit(main())
