# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tasks of app_role_assignment: found, changed, read back."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import app_role_assignment
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

Record = dict[str, t.Any]

SP = Principal("11111111-1111-1111-1111-111111111111")
PATH = f"/servicePrincipals/{SP.id}"
ASSIGNED = f"{PATH}/appRoleAssignedTo"
ROLES = [
    {"id": "r-user", "displayName": "User", "value": None, "isEnabled": True, "allowedMemberTypes": ["User"]},
    {"id": "r-admin", "displayName": "Admin", "value": "adm", "isEnabled": True, "allowedMemberTypes": ["User"]},
]


class Application:
    """An application whose assignments can be seen only after ``lag`` reads."""

    def __init__(self, *assigned: Record, roles: t.Sequence[Record] = tuple(ROLES)) -> None:
        self.assigned = list(assigned)
        self.shown = list(assigned)
        self.lag = 0
        self.post: t.Callable[[], t.Any] | None = None
        self.routes: dict[tuple[str, str], t.Any] = {
            ("GET", PATH): {"id": SP.id, "appRoles": list(roles)},
            ("GET", "/users/ada@x"): {"id": "ada", "userPrincipalName": "ada@x"},
            ("GET", "/users/bob@x"): {"id": "bob", "displayName": "Bob"},
            ("GET", "/groups"): {"value": [{"id": "sales"}]},
            ("GET", ASSIGNED): self.read,
            ("POST", ASSIGNED): self.assign,
            ("DELETE", f"{ASSIGNED}/bob-r-user"): self.unassign,
            ("POST", "/$batch"): answer(400),
        }
        self.http = ScriptedHttp(routes=self.routes)

    def read(self, _request: Request) -> t.Any:
        """List who is assigned."""
        if self.lag:
            self.lag -= 1
        else:
            self.shown = list(self.assigned)
        return {"value": self.shown}

    def assign(self, request: Request) -> t.Any:
        """Assign somebody."""
        body = request.body
        made = {**body, "id": f"{body['principalId']}-{body['appRoleId']}", "principalType": "User"}
        self.assigned.append(made)
        return self.post() if self.post else answer(201, made)

    def unassign(self, request: Request) -> t.Any:
        """Remove an assignment."""
        self.assigned = [one for one in self.assigned if one["id"] != request.path.rsplit("/", 1)[1]]
        return answer(204)

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Record:
        """Run the module app_role_assignment; ``http.sent`` are its requests."""
        self.http.sent.clear()
        made = task(
            app_role_assignment.ARGUMENTS, self.http, check_mode=check_mode, service_principal_id=SP.id, **params
        )
        return made.perform(app_role_assignment.run)


def _has(member: str, kind: str | None = "User") -> Record:
    return {
        "id": f"{member}-r-user",
        "principalId": member,
        "principalType": kind,
        "principalDisplayName": member.title(),
        "appRoleId": "r-user",
    }


def test_members_change_and_are_read_back() -> None:
    application = Application(_has("bob"))
    application.lag = 3
    result = application.run(users=["ada@x"], groups=["Sales"], state="exact")
    assert result["changes"] == [
        "assign the user ada@x",
        "assign the group Sales",
        "remove the assignment of the user Bob",
    ]
    assert result["diff"] == {
        "before_header": SP.id,
        "after_header": SP.id,
        "before": "user Bob: assigned\n",
        "after": "user ada@x: assigned\ngroup Sales: assigned\n",
    }
    assert [one["id"] for one in result["assignments"]] == ["ada-r-user", "sales-r-user"]
    posted = [one.body for one in application.http.sent if one.path == ASSIGNED and one.method == "POST"]
    assert posted == [
        {"principalId": "ada", "resourceId": SP.id, "appRoleId": "r-user"},
        {"principalId": "sales", "resourceId": SP.id, "appRoleId": "r-user"},
    ]
    assert application.lag == 0
    assert application.run(users=["ada@x"], groups=["Sales"], state="exact")["changed"] is False


def test_what_is_as_wanted_is_returned() -> None:
    application = Application(_has("ada"))
    result = application.run(users=["ada@x"])
    assert (result["changed"], result["assignments"]) == (False, [_has("ada")])
    assert application.http.verbs() == ["GET", "GET"]
    assert application.http.sent[0].path == "/users/ada@x?$select=id,displayName,userPrincipalName"


def test_check_mode_changes_nothing() -> None:
    application = Application(_has("bob", None))
    result = application.run(check_mode=True, users=["bob@x"], state="absent")
    assert (result["changed"], result["changes"]) == (True, ["remove the assignment of the principal Bob"])
    assert application.http.verbs() == ["GET", "GET"]


def test_what_is_never_seen_is_told() -> None:
    application = Application(_has("bob"))
    application.lag = 10_000
    result = application.run(users=["ada@x"])
    assert "while waiting until the changed assignments can be read back. " in result["msg"]
    assert result["msg"].endswith("Seen last: still to assign the user ada@x.")
    assert ("changes_made" in result["error"], result["changed"]) == (False, True)


def test_an_assignment_whose_answer_got_lost_is_looked_for() -> None:
    application = Application(_has("bob"))
    application.post = lambda: answer(504)
    result = application.run(users=["ada@x"])
    assert (result["changed"], [one["id"] for one in result["assignments"]]) == (True, ["bob-r-user", "ada-r-user"])
    assert application.http.verbs().count("POST") == 1


def test_one_with_another_role_is_not_the_lost_one() -> None:
    application = Application({**_has("ada"), "appRoleId": "r-user"})
    application.routes["POST", ASSIGNED] = answer(504)
    assert application.run(users=["ada@x"], role="adm")["failed"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (
            {},
            "Nobody is named in users or groups. To remove everybody, use state absent and name them; an exact "
            "assignment of nobody would disable all accounts in the target.",
        ),
        ({"users": ["ada@x", " "]}, "A name in users or groups is empty."),
        (
            {"users": ["eve@x", "ada@x"], "groups": ["22222222-2222-2222-2222-222222222222"]},
            "Nothing was changed: there is no user 'eve@x'; there is no group "
            "'22222222-2222-2222-2222-222222222222'. Name users by their user principal name or id, groups by their "
            "exact display name or id.",
        ),
        (
            {"users": ["ada@x"], "role": "boss"},
            f"The application {SP.id} has no app role 'boss' for users and groups; it has: User, adm. Name one of "
            "them in the option role.",
        ),
    ],
)
def test_refusals(params: Record, words: str) -> None:
    application = Application()
    result = application.run(**params)
    assert result["msg"] == words
    assert not [one for one in application.http.sent if one.path == ASSIGNED and one.method == "POST"]


def test_several_roles_to_choose_from_are_named() -> None:
    roles = [{**one, "displayName": one["displayName"] + "s"} for one in ROLES]
    result = Application(roles=roles).run(users=["ada@x"])
    assert result["msg"] == (
        f"The application {SP.id} has several app roles for users and groups; it has: Users, adm. Name one of them in "
        "the option role."
    )
    assert result["error"]["roles"] == ["r-user", "r-admin"]
