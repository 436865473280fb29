# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is in the job's scope by assignment (setting SyncAll), before scoping filters are asked."""

from __future__ import annotations

from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.settings import syncs_all

DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"


def assigned(context: JobContext) -> set[str]:
    """Ids of users and groups that are assigned, and of direct members of assigned groups."""
    principals = {assignment["principalId"] for assignment in context.assignments}
    members = {member for group in principals & context.groups.keys() for member in _members(context, group)}
    return principals | (members & context.users.keys())


def effectively_entitled(context: JobContext) -> set[str]:
    """Those of the assigned ones who hold a role that provisions.

    The default role does so only in an application without roles of its own ("Users with the Default Access role are
    excluded from provisioning", tutorials of gallery applications).
    """
    has_roles = any(role.get("isEnabled", True) and role["id"] != DEFAULT_ROLE for role in context.app_roles)
    if not has_roles:
        return assigned(context)
    return {
        principal
        for assignment in context.assignments
        if assignment["appRoleId"] != DEFAULT_ROLE
        for principal in (assignment["principalId"], *_members(context, assignment["principalId"]))
    }


def entitled(context: JobContext) -> set[str]:
    """Ids of all users and groups that the job may provision.

    From all to assigned takes effect with the next initial cycle only (Entra page "Known issues": a restart is needed).
    """
    if syncs_all(context.secrets) or (context.memory.watermark and context.memory.synced_all):
        return {*context.users, *context.groups}
    return assigned(context) & effectively_entitled(context)


def roles_of(context: JobContext, principal_id: str) -> list[dict[str, Any]]:
    """The roles of a principal, `{id, value, displayName}`, its own and those of groups it is a direct member of."""
    by_id = {role["id"]: role for role in context.app_roles}
    result = []
    for assignment in context.assignments:
        holder, role = assignment["principalId"], by_id.get(assignment["appRoleId"])
        if role and (holder == principal_id or principal_id in _members(context, holder)):
            entry = {key: role.get(key) for key in ("id", "value", "displayName")}
            if entry not in result:
                result.append(entry)
    return result


def _members(context: JobContext, group_id: str) -> set[str]:
    members = (context.groups.get(group_id) or {}).get("members") or []
    return {member["id"] if isinstance(member, dict) else member for member in members}
