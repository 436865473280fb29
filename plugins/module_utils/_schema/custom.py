# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Which attribute definitions of a schema are an admin's own, and what they say in the words of the shorthand."""

from __future__ import annotations

import typing as t

from .align import aligned
from .documented import CUSTOM_NAME, DIRECTORY_EXTENSION

Raw = dict[str, t.Any]
Document = t.Mapping[str, t.Any]

_FIELDS = {
    "type": "type",
    "multivalued": "multivalued",
    "required": "required",
    "case_exact": "caseExact",
    "flow_null_values": "flowNullValues",
    "mutability": "mutability",
    "default": "defaultValue",
}
_USUAL = {"type": "String", "mutability": "ReadWrite"}
# The fields of a custom attribute, apart from those that say where it is.
SAID = (*_FIELDS, "references", "api_expressions")


def custom_attributes(schema: Document, template: Document | None = None) -> list[tuple[str, str, Raw]]:
    """Return (directory name, object name, definition) of each definition that did not come with the template.

    Without the ``template``'s schema these are the ones that the service marks as the customer's, directory
    extensions, and SCIM extensions; with it also those that it lacks, or defines otherwise in the shorthand's words.
    """
    delivered = None if template is None else _shorthand_by_place(aligned(template, schema))
    return [
        (directory, object_name, definition)
        for directory, object_name, definition in _definitions(schema)
        if _looks_custom(definition)
        or (delivered is not None and delivered.get(_place(directory, object_name, definition)) != said(definition))
    ]


def is_directory_extension(name: str) -> bool:
    """Tell whether an attribute is a directory extension, by its name."""
    return bool(DIRECTORY_EXTENSION.match(name))


def said(definition: Document) -> Raw:
    """Return what an attribute definition says as fields of the shorthand, those that have no value left out."""
    fields = {word: definition.get(name) for word, name in _FIELDS.items()}
    fields["references"] = sorted(
        str(one.get("referencedObjectName")) for one in _records(definition, "referencedObjects")
    )
    values = {str(one.get("key")): one.get("value") for one in _records(definition, "apiExpressions")}
    fields["api_expressions"] = dict(sorted(values.items()))
    return {word: value for word, value in fields.items() if value and value != _USUAL.get(word)}


def _definitions(schema: Document) -> t.Iterator[tuple[str, str, Raw]]:
    for directory in schema.get("directories") or []:
        for one in directory.get("objects") or []:
            for definition in one.get("attributes") or []:
                yield str(directory.get("name")), str(one.get("name")), definition


def _shorthand_by_place(schema: Document) -> dict[tuple[str, str, str], Raw]:
    return {_place(*found): said(found[2]) for found in _definitions(schema)}


def _place(directory: str, object_name: str, definition: Document) -> tuple[str, str, str]:
    return directory, object_name, str(definition.get("name"))


def _looks_custom(definition: Document) -> bool:
    if CUSTOM_NAME.match(str(definition.get("name"))):
        return True
    # The service quotes metadata values as JSON or not: true, "true".
    marks = {one.get("key"): str(one.get("value")).strip('"').lower() for one in _records(definition, "metadata")}
    return marks.get("IsCustomerDefined") == "true"


def _records(definition: Document, name: str) -> list[Raw]:
    """Return the records of a list that the service may also leave out, or fill as it likes (apiExpressions)."""
    value = definition.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
