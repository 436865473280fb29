# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: schema_yaml
short_description: A provisioning schema as YAML for git
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
description:
  - Writes a schema as a portable document in YAML, one line per attribute mapping, clause and custom attribute.
  - Schemas that mean the same give the same text, byte for byte, so that git shows changes of meaning only.
  - Needs no tenant and no network.
options:
  _input:
    description: A schema as Microsoft Graph gives it, or a portable document.
    type: dict
    required: true
notes:
  - Read the text back with P(ansible.builtin.file#lookup) and P(ansible.builtin.from_yaml#filter) rather than as a
    file of variables. An expression with two curly braces would be taken for a template there.
seealso:
  - plugin: entra.provisioning.portable_schema
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the schema of an application
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather: [schema]
  register: found

- name: Keep its mappings in git
  ansible.builtin.copy:
    content: "{{ found.applications[0].schema[0].schema | entra.provisioning.schema_yaml }}"
    dest: mappings/contoso_scim.yml
    mode: "0644"

- name: Bring the application to what git says
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    schema: "{{ lookup('ansible.builtin.file', 'mappings/contoso_scim.yml') | from_yaml }}"
"""

RETURN = r"""
_value:
  description: The text.
  type: str
"""

import typing as t

from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable_text import as_yaml
from ansible_collections.entra.provisioning.plugins.plugin_utils._documents import schema, told


def schema_yaml(value: t.Any) -> str:
    with told("schema_yaml"):
        return as_yaml(portable(schema(value)))


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"schema_yaml": schema_yaml}
