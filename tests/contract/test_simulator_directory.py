# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directory objects: keys, filters, pages, assignments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph


def _names(graph: Graph, path: str, **more: Any) -> list[str]:
    return [item["displayName"] for item in graph.ok("GET", path, **more)["value"]]


def test_the_ways_to_write_a_key(graph: Graph, application: Application) -> None:
    """All lead to the same object; an object id is no appId."""
    paths = [
        f"/servicePrincipals/{application.principal_id}",
        f"/servicePrincipals/{application.principal_id}/",
        f"/servicePrincipals('{application.principal_id}')",
        f"/servicePrincipals(appId='{application.app_id}')",
        f"/servicePrincipals(appId%3D'{application.app_id}')",
    ]
    assert {graph.ok("GET", path)["id"] for path in paths} == {application.principal_id}
    assert graph.ok("GET", f"/applications(appId='{application.app_id}')")["id"] == application.application_id
    assert graph.call("GET", f"/servicePrincipals(appId='{application.principal_id}')").status_code == 404
    for wrong in (application.app_id, application.application_id, "8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "x"):
        reply = graph.call("GET", f"/servicePrincipals/{wrong}")
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/users?$filter=surname eq 'O''Brien'", ["Finn O'Brien"]),
        ("/users?$filter=startswith(displayName,'a')", ["Adele Vance"]),
        ("/users?$filter=department eq 'Sales' and city eq 'Utrecht'", ["Adele Vance", "Ben Okoro"]),
        ("/users?$filter=country eq 'ES' or country eq 'SE'", ["Carla Díaz", "Eva Lind"]),
        ("/users?$filter=accountEnabled eq false", ["Hugo Blom"]),
        ("/users?$filter=displayName in ('Adele Vance','Nobody')", ["Adele Vance"]),
        ("/users?$filter=city eq 'Utrecht'&$orderby=displayName desc&$top=2", ["Hugo Blom", "Deniz Kaya"]),
        ("/groups?$filter=displayName eq 'Sales team'", ["Sales team"]),
        ("/applicationTemplates?$filter=displayName eq 'Custom'", ["Custom"]),
        ("/applicationTemplates?$filter=contains(displayName,'AWS')", ["AWS IAM Identity Center"]),
        (
            "/applicationTemplates?$filter=categories/any(c:c eq 'itInfrastructure')",
            ["Databricks SCIM connector"],
        ),
    ],
)
def test_filters(graph: Graph, path: str, names: list[str]) -> None:
    """The subset that Graph offers on these collections."""
    assert _names(graph, path) == names


def test_filters_of_service_principals(graph: Graph) -> None:
    """By template; `ne` only as an advanced query."""
    for name in ("One", "O'Brien's app"):
        graph.instantiate(name=name)
    aws = "21ed01d2-ec13-4e9e-86c1-cd546719ebc4"
    graph.instantiate(aws, "AWS")
    listing = "/servicePrincipals?$filter="
    assert _names(graph, f"{listing}displayName eq 'O''Brien''s app'") == ["O'Brien's app"]
    assert _names(graph, f"{listing}applicationTemplateId eq '{aws}'") == ["AWS"]
    refused = graph.call("GET", f"{listing}applicationTemplateId ne null")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Request_UnsupportedQuery")
    counted = f"{listing}applicationTemplateId ne null&$count=true"
    assert graph.call("GET", counted).status_code == 400
    advanced = graph.ok("GET", counted, headers={"ConsistencyLevel": "eventual"})
    assert advanced["@odata.count"] == 3
    assert "Plain OIDC app" not in [item["displayName"] for item in advanced["value"]]


@pytest.mark.parametrize(
    "path",
    [
        "/users?$filter=displayName = 'x'",
        "/users?$filter=shoeSize eq '44'",
        "/users?$filter=displayName eq 'x",
        "/users?$filter=(displayName eq 'x'",
        "/users?$top=0",
        "/users?$top=1000",
        "/users?$top=ten",
        "/users?$orderby=displayName sideways",
        "/users?$skiptoken=nonsense",
        "/users('a'",
        "/nowhere",
        "/servicePrincipals(a=b,c=d)",
    ],
)
def test_odd_input_is_a_bad_request(graph: Graph, path: str) -> None:
    """Never a crash."""
    assert graph.call("GET", path).status_code in (400, 404)


