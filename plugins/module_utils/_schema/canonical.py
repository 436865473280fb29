# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The canonical form of a schema: its facts by name, with everything left out that means nothing.

Noise is what differs between a PUT and the GET after it, or between tenants, without a difference in meaning: order,
blanks, null against empty against missing, defaults that are filled in, server-set ids and stamps. Everything else,
properties that are not known here included, is a fact.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import json
import typing as t

from . import expressions

Raw = t.Mapping[str, t.Any]
Path = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Fact:
    """One thing that a schema says: ``value`` is compared, ``text`` is shown, ``risk`` is what changing it can do."""

    value: t.Any
    text: str
    risk: str


Facts = dict[Path, Fact]
# A name on one level of the document, with what is said below it.
Part = tuple[str, Facts]

# Server-set or read-only (pages of synchronizationSchema, directoryDefinition, synchronizationRule and below).
_SCHEMA_SET = frozenset({"id", "version"})
_RULE_SET = frozenset({"id", "editable"})
_DIRECTORY_SET = frozenset({"id", "version", "discoveryDateTime", "discoverabilities", "readOnly"})
_OBJECT_SET = frozenset({"supportedApis"})
_ATTRIBUTE_SET = frozenset({"apiExpressions"})

_FLOW_TYPES = ("Add", "Update", "Delete")
_MAPPING_DEFAULTS = {
    "flowType": "Always",
    "flowBehavior": "FlowWhenChanged",
    "matchingPriority": 0,
    "exportMissingReferences": False,
}
_ATTRIBUTE_DEFAULTS = {
    "anchor": False,
    "caseExact": False,
    "flowNullValues": False,
    "multivalued": False,
    "mutability": "ReadWrite",
    "required": False,
    "type": "String",
}
_WORDS: dict[str, dict[t.Any, str]] = {
    "flowType": {"ObjectAddOnly": "only on create"},
    "exportMissingReferences": {True: "exports missing references"},
}


def facts(schema: Raw) -> Facts:
    """Return what a schema says, keyed by paths in names. All but linear in the size of the document."""
    rules = [(str(one.get("name") or one.get("id")), _rule(one)) for one in schema.get("synchronizationRules") or []]
    directories = [(str(one.get("name")), _directory(one)) for one in schema.get("directories") or []]
    others = _others(schema, _SCHEMA_SET | {"synchronizationRules", "directories"})
    return {**_below(("rule",), rules), **_below(("directory",), directories), **_below(("schema",), others)}


def empty(value: t.Any) -> bool:
    """Tell whether a value is one of the spellings of nothing."""
    return value is None or value == [] or value == "" or value == {}


def flow_types(mapping: Raw) -> list[str]:
    """Return what an object mapping may do in the target, in one order; all where it says nothing.

    It is a flags enumeration, written with or without blanks, or as a list by some tools.
    """
    given = mapping.get("flowTypes")
    if given is None:
        return list(_FLOW_TYPES)
    parts = {str(part).strip() for part in (given if isinstance(given, list) else str(given).split(","))}
    return [one for one in _FLOW_TYPES if one in parts] + sorted(parts - {*_FLOW_TYPES, "", "None"})


def matching_priority(mapping: Raw) -> t.Any:
    """Return the place of an attribute mapping among the matching ones, 0 for none; some tools write it as a text."""
    value = mapping.get("matchingPriority") or 0
    with contextlib.suppress(ValueError):
        value = int(value)
    return value


def label(mapping: Raw) -> str:
    """Name an object mapping as the portal does, by what it maps to what."""
    return f"{mapping.get('sourceObjectName')} → {mapping.get('targetObjectName')}"


def _rule(rule: Raw) -> Facts:
    parts = _part("priority", rule.get("priority") or 0, "mapping")
    for end in ("sourceDirectoryName", "targetDirectoryName"):
        parts += _part(end, rule.get(end), "mapping")
    for name, inner in (("containerFilter", "includedContainers"), ("groupFilter", "includedGroups")):
        chosen = (rule.get(name) or {}).get(inner) or []
        parts += _group(name, [part for one in chosen for part in _part(str(one), one, "scope")])
    known = {"name", "priority", "sourceDirectoryName", "targetDirectoryName", "containerFilter", "groupFilter"}
    parts += _metadata(rule)
    parts += _others(rule, _RULE_SET | known | {"objectMappings", "metadata"})
    parts += [(label(one), _object_mapping(one)) for one in rule.get("objectMappings") or []]
    return _below((), parts)


