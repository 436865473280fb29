# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task warns of what its own change brings about, not of what it found, and of nothing that was silenced."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.cases import application, check_message
from tests.faults.life import example
from tests.faults.mappings import task, users
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

Run = Callable[..., Result]

TWICE = {"target": "title", "attribute": "jobTitle"}, {"target": "title", "attribute": "department"}
ENABLED = {"target": "active", "attribute": "accountEnabled"}
DUPLICATE, NOT_SOFT = "(rule duplicate-target)", "(rule active-not-soft-deleted)"
# Options, and the rules that are warned of: in the schema of a new job, and in one that has a duplicate already.
CASES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "two mappings": ({"object_mappings": users(*TWICE)}, [DUPLICATE], []),
    "both": ({"object_mappings": users(*TWICE, ENABLED)}, [NOT_SOFT, DUPLICATE], [NOT_SOFT]),
    "one silenced": (
        {"object_mappings": users(*TWICE, ENABLED), "ignore_findings": ["duplicate-target"]},
        [NOT_SOFT],
        [NOT_SOFT],
    ),
    "silenced at one place": (
        {"object_mappings": users(*TWICE, ENABLED), "ignore_findings": ["duplicate-target:* / title"]},
        [NOT_SOFT],
        [NOT_SOFT],
    ),
    "silenced elsewhere": (
        {"object_mappings": users(*TWICE, ENABLED), "ignore_findings": ["active-not-soft-deleted:Group*"]},
        [NOT_SOFT, DUPLICATE],
        [NOT_SOFT],
    ),
    "nothing wrong": ({"object_mappings": users({"target": "nickName", "attribute": "mailNickname"})}, [], []),
    "nothing to do": ({"object_mappings": users({"target": "externalId", "attribute": "mailNickname"})}, [], []),
}


def _with_a_duplicate() -> dict[str, Any]:
    schema = example("customappsso_default")
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        for one in [one for one in mapping["attributeMappings"] if one["targetAttributeName"] == "title"]:
            mapping["attributeMappings"].append(copy.deepcopy(one))
            one["source"] = {"name": "department", "type": "Attribute", "expression": "[department]", "parameters": []}
    return schema


@pytest.mark.parametrize(
    ("check_mode", "had"),
    mostly(
        list(itertools.product((False, True), repeat=2)),
        [(False, True), (True, False)],
        "The same in check mode, or where it was so before.",
    ),
)
def test_only_what_the_change_brings_about(
    simulator: Simulator, run_playbook: Run, had: bool, check_mode: bool
) -> None:
    job = {"template_id": "scim", **({"schema": _with_a_duplicate()} if had else {})}
    simulator.reset({"applications": [application(name, jobs=[job]) for name in CASES]})
    told = run_playbook([task(name, **CASES[name][0], check_mode=check_mode) for name in CASES])
    for one in told.tasks:
        assert one.status == "ok", one.result["msg"]
        warnings = one.result.get("warnings", [])
        rules = CASES[one.name][2 if had else 1]
        assert len(warnings) == len(rules), (one.name, warnings)
        assert all(text.endswith(rule) for text, rule in zip(sorted(warnings), sorted(rules))), warnings
        assert all(text.startswith("User → User / ") for text in warnings)


def test_what_is_silenced_must_exist(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application("one", jobs=[{"template_id": "scim"}])]})
    options = {"object_mappings": users(*TWICE), "ignore_findings": ["duplicate-targets"]}
    told = run_playbook([task("one", **options)]).last
    check_message(told.result["msg"], ["no lint rule 'duplicate-targets'", "Nearest: duplicate-target"], answered=False)
    assert simulator.requests() == []
