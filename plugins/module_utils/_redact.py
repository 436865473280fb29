# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Secrets never leave: they are taken out of results here, whatever Ansible does about them later.

Ansible before 2.22 cuts no_log values out of results; from 2.22 on it keeps them in variables and masks them only
where they are shown. Doing it ourselves makes both versions, and both doors, the same.
"""

from __future__ import annotations

import html
import json
import re
import typing as t
import urllib.parse

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
# Shorter values would be found in words that have nothing to do with them.
SHORTEST = 4


def secret_values(spec: t.Mapping[str, t.Any], params: t.Mapping[str, t.Any]) -> frozenset[str]:
    """Return every text that was given in an option that is marked no_log, at any depth, in every form it may take."""
    found: set[str] = set()
    for name, option in spec.items():
        value = params.get(name)
        if option.get("no_log") is True:
            found.update(_texts(value))
        elif option.get("options"):
            inner = value if isinstance(value, list) else [value]
            for one in inner:
                if isinstance(one, dict):
                    found |= secret_values(option["options"], one)
    return frozenset(form for text in found if len(text) >= SHORTEST for form in forms(text))


def forms(secret: str) -> set[str]:
    """Return a secret as it is, and as others quote it: in JSON, in an address, on an error page, in a paragraph."""
    found: set[str] = set()
    for text in (secret, " ".join(secret.split())):
        quoted = [json.dumps(text, ensure_ascii=ascii)[1:-1] for ascii in (True, False)]
        # The synchronization backend puts JSON into JSON.
        twice = [json.dumps(one, ensure_ascii=False)[1:-1] for one in quoted]
        addresses = (urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text))
        found.update((text, html.escape(text), *quoted, *twice, *addresses))
    return found


def without_secrets(spec: t.Mapping[str, t.Any], params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the options with every no_log one masked, for the record of the invocation."""

    def masked(option: t.Mapping[str, t.Any], value: t.Any) -> t.Any:
        if option.get("no_log") is True:
            return MASK if value else value
        if option.get("options") and isinstance(value, list):
            return [without_secrets(option["options"], one) if isinstance(one, dict) else one for one in value]
        if option.get("options") and isinstance(value, dict):
            return without_secrets(option["options"], value)
        return value

    return {name: masked(option, params.get(name)) for name, option in spec.items()}


def redacted(value: t.Any, secrets: t.Collection[str]) -> t.Any:
    """Return a copy in which no text contains any of the secrets."""
    if not secrets:
        return value
    # The longest first, so that of two that begin alike nothing is left over.
    pattern = re.compile("|".join(map(re.escape, sorted(secrets, key=len, reverse=True))))
    return _cut(value, pattern)


def _cut(value: t.Any, pattern: re.Pattern[str]) -> t.Any:
    if isinstance(value, str):
        return pattern.sub("********", value)
    if isinstance(value, dict):
        return {_cut(key, pattern): _cut(one, pattern) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cut(one, pattern) for one in value]
    return value


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
