# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running the playbooks that are about schemas, and looking at what they have done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import Simulator


@dataclass(frozen=True)
class Play:
    """A run of a playbook, with its requests and, as `METHOD last/parts`, its writes."""

    result: Result
    requests: list[dict[str, Any]]
    writes: list[str]

    @property
    def told(self) -> str:
        """What its last task says."""
        said = self.result.last.result["msg"]
        return said if isinstance(said, str) else "\n".join(said)


def play(simulator: Simulator, name: str, *, env: dict[str, str] | None = None, **more: Any) -> Play:
    """Run a playbook with `--diff`; what `run_playbook` does not know is a variable of the playbook."""
    how = {key: more.pop(key) for key in ("check", "door", "verbosity") if key in more}
    mark = simulator.mark()
    env = simulator.environment() if env is None else env
    result = run_playbook(f"entra.provisioning.{name}", extra_vars=more, env=env, diff=True, **how)
    writes = [f"{one['method']} {one['path'].split('/synchronization/jobs')[-1]}" for one in simulator.writes(mark)]
    return Play(result, simulator.requests(mark), [_without_ids(one) for one in writes])


def done(simulator: Simulator, name: str, **more: Any) -> Play:
    """Like `play`, for a run that must succeed."""
    found = play(simulator, name, **more)
    assert found.result.rc == 0, found.result.output
    return found


def portable(simulator: Simulator, name: str) -> dict[str, Any]:
    """The schema of the only job of an application, as a portable document."""
    options = {"display_name": name, "gather": ["schema"], "portable": True}
    result = run_playbook([{"entra.provisioning.sync_info": options}], defaults=simulator.options())
    assert result.rc == 0, result.output
    (found,) = result.last.result["applications"][0]["schema"]
    document: dict[str, Any] = found["schema"]
    return document


def jobs(simulator: Simulator, name: str) -> dict[str, str]:
    """The jobs of an application: the state of each schedule by the id."""
    state = simulator.state()
    (principal,) = (one["id"] for one in state["servicePrincipals"] if one["displayName"] == name)
    found = state["synchronization"][principal]["jobs"].values()
    return {one["job"]["id"]: one["job"]["schedule"]["state"] for one in found}


def _without_ids(write: str) -> str:
    method, path = write.split(" ", 1)
    parts = [part.split(".")[0] for part in path.strip("/").split("/")]
    return f"{method} {'/'.join(parts)}".strip()
