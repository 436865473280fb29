# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard on applications that exist: it changes what it was told, and mixes nothing up."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
import yaml

from tests.faults.cases import BEN, NAME, application
from tests.harness.playbook import Result, run_playbook, run_shell
from tests.harness.simulator import ROOT, Simulator
from tests.harness.wider import mostly

ADELE = "adele.vance@contoso.example"
ROLE = "entra.provisioning.onboard"
NOTICE = json.dumps({"Enabled": False, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 5})
MAIL = {"enabled": True, "recipients": ["idm@contoso.example"]}
OTHER = "22222222-3333-4444-5555-666666666666"


def _bag(simulator: Simulator, **more: str) -> dict[str, str]:
    scim = simulator.ready["scim"]
    return {"BaseAddress": scim["base_address"], "SecretToken": scim["token"], **more}


def _seed(simulator: Simulator, template: str = "scim", state: str = "active", **bag: str) -> None:
    jobs = [{"template_id": template, "state": state}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=_bag(simulator, **bag), assigned=[ADELE])]})


def _onboard(simulator: Simulator, variables: dict[str, Any], **how: Any) -> Result:
    scim = simulator.ready["scim"]
    target = {
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
    }
    return run_playbook(
        ROLE, extra_vars={"onboard_display_name": NAME, **target, **variables}, env=simulator.environment(), **how
    )


def _text(result: Result) -> str:
    return "\n".join(next(one.result["msg"] for one in result.tasks if one.name.endswith(": Summary")))


def _stored(simulator: Simulator, name: str = NAME) -> dict[str, Any]:
    state = simulator.state()
    sp = next(one["id"] for one in state["servicePrincipals"] if one["displayName"] == name)
    found: dict[str, Any] = state["synchronization"].get(sp) or {"jobs": {}, "secrets": {}}
    return found


def test_what_was_not_asked_for_stays(simulator: Simulator) -> None:
    _seed(simulator, SyncAll="true", SyncNotificationSettings=NOTICE, SkipOutOfScopeDeletions="True")
    before, mark = _stored(simulator)["secrets"], simulator.mark()
    result = _onboard(simulator, {"onboard_users": [BEN]})
    assert result.rc == 0, result.output
    assert _stored(simulator)["secrets"] == before
    assert [one["method"] for one in simulator.writes(mark)] == ["POST"]


def test_a_new_application_gets_the_safe_settings_also_in_a_second_try(simulator: Simulator) -> None:
    simulator.reset({})
    token = {"onboard_secrets": {"SecretToken": "a token of nobody"}}
    assert _onboard(simulator, {"onboard_users": [BEN], **token}).rc == 2
    assert _onboard(simulator, {"onboard_users": [BEN]}).rc == 0
    bag = [{"entra.provisioning.sync_info": {"display_name": NAME, "gather": ["secrets"]}}]
    seen = run_playbook(bag, defaults=simulator.options()).last.result["applications"][0]["secrets"]
    assert (seen["scope"], seen["delete_threshold"]) == ("assigned", 50)


def test_a_secret_that_was_not_compared_is_named(simulator: Simulator) -> None:
    _seed(simulator)
    result = _onboard(simulator, {})
    assert result.rc == 0, result.output
    assert "SecretToken was not compared with the stored one" in _text(result)
    assert "ansible-playbook entra.provisioning.rotate_credentials -e " in _text(result)


def test_a_job_that_a_stale_token_brought_down_names_the_command_that_heals(simulator: Simulator) -> None:
    _seed(simulator, SecretToken="a token of last year")
    simulator.clock("PT41M")
    result = _onboard(simulator, {})
    assert result.rc == 0, result.output
    line = next(one for one in _text(result).splitlines() if one.startswith("  next: The job is in quarantine"))
    command = line[line.index("ansible-playbook ") :].partition(" -e @credentials.yml")[0]
    secrets = json.dumps({"rotate_credentials_secrets": {"SecretToken": simulator.ready["scim"]["token"]}})
    healed = run_shell(f"{command} -e '{secrets}'", ROOT, simulator.environment())
    assert healed.rc == 0, healed.output
    simulator.clock("PT41M")
    (job,) = _stored(simulator)["jobs"].values()
    assert job["job"]["status"]["code"] == "Active"


@pytest.mark.parametrize("check", mostly([False, True], [False], "Check mode refuses for the same reason."))
def test_no_second_job_for_one_target(simulator: Simulator, check: bool) -> None:
    _seed(simulator, "customappsso")
    mark = simulator.mark()
    refused = _onboard(simulator, {"onboard_profile": "scim"}, check=check)
    assert refused.rc == 2
    says = ["customappsso.", "would write to one target", "convert_to_scim -e", "onboard_allow_second_job"]
    assert [text for text in says if text not in refused.last.result["msg"]] == []
    assert simulator.writes(mark) == []
    meant = _onboard(simulator, {"onboard_profile": "scim", "onboard_allow_second_job": True}, check=check)
    assert meant.rc == 0, meant.output
    assert "create a synchronization job from the template scim" in _text(meant)
    assert "start the synchronization job of the template scim" in _text(meant)
    if check:
        assert "job: none yet" in _text(meant)
    assert len(_stored(simulator)["jobs"]) == (1 if check else 2)


def test_the_job_that_is_there_is_the_one_without_a_profile(simulator: Simulator) -> None:
    _seed(simulator, "customappsso")
    result = _onboard(simulator, {"onboard_scope": ""})
    assert result.rc == 0, result.output
    assert len(_stored(simulator)["jobs"]) == 1


