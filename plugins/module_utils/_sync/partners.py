# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What a partner tenant may do in this one: the part of cross-tenant access that synchronization needs.

Facts: the page "Configure cross-tenant synchronization using PowerShell or Microsoft Graph API", and the reference
pages of crossTenantAccessPolicyConfigurationPartner and crossTenantIdentitySyncPolicyPartner.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._graph.errors import BadInput, GraphError
from .._task import Change, Outcome
from . import endpoints, waits
from .principals import is_guid

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call, Endpoint
    from .._graph.graph import Graph
    from .._task import Task

Document = dict[str, t.Any]

# What the service answers where somebody made the same thing meanwhile.
CONFLICT = "Request_MultipleObjectsWithSameKeyValue"
_CONSENTS = {"inbound_consent": "inboundAllowed", "outbound_consent": "outboundAllowed"}
_SYNC_OPTIONS = ("user_sync_inbound", "display_name")


@dataclasses.dataclass(frozen=True)
class Seen:
    """What the tenant has for a partner; None for what it does not have, or what no option asked for."""

    partner: Document | None
    synchronization: Document | None

    def value(self, option: str) -> t.Any:
        """Return what an option stands for at present.

        What is not set is not allowed: the default configuration cannot allow it (resource page
        "crossTenantAccessPolicyConfigurationDefault").
        """
        if option in _CONSENTS:
            settings = (self.partner or {}).get("automaticUserConsentSettings") or {}
            return bool(settings.get(_CONSENTS[option]))
        if option == "user_sync_inbound":
            inbound = (self.synchronization or {}).get("userSyncInbound") or {}
            return bool(inbound.get("isSyncAllowed"))
        return (self.synchronization or {}).get("displayName")


def checked_tenant(params: t.Mapping[str, t.Any]) -> str:
    """Return the id of the partner tenant, or refuse what is none.

    :raises BadInput: also for a domain name: the service does not know partners by theirs.
    """
    given = str(params["partner_tenant_id"])
    if not is_guid(given):
        raise BadInput(
            "The option partner_tenant_id takes the tenant id of the partner, such as "
            f"11111111-2222-3333-4444-555555555555, not {given!r}. The admin of that tenant finds it on the overview "
            "page of Microsoft Entra ID.",
            option="partner_tenant_id",
        )
    return given.lower()


def read(graph: Graph, params: t.Mapping[str, t.Any], tenant: str) -> Seen:
    """Read the partner configuration, and its identity synchronization where an option is about that."""
    partner = _found(graph, endpoints.PARTNER_GET, tenant)
    asked = any(params[option] is not None for option in _SYNC_OPTIONS)
    return Seen(partner, _found(graph, endpoints.PARTNER_SYNC_GET, tenant) if partner and asked else None)


def _found(graph: Graph, endpoint: Endpoint, tenant: str) -> Document | None:
    answer = graph.find(endpoint.call(tenant=tenant))
    if not answer:
        return None
    return {name: value for name, value in answer.items() if not name.startswith("@odata.")}


def plan(task: Task, tenant: str, seen: Seen) -> list[Change]:
    """Return the changes that make the given options true; nothing else of the configuration is sent."""
    differing = {name: task.params[name] for name in (*_SYNC_OPTIONS, *_CONSENTS) if _differs(task, seen, name)}
    synchronization = {name: value for name, value in differing.items() if name in _SYNC_OPTIONS}
    consents = {name: value for name, value in differing.items() if name in _CONSENTS}
    changes = [] if seen.partner or not differing else [_create(task, tenant)]
    if synchronization:
        changes += _synchronize(task, tenant, seen, synchronization)
    if consents:
        changes += _consent(tenant, seen, consents)
    return changes


def _differs(task: Task, seen: Seen, option: str) -> bool:
    wanted = task.params[option]
    return wanted is not None and wanted != seen.value(option)


