# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One playbook with every module, under every behaviour that the documentation of the service leaves possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import life
from tests.faults.cases import NAME, application
from tests.graphsim.control.quirks import QUIRKS
from tests.harness.playbook import Result
from tests.harness.playbook import run_playbook as run
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

# Every value that is not the default of the simulator, several at a time where they concern different calls. Under the
# defaults runs `expected`.
FAST: list[dict[str, Any]] = [
    {"secrets_put": "merge", "state_after_pause": "Disabled", "create_status": 200, "on_demand_shape": "reference"},
    {"code_after_create": "NotConfigured", "second_job": "conflict", "page_size": 1, "permission_denied": "403"},
    {"template_alias": {"scim": "customappsso"}, "secrets_lag": 1.5, "identical_put": "no_restart"},
    {"second_job": "return_existing", "batch": "refused", "on_demand_limit": 3},
    {"schema_echo": "noise", "assignment_lag": 1.5},
]
# The one that makes modules wait.
BOTH_DOORS: dict[str, Any] = {"replication": 1.5}
CHANGED = {
    "application",
    "template",
    "mappings",
    "job",
    "secrets",
    "settings",
    "schema",
    "assignments",
    "canary",
    "started",
    "paused",
    "running",
    "restarted",
}


@pytest.fixture(scope="session")
def expected(running_simulator: Simulator) -> dict[str, Any]:
    """The end state under the simulator's defaults."""
    running_simulator.reset()
    _two_runs(running_simulator)
    return life.end_state(running_simulator)


def _run(simulator: Simulator, door: str) -> Result:
    done = run(life.tasks(simulator), defaults={**simulator.options(), "timeout": 30}, door=door)
    assert done.rc == 0, done.output
    return done


def _first_run(simulator: Simulator, door: str) -> Result:
    first = _run(simulator, door)
    assert {task.name for task in first.tasks if task.changed} == CHANGED
    return first


def _two_runs(simulator: Simulator) -> None:
    """Run the playbook twice, and make sure that the second finds nothing to do."""
    _first_run(simulator, "fast")
    before, mark = life.end_state(simulator), simulator.mark()
    second = _run(simulator, "fast")
    assert [task.name for task in second.tasks if task.changed] == []
    # Asking to provision on demand is a POST even where the target already has everything.
    assert [one for one in simulator.writes(mark) if not one["path"].endswith("provisionOnDemand")] == []
    assert life.end_state(simulator) == before


@pytest.mark.parametrize("quirks", mostly(FAST, FAST[:1], "The same life under further quirks."), ids="-".join)
def test_quirks(expected: dict[str, Any], simulator: Simulator, quirks: dict[str, Any]) -> None:
    simulator.quirks(**quirks)
    _two_runs(simulator)
    assert life.end_state(simulator) == expected


@pytest.mark.wider("The same life, each module in a process of its own.")
def test_quirk_through_both_doors(expected: dict[str, Any], simulator: Simulator) -> None:
    results = []
    for door in ("fast", "module"):
        simulator.reset()
        simulator.quirks(**BOTH_DOORS)
        results.append(_first_run(simulator, door))
        assert life.end_state(simulator) == expected
    fast, module = results
    assert [task.name for task in fast.tasks] == [task.name for task in module.tasks]
    ours = [pair for pair in zip(fast.tasks, module.tasks) if pair[0].action.startswith("entra.provisioning.")]
    assert len(ours) > 10
    for one, other in ours:
        assert life.timeless(one.result) == life.timeless(other.result), one.name


