# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What lint looks at: one small view of object mappings, whichever kind of document they come from."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .. import expressions
from ..documented import CUSTOM_NAME

ENTRA = "Microsoft Entra ID"
ACTIVE_DIRECTORY = "Active Directory"
OTHER = "another system"


@dataclasses.dataclass(frozen=True)
class Definition:
    """An attribute as a directory's catalogue, or a custom attribute, defines it."""

    type: str
    multivalued: bool


@dataclasses.dataclass(frozen=True)
class End:
    """One side of an object mapping: which ("source" or "target"), the kind of directory, the object in it.

    ``attributes`` are all that the object has; None where the document does not carry the catalogue, or the catalogue
    not the object, which is then ``missing``. ``custom`` are those that a portable document adds.
    """

    side: str
    kind: str
    object_name: str
    attributes: t.Mapping[str, Definition] | None = None
    custom: t.Mapping[str, Definition] = dataclasses.field(default_factory=dict)
    missing: str = ""

    def definition(self, name: str) -> Definition | None:
        """Return how an attribute is defined, where that is known."""
        return (self.custom if self.attributes is None else self.attributes).get(name)

    def lacks(self, name: str) -> bool:
        """Tell whether the object certainly does not have an attribute.

        Without a catalogue only a name that must be an admin's own definition says something.
        """
        if self.attributes is None:
            return not self.missing and bool(CUSTOM_NAME.match(name)) and name not in self.custom
        return name not in self.attributes and name.lower() not in self._spelled_anyhow

    @functools.cached_property
    def _spelled_anyhow(self) -> set[str]:
        """The attributes for which case does not count, in lower case: LDAP names, but not those of Entra or SCIM."""
        return {one.lower() for one in self.attributes or ()} if self.kind == ACTIVE_DIRECTORY else set()


@dataclasses.dataclass(frozen=True)
class AttributeView:
    """One attribute mapping: ``source`` as a text, ``apply`` as Graph spells it, ``strange`` words that it does not."""

    path: str
    target: str
    source: str | None
    default: str
    priority: int
    apply: str
    strange: tuple[str, ...]
    references: tuple[str, ...]
    functions: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Clause:
    """One clause of a scoping filter; ``path`` is that of its group."""

    path: str
    attribute: str
    operator: str
    values: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class ObjectView:
    """One object mapping.

    ``sync_all`` is the job's scope: all users and groups, or the assigned ones, or unknown. ``open_groups`` are the
    paths of the groups of its filters that have no clause, though nobody said that everyone is meant.
    """

    path: str
    source: End
    target: End
    attributes: tuple[AttributeView, ...]
    clauses: tuple[Clause, ...]
    strange: tuple[str, ...]
    sync_all: bool | None
    open_groups: tuple[str, ...] = ()


def object_path(source: str, target: str) -> str:
    """Return the name of an object mapping as differences spell it: of a SCIM object only the last part."""
    return f"{source} → {target.rsplit(':', 1)[-1]}" if target else source


def attribute_view(
    above: str, target: str, source: str | None, default: str, priority: int, apply: str, strange: t.Iterable[str]
) -> AttributeView:
    """Return an attribute mapping with what its source text reads and calls."""
    return AttributeView(
        path=f"{above} / {target}",
        target=target,
        source=source,
        default=default,
        priority=priority,
        apply=apply,
        strange=tuple(strange),
        references=tuple(expressions.references(source or "")),
        functions=tuple(expressions.functions(source or "")),
    )


def unlike(name: str, value: str, words: t.Collection[str]) -> list[str]:
    """Return what is strange about a value that must be one of some words; [] where it is one or not given."""
    return [] if not value or value in words else [f"{name} is {value!r}, none of {', '.join(words)}."]