def test_pages(graph: Graph) -> None:
    """nextLink is followed to the end; $top is the size of a page, not of the whole."""
    graph.simulator.quirks(page_size=3)
    found: list[str] = []
    url = f"{graph.ready['graph_endpoint']}/v1.0/users?$select=displayName&$filter=userType eq 'Member'&$top=5"
    pages = 0
    while url:
        page = graph.session.get(url).json()
        assert set(page["value"][0]) == {"displayName"}
        found += [item["displayName"] for item in page["value"]]
        url, pages = page.get("@odata.nextLink"), pages + 1
    assert (len(found), len(set(found)), pages) == (8, 8, 3)


def test_users(graph: Graph) -> None:
    """By name or id, with the default properties, managers; and they can be changed."""
    user = graph.ok("GET", "/users/ben.okoro@contoso.example")
    assert "department" not in user
    assert graph.ok("GET", f"/users/{user['id']}?$select=department,employeeId")["department"] == "Sales"
    manager = graph.ok("GET", f"/users/{user['id']}/manager")
    assert (manager["displayName"], manager["@odata.type"]) == ("Adele Vance", "#microsoft.graph.user")
    assert graph.ok("GET", "/users/deniz.kaya@contoso.example/manager")["displayName"] == "Eva Lind"
    graph.ok("PATCH", f"/users/{user['id']}", {"department": "Finance"})
    assert graph.ok("GET", f"/users/{user['id']}?$select=department")["department"] == "Finance"
    assert graph.call("PATCH", f"/users/{user['id']}", {"shoeSize": 44}).status_code == 400
    new = graph.ok("POST", "/users", {"userPrincipalName": "ida@contoso.example", "displayName": "Ida"})
    assert graph.call("POST", "/users", {"userPrincipalName": "ida@contoso.example"}).status_code == 400
    graph.ok("DELETE", f"/users/{new['id']}")
    assert graph.call("GET", f"/users/{new['id']}").status_code == 404


def test_a_body_may_name_its_type(graph: Graph, application: Application) -> None:
    """Microsoft's clients do; it is no property."""
    user = f"/users/{graph.ok('GET', '/users/ben.okoro@contoso.example')['id']}"
    graph.ok("PATCH", user, {"@odata.type": "#microsoft.graph.user", "department": "Finance"})
    extension = {"name": "badge", "dataType": "String", "targetObjects": ["User"]}
    typed = {"@odata.type": "#microsoft.graph.extensionProperty", **extension}
    graph.ok("POST", f"/applications/{application.application_id}/extensionProperties", typed)
    assert "#microsoft.graph" not in str([graph.simulator.state()[kind] for kind in ("users", "extensionProperties")])


def test_groups(graph: Graph) -> None:
    """Members can be read, added and removed."""
    (group,) = graph.ok("GET", "/groups?$filter=displayName eq 'Sales team'")["value"]
    path = f"/groups/{group['id']}/members"
    assert _names(graph, path) == ["Adele Vance", "Ben Okoro", "Carla Díaz"]
    user = graph.ok("GET", "/users/eva.lind@contoso.example")["id"]
    reference = {"@odata.id": f"{graph.ready['graph_endpoint']}/v1.0/directoryObjects/{user}"}
    graph.ok("POST", f"{path}/$ref", reference)
    assert graph.call("POST", f"{path}/$ref", reference).status_code == 400
    assert len(_names(graph, path)) == 4
    graph.ok("DELETE", f"{path}/{user}/$ref")
    assert graph.call("DELETE", f"{path}/{user}/$ref").status_code == 404
    found = graph.ok("POST", "/directoryObjects/getByIds", {"ids": [user, group["id"], "x"]})["value"]
    assert [item["@odata.type"] for item in found] == ["#microsoft.graph.user", "#microsoft.graph.group"]
    ben = graph.ok("GET", "/users/ben.okoro@contoso.example")["id"]
    (whole,) = graph.ok("POST", "/directoryObjects/getByIds", {"ids": [ben]})["value"]
    assert (whole["department"], "manager" in whole) == ("Sales", False)


