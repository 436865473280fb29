# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: read from both sides, written through the application only."""

from __future__ import annotations

from typing import Any

from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing
from ..odata.path import Segment
from ..routing import Route
from ..state import Synchronization, Template
from .owner import APP, READ, SP, WRITE, checked, context_of, owner, template_of
from .schema.form import completed
from .schema.rules import check

_FIELDS = Fields(frozenset({"id", "factoryTag"}))
# The one member that beta too writes with a capital letter.
_CAPITAL_IN_BETA = "IsSynchronizationAgentAssignmentRequired"
_UNDECLARED = ("AzureIngestionAttributeOptimization", "SyncPolicy", "SupportedAuthenticationTypes")


def _shown(call: Call, template: Template) -> dict[str, Any]:
    if call.version != "beta":
        return template.document
    metadata = [{**entry, "key": _beta(entry["key"])} for entry in template.document.get("metadata") or []]
    return {**template.document, "metadata": metadata}


def _beta(key: str) -> str:
    return key if key == _CAPITAL_IN_BETA or key in _UNDECLARED else key[0].lower() + key[1:]


def _discoverable(found: Synchronization) -> list[Template]:
    return [item for item in found.templates.values() if item.document["discoverable"]]


def _list(call: Call, principal: Segment | None = None, application: Segment | None = None) -> Reply:
    found = owner(call, principal, application)
    items = [_shown(call, template) for template in _discoverable(found)]
    return listing(call, items, _FIELDS, f"{context_of(call, found)}/templates", "synchronizationTemplate")


def _count(call: Call, principal: Segment) -> Reply:
    return Reply(200, str(len(_discoverable(owner(call, principal)))))


def _get(call: Call, template: Segment, principal: Segment | None = None, application: Segment | None = None) -> Reply:
    found, item = template_of(call, template, principal, application)
    context = call.context(f"{context_of(call, found)}/templates/$entity")
    return Reply(200, {"@odata.context": context, **_shown(call, item)}, type_name="synchronizationTemplate")


def _update(call: Call, application: Segment, template: Segment) -> Reply:
    _unused, item = template_of(call, template, application=application)
    body = checked(call, "synchronizationTemplate")
    if body.get("schema"):
        check(body["schema"], item.factory_schema)
        item.schema = completed(body["schema"], item.schema, call.world.clock.now())
    # Properties that are missing are erased (page "Update synchronizationTemplate"); the server keeps the ids.
    item.document = {
        "id": item.document["id"],
        "applicationId": item.document["applicationId"],
        "default": body.get("default", False),
        "description": body.get("description"),
        "discoverable": body.get("discoverable", False),
        "factoryTag": body.get("factoryTag"),
        "metadata": [_pascal(entry) for entry in body.get("metadata") or []],
    }
    return NO_CONTENT


def _pascal(entry: dict[str, Any]) -> dict[str, Any]:
    key = entry.get("key")
    return {**entry, "key": key[0].upper() + key[1:]} if key else entry


ROUTES = [
    Route("GET", SP + "/templates", _list, READ),
    Route("GET", SP + "/templates/$count", _count, READ),
    Route("GET", SP + "/templates/{template}", _get, READ),
    Route("GET", APP + "/templates", _list, READ),
    Route("GET", APP + "/templates/{template}", _get, READ),
    # The sample on the page uses PUT where its text says PATCH.
    Route("PATCH", APP + "/templates/{template}", _update, WRITE),
    Route("PUT", APP + "/templates/{template}", _update, WRITE),
]
