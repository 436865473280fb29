# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The view of a schema as Graph has it."""

from __future__ import annotations

import typing as t

from .. import expressions
from ..canonical import flow_types
from ..problems import SchemaProblem
from ..words import APPLY, FLOW_BEHAVIORS, FLOW_TYPES
from .shapes import Raw, name, number, record, records, text, texts
from .view import (
    ACTIVE_DIRECTORY,
    ENTRA,
    OTHER,
    AttributeView,
    Clause,
    Definition,
    End,
    ObjectView,
    attribute_view,
    object_path,
    unlike,
)

# A directory's objects with their attributes, by name.
Catalogue = dict[str, dict[str, Definition]]

# Old and new templates name it differently, and the target of cross-tenant synchronization has a suffix.
_ENTRA_NAMES = ("azure active directory", "azure ad", "microsoft entra id")


def of_schema(schema: Raw, sync_all: bool | None) -> list[ObjectView]:
    """Return the view of every object mapping.

    :raises SchemaProblem: where a part of the document has another shape, or is missing.
    """
    for part in ("synchronizationRules", "directories"):
        if not records(schema, part, "The schema"):
            raise SchemaProblem(f"This is no whole schema: it has nothing under {part}.")
    catalogues = {name(one, "name", "A directory"): _catalogue(one) for one in schema["directories"]}
    return [
        _object_mapping(mapping, rule, catalogues, sync_all)
        for rule in schema["synchronizationRules"]
        for mapping in records(rule, "objectMappings", "A synchronization rule")
    ]


def _catalogue(directory: Raw) -> Catalogue:
    where = f"Directory {directory['name']}"
    return {
        name(one, "name", where): {
            name(attribute, "name", where): Definition(
                text(attribute, "type", where) or "String", attribute.get("multivalued") is True
            )
            for attribute in records(one, "attributes", where)
        }
        for one in records(directory, "objects", where)
    }


def _object_mapping(mapping: Raw, rule: Raw, catalogues: dict[str, Catalogue], sync_all: bool | None) -> ObjectView:
    source = _end("source", mapping, rule, catalogues)
    target = _end("target", mapping, rule, catalogues)
    path = object_path(source.object_name, target.object_name)
    scope = record(mapping, "scope", path)
    written = mapping.get("flowTypes")
    if isinstance(written, t.Mapping):
        raise SchemaProblem(f"{path}: flowTypes is no text.")
    groups = {
        (where, number): _clauses(group, where)
        for part, title in (("groups", "scope"), ("inputFilterGroups", "inputFilterGroups"))
        for number, group in enumerate(records(scope, part, path))
        for where in (f"{path} / {title} / {text(group, 'name', path) or '(unnamed)'}",)
    }
    return ObjectView(
        path=path,
        source=source,
        target=target,
        attributes=tuple(_attribute_mapping(one, path) for one in records(mapping, "attributeMappings", path)),
        clauses=tuple(clause for clauses in groups.values() for clause in clauses),
        strange=tuple(strange for one in flow_types(mapping) for strange in unlike("flowTypes", one, FLOW_TYPES)),
        sync_all=sync_all,
        open_groups=tuple(where for (where, _number), clauses in groups.items() if not clauses),
    )


def _end(side: str, mapping: Raw, rule: Raw, catalogues: dict[str, Catalogue]) -> End:
    object_name = name(mapping, f"{side}ObjectName", "An object mapping")
    directory = name(rule, f"{side}DirectoryName", "A synchronization rule")
    catalogue = catalogues.get(directory)
    attributes = (catalogue or {}).get(object_name)
    missing = ""
    if catalogue is None:
        missing = f"{directory} is not among the directories."
    elif attributes is None:
        missing = f"{directory} has no object {object_name}."
    return End(side, _kind(directory, attributes), object_name, attributes, missing=missing)


def _kind(directory: str, attributes: t.Mapping[str, Definition] | None) -> str:
    if directory.lower().startswith("active directory"):
        return ACTIVE_DIRECTORY
    known = directory.lower().startswith(_ENTRA_NAMES) or "IsSoftDeleted" in (attributes or ())
    return ENTRA if known else OTHER


def _attribute_mapping(mapping: Raw, above: str) -> AttributeView:
    target = name(mapping, "targetAttributeName", above)
    where = f"{above} / {target}"
    source = record(mapping, "source", where)
    _check_tree(source, where)
    return attribute_view(
        above,
        target,
        expressions.text_of(source),
        text(mapping, "defaultValue", where),
        number(mapping, "matchingPriority", where),
        text(mapping, "flowType", where) or "Always",
        unlike("flowType", text(mapping, "flowType", where), APPLY.values())
        + unlike("flowBehavior", text(mapping, "flowBehavior", where), FLOW_BEHAVIORS.values())
        + unlike("The type of the source", text(source, "type", where), ("Attribute", "Constant", "Function")),
    )


def _check_tree(source: Raw, where: str) -> None:
    """Make sure that a source can be read as a text."""
    text(source, "expression", where)
    text(source, "name", where)
    for parameter in records(source, "parameters", where):
        _check_tree(record(parameter, "value", where), where)


def _clauses(group: Raw, path: str) -> list[Clause]:
    return [
        Clause(
            path,
            text(one, "sourceOperandName", path),
            text(one, "operatorName", path),
            tuple(texts(record(one, "targetOperand", path), "values", path)),
        )
        for one in records(group, "clauses", path)
    ]
