# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_schema_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group WRITING."""

    DOCUMENTATION = r"""
options:
  schema:
    description:
      - A whole schema, to which the present one is made equal in meaning. Two forms are understood.
      - As Microsoft Graph has it, with C(synchronizationRules) and C(directories). Ids, version and annotations in it
        are replaced by those of the job or the template.
      - As M(entra.provisioning.sync_info) exports it with its option C(portable), with C(object_mappings). It means
        exactly what it lists. Definitions of attributes that are not custom stay as they are.
    type: dict
  substitutions:
    description:
      - Texts to replace in what is written, by the text that they replace. For a schema that comes from another
        application or tenant, such as the prefixes of directory extensions, domain names or constants.
      - Names of attributes, expressions, constants, defaults and the values of filters are searched.
    type: dict
    default: {}
  expression_tests:
    description:
      - Expressions to evaluate by the service before anything is written, in check mode too. The task fails where a
        result is not what is expected.
    type: list
    elements: dict
    suboptions:
      expression:
        description: The expression.
        type: str
        required: true
      input:
        description: The values of the source attributes, by name.
        type: dict
        default: {}
      expect:
        description: The expected value; a list where there are several, V(null) for none.
        type: raw
        required: true
  ignore_findings:
    description:
      - Rules of the linter not to warn of, by their id, or by V(id:path) for one place.
      - A task warns of what its own change brings about, by
        R(the rules of the linter,ansible_collections.entra.provisioning.docsite.lint_rules).
    type: list
    elements: str
    default: []
  backup:
    description:
      - Whether the schema that is replaced is kept in a file, before anything is written. The playbook
        C(entra.provisioning.rollback_schema) puts it back.
    type: bool
    default: false
  backup_dir:
    description:
      - The folder for backups on the host that runs the task. It is made where it is missing.
      - The environment variable E(ENTRA_BACKUP_DIR) is used where the option is not given.
    type: path
    default: backup
"""
