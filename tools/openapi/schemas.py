# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of the metadata as JSON Schema. Closed types stay closed: a member that is not declared is not allowed."""

from __future__ import annotations

from typing import Any

from tools.openapi.metadata import Enumeration, Member, Metadata

Schema = dict[str, Any]

_GUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)$"
_DURATION = r"^-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$"
# OData JSON format 4.01, section 7.1 "Primitive value".
_PRIMITIVES: dict[str, Schema] = {
    "Edm.Binary": {"type": "string"},
    "Edm.Boolean": {"type": "boolean"},
    "Edm.Date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "Edm.DateTimeOffset": {"type": "string", "pattern": _MOMENT},
    "Edm.Decimal": {"type": "number"},
    "Edm.Double": {"type": "number"},
    "Edm.Duration": {"type": "string", "pattern": _DURATION},
    "Edm.Guid": {"type": "string", "pattern": _GUID},
    "Edm.Int16": {"type": "integer", "minimum": -(2**15), "maximum": 2**15 - 1},
    "Edm.Int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "Edm.Int64": {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    "Edm.Single": {"type": "number"},
    "Edm.Stream": {"type": "string"},
    "Edm.String": {"type": "string"},
    "Edm.TimeOfDay": {"type": "string"},
    "Edm.Untyped": {},
}
_ANNOTATIONS: Schema = {"@odata\\.": {}}


def components(metadata: Metadata) -> dict[str, Schema]:
    """A schema for every type and enumeration."""
    found = {name: _enumeration(one) for name, one in metadata.enumerations.items()}
    for name in metadata.structures:
        found[name] = structure(metadata.members(name), is_open=metadata.is_open(name))
    return dict(sorted(found.items()))


def structure(members: dict[str, Member], *, is_open: bool = False, complete: bool = False) -> Schema:
    """An object with these members, annotations of OData, and nothing else unless the type is open.

    :param complete: what must not be null must be there.
    """
    required = [name for name, member in members.items() if not member.nullable] if complete else []
    return {
        **({"required": required} if required else {}),
        "type": "object",
        "properties": {name: value(member) for name, member in members.items()},
        "patternProperties": _ANNOTATIONS,
        "additionalProperties": is_open,
    }


def value(member: Member) -> Schema:
    """The value of a member.

    A collection whose items may be null may be null itself: OData 4.01 forbids that, live samples of schemas have it
    (page "Configure cloud sync using Microsoft Graph").
    """
    if not member.collection:
        return _nullable(member)
    return {"type": ["array", "null"] if member.nullable else "array", "items": _nullable(member)}


def collection(item: str) -> Schema:
    """The envelope of a collection in an answer."""
    schema = structure({"value": Member(item, True, False)})
    return {**schema, "required": ["value"]}


def reference(name: str) -> Schema:
    """Where the schema of a type stands."""
    return dict(_PRIMITIVES[name]) if name in _PRIMITIVES else {"$ref": f"#/components/schemas/{name}"}


def _nullable(member: Member) -> Schema:
    schema = reference(member.type)
    if not member.nullable or not schema:
        return schema
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _enumeration(one: Enumeration) -> Schema:
    if not one.flags:
        return {"type": "string", "enum": list(one.members)}
    any_member = "|".join(one.members)
    return {"type": "string", "pattern": f"^(({any_member})(, ?({any_member}))*)?$"}
