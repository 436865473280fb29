# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Which objects and attributes the directories of a schema know, and the problem of a name that they do not."""

from __future__ import annotations

import dataclasses
import typing as t

from . import expressions
from .problems import SchemaProblem, nearest

Raw = dict[str, t.Any]
Document = t.Mapping[str, t.Any]


def named(parts: t.Iterable[Raw] | None, name: t.Any) -> Raw | None:
    """Return the first of several records that has a name; None where none has."""
    return next((one for one in parts or [] if one.get("name") == name), None)


def names(parts: t.Iterable[Document] | None) -> list[str]:
    """Return the names of several records."""
    return [str(one.get("name")) for one in parts or []]


def objects(schema: Document, rule: Document, end: str) -> list[Raw]:
    """Return the objects in the directory at one ``end`` (source, target) of a rule; [] where it is not defined."""
    directory = named(schema.get("directories"), rule.get(f"{end}DirectoryName"))
    return (directory or {}).get("objects") or []


@dataclasses.dataclass(frozen=True)
class End:
    """The attributes of the object at one end of an object mapping; ``known`` empty where nothing defines them."""

    end: str
    object_name: str
    known: frozenset[str]

    def require(self, name: str) -> None:
        """Refuse an attribute that the object does not have; where nothing is known, the service decides.

        :raises SchemaProblem: with the nearest names.
        """
        if self.known and name not in self.known:
            looking = nearest(name, sorted(self.known))
            raise SchemaProblem(f"The {self.end} object {self.object_name} has no attribute '{name}'.{looking}")


def ends(schema: Document, rule: Document, mapping: Document) -> tuple[End, End]:
    """Return the source and the target end of an object mapping.

    What the mapping uses already counts as known: the service let it in.
    """
    return (
        _end(schema, rule, mapping, "source", read_by(mapping)),
        _end(schema, rule, mapping, "target", written_by(mapping)),
    )


def read_by(mapping: Document) -> dict[str, str]:
    """Return the source attributes that an object mapping reads, each with what reads it, in words."""
    found: dict[str, str] = {}
    for one in mapping.get("attributeMappings") or []:
        for name in expressions.references(expressions.text_of(one.get("source")) or ""):
            found.setdefault(name, f"the mapping of {one.get('targetAttributeName')}")
    scope = mapping.get("scope") or {}
    for key in ("groups", "inputFilterGroups", "categoryFilterGroups"):
        for group in scope.get(key) or []:
            for clause in group.get("clauses") or []:
                found.setdefault(str(clause.get("sourceOperandName")), f"the scope group {group.get('name')}")
    return found


def written_by(mapping: Document) -> dict[str, str]:
    """Return the target attributes that an object mapping writes, each with what writes it, in words."""
    targets = [str(one.get("targetAttributeName")) for one in mapping.get("attributeMappings") or []]
    return {name: f"the mapping of {name}" for name in targets}


def _end(schema: Document, rule: Document, mapping: Document, end: str, used: t.Iterable[str]) -> End:
    name = mapping.get(f"{end}ObjectName")
    found = named(objects(schema, rule, end), name)
    defined = names((found or {}).get("attributes"))
    return End(end, str(name), frozenset([*defined, *used]) if defined else frozenset())