def _object_mapping(mapping: Raw) -> Facts:
    enabled = mapping.get("enabled") is not False
    flows = flow_types(mapping)
    parts: list[Part] = [
        ("enabled", {(): Fact(enabled, "yes" if enabled else "no", "scope")}),
        ("flow types", {(): Fact(tuple(flows), ", ".join(flows) or "None", "delete_flow")}),
    ]
    parts += _part("name", mapping.get("name"), "cosmetic")
    parts += [_attribute_mapping(one) for one in mapping.get("attributeMappings") or []]
    scope = mapping.get("scope") or {}
    for name in ("inputFilterGroups", "categoryFilterGroups"):
        parts += _group(name, [_scope_group(one) for one in scope.get(name) or []])
    others = _others(scope, {"groups", "inputFilterGroups", "categoryFilterGroups"})
    parts += _group("scope", [_scope_group(one) for one in scope.get("groups") or []] + others)
    known = {"enabled", "flowTypes", "name", "attributeMappings", "scope", "sourceObjectName", "targetObjectName"}
    parts += _metadata(mapping)
    parts += _others(mapping, known | {"metadata"})
    return _below((), parts)


def _attribute_mapping(mapping: Raw) -> Part:
    target = str(mapping.get("targetAttributeName"))
    source = expressions.text_of(mapping.get("source"))
    default = mapping.get("defaultValue") or None
    fields = _filled(mapping, _MAPPING_DEFAULTS) | {"matchingPriority": matching_priority(mapping)}
    # A source is compared by its text; the tree follows from it. What the tree does not explain is kept.
    tree = _rest(mapping.get("source") or {}, {"expression", "name", "type", "parameters"})
    unknown = _rest(mapping, {"targetAttributeName", "source", "defaultValue", *fields})
    unknown |= {f"source.{name}": one for name, one in tree.items()}
    value = (expressions.normalised(source) if source else None, default, *fields.values(), _frozen(unknown))
    words = [source or "(no source)"]
    words += [f"default {default!r}"] if default else []
    words += [f"matching priority {fields['matchingPriority']}"] if fields["matchingPriority"] else []
    words += [
        str(_WORDS.get(name, {}).get(fields[name], f"{name} {fields[name]}"))
        for name in ("flowType", "flowBehavior", "exportMissingReferences")
        if fields[name] != _MAPPING_DEFAULTS[name]
    ]
    words += [f"{name} {_json(one)}" for name, one in unknown.items()]
    return target, {(): Fact(value, ", ".join(words), _mapping_risk(target, fields["matchingPriority"]))}


def _mapping_risk(target: str, priority: int) -> str:
    if priority:
        return "matching"
    return "active" if target.lower() in ("active", "accountenabled", "issoftdeleted") else "mapping"


def _scope_group(group: Raw) -> Part:
    clauses = sorted(_clause(one) for one in group.get("clauses") or [])
    text = " AND ".join(clauses) or "(no clause)"
    unknown = _rest(group, {"name", "clauses"})
    name = str(group.get("name") or "(unnamed)")
    return name, {(): Fact((tuple(clauses), _frozen(unknown)), _with(text, unknown), "scope")}


def _clause(clause: Raw) -> str:
    operand = clause.get("targetOperand") or {}
    values = sorted(str(one) for one in operand.get("values") or [])
    words = [str(clause.get("sourceOperandName")), str(clause.get("operatorName")), *map(_json, values)]
    unknown = _rest(clause, {"sourceOperandName", "operatorName", "targetOperand"}) | _rest(operand, {"values"})
    return " ".join(words + [f"{name}={_json(one)}" for name, one in unknown.items()])


def _directory(directory: Raw) -> Facts:
    parts = [(str(one.get("name")), _object(one)) for one in directory.get("objects") or []]
    return _below((), parts + _others(directory, _DIRECTORY_SET | {"name", "objects"}))


