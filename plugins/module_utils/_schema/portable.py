# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""A schema as a portable document: the shorthand of everything that an admin decides, in one order and spelling.

What it does not say stays as the receiving job has it: ids, versions and stamps; metadata; priority, names and
directories of the rules; the definitions that came with the template; ``anchor`` of attributes and the properties
that references point at; ``exportMissingReferences``; ``categoryFilterGroups``; and properties that this collection
does not know. Those of them that matter in a document are named by ``left_out`` (left_out.py).
"""

from __future__ import annotations

import re
import typing as t

from . import expressions
from .canonical import as_json, flow_types, matching_priority, text
from .custom import SAID, custom_attributes, said
from .words import APPLY, FLOW_BEHAVIORS, FLOW_TYPES

Raw = dict[str, t.Any]
Document = t.Mapping[str, t.Any]

_MAPPING_NAMES = ("rule", "source", "target")
_CUSTOM_NAMES = ("directory", "object", "name")
_SOURCES = ("attribute", "constant", "default_only")
# The commas between arguments, not those inside literals and names.
_COMMA = re.compile(r'("(?:\\.|[^"\\])*"?|\[[^\]]*\]?)|,', re.DOTALL)
_APPLY = {value: word for word, value in APPLY.items()}
_FLOW_BEHAVIORS = {value: word for word, value in FLOW_BEHAVIORS.items()}
# What a field means that is not given, where that is not simply nothing.
_USUAL: Raw = {
    "enabled": True,
    "flow_types": list(FLOW_TYPES),
    "apply": "always",
    "flow_behavior": "when_changed",
    "type": "String",
    "mutability": "ReadWrite",
}
# Fields that say something even when they are empty.
_EVEN_EMPTY = ("enabled", "flow_types", "constant", "attributes")


def is_portable(document: Document) -> bool:
    """Tell a portable document from a schema as Graph writes it."""
    return "object_mappings" in document and "synchronizationRules" not in document


def portable(schema: Document, template: Document | None = None) -> Raw:
    """Return the portable document of a schema; one that is portable already in the one order and spelling.

    ``template`` is the schema of the template, which tells which attribute definitions are custom.
    """
    document = schema if is_portable(schema) else _shorthand(schema, template)
    rules = [_rule(one) for one in _present(document, "rules")]
    tidy = {
        "object_mappings": _sorted(map(_object_mapping, _present(document, "object_mappings")), *_MAPPING_NAMES),
        "rules": _sorted([one for one in rules if "containers" in one or "groups" in one], "rule"),
        "custom_attributes": _sorted(map(_custom_attribute, _present(document, "custom_attributes")), *_CUSTOM_NAMES),
    }
    return {name: listed for name, listed in tidy.items() if listed or name == "object_mappings"}


def _shorthand(schema: Document, template: Document | None) -> Raw:
    rules = schema.get("synchronizationRules") or []
    return {
        "object_mappings": [
            {**_name_of(rule, rules), **_said_object_mapping(one)}
            for rule in rules
            for one in rule.get("objectMappings") or []
        ],
        "rules": [
            {
                **_name_of(rule, rules),
                "containers": (rule.get("containerFilter") or {}).get("includedContainers"),
                "groups": (rule.get("groupFilter") or {}).get("includedGroups"),
            }
            for rule in rules
        ],
        "custom_attributes": _said_custom_attributes(schema, template),
    }


def _name_of(rule: Document, rules: t.Sequence[Document]) -> Raw:
    return {"rule": str(rule.get("name") or rule.get("id"))} if len(rules) > 1 else {}


def _said_object_mapping(mapping: Document) -> Raw:
    scope = mapping.get("scope") or {}
    return {
        "source": mapping.get("sourceObjectName"),
        "target": mapping.get("targetObjectName"),
        "name": mapping.get("name"),
        "enabled": mapping.get("enabled") is not False,
        "flow_types": flow_types(mapping),
        "attributes": [_said_attribute(one) for one in mapping.get("attributeMappings") or []],
        "scope": [_said_group(one) for one in scope.get("groups") or []],
        "input_scope": [_said_group(one) for one in scope.get("inputFilterGroups") or []],
    }


def _said_attribute(mapping: Document) -> Raw:
    source = expressions.text_of(mapping.get("source"))
    return {
        "target": mapping.get("targetAttributeName"),
        **({"expression": source} if source else {"default_only": True}),
        "default": mapping.get("defaultValue"),
        "matching_priority": matching_priority(mapping),
        "apply": _APPLY.get(mapping.get("flowType") or ""),
        "flow_behavior": _FLOW_BEHAVIORS.get(mapping.get("flowBehavior") or ""),
    }


def _said_group(group: Document) -> Raw:
    return {
        "name": group.get("name"),
        "clauses": [
            {
                "attribute": one.get("sourceOperandName"),
                "operator": one.get("operatorName"),
                "values": (one.get("targetOperand") or {}).get("values"),
            }
            for one in group.get("clauses") or []
        ],
    }


def _said_custom_attributes(schema: Document, template: Document | None) -> list[Raw]:
    """Return the custom attributes; where every object of Active Directory has the same one, once for all of them."""
    sizes = {str(one.get("name")): len(one.get("objects") or []) for one in schema.get("directories") or []}
    places: dict[str, list[tuple[str, str, Raw]]] = {}
    for directory, object_name, definition in custom_attributes(schema, template):
        fields = {"name": definition.get("name"), **said(definition)}
        places.setdefault(as_json([directory, fields]), []).append((directory, object_name, fields))
    found = []
    for same in places.values():
        directory, _object_name, fields = same[0]
        role = {"directory": _role(directory, schema)}
        if directory.lower() == "active directory" and len(same) == sizes[directory]:
            found.append({**role, **fields})
        else:
            found += [{**role, "object": object_name, **fields} for _directory, object_name, fields in same]
    return found


def _role(directory: str, schema: Document) -> str:
    """Name a directory by its role, since templates and tenants name it differently; the rules must agree on it."""
    rules = schema.get("synchronizationRules") or []
    for role in ("source", "target"):
        if rules and all(rule.get(f"{role}DirectoryName") == directory for rule in rules):
            return role
    return directory


def _present(document: Document, name: str) -> list[Document]:
    return [one for one in document.get(name) or [] if one.get("state") != "absent"]


def _object_mapping(mapping: Document) -> Raw:
    flows = mapping.get("flow_types")
    parts = {
        "flow_types": None if flows is None else [one for one in FLOW_TYPES if one in flows],
        "attributes": _sorted(map(_attribute, _present(mapping, "attributes")), "target"),
        "scope": _sorted(map(_group, _present(mapping, "scope")), "name"),
        "input_scope": _sorted(map(_group, _present(mapping, "input_scope")), "name"),
    }
    return _fields({**mapping, **parts}, *_MAPPING_NAMES, "name", "enabled", *parts)


def _attribute(mapping: Document) -> Raw:
    texts = {name: text(mapping[name]) for name in ("constant", "default") if mapping.get(name) is not None}
    source = _source(mapping["expression"]) if mapping.get("expression") else _fields({**mapping, **texts}, *_SOURCES)
    return {
        **_fields(mapping, "target"),
        **source,
        **_fields({**mapping, **texts}, "default", "matching_priority", "apply", "flow_behavior"),
    }


def _source(expression: str) -> Raw:
    """Return the shortest spelling of an expression; two that differ in blanks only have the same."""
    plain = expressions.literal(expression)
    if plain:
        # A constant whose text has a lone backslash would be written with two.
        build = expressions.attribute if plain["type"] == "Attribute" else expressions.constant
        if build(plain["name"])["expression"] == expressions.normalised(expression):
            return {str(plain["type"]).lower(): plain["name"]}
    return {"expression": _COMMA.sub(lambda found: found[1] or ", ", expressions.normalised(expression))}


def _group(group: Document) -> Raw:
    clauses = _sorted(map(_clause, group.get("clauses") or []), "attribute", "operator")
    # A group without clauses lets everybody in, which has to be said.
    return _fields({**group, "clauses": clauses, "everyone": not clauses}, "name", "clauses", "everyone")


def _clause(clause: Document) -> Raw:
    values = sorted(map(text, clause.get("values") or []))
    return _fields({**clause, "values": values}, "attribute", "operator", "values")


def _rule(rule: Document) -> Raw:
    lists = {name: sorted(rule.get(name) or [], key=str) for name in ("containers", "groups")}
    return _fields({**rule, **lists}, "rule", *lists)


def _custom_attribute(custom: Document) -> Raw:
    references = sorted(custom.get("references") or [])
    return _fields({**custom, "references": references}, *_CUSTOM_NAMES, *SAID)


def _fields(record: Document, *names: str) -> Raw:
    """Return the named fields of a record that say something, in this order."""
    given = {name: record.get(name) for name in names}
    return {
        name: value
        for name, value in given.items()
        if value is not None and value != _USUAL.get(name) and (value or name in _EVEN_EMPTY)
    }


def _sorted(records: t.Iterable[Raw], *names: str) -> list[Raw]:
    """Return records in the order of some of their fields, and of all they say where these are the same."""

    def rank(record: Raw) -> list[str]:
        return [*(text(record.get(name) or "") for name in names), as_json(record)]

    return sorted(records, key=rank)
