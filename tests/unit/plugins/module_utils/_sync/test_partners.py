# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The partner configuration of another tenant: only what is asked for, whoever else is at it."""

from __future__ import annotations

import typing as t

import pytest
import requests
from ansible_collections.entra.provisioning.plugins.modules import cross_tenant_access
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

TENANT = "22222222-3333-4444-5555-66666666AAAA"
PARTNERS = "/policies/crossTenantAccessPolicy/partners"
PARTNER = f"{PARTNERS}/{TENANT.lower()}"
SYNC = f"{PARTNER}/identitySynchronization"
CONFLICT = {"error": {"code": "Request_MultipleObjectsWithSameKeyValue", "message": "It exists already."}}
TRUST = {"inboundTrust": {"isMfaAccepted": True}}


class Service:
    """The cross-tenant access of one partner.

    :arg lag: how many reads after a write show the state before it.
    :arg meanwhile: what somebody else makes right before the first write to a path.
    :arg breaks: the connection breaks after these writes (verb and path) were carried out.
    """

    def __init__(
        self,
        partner: dict[str, t.Any] | None = None,
        sync: dict[str, t.Any] | None = None,
        *,
        lag: int = 0,
        meanwhile: dict[str, dict[str, t.Any]] | None = None,
        breaks: t.Collection[tuple[str, str]] = (),
    ) -> None:
        self.found: dict[str, dict[str, t.Any]] = {}
        if partner is not None:
            self.found[PARTNER] = {"tenantId": TENANT.lower(), **partner}
        if sync is not None:
            self.found[SYNC] = {"tenantId": TENANT.lower(), **sync}
        self.lag, self.meanwhile, self.breaks = lag, dict(meanwhile or {}), set(breaks)
        self.old: list[dict[str, dict[str, t.Any]]] = []
        routes: dict[tuple[str, str], t.Any] = {("POST", PARTNERS): self.write}
        for path in (PARTNER, SYNC):
            routes.update({("GET", path): self.read, ("PATCH", path): self.write, ("PUT", path): self.write})
        self.http = ScriptedHttp(routes=routes)

    def read(self, request: Request) -> t.Any:
        seen = self.old.pop() if self.old else self.found
        return seen.get(request.path) or answer(404, {"error": {"code": "Request_ResourceNotFound"}})

    def write(self, request: Request) -> t.Any:
        path = PARTNER if request.method == "POST" else request.path
        if path in self.meanwhile:
            self.found[path] = {"tenantId": TENANT.lower(), **self.meanwhile.pop(path)}
        before = {name: dict(value) for name, value in self.found.items()}
        if request.method in ("POST", "PUT") and path in self.found:
            return answer(409, CONFLICT)
        if request.method == "PATCH" and path not in self.found:
            return answer(404, {"error": {"code": "Directory_ObjectNotFound"}})
        self.found[path] = {"tenantId": TENANT.lower(), **self.found.get(path, {}), **request.body}
        self.old = [before] * self.lag
        if (request.method, path) in self.breaks:
            raise requests.ConnectionError("reset by peer")
        return answer(204 if request.method != "POST" else 201, None if request.method != "POST" else self.found[path])

    def run(self, *, check_mode: bool = False, **params: t.Any) -> dict[str, t.Any]:
        """Run the module and return its result."""
        self.http.sent.clear()
        options = {"partner_tenant_id": TENANT, **params}
        done = task(cross_tenant_access.ARGUMENTS, self.http, check_mode=check_mode, **options)
        return done.perform(cross_tenant_access.run)

    def written(self) -> list[tuple[str, t.Any]]:
        """The verbs and bodies of the writes of the last run."""
        return [(one.method, one.body) for one in self.http.sent if one.method != "GET"]


TARGET = {"user_sync_inbound": True, "display_name": "Fabrikam", "inbound_consent": True}
ADDED = f"add a partner configuration for the tenant {TENANT.lower()}"


@pytest.mark.parametrize("lag", [0, 2])
def test_the_side_of_the_target_from_nothing(lag: int) -> None:
    service = Service(lag=lag)
    planned = service.run(check_mode=True, **TARGET)
    assert service.written() == []
    done = service.run(**TARGET)
    assert done["changes"] == [
        ADDED,
        "user_sync_inbound: false → true",
        "display_name: Fabrikam (new)",
        "inbound_consent: false → true",
    ]
    assert service.written() == [
        ("POST", {"tenantId": TENANT.lower()}),
        ("PUT", {"displayName": "Fabrikam", "userSyncInbound": {"isSyncAllowed": True}}),
        ("PATCH", {"automaticUserConsentSettings": {"inboundAllowed": True}}),
    ]
    assert {key: planned[key] for key in ("changed", "changes", "diff")} == {
        key: done[key] for key in ("changed", "changes", "diff")
    }
    assert (planned["partner"], planned["identity_synchronization"]) == (None, None)
    assert done["partner"]["automaticUserConsentSettings"] == {"inboundAllowed": True}
    assert done["identity_synchronization"]["displayName"] == "Fabrikam"
    again = service.run(**TARGET)
    assert (again["changed"], again["partner"]) == (False, done["partner"])
    assert service.http.verbs() == ["GET", "GET"]


