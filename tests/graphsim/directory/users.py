# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request, not_found
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing, selected
from ..odata.path import Segment
from ..routing import Route
from ..state import Tenant

# What a GET returns without $select (resource page "user").
_DEFAULT = (
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
)
_EMPTY: dict[str, Any] = {
    "accountEnabled": True,
    "businessPhones": [],
    "city": None,
    "companyName": None,
    "country": None,
    "department": None,
    "employeeId": None,
    "givenName": None,
    "jobTitle": None,
    "mail": None,
    "mailNickname": None,
    "manager": None,
    "mobilePhone": None,
    "officeLocation": None,
    "onPremisesExtensionAttributes": {},
    "otherMails": [],
    "postalCode": None,
    "preferredLanguage": None,
    "proxyAddresses": [],
    "state": None,
    "streetAddress": None,
    "surname": None,
    "usageLocation": None,
    "userType": "Member",
}
FIELDS = Fields(
    frozenset(
        {
            "accountEnabled",
            "city",
            "companyName",
            "country",
            "department",
            "displayName",
            "employeeId",
            "givenName",
            "id",
            "jobTitle",
            "mail",
            "mailNickname",
            "state",
            "surname",
            "usageLocation",
            "userPrincipalName",
            "userType",
        }
    )
)


def new_user(tenant: Tenant, properties: dict[str, Any]) -> dict[str, Any]:
    """A user in the shape of the state: Graph's properties, and ``manager``, a user id or None.

    :raises ValueError: without a userPrincipalName, or when it is taken.
    """
    name = properties.get("userPrincipalName")
    if not isinstance(name, str) or not name:
        raise ValueError("a user needs a userPrincipalName")
    if find(tenant, name):
        raise ValueError(f"there is a user '{name}' already")
    user_id = properties.get("id") or tenant.new_id("user")
    user = {**_EMPTY, "displayName": name.partition("@")[0], **properties, "id": user_id}
    user["mailNickname"] = user["mailNickname"] or name.partition("@")[0]
    return user


def find(tenant: Tenant, key: Segment) -> dict[str, Any] | None:
    """A user by id or userPrincipalName."""
    found = tenant.find(tenant.users, key)
    if found or not isinstance(key, str):
        return found
    return next(
        (user for user in list(tenant.users.values()) if user["userPrincipalName"].lower() == key.lower()), None
    )


def shown(call: Call, user: dict[str, Any]) -> dict[str, Any]:
    """A user as a GET returns it."""
    if "$select" in call.query:
        return selected(call, {name: value for name, value in user.items() if name != "manager"})
    return {name: user.get(name) for name in _DEFAULT}


def _list_users(call: Call) -> Reply:
    reply = listing(call, call.tenant.users.values(), FIELDS, "users")
    if "$select" not in call.query:
        reply.body["value"] = [shown(call, user) for user in reply.body["value"]]
    return reply


def _user(call: Call, user: Segment) -> dict[str, Any]:
    found = find(call.tenant, user)
    if not found:
        raise not_found(user)
    return found


def _get_user(call: Call, user: Segment) -> Reply:
    return Reply(200, {"@odata.context": call.context("users/$entity"), **shown(call, _user(call, user))})


def _manager(call: Call, user: Segment) -> Reply:
    manager_id = _user(call, user).get("manager")
    manager = call.tenant.users.get(manager_id or "")
    if not manager:
        raise not_found("manager")
    context = call.context("directoryObjects/$entity")
    # The declared type is directoryObject, so the answer names the one that it is (OData JSON Format, "odata.type").
    return Reply(200, {"@odata.context": context, "@odata.type": "#microsoft.graph.user", **shown(call, manager)})


def _create_user(call: Call) -> Reply:
    try:
        user = new_user(call.tenant, call.json())
    except ValueError as error:
        raise bad_request(str(error)) from error
    call.tenant.users[user["id"]] = user
    return Reply(201, {"@odata.context": call.context("users/$entity"), **shown(call, user)})


def _update_user(call: Call, user: Segment) -> Reply:
    found = _user(call, user)
    changes = call.json()
    unknown = [name for name in changes if name not in found and not name.startswith("extension_")]
    if unknown:
        raise bad_request(f"Invalid property '{unknown[0]}'.")
    call.tenant.users[found["id"]] = {**found, **changes, "id": found["id"]}
    return NO_CONTENT


def _delete_user(call: Call, user: Segment) -> Reply:
    user_id = _user(call, user)["id"]
    tenant = call.tenant
    del tenant.users[user_id]
    for group in tenant.groups.values():
        group["members"] = [member for member in group["members"] if member != user_id]
    for assignment in [one for one in tenant.assignments.values() if one["principalId"] == user_id]:
        del tenant.assignments[assignment["id"]]
    return NO_CONTENT


READ_USERS = frozenset({"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"})
_WRITE = frozenset({"User.ReadWrite.All", "Directory.ReadWrite.All"})
ROUTES = [
    Route("GET", "/users", _list_users, READ_USERS),
    Route("POST", "/users", _create_user, _WRITE),
    Route("GET", "/users/{user}", _get_user, READ_USERS),
    Route("PATCH", "/users/{user}", _update_user, _WRITE),
    Route("DELETE", "/users/{user}", _delete_user, _WRITE),
    Route("GET", "/users/{user}/manager", _manager, READ_USERS),
]
