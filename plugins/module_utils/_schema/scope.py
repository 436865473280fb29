# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The scoping filters of one object mapping: groups are an OR, their clauses an AND, and order carries no meaning."""

from __future__ import annotations

import collections
import typing as t

from . import refusals
from .canonical import text
from .catalogue import End
from .pairing import grouped, paired, put_back
from .problems import SchemaProblem

Raw = dict[str, t.Any]
Wish = t.Mapping[str, t.Any]
# What a clause says: attribute, operator, values.
Said = tuple[str, str, tuple[str, ...]]

# A filter that lets everybody in, as the portal writes it.
_NO_FILTER: Raw = {"categoryFilterGroups": [], "groups": [], "inputFilterGroups": []}


def edit(mapping: Raw, key: str, wishes: t.Sequence[Wish], source: End, purge: bool) -> None:
    """Carry out wishes for the groups in one list (``key``: groups, inputFilterGroups) of a filter, in place.

    Groups are found by name, those without a name by their content. ``purge`` removes what is not listed; no wish at
    all clears the list.

    :raises SchemaProblem: for an unknown attribute, a wrong number of values, a group that is listed as both.
    """
    purge = purge or not wishes
    existing = (mapping.get("scope") or {}).get(key) or []
    by_name = grouped(existing, lambda one: one.get("name") or "")
    kept: list[Raw] = []
    for name, same in grouped(wishes, lambda one: one.get("name") or "").items():
        settle = _settled if name else _settled_by_content
        kept += settle(same, by_name.pop(name, []), source, purge)
    if not purge:
        kept += [one for same in by_name.values() for one in same]
    after = put_back(existing, kept)
    if after is not existing:
        mapping["scope"] = {**(mapping.get("scope") or _NO_FILTER), key: after}


def _settled(wishes: t.Sequence[Wish], existing: t.Sequence[Raw], source: End, purge: bool) -> list[Raw]:
    """Return the groups of one name, as many as are listed: existing ones, changed where they must, and new ones."""
    present = [one for one in wishes if one.get("state") != "absent"]
    settled = []
    pairs = paired(present, sorted(existing, key=_content), _distance)
    for wish, group in zip(present, pairs):
        if group is None:
            group = {"name": wish["name"], "clauses": []}
        if _distance(wish, group):
            group["clauses"] = _clauses(wish, group.get("clauses") or [], source)
        settled.append(group)
    return settled


def _settled_by_content(wishes: t.Sequence[Wish], existing: t.Sequence[Raw], source: End, purge: bool) -> list[Raw]:
    """Return the groups without a name: the listed ones, and those that stay because nothing is said about them."""
    absent = [_content(_raw(one)) for one in wishes if one.get("state") == "absent"]
    present = [one for one in wishes if one.get("state") != "absent"]
    if any(_content(_raw(one)) in absent for one in present):
        raise SchemaProblem("A scope group without a name is listed as present and as absent.")
    rest = [one for one in existing if _content(one) not in absent]
    settled = []
    for wish in present:
        group = next((one for one in rest if not _distance(wish, one)), None)
        rest = [one for one in rest if one is not group]
        settled.append({"name": None, "clauses": _clauses(wish, [], source)} if group is None else group)
    return settled if purge else settled + rest


def _clauses(wish: Wish, existing: t.Sequence[Raw], source: End) -> list[Raw]:
    """Return the clauses of a group: those that are there already as they are, and new ones."""
    there = grouped(existing, _said)
    clauses = []
    for asked in wish.get("clauses") or []:
        clause = _clause(asked)
        same = there.get(_said(clause))
        if same:
            clause = same.pop()
        else:
            refusals.clause(asked)
            source.require(asked["attribute"])
        clauses.append(clause)
    return clauses


def _clause(asked: Wish) -> Raw:
    return {
        "operatorName": asked["operator"],
        "sourceOperandName": asked["attribute"],
        "targetOperand": {"values": list(asked.get("values") or [])},
    }


def _raw(wish: Wish) -> Raw:
    return {"clauses": [_clause(one) for one in wish.get("clauses") or []]}


def _said(clause: Raw) -> Said:
    values = (clause.get("targetOperand") or {}).get("values") or []
    return str(clause.get("sourceOperandName")), str(clause.get("operatorName")), tuple(sorted(map(text, values)))


def _content(group: Raw) -> list[Said]:
    return sorted(_said(one) for one in group.get("clauses") or [])


def _distance(wish: Wish, group: Raw) -> int:
    """Return how many clauses differ."""
    wanted, there = collections.Counter(_content(_raw(wish))), collections.Counter(_content(group))
    return sum(((wanted - there) + (there - wanted)).values())
