# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles of the role onboard: from nothing to a job of each kind, and once more without a write."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.cases import BEN
from tests.faults.life import target
from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import ROOT, Simulator
from tests.harness.wider import mostly

NAME = "Profiled"
OTHER = "22222222-3333-4444-5555-666666666666"
UPPER = "2222222A-3333-4444-5555-66666666666B"
MAIL = {"enabled": True, "recipients": ["idm@contoso.example"]}
_ID = re.compile(r"/([^/]*[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")


@pytest.fixture(scope="module")
def other() -> Iterator[Simulator]:
    """Another tenant."""
    with Simulator("--tenant-id", OTHER, scim=False) as simulator:
        yield simulator


def _onboard(simulator: Simulator, variables: dict[str, Any], **how: Any) -> Result:
    return run_playbook(
        "entra.provisioning.onboard",
        extra_vars={"onboard_display_name": NAME, **variables},
        env={**simulator.environment(), **how.pop("env", {})},
        **how,
    )


def _told(result: Result) -> str:
    """The summary, which ends a run that does what it shall."""
    assert result.rc == 0, result.output
    return "\n".join(next(one.result["msg"] for one in result.tasks if one.name.endswith(": Summary")))


def _steps(simulator: Simulator, mark: int = 0) -> list[str]:
    paths = [(one["method"], one["path"].partition("?")[0]) for one in simulator.writes(mark)]
    return [f"{method} {_ID.sub('/*', re.sub('^/(v1.0|beta)', '', path))}" for method, path in paths]


def _kept(simulator: Simulator) -> dict[str, Any]:
    """What the service has of the application."""
    state = simulator.state()
    sp = next(one["id"] for one in state["servicePrincipals"] if one["displayName"] == NAME)
    found: dict[str, Any] = state["synchronization"][sp]
    return found


def _settings(simulator: Simulator) -> dict[str, str]:
    """The bag as the service shows it: secrets as stars."""
    read = [{"entra.provisioning.sync_info": {"display_name": NAME, "gather": ["secrets"]}, "register": "seen"}]
    result = run_playbook(read, defaults=simulator.options())
    found: dict[str, str] = result.last.result["applications"][0]["secrets"]["settings"]
    return found


def _plan(simulator: Simulator, variables: dict[str, Any]) -> str:
    mark = simulator.mark()
    told = _told(_onboard(simulator, variables, check=True))
    assert simulator.writes(mark) == []
    assert "Run the playbook without check mode" in told
    return told


def _again(simulator: Simulator, variables: dict[str, Any]) -> str:
    mark = simulator.mark()
    result = _onboard(simulator, variables)
    told = _told(result)
    assert (result.changed, simulator.writes(mark)) == (0, []), told
    assert told.startswith(f"{NAME}: unchanged")
    return told


_MAKE = ["POST /applicationTemplates/*/instantiate", "POST /servicePrincipals/*/synchronization/jobs"]
_BAG = "PUT /servicePrincipals/*/synchronization/secrets"
_JOB = "/servicePrincipals/*/synchronization/jobs/*"


def test_scim(simulator: Simulator) -> None:
    scim = simulator.ready["scim"]
    variables = {
        "onboard_profile": "scim",
        "onboard_scim_compliance": "true",
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
        "onboard_users": [BEN],
        "onboard_canary_users": [BEN],
    }
    _plan(simulator, variables)
    told = _told(_onboard(simulator, variables))
    assert "Provisioning on demand does not honour aadOptscim062020" in told
    assert _settings(simulator)["BaseAddress"] == f"{scim['base_address']}?aadOptscim062020"
    assert [one["userName"] for one in target(simulator)["Users"]] == [BEN]
    assert [name.partition(".")[0] for name in _kept(simulator)["jobs"]] == ["scim"]
    _again(simulator, variables)


