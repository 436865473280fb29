# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Who is assigned to an application: users and groups with an app role."""

from __future__ import annotations

import dataclasses
import typing as t

from .._graph import batch
from .._graph.errors import BadInput, GraphError, ProvisioningError
from .._making import nothing
from .._task import Change
from . import endpoints, waits
from .principals import PLANNED, Principal, is_guid

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph
    from .._task import Task

# Assigned where an application has no roles (page "Grant an appRoleAssignment for a service principal").
DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"


@dataclasses.dataclass(frozen=True)
class Member:
    """A user or group of the directory."""

    kind: str
    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind.lower()} {self.name}"


def members(graph: Graph, users: t.Sequence[str], groups: t.Sequence[str]) -> list[Member]:
    """Find users (by user principal name or id) and groups (by display name or id), many in one request.

    :raises ProvisioningError: naming all that do not exist, or that are ambiguous.
    """
    wanted = [("User", one) for one in users] + [("Group", one) for one in groups]
    if not wanted:
        return []
    _refuse_empty([one for _kind, one in wanted])
    calls = [_search(kind, one) for kind, one in wanted]
    answers = batch.read_all(graph, calls)
    found: list[Member] = []
    problems: list[str] = []
    for (kind, given), call, answer in zip(wanted, calls, answers):
        if isinstance(answer, GraphError):
            raise answer
        records = list(graph.rest(call, answer)) if answer and "value" in answer else [answer] if answer else []
        if len(records) == 1:
            name = records[0].get("userPrincipalName") or records[0].get("displayName") or given
            found.append(Member(kind, records[0]["id"], str(name)))
        elif records:
            problems.append(f"{len(records)} groups are named {given!r} ({', '.join(one['id'] for one in records)})")
        else:
            problems.append(f"there is no {kind.lower()} {given!r}")
    if problems:
        raise ProvisioningError(
            f"Nothing was changed: {'; '.join(problems)}. Name users by their user principal name or id, groups by "
            "their exact display name or id.",
            problems=problems,
        )
    return list(dict.fromkeys(found))


def _search(kind: str, given: str) -> Call:
    if kind == "User":
        return endpoints.USER_GET.call(user=given, query={"$select": "id,displayName,userPrincipalName"})
    if is_guid(given):
        return endpoints.GROUP_GET.call(group=given, query={"$select": "id,displayName"})
    quoted = given.replace("'", "''")
    return endpoints.GROUP_LIST.call(query={"$filter": f"displayName eq '{quoted}'", "$select": "id,displayName"})


def current(graph: Graph, principal: Principal) -> list[dict[str, t.Any]]:
    """Return all assignments of a service principal."""
    if principal.planned:
        return []
    return list(graph.pages(endpoints.ASSIGNED_LIST.call(sp=principal.id)))


def role_id(graph: Graph, principal: Principal, wanted: str | None) -> str:
    """Return the id of the app role to assign.

    :arg wanted: its value, display name or id; None takes the one named User, the only one, or the default role.
    :raises ProvisioningError: naming the roles to choose from.
    """
    if principal.planned:
        return wanted if wanted and is_guid(wanted) else PLANNED
    record = graph.send(endpoints.SP_GET.call(sp=principal.id, query={"$select": "id,displayName,appRoles"}))
    roles = [
        role
        for role in record.get("appRoles") or []
        if role.get("isEnabled") and "User" in (role.get("allowedMemberTypes") or [])
    ]
    if not wanted and not roles:
        return DEFAULT_ROLE
    if wanted:
        fitting = [role for role in roles if wanted in (role.get("id"), role.get("value"), role.get("displayName"))]
    else:
        fitting = roles if len(roles) == 1 else [role for role in roles if role.get("displayName") == "User"]
    if len(fitting) == 1:
        return str(fitting[0]["id"])
    names = ", ".join(str(role.get("value") or role.get("displayName")) for role in roles) or "none"
    raise ProvisioningError(
        f"The application {principal} has {f'no app role {wanted!r}' if wanted else 'several app roles'} for users "
        f"and groups; it has: {names}. Name one of them in the option role.",
        roles=[role["id"] for role in roles],
    )


