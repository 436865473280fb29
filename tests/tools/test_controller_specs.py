# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/controller_specs.py: what is read out of modules and roles."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.controller_specs import module_spec, role_keys, suboptions

MODULE = '''
DOCUMENTATION = """
options:
  name: {type: str, required: true}
  nodes:
    type: list
    suboptions:
      kind: {type: str, choices: [a, b], description: Which.}
"""
from ansible.module_utils.basic import AnsibleModule


def main():
    AnsibleModule(
        argument_spec=dict(
            name=dict(required=True, fallback=(print, [])),
            nodes=dict(type="list", elements="dict"),
        ),
        required_if=[("name", "a", ("nodes",))],
        supports_check_mode=True,
    )
'''

ROLE = """---
- name: "Managing Things"
  thing:
    name: "{{ __thing.name | mandatory }}"
    place: "{{ __thing.place.name | default(__thing.place) }}"
  loop: "{{ things if things is defined else controller_things }}"
  loop_control:
    loop_var: __thing

- name: "Waiting"
  debug:
    msg: "{{ __thing.other }}"
"""


def test_a_module_tells_its_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ansible_collections" / "awx" / "awx" / "plugins" / "modules"
    folder.mkdir(parents=True)
    (folder / "of_a_test.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert module_spec("of_a_test") == {
            "argument_spec": {
                "name": {"required": True},
                "nodes": {
                    "type": "list",
                    "elements": "dict",
                    "options": {"kind": {"type": "str", "choices": ["a", "b"]}},
                },
            },
            "required_if": [("name", "a", ("nodes",))],
        }
    finally:
        for name in [one for one in sys.modules if one.startswith("ansible_collections.awx")]:
            del sys.modules[name]


def test_a_role_tells_what_it_reads() -> None:
    assert role_keys(ROLE) == {"variable": "controller_things", "keys": ["name", "place"]}


def test_a_role_of_another_form_is_no_role_without_keys() -> None:
    with pytest.raises(TypeError):
        role_keys(ROLE.replace("loop_var", "label"))


def test_suboptions_are_taken_to_their_depth() -> None:
    documented = {"a": {"type": "dict", "description": "A.", "suboptions": {"b": {"type": "int", "default": 1}}}}
    assert suboptions(documented) == {"a": {"type": "dict", "options": {"b": {"type": "int", "default": 1}}}}
