# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of an application: credentials and settings in one bag.

Whether a PUT replaces the bag or merges into it is contradicted by the sources, see the quirk ``secrets_put``.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ..errors import wrapped
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing
from ..odata.path import Segment
from ..routing import Route
from ..state import Synchronization
from .owner import APP, READ, SP, WRITE, checked, context_of, owner

_NOTIFICATION = "SyncNotificationSettings"
_FIELDS = Fields(frozenset({"key"}))


def sensitive(key: str) -> bool:
    """Whether GET shows "*" instead of the value.

    Seen for Password, SecretToken and ClientSecret (azure-docs issue 55184, Entra page "Skip deletion of user accounts
    that go out of scope"); taken for granted for the others of their kind.
    """
    return key.endswith(("Password", "Secret", "Token", "ConnectionString")) or "Key" in key


def _shown(found: Synchronization) -> dict[str, str]:
    values = found.old_secrets if found.old_secrets_until > time.monotonic() else found.secrets
    return {key: "*" if sensitive(key) else value for key, value in values.items()}


def _get(call: Call, principal: Segment | None = None, application: Segment | None = None) -> Reply:
    found = owner(call, principal, application)
    pairs = [{"key": key, "value": value} for key, value in _shown(found).items()]
    context = f"{context_of(call, found)}/secrets"
    return listing(call, pairs, _FIELDS, context, "synchronizationSecretKeyStringValuePair")


def _count(call: Call, principal: Segment) -> Reply:
    return Reply(200, str(len(_shown(owner(call, principal)))))


def _put(call: Call, principal: Segment | None = None, application: Segment | None = None) -> Reply:
    found, quirks = owner(call, principal, application), call.world.quirks
    pairs = _pairs(call)
    for key, value in pairs.items():
        if key == _NOTIFICATION:
            _check_notification(value)
    old = dict(found.secrets)
    kept = old if quirks["secrets_put"] == "merge" else {}
    found.secrets = {key: value for key, value in {**kept, **pairs}.items() if value != ""}
    if quirks["secrets_lag"]:
        found.old_secrets, found.old_secrets_until = old, time.monotonic() + quirks["secrets_lag"]
    return NO_CONTENT


def _pairs(call: Call) -> dict[str, str]:
    items: list[dict[str, Any]] | None = checked(call, "synchronizationSecrets").get("value")
    if items is None:
        raise wrapped(400, "RequestParameterInvalid", "The secrets to be written are missing: 'value'.")
    if any("key" not in item for item in items):
        raise wrapped(400, "RequestParameterInvalid", "A secret has no 'key'.")
    return {item["key"]: item.get("value") or "" for item in items}


def _check_notification(value: str) -> None:
    # Blank or broken JSON is refused, "{}" is stored (msgraph-metadata issue 347).
    try:
        settings = json.loads(value)
    except ValueError:
        settings = None
    if not isinstance(settings, dict):
        raise wrapped(400, "InvalidNotificationSettings")


ROUTES = [
    Route("GET", SP + "/secrets", _get, READ),
    Route("GET", SP + "/secrets/$count", _count, READ),
    Route("PUT", SP + "/secrets", _put, WRITE),
    Route("GET", APP + "/secrets", _get, READ),
    Route("PUT", APP + "/secrets", _put, WRITE),
]
