# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What no schema can fulfil, refused before anything is looked up: wishes that contradict themselves or each other."""

from __future__ import annotations

import typing as t

from .documented import BINARY_OPERATORS, LONGEST_EXPRESSION, UNARY_OPERATORS
from .problems import SchemaProblem

Wish = t.Mapping[str, t.Any]


def check(object_mappings: t.Iterable[Wish], custom_attributes: t.Iterable[Wish], exact: bool) -> None:
    """Refuse wishes that contradict themselves or each other.

    In an ``exact`` document everything is told; elsewhere what is missing may have been forgotten.

    :raises SchemaProblem: with the first contradiction.
    """
    for mapping in object_mappings:
        place = f"the object mapping of {mapping['source']}"
        _one_state(mapping.get("attributes") or [], "target", f"The target attribute {{}} of {place}")
        for attribute in mapping.get("attributes") or []:
            _attribute(attribute)
        for key in ("scope", "input_scope"):
            groups = mapping.get(key) or []
            _one_state([one for one in groups if one.get("name")], "name", f"The group {{}} in {key} of {place}")
            for group in groups:
                _group(group, f"The group {group.get('name') or '(unnamed)'} in {key} of {place}", exact)
    for definition in custom_attributes:
        if not definition["name"].strip():
            raise SchemaProblem("A custom attribute needs a name.")


def _group(wish: Wish, what: str, exact: bool) -> None:
    """Refuse a group that lets everybody in where nobody said so, or that says both."""
    if wish.get("state") == "absent":
        if wish.get("clauses") is None and not wish.get("name") and not wish.get("everyone") and not exact:
            raise SchemaProblem(f"{what} needs clauses.")
    elif wish.get("everyone"):
        if wish.get("clauses"):
            raise SchemaProblem(f"{what} has clauses, so it does not let everyone in: leave out one of the two.")
    elif not wish.get("clauses"):
        raise SchemaProblem(
            f"{what} needs clauses: without any it lets everybody in. Where that is meant, say everyone: true."
        )
    elif not exact:
        for one in wish["clauses"]:
            if any(not str(value).strip() for value in one.get("values") or ()):
                raise SchemaProblem(
                    f"The clause '{one['attribute']} {one['operator']}' of {what[0].lower()}{what[1:]} has an empty "
                    "value, which is what a variable that is not set gives. Set it; what is empty is found by IS NULL."
                )


def clause(wish: Wish) -> None:
    """Refuse a clause with values that its operator does not take, or without those that it needs.

    :raises SchemaProblem: with the attribute and the operator.
    """
    name, values = wish["operator"], wish.get("values")
    if name in UNARY_OPERATORS and values:
        raise SchemaProblem(f"The clause '{wish['attribute']} {name}' takes no values.")
    if name in BINARY_OPERATORS and not values:
        raise SchemaProblem(f"The clause '{wish['attribute']} {name}' needs at least one value.")


def _one_state(wishes: t.Sequence[Wish], key: str, what: str) -> None:
    absent = {one[key] for one in wishes if one.get("state") == "absent"}
    for one in wishes:
        if one[key] in absent and one.get("state") != "absent":
            raise SchemaProblem(f"{what.format(one[key])} is listed as present and as absent.")


def _attribute(wish: Wish) -> None:
    target, text = wish["target"], wish.get("expression")
    given = [name for name in ("attribute", "constant", "expression") if wish.get(name) is not None]
    given += ["default_only"] if wish.get("default_only") else []
    if len(given) > 1:
        raise SchemaProblem(f"The mapping of {target} has several sources: {', '.join(given)}.")
    if (wish.get("matching_priority") or 0) < 0:
        raise SchemaProblem(f"The matching_priority of {target} is below 0; 0 means that it does not match.")
    if text is not None and not text.strip():
        raise SchemaProblem(f"The expression of {target} is empty; default_only is how a mapping has no source.")
    length = len((text or "").strip())
    if length > LONGEST_EXPRESSION:
        raise SchemaProblem(
            f"The expression of {target} has {length:,} characters; {LONGEST_EXPRESSION:,} are allowed."
        )
