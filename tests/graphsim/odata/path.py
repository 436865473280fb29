# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths: ``/servicePrincipals/{id}``, ``/servicePrincipals('id')``, ``(appId='..')``, ``functions()``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from ..errors import bad_request

_CALL = re.compile(r"(?P<name>[^()]+)\((?P<inside>.*)\)", re.DOTALL)
_NAMED_KEY = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>'(?:[^']|'')*'|[^']+)")
_QUOTED = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class AlternateKey:
    """A key by another property than the id, e.g. ``(appId='...')``."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


Segment = str | AlternateKey


def parse(path: str) -> list[Segment]:
    """Split an encoded path below the version into names and keys; the two ways to write a key give the same.

    Empty segments fall out, so trailing slashes do not matter.

    :raises GraphError: 400 for parentheses that do not parse.
    """
    found: list[Segment] = []
    for raw in path.split("/"):
        text = unquote(raw)
        if not text:
            continue
        call = _CALL.fullmatch(text)
        if call and call["inside"] == "":
            found.append(_plain(call["name"]))
        elif call and re.fullmatch(r"[\w.$]+", call["name"]):
            found += [_plain(call["name"]), _key(call["inside"], text)]
        else:
            found.append(_plain(text))
    return found


def _plain(name: str) -> str:
    # Actions may be written with their namespace (OData 4.01, "qualified names").
    return name.removeprefix("microsoft.graph.")


def _key(inside: str, text: str) -> Segment:
    inside = inside.strip()
    if _QUOTED.fullmatch(inside):
        return _unquoted(inside)
    named = _NAMED_KEY.fullmatch(inside)
    if named:
        value = _unquoted(named["value"])
        return value if named["name"] == "id" else AlternateKey(named["name"], value)
    if re.fullmatch(r"[\w.#-]+", inside):
        return inside
    raise bad_request(f"The key in '{text}' is not valid.")


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if _QUOTED.fullmatch(text) else text
