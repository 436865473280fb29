# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Texts of the service that a terminal would obey are made such that it shows them.

Names in a directory are written by many people, and a callback prints messages, warnings and differences as they are.
"""

from __future__ import annotations

import re
import typing as t

# C0 but for tab and line end, DEL, C1, and what turns the direction of writing around. A carriage return alone would
# overwrite the line before it; before a line end it is harmless.
_OBEYED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)


def printable(value: t.Any) -> t.Any:
    """Return a copy in which every character that a terminal would obey stands as its number, such as ``\\x1b``."""
    if isinstance(value, str):
        return _OBEYED.sub(_shown, value)
    if isinstance(value, dict):
        return {printable(name): printable(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(one) for one in value]
    return value


def _shown(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
