# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Whether a document has the shape of a schema, said before a part of it is used as what it is not."""

from __future__ import annotations

import typing as t

from .problems import SchemaProblem

# {} is a record, [] a list of texts; what is inside is checked too. Anything else may be anything.
_GROUPS: list[t.Any] = [{"clauses": [{"targetOperand": {"values": []}}]}]
_SCHEMA: dict[str, t.Any] = {
    "synchronizationRules": [
        {
            "containerFilter": {"includedContainers": []},
            "groupFilter": {"includedGroups": []},
            "objectMappings": [
                {
                    "attributeMappings": [{"source": {}}],
                    "scope": {"groups": _GROUPS, "inputFilterGroups": _GROUPS, "categoryFilterGroups": _GROUPS},
                }
            ],
        }
    ],
    "directories": [{"objects": [{"attributes": [{}]}]}],
}


def check(schema: t.Any) -> None:
    """Refuse what is no schema as Graph writes it.

    :raises SchemaProblem: names the first part that is not what it should be.
    """
    if not isinstance(schema, t.Mapping) or "synchronizationRules" not in schema:
        raise SchemaProblem(
            "This is neither a schema (it has no synchronizationRules) nor a portable document (no object_mappings)."
        )
    _check(schema, _SCHEMA, "The schema")


def _check(value: t.Any, shape: t.Any, place: str) -> None:
    if value is None:
        return
    wanted = "a record" if isinstance(shape, dict) else "a list"
    if not isinstance(value, t.Mapping if isinstance(shape, dict) else list):
        raise SchemaProblem(f"{place} must be {wanted}, not {value!r:.60}.")
    for name, inner, part in _parts(value, shape, place):
        if part is None and isinstance(shape, list):
            raise SchemaProblem(f"{place} has an entry that is empty.")
        _check(part, inner, name)


def _parts(value: t.Any, shape: t.Any, place: str) -> list[tuple[str, t.Any, t.Any]]:
    if isinstance(shape, dict):
        return [(name, inner, value.get(name)) for name, inner in shape.items()]
    return [(f"An entry of {place}", inner, one) for inner in shape for one in value]
