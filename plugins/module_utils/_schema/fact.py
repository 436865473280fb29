# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What a schema says, as a tree of facts by name, in which nothing is left that means nothing.

Everything that is not known to be noise is a fact, properties that this collection has never heard of included.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .canonical import Raw, empty, entries, rest, text

Path = tuple[str, ...]


class Field(t.NamedTuple):
    """One thing said about a fact: ``value`` is compared, ``text`` is shown.

    ``kind`` and ``risk`` describe its change where they are not those of the whole fact. ``usual`` is shown for a side
    that does not say it, None for absent.
    """

    value: str
    text: str
    kind: str = ""
    risk: str = ""
    usual: str | None = None


Fields = dict[Path, Field]


@dataclasses.dataclass(frozen=True)
class Fact:
    """A named part of a schema: ``path`` leads to it from the part above, ``risk`` is what changing it can do.

    Several parts may have one path: the service keeps several mappings of one target (cloud sync page).
    """

    kind: str
    path: Path
    risk: str
    fields: Fields
    parts: t.Sequence[Fact] = ()
    says: str = ""

    @property
    def text(self) -> str:
        """The whole in one line."""
        return self.says or ", ".join(" ".join((*path, field.text)) for path, field in self.fields.items())

    def content(self) -> tuple[t.Any, ...]:
        """Return all that is said, in a form to compare, sort and count."""
        fields = sorted((path, field.value) for path, field in self.fields.items())
        return self.kind, self.path, tuple(fields), tuple(sorted(part.content() for part in self.parts))


def field(value: t.Any, **more: str) -> Field:
    """Return a field that is shown as it is compared."""
    return Field(text(value), text(value), **more)


def others(holder: Raw, known: t.Collection[str], above: Path = (), **more: str) -> Fields:
    """Return the properties that are not known here as fields."""
    return {above + (name,): field(value, **more) for name, value in rest(holder, known).items()}


def property_fields(holder: Raw, known: t.Collection[str], risk: str = "mapping", above: Path = ()) -> Fields:
    """Return the unknown properties of a part that has no kind of change for them."""
    return others(holder, known, above, kind="property_changed", risk=risk)


# What the service does with metadata is documented for few keys (types objectMappingMetadata, objectDefinitionMetadata
# and attributeDefinitionMetadata). What is not known to be for people only may be followed, so it is never cosmetic.
METADATA_RISKS = {
    "disposition": "scope",
    "unsynchronized": "scope",
    "originaljoiningproperty": "matching",
    "linkpropertynames": "matching",
    "propertynameaccountenabled": "active",
    "propertynamesoftdeleted": "active",
    "issoftdeletionsupported": "active",
    "iscustomerdefined": "cosmetic",
    "excludefromreporting": "cosmetic",
}


def metadata_fields(holder: Raw) -> Fields:
    """Return the metadata of a part by key; a key may come more than once."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for key, value in entries(holder):
        found[key].append(value)
    return {
        ("metadata", key): Field(
            text(values),
            values[0] if len(values) == 1 else text(values),
            "metadata_changed",
            METADATA_RISKS.get(key.lower(), "mapping"),
        )
        for key, values in found.items()
    }


def simple_field(path: Path, value: t.Any, **more: str) -> Fields:
    """Return a property as a field; none where it says nothing."""
    return {} if empty(value) else {path: field(value, **more)}


def named(holder: Raw, key: str = "name") -> str:
    """Return the name of a part, one for all that have none."""
    return text(holder.get(key) or "(unnamed)")
