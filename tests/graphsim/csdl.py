# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official types, read from the CSDL at run time: what may come in and what may go out.

Source: ``tests/fixtures/graph/synchronization.csdl.xml``, a cut of the official v1.0 metadata.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "graph" / "synchronization.csdl.xml"
_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"

_TEXT_FORMS = {
    "Edm.Guid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "Edm.DateTimeOffset": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)"),
    "Edm.Date": re.compile(r"\d{4}-\d\d-\d\d"),
    "Edm.Duration": re.compile(r"-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"),
}
_INTEGERS = {"Edm.Int32": 2**31, "Edm.Int64": 2**63}

# What documented samples carry although the types do not declare it.
_DEVIATIONS = yaml.safe_load(FILE.with_name("deviations.yml").read_text("utf-8"))


@dataclass(frozen=True)
class Violation:
    """One thing that the types do not allow: `path` inside the value, `text` for a reader, `kind` for a program.

    kinds: ``unknown`` property, ``missing`` property, ``null``, ``type``, ``enum``.
    """

    kind: str
    path: str
    text: str


class Violations(Exception):
    """Raised with everything that is wrong with a value."""

    def __init__(self, found: list[Violation]) -> None:
        super().__init__("; ".join(f"{one.path}: {one.text}" for one in found))
        self.found = found


@dataclass(frozen=True)
class Property:
    """A property, navigation property or parameter: `type` without ``Collection()``, ``graph.`` removed."""

    name: str
    type: str
    collection: bool
    nullable: bool


@dataclass
class StructuredType:
    """An entity or complex type with the properties of its base types."""

    name: str
    base: str | None
    open: bool
    properties: dict[str, Property] = field(default_factory=dict)


@dataclass(frozen=True)
class EnumType:
    """An enum: its member names, and whether several may be given, separated by commas."""

    name: str
    members: frozenset[str]
    flags: bool


@dataclass
class Model:
    """All types by name, and the parameters of each action by name."""

    types: dict[str, StructuredType]
    enums: dict[str, EnumType]
    actions: dict[str, StructuredType]


def load(file: Path = FILE) -> Model:
    """Read the metadata document into a :class:`Model`."""
    schema = ET.parse(file).getroot().find(f".//{_EDM}Schema")
    if schema is None:
        raise ValueError(f"{file} has no Schema element")
    enums = {}
    for element in schema.findall(f"{_EDM}EnumType"):
        name = element.attrib["Name"]
        members = {member.attrib["Name"] for member in element.findall(f"{_EDM}Member")}
        flags = element.get("IsFlags") == "true"
        enums[name] = EnumType(name, frozenset(members | set(_DEVIATIONS["members"].get(name, ()))), flags)
    types = {}
    for element in [*schema.findall(f"{_EDM}ComplexType"), *schema.findall(f"{_EDM}EntityType")]:
        structured = _structured(element, ("Property", "NavigationProperty"))
        types[structured.name] = structured
    for owner, added in _DEVIATIONS["properties"].items():
        if owner in types:
            types[owner].properties |= {name: Property(name, kind, False, True) for name, kind in added.items()}
    for structured in types.values():
        base = types.get(structured.base or "")
        while base:
            structured.properties = {**base.properties, **structured.properties}
            structured.open = structured.open or base.open
            base = types.get(base.base or "")
    actions = {}
    for element in schema.findall(f"{_EDM}Action"):
        action = _structured(element, ("Parameter",))
        action.properties.pop("bindingParameter", None)
        actions[action.name] = action
    # PUT secrets carries the collection in an envelope that has no type of its own.
    pairs = Property("value", "synchronizationSecretKeyStringValuePair", True, True)
    types["synchronizationSecrets"] = StructuredType("synchronizationSecrets", None, False, {"value": pairs})
    return Model(types, enums, actions)


def _structured(element: ET.Element, children: tuple[str, ...]) -> StructuredType:
    base = element.get("BaseType")
    found = StructuredType(
        element.attrib["Name"], base and base.removeprefix("graph."), element.get("OpenType") == "true"
    )
    for tag in children:
        for child in element.findall(_EDM + tag):
            name, type_name = child.attrib["Name"], child.attrib["Type"]
            collection = type_name.startswith("Collection(")
            type_name = type_name.removeprefix("Collection(").removesuffix(")").removeprefix("graph.")
            found.properties[name] = Property(name, type_name, collection, child.get("Nullable") != "false")
    return found


