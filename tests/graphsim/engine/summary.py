# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""provisioningObjectSummary: the entries of the provisioning log."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.plan import Entry
from tests.graphsim.engine.steps import MOMENT, Outcome, Trace, status_info


def summary(
    context: JobContext,
    entry: Entry,
    trace: Trace,
    outcome: Outcome,
    *,
    cycle_id: str,
    change_id: str | None = None,
    initiated_by: str = "system",
) -> dict[str, Any]:
    """The log entry of one object. `initiated_by` is `system` for a cycle and `user` for an on-demand run."""
    info = status_info(outcome)
    return {
        "id": str(uuid.uuid4()),
        "activityDateTime": trace.now,
        "tenantId": context.tenant_id,
        "jobId": context.job["id"],
        "cycleId": cycle_id,
        "changeId": change_id or str(uuid.uuid4()),
        "provisioningAction": outcome.action[0].lower() + outcome.action[1:],
        "durationInMilliseconds": int(trace.elapsed.total_seconds() * 1000),
        "initiatedBy": _initiator(initiated_by),
        "servicePrincipal": {key: context.service_principal.get(key) for key in ("id", "displayName")},
        "sourceSystem": _system(context, entry.rule["sourceDirectoryName"]),
        "targetSystem": _system(context, entry.rule["targetDirectoryName"]),
        "sourceIdentity": _identity(entry.source_id, entry.name, entry.mapping["sourceObjectName"]),
        "targetIdentity": _identity(outcome.target_id or "", "", entry.mapping["targetObjectName"]),
        "provisioningStatusInfo": {
            "status": outcome.status.lower(),
            "errorInformation": _error(info) if outcome.code else None,
        },
        "provisioningSteps": [_step(step) for step in trace.steps],
        "modifiedProperties": outcome.changes,
    }


def write(log: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Append an entry. Its time is after that of the entry before, so that newest first is one order, not chance."""
    if log and entry["activityDateTime"] <= log[-1]["activityDateTime"]:
        later = datetime.strptime(log[-1]["activityDateTime"], MOMENT) + timedelta(microseconds=1)
        entry = {**entry, "activityDateTime": later.strftime(MOMENT)}
    log.append(entry)


def _initiator(kind: str) -> dict[str, Any]:
    names = {"system": "Azure AD Provisioning Service", "user": "Provision on demand"}
    return {"id": "", "displayName": names[kind], "initiatorType": kind}


def _system(context: JobContext, name: str) -> dict[str, Any]:
    principal = context.service_principal
    details = {
        "ApplicationId": principal.get("appId"),
        "ServicePrincipalId": principal.get("id"),
        "ServicePrincipalDisplayName": principal.get("displayName"),
    }
    return {"id": "", "displayName": name, "details": details}


def _identity(identity: str, name: str, kind: str) -> dict[str, Any]:
    return {"id": identity, "displayName": name, "identityType": kind, "details": {}}


def _error(info: dict[str, Any]) -> dict[str, Any]:
    category = info["errorCategory"]
    error = {key: value for key, value in info.items() if key != "status"}
    return {**error, "errorCategory": category[0].lower() + category[1:]}


def _step(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": step["name"],
        "provisioningStepType": step["type"][0].lower() + step["type"][1:],
        "status": step["status"].lower(),
        "description": step["description"],
        "details": step["details"],
    }
