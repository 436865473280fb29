# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's days: what happened, the playbook for it, and what the service and the SCIM target hold afterwards.

Other days have files of their own: jobs in quarantine (test_role_recover), tokens that end
(test_role_rotate_credentials), the end of an application (test_role_offboard), schemas that go elsewhere and come back
(test_playbooks_of_schemas).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.faults import situations
from tests.faults.cases import BEN, NAME, application
from tests.faults.life import target
from tests.faults.situations import ADELE, CARLA, DENIZ, EVA
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

THROTTLED = {"fault": "status", "status": 429, "headers": {"Retry-After": "1"}}


def _tasks(text: str, **places: str) -> list[dict[str, Any]]:
    """The tasks of a playbook; words in capitals stand for what differs from run to run."""
    for word, value in places.items():
        text = text.replace(word, value)
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found


def _people(simulator: Simulator) -> dict[str, dict[str, Any]]:
    return {one["userName"]: one for one in target(simulator)["Users"]}


def _calls(simulator: Simulator, mark: int = 0) -> list[str]:
    return [f"{one['method']} {one['path'].rpartition('/')[2]}" for one in simulator.writes(mark)]


HEALTH = """
- name: Read the health of all jobs of the tenant
  entra.provisioning.sync_info:
    gather: [health]
  register: tenant

- name: Name those that run and are not well
  ansible.builtin.set_fact:
    unwell: >-
      {{ tenant.applications | subelements('health') | selectattr('1.running') | rejectattr('1.healthy')
      | rejectattr('1.never_run') | map(attribute='0.display_name') | list }}
"""


def test_one_of_a_tenant_is_ill_and_healed(simulator: Simulator, run_playbook: Run) -> None:
    situations.a_revoked_token(simulator)
    sick = run_playbook(_tasks(HEALTH))
    assert sick.last.result["ansible_facts"]["unwell"] == [NAME], sick.output
    assert simulator.writes() == []
    assert set(_people(simulator)) == {ADELE}
    repair = """
- name: Store a token that the target takes
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    secrets:
      SecretToken: TOKEN
    update_secrets: always
    validate: true

- name: Let the job out of quarantine, and wait for its cycle
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: restart
    reset_scope: [QuarantineState]
    wait: true
"""
    healed = run_playbook([*_tasks(repair, TOKEN=simulator.ready["scim"]["token"]), *_tasks(HEALTH)])
    assert healed.last.result["ansible_facts"]["unwell"] == [], healed.output
    assert situations.job(simulator)["job"]["status"]["code"] == "Active"
    assert set(_people(simulator)) == {ADELE, BEN, CARLA}


WHO_FAILS = """
- name: Read what went wrong in the last cycle
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather: [health, logs]
    logs_cycle: last
    logs_status: [failure, warning]
  register: read
"""
RESTART = """
- name: Restart the job
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: restart
    reset_scope: [SCOPE]
    wait: true
"""


def test_who_fails_and_why_and_what_each_restart_forgets(simulator: Simulator, run_playbook: Run) -> None:
    situations.a_name_that_is_taken(simulator)
    told = run_playbook(_tasks(WHO_FAILS)).last.result["applications"][0]
    (failure,) = told["logs"]["failures"]
    eva = next(one["id"] for one in simulator.state()["users"] if one["userPrincipalName"] == EVA)
    assert (failure["step"], failure["count"], failure["example_source_id"]) == ("export", 1, eva)
    assert "unique" in failure["explanation"]
    assert EVA not in json.dumps(told)
    assert told["health"][0]["healthy"] is False
    memory = situations.job(simulator)["memory"]
    assert (list(memory["escrows"]), len(memory["links"]), memory["watermark"]) == ([eva], 2, True)

    # The stranger goes. Without the failures, nobody remembers that Eva is still to come.
    (stranger,) = [one for one in _listed(simulator) if one["displayName"] == situations.STRANGER]
    situations.scim(simulator, "DELETE", f"/Users/{stranger['id']}")
    assert run_playbook(_tasks(RESTART, SCOPE="Escrows")).rc == 0
    memory = situations.job(simulator)["memory"]
    assert (memory["escrows"], len(memory["links"]), memory["watermark"]) == ({}, 2, True)
    assert set(_people(simulator)) == {ADELE, BEN}

    # All are looked at again; accounts stay with whom they belong to.
    ids = {one["userName"]: one["id"] for one in _listed(simulator)}
    result = run_playbook([*_tasks(RESTART, SCOPE="Watermark"), *_tasks(WHO_FAILS)])
    healthy = result.last.result["applications"][0]
    assert (healthy["health"][0]["healthy"], healthy["logs"]["failures"]) == (True, []), result.output
    after = {one["userName"]: one["id"] for one in _listed(simulator)}
    assert set(after) == {ADELE, BEN, EVA}
    assert {name: after[name] for name in ids} == ids


