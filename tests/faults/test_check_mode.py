# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode says what the run will do, to the letter, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.cases import NAME, application
from tests.faults.life import example
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

ADELE, BEN, SALES = "adele.vance@contoso.example", "ben.okoro@contoso.example", "Sales team"
# Assigned to one application only, since all of them write to the same target.
EVA = "eva.lind@contoso.example"
FULL = example("customappsso_full")
# A new attribute, an expression with functions that the service has to parse, and a scoping filter.
BADGE = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge"
SHORTHAND: dict[str, Any] = {
    "custom_attributes": [
        {
            "directory": "target",
            "object": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "name": BADGE,
        }
    ],
    "object_mappings": [
        {
            "source": "User",
            "attributes": [
                {"target": BADGE, "expression": 'Append("B-", [employeeId])'},
                {"target": "title", "default": "Staff", "apply": "on_create"},
                {"target": "preferredLanguage", "state": "absent"},
            ],
            "scope": [
                {"name": "Sales", "clauses": [{"attribute": "department", "operator": "EQUALS", "values": ["Sales"]}]}
            ],
        }
    ],
}
PORTABLE = {
    "object_mappings": [
        {
            "source": "User",
            "target": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "name": "People",
            "attributes": [
                {"target": "userName", "attribute": "userPrincipalName", "matching_priority": 1},
                {"target": "displayName", "expression": 'Join(" ", [givenName], [surname])'},
            ],
        }
    ]
}
FROM_JOB = {"from_job": {"display_name": "a source"}}
RISKS = ["matching", "scope", "active", "delete_flow"]

# One application for each case, so that no case sees what another did: name, what the seed holds, module, options.
CASES: list[tuple[str, dict[str, Any] | None, str, dict[str, Any]]] = [
    ("make an application", None, "gallery_application", {}),
    ("create a job and start it", {}, "sync_job", {"template_id": "scim", "enabled": True}),
    ("start a job", {"state": "paused"}, "sync_job", {"enabled": True}),
    ("pause a job", {"state": "active"}, "sync_job", {"template_id": "scim", "enabled": False}),
    ("delete a job", {"state": "active"}, "sync_job", {"state": "absent"}),
    ("action start", {"state": "paused"}, "sync_job_action", {"action": "start"}),
    ("action pause", {"state": "active"}, "sync_job_action", {"action": "pause"}),
    ("action restart", {"state": "active"}, "sync_job_action", {"action": "restart", "reset_scope": ["Escrows"]}),
    ("on demand", {"state": "paused"}, "sync_job_action", {"action": "provision_on_demand", "users": [EVA]}),
    (
        "secrets",
        {"state": "paused"},
        "sync_secrets",
        {"secrets": {"SecretToken": "new-token"}, "scope": "all", "validate": False},
    ),
    (
        "settings",
        {"state": "paused"},
        "sync_secrets",
        {
            "settings": {"CompanyId": "42"},
            "delete_threshold": 7,
            "notification": {"enabled": True, "recipients": ["idm@contoso.example"]},
            "skip_out_of_scope_deletions": True,
            "allow_partial": True,
        },
    ),
    ("schema", {"state": "paused"}, "sync_schema", {"schema": FULL, "allow": RISKS}),
    ("mappings", {"state": "active"}, "sync_schema", {**SHORTHAND, "allow": ["scope"], "pause_around": True}),
    ("mappings of a portable document", {"state": "paused"}, "sync_schema", {"schema": PORTABLE, "allow": RISKS}),
    ("schema of another", {"state": "paused"}, "sync_schema", {**FROM_JOB, "allow": RISKS}),
    ("custom schema", {"state": "paused", "schema": FULL}, "sync_schema", {"state": "default", "allow": RISKS}),
    ("extension", {}, "extension_attribute", {"name": "badge", "target_objects": ["User", "Group"]}),
    ("template", {}, "sync_template", {"template_id": "scim", "description": "ours", "discoverable": False}),
    ("template schema", {}, "sync_template", {"template_id": "scim", "schema": FULL}),
    ("template mappings", {}, "sync_template", {"template_id": "scim", **SHORTHAND, "description": "ours"}),
    ("template back", {}, "sync_template", {"template_id": "scim", "state": "absent"}),
    ("assign", {}, "app_role_assignment", {"users": [BEN], "groups": [SALES]}),
    ("assign exactly", {}, "app_role_assignment", {"users": [BEN], "state": "exact"}),
    ("unassign", {}, "app_role_assignment", {"users": [ADELE], "state": "absent"}),
    ("read", {"state": "active"}, "sync_info", {}),
]
# What check mode cannot know is documented with the module: a reset template may be as delivered already.
PREDICTED_ONLY = "template back"
ALWAYS_ACTS = "action restart"


