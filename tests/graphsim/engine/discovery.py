# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Discovery: the attributes that a SCIM server describes, as a directoryDefinition."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.graphsim.engine.connection import ConnectionRefused, check, kind
from tests.graphsim.engine.context import JobContext, stamp
from tests.graphsim.engine.scim import ScimTarget, TargetError, endpoint
from tests.graphsim.engine.scim_paths import CORE

_TYPES = {"boolean": "Boolean", "integer": "Integer", "dateTime": "DateTime", "binary": "Binary"}
# Multi-valued complex attributes are mapped one kind at a time.
_KINDS = {
    "emails": ("work", "home", "other"),
    "phoneNumbers": ("work", "mobile", "fax", "home", "pager", "other"),
    "addresses": ("work", "home", "other"),
}


def discover(context: JobContext, directory: dict[str, Any]) -> dict[str, Any]:
    """A fresh copy of the directory: known attributes stay as they are, described ones that were missing are added.

    Its discoveryDateTime and version are new. A directory of a job without a SCIM target comes back with those alone.
    Raises ConnectionRefused when the target cannot be asked.
    """
    result = copy.deepcopy(directory)
    result.update(discoveryDateTime=stamp(context.now), version=f"Date:{stamp(context.now)}")
    check(context.secrets, context.schema, context.tenants)
    if kind(context.schema) == "scim":
        described = _described(context)
        for item in (one for one in result.get("objects") or [] if one["name"].startswith("urn:")):
            known = {attribute["name"] for attribute in item["attributes"]}
            item["attributes"] += [one for one in _attributes(described, item["name"]) if one["name"] not in known]
    return result


def _described(context: JobContext) -> list[dict[str, Any]]:
    target = ScimTarget(context.secrets["BaseAddress"], context.secrets["SecretToken"])
    try:
        return target.schemas()
    except TargetError as error:
        raise ConnectionRefused(error.code, str(error), error.status) from None
    finally:
        target.close()


def _attributes(described: list[dict[str, Any]], object_name: str) -> Iterator[dict[str, Any]]:
    resource = endpoint(object_name)[:-1]
    for schema in described:
        if not schema["id"].endswith(f":{resource}"):
            continue
        prefix = "" if schema["id"].startswith(CORE) else schema["id"] + ":"
        for attribute in schema.get("attributes") or []:
            if attribute.get("mutability") != "readOnly":
                yield from _names(prefix + attribute["name"], attribute)


def _names(name: str, attribute: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = attribute.get("subAttributes") or []
    base = attribute["name"]
    if attribute["type"] != "complex" or base in ("members", "manager"):
        yield _definition(name, attribute)
    elif not attribute.get("multiValued"):
        for part in parts:
            yield _definition(f"{name}.{part['name']}", part)
    else:
        fields = [part for part in parts if base == "addresses" or part["name"] == "value"]
        for one in _KINDS.get(base, ()):
            for part in fields:
                if part["name"] not in ("type", "primary"):
                    yield _definition(f'{name}[type eq "{one}"].{part["name"]}', part)


def _definition(name: str, attribute: dict[str, Any]) -> dict[str, Any]:
    reference = attribute["name"] in ("members", "manager")
    return {
        "anchor": False,
        "apiExpressions": [],
        "caseExact": bool(attribute.get("caseExact")),
        "defaultValue": None,
        "flowNullValues": False,
        "metadata": [],
        "multivalued": bool(attribute.get("multiValued")),
        "mutability": "WriteOnly" if attribute.get("mutability") == "writeOnly" else "ReadWrite",
        "name": name,
        "referencedObjects": [],
        "required": bool(attribute.get("required")),
        "type": "Reference" if reference else _TYPES.get(attribute["type"], "String"),
    }
