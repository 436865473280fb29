# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data in tests/awx/controller against what it is for: awx.awx, infra.aap_configuration and AWX's own rules."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tests.awx.awx import roots
from tests.awx.credentials import problems_of_type
from tests.awx.data import FOLDER, Entry, controller, entry
from tests.awx.jobs import PROJECT
from tests.harness.guides import blocks
from tests.harness.simulator import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "controller"
MODULES = yaml.safe_load((FIXTURES / "modules.yml").read_text())
ROLES = {one["variable"]: one for one in yaml.safe_load((FIXTURES / "roles.yml").read_text()).values()}
ENTRIES = [(variable, one) for variable, entries in controller().items() for one in entries]


def problems(variable: str, one: Entry) -> list[str]:
    """Why the module that an entry is for would refuse it, or its role leave something out."""
    module = MODULES[ROLES[variable]["module"]]
    spec = {name: dict(option) for name, option in module["argument_spec"].items()}
    more = {name: value for name, value in module.items() if name != "argument_spec"}
    found = ArgumentSpecValidator(spec, **more).validate(one)
    return [*found.error_messages, *(key for key in one if key not in ROLES[variable]["keys"])]


@pytest.mark.parametrize(("variable", "one"), ENTRIES, ids=[f"{one[0]}-{one[1]['name']}" for one in ENTRIES])
def test_an_entry_is_what_its_module_and_its_role_take(variable: str, one: Entry) -> None:
    assert problems(variable, one) == []


@pytest.mark.parametrize(
    ("variable", "change"),
    [
        ("controller_templates", {"survey": {}}),
        ("controller_templates", {"job_type": "dry"}),
        ("controller_templates", {"diff_mode": "perhaps"}),
        ("controller_credential_types", {"inputs": "none"}),
        ("controller_projects", {"scm_kind": "git"}),
        ("controller_workflows", {"workflow_nodes": [{"unified_job_template": {"name": "Onboard"}}]}),
        ("controller_workflows", {"workflow_nodes": [{"identifier": "a", "job_type": "dry"}]}),
        ("controller_workflows", {"workflow_nodes": [{"identifier": "a", "success_nodes": ["b"]}]}),
    ],
)
def test_a_mistake_is_seen(variable: str, change: Entry) -> None:
    assert problems(variable, {**controller()[variable][0], **change}) != []


def named(variable: str) -> set[str]:
    return {one["name"] for one in controller()[variable]}


def test_what_is_named_is_there() -> None:
    for template in controller()["controller_templates"]:
        assert template["project"] in named("controller_projects")
        assert template["inventory"] in named("controller_inventories")
        assert template["execution_environment"] in named("controller_execution_environments")
        assert set(template["credentials"]) <= named("controller_credentials")
    for host in controller()["controller_hosts"]:
        assert host["inventory"] in named("controller_inventories")
    for credential in controller()["controller_credentials"]:
        assert credential["credential_type"] in named("controller_credential_types")
    for workflow in controller()["controller_workflows"]:
        assert len(roots(workflow)) == 1
        jobs = [one["unified_job_template"] for one in workflow["workflow_nodes"]]
        assert {one["name"] for one in jobs if one["type"] == "job_template"} <= named("controller_templates")


def test_every_playbook_of_the_project_has_a_template_and_every_template_one_of_them() -> None:
    files = {file.name for file in PROJECT.glob("*.yml")}
    assert {one["playbook"] for one in controller()["controller_templates"]} == files
    # AWX lists a file as a playbook where a line begins so.
    begins = re.compile(r"^(- |  )(hosts|ansible\.builtin\.import_playbook):", re.MULTILINE)
    assert [name for name in files if not begins.search((PROJECT / name).read_text())] == []


def test_every_file_is_read() -> None:
    assert set(controller()) == set(ROLES)
    assert len(list(FOLDER.glob("*.yml"))) == len(controller()) - 1  # hosts stand with their inventory


