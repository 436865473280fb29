# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can hit people's accounts is refused on a job that has worked, whatever way it comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.faults.cases import NAME, application, check_message
from tests.faults.life import example
from tests.faults.mappings import clause, group, job, steps, stored, task, users
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

# One change of each guarded risk, as it can be written in one task with the others.
USER_NAME = {"target": "userName", "attribute": "mail", "matching_priority": 1}
ACTIVE = {"target": "active", "constant": "True"}
SALES = group("Sales", clause("department", "EQUALS", "Sales"))
RISKY: dict[str, dict[str, Any]] = {
    "matching": {"object_mappings": users(USER_NAME)},
    "scope": {"object_mappings": users(scope=[SALES])},
    "active": {"object_mappings": users(ACTIVE)},
    "delete_flow": {"object_mappings": users(flow_types=["Add", "Update"])},
}
ALL = users(USER_NAME, ACTIVE, scope=[SALES], flow_types=["Add", "Update"])
HARMLESS = users({"target": "title", "attribute": "department"})


def _app(name: str, state: str, **more: Any) -> dict[str, Any]:
    schema = {"schema": more.pop("schema")} if "schema" in more else {}
    return application(name, jobs=[{"template_id": "scim", "state": state, **schema}], **more)


def _failed(result: Result) -> list[str]:
    """The messages of all tasks, each of which must have been refused without a change."""
    assert [(one.status, one.changed) for one in result.tasks] == [("ignored", False)] * len(result.tasks)
    return [one.result["msg"] for one in result.tasks]


def test_each_risk_needs_its_own_consent(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [_app(NAME, "active")]})
    refused = [
        task(**options, **more)
        for risk, options in RISKY.items()
        for more in ({}, {"check_mode": True}, {"allow": [one for one in RISKY if one != risk]})
    ]
    messages = _failed(run_playbook(refused))
    assert simulator.writes() == []
    for number, risk in enumerate(RISKY):
        plain, checked, others = messages[3 * number : 3 * number + 3]
        assert plain == checked
        check_message(plain, [f" {risk}: User → User", "171 User and 11 Group objects"], answered=False)
        assert plain.endswith(f"If this is meant, say so with allow: [{risk}].")
        assert others.endswith("allow: [active, delete_flow, matching, scope].")
    allowed = run_playbook([task(**options, allow=[risk]) for risk, options in RISKY.items()])
    assert [(one.status, one.changed) for one in allowed.tasks] == [("ok", True)] * len(RISKY)
    assert [one.result["risks"] for one in allowed.tasks] == [[risk] for risk in RISKY]
    assert [one["method"] for one in simulator.writes()] == ["PUT"] * len(RISKY)


def test_all_at_once_name_their_changes_and_what_they_do(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [_app(NAME, "active")]})
    refused = [task(object_mappings=ALL, allow=["scope"])]
    one = run_playbook(refused).last
    assert run_playbook(refused, door="module").last.result["msg"] == one.result["msg"]
    says = [
        "The schema of Contoso SCIM was not changed",
        "matching: User → User / userName: [userPrincipalName] → [mail] (accounts that are not linked yet",
        'active: User → User / active: Switch([IsSoftDeleted], , "False", "True", "True", "False") → "True"',
        "delete_flow: User → User",
        "up to all of them",
        "say so with allow: [active, delete_flow, matching, scope].",
    ]
    check_message(one.result["msg"], says, answered=False)
    assert "Sales" not in one.result["msg"]
    assert one.result["error"]["risks"] == ["matching", "active", "delete_flow"]
    assert any("Sales" in told for told in one.result["error"]["differences"])


UNGUARDED = {"new": "created", "started": "started"}
GUARDED = {
    "resting": "paused",
    "running": "active",
    "in trouble": "entry_errors",
    "locked out": "quarantine",
    "about to delete": "too_many_deletes",
}


