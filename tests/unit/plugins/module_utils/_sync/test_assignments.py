# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is assigned, and who should be."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import assignments
from ansible_collections.entra.provisioning.plugins.module_utils._sync.assignments import DEFAULT_ROLE, Member
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.plugins.modules import app_role_assignment
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, graph, task

SP = Principal("11111111-1111-1111-1111-111111111111")
PATH = f"/servicePrincipals/{SP.id}"
ADA, BOB, SALES = Member("User", "ada", "ada@x"), Member("User", "bob", "bob@x"), Member("Group", "sales", "Sales")
USER_ROLE = {"id": "r-user", "displayName": "User", "value": None, "isEnabled": True, "allowedMemberTypes": ["User"]}
ADMIN_ROLE = {
    "id": "r-admin",
    "displayName": "Admin",
    "value": "adm",
    "isEnabled": True,
    "allowedMemberTypes": ["User"],
}
NO_ROLES = (
    {"id": "r-off", "displayName": "Off", "isEnabled": False, "allowedMemberTypes": ["User"]},
    {"id": "r-app", "displayName": "App", "isEnabled": True, "allowedMemberTypes": ["Application"]},
)


def _has(member: str, role: str = "r-user", kind: str = "User") -> dict[str, str]:
    return {
        "id": f"{member}-{role}",
        "principalId": member,
        "principalType": kind,
        "principalDisplayName": member.title(),
        "appRoleId": role,
    }


def _http(*roles: dict[str, t.Any]) -> ScriptedHttp:
    return ScriptedHttp(routes={("GET", PATH): {"id": SP.id, "appRoles": list(roles)}})


def _plan(existing: list[dict[str, str]], wanted: list[Member], **params: t.Any) -> list[str]:
    http = _http(USER_ROLE, ADMIN_ROLE)
    made = task(app_role_assignment.ARGUMENTS, http, service_principal_id=SP.id, users=["x"], **params)
    plan = assignments.plan(made, SP, existing, wanted)
    return [f"{one.call.endpoint.method} {one.call.ids.get('assignment') or _posted(one)}" for one in plan if one.call]


def _posted(change: t.Any) -> str:
    assert change.call.body["resourceId"] == SP.id
    return f"{change.call.body['principalId']}-{change.call.body['appRoleId']}"


@pytest.mark.parametrize(
    ("state", "role", "existing", "wanted", "expected"),
    [
        ("present", None, [], [ADA], ["POST ada-r-user"]),
        ("present", None, [_has("ada")], [ADA], []),
        ("present", None, [_has("ada", "r-admin")], [ADA], []),
        ("present", "Admin", [_has("ada")], [ADA], ["POST ada-r-admin"]),
        ("present", "adm", [_has("ada", "r-admin")], [ADA], []),
        ("present", None, [_has("ada"), _has("bob")], [ADA, SALES], ["POST sales-r-user"]),
        ("absent", None, [], [ADA], []),
        (
            "absent",
            None,
            [_has("ada"), _has("ada", "r-admin"), _has("bob")],
            [ADA],
            ["DELETE ada-r-user", "DELETE ada-r-admin"],
        ),
        ("absent", "Admin", [_has("ada"), _has("ada", "r-admin")], [ADA], ["DELETE ada-r-admin"]),
        ("exact", None, [_has("ada")], [ADA], []),
        ("exact", None, [_has("bob")], [ADA], ["POST ada-r-user", "DELETE bob-r-user"]),
        ("exact", None, [_has("ada", "r-admin")], [ADA], []),
        ("exact", "Admin", [_has("ada"), _has("ada", "r-admin")], [ADA], ["DELETE ada-r-user"]),
        ("exact", "Admin", [_has("ada")], [ADA], ["POST ada-r-admin", "DELETE ada-r-user"]),
        ("exact", None, [_has("ada"), _has("daemon", kind="ServicePrincipal")], [ADA], []),
    ],
)
def test_what_changes(
    state: str, role: str | None, existing: list[dict[str, str]], wanted: list[Member], expected: list[str]
) -> None:
    assert _plan(existing, wanted, state=state, role=role) == expected


