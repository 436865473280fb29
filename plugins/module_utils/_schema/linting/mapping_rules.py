# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The rules of lint that look at mappings: each yields where, and what the sentence of the rule does not say yet."""

from __future__ import annotations

import typing as t

from .. import expressions
from ..documented import (
    DIRECTORY_EXTENSION,
    EXTENSION_ATTRIBUTE,
    FUNCTIONS,
    LONGEST_EXPRESSION,
    ROLE_FUNCTIONS,
    UNAVAILABLE,
    UNWRITABLE,
)
from ..problems import nearest
from .view import ENTRA, OTHER, AttributeView, End, ObjectView

Found = t.Iterator[tuple[str, str]]

_ON_CREATE = "ObjectAddOnly"
# Looking for near names is the one thing that takes long; who misspells a thousand names has another problem.
_COMPARISONS = 20_000


def duplicate_target(mapping: ObjectView) -> Found:
    """Find targets that several mappings write; in AD and in SCIM (RFC 7643) the case of a name does not count."""
    for attributes in _grouped(mapping.attributes, lambda one: one.target.lower()):
        if len(attributes) > 1:
            sources = "; ".join(sorted(_short(one) for one in attributes))
            yield attributes[0].path, f"Here {len(attributes)} write it: {sources}."


def no_matching_attribute(mapping: ObjectView) -> Found:
    """Find object mappings in which nothing is for matching."""
    if not _matching(mapping):
        yield mapping.path, ""


def duplicate_priority(mapping: ObjectView) -> Found:
    """Find matching priorities that are given twice."""
    for attributes in _grouped(_matching(mapping), lambda one: one.priority):
        if len(attributes) > 1:
            targets = ", ".join(sorted(one.target for one in attributes))
            yield mapping.path, f"Matching priority {attributes[0].priority}: {targets}."


def constant_matching(mapping: ObjectView) -> Found:
    """Find matching attributes whose value does not depend on the person."""
    for one in _matching(mapping):
        if not one.references and not one.functions:
            yield one.path, f"Its source: {_short(one)}."


def extension_attribute_matching(mapping: ObjectView) -> Found:
    """Find matching by onPremisesExtensionAttributes of Microsoft Entra ID."""
    for one in _matching(mapping):
        if mapping.target.kind == ENTRA and EXTENSION_ATTRIBUTE.fullmatch(one.target):
            yield one.path, ""


def empty_mapping(mapping: ObjectView) -> Found:
    """Find mappings from nothing."""
    for one in mapping.attributes:
        if one.source is None and not one.default:
            yield one.path, ""


def active_not_soft_deleted(mapping: ObjectView) -> Found:
    """Find switches of accounts that do not follow IsSoftDeleted, where the source object has it."""
    source = mapping.source
    if source.kind != ENTRA or (source.attributes is not None and "IsSoftDeleted" not in source.attributes):
        return
    for one in mapping.attributes:
        if one.target.lower() not in ("active", "accountenabled"):
            continue
        if "IsSoftDeleted" not in one.references:
            yield one.path, f"Its source: {_short(one)}."
        elif one.apply == _ON_CREATE:
            yield one.path, "It reads IsSoftDeleted, but only on creation."


def unique_value_misuse(mapping: ObjectView) -> Found:
    """Find SelectUniqueValue where its section of the expression reference rules it out."""
    for one in mapping.attributes:
        if "SelectUniqueValue" not in one.functions:
            continue
        text = expressions.normalised(one.source or "")
        inner = text.removeprefix("SelectUniqueValue(")
        if inner == text or "SelectUniqueValue" in expressions.functions(inner):
            yield one.path, "Here it is inside another expression."
        if one.apply != _ON_CREATE:
            yield one.path, "Here it is applied on updates too."
        if one.priority:
            yield one.path, "Here it is on a matching attribute."
        # A portable document does not name its directories: there only what shows in the names is certain.
        if mapping.target.kind == ENTRA or (mapping.target.attributes is not None and mapping.target.kind == OTHER):
            yield one.path, f"Here the target is {mapping.target.kind}."


def role_assignments_sync_all(mapping: ObjectView) -> Found:
    """Find functions of role assignments in a job for all users and groups."""
    for one in mapping.attributes if mapping.sync_all else ():
        for function in sorted(ROLE_FUNCTIONS.intersection(one.functions)):
            yield one.path, f"It calls {function}."


