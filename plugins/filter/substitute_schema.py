# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: substitute_schema
short_description: Replace names and values in a provisioning schema
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
description:
  - Makes the schema of one application or tenant fit for another, in which directory extensions, domains and constants
    are called otherwise.
  - Texts are replaced inside the names of attributes, expressions, constants, default values, and the values of scopes,
    containers and groups. Ids, versions, metadata and the names of rules, directories, objects and scope groups stay.
  - Of several texts that fit in one place, the longest is replaced, and what came from a replacement is not replaced
    again.
  - Needs no tenant and no network.
positional: substitutions
options:
  _input:
    description: A schema as Microsoft Graph gives it, or a portable document.
    type: dict
    required: true
  substitutions:
    description: What to replace by what. Case matters.
    type: dict
    required: true
seealso:
  - plugin: entra.provisioning.portable_schema
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Carry mappings from the test application to the productive one
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    schema: "{{ tested | entra.provisioning.substitute_schema(names) }}"
  vars:
    tested: "{{ lookup('ansible.builtin.file', 'mappings/test.yml') | from_yaml }}"
    names:
      extension_00000000000000000000000000000001_: extension_00000000000000000000000000000002_
      "@test.contoso.com": "@contoso.com"
"""

RETURN = r"""
_value:
  description: The schema with the replacements, of the kind that was given.
  type: dict
"""

import typing as t

from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import is_portable, portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.plugins.module_utils._schema.substitute import substituted
from ansible_collections.entra.provisioning.plugins.plugin_utils._documents import plain, schema, told


def substitute_schema(value: t.Any, substitutions: t.Any) -> dict[str, t.Any]:
    with told("substitute_schema"):
        texts = plain(substitutions)
        if not isinstance(texts, dict):
            raise SchemaProblem(f"The substitutions must be a dictionary of texts, not {texts!r:.60}.")
        changed = substituted(schema(value), texts)
        return portable(changed) if is_portable(changed) else changed


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"substitute_schema": substitute_schema}