def test_the_material_of_one_target_stays_out_of_others(simulator: Simulator) -> None:
    simulator.reset({})
    entries = [
        {"display_name": "Inbound", "profile": "inbound_api", "notification": MAIL, "start": False, "secrets": {}},
        {"display_name": "Cloud", "profile": "cloud_sync", "domain": "corp.example", "start": False},
        {
            "display_name": "Tenant",
            "profile": "cross_tenant",
            "target_tenant_id": OTHER,
            "target_sign_in": {},
            "start": False,
        },
        {"display_name": "Bare", "secrets": {}, "settings": {}, "start": False, "users": [BEN]},
    ]
    sign_in = {"client_id": "the other tenant", "client_secret": "a secret of the other tenant"}
    variables = {"onboard_display_name": "", "onboard_applications": entries, "onboard_target_sign_in": sign_in}
    result = _onboard(simulator, variables)
    assert "other tenant" not in json.dumps([one["body"] for one in simulator.requests()])
    for name in ("Inbound", "Cloud", "Tenant", "Bare"):
        kept = _stored(simulator, name)["secrets"]
        assert not {"SecretToken", "BaseAddress"} & {key for key, value in kept.items() if value}, (name, result.output)


def test_people_given_as_a_text(simulator: Simulator) -> None:
    simulator.reset({})
    result = _onboard(
        simulator, {"onboard_users": f" {BEN}, {ADELE},\n", "onboard_groups": "Sales team\n", "onboard_start": "no"}
    )
    assert result.rc == 0, result.output
    said = [f"assign the user {BEN}", f"assign the user {ADELE}", "assign the group Sales team"]
    assert [text for text in said if text not in _text(result)] == []


@pytest.mark.parametrize(
    "variable",
    mostly(["users", "groups", "canary_users", "canary_groups"], ["canary_groups"], "The same for another list."),
)
def test_people_who_are_not_there_are_found_out_before_the_first_write(simulator: Simulator, variable: str) -> None:
    simulator.reset({})
    mark = simulator.mark()
    result = _onboard(simulator, {f"onboard_{variable}": "nobody@contoso.example"})
    assert result.rc == 2
    assert "'nobody@contoso.example'" in result.last.result["msg"]
    assert simulator.writes(mark) == []


def test_a_failure_in_a_loop_keeps_its_reason(simulator: Simulator) -> None:
    _seed(simulator)
    refusal = {"error": {"code": "Request_BadRequest", "message": "The name is reserved."}}
    fault = {"fault": "status", "status": 400, "body": refusal, "times": 9}
    simulator.faults([{"match": {"method": "POST", "path": "/extensionProperties"}, **fault}])
    result = _onboard(simulator, {"onboard_extension_attributes": [{"name": "badge", "target": "title"}]})
    assert result.rc == 2
    assert "The name is reserved." in result.last.result["msg"]
    assert "One or more items failed" not in result.last.result["msg"]


def test_one_application_on_several_hosts(simulator: Simulator, tmp_path: Any) -> None:
    simulator.reset({})
    inventory = tmp_path / "hosts"
    inventory.write_text("".join(f"host{n} ansible_connection=local\n" for n in range(2)))
    scim = simulator.ready["scim"]
    variables = {
        "target": "all",
        "onboard_display_name": NAME,
        "onboard_settings": {"BaseAddress": scim["base_address"]},
        "onboard_secrets": {"SecretToken": scim["token"]},
        "onboard_users": [BEN],
    }
    arguments = ("-i", str(inventory), "--forks", "2")
    result = run_playbook(ROLE, extra_vars=variables, env=simulator.environment(), arguments=arguments)
    assert result.rc == 0, result.output
    state = simulator.state()
    assert len([one for one in state["servicePrincipals"] if one["displayName"] == NAME]) == 1
    assert len(_stored(simulator)["jobs"]) == 1


def test_a_start_in_the_middle_has_a_summary(simulator: Simulator) -> None:
    _seed(simulator)
    result = _onboard(simulator, {}, arguments=("--start-at-task", "Onboard each application"))
    assert result.rc == 0, result.output
    assert f"{NAME}: unchanged" in _text(result)


def _options(role: str) -> dict[str, Any]:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    found: dict[str, Any] = specs["argument_specs"]["main"]["options"]
    return found


@pytest.mark.parametrize(
    ("where", "blank"),
    mostly(
        list(itertools.product(("flat", "entry"), ("", " ", None))),
        [("entry", None)],
        "Another way to say nothing in the other place.",
    ),
)
def test_blank_answers_say_nothing(simulator: Simulator, where: str, blank: str | None) -> None:
    """Every option at once, but for those that name the application and its target."""
    _seed(simulator, SyncAll="true", SyncNotificationSettings=NOTICE)
    named = ("onboard_display_name", "onboard_settings", "onboard_secrets", "onboard_applications")
    empty = "" if blank == " " and where == "flat" else blank
    blanks: dict[str, Any] = {name: empty for name in _options("onboard") if name not in named}
    if where == "entry":
        entry = {name.removeprefix("onboard_"): blank for name in blanks}
        blanks = {"onboard_applications": [{**entry, "display_name": NAME}]}
    mark = simulator.mark()
    result = _onboard(simulator, blanks)
    assert result.rc == 0, result.output
    assert f"{NAME}: unchanged" in _text(result)
    assert simulator.writes(mark) == []