def test_the_flag_goes_in_once() -> None:
    flagged = {
        "https://scim": "https://scim?aadOptscim062020",
        "https://scim/?": "https://scim/?aadOptscim062020",
        "https://scim/?a=7": "https://scim/?a=7&aadOptscim062020",
        "https://scim/?a=7&": "https://scim/?a=7&aadOptscim062020",
        "https://scim/?aadOptscim062020": "https://scim/?aadOptscim062020",
        "https://scim/?aadoptscim062020&a=7": "https://scim/?aadoptscim062020&a=7",
        "https://scim/?a=aadOptscim062020": "https://scim/?a=aadOptscim062020&aadOptscim062020",
        "https://scim/?aadOptscim062020x": "https://scim/?aadOptscim062020x&aadOptscim062020",
    }
    told = run_playbook(
        [
            {"ansible.builtin.include_vars": {"file": str(ROOT / "roles/onboard/vars/main/profiles.yml")}},
            {
                "ansible.builtin.debug": {"msg": "{{ onboard_compliant }}"},
                "vars": {"onboard_given": {"settings": {"BaseAddress": "{{ item }}"}}},
                "loop": list(flagged),
            },
        ]
    )
    assert [one.result["msg"] for one in told.tasks if one.is_item] == list(flagged.values())


def test_inbound_api(simulator: Simulator) -> None:
    variables = {"onboard_profile": "inbound_api", "onboard_notification": MAIL}
    mark = simulator.mark()
    _plan(simulator, variables)
    told = _told(_onboard(simulator, variables))
    assert "the action bulk_upload" in told
    assert _steps(simulator, mark) == [*_MAKE, _BAG, f"POST {_JOB}/start"]
    kept = _kept(simulator)
    assert [(name.partition(".")[0], one["job"]["schedule"]["state"]) for name, one in kept["jobs"].items()] == [
        ("API2AAD", "Active")
    ]
    assert set(_settings(simulator)) == {"SyncNotificationSettings"}
    _again(simulator, variables)


def test_cloud_sync(simulator: Simulator) -> None:
    variables: dict[str, Any] = {
        "onboard_profile": "cloud_sync",
        "onboard_domain": "corp.contoso.example",
        "onboard_enable_directory_synchronization": True,
    }
    mark = simulator.mark()
    _plan(simulator, variables)
    waits = _told(_onboard(simulator, variables))
    assert "Install the provisioning agent for corp.contoso.example" in waits
    assert _steps(simulator, mark) == ["PATCH /organization/*", *_MAKE, _BAG]
    assert simulator.state()["organization"]["onPremisesSyncEnabled"] is True
    assert json.loads(_settings(simulator)["Domain"]) == {"domain": "corp.contoso.example"}
    _without_hashes(simulator)
    _again(simulator, variables)

    assert _kept(simulator)["secrets"]["AppKey"] == _app_key("AD2AADProvisioning")
    mine = {"source": "user", "attributes": [{"target": "DisplayName", "attribute": "displayName", "default": "?"}]}
    variables |= {"onboard_password_hashes": True, "onboard_agent_ready": "true", "onboard_object_mappings": [mine]}
    plan = _plan(simulator, variables)
    assert "create a synchronization job from the template AD2AADPasswordHash" in plan
    mark = simulator.mark()
    told = _told(_onboard(simulator, variables))
    assert "AD2AADPasswordHash: start the synchronization job of the template AD2AADPasswordHash" in told
    assert _steps(simulator, mark) == [
        _BAG,
        f"PUT {_JOB}/schema",
        f"POST {_JOB}/start",
        "POST /servicePrincipals/*/synchronization/jobs",
        f"POST {_JOB}/start",
    ]
    kept = _kept(simulator)
    assert kept["secrets"]["AppKey"] == _app_key("AD2AADPasswordHash")
    states = {name.partition(".")[0]: one["job"]["schedule"]["state"] for name, one in kept["jobs"].items()}
    assert states == {"AD2AADProvisioning": "Active", "AD2AADPasswordHash": "Active"}
    assert _hashes(kept) == {("user", "[PasswordHash]"): 1, ("inetOrgPerson", "[PasswordHash]"): 1}
    _again(simulator, variables)


def _app_key(scenario: str) -> str:
    """What the simulator tells of the key."""
    return "sha256:" + hashlib.sha256(f'{{"appKeyScenario": "{scenario}"}}'.encode()).hexdigest()[:16]