def _object(one: Raw) -> Facts:
    parts = [_attribute(attribute) for attribute in one.get("attributes") or []]
    parts += _metadata(one) + _others(one, _OBJECT_SET | {"name", "attributes", "metadata"})
    return {(): Fact(True, "defined", "mapping"), **_below((), parts)}


def _attribute(attribute: Raw) -> Part:
    fields = _filled(attribute, _ATTRIBUTE_DEFAULTS)
    references = sorted(_json(_meant(one)) for one in attribute.get("referencedObjects") or [])
    unknown = _rest(attribute, _ATTRIBUTE_SET | {"name", "metadata", "referencedObjects", *fields})
    words = [str(fields["type"])]
    words += [
        name if fields[name] is True else f"{name} {fields[name]}"
        for name, usual in _ATTRIBUTE_DEFAULTS.items()
        if name != "type" and fields[name] != usual
    ]
    words += [f"refers to {one}" for one in references]
    words += [f"{key} {_json(one)}" for key, one in _entries(attribute)]
    value = (*fields.values(), *references, _frozen(unknown), tuple(_entries(attribute)))
    return str(attribute.get("name")), {(): Fact(value, _with(", ".join(words), unknown), "mapping")}


def _metadata(holder: Raw) -> list[Part]:
    return _group("metadata", [(key, {(): Fact(value, value, "cosmetic")}) for key, value in _entries(holder)])


def _entries(holder: Raw) -> list[tuple[str, str]]:
    """Return metadata entries with values in one quoting: ``"Normal"`` and ``\\"Normal\\"`` are the same."""
    entries = []
    for entry in holder.get("metadata") or []:
        value = entry.get("value")
        with contextlib.suppress(TypeError, ValueError):
            value = json.loads(value)
        if not empty(value):
            entries.append((str(entry.get("key")), value if isinstance(value, str) else _json(value)))
    return sorted(entries)


def _others(holder: Raw, known: t.Collection[str]) -> list[Part]:
    return [part for name, value in _rest(holder, known).items() for part in _part(name, value, "mapping")]


def _rest(holder: Raw, known: t.Collection[str]) -> dict[str, t.Any]:
    """Return the properties that are not known and say something."""
    rest: dict[str, t.Any] = _meant({name: value for name, value in holder.items() if name not in known})
    return rest


def _meant(value: t.Any) -> t.Any:
    """Return a value without what says nothing: annotations of OData, and members that are empty."""
    if isinstance(value, list):
        return [_meant(one) for one in value]
    if not isinstance(value, t.Mapping):
        return value
    members = {name: _meant(one) for name, one in sorted(value.items()) if "@odata." not in name}
    return {name: one for name, one in members.items() if not empty(one)}


def _part(name: str, value: t.Any, risk: str) -> list[Part]:
    """Return a simple property as a part; none where it says nothing."""
    text = value if isinstance(value, str) else _json(value)
    return [] if empty(value) else [(name, {(): Fact(text, text, risk)})]


def _group(name: str, parts: t.Sequence[Part]) -> list[Part]:
    """Return parts as one part with a name; none where there are none."""
    return [(name, _below((), parts))] if parts else []


def _below(above: Path, parts: t.Sequence[Part]) -> Facts:
    """Put parts below a path by their names, each in a place of its own.

    The service keeps several mappings of one target (cloud sync page). Of several parts with one name the content
    decides which comes first, not the order that they came in.
    """
    times = collections.Counter(name for name, _inner in parts)
    numbers = dict.fromkeys(times, 1)
    found: Facts = {}
    taken: set[str] = set()

    def rank(part: Part) -> tuple[str, str]:
        return part[0], repr(sorted(part[1].items())) if times[part[0]] > 1 else ""

    for name, inner in sorted(parts, key=rank):
        place = name
        while place in taken:
            numbers[name] += 1
            place = f"{name} ({numbers[name]})"
        taken.add(place)
        found.update({(*above, place, *path): fact for path, fact in inner.items()})
    return found


def _filled(holder: Raw, defaults: Raw) -> dict[str, t.Any]:
    return {name: usual if holder.get(name) is None else holder[name] for name, usual in defaults.items()}


def _with(text: str, unknown: Raw) -> str:
    return ", ".join([text, *(f"{name} {_json(one)}" for name, one in unknown.items())])


def _json(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _frozen(values: Raw) -> str:
    return _json(values) if values else ""
