# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What the rules of a schema say: object mappings, attribute mappings and scopes."""

from __future__ import annotations

import typing as t

from . import account_states, expressions
from .canonical import Raw, as_json, empty, flow_types, is_false, label, matching_priority, rest, text
from .fact import Fact, Field, Fields, metadata_fields, named, others, property_fields, simple_field
from .words import APPLY, FLOW_BEHAVIORS

# Server-set (page of synchronizationRule).
_RULE_SET = ("id", "editable")
_DIRECTORIES = {"source directory": "sourceDirectoryName", "target directory": "targetDirectoryName"}
_CHOSEN = {"containers": ("containerFilter", "includedContainers"), "groups": ("groupFilter", "includedGroups")}
_RULE_KNOWN = frozenset({*_RULE_SET, "name", "priority", "objectMappings", "metadata", *_DIRECTORIES.values()})

_SCOPES = {"scope": "groups", "input scope": "inputFilterGroups", "categoryFilterGroups": "categoryFilterGroups"}
_OBJECT_MAPPING_KNOWN = frozenset(
    {"enabled", "flowTypes", "name", "attributeMappings", "scope", "sourceObjectName", "targetObjectName", "metadata"}
)

# The words for enumerations, by property; the first one is the default.
_WORDS = {
    "flowType": ("apply", {graph: word for word, graph in APPLY.items()}),
    "flowBehavior": ("flow behavior", {graph: word for word, graph in FLOW_BEHAVIORS.items()}),
}
_MAPPING_KNOWN = frozenset(
    {"targetAttributeName", "source", "defaultValue", "matchingPriority", "exportMissingReferences", *_WORDS}
)
_SOURCE_KNOWN = frozenset({"expression", "name", "type", "parameters"})


def rule_fact(rule: Raw, states: t.Collection[str] = ()) -> Fact:
    """Return what a rule and all below it say.

    :arg states: the attributes that the directories name as the state of their accounts, in lower case.
    """
    fields: Fields = {("priority",): Field(text(rule.get("priority") or 0), text(rule.get("priority") or 0))}
    for name, member in _DIRECTORIES.items():
        fields |= simple_field((name,), rule.get(member))
    known = set(_RULE_KNOWN)
    for name, (member, inner) in _CHOSEN.items():
        known.add(member)
        chosen = rule.get(member) or {}
        fields |= {(name, text(one)): Field("included", "included", risk="scope") for one in chosen.get(inner) or []}
        fields |= property_fields(chosen, (inner,), "scope", (member,))
    fields |= metadata_fields(rule) | property_fields(rule, known)
    ends = " → ".join(text(rule.get(member)) for member in _DIRECTORIES.values())
    parts = [_object_mapping(one, states) for one in rule.get("objectMappings") or []]
    return Fact("rule", ("rule", text(rule.get("name") or rule.get("id"))), "mapping", fields, parts, ends)


def _object_mapping(mapping: Raw, states: t.Collection[str]) -> Fact:
    enabled = not is_false(mapping.get("enabled"))
    flows = ", ".join(flow_types(mapping)) or "None"
    yes = "yes" if enabled else "no"
    scope = mapping.get("scope") or {}
    fields: Fields = {
        ("enabled",): Field(yes, yes, "enabled_changed", "scope"),
        ("flow types",): Field(flows, flows, "flow_types_changed", "delete_flow"),
    }
    fields |= simple_field(("name",), mapping.get("name"), kind="property_changed", risk="cosmetic")
    fields |= property_fields(scope, _SCOPES.values(), "scope", ("scope",))
    fields |= metadata_fields(mapping) | property_fields(mapping, _OBJECT_MAPPING_KNOWN)
    parts = [_attribute_mapping(one, states) for one in mapping.get("attributeMappings") or []]
    parts += [_scope_group(name, one) for name, member in _SCOPES.items() for one in scope.get(member) or []]
    says = f"{'enabled' if enabled else 'disabled'}, {flows}"
    return Fact("object_mapping", (label(mapping),), "scope", fields, parts, says)


def _attribute_mapping(mapping: Raw, states: t.Collection[str]) -> Fact:
    target = named(mapping, "targetAttributeName")
    given = mapping.get("source") or {}
    # A source is compared by its text; the tree follows from it, and one that does not is never written (sources.py).
    source = expressions.text_of(given)
    fields: Fields = {(): Field(expressions.normalised(source) if source else "", source or "(no source)")}
    default = mapping.get("defaultValue")
    if not empty(default):
        fields["default",] = Field(text(default), as_json(text(default)))
    priority = matching_priority(mapping)
    if priority:
        fields["matching priority",] = Field(str(priority), str(priority), usual="0")
    for member, (name, words) in _WORDS.items():
        value, usual = mapping.get(member), next(iter(words))
        if not empty(value) and value != usual:
            # Quoted where it is no value of the enumeration: Graph's "always" is not the word always.
            fields[name,] = Field(text(value), words.get(text(value), as_json(value)), usual=words[usual])
    if mapping.get("exportMissingReferences"):
        fields["exportMissingReferences",] = Field("true", "true", usual="false")
    fields |= others(mapping, _MAPPING_KNOWN) | others(given, _SOURCE_KNOWN, ("source",))
    return Fact("mapping", (target,), _risk(target, given, priority, states), fields)


def _risk(target: str, source: Raw, priority: t.Any, states: t.Collection[str]) -> str:
    if priority:
        return "matching"
    # What is fed from the state of the account in the source disables people too, whatever it is called.
    read = [target, *expressions.read_by(source)]
    return "active" if any(account_states.is_account_state(one, states) for one in read) else "mapping"


def _scope_group(scope: str, group: Raw) -> Fact:
    clauses = [_clause(one) for one in group.get("clauses") or []]
    says = " AND ".join(sorted(f"{one.path[0]} {one.text}" for one in clauses)) or "(no clause: lets everybody in)"
    fields = property_fields(group, ("name", "clauses"), "scope")
    return Fact("scope_group", (scope, named(group)), "scope", fields, clauses, says)


def _clause(clause: Raw) -> Fact:
    operand = clause.get("targetOperand") or {}
    values = sorted(text(one) for one in operand.get("values") or [])
    words = [text(clause.get("operatorName")), *map(as_json, values)]
    unknown = rest(clause, ("sourceOperandName", "operatorName", "targetOperand")) | rest(operand, ("values",))
    says = " ".join(words + [f"{name}={as_json(one)}" for name, one in unknown.items()])
    return Fact("scope_clause", (named(clause, "sourceOperandName"),), "scope", {(): Field(says, says)})
