# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at the same time, as real processes: what they make is there once, and neither loses the other's work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import BEN, NAME, application
from tests.faults.mappings import SCHEMA_PATH, job, stored, task, users
from tests.harness.playbook import Result, TaskResult
from tests.harness.playbook import run_playbook as run
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

Run = Callable[..., Result]

NEW = "Fabrikam SCIM"
MAKE = {"name": "make", "entra.provisioning.gallery_application": {"display_name": NEW}, "register": "made"}
START = {
    "name": "start",
    "entra.provisioning.sync_job": {
        "service_principal_id": "{{ made.service_principal.id }}",
        "template_id": "scim",
        "enabled": True,
    },
}
ASSIGN = {
    "name": "assign",
    "entra.provisioning.app_role_assignment": {
        "service_principal_id": "{{ made.service_principal.id }}",
        "users": [BEN],
    },
}
# How the two are held up: what both do before either has made anything, and one that comes in the middle of the other.
DELAYS: dict[str, list[dict[str, Any]]] = {
    "no delay": [],
    "both late": [{"seconds": 2, "times": 2}],
    "the first late": [{"seconds": 2, "times": 1}],
    "the second late": [{"seconds": 2, "times": 1, "skip": 1}],
}


class Machines:
    """Where the two runs take place; on one machine they take turns, so only there nobody ever has to repeat."""

    def __init__(self, run_playbook: Run, folder: Path, kind: str) -> None:
        self.one = kind == "one machine"
        self._run = run_playbook
        self._folder = folder

    def together(self, *plays: list[dict[str, Any]] | str, **call: Any) -> list[Result]:
        """Run playbooks at the same time."""
        with ThreadPoolExecutor(len(plays)) as pool:
            started = [pool.submit(self._on, number, play, call) for number, play in enumerate(plays)]
            return [one.result() for one in started]

    def _on(self, number: int, play: list[dict[str, Any]] | str, call: dict[str, Any]) -> Result:
        homes = {} if self.one else {"ANSIBLE_HOME": str(self._folder / f"machine{number}")}
        how = {**call, "env": {**call.get("env", {}), **homes}}
        return self._run(play, **how) if isinstance(play, list) else run(play, **how)


@pytest.fixture(params=["one machine", "two machines"])
def machines(request: pytest.FixtureRequest, run_playbook: Run, tmp_path: Path) -> Machines:
    """One machine, or two that know nothing of each other."""
    return Machines(run_playbook, tmp_path, request.param)


def _delayed(simulator: Simulator, method: str, path: str, kind: str) -> None:
    match = {"method": method, "path": path}
    simulator.faults([{"match": match, "fault": "delay", **delay} for delay in DELAYS[kind]])


def _named(simulator: Simulator, name: str) -> list[str]:
    return [one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == name]


def _fine(*results: Result) -> None:
    assert [one.rc for one in results] == [0] * len(results), "\n".join(one.output for one in results)


@pytest.mark.parametrize(
    ("machines", "kind"),
    mostly(
        [("one machine", "both late"), *(("two machines", kind) for kind in DELAYS)],
        [("two machines", "both late")],
        "The same race, held up elsewhere.",
    ),
    indirect=["machines"],
)
def test_two_runs_make_one_application(simulator: Simulator, run_playbook: Run, machines: Machines, kind: str) -> None:
    _delayed(simulator, "POST", "/instantiate$", kind)
    results = machines.together(*[[MAKE, START, ASSIGN]] * 2)
    _fine(*results)
    (principal,) = _named(simulator, NEW)
    assert len([one for one in simulator.state()["applications"] if one["displayName"] == NEW]) == 1
    made = [one.task("make").result for one in results]
    assert {one["service_principal"]["id"] for one in made} == {principal}
    assert sorted(one["created"] for one in made) in ([False, True], [False, False])
    synchronization = simulator.state()["synchronization"][principal]
    assert [one["job"]["schedule"]["state"] for one in synchronization["jobs"].values()] == ["Active"]
    assert len([one for one in simulator.state()["appRoleAssignments"] if one["resourceId"] == principal]) == 1
    again = run_playbook([MAKE, START, ASSIGN])
    assert (again.rc, again.changed) == (0, 0), again.output


@pytest.mark.parametrize(
    ("machines", "kind"),
    mostly(
        [("one machine", "both late"), *(("two machines", kind) for kind in DELAYS)],
        [("two machines", "both late")],
        "The same race, held up elsewhere.",
    ),
    indirect=["machines"],
)
def test_two_runs_of_the_role_onboard_one_application(simulator: Simulator, machines: Machines, kind: str) -> None:
    _delayed(simulator, "POST", "/(instantiate|jobs)$", kind)
    # What one has made, the other cannot see at once.
    simulator.quirks(replication=1.5)
    scim = simulator.ready["scim"]
    variables = {
        "onboard_display_name": NEW,
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
        "onboard_users": [BEN],
    }
    call = {"extra_vars": variables, "env": simulator.environment()}
    results = machines.together(*["entra.provisioning.onboard"] * 2, **call)
    # The token of the other one cannot be told from ours, so a run that it overtakes stops before it writes over it.
    stopped = [one for one in results if one.rc]
    assert len(stopped) < len(results)
    assert [
        one.output for one in stopped if "while this task was planning, so nothing was written" not in one.output
    ] == []
    (principal,) = _named(simulator, NEW)
    synchronization = simulator.state()["synchronization"][principal]
    assert [one["job"]["schedule"]["state"] for one in synchronization["jobs"].values()] == ["Active"]
    assert len([one for one in simulator.state()["appRoleAssignments"] if one["resourceId"] == principal]) == 1
    again = run("entra.provisioning.onboard", **call)
    assert (again.rc, again.changed) == (0, 0), again.output