def test_only_a_job_that_has_worked_is_guarded(simulator: Simulator, run_playbook: Run) -> None:
    """But for what a first cycle does to accounts that the target has already."""
    states = {**UNGUARDED, **GUARDED}
    simulator.reset({"applications": [_app(name, state) for name, state in states.items()]})
    first = run_playbook([task(name, object_mappings=users(ACTIVE)) for name in UNGUARDED])
    assert all("links the accounts that the target has already" in message for message in _failed(first))
    result = run_playbook([task(name, object_mappings=ALL, allow=["active"]) for name in states])
    assert {one.name: one.status for one in result.tasks} == {
        **dict.fromkeys(UNGUARDED, "ok"),
        **dict.fromkeys(GUARDED, "ignored"),
    }
    assert all("the job has run before" in result.task(name).result["msg"] for name in GUARDED)
    assert len(simulator.writes()) == len(UNGUARDED)


def test_what_protects_is_told(simulator: Simulator, run_playbook: Run) -> None:
    notification = {"Enabled": False, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 25}
    threshold = {"SyncNotificationSettings": json.dumps(notification)}
    simulator.reset(
        {
            "applications": [
                _app("bare", "active"),
                _app("threshold", "active", secrets=threshold),
                _app("both", "paused", secrets={**threshold, "SkipOutOfScopeDeletions": "True"}),
            ]
        }
    )
    scope = users(scope=[SALES])
    bare, some, both = _failed(
        run_playbook([task(name, object_mappings=scope) for name in ("bare", "threshold", "both")])
    )
    assert "No deletion threshold is set" in bare
    assert "A deletion threshold of 25 stops a cycle" in some
    assert "left alone" not in bare + some
    assert "threshold of 25" in both
    assert "left alone, since skip_out_of_scope_deletions is on" in both
    assert "171 User and 11 Group objects" in bare
    assert "provisioned nothing that it counts" in both


def test_every_way_to_a_schema_is_guarded(simulator: Simulator, run_playbook: Run) -> None:
    full, default = example("customappsso_full"), example("customappsso_default")
    simulator.reset({"applications": [_app(NAME, "active", schema=full), _app("Other", "created")]})
    read = {"display_name": "Other", "gather": ["schema"], "portable": True}
    ways: list[dict[str, Any]] = [
        {"state": "default"},
        {"from_job": {"display_name": "Other"}},
        {"schema": default},
        {"schema": "{{ read.applications[0].schema[0].schema }}"},
        {"object_mappings": [{"source": "User", "attributes": [], "purge_attributes": True}]},
    ]
    tasks = [task(**way, **more) for way in ways for more in ({}, {"check_mode": True})]
    result = run_playbook([{"entra.provisioning.sync_info": read, "register": "read"}, *tasks])
    assert [one.status for one in result.tasks] == ["ok"] + ["ignored"] * len(tasks)
    for one in result.tasks[1:]:
        assert "matching" in one.result["error"]["risks"]
        assert "the job has run before" in one.result["msg"]
    assert simulator.writes() == []
    assert stored(simulator)["synchronizationRules"]


def test_the_cost_is_a_line_of_the_diff(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [_app(NAME, "active"), _app("resting", "paused"), _app("new", "created")]})
    changes = {"object_mappings": HARMLESS, "check_mode": True}
    job_id = job(simulator)["job"]["id"]
    tasks = [task(**changes), task("resting", **changes), task("new", **changes), task(**changes, job_id=job_id)]
    counted, nothing, new, by_id = (one.result["diff"]["after"] for one in run_playbook(tasks, diff=True).tasks)
    cost = "# the next cycle evaluates 171 User and 11 Group objects anew, which takes about 2 to 15 minutes\n"
    assert counted == by_id == f"User → User / title: [department]\n{cost}"
    assert nothing == "User → User / title: [department]\n# the next cycle evaluates the whole source anew\n"
    assert new == "User → User / title: [department]\n"


def test_the_job_is_read_only_where_its_id_is_all_that_is_known(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [_app(NAME, "active")]})
    job_id = job(simulator)["job"]["id"]

    def asked(diff: bool, **options: Any) -> list[str]:
        mark = simulator.mark()
        run_playbook([task(job_id=job_id, check_mode=True, **options)], diff=diff)
        return [one for one in steps(simulator, mark) if "servicePrincipals" not in one and "configuration" not in one]

    assert asked(False, object_mappings=HARMLESS) == ["GET schema"]
    assert asked(True, object_mappings=HARMLESS) == ["GET schema", "GET job"]
    assert asked(False, **RISKY["scope"]) == ["GET schema", "GET job", "GET secrets"]
    assert asked(True, object_mappings=[]) == ["GET schema"]
