# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What the directories of a schema say: the objects and attributes that mappings may name."""

from __future__ import annotations

from .canonical import Raw, as_json, empty, meant, text
from .fact import Fact, Field, Fields, field, metadata_fields, named, others, property_fields

# Server-set or read-only (pages of directoryDefinition and objectDefinition).
_DIRECTORY_SET = ("id", "version", "discoveryDateTime", "discoverabilities", "readOnly")
_OBJECT_SET = ("supportedApis",)

_DEFAULTS = {
    "anchor": False,
    "caseExact": False,
    "flowNullValues": False,
    "multivalued": False,
    "mutability": "ReadWrite",
    "required": False,
}
# What the target knows an account by.
_RISKS = {"anchor": "matching"}
# The XPath of a Workday attribute is an API expression, which admins write themselves (workday-attribute-reference).
_LISTS = ("apiExpressions", "referencedObjects")
_ATTRIBUTE_KNOWN = frozenset({"name", "type", "metadata", "defaultValue", *_DEFAULTS, *_LISTS})


def directory_fact(directory: Raw) -> Fact:
    """Return what a directory definition and all below it say."""
    parts = [_object(one) for one in directory.get("objects") or []]
    fields = property_fields(directory, (*_DIRECTORY_SET, "name", "objects"))
    return Fact("directory", ("directory", named(directory)), "mapping", fields, parts, _count(parts, "object"))


def _object(one: Raw) -> Fact:
    parts = [_attribute(attribute) for attribute in one.get("attributes") or []]
    fields = metadata_fields(one) | property_fields(one, (*_OBJECT_SET, "name", "attributes", "metadata"))
    return Fact("object_definition", (named(one),), "mapping", fields, parts, _count(parts, "attribute"))


def _attribute(attribute: Raw) -> Fact:
    fields: Fields = {("type",): field(attribute.get("type") or "String")}
    for name, usual in _DEFAULTS.items():
        value = attribute.get(name)
        if not empty(value) and value != usual:
            fields[name,] = Field(text(value), text(value), risk=_RISKS.get(name, ""), usual=text(usual))
    default = attribute.get("defaultValue")
    if not empty(default):
        fields["defaultValue",] = Field(text(default), as_json(text(default)))
    for name in _LISTS:
        listed = sorted(as_json(meant(one)) for one in attribute.get(name) or [])
        if listed:
            fields[name,] = field(", ".join(listed))
    fields |= metadata_fields(attribute) | others(attribute, _ATTRIBUTE_KNOWN)
    return Fact("attribute_definition", (named(attribute),), "mapping", fields)


def _count(parts: list[Fact], noun: str) -> str:
    return f"{len(parts)} {noun}{'' if len(parts) == 1 else 's'}"
