# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator reads of a tenant in which things went wrong, by real playbooks."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.cases import NAME, application
from tests.faults.life import example
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

ADELE, BEN, EVA = "adele.vance@contoso.example", "ben.okoro@contoso.example", "eva.lind@contoso.example"
NOTIFICATION = {
    "Enabled": True,
    "Recipients": "idm@contoso.example",
    "DeleteThresholdEnabled": True,
    "DeleteThresholdValue": 50,
}


def _info(run_playbook: Run, *, name: str | None = NAME, door: str = "fast", **options: Any) -> list[dict[str, Any]]:
    """Read, and return the records of all applications."""
    where = {"display_name": name} if name else {}
    result = run_playbook([{"entra.provisioning.sync_info": {**where, **options}}], door=door)
    assert result.rc == 0, result.output
    assert result.changed == 0
    found: list[dict[str, Any]] = result.last.result["applications"]
    return found


def _secrets(simulator: Simulator, token: str | None = None) -> dict[str, str]:
    scim = simulator.ready["scim"]
    settings = {"SyncAll": "false", "SyncNotificationSettings": json.dumps(NOTIFICATION)}
    return {"BaseAddress": scim["base_address"], "SecretToken": token or scim["token"], **settings}


def _by_display_name() -> dict[str, Any]:
    """The default schema, which matches people by their display names."""
    schema = example("customappsso_default")
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        for one in mapping["attributeMappings"]:
            if mapping["sourceObjectName"] == "User":
                one["matchingPriority"] = int(one["targetAttributeName"] == "displayName")
    return schema


def _occupy(simulator: Simulator, user_name: str) -> None:
    """Have the target know a stranger of that name."""
    scim = simulator.ready["scim"]
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": user_name,
        "displayName": f"Stranger {uuid.uuid4()}",
    }
    request = urllib.request.Request(
        f"{scim['base_address']}/Users",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {scim['token']}", "Content-Type": "application/scim+json"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        assert answer.status == 201


def _user(name: str) -> dict[str, Any]:
    first, last = name.split()
    user_name = f"{first}.{last}.{uuid.uuid4().hex[:8]}@contoso.example".lower()
    return {"userPrincipalName": user_name, "displayName": name, "givenName": first, "surname": last, "mail": user_name}


@pytest.mark.parametrize("door", DOORS)
def test_a_revoked_token_is_told_in_plain_words(simulator: Simulator, run_playbook: Run, door: str) -> None:
    revoked = _secrets(simulator, token="a-token-that-was-revoked")
    jobs = [{"template_id": "scim", "state": "active"}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=revoked, assigned=[ADELE])]})
    simulator.clock("PT1H")
    health = _info(run_playbook, gather=["health"], door=door)[0]["health"][0]
    assert (health["quarantined"], health["healthy"], health["never_run"]) == (True, False, False)
    assert health["quarantine_reason"] == "EncounteredQuarantineException"
    assert health["quarantine_explanation"] == "the target refused the credentials or could not be reached"
    assert health["quarantine_error"].startswith("SystemForCrossDomainIdentityManagementInvalidCredentials")
    assert health["days_until_disabled"] in (27, 28)
    assert health["quarantine_next_attempt"] > health["quarantine_began"]
    assert health["successive_failures"] == 1
    assert health["notification_recipients"] == ["idm@contoso.example"]
    assert health["delete_threshold"] == 50


def test_a_new_job_has_never_run_and_not_failed(simulator: Simulator, run_playbook: Run) -> None:
    jobs = [{"template_id": "scim"}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=_secrets(simulator), assigned=[ADELE])]})
    health = _info(run_playbook, gather=["health"])[0]["health"][0]
    assert (health["never_run"], health["last_cycle_state"], health["last_error"]) == (True, None, None)
    start = {"entra.provisioning.sync_job": {"display_name": NAME, "enabled": True}}
    assert run_playbook([start]).rc == 0
    simulator.clock("PT1H")
    after = _info(run_playbook, gather=["health"])[0]["health"][0]
    assert (after["never_run"], after["last_cycle_state"], after["healthy"]) == (False, "Succeeded", True)
    assert sum(after["entry_counts"].values()) > 0