MODEL = load()


def check_input(type_name: str, value: Any) -> None:
    """Check a request body. What is missing is fine: the service fills in defaults.

    :raises Violations: unknown property, wrong JSON type, enum value that is no member (case matters), null where
        the type forbids it.
    """
    _raise(_structure, MODEL.types[type_name], value, False)


def check_action(name: str, value: Any) -> None:
    """Check the parameters of an action; like :func:`check_input`."""
    _raise(_structure, MODEL.actions[name], value, False)


def check_output(type_name: str, value: Any) -> None:
    """Check an answer, ``@odata`` annotations aside. Properties that are never null must be there.

    :arg type_name: a type, or ``Collection(type)`` for an answer of ``{"value": [...]}``.
    :raises Violations: like :func:`check_input`.
    """
    inner = type_name.removeprefix("Collection(").removesuffix(")")
    if inner == type_name:
        _raise(_structure, MODEL.types[inner], value, True)
        return
    envelope = StructuredType(type_name, None, False, {"value": Property("value", inner, True, False)})
    _raise(_structure, envelope, value, True)


def _raise(check: Any, structured: StructuredType, value: Any, complete: bool) -> None:
    found: list[Violation] = []
    check(structured, value, "", complete, found)
    if found:
        raise Violations(found)


def _structure(structured: StructuredType, value: Any, path: str, complete: bool, found: list[Violation]) -> None:
    if not isinstance(value, dict):
        found.append(Violation("type", path, f"an object of type '{structured.name}' is expected"))
        return
    properties = structured.properties
    for name, item in value.items():
        known = properties.get(name)
        if known is not None:
            _property(known, item, f"{path}/{name}", complete, found)
        elif "@odata." not in name and not structured.open:
            text = f"The property '{name}' does not exist on type 'microsoft.graph.{structured.name}'."
            found.append(Violation("unknown", path, text))
    if complete:
        for name, known in properties.items():
            if not known.nullable and name not in value:
                found.append(Violation("missing", path, f"'{name}' of '{structured.name}' is missing"))


def _property(known: Property, value: Any, path: str, complete: bool, found: list[Violation]) -> None:
    if value is None:
        if not known.nullable:
            found.append(Violation("null", path, f"The property '{known.name}' cannot be null."))
    elif not known.collection:
        _value(known.type, value, path, complete, found)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _value(known.type, item, f"{path}/{index}", complete, found)
    else:
        found.append(Violation("type", path, f"The property '{known.name}' must be an array."))


def _value(type_name: str, value: Any, path: str, complete: bool, found: list[Violation]) -> None:
    structured = MODEL.types.get(type_name)
    if structured is not None:
        _structure(structured, value, path, complete, found)
    elif type_name in MODEL.enums:
        _enum(MODEL.enums[type_name], value, path, found)
    elif not _fits(type_name, value):
        found.append(
            Violation("type", path, f"Cannot convert the literal '{value}' to the expected type '{type_name}'.")
        )


def _fits(type_name: str, value: Any) -> bool:
    if type_name == "Edm.Boolean":
        return isinstance(value, bool)
    if type_name in _INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _INTEGERS[type_name]
    if not isinstance(value, str):
        return False
    form = _TEXT_FORMS.get(type_name)
    return form is None or form.fullmatch(value) is not None


def _enum(enum: EnumType, value: Any, path: str, found: list[Violation]) -> None:
    if not isinstance(value, str):
        found.append(Violation("type", path, f"Cannot convert the literal '{value}' to '{enum.name}'."))
        return
    # An empty set of flags is documented for resetScope (resource page synchronizationJobRestartCriteria).
    names = [name.strip() for name in value.split(",")] if enum.flags and value.strip() else [value]
    for name in names:
        if name not in enum.members and not (enum.flags and not name):
            found.append(Violation("enum", path, f"Requested value '{name}' was not found."))
