# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Source objects: directory objects of Graph under the attribute names that mappings use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.entitlement import roles_of
from tests.graphsim.engine.expressions import Value
from tests.graphsim.engine.expressions.evaluation import value_of

# Mappings still use the names of Azure AD Graph.
NAMES = {
    "id": "objectId",
    "mobilePhone": "mobile",
    "faxNumber": "facsimileTelephoneNumber",
    "officeLocation": "physicalDeliveryOfficeName",
    "onPremisesSyncEnabled": "dirSyncEnabled",
}


def objects(context: JobContext, object_type: str) -> dict[str, dict[str, Any]]:
    """The directory objects of a source type, by id: User or Group, nothing for others."""
    return {"user": context.users, "group": context.groups}.get(object_type.lower(), {})


def properties(context: JobContext, item: Mapping[str, Any]) -> dict[str, Value]:
    """The attributes of a user or group as mappings and scoping filters see them.

    IsSoftDeleted is true for a blocked sign-in as well as for a deleted object, as in the service; `manager` and
    `members` are object ids; appRoleAssignments are the roles held through the service principal.
    """
    result: dict[str, Any] = {NAMES.get(name, name): value for name, value in item.items()}
    phones = item.get("businessPhones") or []
    result.setdefault("telephoneNumber", phones[0] if phones else None)
    result.update(item.get("onPremisesExtensionAttributes") or {})
    result["IsSoftDeleted"] = item.get("accountEnabled") is False or bool(item.get("deletedDateTime"))
    result["appRoleAssignments"] = roles_of(context, item["id"])
    for reference in ("manager", "members", "owners"):
        if reference in item:
            result[reference] = _ids(item[reference])
    return {name: _value(value) for name, value in result.items()}


def _ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_ids(item) for item in value]
    return value.get("id") if isinstance(value, dict) else value


def _value(value: Any) -> Value:
    return value_of(json.dumps(value) if isinstance(value, dict) else value)


def fingerprint(*parts: Any) -> str:
    """A digest that changes when any of the parts does."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
