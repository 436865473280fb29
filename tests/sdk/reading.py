# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a typed object of the SDK says what a JSON document says."""

from __future__ import annotations

import datetime as dt
import re
from enum import Enum
from typing import Any
from uuid import UUID

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")


def differences(typed: Any, document: Any, path: str = "") -> list[str]:
    """Where `typed`, read by the SDK, does not say what `document` says; empty when nothing is lost or changed.

    A member that the SDK's model does not declare (it goes to ``additional_data``) is a difference too. Of the
    members of OData, the context is not compared: no model has it.
    """
    if isinstance(document, dict) and hasattr(typed, "get_field_deserializers"):
        return _of_object(typed, document, path)
    if isinstance(document, list) and isinstance(typed, list) and len(document) == len(typed):
        pairs = zip(typed, document)
        return [one for at, pair in enumerate(pairs) for one in differences(*pair, f"{path}[{at}]")]
    plain = _plain(typed, document)
    if type(plain) is type(document) and plain == document:
        return []
    return [f"{path}: {document!r} was read as {typed!r}"]


def _of_object(typed: Any, document: dict[str, Any], path: str) -> list[str]:
    declared = typed.get_field_deserializers()
    found = []
    for name, value in document.items():
        where = f"{path}/{name}"
        if name == "@odata.context":
            continue
        if name in declared:
            found += differences(getattr(typed, attribute(name)), value, where)
        else:
            found.append(f"{where} is not declared")
    invented = [name for name in declared if name not in document and not name.startswith("@odata.")]
    return found + [
        f"{path}/{name} is not there, but was read" for name in invented if getattr(typed, attribute(name)) is not None
    ]


def attribute(name: str) -> str:
    """The Python name of a JSON member: ``templateId`` is ``template_id``, ``@odata.count`` is ``odata_count``."""
    return re.sub(r"(?<=\w)(?<!_)(?=[A-Z])", "_", re.sub(r"\W", "_", name.lstrip("@"))).lower()


def _plain(typed: Any, document: Any) -> Any:
    """The JSON form of a value that the SDK has made an object of; texts of one meaning become the document's."""
    if isinstance(typed, Enum):
        return typed.value
    if isinstance(typed, list) and isinstance(document, str) and all(isinstance(one, Enum) for one in typed):
        same = [one.value for one in typed] == [one.strip() for one in document.split(",")]
        return document if same else typed
    if isinstance(typed, UUID) and isinstance(document, str):
        return document if typed == UUID(document) else str(typed)
    if isinstance(typed, dt.datetime) and isinstance(document, str):
        return document if typed == _moment(document, aware=typed.tzinfo is not None) else typed.isoformat()
    if isinstance(typed, dt.timedelta) and isinstance(document, str):
        return document if typed == _duration(document) else str(typed)
    return typed


def _moment(text: str, *, aware: bool) -> dt.datetime:
    whole, _unused, fraction = text.rstrip("Z").partition(".")
    moment = dt.datetime.strptime(f"{whole}.{fraction[:6] or 0}", "%Y-%m-%dT%H:%M:%S.%f")
    return moment.replace(tzinfo=dt.timezone.utc) if aware else moment


def _duration(text: str) -> dt.timedelta | None:
    found = _DURATION.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return dt.timedelta(days, seconds, minutes=minutes, hours=hours)