def _listed(simulator: Simulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = situations.scim(simulator, "GET", "/Users?count=500")["Resources"]
    return found


PREPARE = """
- name: Hold the job, once its running cycle has ended
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: pause
    wait: true

- name: Change what people get as their title
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    object_mappings:
      - source: User
        attributes:
          - {target: title, expression: 'Join(", ", [jobTitle], [department])'}

- name: Assign one more
  entra.provisioning.app_role_assignment:
    display_name: Contoso SCIM
    users: [deniz.kaya@contoso.example]

- name: Try it with one
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: provision_on_demand
    users: [adele.vance@contoso.example]
  register: canary
"""
GO_ON = """
- name: Go on with everybody
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: start
    wait: true
"""


def test_a_change_that_hits_many_waits_for_the_running_cycle(simulator: Simulator, run_playbook: Run) -> None:
    situations.an_ordinary_day(simulator)
    one_job = r"/jobs/[^/?]+(\?|$)"
    # The cycle goes on for two looks at the job after the pause.
    ending = situations.job(simulator)["job"]
    ending["schedule"]["state"] = "Paused"
    simulator.faults(
        [{"match": {"method": "GET", "path": one_job}, "fault": "status", "status": 200, "body": ending, "times": 2}]
    )
    held = run_playbook(_tasks(PREPARE))
    assert held.rc == 0, held.output
    assert simulator.faults_left() == [0]
    calls = [f"{one['method']} {one['path'].rpartition('/')[2]}" for one in simulator.requests()]
    paused = calls.index("POST pause")
    assert calls[paused + 1 :].index("PUT schema") > 3
    assert _calls(simulator)[:2] == ["POST pause", "PUT schema"]

    # Nothing goes on by itself.
    simulator.clock("PT3H")
    titles = {name: one.get("title") for name, one in _people(simulator).items()}
    assert titles == {ADELE: "Head of Sales, Sales", BEN: "Account Manager", CARLA: "Account Manager"}
    assert situations.job(simulator)["job"]["schedule"]["state"] == "Paused"

    mark = simulator.mark()
    done = run_playbook([*_tasks(GO_ON), *_tasks(GO_ON)])
    assert [one.changed for one in done.tasks] == [True, False], done.output
    assert _calls(simulator, mark) == ["POST start"]
    titles = {name: one.get("title") for name, one in _people(simulator).items()}
    assert set(titles) == {ADELE, BEN, CARLA, DENIZ}
    assert titles[BEN] == "Account Manager, Sales"


MISTAKE = """
- name: Provision only the people of the Netherlands
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    object_mappings:
      - source: User
        scope:
          - name: Netherlands
            clauses:
              - {attribute: country, operator: EQUALS, values: [NL]}
    allow: [scope]
    backup: true
    backup_dir: FOLDER
"""


def test_a_scope_that_was_a_mistake_goes_back(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    situations.an_ordinary_day(simulator)
    assert run_playbook(_tasks(MISTAKE, FOLDER=str(tmp_path))).rc == 0
    simulator.clock("PT41M")
    assert {name: one["active"] for name, one in _people(simulator).items()} == {ADELE: True, BEN: True, CARLA: False}
    (backup,) = tmp_path.iterdir()
    back = {"rollback_display_name": NAME, "rollback_file": str(backup), "rollback_allow": ["scope"]}
    how: dict[str, Any] = {"defaults": {}, "env": simulator.environment()}
    places = {"rollback_backup_dir": str(tmp_path)}
    done = run_playbook("entra.provisioning.rollback_schema", extra_vars={**back, **places}, **how)
    assert done.rc == 0, done.output
    assert _calls(simulator) == ["PUT schema"] * 2
    simulator.clock("PT41M")
    assert {name: one["active"] for name, one in _people(simulator).items()} == {ADELE: True, BEN: True, CARLA: True}


NEW_GROUP = """
- name: Assign a group of 23
  entra.provisioning.app_role_assignment:
    display_name: Contoso SCIM
    groups: [Large]

- name: Provision it with all its members, as soon as the service knows of it
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: provision_on_demand
    groups: [Large]
    assignment_wait: 60
  register: large
"""


def test_a_group_of_23_that_was_assigned_a_moment_ago(simulator: Simulator, run_playbook: Run) -> None:
    """Five calls for the members, and five again, since the service takes only five in ten seconds."""
    simulator.reset(
        {
            "groups": [{"displayName": "Large", "member_count": 23}],
            "applications": [application(jobs=[{"template_id": "scim"}], secrets=situations.secrets(simulator))],
        }
    )
    simulator.quirks(assignment_lag=2)
    result = run_playbook(_tasks(NEW_GROUP))
    assert result.rc == 0, result.output
    sent = [one for one in simulator.requests() if one["path"].endswith("/provisionOnDemand")]
    assert [one["status"] for one in sent] == [200] * 10
    assert sent[5]["at"] - sent[0]["at"] > 9.5
    assert [len(one["members"]) for one in result.last.result["results"]] == [5, 5, 5, 5, 3]
    (group,) = target(simulator)["Groups"]
    assert (group["displayName"], len(group["members"]), len(_people(simulator))) == ("Large", 23, 23)
    assert [one["principalDisplayName"] for one in simulator.state()["appRoleAssignments"]] == ["Large"]


# Each is refused twice, but for what is asked for more than once anyway.
STORM = [
    ("POST", r"/oauth2/v2.0/token$"),
    ("POST", r"/\$batch$"),
    ("GET", r"/users/"),
    ("POST", r"/instantiate$"),
    ("POST", r"/synchronization/jobs$"),
    ("POST", r"/validateCredentials$"),
    ("PUT", r"/synchronization/secrets$"),
    ("POST", r"/appRoleAssignedTo$"),
    ("POST", r"/provisionOnDemand$"),
    ("POST", r"/start$"),
]


def test_a_storm_of_refusals(simulator: Simulator, run_playbook: Run) -> None:
    scim = simulator.ready["scim"]
    variables = {
        "onboard_display_name": NAME,
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
        "onboard_users": [ADELE, BEN],
        "onboard_groups": ["Sales team"],
        "onboard_canary_users": [ADELE],
    }
    how: dict[str, Any] = {"defaults": {}, "extra_vars": variables, "env": simulator.environment()}
    simulator.faults([{"match": {"method": method, "path": path}, **THROTTLED} for method, path in STORM])
    done = run_playbook("entra.provisioning.onboard", **how)
    assert done.rc == 0, done.output
    assert simulator.faults_left() == [0] * len(STORM)
    refused = [one for one in simulator.requests() if one["status"] == 429]
    # The one inside of a batch is not a request of its own.
    assert len(refused) == len(STORM) - 1
    for one in refused:
        again = next(
            later
            for later in simulator.requests(one["n"] + 1)
            if (later["method"], later["path"]) == (one["method"], one["path"])
        )
        assert again["at"] - one["at"] >= 1, again
    batch = next(one for one in simulator.requests() if one["path"].endswith("$batch") and one["status"] == 200)
    alone = next(one for one in simulator.requests(batch["n"]) if "/users/" in one["path"])
    assert alone["at"] - batch["at"] >= 1

    made = [one for one in simulator.writes() if one["status"] < 300 and "appRoleAssignedTo" not in one["path"]]
    paths = [(one["method"], one["path"]) for one in made if not one["path"].endswith("$batch")]
    assert len(paths) == len(set(paths)), paths
    state = simulator.state()
    assert [one["displayName"] for one in state["servicePrincipals"]].count(NAME) == 1
    assert situations.job(simulator)["job"]["schedule"]["state"] == "Active"
    assert len(state["appRoleAssignments"]) == 3
    simulator.clock("PT41M")
    assert set(_people(simulator)) == {ADELE, BEN, CARLA}
    mark = simulator.mark()
    again = run_playbook("entra.provisioning.onboard", **how)
    assert (again.rc, again.changed, simulator.writes(mark)) == (0, 0, []), again.output


NOTIFY = """
- name: Tell the service whom to write to
  entra.provisioning.sync_secrets:
    display_name: Contoso HR
    notification:
      enabled: true
      recipients: [identity-team@contoso.example]

- name: Start the job, which leaves its quarantine
  entra.provisioning.sync_job_action:
    display_name: Contoso HR
    action: start
    wait: true

- name: Upload somebody of the HR system
  entra.provisioning.sync_job_action:
    display_name: Contoso HR
    action: bulk_upload
    records:
      - externalId: "701984"
        userName: ada.lovelace@contoso.example
        displayName: Ada Lovelace
        name: {givenName: Ada, familyName: Lovelace}
        active: true
    wait: true

- name: Read how it is
  entra.provisioning.sync_info:
    display_name: Contoso HR
    gather: [health]
"""


def test_a_job_that_nobody_would_hear_of(simulator: Simulator, run_playbook: Run) -> None:
    jobs = [{"template_id": "API2AAD", "state": "started"}]
    simulator.reset({"applications": [{**situations.INBOUND, "jobs": jobs}]})
    simulator.clock("PT41M")
    before = situations.job(simulator, "Contoso HR")["job"]["status"]
    assert before["quarantine"]["error"]["code"] == "InvalidNotificationSettings"
    result = run_playbook(_tasks(NOTIFY))
    assert (result.rc, result.changed) == (0, 3), result.output
    (health,) = result.last.result["applications"][0]["health"]
    assert (health["quarantined"], health["notification_recipients"]) == (False, ["identity-team@contoso.example"])
    (ada,) = [one for one in simulator.state()["users"] if one.get("employeeId") == "701984"]
    assert ada["displayName"] == "Ada Lovelace"
