# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Expressions that read attributes which only the new document defines.

The service parses against the schema that it has (page "synchronizationSchema: parseExpression"), and whether it minds
an attribute that is missing there is documented nowhere. So it is asked about the same expression with attributes that
it knows, and the names are put back into what it answers.
"""

from __future__ import annotations

import re
import typing as t

from . import expressions
from .catalogue import objects

Raw = dict[str, t.Any]
Document = t.Mapping[str, t.Any]

_PLAIN = re.compile(r"\w+")


def stand_ins(text: str, body: Document, current: Document) -> dict[str, str]:
    """Return, for each attribute that a text reads and only ``body`` defines, one of its kind that ``current`` has.

    None of them is read by the text itself, so that the way back is clear.
    """
    there, to_come, read = _readable(current), _readable(body), expressions.references(text)
    free = [name for name in there if name not in read and _PLAIN.fullmatch(name)]
    chosen: dict[str, str] = {}
    for name in read:
        if free and name in to_come and name not in there:
            chosen[name] = next((one for one in free if there[one] == to_come[name]), free[0])
            free.remove(chosen[name])
    return chosen


def renamed(source: Document, names: t.Mapping[str, str]) -> Raw:
    """Return a source and its tree with other attributes in the place of some."""
    changed = dict(source)
    if source.get("expression"):
        changed["expression"] = expressions.renamed(str(source["expression"]), names)
    if source.get("type") == "Attribute" and source.get("name") in names:
        changed["name"] = names[str(source["name"])]
    if source.get("parameters"):
        changed["parameters"] = [
            {**one, "value": renamed(one["value"], names)} if one.get("value") else one for one in source["parameters"]
        ]
    return changed


def _readable(schema: Document) -> dict[str, tuple[t.Any, bool]]:
    """Return the attributes of all source objects, with what makes them of one kind."""
    return {
        str(one.get("name")): (one.get("type") or "String", bool(one.get("multivalued")))
        for rule in schema.get("synchronizationRules") or []
        for item in objects(schema, rule, "source")
        for one in item.get("attributes") or []
    }