@pytest.mark.parametrize(
    ("machines", "kind", "second_job"),
    mostly(
        [
            ("one machine", "both late", "create"),
            *(("two machines", kind, "create") for kind in DELAYS),
            ("two machines", "both late", "conflict"),
            ("two machines", "both late", "return_existing"),
        ],
        [("two machines", "both late", "create")],
        "The same race, held up elsewhere.",
    ),
    indirect=["machines"],
)
def test_two_runs_make_one_job(
    simulator: Simulator, run_playbook: Run, machines: Machines, kind: str, second_job: str
) -> None:
    simulator.reset({"applications": [application()]})
    simulator.quirks(second_job=second_job)
    _delayed(simulator, "POST", "/synchronization/jobs$", kind)
    wanted = {"display_name": NAME, "template_id": "scim", "enabled": True}
    results = machines.together(*[[{"entra.provisioning.sync_job": wanted}]] * 2)
    _fine(*results)
    found = job(simulator)["job"]
    assert found["schedule"]["state"] == "Active"
    assert {one.last.result["job"]["id"] for one in results} == {found["id"]}
    again = run_playbook([{"entra.provisioning.sync_job": wanted}])
    assert (again.rc, again.changed) == (0, 0), again.output


@pytest.mark.parametrize(
    ("kind", "replication"),
    mostly(
        [("no delay", 0), ("both late", 0), ("both late", 3)], [("both late", 3)], "The same race, held up elsewhere."
    ),
)
def test_two_runs_assign_one_person(simulator: Simulator, machines: Machines, kind: str, replication: float) -> None:
    simulator.reset({"applications": [application()]})
    simulator.quirks(replication=replication)
    _delayed(simulator, "POST", "/appRoleAssignedTo$", kind)
    assign = {"entra.provisioning.app_role_assignment": {"display_name": NAME, "users": [BEN]}}
    results = machines.together(*[[assign]] * 2)
    _fine(*results)
    (principal,) = _named(simulator, NAME)
    (found,) = (one for one in simulator.state()["appRoleAssignments"] if one["resourceId"] == principal)
    for one in results:
        assert [assigned["id"] for assigned in one.last.result["assignments"]] == [found["id"]]
    # And both take it away again.
    _delayed(simulator, "DELETE", "/appRoleAssignedTo/", kind)
    remove = {"entra.provisioning.app_role_assignment": {"display_name": NAME, "users": [BEN], "state": "absent"}}
    _fine(*machines.together(*[[remove]] * 2))
    assert [one for one in simulator.state()["appRoleAssignments"] if one["resourceId"] == principal] == []


def test_two_runs_delete_one_job(simulator: Simulator, machines: Machines) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}])]})
    _delayed(simulator, "DELETE", "/synchronization/jobs/", "both late")
    gone = {"entra.provisioning.sync_job": {"display_name": NAME, "template_id": "scim", "state": "absent"}}
    _fine(*machines.together(*[[gone]] * 2))


OURS, THEIRS = {"target": "title", "attribute": "department"}, {"target": "displayName", "attribute": "surname"}


def _source(simulator: Simulator, target: str) -> str:
    mappings = stored(simulator)["synchronizationRules"][0]["objectMappings"]
    (people,) = (one for one in mappings if one["sourceObjectName"] == "User")
    (found,) = (one for one in people["attributeMappings"] if one["targetAttributeName"] == target)
    return str(found["source"]["name"])


def _lost(one: TaskResult) -> bool:
    return one.status == "ignored"


# Between machines, a write that is far slower than the other's erases it after the other has looked, and nobody can see
# that: the service has no condition for a PUT.
@pytest.mark.parametrize(
    ("machines", "kind"),
    mostly(
        [*(("one machine", kind) for kind in DELAYS), ("two machines", "no delay"), ("two machines", "both late")],
        [("one machine", "both late"), ("two machines", "both late")],
        "The same race, held up elsewhere.",
    ),
    indirect=["machines"],
)
def test_no_change_of_a_schema_is_lost_untold(
    simulator: Simulator, run_playbook: Run, machines: Machines, kind: str
) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "created"}])]})
    _delayed(simulator, "PUT", SCHEMA_PATH, kind)
    wishes = (OURS, THEIRS)
    plays = [[task(object_mappings=users(wish))] for wish in wishes]
    results = [one.last for one in machines.together(*plays)]
    for one, wish in zip(results, wishes):
        there = _source(simulator, wish["target"]) == wish["attribute"]
        assert there or (_lost(one) and not machines.one), one.result
        if _lost(one):
            assert "Run the task again: it plans from what there is now." in one.result["msg"]
    # Whoever failed runs again, and then both are there.
    for play, one in zip(plays, results):
        if _lost(one):
            assert run_playbook(play).last.status == "ok"
    assert [_source(simulator, wish["target"]) for wish in wishes] == ["department", "surname"]
