# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and settings under every reading of what a PUT does, and a token that is written where it has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import HERE, application
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

# The unit tests have all combinations.
READINGS = [("replace", 1.5), ("merge", 0)]
SETTINGS = {
    "settings": {"BaseAddress": "https://scim.example/v2", "Domain": {"domain": "contoso.example", "list": [1]}}
}
OLD, NEW = "the-old-t0ken", "the-new-t0ken"


@pytest.fixture(params=READINGS, ids=lambda reading: f"{reading[0]}-lag{reading[1]}")
def service(request: pytest.FixtureRequest, simulator: Simulator) -> Simulator:
    """A service of each reading, with an application whose token was set in the portal."""
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim"}], secrets={"SecretToken": OLD})]})
    simulator.quirks(secrets_put=request.param[0], secrets_lag=request.param[1])
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
        task = _task(token, update_secrets="on_change", fingerprint=read, **SETTINGS)
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
    """Each task sets one thing and keeps the others, and the next run finds nothing to do."""
    wishes: list[dict[str, Any]] = [
        {"notification": {"enabled": True, "recipients": ["idm@contoso.example"]}},
        {"delete_threshold": 7},
        {"scope": "all"},
        {"skip_out_of_scope_deletions": True},
        SETTINGS,
    ]
    tasks = [_task(OLD, **wish) for wish in wishes]
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
    bad = run_playbook([{**_task(NEW, **settings), "ignore_errors": True}]).last.result
    assert bad["changed"] is True
    assert "1 of 1 changes were made: write SecretToken. Then it failed." in bad["msg"]
    assert "does not accept the stored credentials" in bad["msg"]
    mark = service.mark()
    refused = run_playbook([{**_task(OLD, **settings, validate=True), "ignore_errors": True}]).last.result
    assert "does not accept the new credentials" in refused["msg"]
    assert service.writes(mark) == []
