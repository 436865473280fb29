# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.demo``: onboard an application twice and look at what arrived in the target.

The service is the simulator, the target a real SCIM server; the variables are those of tests/package/onboard.yml.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import requests

from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tools.package import CASES, NAME, run_case


def main() -> int:
    """1 when the demonstration does not show what it promises."""
    began = time.monotonic()
    _title("Starting a simulated tenant and a SCIM server")
    with Simulator() as simulator:
        print(f"Graph: {simulator.ready['graph_endpoint']}\nSCIM:  {simulator.ready['scim']['base_address']}")
        _title("The application, as its owner describes it")
        print((CASES / "onboard.yml").read_text().split("---", 1)[1].strip())
        _title(f"ansible-playbook {NAME}.onboard")
        first = _run(simulator)
        users, groups = _scim(simulator, "Users"), _scim(simulator, "Groups")
        _title("What the SCIM server has now")
        _show(users, groups)
        _title("The same playbook again")
        mark = simulator.mark()
        second = _run(simulator)
        writes = simulator.writes(mark)
    return _judged(
        time.monotonic() - began,
        {
            "the application was onboarded": first.rc == 0 and first.changed > 0,
            f"{len(users)} users and {len(groups)} group arrived in the target": len(users) == 3 and len(groups) == 1,
            "the second run changed nothing and wrote nothing": (second.rc, second.changed, writes) == (0, 0, []),
        },
    )


def _run(simulator: Simulator) -> Result:
    return run_case("onboard", simulator, live=True, variables={"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"})


def _scim(simulator: Simulator, kind: str) -> list[dict[str, Any]]:
    target = simulator.ready["scim"]
    answer = requests.get(
        f"{target['base_address'].rstrip('/')}/{kind}",
        headers={"Authorization": f"Bearer {target['token']}"},
        timeout=10,
    )
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json().get("Resources", [])
    return found


def _show(users: list[dict[str, Any]], groups: list[dict[str, Any]]) -> None:
    names = {user["id"]: user["userName"] for user in users}
    print(f"{'userName':<32}{'displayName':<20}{'title':<24}active")
    for user in users:
        print(f"{user['userName']:<32}{user.get('displayName', ''):<20}{user.get('title', ''):<24}{user.get('active')}")
    for group in groups:
        members = ", ".join(names.get(one["value"], one["value"]) for one in group.get("members", []))
        print(f"group {group['displayName']}: {members}")


def _title(text: str) -> None:
    print(f"\n=== {text} ===", flush=True)


def _judged(seconds: float, promises: dict[str, bool]) -> int:
    _title(f"Done in {seconds:.0f} s, everything stopped")
    for promise, kept in promises.items():
        print(f"{'PASS' if kept else 'FAIL'} {promise}")
    return 0 if all(promises.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
