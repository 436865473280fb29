# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: portable_schema
short_description: A provisioning schema as a portable document
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
description:
  - Turns the schema of a job or a template, as Microsoft Graph gives it, into the shorthand of
    M(entra.provisioning.sync_schema), sorted and without ids, so that it is pleasant in git and fits other
    applications and tenants.
  - The document means exactly what it says. Given to the option O(entra.provisioning.sync_schema#module:schema), what
    it does not list is removed, and a field that it does not give has its default.
  - It does not say ids, versions, metadata, the definitions that came with the template,
    C(exportMissingReferences), C(categoryFilterGroups), nor properties that this collection does not know. The
    receiving job keeps its own.
  - Needs no tenant and no network.
positional: template
options:
  _input:
    description:
      - The schema, with C(synchronizationRules) and C(directories).
      - A portable document comes back in the one order and spelling.
    type: dict
    required: true
  template:
    description:
      - The schema of the job's template. With it, every attribute definition that the template lacks or defines
        otherwise counts as custom.
      - Without it, these are the definitions that the service marks as the customer's, directory extensions
        (C(extension_<app id>_<name>)), and SCIM attributes outside of the standard's own two schemas.
    type: dict
seealso:
  - plugin: entra.provisioning.schema_yaml
    plugin_type: filter
  - plugin: entra.provisioning.substitute_schema
    plugin_type: filter
  - module: entra.provisioning.sync_schema
"""

EXAMPLES = r"""
- name: Read the schema of an application
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather: [schema]
  register: found

- name: Have exactly the same mappings in another application
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM (test)
    schema: "{{ found.applications[0].schema[0].schema | entra.provisioning.portable_schema }}"
"""

RETURN = r"""
_value:
  description: The portable document.
  type: dict
  contains:
    object_mappings:
      description: As the option of M(entra.provisioning.sync_schema); sorted by rule, source and target.
      type: list
      elements: dict
    rules:
      description: Containers and groups that rules are limited to; only where there are any.
      type: list
      elements: dict
    custom_attributes:
      description: Attribute definitions that did not come with the template; only where there are any.
      type: list
      elements: dict
"""

import typing as t

from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.plugin_utils import _documents


def portable_schema(value: t.Any, template: t.Any = None) -> dict[str, t.Any]:
    with _documents.told("portable_schema"):
        return portable(_documents.schema(value), _documents.template(template))


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"portable_schema": portable_schema}