def _assignment(graph: Graph, application: Application, who: str) -> dict[str, str]:
    role = graph.ok("GET", f"/servicePrincipals/{application.principal_id}")["appRoles"][0]["id"]
    return {"principalId": who, "resourceId": application.principal_id, "appRoleId": role}


def test_assignments(graph: Graph, application: Application) -> None:
    """Created, listed in pages, refused when doubled, removed."""
    path = f"/servicePrincipals/{application.principal_id}/appRoleAssignedTo"
    users = [user["id"] for user in graph.ok("GET", "/users?$top=3")["value"]]
    created = [graph.ok("POST", path, _assignment(graph, application, user)) for user in users]
    assert created[0]["principalType"] == "User"
    again = graph.call("POST", path, _assignment(graph, application, users[0]))
    assert again.status_code == 400
    assert again.json()["error"]["message"] == "Permission being assigned already exists on the object"
    first = graph.ok("GET", f"{path}?$top=2")
    assert len(first["value"]) == 2
    assert len(graph.session.get(first["@odata.nextLink"]).json()["value"]) == 1
    graph.ok("DELETE", f"{path}/{created[0]['id']}")
    assert graph.call("DELETE", f"{path}/{created[0]['id']}").status_code == 404
    assert len(graph.ok("GET", path)["value"]) == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"principalId": "a0000001-0000-4000-8000-00000000ffff"}, 404),
        ({"principalId": "Adele"}, 400),
        ({"principalId": None}, 400),
        ({"resourceId": "b0000002-0000-4000-8000-00000000ffff"}, 400),
        ({"appRoleId": "00000000-0000-0000-0000-000000000000"}, 400),
        ({"appRoleId": 5}, 400),
    ],
)
def test_bad_assignments(graph: Graph, application: Application, change: dict[str, Any], status: int) -> None:
    """Refused as Graph does."""
    user = graph.ok("GET", "/users/eva.lind@contoso.example")["id"]
    body = {**_assignment(graph, application, user), **change}
    path = f"/servicePrincipals/{application.principal_id}/appRoleAssignedTo"
    assert graph.call("POST", path, body).status_code == status


def test_instantiate(graph: Graph) -> None:
    """A pair of objects each time, the name not being unique; the body is checked."""
    first, second = graph.instantiate(name="Same"), graph.instantiate(name="Same")
    assert first.principal_id != second.principal_id
    assert len(_names(graph, "/servicePrincipals?$filter=displayName eq 'Same'")) == 2
    path = "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate"
    assert graph.call("POST", path, {}).status_code == 400
    assert graph.call("POST", path, {"displayName": 5}).status_code == 400
    assert graph.call("POST", "/applicationTemplates/nothing/instantiate", {"displayName": "x"}).status_code == 404
    graph.ok("DELETE", f"/applications/{first.application_id}")
    assert graph.call("GET", f"/servicePrincipals/{first.principal_id}").status_code == 404
    assert graph.call("GET", f"{first.sync}/jobs").status_code == 404
    graph.ok("PATCH", f"/servicePrincipals/{second.principal_id}", {"appRoleAssignmentRequired": False})
    assert graph.call("PATCH", f"/servicePrincipals/{second.principal_id}", {"appId": "x"}).status_code == 400


def test_the_wrong_method(graph: Graph) -> None:
    """405 on a directory path that exists."""
    assert graph.call("PUT", "/users").status_code == 405


def test_permissions_of_directory_calls(graph: Graph) -> None:
    """403 without the role; the gallery is open to every token."""
    graph.sign_in(2)
    for path in ("/users", "/groups", "/servicePrincipals", "/applications", "/auditLogs/provisioning"):
        reply = graph.call("GET", path)
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert graph.call("GET", "/applicationTemplates").status_code == 200
    graph.sign_in(1)
    assert graph.call("GET", "/servicePrincipals").status_code == 200
    path = "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate"
    assert graph.call("POST", path, {"displayName": "x"}).status_code == 403
