# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and settings under every reading of what a PUT does, and a token that is written where it has changed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults import situations
from tests.faults.cases import HERE, NAME, application
from tests.faults.secret_cases import fingerprint
from tests.harness.playbook import Result
from tests.harness.playbook import run_playbook as run
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

Run = Callable[..., Result]

# The unit tests have all combinations.
READINGS = [["replace", 1.5], ["merge", 0]]
SETTINGS = {
    "settings": {"BaseAddress": "https://scim.example/v2", "Domain": {"domain": "contoso.example", "list": [1]}}
}
OLD, NEW = "the-old-t0ken", "the-new-t0ken"


@pytest.fixture(
    params=mostly(READINGS, READINGS[:1], "The same under the other reading of a PUT, which the unit tests have too."),
    ids=lambda reading: f"{reading[0]}-lag{reading[1]}",
)
def service(request: pytest.FixtureRequest, simulator: Simulator) -> Simulator:
    """A service of each reading, with an application whose token was set in the portal."""
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim"}], secrets={"SecretToken": OLD})]})
    put, lag = request.param
    simulator.quirks(secrets_put=put, secrets_lag=lag)
    return simulator


def _task(token: str, **options: Any) -> dict[str, Any]:
    return {"entra.provisioning.sync_secrets": {**HERE, "secrets": {"SecretToken": token}, **options}}


def _stored(simulator: Simulator) -> dict[str, str]:
    """The stored bag, secrets as digests; of the one application that has a bag."""
    (found,) = [one["secrets"] for one in simulator.state()["synchronization"].values() if one["secrets"]]
    return dict(found)


