# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that must fail, run in one playbook per door, and what a message of failure must be like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.harness.playbook import Result, TaskResult, run_playbook
from tests.harness.simulator import Simulator

CUSTOM = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
NAME = "Contoso SCIM"
HERE = {"display_name": NAME}
BEN = "ben.okoro@contoso.example"
REQUEST_ID = re.compile(r"\(request id [0-9a-f-]{36}\)")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def application(name: str = NAME, **more: Any) -> dict[str, Any]:
    """An application of a seed, made from the gallery entry for those that are not listed."""
    return {"display_name": name, "application_template_id": CUSTOM, **more}


@dataclass(frozen=True)
class Case:
    """One task that must fail.

    :param options: of the module; texts may name places in braces, which `run_cases` fills.
    :param says: what its message must contain.
    :param answered: the service has answered, so the message must carry the request id.
    """

    name: str
    module: str
    options: dict[str, Any]
    says: Sequence[str]
    answered: bool = False


@dataclass(frozen=True)
class Door:
    """What came of all cases through one door."""

    result: Result
    requests: list[dict[str, Any]]
    writes: list[dict[str, Any]]
    tasks: dict[str, TaskResult] = field(default_factory=dict)


def run_cases(
    simulator: Simulator, cases: Sequence[Case], places: Mapping[str, str], door: str, **options: Any
) -> Door:
    """Run every case, each in a task of its name."""
    tasks = [
        {"name": case.name, f"entra.provisioning.{case.module}": _filled(case.options, places), "ignore_errors": True}
        for case in cases
    ]
    mark = simulator.mark()
    # Ansible words some messages from sets; one seed gives both doors the same order.
    environment = {"PYTHONHASHSEED": "0", **options.pop("env", {})}
    result = run_playbook(tasks, door=door, defaults=simulator.options(), verbosity=4, env=environment, **options)
    named = {task.name: task for task in result.tasks}
    return Door(result, simulator.requests(mark), simulator.writes(mark), named)


def check_message(message: str, says: Sequence[str], *, answered: bool) -> None:
    """One paragraph in sentences, with everything that it must say; and never a Python traceback."""
    assert "\n" not in message and "  " not in message, repr(message)
    assert not message.endswith(".."), message
    assert "Traceback" not in message
    missing = [text for text in says if text not in message]
    assert not missing, f"{missing} not in: {message}"
    assert bool(REQUEST_ID.search(message)) is answered, message


def nameless(message: str) -> str:
    """A message without ids, some of which are new for each request."""
    return _GUID.sub("(id)", message)


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: places[found[1]], value)
    if isinstance(value, dict):
        return {name: _filled(item, places) for name, item in value.items()}
    return [_filled(item, places) for item in value] if isinstance(value, list) else value