@pytest.mark.parametrize("name", sorted(named("controller_credential_types")))
def test_awx_takes_the_credential_types(name: str) -> None:
    assert problems_of_type(entry("controller_credential_types", name)) == []


def _env(name: str, text: str) -> Callable[[Entry], None]:
    return lambda kind: kind["injectors"]["env"].update({name: text})


def _field(**more: Any) -> Callable[[Entry], None]:
    return lambda kind: kind["inputs"]["fields"].append({"id": "more", "label": "More", "type": "string", **more})


@pytest.mark.parametrize(
    "change",
    [
        _env("ANSIBLE_TIMEOUT", "{{ client_id }}"),
        _env("PATH", "{{ client_id }}"),
        _env("MINE", "{{ client_identifier }}"),
        _env("MINE", "{{ tower.filename.key }}"),
        _env("MINE", "{{ ''.__class__.mro() }}"),
        _env("MINE", "{{ client_id"),
        _env("MINE", "ü"),
        _field(id="tower"),
        _field(id="client_id"),
        _field(id="client-id"),
        _field(type="boolean", secret=True),
        _field(default=True),
        _field(format="email"),
        _field(placeholder="x"),
        lambda kind: kind["inputs"]["required"].append("name"),
        lambda kind: kind["injectors"]["file"].update({"template": "{{ certificate }}"}),
        lambda kind: kind["injectors"].update({"files": {}}),
    ],
)
def test_awx_refuses_other_credential_types(change: Callable[[Entry], None]) -> None:
    kind = copy.deepcopy(entry("controller_credential_types", "Microsoft Entra provisioning"))
    change(kind)
    assert problems_of_type(kind) != []


def test_the_clouds_are_those_of_the_modules() -> None:
    fields = entry("controller_credential_types", "Microsoft Entra provisioning")["inputs"]["fields"]
    choices = next(one["choices"] for one in fields if one["id"] == "cloud")
    module = yaml.safe_load(_documentation("_credentials"))
    assert choices == module["options"]["cloud"]["choices"]


def _documentation(fragment: str) -> str:
    text = (ROOT / "plugins" / "doc_fragments" / f"{fragment}.py").read_text()
    return re.split(r'r?"""', text.partition("DOCUMENTATION")[2])[1]


def test_no_file_holds_a_secret() -> None:
    for credential in controller()["controller_credentials"]:
        kind = entry("controller_credential_types", credential["credential_type"])
        for field in kind["inputs"]["fields"]:
            value = credential["inputs"].get(field["id"], "")
            assert not field.get("secret") or value == "" or value.startswith("{{ lookup('ansible.builtin.env'")


def test_a_secret_of_a_credential_is_hidden_where_awx_shows_the_environment() -> None:
    """Secrets go into files, extra variables, or variables of the environment whose names AWX hides."""
    for kind in controller()["controller_credential_types"]:
        secret = [one["id"] for one in kind["inputs"]["fields"] if one.get("secret")]
        for name, text in kind["injectors"].get("env", {}).items():
            if any(re.search(rf"\{{ {one} \}}", text) for one in secret):
                assert re.search("API|TOKEN|KEY|SECRET|PASS", name)


def test_the_guide_shows_the_same() -> None:
    guide = ROOT / "docs" / "docsite" / "rst" / "awx.rst"
    shown = {one.caption: yaml.safe_load(one.text) for one in blocks(guide)}
    expected = {
        name: yaml.safe_load((PROJECT / name).read_text())
        for name in ("onboard.yml", "start.yml", "collections/requirements.yml")
    }
    for short, name in (("entra", "Microsoft Entra provisioning"), ("target", "SCIM target")):
        for part in ("inputs", "injectors"):
            expected[f"{short}_{part}.yml"] = entry("controller_credential_types", name)[part]
    expected["recover_as_approved.yml"] = entry("controller_templates", "Recover as approved")["extra_vars"]
    assert shown == expected