@pytest.mark.parametrize(
    ("quirk", "value"),
    mostly(
        [
            ("template_alias", {"scim": "Passthrough"}),
            ("second_job", "conflict"),
            ("replication", 1.5),
            ("page_size", 1),
        ],
        [("template_alias", {"scim": "Passthrough"}), ("replication", 1.5)],
        "Under another quirk, which the life above has too.",
    ),
)
def test_what_was_made_can_be_removed(
    simulator: Simulator, run_playbook: Callable[..., Result], quirk: str, value: Any
) -> None:
    simulator.quirks(**{quirk: value})
    by_name = {"display_name": NAME}
    people = {**by_name, "users": ["ben.okoro@contoso.example"], "groups": ["Sales team"]}
    steps: list[tuple[str, dict[str, Any], bool]] = [
        ("gallery_application", by_name, True),
        ("sync_job", {**by_name, "template_id": "customappsso"}, True),
        ("sync_job", {**by_name, "template_id": "scim", "enabled": True, "allow_second_job": True}, True),
        ("sync_job", {**by_name, "template_id": "scim"}, False),
        ("app_role_assignment", people, True),
        ("app_role_assignment", {**people, "state": "absent"}, True),
        ("app_role_assignment", {**people, "state": "absent"}, False),
        ("sync_job", {**by_name, "template_id": "scim", "state": "absent"}, True),
        ("sync_job", {**by_name, "template_id": "scim", "state": "absent"}, False),
    ]
    result = run_playbook([{f"entra.provisioning.{module}": options} for module, options, _changes in steps])
    assert result.rc == 0, result.output
    assert [task.changed for task in result.tasks] == [changes for _module, _options, changes in steps]
    state = simulator.state()
    jobs = [one["job"]["templateId"] for owner in state["synchronization"].values() for one in owner["jobs"].values()]
    assert jobs == ["customappsso"]
    assert state["appRoleAssignments"] == []


def test_every_quirk_is_here() -> None:
    tried = [quirk for quirks in (*FAST, BOTH_DOORS) for quirk in quirks.items()]
    assert {name for name, _value in tried} == set(QUIRKS)
    for name, (default, allowed, _test) in QUIRKS.items():
        choices = allowed.replace(",", "").replace(" or ", " ").split() if " or " in allowed else []
        assert set(choices) - {str(default)} <= {str(value) for quirk, value in tried if quirk == name}, name


@pytest.mark.parametrize("status", [403, 404, 409])
def test_refusals_of_what_was_just_made_pass(
    simulator: Simulator, run_playbook: Callable[..., Result], status: int
) -> None:
    refuse = {"match": {"method": "POST", "path": "/synchronization/jobs$"}, "fault": "status", "status": status}
    make = {"entra.provisioning.gallery_application": {"display_name": NAME}}
    job = {"entra.provisioning.sync_job": {"display_name": NAME, "template_id": "scim"}}
    simulator.reset({"applications": [application()]})
    simulator.faults([{**refuse, "times": 2}])
    assert run_playbook([make, job]).rc != 0, "an application that was there before is not waited for"
    assert simulator.faults_left() == [1]
    simulator.reset()
    simulator.faults([{**refuse, "times": 2}])
    made = run_playbook([make, job])
    assert made.rc == 0, made.output
    assert simulator.faults_left() == [0]


@pytest.mark.parametrize("value", ["401_unknown", "403"])
def test_refusals_are_told_from_absence(simulator: Simulator, run_playbook: Callable[..., Result], value: str) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim"}])]})
    simulator.quirks(permission_denied=value)
    ask = {"entra.provisioning.sync_info": {"display_name": NAME, "gather": ["access"], **simulator.options(1)}}
    granted = {one["to"]: one["granted"] for one in run_playbook([ask]).last.result["applications"][0]["access"]}
    assert granted["list the synchronization jobs of the service principal"] is True
    assert granted["list the functions for expressions"] is False
    write = {"entra.provisioning.sync_job": {"display_name": NAME, "enabled": True, **simulator.options(1)}}
    refused = run_playbook([write])
    assert refused.rc != 0
    assert "Synchronization.ReadWrite.All" in refused.last.result["msg"]


def test_a_second_hit_on_the_next_page_is_seen(simulator: Simulator, run_playbook: Callable[..., Result]) -> None:
    simulator.reset(
        {
            "applications": [application(jobs=[{"template_id": "scim"}])],
            "groups": [{"displayName": "Twin"}, {"displayName": "TWIN"}],
        }
    )
    simulator.quirks(page_size=1)
    mark = simulator.mark()
    result = run_playbook([{"entra.provisioning.app_role_assignment": {"display_name": NAME, "groups": ["Twin"]}}])
    assert "2 groups are named 'Twin'" in result.last.result["msg"]
    assert simulator.writes(mark) == []
