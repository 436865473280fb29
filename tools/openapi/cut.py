# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.openapi.cut METADATA COMMIT``: cut the types of the directory out of the official metadata.

METADATA is ``clean_v10_metadata/cleanMetadata.xml`` of the GitHub repository microsoftgraph/msgraph-metadata, COMMIT
the commit that it was read from. Writes tests/fixtures/graph/directory.csdl.xml.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from tools.openapi.metadata import EDM, FOLDER, item_type

FILE = FOLDER / "directory.csdl.xml"
_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"

# The types that provisioning needs beside those of synchronization, each with the navigation that paths take.
_ROOTS: dict[str, tuple[str, ...]] = {
    "application": ("extensionProperties",),
    "applicationTemplate": (),
    "auditLogRoot": ("provisioning",),
    "crossTenantAccessPolicy": ("partners",),
    "crossTenantAccessPolicyConfigurationPartner": ("identitySynchronization",),
    "crossTenantIdentitySyncPolicyPartner": (),
    "extensionProperty": (),
    "group": ("members",),
    "organization": (),
    "policyRoot": ("crossTenantAccessPolicy",),
    "provisioningObjectSummary": (),
    "servicePrincipal": (),
    "user": ("manager",),
}
_ACTIONS = {"getByIds"}
_SETS = {"auditLogs", "directoryObjects", "groups", "organization", "policies", "users"}
_KINDS = ("EnumType", "ComplexType", "EntityType")


def cut(source: ET.Element) -> ET.Element:
    """The schema element with what is needed, in the order of the source, without annotations."""
    declared = {one.attrib["Name"]: one for kind in _KINDS for one in source.findall(EDM + kind)}
    wanted: set[str] = set()
    waiting = list(_ROOTS)
    while waiting:
        name = waiting.pop()
        if name in wanted or name not in declared:
            continue
        wanted.add(name)
        members = _members(declared[name], _ROOTS.get(name, ()))
        waiting += [item_type(one.attrib["Type"]) for one in members if one.tag == f"{EDM}Property"]
        base = declared[name].get("BaseType")
        waiting += [item_type(base)] if base else []
    schema = ET.Element("Schema", {"Namespace": "microsoft.graph", "xmlns": EDM.strip("{}")})
    for name in sorted(wanted, key=list(declared).index):
        schema.append(_copied(declared[name], _ROOTS.get(name, ())))
    schema.extend(_plain(one) for one in source.findall(f"{EDM}Action") if one.attrib["Name"] in _ACTIONS)
    container = ET.SubElement(schema, "EntityContainer", {"Name": "GraphService"})
    for one in source.findall(f"{EDM}EntityContainer/*"):
        if one.get("Name") in _SETS:
            ET.SubElement(container, one.tag.removeprefix(EDM), _short(one.attrib))
    return schema


def _members(element: ET.Element, navigation: tuple[str, ...]) -> list[ET.Element]:
    kept = ("Member", "Key", "Property")
    return [
        one
        for one in element
        if one.tag.removeprefix(EDM) in kept
        or (one.tag == f"{EDM}NavigationProperty" and one.attrib["Name"] in navigation)
    ]


def _copied(element: ET.Element, navigation: tuple[str, ...]) -> ET.Element:
    copy = ET.Element(element.tag.removeprefix(EDM), _short(element.attrib))
    copy.extend(_plain(one) for one in _members(element, navigation))
    return copy


def _plain(element: ET.Element) -> ET.Element:
    copy = ET.Element(element.tag.removeprefix(EDM), _short(element.attrib))
    copy.extend(_plain(one) for one in element if not one.tag.endswith("Annotation"))
    return copy


def _short(attributes: dict[str, str]) -> dict[str, str]:
    return {re.sub("^{.*}", "", name): value for name, value in attributes.items()}


def main() -> None:
    """Read the metadata, write the cut."""
    metadata, commit = sys.argv[1:]
    schemas = ET.parse(metadata).getroot().iter(f"{EDM}Schema")
    schema = cut(next(one for one in schemas if one.attrib["Namespace"] == "microsoft.graph"))
    ET.indent(schema)
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<!-- SPDX-FileCopyrightText: 2018 Microsoft Graph -->
<!-- SPDX-License-Identifier: MIT -->
<!-- Cut by "python -m tools.openapi.cut" from clean_v10_metadata/cleanMetadata.xml of the GitHub repository
     microsoftgraph/msgraph-metadata, commit {commit}. Annotations and most navigation left out. -->
<edmx:Edmx Version="4.0" xmlns:edmx="{_EDMX}"><edmx:DataServices>
{ET.tostring(schema, encoding="unicode")}
</edmx:DataServices></edmx:Edmx>
"""
    Path(FILE).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
