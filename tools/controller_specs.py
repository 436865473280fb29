# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.controller_specs AWX AAP``: write tests/fixtures/controller.

The tests of tests/awx judge the data in tests/awx/controller by it.

AWX is an unpacked folder that holds ansible_collections/awx/awx; the package ``ansible`` has one
(``pip download --no-deps ansible==12.3.0``, then ``unzip`` the wheel). From it come the argument specs of the modules
as they hand them to AnsibleModule, and the suboptions that only their documentation has.

AAP is a clone of redhat-cop/infra.aap_configuration. From it come, per role, the variable with the entries, and the
keys of an entry that the role hands to the module; any other key would be left out without a word.

Both are under the GPL, version 3 or later. What is written are facts about their interfaces.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

import yaml
from ansible.module_utils.basic import AnsibleModule

SPECS = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "controller"
HEADER = """---
# SPDX-FileCopyrightText: {owner}
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tools/controller_specs.py from {source}.
"""
# The modules by the role of infra.aap_configuration that calls them.
MODULES = {
    "controller_credential_types": "credential_type",
    "controller_credentials": "credential",
    "controller_execution_environments": "execution_environment",
    "controller_hosts": "host",
    "controller_inventories": "inventory",
    "controller_job_templates": "job_template",
    "controller_projects": "project",
    "controller_workflow_job_templates": "workflow_job_template",
}
# What an option may say in an argument spec; a documented one says more.
SPEC_KEYS = ("type", "elements", "choices", "required", "default", "aliases")
# The arguments of AnsibleModule that judge options besides their spec.
JUDGING = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")

_LOOP = re.compile(r'loop: +"\{\{.* (controller_\w+) \}\}"')
_LOOP_VARIABLE = re.compile(r'loop_var: +"?(\w+)"?')


class Captured(Exception):
    """The arguments of AnsibleModule."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        super().__init__()
        self.arguments = arguments


def module_spec(name: str) -> dict[str, Any]:
    """What a module of awx.awx hands to AnsibleModule, and the suboptions of its documentation.

    :raises TypeError: where the module does not get as far as that.
    """

    def capture(_module: AnsibleModule, argument_spec: dict[str, Any], **more: Any) -> NoReturn:
        raise Captured({"argument_spec": argument_spec, **more})

    module = importlib.import_module(f"ansible_collections.awx.awx.plugins.modules.{name}")
    with mock.patch.object(AnsibleModule, "__init__", capture):
        try:
            module.main()
        except Captured as found:
            arguments = found.arguments
        else:
            raise TypeError(f"{name} made no AnsibleModule")
    # Without the fallbacks of how to sign in, which are functions.
    spec = {
        option: {key: said[key] for key in (*SPEC_KEYS, "no_log") if key in said}
        for option, said in arguments["argument_spec"].items()
    }
    for option, documented in yaml.safe_load(module.DOCUMENTATION)["options"].items():
        if "suboptions" in documented:
            spec[option]["options"] = suboptions(documented["suboptions"])
    return {"argument_spec": spec, **{key: arguments[key] for key in JUDGING if arguments.get(key)}}


def suboptions(documented: dict[str, Any]) -> dict[str, Any]:
    """Documented options as an argument spec."""
    found = {}
    for name, option in documented.items():
        found[name] = {key: option[key] for key in SPEC_KEYS if key in option}
        if "suboptions" in option:
            found[name]["options"] = suboptions(option["suboptions"])
    return found


def role_keys(text: str) -> dict[str, Any]:
    """The variable that the first task of a role loops over, and the keys of an entry that it reads.

    :raises TypeError: where it loops over something else.
    """
    task = text.partition("\n- name:")[2].partition("\n- name:")[0]
    loop, item = _LOOP.search(task), _LOOP_VARIABLE.search(task)
    if not loop or not item:
        raise TypeError("the role has another form than it used to have")
    return {"variable": loop[1], "keys": sorted(set(re.findall(rf"\b{item[1]}\.(\w+)", task)))}


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(prog="controller_specs")
    parser.add_argument("awx", type=Path)
    parser.add_argument("aap", type=Path)
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.awx))
    manifest = json.loads((arguments.awx / "ansible_collections/awx/awx/MANIFEST.json").read_text())
    version = manifest["collection_info"]["version"]
    modules = {name: module_spec(name) for name in sorted(MODULES.values())}
    _write("modules.yml", "The AWX Project", f"the collection awx.awx {version}", modules)
    roles = {}
    for role, module in MODULES.items():
        roles[role] = {"module": module, **role_keys((arguments.aap / f"roles/{role}/tasks/main.yml").read_text())}
    version = yaml.safe_load((arguments.aap / "galaxy.yml").read_text())["version"]
    _write("roles.yml", "infra.aap_configuration contributors", f"infra.aap_configuration {version}", roles)


def _write(name: str, owner: str, source: str, content: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(content))
    SPECS.mkdir(exist_ok=True)
    (SPECS / name).write_text(HEADER.format(owner=owner, source=source) + yaml.safe_dump(plain))


if __name__ == "__main__":
    main()
