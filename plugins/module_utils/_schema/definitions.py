# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Custom attributes: definitions in the directories of a schema; in Active Directory on every object type."""

from __future__ import annotations

import copy
import typing as t

from .catalogue import named, names, read_by, written_by
from .custom import custom_attributes, is_directory_extension, said
from .problems import SchemaProblem, nearest

Raw = dict[str, t.Any]
Wish = t.Mapping[str, t.Any]
# A directory, an object in it, the name of an attribute.
Place = tuple[str, str, str]

# Fields of the shorthand, as the properties of the type attributeDefinition.
_PROPERTIES = {
    "type": "type",
    "multivalued": "multivalued",
    "required": "required",
    "case_exact": "caseExact",
    "flow_null_values": "flowNullValues",
    "mutability": "mutability",
    "default": "defaultValue",
    "references": "referencedObjects",
    "api_expressions": "apiExpressions",
}
_DEFAULTS: Raw = {
    "anchor": False,
    "apiExpressions": [],
    "caseExact": False,
    "defaultValue": None,
    "flowNullValues": False,
    "multivalued": False,
    "mutability": "ReadWrite",
    "referencedObjects": [],
    "required": False,
    "type": "String",
}
# Tells it from the catalogue later (type attributeDefinitionMetadata).
_OURS = {"key": "IsCustomerDefined", "value": "true"}


def edit(
    schema: Raw, wishes: t.Sequence[Wish], exact: bool, template: t.Mapping[str, t.Any] | None = None
) -> set[Place]:
    """Carry out wishes for custom attributes, in place; ``exact`` removes the custom ones that are not listed.

    Return the places of those that were removed, for ``refuse_used``.

    :raises SchemaProblem: for an unknown directory or object, and wishes that contradict each other.
    """
    listed: dict[Place, Wish] = {}
    for wish in wishes:
        for place in _places(schema, wish, exact):
            if place in listed and _said_in(listed[place], exact) != _said_in(wish, exact):
                raise SchemaProblem(f"The custom attribute {place[2]} of {place[1]} is listed twice, differently.")
            listed[place] = wish
    leaving = {place for place, wish in listed.items() if wish.get("state") == "absent"}
    if exact:
        custom = custom_attributes(schema, template)
        leaving |= {(directory, one, str(found.get("name"))) for directory, one, found in custom} - set(listed)
    for place, wish in listed.items():
        if place not in leaving:
            _refuse_other_case(_object(schema, place), place, leaving)
            _settle(_object(schema, place), place[2], _fields(wish, exact))
    return {place for place in leaving if _remove(_object(schema, place), place[2])}


def refuse_used(schema: Raw, removed: t.Collection[Place]) -> None:
    """Refuse the removal of a definition that a mapping still uses.

    :raises SchemaProblem: with the attribute and what uses it.
    """
    for rule in schema.get("synchronizationRules") or []:
        for mapping in rule.get("objectMappings") or []:
            for end, used in (("source", read_by(mapping)), ("target", written_by(mapping))):
                place = str(rule.get(f"{end}DirectoryName")), str(mapping.get(f"{end}ObjectName"))
                for name, user in used.items():
                    if (*place, name) in removed:
                        raise SchemaProblem(
                            f"The custom attribute {name} of {place[1]} cannot be removed: {user} uses it."
                        )


def _places(schema: Raw, wish: Wish, exact: bool) -> list[Place]:
    """Return where a definition belongs.

    In Active Directory it is needed on every object type (cloud sync: MicrosoftDocs/azure-docs issue 46466); an exact
    document may say that only some have it.
    """
    directory = _directory(schema, wish["directory"])
    objects = names(directory.get("objects"))
    everywhere = str(directory.get("name")).lower() == "active directory"
    if wish.get("object") is not None and wish["object"] not in objects:
        raise SchemaProblem(
            f"The directory {directory.get('name')} has no object '{wish['object']}'.{nearest(wish['object'], objects)}"
        )
    if wish.get("object") is not None and (exact or not everywhere):
        objects = [wish["object"]]
    if len(objects) != 1 and not everywhere:
        listed = ", ".join(objects) or "none"
        raise SchemaProblem(f"Say which object of {directory.get('name')} gets {wish['name']}; it has these: {listed}.")
    return [(str(directory.get("name")), one, wish["name"]) for one in objects]


def _directory(schema: Raw, name: str) -> Raw:
    """Return a directory by its name, or by its role in the first rule."""
    known = schema.get("directories") or []
    rules = schema.get("synchronizationRules") or []
    called = rules[0].get(f"{name}DirectoryName") if rules and name in ("source", "target") else name
    found = named(known, called)
    if found is None:
        raise SchemaProblem(
            f"The schema has no directory '{called}'.{nearest(str(called), ['source', 'target', *names(known)])}"
        )
    return found


def _object(schema: Raw, place: Place) -> Raw:
    directory = named(schema.get("directories"), place[0]) or {}
    return named(directory.get("objects"), place[1]) or {}


def _said_in(wish: Wish, exact: bool) -> tuple[bool, Raw]:
    return wish.get("state") == "absent", _fields(wish, exact)


def _fields(wish: Wish, exact: bool) -> Raw:
    """Return the fields that a wish gives, None for a default; that is how ``said`` tells what a definition says."""
    given: Raw = {}
    for field, name in _PROPERTIES.items():
        value = wish.get(field)
        if exact or value is not None:
            value = sorted(value) if isinstance(value, list) else value
            given[field] = None if value in (None, "", False, [], {}, _DEFAULTS[name]) else value
    return given


def _refuse_other_case(one: Raw, place: Place, leaving: t.Collection[Place]) -> None:
    """Refuse a directory extension beside itself: names are case-sensitive in mappings, but not in the directory."""
    directory, object_name, name = place
    if not is_directory_extension(name) or named(one.get("attributes"), name):
        return
    for other in names(one.get("attributes")):
        if other.lower() == name.lower() and (directory, object_name, other) not in leaving:
            raise SchemaProblem(
                f"{object_name} has the directory extension {other}, which differs from {name} only in case. Write the "
                "name as the directory has it."
            )


def _settle(one: Raw, name: str, fields: Raw) -> None:
    definition = named(one.get("attributes"), name)
    if definition is None:
        definition = {**copy.deepcopy(_DEFAULTS), "metadata": [dict(_OURS)], "name": name}
        one["attributes"] = [*(one.get("attributes") or []), definition]
    before = said(definition)
    for field, value in fields.items():
        if value != before.get(field):
            definition[_PROPERTIES[field]] = _as_property(field, value, definition)


def _as_property(field: str, value: t.Any, definition: Raw) -> t.Any:
    if field == "references":
        there = {str(one.get("referencedObjectName")): one for one in definition.get("referencedObjects") or []}
        new = {"referencedProperty": None}
        return [there.get(one) or {"referencedObjectName": one, **new} for one in value or []]
    if field == "api_expressions":
        return [{"key": key, "value": text} for key, text in sorted((value or {}).items())]
    return _DEFAULTS[_PROPERTIES[field]] if value is None else value


def _remove(one: Raw, name: str) -> bool:
    """Remove a definition; tell whether there was one."""
    before = one.get("attributes") or []
    after = [definition for definition in before if definition.get("name") != name]
    if len(after) != len(before):
        one["attributes"] = after
    return len(after) != len(before)
