# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The operators of scoping filters, which the service names and spells as it likes."""

from __future__ import annotations

import typing as t

from .._graph.errors import BadInput
from .._schema.documented import OPERATORS
from .._schema.problems import nearest

if t.TYPE_CHECKING:
    from .schemas import Place, Schema


def check(place: Place, body: Schema, now: Schema) -> None:
    """Refuse an operator that the service does not have; asked only for those that neither we nor the schema know.

    :raises BadInput: with the nearest ones.
    """
    strange = sorted(_used(body) - _used(now) - OPERATORS)
    if not strange:
        return
    known = {str(one.get("name") or one.get("id")) for one in place.graph.pages(place.operators)}
    wrong = [f"There is no operator {name!r}.{nearest(name, known)}" for name in strange if name not in known]
    if wrong:
        raise BadInput(f"{' '.join(wrong)} Operators are: {', '.join(sorted(known))}.")


def _used(schema: Schema) -> set[str]:
    return {
        str(clause.get("operatorName"))
        for rule in schema.get("synchronizationRules") or []
        for mapping in rule.get("objectMappings") or []
        for groups in (mapping.get("scope") or {}).values()
        for group in (groups if isinstance(groups, list) else [])
        for clause in group.get("clauses") or []
    }