def _without_hashes(simulator: Simulator) -> None:
    """Take the mapping out, as where the service's schema begins without it."""
    absent = [{"target": "CredentialData", "state": "absent"}]
    mappings = [{"source": source, "attributes": absent} for source in ("user", "inetOrgPerson")]
    options = {"display_name": NAME, "template_id": "AD2AADProvisioning", "object_mappings": mappings}
    assert run_playbook([{"entra.provisioning.sync_schema": options}], defaults=simulator.options()).rc == 0
    assert _hashes(_kept(simulator)) == {}


def _hashes(kept: dict[str, Any]) -> dict[tuple[str, str], int]:
    """How often each object of the directory maps to the password hash, by expression."""
    schema = next(one["schema"] for name, one in kept["jobs"].items() if name.startswith("AD2AADProvisioning"))
    found: dict[tuple[str, str], int] = {}
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        for one in mapping["attributeMappings"]:
            if one["targetAttributeName"] == "CredentialData":
                key = (mapping["sourceObjectName"], one["source"]["expression"])
                found[key] = found.get(key, 0) + 1
    return found


def test_cross_tenant(simulator: Simulator, other: Simulator) -> None:
    other.reset()
    simulator.reset({"tenants": {OTHER: {name: other.ready[name] for name in ("control", "ca_path")}}})
    variables: dict[str, Any] = {
        "onboard_profile": "cross_tenant",
        "onboard_target_tenant_id": OTHER,
        "onboard_users": [BEN],
        "onboard_canary_users": [BEN],
    }
    # The admin of the other tenant has to act first, and is told how.
    refused = _onboard(simulator, variables)
    assert refused.rc == 2
    said = refused.last.result["msg"]
    assert "The target does not accept the new credentials" in said
    assert f"cross_tenant_access with partner_tenant_id {simulator.ready['tenant_id']}, user_sync_inbound true" in said

    secret = other.client()["client_secret"]
    variables["onboard_target_sign_in"] = {**other.options(), "tenant_id": ""}
    mark, there = simulator.mark(), other.mark()
    _plan(simulator, variables)
    done = _onboard(simulator, variables, verbosity=4)
    assert "canary ben.okoro@contoso.example: create, success" in _told(done)
    assert secret not in done.output
    assert [step.split()[0] for step in _steps(other, there)] == ["POST", "PUT", "PATCH"]
    assert _steps(simulator, mark)[0] == _BAG
    settings = _settings(simulator)
    assert (settings["AuthenticationType"], settings["CompanyId"]) == ("SyncPolicy", OTHER)
    guests = [one["userPrincipalName"] for one in other.state()["users"] if "#EXT#" in one["userPrincipalName"]]
    assert [name.partition("#")[0] for name in guests] == ["ben.okoro_contoso.example"]
    assert [one["job"]["schedule"]["state"] for one in _kept(simulator)["jobs"].values()] == ["Active"]
    there = other.mark()
    _again(simulator, variables)
    assert other.writes(there) == []


