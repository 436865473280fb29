# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The attribute mappings of one object mapping: what is listed for one target attribute is exact for it."""

from __future__ import annotations

import collections
import typing as t

from . import expressions
from .canonical import matching_priority, text
from .catalogue import End
from .pairing import grouped, paired, put_back
from .problems import SchemaProblem
from .words import APPLY, FLOW_BEHAVIORS

Raw = dict[str, t.Any]
Wish = t.Mapping[str, t.Any]

# All properties of the type attributeMapping but its target, as the portal writes them.
_DEFAULTS: Raw = {
    "defaultValue": None,
    "exportMissingReferences": False,
    "flowBehavior": "FlowWhenChanged",
    "flowType": "Always",
    "matchingPriority": 0,
    "source": None,
}
# Those that the shorthand can say.
_SAID = ("source", "defaultValue", "flowType", "flowBehavior", "matchingPriority")


def edit(mapping: Raw, wishes: t.Sequence[Wish], ends: tuple[End, End], purge: bool, exact: bool) -> None:
    """Carry out wishes for attribute mappings on an object mapping, in place.

    ``purge`` removes targets that are not listed; ``exact`` gives fields that are not given their default.

    :raises SchemaProblem: for an unknown attribute, a mapping without source and default, a priority given twice.
    """
    existing = mapping.get("attributeMappings") or []
    priorities_before = _priorities_given_twice(existing)
    by_target = grouped(existing, lambda one: str(one.get("targetAttributeName")))
    kept: list[Raw] = []
    for name, same in grouped(wishes, lambda one: str(one["target"])).items():
        present = [one for one in same if one.get("state") != "absent"]
        kept += _settled(name, present, by_target.pop(name, []), ends, exact)
    if not purge:
        kept += [one for same in by_target.values() for one in same]
    after = put_back(existing, kept)
    if after is not existing:
        mapping["attributeMappings"] = after
    if not exact:
        _refuse_priorities(after, _priorities_given_twice(after) - priorities_before)


def _settled(name: str, wishes: t.Sequence[Wish], existing: list[Raw], ends: tuple[End, End], exact: bool) -> list[Raw]:
    """Return the mappings of one target: existing ones, changed where they must, and new ones."""
    fields = [_fields(one, exact) for one in wishes]
    settled = []
    pairs = paired(fields, sorted(existing, key=_content), _distance)
    for given, one in zip(fields, pairs):
        changes = given if one is None else _differing(given, one)
        touched = one is None or bool(changes)
        if touched:
            _refuse_unknown(name, changes, ends)
        if one is None:
            one = {**_DEFAULTS, "targetAttributeName": name}
        one.update(changes)
        if touched and not exact and not one.get("source") and not one.get("defaultValue"):
            raise SchemaProblem(f"The mapping of {name} needs a source (attribute, constant, expression) or a default.")
        settled.append(one)
    return settled


def _fields(wish: Wish, exact: bool) -> Raw:
    """Return the properties that a wish gives."""
    given: Raw = {name: _DEFAULTS[name] for name in _SAID} if exact else {}
    if wish.get("default_only"):
        given["source"] = None
    elif wish.get("attribute") is not None:
        given["source"] = expressions.attribute(wish["attribute"])
    elif wish.get("constant") is not None:
        given["source"] = expressions.constant(wish["constant"])
    elif wish.get("expression") is not None:
        stripped = wish["expression"].strip()
        given["source"] = expressions.literal(stripped) or {"expression": stripped, "type": "Function"}
    elif exact and not wish.get("default"):
        raise SchemaProblem(f"The mapping of {wish['target']} says neither a source nor a default.")
    if wish.get("default") is not None:
        given["defaultValue"] = wish["default"] or None
    if wish.get("matching_priority") is not None:
        given["matchingPriority"] = wish["matching_priority"]
    if wish.get("apply") is not None:
        given["flowType"] = APPLY[wish["apply"]]
    if wish.get("flow_behavior") is not None:
        given["flowBehavior"] = FLOW_BEHAVIORS[wish["flow_behavior"]]
    return given


def _differing(given: Raw, mapping: Raw) -> Raw:
    return {name: value for name, value in given.items() if _meaning(name, given) != _meaning(name, mapping)}


def _distance(given: Raw, mapping: Raw) -> int:
    return len(_differing(given, mapping))


def _meaning(name: str, mapping: Raw) -> t.Any:
    if name == "source":
        return expressions.normalised(expressions.text_of(mapping.get("source")) or "")
    if name == "matchingPriority":
        return matching_priority(mapping)
    return text(mapping.get(name) or _DEFAULTS[name])


def _content(mapping: Raw) -> str:
    return repr([_meaning(name, mapping) for name in _SAID])


def _refuse_unknown(target_name: str, changes: Raw, ends: tuple[End, End]) -> None:
    source, target = ends
    target.require(target_name)
    for name in expressions.references(expressions.text_of(changes.get("source")) or ""):
        source.require(name)


def _priorities_given_twice(mappings: t.Iterable[Raw]) -> set[t.Any]:
    times = collections.Counter(matching_priority(one) for one in mappings)
    return {priority for priority, count in times.items() if priority and count > 1}


def _refuse_priorities(mappings: t.Sequence[Raw], twice: set[t.Any]) -> None:
    for priority in sorted(twice, key=str):
        same = [one for one in mappings if matching_priority(one) == priority]
        targets = ", ".join(sorted(str(one.get("targetAttributeName")) for one in same))
        raise SchemaProblem(f"matching_priority {priority} is given to several attributes: {targets}.")
