# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the shorthand can say, against a service that tells a schema differently on every read.

Said in check mode, done, and done again: the second time nothing is written, and what is not named went back byte for
byte.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.life import timeless
from tests.faults.mappings import altered, puts, task
from tests.faults.shorthand_cases import BADGE, PROFIT, SCENARIOS, Scenario, seed
from tests.harness.playbook import TaskResult, run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

# Scenarios that go through both doors.
BOTH_DOORS = (
    "an expression",
    "two mappings of one target",
    "exactly these attributes",
    "exactly this group",
    "all of a custom attribute",
    "other containers",
    "the same expressions",
)


@dataclass(frozen=True)
class Told:
    """What the three runs of a scenario gave, the schemas that the second of them sent, and what was kept."""

    said: TaskResult
    done: TaskResult
    again: TaskResult
    sent: list[dict[str, Any]]
    kept: dict[str, Any]


# Scenarios whose expressions are looked into: what is mapped, the last function, what that reads.
TREES = {
    "an expression": ("displayName", "Join", "surname"),
    "a custom attribute of the source, mapped at once": (BADGE, "Append", PROFIT),
}
# Every third scenario, and those with an expression that is looked into. The unit tests have all of them.
DAILY = [one for number, one in enumerate(SCENARIOS) if number % 3 == 0 or one.name in TREES]
PARTS = {"daily": DAILY, "wider": [one for one in SCENARIOS if one not in DAILY]}
CASES = mostly(
    [(part, one) for part, scenarios in PARTS.items() for one in scenarios],
    [("daily", one) for one in DAILY],
    "Other things to say, said and done in the same way; the unit tests of the shorthand have them.",
)


Outcomes = Callable[[str], dict[str, Told]]


def _named(one: Any) -> str:
    return one.name if isinstance(one, Scenario) else str(one)


@pytest.fixture(scope="module")
def outcomes(
    running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Told]]:
    """Gives what came of the scenarios of one part; they run when that is first asked for."""
    return functools.cache(lambda part: _told(running_simulator, PARTS[part], tmp_path_factory.mktemp("backup")))


def _told(simulator: Simulator, scenarios: list[Scenario], backup: Path) -> dict[str, Told]:
    simulator.reset(seed())
    simulator.quirks(schema_echo="noise")
    before = simulator.mark()
    said = _run(simulator, scenarios, check_mode=True)
    assert simulator.writes(before) == []
    done = _run(simulator, scenarios, backup=True, backup_dir=str(backup))
    sent, mark = puts(simulator, before), simulator.mark()
    again = _run(simulator, scenarios)
    assert simulator.writes(mark) == []
    state = simulator.state()
    principals = {one["displayName"]: one["id"] for one in state["servicePrincipals"]}
    kept = {name: [*state["synchronization"][principals[name]]["jobs"].values()][0]["schema"] for name in done}
    return {
        name: Told(
            said[name],
            done[name],
            again[name],
            [one["body"] for one in sent if principals[name] in one["path"]],
            kept[name],
        )
        for name in done
    }


def _run(simulator: Simulator, scenarios: list[Scenario], **more: Any) -> dict[str, TaskResult]:
    tasks = [task(one.name, **one.options, **more) for one in scenarios]
    return {one.name: one for one in run_playbook(tasks, defaults=simulator.options(), diff=True).tasks}


@pytest.mark.parametrize(("part", "scenario"), CASES, ids=_named)
def test_it_is_said_and_done_once(outcomes: Outcomes, part: str, scenario: Scenario) -> None:
    told = outcomes(part)[scenario.name]
    for one in (told.said, told.done):
        assert one.status == "ok", one.result["msg"]
        assert one.changed is bool(scenario.says)
        assert [_plain(text) for text in one.result["changes"]] == [_plain(text) for text in scenario.says]
        assert one.result["risks"] == scenario.risks
        assert sorted({item["risk"] for item in one.result["differences"]}) == scenario.risks
    assert _shown(told.said) == _shown(told.done)
    assert (told.again.status, told.again.changed, told.again.result["changes"]) == ("ok", False, [])
    assert told.done.result.get("changed_by_service", []) == []


@pytest.mark.parametrize(("part", "scenario"), CASES, ids=_named)
def test_what_is_not_named_goes_back_byte_for_byte(outcomes: Outcomes, part: str, scenario: Scenario) -> None:
    told = outcomes(part)[scenario.name]
    if not scenario.says:
        assert (told.sent, told.done.result.get("backup_file")) == ([], None)
        return
    (sent,) = told.sent
    before = json.loads(Path(told.done.result["backup_file"]).read_text("utf-8"))
    assert altered(before, sent) == scenario.alters


def _plain(text: str) -> str:
    """A sentence without the blanks of expressions, which change from answer to answer."""
    return re.sub(r"\s*,\s*", ",", text)


def _shown(one: TaskResult) -> list[str]:
    return [_plain(one.result["diff"][side]) for side in ("before_header", "before", "after")]


@pytest.mark.wider("The scenarios above, each module in a process of its own.")
def test_both_doors_give_the_same(simulator: Simulator) -> None:
    results = []
    for door in ("fast", "module"):
        simulator.reset(seed())
        tasks = [task(one.name, **one.options) for one in SCENARIOS if one.name in BOTH_DOORS]
        results.append(run_playbook(tasks, defaults=simulator.options(), diff=True, door=door).tasks)
    assert len(results[0]) == len(BOTH_DOORS)
    for fast, module in zip(*results):
        assert fast.status == "ok", fast.result
        assert timeless(fast.result) == timeless(module.result), fast.name


@pytest.mark.parametrize(("scenario", "target", "function", "reads"), [(name, *tree) for name, tree in TREES.items()])
def test_the_tree_of_an_expression_is_the_service_s(
    outcomes: Outcomes, scenario: str, target: str, function: str, reads: str
) -> None:
    (sent,) = outcomes("daily")[scenario].sent
    for document in (sent, outcomes("daily")[scenario].kept):
        people = next(
            one for one in document["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"] == "User"
        )
        source = next(one["source"] for one in people["attributeMappings"] if one["targetAttributeName"] == target)
        assert (source["name"], source["type"]) == (function, "Function")
        last = source["parameters"][-1]["value"]
        assert (last["type"], last["name"], last["expression"]) == ("Attribute", reads, f"[{reads}]")
