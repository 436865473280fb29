# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Rules of a schema: which one a wish means, and which containers and groups it is limited to."""

from __future__ import annotations

import typing as t

from .problems import SchemaProblem, nearest

Raw = dict[str, t.Any]
Wish = t.Mapping[str, t.Any]

# Field of the shorthand: filter of the rule, and the list in it.
_FILTERS = {
    "containers": ("containerFilter", "includedContainers"),
    "groups": ("groupFilter", "includedGroups"),
}


def name_of(rule: t.Mapping[str, t.Any]) -> str:
    """Return what a rule is called in the shorthand: its name, else its id."""
    return str(rule.get("name") or rule.get("id"))


def meant(schema: t.Mapping[str, t.Any], name: str | None) -> list[Raw]:
    """Return the rules with a name; all of them where none is given.

    :raises SchemaProblem: where no rule has the name.
    """
    rules: list[Raw] = schema.get("synchronizationRules") or []
    found = [one for one in rules if name is None or name_of(one) == name]
    if name is not None and not found:
        raise SchemaProblem(f"The schema has no rule '{name}'.{nearest(name, map(name_of, rules))}")
    return found


def edit(schema: Raw, wishes: t.Sequence[Wish], exact: bool) -> None:
    """Carry out wishes for the filters of rules, in place; ``exact`` clears those that are not listed.

    :raises SchemaProblem: for an unknown rule, one that is listed twice, or none where there are several.
    """
    listed: list[Raw] = []
    for wish in wishes:
        rule = _only(schema, wish.get("rule"))
        if any(rule is one for one in listed):
            raise SchemaProblem(f"The rule {name_of(rule)} is listed twice.")
        listed.append(rule)
        for field in _FILTERS:
            _limit(rule, field, [] if exact and wish.get(field) is None else wish.get(field))
    if exact:
        for rule in schema.get("synchronizationRules") or []:
            if not any(rule is one for one in listed):
                for field in _FILTERS:
                    _limit(rule, field, [])


def _only(schema: Raw, name: str | None) -> Raw:
    found = meant(schema, name)
    if len(found) != 1:
        listed = ", ".join(map(name_of, found)) or "none"
        raise SchemaProblem(f"Say which rule is meant; the schema has these: {listed}.")
    return found[0]


def _limit(rule: Raw, field: str, values: t.Sequence[str] | None) -> None:
    name, inner = _FILTERS[field]
    existing = (rule.get(name) or {}).get(inner) or []
    if values is not None and sorted(existing) != sorted(values):
        rule[name] = {**(rule.get(name) or {}), inner: list(values)}
