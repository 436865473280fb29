# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Which of the permissions that the modules need the signed-in identity has, found out by reading only."""

from __future__ import annotations

import typing as t

from .._graph import batch
from .._graph.errors import GraphError
from . import endpoints
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call, Endpoint
    from .._graph.graph import Graph

_SYNC_MODULES = ("sync_info", "sync_job", "sync_job_action", "sync_schema", "sync_secrets", "sync_template")
# Permissions, and the modules that cannot do all of their work without them. A test compares it with their code.
NEEDED_BY: dict[str, tuple[str, ...]] = {
    "AppRoleAssignment.ReadWrite.All": ("app_role_assignment",),
    "Application.Read.All": ("app_role_assignment", "extension_attribute", "gallery_application", *_SYNC_MODULES),
    "Application.ReadWrite.All": ("extension_attribute", "gallery_application"),
    "Directory.ReadWrite.All": ("sync_job_action",),
    "Group.Read.All": ("app_role_assignment", "sync_job_action"),
    "GroupMember.Read.All": ("sync_info", "sync_job_action"),
    "Organization.Read.All": ("directory_synchronization",),
    "Organization.ReadWrite.All": ("directory_synchronization",),
    "Policy.Read.All": ("cross_tenant_access",),
    "Policy.ReadWrite.CrossTenantAccess": ("cross_tenant_access",),
    "ProvisioningLog.Read.All": ("sync_info", "sync_job_action", "sync_schema", "sync_secrets"),
    "Synchronization.Read.All": ("gallery_application", *_SYNC_MODULES),
    "Synchronization.ReadWrite.All": _SYNC_MODULES,
    "SynchronizationData-User.Upload": ("sync_job_action",),
    "SynchronizationMetadata.Read.All": ("sync_info", "sync_job_action"),
    "SynchronizationMetadata.ReadWrite.All": ("sync_job_action",),
    "User.Read.All": ("app_role_assignment", "sync_job_action"),
}
# What it takes a write to find out, or an object that only the admin knows.
UNTOLD = {
    "AppRoleAssignment.ReadWrite.All": "assign users and groups, and remove assignments",
    "Application.ReadWrite.All": "make applications from the gallery, and directory extensions",
    "Directory.ReadWrite.All": "discover the attributes of a directory",
    "Organization.ReadWrite.All": "switch on directory synchronization",
    "Policy.ReadWrite.CrossTenantAccess": "change the cross-tenant access of a partner tenant",
    "SynchronizationData-User.Upload": "upload records to a synchronization job",
    "SynchronizationMetadata.Read.All": "read the connection of an object",
    "SynchronizationMetadata.ReadWrite.All": "remove the connection of an object",
}


_CANNOT_TELL = "No call that only reads tells it, and nothing is written to find out."


def report(graph: Graph, principal: Principal) -> list[dict[str, t.Any]]:
    """Return one record per need: what it is for, the permission, the modules that use it, and whether it is there.

    ``granted`` is None where no reading call tells, with ``why``.
    """
    told = _asked(graph, _first(principal))
    told += _asked(graph, _second(principal, {call.endpoint: answer for call, answer in told}))
    records = [_judged(call.endpoint, answer) for call, answer in told]
    return records + [_need(to, permission, None, _CANNOT_TELL) for permission, to in UNTOLD.items()]


def _asked(graph: Graph, calls: t.Sequence[Call]) -> list[tuple[Call, t.Any]]:
    return list(zip(calls, batch.read_all(graph, calls)))


def _first(principal: Principal) -> list[Call]:
    one = {"$top": "1"}
    return [
        endpoints.SP_GET.call(sp=principal.id, query={"$select": "id"}),
        endpoints.ASSIGNED_LIST.call(sp=principal.id, query=one),
        endpoints.JOB_LIST.call(sp=principal.id),
        endpoints.TEMPLATE_LIST.call(sp=principal.id),
        endpoints.SECRETS_GET.call(sp=principal.id),
        endpoints.LOGS.call(query=one),
        endpoints.USER_LIST.call(query={**one, "$select": "id"}),
        endpoints.GROUP_LIST.call(query={**one, "$select": "id"}),
        endpoints.ORGANIZATION_LIST.call(query={"$select": "id"}),
        endpoints.PARTNER_LIST.call(),
    ]


def _second(principal: Principal, answers: t.Mapping[Endpoint, t.Any]) -> list[Call]:
    """Return the calls that need something which the first ones found.

    Listing functions asks for the permission to write (permissions file of the devx content), so it tells whether
    writing is allowed without doing any.
    """
    calls: list[Call] = []
    job, template = _some_id(answers[endpoints.JOB_LIST]), _some_id(answers[endpoints.TEMPLATE_LIST])
    if job:
        calls.append(endpoints.FUNCTIONS.call(sp=principal.id, job=job))
    elif template:
        calls.append(endpoints.TEMPLATE_FUNCTIONS.call(sp=principal.id, template=template))
    group = _some_id(answers[endpoints.GROUP_LIST])
    if group:
        calls.append(endpoints.GROUP_MEMBERS.call(group=group, query={"$top": "1", "$select": "id"}))
    return calls


def _some_id(answer: t.Any) -> str | None:
    records = answer.get("value") if isinstance(answer, dict) else None
    return str(records[0]["id"]) if records else None


def _judged(endpoint: Endpoint, answer: t.Any) -> dict[str, t.Any]:
    to = endpoint.does.split(" {")[0]
    if isinstance(answer, GraphError) and answer.status in (401, 403):
        return _need(to, endpoint.permission, False, None)
    if isinstance(answer, GraphError):
        return _need(to, endpoint.permission, None, answer.message)
    if answer is None:
        return _need(to, endpoint.permission, None, "The service does not know what was asked for (404).")
    return _need(to, endpoint.permission, True, None)


def _need(to: str, permission: str, granted: bool | None, why: str | None) -> dict[str, t.Any]:
    return {
        "to": to,
        "permission": permission,
        "modules": list(NEEDED_BY[permission]),
        "granted": granted,
        "why": why,
    }
