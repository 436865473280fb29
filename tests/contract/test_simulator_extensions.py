# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directory extensions, in the shapes of their reference pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.graph_client import NON_GALLERY, Application, Graph

BADGE = {"name": "badge", "dataType": "String", "targetObjects": ["User"]}


def _path(application: Application) -> str:
    return f"/applications(appId='{application.app_id}')/extensionProperties"


def test_an_extension_lives(graph: Graph, application: Application) -> None:
    """Created with the full name, listed under both keys of the application, deleted."""
    created = graph.ok("POST", _path(application), BADGE)
    context = created.pop("@odata.context")
    assert context.endswith(f"#applications('{application.application_id}')/extensionProperties/$entity")
    assert created == {
        "id": created["id"],
        "deletedDateTime": None,
        "appDisplayName": "Contoso SCIM",
        "dataType": "String",
        "isMultiValued": False,
        "isSyncedFromOnPremises": False,
        "name": f"extension_{application.app_id.replace('-', '')}_badge",
        "targetObjects": ["User"],
    }
    by_id = f"/applications/{application.application_id}/extensionProperties"
    for path in (_path(application), by_id, f"{by_id}?$filter=name eq '{created['name']}'"):
        assert graph.ok("GET", path)["value"] == [created]
    assert graph.ok("GET", f"{by_id}/{created['id']}")["name"] == created["name"]
    graph.ok("DELETE", f"{_path(application)}/{created['id']}")
    assert graph.call("DELETE", f"{_path(application)}/{created['id']}").status_code == 404
    assert graph.ok("GET", by_id)["value"] == []


def test_a_name_is_taken_in_any_case(graph: Graph, application: Application) -> None:
    graph.ok("POST", _path(application), BADGE)
    again = graph.call("POST", _path(application), {**BADGE, "name": "BADGE"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "Request_MultipleObjectsWithSameKeyValue")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a-b"},
        {"name": None},
        {"dataType": "Text"},
        {"targetObjects": []},
        {"targetObjects": ["user"]},
        {"isMultiValued": "yes"},
        {"colour": "red"},
    ],
)
def test_odd_extensions(graph: Graph, application: Application, change: dict[str, Any]) -> None:
    reply = graph.call("POST", _path(application), {**BADGE, **change})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "Request_BadRequest")
    assert graph.ok("GET", _path(application))["value"] == []


def test_who_may_do_it(graph: Graph, application: Application) -> None:
    graph.sign_in(1)
    assert graph.call("GET", _path(application)).status_code == 200
    assert graph.call("POST", _path(application), BADGE).status_code == 403
    graph.sign_in(2)
    assert graph.call("GET", _path(application)).status_code == 403


def test_of_the_seed(graph: Graph) -> None:
    """One that comes from on-premises stays; those of a deleted application go with it."""
    synced = {**BADGE, "isSyncedFromOnPremises": True}
    graph.simulator.reset(
        {"applications": [{"display_name": "A", "application_template_id": NON_GALLERY, "extensions": [synced]}]}
    )
    (owner,) = graph.ok("GET", "/applications?$filter=displayName eq 'A'")["value"]
    path = f"/applications/{owner['id']}"
    (extension,) = graph.ok("GET", f"{path}/extensionProperties")["value"]
    assert graph.call("DELETE", f"{path}/extensionProperties/{extension['id']}").status_code == 400
    assert graph.simulator.state()["extensionProperties"] == [extension]
    graph.ok("DELETE", path)
    assert graph.call("GET", f"{path}/extensionProperties").status_code == 404
    assert graph.simulator.state()["extensionProperties"] == []