def _seed(scim: dict[str, str]) -> dict[str, Any]:
    secrets = {"BaseAddress": scim["base_address"], "SecretToken": scim["token"]}
    found = [application("a source", jobs=[{"template_id": "scim", "schema": FULL}])]
    for name, job, _module, _options in CASES:
        if job is not None:
            jobs = [{"template_id": "scim", **job}] if job else []
            # The secrets of one application are given to a PUT that is not to lose any.
            stored = {} if name == "settings" else secrets
            who = EVA if name == "on demand" else ADELE
            found.append(application(name, jobs=jobs, secrets=stored, assigned=[who]))
    return {"applications": found}


def _tasks() -> list[dict[str, Any]]:
    return [
        {"name": name, f"entra.provisioning.{module}": {"display_name": name, **options}, "ignore_errors": True}
        for name, _job, module, options in CASES
    ]


def test_every_module_does_what_it_said(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset(_seed(simulator.ready["scim"]))
    said = run_playbook(_tasks(), check=True, diff=True)
    assert simulator.writes() == []
    done = run_playbook(_tasks(), diff=True)
    for name, _job, _module, _options in CASES:
        before, after = said.task(name), done.task(name)
        assert (before.status, after.status) == ("ok", "ok"), (name, before.result, after.result)
        if name != PREDICTED_ONLY:
            assert before.changed is after.changed is (name != "read"), name
            assert before.result.get("changes") == after.result.get("changes"), name
            assert _texts(before) == _texts(after), name
    mark = simulator.mark()
    again = run_playbook(_tasks(), check=True)
    assert {task.name for task in again.tasks if task.changed} == {PREDICTED_ONLY, ALWAYS_ACTS, "on demand"}
    assert simulator.writes(mark) == []


def _texts(task: Any) -> Any:
    """What --diff shows; of an action on demand only the run knows what it changed."""
    diff = task.result.get("diff") or {}
    return [diff.get(side) for side in ("before_header", "before", "after")]


ROLE = [
    {"name": "onboard", "ansible.builtin.include_role": {"name": "entra.provisioning.onboard"}},
    {"name": "report", "ansible.builtin.debug": {"var": "onboard_report"}},
]


def _variables(simulator: Simulator) -> dict[str, Any]:
    scim = simulator.ready["scim"]
    return {
        "onboard_display_name": NAME,
        "onboard_template_id": "scim",
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
        "onboard_groups": [SALES],
        "onboard_schema": FULL,
        "onboard_canary_users": [BEN],
    }


def _report(result: Result) -> dict[str, Any]:
    assert result.rc == 0, result.output
    found: dict[str, Any] = result.task("report").result["onboard_report"][0]
    return found


def test_the_role_does_what_it_said(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim"}], assigned=[ADELE])]})
    said = _report(run_playbook(ROLE, extra_vars=_variables(simulator), check=True))
    assert simulator.writes() == []
    done = _report(run_playbook(ROLE, extra_vars=_variables(simulator)))
    assert said["changes"] == done["changes"]
    assert "Run the playbook without check mode" in said["next"]
    mark = simulator.mark()
    again = run_playbook(ROLE, extra_vars=_variables(simulator), check=True)
    assert _report(again)["changes"] == []
    assert again.changed == 0
    assert simulator.writes(mark) == []


def test_the_role_plans_an_application_that_does_not_exist(simulator: Simulator, run_playbook: Run) -> None:
    said = run_playbook(ROLE, extra_vars=_variables(simulator), check=True)
    assert _report(said)["changes"] == [
        "make the application Contoso SCIM from the gallery entry Custom",
        "create a synchronization job from the template scim",
        "write SecretToken",
        f"BaseAddress: {simulator.ready['scim']['base_address']} (new)",
        "scope: assigned users and groups only (new)",
        "deletion threshold: 50 (new)",
        "make the schema what the document says",
        "assign the group Sales team",
        "provision the user ben.okoro@contoso.example on demand",
        "start the synchronization job of the template scim",
    ]
    assert simulator.writes() == []
    assert simulator.state()["synchronization"].keys() == {
        one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == "Plain OIDC app"
    }