def _refuse_empty(names: t.Iterable[str]) -> None:
    if any(not one.strip() for one in names):
        raise BadInput("A name in users or groups is empty.")


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse options that cannot be meant, before anything is sent.

    :raises BadInput: where nobody is named, or a name is empty.
    """
    _refuse_empty([*(params["users"] or ()), *(params["groups"] or ())])
    if not params["users"] and not params["groups"]:
        raise BadInput(
            "Nobody is named in users or groups. To remove everybody, use state absent and name them; an exact "
            "assignment of nobody would disable all accounts in the target."
        )


def plan(
    task: Task, principal: Principal, existing: t.Sequence[dict[str, t.Any]], wanted: t.Sequence[Member]
) -> list[Change]:
    """Return the assignments to make and to remove; the app role is looked up only where it matters."""
    state, role = task.params["state"], task.params["role"]
    ids = {member.id for member in wanted}
    if state == "absent":
        role = role_id(task.graph, principal, role) if role else None
        return [
            _unassign(task, principal, one)
            for one in existing
            if one["principalId"] in ids and role in (None, one.get("appRoleId"))
        ]
    if not role and ids <= {one["principalId"] for one in existing}:
        missing = []
    else:
        named, role = role, role_id(task.graph, principal, role)
        # Without a role in the options, any that somebody has is good enough.
        have = {(one["principalId"], one.get("appRoleId") if named else role) for one in existing}
        missing = [member for member in wanted if (member.id, role) not in have]
    plan = [_assign(task, principal, member, role) for member in missing]
    if state == "exact":
        named_role = role if task.params["role"] else None
        plan += [
            _unassign(task, principal, one)
            for one in existing
            # Other applications may hold roles of this one, too; they are nobody that is provisioned.
            if one.get("principalType") != "ServicePrincipal"
            and (one["principalId"] not in ids or (named_role and one.get("appRoleId") != named_role))
        ]
    return plan


def read_back(
    task: Task, principal: Principal, wanted: t.Sequence[Member], made: t.Sequence[Change]
) -> list[dict[str, t.Any]]:
    """Return all assignments as soon as none of the changes that were made would be planned again: replicas lag.

    One look is for all of them.
    """
    sentences = {change.sentence for change in made}
    return waits.until_made(
        task,
        "waiting until the changed assignments can be read back",
        lambda: current(task.graph, principal),
        lambda seen: [one for one in plan(task, principal, seen, wanted) if one.sentence in sentences],
    )


def _assign(task: Task, principal: Principal, member: Member, role: str) -> Change:
    def look() -> dict[str, t.Any] | None:
        found = current(task.graph, principal)
        return next((one for one in found if (one["principalId"], one.get("appRoleId")) == (member.id, role)), None)

    body = {"principalId": member.id, "resourceId": principal.id, "appRoleId": role}
    return Change(
        path=str(member),
        before=None,
        after="assigned",
        says=f"assign the {member}",
        call=endpoints.ASSIGN.call(sp=principal.id, body=body),
        risk="scope",
        look=look,
        shared=True,
        expects=lambda answer: isinstance(answer, dict) and bool(answer.get("id")),
    )


def _unassign(task: Task, principal: Principal, record: dict[str, t.Any]) -> Change:
    def look() -> bool:
        return record["id"] not in [one.get("id") for one in current(task.graph, principal)]

    name = f"{str(record.get('principalType') or 'principal').lower()} {record.get('principalDisplayName')}"
    return Change(
        path=name,
        before="assigned",
        after=None,
        says=f"remove the assignment of the {name}",
        call=endpoints.UNASSIGN.call(sp=principal.id, assignment=record["id"]),
        risk="scope",
        look=look,
        shared=True,
        expects=nothing,
    )
