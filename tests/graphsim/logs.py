# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisioning logs: ``GET /auditLogs/provisioning``."""

from __future__ import annotations

from .exchange import Call, Reply
from .odata.filters import Fields
from .odata.pages import listing
from .routing import Route

# Property names ignore case here: filters with `jobid` are in use (Entra page on configuring provisioning by API).
_FIELDS = Fields(
    frozenset(
        {
            "activityDateTime",
            "changeId",
            "cycleId",
            "durationInMilliseconds",
            "id",
            "jobId",
            "provisioningAction",
            "provisioningStatusInfo/status",
            "servicePrincipal/displayName",
            "servicePrincipal/id",
            "sourceIdentity/displayName",
            "sourceIdentity/id",
            "sourceIdentity/identityType",
            "targetIdentity/displayName",
            "targetIdentity/id",
            "tenantId",
        }
    ),
    frozenset({"eq", "ge", "gt", "le", "lt", "contains", "startswith"}),
    any_case=True,
)


def _list(call: Call) -> Reply:
    newest_first = reversed(list(call.tenant.logs))
    return listing(call, newest_first, _FIELDS, "auditLogs/provisioning")


ROUTES = [Route("GET", "/auditLogs/provisioning", _list, frozenset({"AuditLog.Read.All", "ProvisioningLog.Read.All"}))]