def test_a_converged_plan_reads_no_roles() -> None:
    http = _http(USER_ROLE)
    made = task(app_role_assignment.ARGUMENTS, http, service_principal_id=SP.id, users=["x"])
    assert assignments.plan(made, SP, [_has("ada")], [ADA]) == []
    assert http.sent == []


@pytest.mark.parametrize(
    ("roles", "wanted", "expected"),
    [
        ((), None, DEFAULT_ROLE),
        (NO_ROLES, None, DEFAULT_ROLE),
        ((USER_ROLE, ADMIN_ROLE), None, "r-user"),
        ((ADMIN_ROLE,), None, "r-admin"),
        ((USER_ROLE, ADMIN_ROLE), "adm", "r-admin"),
        ((USER_ROLE, ADMIN_ROLE), "Admin", "r-admin"),
        ((USER_ROLE, ADMIN_ROLE), "r-admin", "r-admin"),
    ],
)
def test_the_role(roles: t.Any, wanted: str | None, expected: str) -> None:
    assert assignments.role_id(graph(_http(*roles)), SP, wanted) == expected


@pytest.mark.parametrize(
    ("roles", "wanted", "words"),
    [
        ((ADMIN_ROLE, {**ADMIN_ROLE, "id": "2", "displayName": "Other", "value": "o"}), None, "several app roles"),
        ((USER_ROLE,), "Off", "no app role 'Off'"),
        ((USER_ROLE, *NO_ROLES), "App", "no app role 'App'"),
        ((), "User", "it has: none"),
    ],
)
def test_a_role_that_is_not_clear(roles: t.Any, wanted: str | None, words: str) -> None:
    with pytest.raises(ProvisioningError, match=words):
        assignments.role_id(graph(_http(*roles)), SP, wanted)


def test_nobody_is_refused() -> None:
    with pytest.raises(BadInput, match="Nobody is named"):
        assignments.check({"users": [], "groups": []})


def _members(routes: dict[tuple[str, str], t.Any], users: list[str], groups: list[str]) -> list[Member]:
    return assignments.members(graph(ScriptedHttp(routes={("POST", "/$batch"): answer(400), **routes})), users, groups)


def test_members_are_found_by_name_and_id() -> None:
    guid = "22222222-2222-2222-2222-222222222222"
    routes = {
        ("GET", "/users/ada@x"): {"id": "ada", "userPrincipalName": "ada@x"},
        ("GET", "/groups"): {"value": [{"id": "sales", "displayName": "Sales"}]},
        ("GET", f"/groups/{guid}"): {"id": guid, "displayName": "Other"},
    }
    found = _members(routes, ["ada@x", "ada@x"], ["Sales", guid])
    assert found == [ADA, SALES, Member("Group", guid, "Other")]


def test_everything_that_is_not_clear_is_told_at_once() -> None:
    routes = {("GET", "/groups"): {"value": [{"id": "1"}, {"id": "2"}]}}
    with pytest.raises(ProvisioningError) as caught:
        _members(routes, ["ghost@x"], ["Twins"])
    assert caught.value.facts["problems"] == ["there is no user 'ghost@x'", "2 groups are named 'Twins' (1, 2)"]


@pytest.mark.parametrize(("users", "groups"), [([""], []), ([" "], []), ([], [""])])
def test_an_empty_name_is_no_name(users: list[str], groups: list[str]) -> None:
    routes = {("GET", "/users/"): {"value": [{"id": "only one in the tenant"}]}, ("GET", "/groups"): {"value": []}}
    with pytest.raises(BadInput, match="empty"):
        _members(routes, users, groups)


def test_quotes_in_the_name_of_a_group() -> None:
    http = ScriptedHttp(answer(200, {"value": [{"id": "1", "displayName": "R'n'D"}]}))
    assignments.members(graph(http), [], ["R'n'D"])
    assert "displayName eq 'R''n''D'" in http.sent[0].path


def test_a_planned_application_has_nobody() -> None:
    http = ScriptedHttp(routes={})
    assert assignments.current(graph(http), Principal(PLANNED)) == []
    assert http.sent == []
