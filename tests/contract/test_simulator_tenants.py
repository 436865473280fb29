# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organization, partner configurations, and what two tenants do with each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph, inner
from tests.harness.simulator import Simulator

CROSS_TENANT = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"
TARGET = "e0000000-0000-4000-8000-000000000002"
PARTNERS = "/policies/crossTenantAccessPolicy/partners"
PARTNER = f"{PARTNERS}/{TARGET}"
SYNC = f"{PARTNER}/identitySynchronization"
CONFLICT = (409, "Request_MultipleObjectsWithSameKeyValue")
ADELE = "adele.vance@contoso.example"


@pytest.fixture(scope="module")
def running_target() -> Iterator[Simulator]:
    """The simulator that is the target tenant."""
    with Simulator("--tenant-id", TARGET.upper(), scim=False) as simulator:
        yield simulator


def _told(graph: Graph, *call: Any) -> tuple[int, str]:
    reply = graph.call(*call)
    return reply.status_code, reply.json()["error"]["code"]


def test_a_partner_configuration_lives(graph: Graph) -> None:
    """The steps of the page, and the refusals that it shows."""
    assert _told(graph, "GET", PARTNER)[0] == _told(graph, "PATCH", PARTNER, {})[0] == 404
    created = graph.ok("POST", PARTNERS, {"tenantId": TARGET.upper()})
    assert created.pop("@odata.context").endswith("#policies/crossTenantAccessPolicy/partners/$entity")
    assert created["automaticUserConsentSettings"] == {"inboundAllowed": None, "outboundAllowed": None}
    assert (created["tenantId"], created["inboundTrust"]) == (TARGET, None)
    assert _told(graph, "POST", PARTNERS, {"tenantId": TARGET}) == CONFLICT
    assert _told(graph, "PATCH", SYNC, {"displayName": "F"}) == (404, "Directory_ObjectNotFound")
    assert _told(graph, "GET", SYNC)[0] == 404
    allowed = {"userSyncInbound": {"isSyncAllowed": True}}
    assert graph.call("PUT", SYNC, {"displayName": "F", **allowed}).status_code == 204
    assert _told(graph, "PUT", SYNC, allowed) == CONFLICT
    graph.ok("PATCH", SYNC, {"displayName": "Fabrikam"})
    for settings in ({"inboundAllowed": True}, {"outboundAllowed": False}):
        assert graph.call("PATCH", PARTNER, {"automaticUserConsentSettings": settings}).status_code == 204
    synchronization = {name: value for name, value in graph.ok("GET", SYNC).items() if name != "@odata.context"}
    assert synchronization == {"tenantId": TARGET, "displayName": "Fabrikam", **allowed}
    (listed,) = graph.ok("GET", PARTNERS)["value"]
    assert listed["automaticUserConsentSettings"] == {"inboundAllowed": True, "outboundAllowed": False}
    assert graph.simulator.state()["crossTenantAccessPolicy"] == {
        "partners": [{**listed, "identitySynchronization": synchronization}]
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", PARTNERS, {}),
        ("POST", PARTNERS, {"tenantId": "fabrikam.com"}),
        ("POST", PARTNERS, {"tenantId": "3d0f5dec-5d3d-455c-8016-e2af1ae4d31a", "trust": True}),
        ("PATCH", PARTNER, {"automaticUserConsentSettings": {"inboundAllowed": "yes"}}),
        ("PATCH", PARTNER, {"automaticUserConsentSettings": {"allowed": True}}),
        ("PUT", SYNC, {"userSyncInbound": {"isSyncAllowed": 1}}),
    ],
)
def test_odd_partners(graph: Graph, method: str, path: str, body: dict[str, Any]) -> None:
    graph.simulator.reset({"partners": [{"tenantId": TARGET}]})
    assert _told(graph, method, path, body) == (400, "Request_BadRequest")


def test_the_organization_is_one(graph: Graph) -> None:
    """And its switch is known to beta only."""
    (found,) = graph.ok("GET", "/organization")["value"]
    assert (found["id"], found["onPremisesSyncEnabled"]) == (graph.ready["tenant_id"], None)
    path, switch = f"/organization/{found['id']}", {"onPremisesSyncEnabled": True}
    assert _told(graph, "PATCH", path, switch)[0] == 400
    assert graph.call("PATCH", path, {"onPremisesSyncEnabled": "on"}, version="beta").status_code == 400
    assert graph.call("PATCH", f"/organization/{TARGET}", switch, version="beta").status_code == 404
    assert graph.call("PATCH", path, switch, version="beta").status_code == 204
    assert graph.ok("GET", path)["onPremisesSyncEnabled"] is True
    assert graph.simulator.state()["organization"]["onPremisesSyncEnabled"] is True
    graph.simulator.reset({"organization": {"displayName": "Contoso", "onPremisesSyncEnabled": True}})
    assert graph.ok("GET", path)["displayName"] == "Contoso"


def test_who_may_do_it(graph: Graph) -> None:
    graph.simulator.reset({"partners": [{"tenantId": TARGET, "identitySynchronization": {"displayName": "F"}}]})
    reads = [PARTNERS, PARTNER, SYNC, "/organization", f"/organization/{graph.ready['tenant_id']}"]
    writes = [("POST", PARTNERS), ("PATCH", PARTNER), ("PUT", SYNC), ("PATCH", SYNC), ("PATCH", reads[-1])]
    graph.sign_in(1)
    assert {graph.call("GET", path).status_code for path in reads} == {200}
    assert {graph.call(method, path, {}).status_code for method, path in writes} == {403}
    graph.sign_in(2)
    assert {graph.call("GET", path).status_code for path in reads} == {403}


