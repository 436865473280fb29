# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge before the SCIM target lets SCIM pass, and nothing else."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import requests

from tests.harness.simulator import Simulator

if sys.version_info < (3, 11):
    pytest.skip("the judge speaks with a scim2-models that Python 3.10 does not have", allow_module_level=True)

from tests.graphsim.engine.target_judge import Violation, check

USER, GROUP = (f"urn:ietf:params:scim:schemas:core:2.0:{name}" for name in ("User", "Group"))
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ACME = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ONE = "/v2/Users/1"


def ann(*extensions: str, **more: Any) -> dict[str, Any]:
    return {"schemas": [USER, *extensions], "userName": "ann", **more}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def replace(path: str, value: Any) -> dict[str, Any]:
    return patch({"op": "replace", "path": path, "value": value})


def say(method: str, path: str, body: Any = None, query: str = "", content_type: str = "application/scim+json") -> None:
    said = b"" if body is None else json.dumps(body).encode()
    check(method, path, query, content_type, said)


# The requests of the Entra pages "Develop and plan provisioning for a SCIM endpoint" and "SCIM compatibility issues" in
# the form of the feature flag, and what administrators map besides.
RIGHT: dict[str, tuple[Any, ...]] = {
    "a user": ("POST", "/v2/Users", ann(active=True, emails=[{"type": "work", "value": "ann@contoso.com"}])),
    "an extension": ("POST", "/v2/Users", ann(ENTERPRISE, **{ENTERPRISE: {"manager": {"value": "2"}}})),
    "two extensions": (
        "POST",
        "/v2/Users",
        ann(ENTERPRISE, ACME, **{ENTERPRISE: {"department": "x"}, ACME: {"badgeId": "x"}}),
    ),
    "a group": ("POST", "/v2/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{"value": "1"}]}),
    "a replacement": ("PUT", ONE, ann(title="x")),
    "disabling": ("PATCH", ONE, replace("active", False)),
    "a text": ("PATCH", ONE, replace("name.givenName", "Ann")),
    "a place": ("PATCH", ONE, replace('emails[type eq "work"].value', "ann@contoso.com")),
    "a new element": (
        "PATCH",
        ONE,
        patch({"op": "add", "path": "emails", "value": [{"type": "work", "value": "ann@contoso.com"}]}),
    ),
    "a manager": ("PATCH", ONE, replace(f"{ENTERPRISE}:manager", {"value": "2"})),
    "an extension's attribute": ("PATCH", ONE, replace(f"{ACME}:badgeId", "7")),
    "a whole extension": ("PATCH", ONE, replace(ACME, {"badgeId": "7"})),
    "a certificate": ("PATCH", ONE, replace("x509Certificates", [{"value": "eHg="}])),
    "a member": ("PATCH", "/v2/Groups/1", patch({"op": "add", "path": "members", "value": [{"value": "1"}]})),
    "no member": ("PATCH", "/v2/Groups/1", patch({"op": "remove", "path": 'members[value eq "1"]'})),
    "a removal": ("DELETE", ONE),
    "a look": ("GET", ONE),
    "a look without members": ("GET", "/v2/Groups/1", None, "excludedAttributes=members"),
    "a search": ("GET", "/v2/Users", None, "filter=userName%20eq%20%22ann%22"),
    "a search in a place": (
        "GET",
        "/v2/Users",
        None,
        "filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22a%40b.example%22",
    ),
    "a page": ("GET", "/v2/Groups", None, "count=500"),
    "discovery": ("GET", "/v2/Schemas"),
}

# The first four are what Entra does without the feature flag, each with the name of its section of that page.
WRONG: dict[str, tuple[str, tuple[Any, ...]]] = {
    "Requests made to disable users": ("active", ("PATCH", ONE, replace("active", "False"))),
    "Requests to add a single-value string attribute": (
        "should be",
        ("PATCH", ONE, patch({"op": "Add", "path": "nickName", "value": "Babs"})),
    ),
    "Requests to replace multiple attributes": (
        "without a path",
        ("PATCH", ONE, patch({"op": "replace", "value": {"displayName": "Bjfe", "name.givenName": "Kkom"}})),
    ),
    "Requests made to remove a group member": (
        "no value",
        ("PATCH", "/v2/Groups/1", patch({"op": "remove", "path": "members", "value": [{"value": "1"}]})),
    ),
    "a manager as a text": ("manager", ("PATCH", ONE, replace(f"{ENTERPRISE}:manager", "2"))),
    "a user without a name": ("userName", ("POST", "/v2/Users", {"schemas": [USER]})),
    "an unknown attribute": ("Extra inputs", ("POST", "/v2/Users", ann(badge="7"))),
    "another case": ("should be", ("POST", "/v2/Users", {"schemas": [USER], "username": "ann"})),
    "no schemas": ("should be", ("POST", "/v2/Users", {"userName": "ann"})),
    "an extension that is not named": ("should be", ("POST", "/v2/Users", ann(**{ENTERPRISE: {"division": "x"}}))),
    "an extension that is not there": ("should be", ("POST", "/v2/Users", ann(ENTERPRISE))),
    "a truth as a text": ("should be", ("POST", "/v2/Users", ann(active="True"))),
    "a read-only attribute": ("should be", ("POST", "/v2/Users", ann(id="1"))),
    "no e-mail address": ("e-mail|email", ("POST", "/v2/Users", ann(emails=[{"value": "ann"}]))),
    "two that are primary": (
        "primary",
        ("POST", "/v2/Users", ann(emails=[{"value": f"{one}@contoso.com", "primary": True} for one in "ab"])),
    ),
    "a null": ("should be", ("POST", "/v2/Users", ann(title=None))),
    "a user among the groups": ("Extra inputs|displayName", ("POST", "/v2/Groups", ann())),
    "an unknown path": ("not an attribute", ("PATCH", ONE, replace("badge", "7"))),
    "a read-only path": ("read-only", ("PATCH", ONE, replace("id", "7"))),
    "a path that is none": ("path", ("PATCH", ONE, replace("emails[type eq work].value", "x"))),
    "a number for a text": ("string", ("PATCH", ONE, replace("title", 7))),
    "one for several": ("several", ("PATCH", ONE, replace("emails", {"value": "ann@contoso.com"}))),
    "an unknown part": ("Extra inputs", ("PATCH", ONE, replace("emails", [{"kind": "work"}]))),
    "a part with another type": ("should be", ("PATCH", ONE, replace("roles", [{"value": "x", "primary": "true"}]))),
    "an empty patch": ("one or more", ("PATCH", ONE, patch())),
    "an unknown operation": ("not a PATCH", ("PATCH", ONE, patch({"op": "set", "path": "title", "value": "x"}))),
    "a patch of nothing": ("no operation", ("PATCH", "/v2/Users", replace("title", "x"))),
    "a filter without quotation marks": ("filter", ("GET", "/v2/Users", None, "filter=userName%20eq%20ann")),
    "a filter of an unknown attribute": ("not found", ("GET", "/v2/Users", None, "filter=badge%20eq%20%227%22")),
    "a parameter of OData": ("Extra inputs", ("GET", "/v2/Users", None, "$top=5")),
    "a parameter twice": ("twice", ("GET", "/v2/Users", None, "count=1&count=2")),
    "a removal with a body": ("a body", ("DELETE", ONE, {})),
    "a form": ("content type", ("POST", "/v2/Users", ann(), "", "application/x-www-form-urlencoded")),
    "another endpoint": ("endpoint", ("GET", "/v2/People")),
    "a new schema": ("discovery", ("POST", "/v2/Schemas", {})),
}


@pytest.mark.parametrize("name", RIGHT)
def test_scim_passes(name: str) -> None:
    say(*RIGHT[name])


@pytest.mark.parametrize("name", WRONG)
def test_nothing_else_passes(name: str) -> None:
    reason, request = WRONG[name]
    with pytest.raises(Violation, match=reason):
        say(*request)


def test_no_json() -> None:
    with pytest.raises(Violation, match="no JSON"):
        check("POST", "/v2/Users", "", "application/scim+json", b"{")


def test_the_simulator_tells_once(running_simulator: Simulator) -> None:
    """The server forgives it, so that nobody else would tell."""
    scim = running_simulator.ready["scim"]
    headers = {"Authorization": f"Bearer {scim['token']}", "Content-Type": "application/scim+json"}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{scim['base_address']}/Users", json=ann(active="True"), headers=headers, timeout=10)
        assert answer.status_code == 201
    (found,) = running_simulator.violations()
    assert found.startswith("POST /v2/Users: the body should be {")
    assert running_simulator.violations() == []


def test_the_end_of_a_simulator_tells() -> None:
    with pytest.raises(AssertionError, match="GET /v2/People"), Simulator() as simulator, requests.Session() as session:
        session.trust_env = False
        session.get(f"{simulator.ready['scim']['base_address']}/People", timeout=10)