def _failing(simulator: Simulator) -> tuple[dict[str, Any], dict[str, Any]]:
    """A cycle in which one of two people fails, since the target has a stranger of that name."""
    good, bad = _user("Grace Hopper"), _user("Ada Lovelace")
    simulator.reset(
        {
            "users": [good, bad],
            "applications": [
                application(
                    jobs=[{"template_id": "scim", "state": "active", "schema": _by_display_name()}],
                    secrets=_secrets(simulator),
                    assigned=[good["userPrincipalName"], bad["userPrincipalName"]],
                )
            ],
        }
    )
    # After the reset, which empties the target.
    _occupy(simulator, bad["userPrincipalName"])
    simulator.clock("PT1H")
    return good, bad


@pytest.mark.parametrize("door", DOORS)
def test_failures_are_grouped_explained_and_without_people(simulator: Simulator, run_playbook: Run, door: str) -> None:
    _good, bad = _failing(simulator)
    logs = _info(run_playbook, gather=["logs"], door=door)[0]["logs"]
    group = logs["failures"][0]
    assert (group["step"], group["error_code"], group["count"]) == (
        "export",
        "SystemForCrossDomainIdentityManagementEntryConflict",
        1,
    )
    assert group["explanation"] == "the target has another object with a value that must be unique"
    assert group["advice"].startswith("Change the value on one of the two")
    assert logs["entries"] == []
    told = json.dumps(logs)
    assert [one for one in ("Ada", "Lovelace", bad["userPrincipalName"]) if one in told] == []
    assert bad["userPrincipalName"] in json.dumps(_info(run_playbook, gather=["logs"], logs_entries=True))


def test_only_some_entries_are_read(simulator: Simulator, run_playbook: Run) -> None:
    good, _bad = _failing(simulator)
    failed = _info(run_playbook, gather=["logs"], logs_status=["failure"])[0]["logs"]
    assert failed["by_status"] == {"failure": 1}
    everything = _info(run_playbook, gather=["logs"])[0]["logs"]["by_status"]
    assert everything["success"] > 0
    on_demand = {"display_name": NAME, "action": "provision_on_demand", "users": [good["userPrincipalName"]]}
    assert run_playbook([{"entra.provisioning.sync_job_action": on_demand}]).rc == 0
    more = _info(run_playbook, gather=["logs"], logs_entries=True)[0]["logs"]
    assert sum(more["by_status"].values()) == sum(everything.values()) + 1
    last = _info(run_playbook, gather=["logs"], logs_cycle="last")[0]["logs"]["by_status"]
    assert last == everything
    one_cycle = more["entries"][-1]["cycleId"]
    assert _info(run_playbook, gather=["logs"], logs_cycle=one_cycle)[0]["logs"]["by_status"] == everything
    simulator.clock("P2D")
    recent = _info(run_playbook, gather=["logs"], logs_since="2000-01-01")[0]["logs"]["by_status"]
    assert sum(recent.values()) >= sum(more["by_status"].values())
    assert _info(run_playbook, gather=["logs"], logs_since="2100-01-01T00:00:00Z")[0]["logs"]["by_status"] == {}


