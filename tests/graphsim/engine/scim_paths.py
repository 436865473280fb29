# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Target attribute names of SCIM mappings, as places in a SCIM resource (RFC 7644 section 3.10 paths)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PATH = re.compile(
    r"(?:(?P<urn>urn:.+):)?(?P<attribute>[^.:\[\]]+)"
    r'(?:\[(?P<key>\w+) eq "?(?P<value>[^"\]]*)"?\])?'
    r"(?:\.(?P<sub>[^.\[\]]+))?"
)
CORE = "urn:ietf:params:scim:schemas:core:2.0:"


@dataclass(frozen=True)
class ScimPath:
    """`urn:attribute[key eq "value"].sub`; everything but `attribute` may be missing."""

    urn: str | None
    attribute: str
    key: str | None
    value: Any
    sub: str | None

    @property
    def text(self) -> str:
        """The path as RFC 7644 writes it: a boolean in the filter without quotation marks."""
        result = f"{self.urn}:{self.attribute}" if self.urn else self.attribute
        if self.key:
            operand = str(self.value).lower() if isinstance(self.value, bool) else f'"{self.value}"'
            result += f"[{self.key} eq {operand}]"
        return f"{result}.{self.sub}" if self.sub else result

    @property
    def container(self) -> str:
        """The path of the multi-valued attribute itself."""
        return f"{self.urn}:{self.attribute}" if self.urn else self.attribute


def scim_path(name: str) -> ScimPath:
    """The place that a target attribute name means; ValueError when it is none. The core schema needs no prefix."""
    match = _PATH.fullmatch(name)
    if match is None:
        raise ValueError(f"'{name}' is not a SCIM attribute path")
    urn = match["urn"]
    if urn and urn.startswith(CORE):
        urn = None
    value = match["value"]
    # Entra writes roles[primary eq "True"] for a boolean.
    operand = value.lower() == "true" if match["key"] == "primary" and value else value
    return ScimPath(urn, match["attribute"], match["key"], operand, match["sub"])


def read(resource: dict[str, Any], path: ScimPath) -> Any:
    """The value at a place, None when there is none or the resource has another shape there."""
    holder = resource.get(path.urn) if path.urn else resource
    value = holder.get(path.attribute) if isinstance(holder, dict) else None
    if path.key:
        items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
        value = next((item for item in items if item.get(path.key) == path.value), None)
    if path.sub and isinstance(value, dict):
        return value.get(path.sub)
    return None if path.sub else value


def write(resource: dict[str, Any], path: ScimPath, value: Any) -> None:
    """Puts a value at a place; what is on the way to it is made."""
    holder = resource.setdefault(path.urn, {}) if path.urn else resource
    if path.key:
        items = holder.setdefault(path.attribute, [])
        item = next((item for item in items if item.get(path.key) == path.value), None)
        if item is None:
            item = {path.key: path.value}
            items.append(item)
        item[path.sub or "value"] = value
    elif path.sub:
        holder.setdefault(path.attribute, {})[path.sub] = value
    else:
        holder[path.attribute] = value


def operations(current: dict[str, Any], changes: list[tuple[ScimPath, Any]]) -> list[dict[str, Any]]:
    """PATCH operations in the RFC form (feature flag aadOptscim062020, Entra page "SCIM compatibility issues").

    Values are replaced in place; an element of a multi-valued attribute that the target does not have is added whole.
    """
    result: list[dict[str, Any]] = []
    added: dict[tuple[str, Any], dict[str, Any]] = {}
    for path, value in changes:
        element = ScimPath(path.urn, path.attribute, path.key, path.value, None)
        if path.key is None or read(current, element) is not None:
            result.append({"op": "replace", "path": path.text, "value": value})
            continue
        if (path.container, path.value) not in added:
            added[(path.container, path.value)] = {path.key: path.value}
            result.append({"op": "add", "path": path.container, "value": [added[(path.container, path.value)]]})
        added[(path.container, path.value)][path.sub or "value"] = value
    return result
