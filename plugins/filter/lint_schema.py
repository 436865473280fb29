# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter entra.provisioning.lint_schema."""

from __future__ import annotations

DOCUMENTATION = """
name: lint_schema
short_description: Finds what is probably wrong with a provisioning schema
version_added: 1.0.0
author: entra.provisioning contributors (@entra-provisioning)
description:
  - Looks for mistakes in attribute mappings and scoping filters that the service accepts, and that hurt people later,
    such as two mappings of one attribute, no matching attribute, or leavers who stay active.
  - Asks nobody. It needs no tenant, no credentials and no network.
  - The rules are explained in the guide R(Lint rules,ansible_collections.entra.provisioning.docsite.lint_rules).
positional: _input
options:
  _input:
    description:
      - A schema with C(synchronizationRules) and C(directories), as M(entra.provisioning.sync_info) returns it, or a
        portable document with C(object_mappings).
      - A portable document does not carry the catalogues of the directories, so fewer mistakes show in it.
    type: dict
    required: true
  sync_all:
    description:
      - Whether all users and groups are in scope of the job, not only those that are assigned.
      - Where this is not given, nothing is said about what depends on it.
    type: bool
  ignore:
    description:
      - What not to report. Each entry is the id of a rule, or C(id:path) for one place.
      - In the path V(*) and V(?) stand for anything; brackets stand for themselves.
    type: list
    elements: str
    default: []
notes:
  - The playbook C(entra.provisioning.lint_schema) runs this filter over files.
seealso:
  - module: entra.provisioning.sync_schema
"""

EXAMPLES = """
- name: Refuse mappings that would hurt somebody
  vars:
    findings: "{{ lookup('ansible.builtin.file', 'contoso-scim.json') | from_json | entra.provisioning.lint_schema }}"
  ansible.builtin.assert:
    that: findings == []
    fail_msg: "{{ findings | map(attribute='message') | join('\\n') }}"

- name: The same for a job with all users in scope, where two mappings of one attribute are meant
  vars:
    ignored:
      - duplicate-target:User → User / nickName
      - unknown-function
  ansible.builtin.assert:
    that: schema | entra.provisioning.lint_schema(sync_all=true, ignore=ignored) == []
"""

RETURN = """
_value:
  description: What was found, sorted by path. Empty where there is nothing to say.
  type: list
  elements: dict
  contains:
    rule:
      description: The id of the rule.
      type: str
      sample: duplicate-target
    path:
      description: Where, in the names of the schema.
      type: str
      sample: User → User / userName
    message:
      description: What is wrong, and what it does to people.
      type: str
      sample: Directory extensions with several values are not supported in mappings. It reads extension_a.
"""

import typing as t
from collections.abc import Callable

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.entra.provisioning.plugins.module_utils._schema.lint import lint
from ansible_collections.entra.provisioning.plugins.plugin_utils._documents import plain, schema, told


def lint_schema(document: t.Any, sync_all: t.Any = None, ignore: t.Any = ()) -> list[dict[str, str]]:
    """Return the findings as records.

    :raises AnsibleFilterError: for what is no schema, and for options that make no sense.
    """
    with told("lint_schema"):
        findings = lint(schema(document), sync_all=_flag(sync_all), ignore=_entries(ignore))
    return [one._asdict() for one in findings]


def _flag(value: t.Any) -> bool | None:
    if value is None or value == "":
        return None
    try:
        return boolean(value)
    except TypeError as problem:
        raise AnsibleFilterError(f"entra.provisioning.lint_schema: sync_all is no boolean: {value!r}.") from problem


def _entries(value: t.Any) -> list[t.Any]:
    if value is None or isinstance(value, (list, tuple)):
        return list(map(plain, value or []))
    if isinstance(value, str):
        return [plain(value)] if value else []
    raise AnsibleFilterError(f"entra.provisioning.lint_schema: ignore must be a list of texts, not {value!r}.")


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        return {"lint_schema": lint_schema}
