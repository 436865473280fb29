# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.contract.graph_client import NON_GALLERY, Graph

SEED: dict[str, Any] = {
    "users": [
        {"userPrincipalName": "person{n}@contoso.example", "displayName": "Person {n}", "count": 5},
        {"userPrincipalName": "adele.vance@contoso.example", "jobTitle": "Board member"},
    ],
    "groups": [
        {"displayName": "Large", "member_count": 23},
        {"displayName": "Sales team", "members": ["person1@contoso.example"]},
    ],
    "applications": [
        {
            "display_name": "App {n}",
            "application_template_id": NON_GALLERY,
            "count": 3,
            "jobs": [
                {"template_id": "scim", "state": "active"},
                {"template_id": "customappsso", "state": "quarantine"},
            ],
            "secrets": {"BaseAddress": "https://scim{n}.example"},
            "assigned": ["Sales team", "person1@contoso.example"],
        }
    ],
    "clients": [
        {"client_id": "D0000001-0000-4000-8000-00000000abcd", "client_secret": "s", "roles": ["User.Read.All"]}
    ],
}


def test_seed(graph: Graph) -> None:
    """Merged over the default; copies are numbered; jobs in any state, at rest."""
    graph.simulator.reset(SEED)
    assert len(graph.ok("GET", "/users?$top=999")["value"]) == 8 + 5 + 23
    assert graph.ok("GET", "/users/adele.vance@contoso.example")["jobTitle"] == "Board member"
    (large,) = graph.ok("GET", "/groups?$filter=displayName eq 'Large'")["value"]
    assert len(graph.ok("GET", f"/groups/{large['id']}/members")["value"]) == 23
    (app,) = graph.ok("GET", "/servicePrincipals?$filter=displayName eq 'App 2'")["value"]
    sync = f"/servicePrincipals/{app['id']}/synchronization"
    codes = [(item["schedule"]["state"], item["status"]["code"]) for item in graph.ok("GET", f"{sync}/jobs")["value"]]
    assert codes == [("Active", "Active"), ("Active", "Quarantine")]
    assert graph.ok("GET", f"{sync}/secrets")["value"] == [{"key": "BaseAddress", "value": "https://scim2.example"}]
    assert len(graph.ok("GET", f"/servicePrincipals/{app['id']}/appRoleAssignedTo")["value"]) == 2
    assert graph.token(client_id="d0000001-0000-4000-8000-00000000abcd", client_secret="s").status_code == 200
    first = graph.simulator.state()
    graph.simulator.reset(SEED)
    again = graph.simulator.state()
    for state in (first, again):
        state.pop("now")
    assert [item["id"] for item in first["servicePrincipals"]] == [item["id"] for item in again["servicePrincipals"]]
    assert first["users"] == again["users"]


@pytest.mark.parametrize(
    "seed",
    [
        {"persons": []},
        {"users": [{"displayName": "x"}]},
        {"applications": [{"display_name": "x", "application_template_id": "nothing"}]},
        {
            "applications": [
                {"display_name": "x", "application_template_id": NON_GALLERY, "jobs": [{"template_id": "y"}]}
            ]
        },
        {"groups": [{"displayName": "x", "members": ["nobody"]}]},
        [],
        "x",
    ],
)
def test_bad_seeds(graph: Graph, seed: Any) -> None:
    """400, and the tenant stays as it is."""
    graph.instantiate(name="Still here")
    assert graph.control("POST", "reset", {"seed": seed}).status_code == (200 if seed == [] else 400)
    names = [item["displayName"] for item in graph.ok("GET", "/servicePrincipals")["value"]]
    assert ("Still here" in names) == (seed != [])


def test_an_empty_tenant(graph: Graph) -> None:
    """No people, no applications; the gallery and the clients stay."""
    graph.simulator.reset({"empty": True})
    assert graph.ok("GET", "/users")["value"] == []
    assert graph.ok("GET", "/servicePrincipals")["value"] == []
    assert len(graph.ok("GET", "/applicationTemplates")["value"]) >= 6


def test_a_thousand_applications(graph: Graph) -> None:
    """A large tenant is seeded and listed quickly."""
    seed = {
        "applications": [
            {
                "display_name": "App {n}",
                "application_template_id": NON_GALLERY,
                "count": 1000,
                "jobs": [{"template_id": "scim", "state": "active"}],
            }
        ]
    }
    began = time.monotonic()
    graph.simulator.reset(seed)
    assert len(graph.ok("GET", "/servicePrincipals?$top=999")["value"]) == 999
    assert time.monotonic() - began < 5
