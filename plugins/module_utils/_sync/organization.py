# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The tenant's switch for synchronization with Active Directory.

Facts: the page "Configure cloud sync using Microsoft Graph", section "Enable tenant flags".
"""

from __future__ import annotations

import typing as t

from .._graph.errors import ProvisioningError
from .._task import Change
from . import endpoints

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph
    from .._task import Task

_FIELDS = "id,displayName,onPremisesSyncEnabled"


def read(graph: Graph) -> dict[str, t.Any]:
    """Return the organization that the identity has signed in to; the list has this one only.

    :raises ProvisioningError: where it is empty.
    """
    found = list(graph.pages(endpoints.ORGANIZATION_LIST.call(query={"$select": _FIELDS})))
    if not found:
        raise ProvisioningError(
            "The service names no organization for this identity. Sign in to the tenant that is to be synchronized."
        )
    return found[0]


def is_on(organization: t.Mapping[str, t.Any]) -> bool:
    """Tell whether directory synchronization is on; it is null where it never was."""
    return organization.get("onPremisesSyncEnabled") is True


def plan(task: Task, organization: t.Mapping[str, t.Any]) -> list[Change]:
    """Return what switches it on."""
    if is_on(organization):
        return []
    tenant = str(organization["id"])

    def seen_on(_call: Call) -> bool:
        return is_on(read(task.graph))

    call = endpoints.ORGANIZATION_PATCH.call(organization=tenant, body={"onPremisesSyncEnabled": True})
    return [
        Change(
            path="directory synchronization",
            before="off",
            after="on",
            says=f"switch on directory synchronization for the tenant {tenant}",
            call=call,
            confirm=seen_on,
        )
    ]
