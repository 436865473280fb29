# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Expressions of attribute mappings as texts: when two mean the same, and what a source without one would say."""

from __future__ import annotations

import collections
import re
import typing as t

# String literals with their escapes, attribute references, and runs of blanks. Only the last carry no meaning, unless
# they keep two words apart. A literal that is not closed reaches to the end.
_TOKEN = re.compile(r'("(?:\\.|[^"\\])*"?|\[[^\]]*\]?)|((?<=\w)\s+(?=\w))|\s+', re.DOTALL)
# A string literal, an attribute reference, or the name of a function with its parenthesis. SCIM paths carry a filter
# in brackets of their own: [emails[type eq "work"].value].
_PIECE = re.compile(r'("(?:\\.|[^"\\])*")|\[((?:[^\[\]]|\[[^\[\]]*\])+)\]|([A-Za-z_]\w*)\s*\(', re.DOTALL)
# Only these two escapes are documented; a backslash before anything else stands for itself.
_ESCAPE = re.compile(r'\\(["\\])')


def normalised(text: str) -> str:
    """Return an expression without the blanks that carry no meaning; those inside literals and names stay."""
    return _TOKEN.sub(lambda found: found[1] or (" " if found[2] else ""), text)


def text_of(source: t.Mapping[str, t.Any] | None) -> str | None:
    """Return the text of an attributeMappingSource; None where there is no source.

    A source may come without a text: Microsoft's own guide to custom attributes writes only name and type.
    """
    if not source or not isinstance(source, t.Mapping):
        return None
    if source.get("expression"):
        return str(source["expression"])
    name = str(source.get("name") or "")
    kind = source.get("type") or "Attribute"
    if kind == "Attribute":
        return f"[{name}]" if name else None
    if kind == "Constant":
        return str(constant(name)["expression"])
    inner = (text_of(one.get("value")) or "" for one in source.get("parameters") or [] if isinstance(one, t.Mapping))
    return f"{name}({', '.join(inner)})"


def references(text: str) -> list[str]:
    """Return the names of the attributes that an expression reads, each once, in the order of the text."""
    names = [found[2] for found in _PIECE.finditer(text) if found[2] is not None]
    return list(dict.fromkeys(names))


def read_by(source: t.Mapping[str, t.Any]) -> list[str]:
    """Return the names of the attributes that a source reads, by its text or by its tree."""
    texts = (text_of(source), text_of({**source, "expression": None}))
    return list(dict.fromkeys(name for text in texts for name in references(text or "")))


def contradicts(source: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the tree of a source (type, name, parameters) is not that of its text.

    A tree is not rebuilt from the text here, which would take the service's parser: they agree where they have the same
    attributes, constants and functions.
    """
    text, name = str(source.get("expression") or ""), str(source.get("name") or "")
    if not text or not (name or source.get("type") == "Constant"):
        return False
    plain, called = literal(text), functions(text)[:1]
    if source.get("type") != "Function":
        return plain is None or (plain["type"], plain["name"]) != (source.get("type") or "Attribute", name)
    arguments = [one.get("value") for one in source.get("parameters") or [] if isinstance(one, t.Mapping)]
    # A tree that leaves something out says nothing else.
    whole = arguments and all(isinstance(one, t.Mapping) and one for one in arguments)
    tree = text_of({**source, "expression": None}) if whole else None
    return called != [name] or bool(tree and _pieces(text) != _pieces(tree))


def _pieces(text: str) -> collections.Counter[str]:
    return collections.Counter(
        f"{'constant' if found[1] else 'attribute' if found[2] is not None else 'function'} "
        f"{found[1] or found[2] or found[3]}"
        for found in _PIECE.finditer(text)
    )


def renamed(text: str, names: t.Mapping[str, str]) -> str:
    """Return an expression that reads other attributes in the place of some, by the names of these."""
    return _PIECE.sub(lambda found: f"[{names[found[2]]}]" if found[2] in names else found[0], text)


def functions(text: str) -> list[str]:
    """Return the names of the functions that an expression calls, each once, in the order of the text."""
    names = [found[3] for found in _PIECE.finditer(text) if found[3] is not None]
    return list(dict.fromkeys(names))


def literal(text: str) -> dict[str, t.Any] | None:
    """Return the source of an expression that is one attribute or one constant; None where a function is needed.

    These two need no parser; the tree of everything else is the service's to build.
    """
    stripped = text.strip()
    whole = _PIECE.fullmatch(stripped)
    if not whole or whole[3] is not None:
        return None
    if whole[2] is not None:
        return attribute(whole[2])
    # As it is written: a backslash that escapes nothing would be written as two.
    return {**constant(_ESCAPE.sub(r"\1", stripped[1:-1])), "expression": stripped}


def attribute(name: str) -> dict[str, t.Any]:
    """Return the source that is an attribute of the source object ("Direct" in the portal)."""
    return {"expression": f"[{name}]", "name": name, "parameters": [], "type": "Attribute"}


def constant(value: str) -> dict[str, t.Any]:
    """Return the source that is one value for everybody ("Constant" in the portal)."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return {"expression": f'"{quoted}"', "name": value, "parameters": [], "type": "Constant"}
