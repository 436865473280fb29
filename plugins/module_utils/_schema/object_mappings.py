# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Object mappings: which one a wish is about, how a new one looks, and what changes on it."""

from __future__ import annotations

import typing as t

from . import attribute_edits, scope
from .canonical import flow_types, label
from .catalogue import ends, named, names, objects
from .pairing import put_back
from .problems import SchemaProblem, nearest
from .rules import meant, name_of
from .words import FLOW_TYPES

Raw = dict[str, t.Any]
Wish = t.Mapping[str, t.Any]
# A rule, and an object mapping in it.
Place = tuple[Raw, Raw]

_SCOPES = {"scope": "groups", "input_scope": "inputFilterGroups"}


def edit(schema: Raw, wishes: t.Sequence[Wish], exact: bool) -> None:
    """Carry out wishes for object mappings, in place; ``exact`` removes those that are not listed.

    All wishes are looked up before the first is carried out.

    :raises SchemaProblem: for a mapping that is listed twice, that is ambiguous, or that cannot be made.
    """
    made: dict[tuple[int, str, str], Raw] = {}
    places = [(wish, place) for wish in wishes if (place := _place(schema, wish, made))]
    seen: set[int] = set()
    for _wish, (_rule, mapping) in places:
        if id(mapping) in seen:
            raise SchemaProblem(f"The object mapping {label(mapping)} is listed twice.")
        seen.add(id(mapping))
    present = [(wish, place) for wish, place in places if wish.get("state") != "absent"]
    leaving = seen - {id(mapping) for _wish, (_rule, mapping) in present}
    for rule in meant(schema, None):
        existing = rule.get("objectMappings") or []
        kept = [one for one in existing if not exact and id(one) not in leaving]
        after = put_back(existing, kept + [mapping for _wish, (own, mapping) in present if own is rule])
        if after is not existing:
            rule["objectMappings"] = after
    for wish, (rule, mapping) in present:
        _settle(schema, rule, mapping, wish, exact)


def _place(schema: Raw, wish: Wish, made: dict[tuple[int, str, str], Raw]) -> Place | None:
    """Return what a wish is about; a new mapping, kept in ``made`` and in no rule yet, where there is none."""
    found = [
        (rule, one)
        for rule in meant(schema, wish.get("rule"))
        for one in rule.get("objectMappings") or []
        if one.get("sourceObjectName") == wish["source"] and wish.get("target") in (None, one.get("targetObjectName"))
    ]
    if len(found) > 1 and wish.get("name"):
        found = [place for place in found if place[1].get("name") == wish["name"]] or found
    if len(found) > 1:
        listed = "; ".join(f"{label(one)} in rule {name_of(rule)}" for rule, one in found)
        raise SchemaProblem(f"Several object mappings of {wish['source']} fit; say target, rule or name: {listed}.")
    if found or wish.get("state") == "absent":
        return found[0] if found else None
    rule = _rule_for(schema, wish)
    return rule, made.setdefault((id(rule), wish["source"], wish["target"]), _new(wish))


def _rule_for(schema: Raw, wish: Wish) -> Raw:
    """Return the rule in which a new object mapping belongs: the one whose directories have both objects."""
    rules = meant(schema, wish.get("rule"))
    if wish.get("target") is None:
        mapped = [str(one.get("sourceObjectName")) for rule in rules for one in rule.get("objectMappings") or []]
        raise SchemaProblem(
            f"There is no object mapping of '{wish['source']}'; one is made where target is given too."
            f"{nearest(wish['source'], mapped)}"
        )
    for end in ("source", "target"):
        there = [name for rule in rules for name in names(objects(schema, rule, end))]
        if wish[end] not in there:
            raise SchemaProblem(f"The {end} directory has no object '{wish[end]}'.{nearest(wish[end], there)}")
    fitting = [
        rule for rule in rules if all(named(objects(schema, rule, end), wish[end]) for end in ("source", "target"))
    ]
    if len(fitting) != 1:
        raise SchemaProblem(
            f"Say in which rule the object mapping {wish['source']} → {wish['target']} belongs: "
            f"{', '.join(map(name_of, fitting or rules))}."
        )
    return fitting[0]


def _new(wish: Wish) -> Raw:
    return {
        "enabled": True,
        "flowTypes": ",".join(FLOW_TYPES),
        "metadata": [],
        "name": wish.get("name") or f"Provision {wish['source']}",
        "scope": None,
        "sourceObjectName": wish["source"],
        "targetObjectName": wish["target"],
        "attributeMappings": [],
    }


def _settle(schema: Raw, rule: Raw, mapping: Raw, wish: Wish, exact: bool) -> None:
    both = ends(schema, rule, mapping)
    _own_fields(mapping, wish, exact)
    nothing: list[Wish] | None = [] if exact else None
    attributes = nothing if wish.get("attributes") is None else wish["attributes"]
    if attributes is not None:
        attribute_edits.edit(mapping, attributes, both, exact or bool(wish.get("purge_attributes")), exact)
    for field, key in _SCOPES.items():
        groups = nothing if wish.get(field) is None else wish[field]
        if groups is not None:
            scope.edit(mapping, key, groups, both[0], exact or bool(wish.get("purge_scope")))


def _own_fields(mapping: Raw, wish: Wish, exact: bool) -> None:
    asked = {name: wish.get(name) for name in ("enabled", "name", "flow_types")}
    if exact:
        usual = {"enabled": True, "name": "", "flow_types": list(FLOW_TYPES)}
        asked = {name: usual[name] if value is None else value for name, value in asked.items()}
    if asked["enabled"] is not None and asked["enabled"] != (mapping.get("enabled") is not False):
        mapping["enabled"] = asked["enabled"]
    if asked["name"] is not None and asked["name"] != (mapping.get("name") or ""):
        mapping["name"] = asked["name"] or None
    flows = asked["flow_types"]
    if flows is not None and sorted(flows) != sorted(flow_types(mapping)):
        if not flows and not exact:
            raise SchemaProblem(f"{label(mapping)} without any flow type does nothing; enabled: false says so.")
        mapping["flowTypes"] = ",".join(sorted(flows, key=FLOW_TYPES.index)) or "None"
