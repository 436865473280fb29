# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Reading documents that anybody may have written: what has another shape is named with its place."""

from __future__ import annotations

import typing as t

from ..problems import SchemaProblem

Raw = t.Mapping[str, t.Any]


def records(holder: Raw, name: str, where: str) -> list[Raw]:
    """Return the records under a name; [] where there is nothing."""
    value = holder.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, t.Mapping) for one in value):
        raise SchemaProblem(f"{where}: {name} is no list of records.")
    return value


def record(holder: Raw, name: str, where: str) -> Raw:
    """Return the record under a name; an empty one where there is nothing."""
    value = holder.get(name)
    if value is not None and not isinstance(value, t.Mapping):
        raise SchemaProblem(f"{where}: {name} is no record.")
    return value or {}


def text(holder: Raw, name: str, where: str) -> str:
    """Return the text under a name; numbers and the like as texts, "" where there is nothing."""
    value = holder.get(name)
    if isinstance(value, (t.Mapping, list)):
        raise SchemaProblem(f"{where}: {name} is no text.")
    return "" if value is None else str(value)


def name(holder: Raw, name: str, where: str) -> str:
    """Return the text under a name that must be there."""
    found = text(holder, name, where)
    if not found:
        raise SchemaProblem(f"{where}: {name} is missing.")
    return found


def texts(holder: Raw, name: str, where: str) -> list[str]:
    """Return the texts under a name; [] where there is nothing."""
    value = holder.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or any(isinstance(one, (t.Mapping, list)) for one in value):
        raise SchemaProblem(f"{where}: {name} is no list of texts.")
    return [str(one) for one in value]


def number(holder: Raw, name: str, where: str) -> int:
    """Return the number under a name; some tools write it as a text. 0 where there is nothing."""
    found = text(holder, name, where)
    try:
        return int(found or 0)
    except ValueError:
        raise SchemaProblem(f"{where}: {name} is no number.") from None
