# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The argument specs of schemas: mappings in shorthand, and what surrounds their writing.

A portable document has the members of MAPPINGS too, so it is validated by the same spec.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ._options import Arguments, Spec, environment
from ._schema.problems import SchemaProblem
from ._schema.words import APPLY, ATTRIBUTE_TYPES, FLOW_BEHAVIORS, FLOW_TYPES, MUTABILITY


def _present_or_absent() -> dict[str, t.Any]:
    return {"type": "str", "choices": ["present", "absent"], "default": "present"}


def _list_of(options: Spec, **rules: t.Any) -> dict[str, t.Any]:
    return {"type": "list", "elements": "dict", "options": options, **rules}


_CLAUSES = _list_of(
    {
        "attribute": {"type": "str", "required": True},
        "operator": {"type": "str", "required": True},
        "values": {"type": "list", "elements": "str", "default": []},
    }
)
_GROUPS = _list_of(
    {
        "name": {"type": "str"},
        "clauses": _CLAUSES,
        "everyone": {"type": "bool", "default": False},
        "state": _present_or_absent(),
    }
)

_ATTRIBUTES = _list_of(
    {
        "target": {"type": "str", "required": True},
        "attribute": {"type": "str"},
        "constant": {"type": "str"},
        "expression": {"type": "str"},
        "default_only": {"type": "bool"},
        "default": {"type": "str"},
        "matching_priority": {"type": "int"},
        "apply": {"type": "str", "choices": list(APPLY)},
        "flow_behavior": {"type": "str", "choices": list(FLOW_BEHAVIORS)},
        "state": _present_or_absent(),
    },
    mutually_exclusive=[["attribute", "constant", "expression", "default_only"]],
)

_OBJECT_MAPPINGS = _list_of(
    {
        "rule": {"type": "str"},
        "source": {"type": "str", "required": True},
        "target": {"type": "str"},
        "name": {"type": "str"},
        "enabled": {"type": "bool"},
        "flow_types": {"type": "list", "elements": "str", "choices": list(FLOW_TYPES)},
        "attributes": _ATTRIBUTES,
        "purge_attributes": {"type": "bool", "default": False},
        "scope": _GROUPS,
        "input_scope": _GROUPS,
        "purge_scope": {"type": "bool", "default": False},
        "state": _present_or_absent(),
    }
)

_RULES = _list_of(
    {
        "rule": {"type": "str"},
        "containers": {"type": "list", "elements": "str"},
        "groups": {"type": "list", "elements": "str"},
    }
)

_CUSTOM_ATTRIBUTES = _list_of(
    {
        "directory": {"type": "str", "required": True},
        "object": {"type": "str"},
        "name": {"type": "str", "required": True},
        "type": {"type": "str", "choices": list(ATTRIBUTE_TYPES)},
        "multivalued": {"type": "bool"},
        "required": {"type": "bool"},
        "case_exact": {"type": "bool"},
        "flow_null_values": {"type": "bool"},
        "mutability": {"type": "str", "choices": list(MUTABILITY)},
        "default": {"type": "str"},
        "references": {"type": "list", "elements": "str"},
        "api_expressions": {"type": "dict"},
        "state": _present_or_absent(),
    }
)

MAPPINGS = Arguments(
    {"object_mappings": _OBJECT_MAPPINGS, "rules": _RULES, "custom_attributes": _CUSTOM_ATTRIBUTES},
)

# What else a task that writes a schema understands, of a job as of a template.
WRITING = Arguments(
    {
        "schema": {"type": "dict"},
        "substitutions": {"type": "dict", "default": {}},
        "expression_tests": _list_of(
            {
                "expression": {"type": "str", "required": True},
                "input": {"type": "dict", "default": {}},
                "expect": {"type": "raw", "required": True},
            },
        ),
        "ignore_findings": {"type": "list", "elements": "str", "default": []},
        "backup": {"type": "bool", "default": False},
        "backup_dir": {"type": "path", "fallback": (environment, ["ENTRA_BACKUP_DIR"]), "default": "backup"},
    },
    mutually_exclusive=(("schema", "object_mappings"), ("schema", "rules"), ("schema", "custom_attributes")),
)


def validated(document: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a portable document as the options of its members would be, all of them there.

    :raises SchemaProblem: where it says what the options do not know.
    """
    result = ArgumentSpecValidator(MAPPINGS.spec).validate(dict(document))
    if result.error_messages:
        told = "; ".join(one.rstrip(".") for one in result.error_messages)
        raise SchemaProblem(f"This is no portable document: {told}.")
    return t.cast("dict[str, t.Any]", result.validated_parameters)
