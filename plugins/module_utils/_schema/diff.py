# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The difference between two schemas: a list of typed changes, empty where they mean the same."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import typing as t

from . import account_states
from .canonical import Raw
from .definition_facts import directory_fact
from .fact import Fact, Field, Path, property_fields
from .mapping_facts import rule_fact

# From what can hurt most to what cannot.
RISKS = ("matching", "scope", "active", "delete_flow", "mapping", "cosmetic")
# Those that can disable, remove or mix up people's accounts.
GUARDED = ("matching", "scope", "active", "delete_flow")

# What a change can be. A whole rule or object mapping that comes or goes is followed by its mappings and scope groups.
KINDS = {
    "mapping_added": "an attribute mapping is new",
    "mapping_removed": "an attribute mapping is gone",
    "mapping_changed": "one field of an attribute mapping: its source, or the one that the path ends in",
    "scope_group_added": "a group of a scoping filter is new",
    "scope_group_removed": "a group of a scoping filter is gone",
    "scope_clause_added": "a clause of a scope group that stays is new",
    "scope_clause_removed": "a clause of a scope group that stays is gone",
    "scope_clause_changed": "a clause on the same attribute has another operator or other values",
    "flow_types_changed": "what an object mapping may do in the target: Add, Update, Delete",
    "enabled_changed": "an object mapping is switched on or off",
    "object_mapping_added": "an object mapping is new",
    "object_mapping_removed": "an object mapping is gone",
    "attribute_definition_added": "a directory's object has a new attribute",
    "attribute_definition_removed": "a directory's object has lost an attribute",
    "attribute_definition_changed": "one field of the definition of an attribute",
    "object_definition_added": "a directory has a new object",
    "object_definition_removed": "a directory has lost an object",
    "directory_added": "a directory definition is new",
    "directory_removed": "a directory definition is gone",
    "rule_added": "a synchronization rule is new",
    "rule_removed": "a synchronization rule is gone",
    "rule_changed": "a field of a rule: its priority, its directories, its containers, its groups",
    "metadata_changed": "an entry of the metadata of something",
    "property_changed": "any other property of something",
}

# Of these, the parts are told one by one too when the whole comes or goes.
_TOLD_IN_PARTS = ("rule", "object_mapping")


@dataclasses.dataclass(frozen=True)
class Difference:
    """One change: ``path`` in names, ``before`` and ``after`` as texts (None for absent).

    ``risk`` is one of RISKS, ``kind`` one of KINDS. Several mappings of one target have the same path.
    """

    path: Path
    before: str | None
    after: str | None
    risk: str
    kind: str

    @property
    def name(self) -> str:
        """The path in one line: without the rule where the object mapping says enough, and that one in short."""
        if self.path[0] == "rule" and len(self.path) > 2 and " → " in self.path[2]:
            source, target = self.path[2].split(" → ", 1)
            return " / ".join((f"{source} → {target.rsplit(':', 1)[-1]}", *self.path[3:]))
        return " / ".join(self.path)


def difference(before: Raw, after: Raw) -> list[Difference]:
    """Return what changes from one schema to the other, ordered by path. All but linear in the size of the two."""
    found = _inside((), _schema(before), _schema(after))
    return sorted(found, key=lambda one: (one.path, one.kind, one.before or "", one.after or ""))


def as_data(differences: t.Iterable[Difference]) -> list[dict[str, t.Any]]:
    """Return differences as plain data: ``type`` (one of KINDS), ``path`` (list), ``before``, ``after``, ``risk``."""
    return [
        {"type": one.kind, "path": list(one.path), "before": one.before, "after": one.after, "risk": one.risk}
        for one in differences
    ]


def _schema(schema: Raw) -> Fact:
    states = account_states.named_by(schema)
    parts = [rule_fact(one, states) for one in schema.get("synchronizationRules") or []]
    parts += [directory_fact(one) for one in schema.get("directories") or []]
    # The id is the job's, the version a stamp of the server (page of synchronizationSchema).
    fields = property_fields(schema, ("id", "version", "synchronizationRules", "directories"), above=("schema",))
    return Fact("schema", (), "mapping", fields, parts)


def _inside(above: Path, old: Fact, new: Fact) -> t.Iterator[Difference]:
    """Compare two facts of one name."""
    path = above + old.path
    for name in {**old.fields, **new.fields}:
        was, becomes = old.fields.get(name), new.fields.get(name)
        if was is None or becomes is None or was.value != becomes.value:
            yield _field(path + name, (old, was), (new, becomes))
    groups: dict[tuple[str, Path], tuple[list[Fact], list[Fact]]] = collections.defaultdict(lambda: ([], []))
    for side, fact in enumerate((old, new)):
        for part in fact.parts:
            groups[part.kind, part.path][side].append(part)
    for gone, come in groups.values():
        for was_part, new_part in _pairs(gone, come):
            if was_part and new_part:
                yield from _inside(path, was_part, new_part)
            elif was_part:
                yield from _whole(path, was_part, "removed")
            elif new_part:
                yield from _whole(path, new_part, "added")


def _field(path: Path, old: tuple[Fact, Field | None], new: tuple[Fact, Field | None]) -> Difference:
    (was, before), (becomes, after) = old, new
    said = [one for one in (before, after) if one]
    usual = said[0].usual
    risk = said[0].risk or min(was.risk, becomes.risk, key=RISKS.index)
    kind = said[0].kind or f"{was.kind}_changed"
    return Difference(path, before.text if before else usual, after.text if after else usual, risk, kind)


def _whole(above: Path, fact: Fact, word: str) -> t.Iterator[Difference]:
    path, kind = above + fact.path, f"{fact.kind}_{word}"
    before, after = (None, fact.text) if word == "added" else (fact.text, None)
    yield Difference(path, before, after, fact.risk, kind)
    if fact.kind in _TOLD_IN_PARTS:
        for part in fact.parts:
            yield from _whole(path, part, word)


def _pairs(gone: list[Fact], come: list[Fact]) -> t.Iterable[tuple[Fact | None, Fact | None]]:
    """Pair facts of one name: first those that say the same, then the others in the order of what they say."""
    if len(gone) + len(come) > 2:
        old, new = [(one.content(), one) for one in gone], [(one.content(), one) for one in come]
        gone, come = _without(old, new), _without(new, old)
    return itertools.zip_longest(gone, come)


_Said = list[tuple[tuple[t.Any, ...], Fact]]


def _without(facts: _Said, others: _Said) -> list[Fact]:
    """Return the facts that have no equal among the others, each of which stands for one."""
    equals = collections.Counter(content for content, _fact in others)
    left = []
    for content, fact in sorted(facts, key=lambda one: one[0]):
        if equals[content]:
            equals[content] -= 1
        else:
            left.append(fact)
    return left
