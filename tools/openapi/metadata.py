# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official metadata (CSDL 4.0) as far as an OpenAPI description needs it.

Read apart from tests/graphsim/csdl.py on purpose: the description judges the simulator.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "graph"
FILES = (FOLDER / "synchronization.csdl.xml", FOLDER / "directory.csdl.xml")
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@dataclass(frozen=True)
class Member:
    """A property, a navigation property, a parameter or what an operation returns."""

    type: str
    collection: bool
    nullable: bool


@dataclass
class Structure:
    """An entity type or a complex type with its own members."""

    base: str | None = None
    open: bool = False
    members: dict[str, Member] = field(default_factory=dict)


@dataclass(frozen=True)
class Enumeration:
    """The members of an enumeration, and whether several of them may be given at once."""

    members: tuple[str, ...]
    flags: bool


@dataclass(frozen=True)
class Operation:
    """A bound action or function: what it is bound to, what it takes and gives."""

    name: str
    action: bool
    bound: Member
    takes: dict[str, Member]
    gives: Member | None


@dataclass
class Metadata:
    """Types and enumerations by name, the bound operations, and the roots of paths."""

    structures: dict[str, Structure] = field(default_factory=dict)
    enumerations: dict[str, Enumeration] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    roots: dict[str, Member] = field(default_factory=dict)

    def members(self, name: str) -> dict[str, Member]:
        """The members of a type, those of its base types first."""
        structure = self.structures[name]
        inherited = self.members(structure.base) if structure.base else {}
        return {**inherited, **structure.members}

    def is_open(self, name: str) -> bool:
        """Whether members that are not declared are allowed."""
        structure = self.structures[name]
        return structure.open or bool(structure.base and self.is_open(structure.base))

    def line(self, name: str) -> list[str]:
        """The type and its base types."""
        base = self.structures[name].base
        return [name, *(self.line(base) if base else [])]


def item_type(name: str) -> str:
    """The name of a type without namespace and ``Collection()``."""
    name = name.removeprefix("Collection(").removesuffix(")")
    return name.removeprefix("microsoft.graph.").removeprefix("graph.")


def load(files: tuple[Path, ...] = FILES) -> Metadata:
    """Read the files into one: members of a type that several of them declare are joined."""
    found = Metadata()
    for file in files:
        for schema in ET.parse(file).getroot().iter(f"{EDM}Schema"):
            _read(schema, found)
    return found


def _read(schema: ET.Element, found: Metadata) -> None:
    for one in schema.findall(f"{EDM}EnumType"):
        members = tuple(member.attrib["Name"] for member in one.findall(f"{EDM}Member"))
        found.enumerations[one.attrib["Name"]] = Enumeration(members, one.get("IsFlags") == "true")
    for one in [*schema.findall(f"{EDM}ComplexType"), *schema.findall(f"{EDM}EntityType")]:
        structure = found.structures.setdefault(one.attrib["Name"], Structure())
        structure.base = item_type(one.attrib["BaseType"]) if "BaseType" in one.attrib else structure.base
        structure.open |= one.get("OpenType") == "true"
        for kind in ("Property", "NavigationProperty"):
            structure.members |= {child.attrib["Name"]: _member(child) for child in one.findall(EDM + kind)}
    for kind in ("Action", "Function"):
        found.operations += [_operation(one, kind == "Action") for one in schema.findall(EDM + kind)]
    for one in schema.findall(f"{EDM}EntityContainer/{EDM}EntitySet"):
        found.roots[one.attrib["Name"]] = Member(item_type(one.attrib["EntityType"]), True, False)
    for one in schema.findall(f"{EDM}EntityContainer/{EDM}Singleton"):
        found.roots[one.attrib["Name"]] = Member(item_type(one.attrib["Type"]), False, False)


def _member(element: ET.Element) -> Member:
    name = element.attrib["Type"]
    return Member(item_type(name), name.startswith("Collection("), element.get("Nullable") != "false")


def _operation(element: ET.Element, action: bool) -> Operation:
    bound, *rest = element.findall(f"{EDM}Parameter")
    gives = element.find(f"{EDM}ReturnType")
    takes = {one.attrib["Name"]: _member(one) for one in rest}
    return Operation(element.attrib["Name"], action, _member(bound), takes, None if gives is None else _member(gives))