class Pair:
    """A source tenant with a job into a target tenant."""

    def __init__(self, graph: Graph, target: Simulator) -> None:
        self.graph, self.target = graph, target
        self.source_id, self.target_id = graph.ready["tenant_id"], target.ready["tenant_id"]
        self.allow()
        self.application: Application = graph.instantiate(CROSS_TENANT, "Fabrikam")
        self.job = graph.job(self.application, "Azure2Azure")

    def allow(self, *, outbound: bool = True, inbound: bool = True, synchronize: bool = True) -> None:
        """Both tenants as new, with these settings for each other."""
        consents = {"automaticUserConsentSettings": {"outboundAllowed": outbound}}
        self.graph.simulator.reset(
            {"tenants": self.target.neighbour(), "partners": [{"tenantId": self.target_id, **consents}]}
        )
        partner = {
            "tenantId": self.source_id,
            "automaticUserConsentSettings": {"inboundAllowed": inbound},
            "identitySynchronization": {"userSyncInbound": {"isSyncAllowed": synchronize}},
        }
        self.target.reset({"partners": [partner]})

    def settings(self, company: str | None = None) -> list[dict[str, str]]:
        """The settings of the job's application."""
        pairs = {"AuthenticationType": "SyncPolicy", "CompanyId": company or self.target_id, "SyncAll": "true"}
        return [{"key": key, "value": value} for key, value in pairs.items()]

    def validate(self, path: str, company: str | None = None) -> tuple[int, str]:
        """The status and the inner code of a validation."""
        body = {"credentials": self.settings(company), "useSavedCredentials": False, "templateId": "Azure2Azure"}
        reply = self.graph.call("POST", f"{path}/validateCredentials", body)
        return reply.status_code, inner(reply)["code"] if reply.content else ""

    def guests(self) -> dict[str, dict[str, Any]]:
        """The external users of the target, by name."""
        return {one["displayName"]: one for one in self.target.state()["users"] if "#EXT#" in one["userPrincipalName"]}


@pytest.fixture
def pair(graph: Graph, running_target: Simulator) -> Pair:
    """Both tenants, which allow each other everything."""
    return Pair(graph, running_target)


POLICY = "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure"


@pytest.mark.parametrize(
    ("allowed", "code"),
    [
        ({}, ""),
        ({"outbound": False}, POLICY),
        ({"synchronize": False}, POLICY),
        ({"inbound": False}, "AzureDirectoryB2BManagementPolicyCheckFailure"),
    ],
)
def test_both_tenants_must_allow_it(pair: Pair, allowed: dict[str, bool], code: str) -> None:
    """Before there is a job; and an unknown tenant is told."""
    pair.allow(**allowed)
    jobs = f"{pair.graph.instantiate(CROSS_TENANT).sync}/jobs"
    assert pair.validate(jobs) == (400 if code else 204, code)
    assert pair.validate(jobs, "e0000000-0000-4000-8000-000000000003") == (400, "ExternalTenantNotFound")


def test_users_go_into_the_other_tenant(pair: Pair) -> None:
    """Created on demand and by cycles; a blocked one is blocked there, and what ends redemption ends the cycles."""
    graph, state = pair.graph, pair.graph.simulator.state
    assert pair.validate(pair.job) == (204, "")
    graph.ok("PUT", f"{pair.application.sync}/secrets", {"value": pair.settings()})
    adele = next(one for one in state()["users"] if one["userPrincipalName"] == ADELE)
    rule = graph.ok("GET", f"{pair.job}/schema")["synchronizationRules"][0]["id"]
    subject = {"objectId": adele["id"], "objectTypeName": "User"}
    order = {"parameters": [{"ruleId": rule, "subjects": [subject]}]}
    graph.ok("POST", f"{pair.job}/provisionOnDemand", order)
    (guest,) = pair.guests().values()
    assert guest["userPrincipalName"] == "adele.vance_contoso.example#EXT#@tenant0002.example"
    assert (guest["userType"], guest["jobTitle"]) == ("Member", "Head of Sales")
    graph.ok("POST", f"{pair.job}/start")
    graph.simulator.clock("PT1M")
    assert len(pair.guests()) == 7
    assert pair.guests()["Adele Vance"]["id"] == guest["id"]
    graph.ok("PATCH", f"/users/{adele['id']}", {"jobTitle": "Board member", "accountEnabled": False})
    graph.simulator.clock("PT40M")
    changed = pair.guests()["Adele Vance"]
    assert (changed["jobTitle"], changed["accountEnabled"]) == ("Board member", False)
    target = Graph(pair.target)
    stop = {"automaticUserConsentSettings": {"inboundAllowed": False}}
    target.ok("PATCH", f"{PARTNERS}/{pair.source_id}", stop)
    graph.simulator.clock("PT40M")
    status = graph.ok("GET", pair.job)["status"]
    assert status["code"] == "Quarantine"
    assert status["quarantine"]["error"]["code"] == "AzureDirectoryB2BManagementPolicyCheckFailure"


def test_a_tenant_that_nobody_runs_allows_everything(pair: Pair) -> None:
    partner = {"tenantId": TARGET, "automaticUserConsentSettings": {"outboundAllowed": True}}
    pair.graph.simulator.reset({"tenants": {TARGET: {}}, "partners": [partner]})
    assert pair.validate(f"{pair.graph.instantiate(CROSS_TENANT).sync}/jobs") == (204, "")