@pytest.mark.parametrize("refusal", ["401_unknown", "403"])
def test_what_an_identity_lacks(simulator: Simulator, run_playbook: Run, refusal: str) -> None:
    simulator.reset({"applications": [application()]})
    simulator.quirks(permission_denied=refusal)
    here = next(one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    lacking = {}
    for number, who in enumerate(("all", "reader", "nobody")):
        mark = simulator.mark()
        record = _info(
            run_playbook, name=None, service_principal_id=here, gather=["access"], **simulator.options(number)
        )[0]
        assert simulator.writes(mark) == []
        lacking[who] = {one["permission"] for one in record["access"] if one["granted"] is False}
        untold = {one["permission"] for one in record["access"] if one["granted"] is None}
        assert {"AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"} <= untold
        assert "errors" not in record
    assert lacking["all"] == set()
    assert lacking["reader"] == {
        "Synchronization.ReadWrite.All",
        "ProvisioningLog.Read.All",
        "User.Read.All",
        "Group.Read.All",
    }
    assert lacking["nobody"] == {
        "Application.Read.All",
        "Organization.Read.All",
        "Policy.Read.All",
        "Synchronization.Read.All",
        "ProvisioningLog.Read.All",
        "User.Read.All",
        "Group.Read.All",
    }


def test_before_there_is_a_job(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application()]})
    record = _info(run_playbook, gather=["templates", "functions", "filter_operators"])[0]
    assert [one["template_id"] for one in record["template_credentials"]] == ["scim", "customappsso"]
    assert [(one["key"], one["secret"]) for one in record["template_credentials"][0]["credentials"]] == [
        ("BaseAddress", False),
        ("SecretToken", True),
    ]
    assert [(one["job_id"], one["template_id"]) for one in record["functions"]] == [(None, "scim")]
    assert "Join" in {one["name"] for one in record["functions"][0]["functions"]}
    assert "EQUALS" in {one["name"] for one in record["filter_operators"][0]["filter_operators"]}
    other = _info(run_playbook, gather=["functions"], template_id="customappsso")[0]["functions"]
    assert [one["template_id"] for one in other] == ["customappsso"]


def test_a_template_that_is_not_listed_is_read_by_its_id(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application()]})
    hide = {"display_name": NAME, "template_id": "customappsso", "discoverable": False}
    assert run_playbook([{"entra.provisioning.sync_template": hide}]).rc == 0
    assert [one["id"] for one in _info(run_playbook, gather=["templates"])[0]["templates"]] == ["scim"]
    found = _info(run_playbook, gather=["templates"], template_id="customappsso")[0]["templates"]
    assert [one["id"] for one in found] == ["customappsso"]


def test_connections_of_objects(simulator: Simulator, run_playbook: Run) -> None:
    jobs = [{"template_id": "scim", "state": "active"}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=_secrets(simulator), assigned=[ADELE])]})
    simulator.clock("PT1H")
    ids = {one["userPrincipalName"]: one["id"] for one in simulator.state()["users"]}
    wanted = {"gather": ["connections"], "object_ids": [ids[ADELE], ids[BEN]], "api_version": "beta"}
    connected, unknown = _info(run_playbook, **wanted)[0]["connections"]
    assert (connected["object_id"], connected["connection"]["sourceAnchor"]) == (ids[ADELE], ids[ADELE])
    assert (unknown["object_id"], unknown["connection"]) == (ids[BEN], None)
    target = connected["connection"]["targetAnchor"]
    again = _info(run_playbook, **{**wanted, "object_ids": [target]})[0]["connections"]
    assert again[0]["connection"]["sourceAnchor"] == ids[ADELE]


def test_the_whole_tenant_reads_the_same_without_batches_and_in_small_pages(
    simulator: Simulator, run_playbook: Run
) -> None:
    gather = ["jobs", "health", "templates", "secrets", "assignments", "functions"]
    names = [application(f"App {number:02}", jobs=[{"template_id": "scim"}], assigned=[EVA]) for number in range(23)]
    simulator.reset({"applications": [*names, application("Without a job")]})
    usual = _info(run_playbook, name=None, gather=gather)
    # The app registration of the default seed has no template, so it is not of them.
    assert [one["display_name"] for one in usual] == [*(f"App {number:02}" for number in range(23)), "Without a job"]
    assert usual[-1]["functions"][0]["job_id"] is None
    assert {len(one["templates"]) for one in usual} == {2}
    simulator.quirks(batch="refused", page_size=1)
    assert _info(run_playbook, name=None, gather=gather) == usual
