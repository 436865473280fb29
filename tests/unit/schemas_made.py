# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schemas as Hypothesis makes them: small, of every kind, and sound: what a mapping names is defined."""

from __future__ import annotations

import copy
import json
import typing as t

from hypothesis import strategies as st

Raw = dict[str, t.Any]
Some = st.SearchStrategy[t.Any]

SOURCES = ("mail", "givenName", "surname", "IsSoftDeleted", "extension_0123456789abcdef0123456789abcdef_ключ")
TARGETS = ("userName", "active", "name.givenName", 'emails[type eq "work"].value', "urn:x:Größe", "scope", "enabled")
OBJECTS = ("User", "Group", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")
OPERATORS = ("EQUALS", "NOT EQUALS", "REGEX MATCH", "IS NULL", "IS TRUE")

words = st.text(st.sampled_from(' ab"\\é漢1,('), max_size=5)
names = st.sampled_from(["Sales", "Größe", "a / b", "1"])


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _attribute(name: str) -> Raw:
    return {"expression": f"[{name}]", "name": name, "parameters": [], "type": "Attribute"}


def _constant(text: str) -> Raw:
    return {"expression": _literal(text), "name": text, "parameters": [], "type": "Constant"}


def _function(name: str, arguments: list[Raw | None]) -> Raw:
    texts = [one["expression"] if one else "" for one in arguments]
    tree = [{"key": f"a{number}", "value": one} for number, one in enumerate(arguments) if one]
    return {"expression": f"{name}({', '.join(texts)})", "name": name, "parameters": tree, "type": "Function"}


_simple = st.one_of(st.sampled_from(SOURCES).map(_attribute), words.map(_constant))
sources = st.recursive(
    _simple,
    lambda inner: st.builds(
        _function, st.sampled_from(["Join", "Switch"]), st.lists(inner | st.none(), min_size=1, max_size=3)
    ),
    max_leaves=4,
)


def _said(**members: Some) -> Some:
    """Return records in which each member may be missing."""
    return st.fixed_dictionaries({}, optional=members)


_unknown = _said(newInGraph=st.sampled_from([1, True, "x", ["b", "a"], {"deep": [{"one": 1}]}]))
_metadata = st.lists(
    st.builds(
        lambda key, value: {"key": key, "value": value},
        st.sampled_from(["Disposition", "IsSoftDeletionSupported", "Mine"]),
        st.one_of(names, names.map(json.dumps), st.sampled_from(["true", "7", '{"a":[1, 2]}'])),
    ),
    max_size=3,
)

_metadata_of = _said(metadata=_metadata)
_nothing: Some = st.just({})


def _merged(*parts: Raw) -> Raw:
    return {name: value for part in parts for name, value in part.items()}


def _records(known: Raw, optional: Some = _nothing) -> Some:
    return st.builds(_merged, st.fixed_dictionaries(known), optional, _unknown)


_mappings = _records(
    {"targetAttributeName": st.sampled_from(TARGETS), "source": st.none() | sources},
    _said(
        defaultValue=st.none() | words,
        exportMissingReferences=st.booleans(),
        flowBehavior=st.sampled_from(["FlowWhenChanged", "FlowAlways"]),
        flowType=st.sampled_from(["Always", "ObjectAddOnly", "ValueAddOnly"]),
        matchingPriority=st.integers(0, 2),
    ),
)
_clauses = _records(
    {
        "sourceOperandName": st.sampled_from(SOURCES),
        "operatorName": st.sampled_from(OPERATORS),
        "targetOperand": st.fixed_dictionaries({"values": st.lists(words, max_size=2)}),
    }
)


def _groups(ambiguous: bool) -> Some:
    name = st.none() | names if ambiguous else names
    group = _records({"name": name, "clauses": st.lists(_clauses, max_size=3)})
    return st.lists(group, max_size=2, unique_by=None if ambiguous else lambda one: one["name"])


def _scopes(ambiguous: bool) -> Some:
    groups = _groups(ambiguous)
    return st.none() | _records({"groups": groups}, _said(inputFilterGroups=groups, categoryFilterGroups=groups))


def _object_mappings(ambiguous: bool) -> Some:
    mapping = _records(
        {
            "sourceObjectName": st.sampled_from(OBJECTS),
            "targetObjectName": st.sampled_from(OBJECTS),
            "attributeMappings": st.lists(_mappings, max_size=5),
            "flowTypes": st.sampled_from(["Add, Update, Delete", "Add", "None", "Delete,Update"]),
            "scope": _scopes(ambiguous),
        },
        _said(enabled=st.booleans(), name=names, metadata=_metadata),
    )
    pair = None if ambiguous else lambda one: (one["sourceObjectName"], one["targetObjectName"])
    return st.lists(mapping, max_size=3, unique_by=pair)


def _rules(ambiguous: bool) -> Some:
    rule = _records(
        {
            "id": st.just("a rule of this tenant"),
            "name": st.sampled_from(["USERGROUP_OUTBOUND", "Zweite"]),
            "sourceDirectoryName": st.just("Microsoft Entra ID"),
            "targetDirectoryName": st.just("customappsso"),
            "objectMappings": _object_mappings(ambiguous),
        },
        _said(
            containerFilter=st.fixed_dictionaries({"includedContainers": st.lists(names, unique=True, max_size=2)}),
            groupFilter=st.fixed_dictionaries({"includedGroups": st.lists(names, unique=True, max_size=2)}),
            metadata=_metadata,
            priority=st.integers(0, 3),
        ),
    )
    return st.lists(rule, min_size=1, max_size=2, unique_by=None if ambiguous else lambda one: one["name"])


def _attributes(known: tuple[str, ...]) -> Some:
    def definition(name: str) -> Some:
        return _records(
            {"name": st.just(name), "type": st.sampled_from(["String", "Boolean", "Reference"])},
            _said(
                anchor=st.booleans(),
                apiExpressions=st.lists(st.just({"key": "default", "value": "wd:A/text()"}), max_size=1),
                defaultValue=st.none() | words,
                metadata=_metadata,
                multivalued=st.booleans(),
                mutability=st.sampled_from(["ReadWrite", "ReadOnly"]),
                referencedObjects=st.lists(st.just({"referencedObjectName": "User"}), max_size=1),
                required=st.booleans(),
            ),
        )

    return st.tuples(*(definition(name) for name in known)).map(list)


def _directory(name: str, known: tuple[str, ...]) -> Some:
    def objects(attributes: list[Raw]) -> Some:
        return st.tuples(
            *(
                _records({"name": st.just(one), "attributes": st.just(attributes).map(copy.deepcopy)}, _metadata_of)
                for one in OBJECTS
            )
        )

    listed = _attributes(known).flatmap(objects).map(list)
    return _records({"id": st.just(f"id of {name}"), "name": st.just(name), "objects": listed})


def schemas(*, ambiguous: bool = False) -> Some:
    """Return a strategy for schemas.

    :arg ambiguous: whether rules, object mappings and scope groups may share their names, or have none. Several
        mappings of one target always occur, since the service keeps them (cloud sync page).
    """
    directories = st.tuples(_directory("Microsoft Entra ID", SOURCES), _directory("customappsso", TARGETS)).map(list)
    return _records({"id": st.just("job"), "synchronizationRules": _rules(ambiguous), "directories": directories})