# What an entry has, and what of it is refused by which words.
REFUSED: list[tuple[dict[str, Any], list[str]]] = [
    ({"profile": "gallery"}, ["onboard_gallery_name or onboard_gallery_id"]),
    ({"profile": "scim", "gallery_name": "Custom"}, ["gallery_name does not fit the profile scim."]),
    ({"scim_compliance": True}, ["give BaseAddress in onboard_settings"]),
    ({"gallery_name": "Custom", "scim_compliance": True}, ["scim_compliance is for the profile scim."]),
    ({"target_tenant_id": OTHER}, ["target_tenant_id is for the profile cross_tenant."]),
    ({"target_sign_in": {"client_id": "x"}}, ["target_sign_in is for the profile cross_tenant."]),
    ({"profile": "cross_tenant"}, ["the id of the tenant that gets the users in onboard_target_tenant_id"]),
    ({"profile": "cross_tenant", "target_tenant_id": "fabrikam.example"}, ["it is not a domain"]),
    (
        {
            "profile": "cross_tenant",
            "target_tenant_id": OTHER,
            "canary_groups": ["Sales team"],
            "skip_out_of_scope_deletions": "true",
            "settings": {"CompanyId": OTHER.replace("2", "3")},
        },
        ["Name users in onboard_canary_users", "onboard_delete_threshold guards", "Leave CompanyId out"],
    ),
    (
        {
            "profile": "cross_tenant",
            "target_tenant_id": OTHER,
            "target_sign_in": {"client_id": "x"},
            "source_tenant_id": "contoso.example",
        },
        ["give it in onboard_source_tenant_id"],
    ),
    (
        {"profile": "cross_tenant", "target_tenant_id": UPPER, "source_tenant_id": UPPER.lower()},
        ["onboard_source_tenant_id and onboard_target_tenant_id are the same tenant"],
    ),
    ({"profile": "inbound_api"}, ["give onboard_notification with enabled true and recipients"]),
    (
        {"profile": "inbound_api", "notification": {"enabled": False, "recipients": ["a@contoso.example"]}},
        ["give onboard_notification with enabled true"],
    ),
    (
        {"profile": "inbound_api", "notification": MAIL, "scope": "all", "users": [BEN], "canary_users": [BEN]},
        ["scope does not fit the profile inbound_api", "users does not fit", "canary_users does not fit"],
    ),
    ({"profile": "cloud_sync"}, ["Give the domain of the Active Directory in onboard_domain"]),
    (
        {"profile": "cloud_sync", "domain": "corp.example", "groups": ["Sales team"], "canary_groups": ["Sales team"]},
        ["groups does not fit the profile cloud_sync", "canary_groups does not fit"],
    ),
    (
        {"profile": "cloud_sync", "domain": "corp.example", "password_hashes": True, "schema": {"directories": []}},
        ["Give onboard_object_mappings in its place"],
    ),
    (
        {"extension_attributes": [{"name": "a", "target": "title"}, {"name": "b", "target": "title"}]},
        ["Two mappings would write title"],
    ),
    (
        {
            "extension_attributes": [{"name": "a", "target": "title"}],
            "object_mappings": [{"source": "User", "attributes": [{"target": "title", "attribute": "jobTitle"}]}],
        },
        ["Two mappings would write title"],
    ),
    (
        {"custom_attributes": [{"object": "User", "name": "badge", "type": "String"}]},
        ["custom_attributes takes entries as the option", "directory"],
    ),
    ({"extension_attributes": [{"name": "a", "data_type": "Text"}]}, ["extension_attributes.data_type takes Binary"]),
    ({"notification": {"recipients": "a@contoso.example, somebody"}}, ["somebody in the recipients"]),
    ({"users": ["", BEN]}, ["users takes a list without empty entries"]),
    (
        {"groups": 7, "start": "perhaps", "delete_threshold": -1},
        ["groups takes", "start takes true or false", "a whole number"],
    ),
    (
        {"canary_user": [BEN]},
        ["There is no onboard_applications.canary_user; did you mean onboard_applications.canary_users?"],
    ),
    (
        {"profile": "inbound_api", "notification": MAIL, "secrets": {"SecretToken": "a token"}},
        ["SecretToken is for the profile scim or gallery, not for inbound_api"],
    ),
    (
        {"profile": "cloud_sync", "domain": "corp.example", "settings": {"CompanyId": OTHER}},
        ["CompanyId is for the profile cross_tenant, not for cloud_sync"],
    ),
]


@pytest.mark.parametrize("step", mostly([9, 1], [9], "All of those of which make test takes some."))
def test_what_does_not_fit_the_profile_is_refused_before_any_request(simulator: Simulator, step: int) -> None:
    mark = simulator.mark()
    refused = REFUSED[::step]
    entries = [{"display_name": f"Number {number}", **entry} for number, (entry, _says) in enumerate(refused)]
    result = _onboard(simulator, {"onboard_applications": entries})
    assert result.rc == 2
    assert simulator.requests(mark) == []
    texts = re.split(r'Number \d+: the step "', result.last.result["msg"])[1:]
    assert len(texts) == len(refused)
    missing = [(says, text) for (_entry, says), text in zip(refused, texts) if any(one not in text for one in says)]
    assert missing == []


def test_an_unknown_profile_is_refused(simulator: Simulator) -> None:
    mark = simulator.mark()
    result = _onboard(simulator, {"onboard_profile": "workday"})
    assert result.rc == 2
    assert "cloud_sync, got: workday" in result.last.result["msg"]
    assert simulator.requests(mark) == []