def _create(task: Task, tenant: str) -> Change:
    def look() -> Document | None:
        return _found(task.graph, endpoints.PARTNER_GET, tenant)

    def readable(_answer: t.Any) -> None:
        # What is sent next must not reach a replica that does not know the configuration yet.
        waits.until(task.deadline, f"waiting until the partner tenant {tenant} can be read", look, bool, reads=2)

    return Change(
        path="partner configuration",
        before=None,
        after=tenant,
        says=f"add a partner configuration for the tenant {tenant}",
        call=endpoints.PARTNER_CREATE.call(body={"tenantId": tenant}),
        look=look,
        then=readable,
    )


def _synchronize(task: Task, tenant: str, seen: Seen, wanted: t.Mapping[str, t.Any]) -> list[Change]:
    body: Document = {}
    if "display_name" in wanted:
        body["displayName"] = wanted["display_name"]
    if "user_sync_inbound" in wanted:
        body["userSyncInbound"] = {"isSyncAllowed": wanted["user_sync_inbound"]}

    def look() -> Document | None:
        now = read(task.graph, task.params, tenant)
        return None if any(_differs(task, now, name) for name in wanted) else now.synchronization

    endpoint = endpoints.PARTNER_SYNC_PATCH if seen.synchronization else endpoints.PARTNER_SYNC_PUT
    return _in_one_request(seen, wanted, endpoint.call(tenant=tenant, body=body), look)


def _consent(tenant: str, seen: Seen, wanted: t.Mapping[str, bool]) -> list[Change]:
    # No page says whether the half that is left out of the settings stays, so it is sent as it is.
    present = ((seen.partner or {}).get("automaticUserConsentSettings") or {}).items()
    kept = {name: value for name, value in present if name in _CONSENTS.values() and value is not None}
    settings = {**kept, **{_CONSENTS[name]: value for name, value in wanted.items()}}
    call = endpoints.PARTNER_PATCH.call(tenant=tenant, body={"automaticUserConsentSettings": settings})
    return _in_one_request(seen, wanted, call)


def _in_one_request(
    seen: Seen,
    wanted: t.Mapping[str, t.Any],
    call: Call,
    look: t.Callable[[], Document | None] | None = None,
) -> list[Change]:
    changes = [Change(name, _text(seen.value(name)), _text(value), None) for name, value in wanted.items()]
    return [*changes[:-1], dataclasses.replace(changes[-1], call=call, look=look)]


def _text(value: t.Any) -> str | None:
    return str(value).lower() if isinstance(value, bool) else value


def read_back(task: Task, tenant: str) -> Seen:
    """Return what the tenant has as soon as nothing would be planned again: replicas lag."""
    return waits.until_made(
        task,
        f"waiting until the changed access of the partner tenant {tenant} can be read back",
        lambda: read(task.graph, task.params, tenant),
        lambda seen: plan(task, tenant, seen),
    )


def settle(task: Task, tenant: str) -> Outcome:
    """Change what differs from the options, and return what there is then.

    Where somebody else made the configuration or its policy meanwhile (409), look again and go on from there.
    """
    try:
        return _settled(task, tenant)
    except GraphError as error:
        if error.code != CONFLICT:
            raise
        made = error.facts.get("changes_made", [])
    outcome = _settled(task, tenant)
    outcome.changed = outcome.changed or bool(made)
    outcome.result["changes"] = [*made, *outcome.result["changes"]]
    return outcome


def _settled(task: Task, tenant: str) -> Outcome:
    seen = read(task.graph, task.params, tenant)
    return task.carry_out(
        plan(task, tenant, seen),
        record=lambda _last: _record(read_back(task, tenant)),
        planned=_record(seen),
        subject=f"cross-tenant access of the partner tenant {tenant}",
    )


def _record(seen: Seen) -> dict[str, Document | None]:
    return {"partner": seen.partner, "identity_synchronization": seen.synchronization}