def direct_role_assignments(mapping: ObjectView) -> Found:
    """Find role assignments that are mapped as they are."""
    for one in mapping.attributes:
        if expressions.normalised(one.source or "") == "[appRoleAssignments]":
            yield one.path, ""


def mail_on_update(mapping: ObjectView) -> Found:
    """Find mail from an HR system to Microsoft Entra ID that is not for creation only."""
    # Cloud sync from Active Directory and cross-tenant synchronization do update it.
    if mapping.target.kind == ENTRA and mapping.source.kind == OTHER:
        for one in mapping.attributes:
            if one.target.lower() == "mail" and one.apply != _ON_CREATE:
                yield one.path, ""


def primary_key_target(mapping: ObjectView) -> Found:
    """Find mappings that write the primary key, whose name is id almost everywhere."""
    for one in mapping.attributes:
        if one.target.lower() == "id":
            yield one.path, ""


def unwritable_target(mapping: ObjectView) -> Found:
    """Find what cross-tenant synchronization cannot write."""
    if mapping.source.kind == mapping.target.kind == ENTRA:
        for one in mapping.attributes:
            if one.target.lower() in UNWRITABLE:
                yield one.path, ""


def unavailable_source(mapping: ObjectView) -> Found:
    """Find attributes of Microsoft Entra ID that provisioning does not have."""
    for one in mapping.attributes if mapping.source.kind == ENTRA else ():
        for name in one.references:
            if name.lower() in UNAVAILABLE:
                yield one.path, f"It reads {name}."


def multivalued_extension(mapping: ObjectView) -> Found:
    """Find directory extensions with several values as sources."""
    for one in mapping.attributes:
        for name in one.references:
            definition = mapping.source.definition(name)
            if definition and definition.multivalued and DIRECTORY_EXTENSION.match(name):
                yield one.path, f"It reads {name}."


def unknown_attribute(mapping: ObjectView) -> Found:
    """Find names of attributes that the objects do not have, in mappings, expressions and filters."""
    comparisons = 0
    used = [(one.path, mapping.target, one.target) for one in mapping.attributes]
    used += [(one.path, mapping.source, name) for one in mapping.attributes for name in one.references]
    used += [(one.path, mapping.source, one.attribute) for one in mapping.clauses]
    for path, end, name in used:
        if end.lacks(name):
            comparisons += len(_names(end))
            near = nearest(name, _names(end)) if comparisons <= _COMPARISONS else ""
            yield path, f"The {end.side} object {end.object_name} has no attribute '{name}'.{near}"


def unknown_object(mapping: ObjectView) -> Found:
    """Find object mappings whose directory or object the document does not define."""
    for end in (mapping.source, mapping.target):
        if end.missing:
            yield mapping.path, end.missing


def unknown_function(mapping: ObjectView) -> Found:
    """Find functions that no page documents."""
    for one in mapping.attributes:
        for name in one.functions:
            if name not in FUNCTIONS:
                yield one.path, f"It calls {name}.{nearest(name, FUNCTIONS)}"


def unknown_value(mapping: ObjectView) -> Found:
    """Find values of enumerations that do not exist."""
    for strange in mapping.strange:
        yield mapping.path, strange
    for one in mapping.attributes:
        for strange in one.strange:
            yield one.path, strange


def long_expression(mapping: ObjectView) -> Found:
    """Find expressions that are too long."""
    for one in mapping.attributes:
        if len(one.source or "") > LONGEST_EXPRESSION:
            yield one.path, f"This one has {len(one.source or '')}."


def _matching(mapping: ObjectView) -> list[AttributeView]:
    return [one for one in mapping.attributes if one.priority]


def _grouped(
    attributes: t.Iterable[AttributeView], key: t.Callable[[AttributeView], t.Any]
) -> t.Collection[list[AttributeView]]:
    groups: dict[t.Any, list[AttributeView]] = {}
    for one in attributes:
        groups.setdefault(key(one), []).append(one)
    return groups.values()


def _names(end: End) -> t.Collection[str]:
    return end.custom if end.attributes is None else end.attributes


def _short(one: AttributeView) -> str:
    if one.source is None:
        return f"default {one.default!r}" if one.default else "nothing"
    return one.source if len(one.source) <= 60 else f"{one.source[:59]}…"
