# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The canonical reading of the parts of a schema: one value for all the spellings of one meaning.

Noise is what differs between a PUT and the GET after it, or between tenants, without a difference in meaning: order,
blanks, null against empty against missing, defaults that are filled in, numbers as texts, server-set ids and stamps.
"""

from __future__ import annotations

import contextlib
import json
import typing as t

Raw = t.Mapping[str, t.Any]

_FLOW_TYPES = ("Add", "Update", "Delete")


def empty(value: t.Any) -> bool:
    """Tell whether a value is one of the spellings of nothing."""
    return value is None or value == [] or value == "" or value == {}


def text(value: t.Any) -> str:
    """Return a value as a text: a text as it is, everything else as JSON, so that 1 and "1" are the same."""
    return value if isinstance(value, str) else as_json(value)


def as_json(value: t.Any) -> str:
    """Return JSON in which equal values have equal texts."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def flow_types(mapping: Raw) -> list[str]:
    """Return what an object mapping may do in the target, in one order; all where it says nothing.

    It is a flags enumeration, written with or without blanks, or as a list by some tools.
    """
    given = mapping.get("flowTypes")
    if given is None:
        return list(_FLOW_TYPES)
    parts = {str(part).strip() for part in (given if isinstance(given, list) else str(given).split(","))}
    return [one for one in _FLOW_TYPES if one in parts] + sorted(parts - {*_FLOW_TYPES, "", "None"})


def matching_priority(mapping: Raw) -> t.Any:
    """Return the place of an attribute mapping among the matching ones, 0 for none; some tools write it as a text."""
    value = mapping.get("matchingPriority") or 0
    with contextlib.suppress(ValueError):
        value = int(value)
    return value


def label(mapping: Raw) -> str:
    """Name an object mapping as the portal does, by what it maps to what."""
    return f"{mapping.get('sourceObjectName')} → {mapping.get('targetObjectName')}"


def is_false(value: t.Any) -> bool:
    """Tell whether a boolean is false; some tools write it as a text."""
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def entries(holder: Raw) -> list[tuple[str, str]]:
    """Return metadata entries with values in one quoting: ``"Normal"`` and ``\\"Normal\\"`` are the same."""
    found = []
    for entry in filter(None, holder.get("metadata") or []):
        value = entry.get("value")
        with contextlib.suppress(TypeError, ValueError):
            value = json.loads(value)
        if not empty(value):
            found.append((str(entry.get("key")), text(value)))
    return sorted(found)


def rest(holder: Raw, known: t.Collection[str]) -> dict[str, t.Any]:
    """Return the properties that are not known and say something, in the order of their names."""
    others = {name: value for name, value in holder.items() if name not in known}
    found: dict[str, t.Any] = meant(others) if others else {}
    return found


def meant(value: t.Any) -> t.Any:
    """Return a value without what says nothing: annotations of OData, members that are empty, numbers or texts."""
    if isinstance(value, list):
        return [meant(one) for one in value]
    if isinstance(value, t.Mapping):
        members = {name: meant(one) for name, one in sorted(value.items()) if "@odata." not in name}
        return {name: one for name, one in members.items() if not empty(one)}
    return as_json(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
