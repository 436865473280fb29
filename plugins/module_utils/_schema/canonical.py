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


# Server-set or read-only (pages of synchronizationSchema, directoryDefinition, synchronizationRule and below).
_SCHEMA_SET = frozenset({"id", "version"})
_RULE_SET = frozenset({"id", "editable"})
_DIRECTORY_SET = frozenset({"id", "version", "discoveryDateTime", "discoverabilities", "readOnly"})
_OBJECT_SET = frozenset({"supportedApis"})
_ATTRIBUTE_SET = frozenset({"apiExpressions"})

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


def facts(schema: Raw) -> dict[Path, Fact]:
    """Return what a schema says, keyed by paths in names. Linear in the size of the document."""
    found: dict[Path, Fact] = {}
    for rule in schema.get("synchronizationRules") or []:
        _rule(found, rule)
    for directory in schema.get("directories") or []:
        _directory(found, directory)
    _others(found, ("schema",), schema, _SCHEMA_SET | {"synchronizationRules", "directories"})
    return found


def empty(value: t.Any) -> bool:
    """Tell whether a value is one of the spellings of nothing."""
    return value is None or value == [] or value == "" or value == {}


def flags(text: t.Any) -> frozenset[str]:
    """Return the members of a flags enumeration, written with or without blanks, or as a list by some tools."""
    parts = text if isinstance(text, list) else str(text or "").split(",")
    return frozenset(part.strip() for part in parts if part.strip())


def label(mapping: Raw) -> str:
    """Name an object mapping as the portal does, by what it maps to what."""
    return f"{mapping.get('sourceObjectName')} → {mapping.get('targetObjectName')}"


def _rule(found: dict[Path, Fact], rule: Raw) -> None:
    path: Path = ("rule", str(rule.get("name") or rule.get("id")))
    _put(found, (*path, "priority"), rule.get("priority") or 0, "mapping")
    for end in ("sourceDirectoryName", "targetDirectoryName"):
        _put(found, (*path, end), rule.get(end), "mapping")
    for name, inner in (("containerFilter", "includedContainers"), ("groupFilter", "includedGroups")):
        for one in (rule.get(name) or {}).get(inner) or []:
            _put(found, (*path, name, str(one)), one, "scope")
    for mapping in rule.get("objectMappings") or []:
        _object_mapping(found, path, mapping)
    _metadata(found, path, rule)
    known = {"name", "priority", "sourceDirectoryName", "targetDirectoryName", "containerFilter", "groupFilter"}
    _others(found, path, rule, _RULE_SET | known | {"objectMappings", "metadata"})


def _object_mapping(found: dict[Path, Fact], above: Path, mapping: Raw) -> None:
    path = _free(found, (*above, label(mapping)), ("enabled",))
    enabled = mapping.get("enabled") is not False
    found[path + ("enabled",)] = Fact(enabled, "yes" if enabled else "no", "scope")
    flow_types = flags(mapping.get("flowTypes", "Add,Update,Delete"))
    ordered = [one for one in ("Add", "Update", "Delete") if one in flow_types] + sorted(
        flow_types - {"Add", "Update", "Delete"}
    )
    found[path + ("flow types",)] = Fact(flow_types, ", ".join(ordered) or "None", "delete_flow")
    _put(found, (*path, "name"), mapping.get("name"), "cosmetic")
    for attribute in mapping.get("attributeMappings") or []:
        _attribute_mapping(found, path, attribute)
    scope = mapping.get("scope") or {}
    for name in ("groups", "inputFilterGroups", "categoryFilterGroups"):
        for group in scope.get(name) or []:
            _scope_group(found, (*path, "scope" if name == "groups" else name), group)
    _others(found, (*path, "scope"), scope, frozenset({"groups", "inputFilterGroups", "categoryFilterGroups"}))
    _metadata(found, path, mapping)
    known = {"enabled", "flowTypes", "name", "attributeMappings", "scope", "sourceObjectName", "targetObjectName"}
    _others(found, path, mapping, frozenset(known | {"metadata"}))


def _attribute_mapping(found: dict[Path, Fact], above: Path, mapping: Raw) -> None:
    target = str(mapping.get("targetAttributeName"))
    source = expressions.text_of(mapping.get("source"))
    default = mapping.get("defaultValue") or None
    fields = {name: mapping.get(name, usual) for name, usual in _MAPPING_DEFAULTS.items()}
    fields = {name: usual if fields[name] is None else fields[name] for name, usual in _MAPPING_DEFAULTS.items()}
    known = {"targetAttributeName", "source", "defaultValue", *fields}
    unknown = _rest(mapping, frozenset(known)) | _rest_of_source(mapping.get("source"))
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
    fact = Fact(value, ", ".join(words), _mapping_risk(target, fields["matchingPriority"]))
    # The service keeps several mappings of one target (cloud sync page), so each gets a place of its own.
    _place(found, (*above, target), fact)


