# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups and their members, and objects of any kind by their ids."""

from __future__ import annotations

from typing import Any

from ..errors import GraphError, bad_request, not_found
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing, selected
from ..odata.path import Segment
from ..routing import Route
from . import users

_FIELDS = Fields(
    frozenset({"id", "displayName", "mail", "mailNickname", "mailEnabled", "securityEnabled", "description"})
)


def shown_group(group: dict[str, Any]) -> dict[str, Any]:
    """A group as a GET returns it."""
    return {name: value for name, value in group.items() if name != "members"}


def _list_groups(call: Call) -> Reply:
    return listing(call, [shown_group(group) for group in list(call.tenant.groups.values())], _FIELDS, "groups")


def _group(call: Call, group: Segment) -> dict[str, Any]:
    found = call.tenant.find(call.tenant.groups, group)
    if not found:
        raise not_found(group)
    return found


def _get_group(call: Call, group: Segment) -> Reply:
    found = selected(call, shown_group(_group(call, group)))
    return Reply(200, {"@odata.context": call.context("groups/$entity"), **found})


def _members(call: Call, group: Segment) -> Reply:
    tenant = call.tenant
    members = []
    for member_id in _group(call, group)["members"]:
        if member_id in tenant.users:
            members.append({"@odata.type": "#microsoft.graph.user", **users.shown(call, tenant.users[member_id])})
        elif member_id in tenant.groups:
            members.append({"@odata.type": "#microsoft.graph.group", **shown_group(tenant.groups[member_id])})
    return listing(call, members, users.FIELDS, "directoryObjects")


def _add_member(call: Call, group: Segment) -> Reply:
    found = _group(call, group)
    member_id = str(call.json().get("@odata.id", "")).rstrip("/").rpartition("/")[2]
    if member_id not in call.tenant.users and member_id not in call.tenant.groups:
        raise not_found(member_id)
    if member_id in found["members"]:
        raise bad_request(
            "One or more added object references already exist for the following modified properties: 'members'."
        )
    found["members"] = [*found["members"], member_id]
    return NO_CONTENT


def _remove_member(call: Call, group: Segment, member: Segment) -> Reply:
    found = _group(call, group)
    if member not in found["members"]:
        raise not_found(member)
    found["members"] = [one for one in found["members"] if one != member]
    return NO_CONTENT


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    """All properties of an object; what the state keeps of its relationships is none of them."""
    return {name: value for name, value in item.items() if name not in ("manager", "members")}


def _by_ids(call: Call) -> Reply:
    body = call.json()
    ids, kinds = body.get("ids"), body.get("types") or ["user", "group", "servicePrincipal", "application"]
    if not _texts(ids) or not _texts(kinds) or len(ids) > 1000:
        raise GraphError(400, "Request_BadRequest", "'ids' must be a list of at most 1000 ids, 'types' one of types.")
    tenant = call.tenant
    places: list[tuple[str, dict[str, dict[str, Any]]]] = [
        ("user", tenant.users),
        ("group", tenant.groups),
        ("servicePrincipal", tenant.service_principals),
        ("application", tenant.applications),
    ]
    found = [
        {"@odata.type": f"#microsoft.graph.{kind}", **_whole(place[object_id])}
        for object_id in ids
        for kind, place in places
        if kind in kinds and object_id in place
    ]
    return Reply(200, {"@odata.context": call.context("directoryObjects"), "value": found})


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_READ = frozenset(
    {"Group.Read.All", "GroupMember.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
)
_WRITE = frozenset({"GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"})

ROUTES = [
    Route("GET", "/groups", _list_groups, _READ),
    Route("GET", "/groups/{group}", _get_group, _READ),
    Route("GET", "/groups/{group}/members", _members, _READ),
    Route("POST", "/groups/{group}/members/$ref", _add_member, _WRITE),
    Route("DELETE", "/groups/{group}/members/{member}/$ref", _remove_member, _WRITE),
    Route("POST", "/directoryObjects/getByIds", _by_ids, users.READ_USERS | _READ),
]
