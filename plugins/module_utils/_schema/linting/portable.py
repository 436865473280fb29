# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The view of a portable document, which knows neither directories nor their catalogues.

What kind of directory is at an end shows in the names: objects of Active Directory begin with a small letter, and some
attributes of users exist in Microsoft Entra ID alone.
"""

from __future__ import annotations

import typing as t

from .. import expressions
from ..words import APPLY, FLOW_BEHAVIORS, FLOW_TYPES
from .shapes import Raw, name, number, records, text, texts
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

_ACTIVE_DIRECTORY_OBJECTS = frozenset({"user", "inetOrgPerson", "group", "contact"})
# In lower case: cloud sync writes them with a capital letter.
_ENTRA_ATTRIBUTES = frozenset({"accountenabled", "issoftdeleted", "mailnickname", "objectid", "userprincipalname"})


def of_portable(document: Raw, sync_all: bool | None) -> list[ObjectView]:
    """Return the view of every object mapping that the document wants to be there.

    :raises SchemaProblem: where a part of the document has another shape.
    """
    customs = _present(document, "custom_attributes", "The document")
    return [
        _object_mapping(mapping, customs, sync_all) for mapping in _present(document, "object_mappings", "The document")
    ]


def _object_mapping(mapping: Raw, customs: t.Sequence[Raw], sync_all: bool | None) -> ObjectView:
    source = name(mapping, "source", "An object mapping")
    target = text(mapping, "target", source)
    path = object_path(source, target)
    attributes = tuple(_attribute(one, path) for one in _present(mapping, "attributes", path))
    groups = [
        (where, _clauses(group, where), group.get("everyone") is True)
        for part, title in (("scope", "scope"), ("input_scope", "inputFilterGroups"))
        for group in _present(mapping, part, path)
        for where in (f"{path} / {title} / {text(group, 'name', path) or '(unnamed)'}",)
    ]
    clauses = tuple(clause for _where, clauses, _everyone in groups for clause in clauses)
    read = {one for attribute in attributes for one in attribute.references} | {one.attribute for one in clauses}
    written = {one.target for one in attributes}
    return ObjectView(
        path=path,
        source=End("source", _kind(source, read), source, custom=_customs(customs, "source", source)),
        target=End("target", _kind(target, written), target, custom=_customs(customs, "target", target)),
        attributes=attributes,
        clauses=clauses,
        strange=tuple(
            strange for one in texts(mapping, "flow_types", path) for strange in unlike("flow_types", one, FLOW_TYPES)
        ),
        sync_all=sync_all,
        open_groups=tuple(where for where, clauses, everyone in groups if not clauses and not everyone),
    )


def _kind(object_name: str, attributes: t.Iterable[str]) -> str:
    if object_name in _ACTIVE_DIRECTORY_OBJECTS:
        return ACTIVE_DIRECTORY
    known = object_name in ("User", "Group") and not _ENTRA_ATTRIBUTES.isdisjoint(one.lower() for one in attributes)
    return ENTRA if known else OTHER


def _customs(customs: t.Sequence[Raw], side: str, object_name: str) -> dict[str, Definition]:
    """Return the definitions that may be meant for one end: those of a directory by name may be for either."""
    where = "A custom attribute"
    other = "target" if side == "source" else "source"
    return {
        name(one, "name", where): Definition(text(one, "type", where) or "String", one.get("multivalued") is True)
        for one in customs
        if text(one, "directory", where) != other and text(one, "object", where) in ("", object_name)
    }


def _attribute(mapping: Raw, above: str) -> AttributeView:
    target = name(mapping, "target", above)
    where = f"{above} / {target}"
    apply, behavior = text(mapping, "apply", where), text(mapping, "flow_behavior", where)
    return attribute_view(
        above,
        target,
        _source(mapping, where),
        text(mapping, "default", where),
        number(mapping, "matching_priority", where),
        APPLY.get(apply or "always", apply),
        unlike("apply", apply, APPLY) + unlike("flow_behavior", behavior, FLOW_BEHAVIORS),
    )


def _source(mapping: Raw, where: str) -> str | None:
    attribute = text(mapping, "attribute", where)
    if attribute:
        return str(expressions.attribute(attribute)["expression"])
    if mapping.get("constant") is not None:
        return str(expressions.constant(text(mapping, "constant", where))["expression"])
    return text(mapping, "expression", where) or None


def _clauses(group: Raw, path: str) -> list[Clause]:
    return [
        Clause(path, text(one, "attribute", path), text(one, "operator", path), tuple(texts(one, "values", path)))
        for one in records(group, "clauses", path)
    ]


def _present(holder: Raw, part: str, where: str) -> list[Raw]:
    return [one for one in records(holder, part, where) if one.get("state") != "absent"]