def _mapping_risk(target: str, matching_priority: int) -> str:
    if matching_priority:
        return "matching"
    return "active" if target.lower() in ("active", "accountenabled", "issoftdeleted") else "mapping"


def _rest_of_source(source: Raw | None) -> dict[str, t.Any]:
    """A source is compared by its text; the tree follows from it. What the tree does not explain is kept."""
    return {f"source.{name}": one for name, one in _rest(source or {}, _SOURCE).items()}


_SOURCE = frozenset({"expression", "name", "type", "parameters"})


def _scope_group(found: dict[Path, Fact], above: Path, group: Raw) -> None:
    clauses = sorted(_clause(one) for one in group.get("clauses") or [])
    text = " AND ".join(clauses) or "(no clause)"
    unknown = _rest(group, frozenset({"name", "clauses"}))
    name = str(group.get("name") or "(unnamed)")
    _place(found, (*above, name), Fact((tuple(clauses), _frozen(unknown)), text, "scope"))


def _clause(clause: Raw) -> str:
    operand = clause.get("targetOperand") or {}
    values = sorted(str(one) for one in operand.get("values") or [])
    words = [str(clause.get("sourceOperandName")), str(clause.get("operatorName")), *map(_json, values)]
    unknown = _rest(clause, frozenset({"sourceOperandName", "operatorName", "targetOperand"}))
    words += [f"{name}={_json(one)}" for name, one in unknown.items()]
    return " ".join(words)


def _directory(found: dict[Path, Fact], directory: Raw) -> None:
    path: Path = ("directory", str(directory.get("name")))
    for one in directory.get("objects") or []:
        inner = (*path, str(one.get("name")))
        found[inner] = Fact(True, "defined", "mapping")
        for attribute in one.get("attributes") or []:
            _place(found, (*inner, str(attribute.get("name"))), _attribute(attribute))
        _metadata(found, inner, one)
        _others(found, inner, one, _OBJECT_SET | {"name", "attributes", "metadata"})
    _others(found, path, directory, _DIRECTORY_SET | {"name", "objects"})


def _attribute(attribute: Raw) -> Fact:
    fields = {
        name: usual if attribute.get(name) is None else attribute[name] for name, usual in _ATTRIBUTE_DEFAULTS.items()
    }
    unknown = _rest(attribute, _ATTRIBUTE_SET | {"name", "metadata", *fields})
    words = [str(fields["type"])]
    words += [
        name if fields[name] is True else f"{name} {fields[name]}"
        for name, usual in _ATTRIBUTE_DEFAULTS.items()
        if name != "type" and fields[name] != usual
    ]
    words += [f"{name} {_json(one)}" for name, one in unknown.items()]
    words += [f"{one[0]} {_json(one[1])}" for one in _entries(attribute)]
    value = (*fields.values(), _frozen(unknown), tuple(_entries(attribute)))
    return Fact(value, ", ".join(words), "mapping")


def _metadata(found: dict[Path, Fact], path: Path, holder: Raw) -> None:
    for key, value in _entries(holder):
        found[
            path
            + (
                "metadata",
                key,
            )
        ] = Fact(value, value, "cosmetic")


def _entries(holder: Raw) -> list[tuple[str, str]]:
    """Return metadata entries with values in one quoting: ``"Normal"`` and ``\\"Normal\\"`` are the same."""
    entries = []
    for entry in holder.get("metadata") or []:
        value = entry.get("value")
        with contextlib.suppress(TypeError, ValueError):
            value = json.loads(value)
        entries.append((str(entry.get("key")), value if isinstance(value, str) else _json(value)))
    return sorted(entries)


def _others(found: dict[Path, Fact], path: Path, holder: Raw, known: frozenset[str]) -> None:
    for name, value in _rest(holder, known).items():
        _put(found, (*path, name), value, "mapping")


def _rest(holder: Raw, known: t.AbstractSet[str]) -> dict[str, t.Any]:
    """Return the properties that are not known and say something; annotations of OData never do."""
    return {
        name: value
        for name, value in sorted(holder.items())
        if name not in known and "@odata." not in name and not empty(value)
    }


def _put(found: dict[Path, Fact], path: Path, value: t.Any, risk: str) -> None:
    if not empty(value):
        text = value if isinstance(value, str) else _json(value)
        found[path] = Fact(text, text, risk)


def _place(found: dict[Path, Fact], path: Path, fact: Fact) -> None:
    """Put a fact of which there may be several; they keep apart by their content, not by their order."""
    while path in found:
        # Of two with one name, the one that sorts first takes the place, whatever order they came in.
        other = found[path]
        if (fact.text, str(fact.value)) < (other.text, str(other.value)):
            found[path], fact = fact, other
        path = _again(path)
    found[path] = fact


def _free(found: dict[Path, Fact], path: Path, probe: Path) -> Path:
    while (*path, *probe) in found:
        path = _again(path)
    return path


def _again(path: Path) -> Path:
    return (*path[:-1], f"{path[-1]} (again)")


def _json(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _frozen(values: Raw) -> str:
    return _json(values) if values else ""