def test_only_what_differs_is_sent() -> None:
    """The other half of the consents goes along, since nobody documents that it would stay."""
    consents = {"inboundAllowed": True, "outboundAllowed": None}
    service = Service(
        {"automaticUserConsentSettings": consents, **TRUST}, {"displayName": "F", "userSyncInbound": None}
    )
    done = service.run(outbound_consent=True)
    assert done["changes"] == ["outbound_consent: false → true"]
    assert done["identity_synchronization"] is None
    assert service.written() == [
        ("PATCH", {"automaticUserConsentSettings": {"inboundAllowed": True, "outboundAllowed": True}})
    ]
    assert service.http.verbs() == ["GET", "PATCH", "GET"]
    service.run(user_sync_inbound=True, display_name="F")
    assert service.written() == [("PATCH", {"userSyncInbound": {"isSyncAllowed": True}})]
    off = service.run(user_sync_inbound=False, inbound_consent=True)
    assert off["changes"] == ["user_sync_inbound: true → false"]
    assert service.found[PARTNER]["inboundTrust"] == TRUST["inboundTrust"]


def test_what_is_not_allowed_need_not_be_forbidden() -> None:
    service = Service()
    done = service.run(user_sync_inbound=False, inbound_consent=False, outbound_consent=False)
    assert (done["changed"], done["partner"]) == (False, None)
    assert service.http.verbs() == ["GET"]


@pytest.mark.parametrize(
    ("there", "meanwhile", "changes", "verbs"),
    [
        (False, {PARTNER: TRUST}, ["user_sync_inbound: false → true"], ["POST", "PUT"]),
        (True, {SYNC: {"displayName": "x"}}, ["user_sync_inbound: false → true"], ["PUT", "PATCH"]),
        (True, {SYNC: {"userSyncInbound": {"isSyncAllowed": True}}}, [], ["PUT"]),
        (False, {SYNC: {"displayName": "x"}}, [ADDED, "user_sync_inbound: false → true"], ["POST", "PUT", "PATCH"]),
    ],
)
def test_what_somebody_else_makes_meanwhile_is_taken(
    there: bool, meanwhile: dict[str, dict[str, t.Any]], changes: list[str], verbs: list[str]
) -> None:
    service = Service(TRUST if there else None, meanwhile=meanwhile)
    done = service.run(user_sync_inbound=True)
    assert (done["changed"], done["changes"]) == (bool(changes), changes)
    assert [verb for verb, _body in service.written()] == verbs
    assert service.found[SYNC]["userSyncInbound"] == {"isSyncAllowed": True}


def test_another_refusal_is_told() -> None:
    service = Service()
    service.http.routes = {("POST", PARTNERS): answer(403, {"error": {"code": "Authorization_RequestDenied"}})}
    failed = service.run(outbound_consent=True)
    assert "application permission Policy.ReadWrite.CrossTenantAccess" in failed["msg"]
    assert "role Security Administrator" in failed["msg"]


@pytest.mark.parametrize("broken", [("POST", PARTNER), ("PUT", SYNC)])
def test_a_lost_answer_is_looked_for(broken: tuple[str, str]) -> None:
    service = Service(breaks=[broken])
    done = service.run(**TARGET)
    assert done["changed"], done
    assert [verb for verb, _body in service.written()] == ["POST", "PUT", "PATCH"]


@pytest.mark.parametrize("given", ["fabrikam.com", "", "22222222-3333-4444-5555-66666666AAA"])
def test_what_is_no_tenant_id_is_refused(given: str) -> None:
    service = Service()
    failed = service.run(partner_tenant_id=given, outbound_consent=True)
    assert failed["msg"] == (
        "The option partner_tenant_id takes the tenant id of the partner, such as "
        f"11111111-2222-3333-4444-555555555555, not {given!r}. The admin of that tenant finds it on the overview page "
        "of Microsoft Entra ID."
    )
    assert failed["error"]["option"] == "partner_tenant_id"
    assert service.http.sent == []
