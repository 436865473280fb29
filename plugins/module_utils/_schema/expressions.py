# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Expressions of attribute mappings as texts: when two mean the same, and what a source without one would say."""

from __future__ import annotations

import json
import re
import typing as t

# String literals with their escapes, attribute references, and runs of blanks. Only the last carry no meaning, unless
# they keep two words apart. A literal that is not closed reaches to the end.
_TOKEN = re.compile(r'("(?:\\.|[^"\\])*"?|\[[^\]]*\]?)|((?<=\w)\s+(?=\w))|\s+', re.DOTALL)


def normalised(text: str) -> str:
    """Return an expression without the blanks that carry no meaning; those inside literals and names stay."""
    return _TOKEN.sub(lambda found: found[1] or (" " if found[2] else ""), text)


def text_of(source: t.Mapping[str, t.Any] | None) -> str | None:
    """Return the text of an attributeMappingSource; None where there is no source.

    A source may come without a text: Microsoft's own guide to custom attributes writes only name and type.
    """
    if not source:
        return None
    if source.get("expression"):
        return str(source["expression"])
    name = str(source.get("name") or "")
    kind = source.get("type") or "Attribute"
    if kind == "Attribute":
        return f"[{name}]" if name else None
    if kind == "Constant":
        return json.dumps(name, ensure_ascii=False)
    inner = (text_of(one.get("value")) or "" for one in source.get("parameters") or [])
    return f"{name}({', '.join(inner)})"