def test_a_fingerprint_decides(service: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    """Run after run as a playbook would, which keeps the fingerprint in a file."""
    file = tmp_path / "fingerprint"
    read = f"{{{{ lookup('ansible.builtin.file', '{file}') if '{file}' is exists else '' }}}}"
    keep = {"ansible.builtin.copy": {"content": "{{ done.fingerprint }}", "dest": str(file), "mode": "0600"}}

    def run(token: str, check: bool = False) -> tuple[list[str], int]:
        mark = service.mark()
        # There is no target.
        task = _task(token, update_secrets="on_change", fingerprint=read, validate=False, **SETTINGS)
        result = run_playbook([{**task, "register": "done"}, keep], check=check, diff=True, verbosity=3)
        assert result.rc == 0, result.output
        assert OLD not in result.output + json.dumps([one.result for one in result.tasks])
        assert NEW not in result.output + json.dumps([one.result for one in result.tasks])
        return result.tasks[0].result["changes"], len(service.writes(mark))

    first, written = run(OLD)
    assert (first[0], len(first), written) == ("write SecretToken", 3, 1)
    before = _stored(service)
    assert run(OLD) == ([], 0)
    assert run(NEW, check=True) == (["write SecretToken"], 0)
    assert run(NEW) == (["write SecretToken"], 1)
    after = _stored(service)
    assert after.keys() == before.keys() == {"SecretToken", "BaseAddress", "Domain"}
    assert {key for key in after if after[key] != before[key]} == {"SecretToken"}
    assert run(NEW) == ([], 0)


def test_typed_settings_merge_into_what_is_stored(service: Simulator, run_playbook: Run) -> None:
    """Each task sets one thing and keeps the others, and the next run finds nothing to do.

    There is no target, so nothing can be tried.
    """
    wishes: list[dict[str, Any]] = [
        {"notification": {"enabled": True, "recipients": ["idm@contoso.example"]}},
        {"delete_threshold": 7},
        {"scope": "all"},
        {"skip_out_of_scope_deletions": True},
        SETTINGS,
    ]
    tasks = [_task(OLD, validate=False, **wish) for wish in wishes]
    done = run_playbook(tasks)
    assert (done.rc, done.changed) == (0, len(wishes)), done.output
    seen = done.last.result["secrets"]
    assert seen["notification"] == {"enabled": True, "recipients": ["idm@contoso.example"]}
    assert (seen["delete_threshold"], seen["scope"], seen["skip_out_of_scope_deletions"]) == (7, "all", True)
    assert seen["secret_keys"] == ["SecretToken"]
    mark = service.mark()
    again = run_playbook(tasks)
    assert (again.rc, again.changed, service.writes(mark)) == (0, 0, [])


def test_a_hidden_key_is_never_lost_unknowingly(service: Simulator, run_playbook: Run) -> None:
    before = _stored(service)
    task = {"entra.provisioning.sync_secrets": {**HERE, "scope": "all"}, "ignore_errors": True}
    for check in (True, False):
        refused = run_playbook([task], check=check).last.result
        assert refused["error"]["hidden_keys"] == ["SecretToken"]
    assert service.writes() == []
    assert _stored(service) == before
    task["entra.provisioning.sync_secrets"]["allow_partial"] = True
    result = run_playbook([task])
    assert result.rc == 0, result.output
    lost = "SecretToken" not in _stored(service)
    assert lost is (service.quirks()["secrets_put"] == "replace")
    assert ("SecretToken is gone" in result.output) is lost


def test_what_is_stored_is_tried_after_the_write(service: Simulator, run_playbook: Run) -> None:
    scim = service.ready["scim"]
    settings = {"settings": {"BaseAddress": scim["base_address"]}, "update_secrets": "always", "validate_stored": True}
    good = run_playbook([_task(scim["token"], **settings)])
    assert (good.rc, good.last.result["validated"]) == (0, True), good.output
    bad = run_playbook([{**_task(NEW, **settings, validate=False), "ignore_errors": True}]).last.result
    assert bad["changed"] is True
    assert "1 of 1 changes were made: write SecretToken. Then it failed." in bad["msg"]
    assert "does not accept the stored credentials" in bad["msg"]
    mark = service.mark()
    for asked in ({}, {"validate": True}):
        refused = run_playbook([{**_task(OLD, **settings, **asked), "ignore_errors": True}]).last.result
        assert "does not accept the new credentials" in refused["msg"]
        assert service.writes(mark) == []


THRESHOLD = json.dumps({"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 5})
CYCLE = "PT41M"


STALE = "old-token-of-last-year"
KEPT = {"update_secrets": "on_change", "fingerprint": fingerprint(STALE)}


@pytest.mark.parametrize("options", [{}, {"validate": True}, {"validate_stored": True}, KEPT], ids=str)
def test_a_stale_token_beside_a_setting_leaves_a_running_job_well(
    options: dict[str, Any], simulator: Simulator, run_playbook: Run
) -> None:
    situations.tenant(simulator)
    simulator.clock(CYCLE)
    before = _stored(simulator)
    mark = simulator.mark()
    for check in (True, False):
        failed = run_playbook(
            [{**_task(STALE, delete_threshold=3, **options), "ignore_errors": True}], check=check
        ).last.result
        assert "Nothing was written, and the stored ones were left alone." in failed["msg"]
    assert (simulator.writes(mark), _stored(simulator)) == ([], before)
    simulator.clock(CYCLE)
    simulator.clock(CYCLE)
    assert situations.job(simulator)["job"]["status"]["code"] == "Active"


def test_another_write_in_between_is_not_undone(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    """Somebody on another machine sets a threshold and the scope while the target is asked, which takes seconds."""
    situations.tenant(simulator, secrets=situations.secrets(simulator, SyncAll="true"))
    token = simulator.ready["scim"]["token"]
    rule = {"match": {"method": "POST", "path": "validateCredentials"}, "times": 1, "fault": "delay", "seconds": 4}
    simulator.faults([rule])
    done: list[Result] = []

    def first() -> None:
        done.append(run_playbook([_task(token, settings={"UserName": "svc-scim"}, validate=True)]))

    slow = threading.Thread(target=first)
    slow.start()
    while simulator.faults_left() != [0]:
        assert slow.is_alive()
        time.sleep(0.05)
    theirs = _task(token, delete_threshold=5, scope="assigned", allow=["scope"], validate=False)
    quick = run([theirs], defaults=simulator.options(), env={"ANSIBLE_HOME": str(tmp_path)})
    assert quick.rc == 0, quick.output
    slow.join()
    result = done[0].last.result
    assert result["error"]["their_changes"] == [
        "scope: all users and groups → assigned users and groups only",
        "deletion threshold: 5 (new)",
    ]
    assert "UserName: svc-scim (new)" in result["msg"]
    assert set(_stored(simulator)) == {"BaseAddress", "SecretToken", "SyncAll", "SyncNotificationSettings"}


ODD: list[dict[str, Any]] = [
    {"fault": "status", "status": 404, "body": {"error": {"code": "NotFound", "message": "gone"}}},
    {"fault": "status", "status": 200, "body": {}},
    {"fault": "status", "status": 200, "body": []},
    {"fault": "status", "status": 200, "body": None},
]


@pytest.mark.parametrize("skip", [0, 1], ids=["first look", "look before the write"])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_answer_that_shows_nothing_is_no_empty_bag(
    odd: dict[str, Any], skip: int, simulator: Simulator, run_playbook: Run
) -> None:
    situations.tenant(simulator, secrets=situations.secrets(simulator, SyncNotificationSettings=THRESHOLD))
    before = _stored(simulator)
    simulator.faults([{"match": {"method": "GET", "path": "/secrets$"}, "skip": skip, "times": 20, **odd}])
    token = simulator.ready["scim"]["token"]
    result = run_playbook([{**_task(token, settings={"UserName": "svc-scim"}), "ignore_errors": True}]).last.result
    assert "msg" in result, result
    assert "object has no attribute" not in result["msg"]
    assert (simulator.writes(), _stored(simulator)) == ([], before)


UNSET = "{{ lookup('ansible.builtin.env', 'A_VARIABLE_THAT_NOBODY_SETS') }}"


@pytest.mark.parametrize("door", DOORS)
def test_what_came_out_empty_or_is_no_text_is_refused_before_the_first_request(
    door: str, simulator: Simulator, run_playbook: Run
) -> None:
    given: list[dict[str, Any]] = [
        {"secrets": {"SecretToken": UNSET}},
        {"settings": {"BaseAddress": UNSET}},
        {"notification": {"enabled": True, "recipients": [UNSET]}},
        {"notification": {"recipients": UNSET}},
        *({"secrets": {"SecretToken": value}} for value in (True, 12345678, 1.5, ["a token"], {"token": "a token"})),
        {"secrets": {"SecretToken": "a token\n"}},
    ]
    situations.tenant(simulator)
    tasks = [
        {"entra.provisioning.sync_secrets": {**HERE, "secrets": {"SecretToken": OLD}, **one}, "ignore_errors": True}
        for one in given
    ]
    mark = simulator.mark()
    for check in (True, False):
        result = run_playbook(tasks, door=door, check=check)
        assert [one.result["changed"] for one in result.tasks] == [False] * len(given)
        assert all("msg" in one.result for one in result.tasks), result.output
    said = [one.result["msg"] for one in result.tasks]
    assert all("without a value" in one for one in said[:4])
    assert all("Put the secret in quotes" in one for one in said[4:9])
    assert "line break" in said[9]
    assert simulator.requests(mark) == []


def test_a_token_is_removed_by_its_name_only(service: Simulator, run_playbook: Run) -> None:
    task = {"entra.provisioning.sync_secrets": {**HERE, "remove": ["SecretToken"]}}
    for check in (True, False):
        refused = run_playbook([{**task, "ignore_errors": True}], check=check).last.result
        assert "does not accept the new credentials" in refused["msg"]
        assert "SecretToken" in _stored(service)
    task["entra.provisioning.sync_secrets"]["validate"] = False
    planned = run_playbook([task], check=True, diff=True).last.result
    assert (planned["changes"], planned["diff"]["before"]) == (["remove SecretToken"], "SecretToken: (stored)\n")
    assert run_playbook([task, task]).changed == 1
    assert not any(one["secrets"] for one in service.state()["synchronization"].values())


@pytest.mark.parametrize("check", [True, False])
def test_what_can_hit_people_needs_consent(check: bool, simulator: Simulator, run_playbook: Run) -> None:
    bag = {"SyncAll": "true", "SyncNotificationSettings": THRESHOLD, "SkipOutOfScopeDeletions": "True"}
    situations.tenant(simulator, secrets=situations.secrets(simulator, **bag))
    simulator.clock(CYCLE)
    token = simulator.ready["scim"]["token"]
    wishes: list[dict[str, Any]] = [
        {"scope": "assigned"},
        {"delete_threshold": 50},
        {"skip_out_of_scope_deletions": False},
        {"settings": {"HardDeletesEnabled": True}},
    ]
    tasks = [{**_task(token, **one), "ignore_errors": True} for one in wishes]
    mark = simulator.mark()
    result = run_playbook(tasks, check=check)
    risks = ["scope", "delete_threshold", "skip_out_of_scope_deletions", "hard_deletes"]
    for task, risk in zip(result.tasks, risks, strict=True):
        assert task.result["error"]["risks"] == [risk], task.result
        assert task.result["error"]["people"] > 3
        assert f"allow: [{risk}]" in task.result["msg"]
    assert "Assigned to the application: 3 users and 0 groups." in result.tasks[0].result["msg"]
    assert simulator.writes(mark) == []
    allowed = run_playbook([_task(token, **one, allow=risks) for one in wishes], check=check, diff=True)
    assert (allowed.rc, allowed.changed) == (0, len(wishes)), allowed.output
    assert "can be hit" in allowed.tasks[0].result["diff"]["after"]


def test_a_token_that_is_given_but_not_compared_is_named(simulator: Simulator, run_playbook: Run) -> None:
    situations.tenant(simulator)
    result = run_playbook([_task("another-token-of-somebody")]).last.result
    assert (result["changed"], result["not_compared"]) == (False, ["SecretToken"])
    assert "entra.provisioning.rotate_credentials" in result["notes"][0]
    assert NAME not in result["notes"][0]
