# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job from creation to removal: what each action of the API does to it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from tests.graphsim.engine import quarantine
from tests.graphsim.engine.cycle import run_cycle
from tests.graphsim.engine.execution import never_run
from tests.graphsim.engine.memory import JobMemory

__all__ = ["JobMemory", "due", "new_job", "pause", "restart", "run_cycle", "schema_changed", "start"]

NEVER = "0001-01-01T00:00:00Z"
# .NET's TimeSpan.MaxValue, the interval of an unconfigured job in the "Create synchronizationJob" reference page.
_NO_INTERVAL = "P10675199DT2H48M5.4775807S"
# Scopes of the synchronizationJobRestartCriteria page.
_PORTAL_RESTART = {"QuarantineState", "Watermark", "Escrows"}
_FULL = _PORTAL_RESTART | {"ConnectorDataStore"}


def new_job(
    template_id: str,
    tenant_id: str,
    now: datetime,
    *,
    status_code: str = "Paused",
    echo_template_id: str | None = None,
) -> dict[str, Any]:
    """A fresh synchronizationJob: Disabled, and Paused (as seen live) or NotConfigured (as in the reference).

    `echo_template_id` is what `templateId` reads when the service answers with another name than the one sent; the
    prefix of the id keeps the name sent (Entra page on cloud sync by Graph). Nothing in a new job shows `now`.
    """
    job: dict[str, Any] = {
        "id": f"{template_id}.{tenant_id.replace('-', '')}.{uuid.uuid4()}",
        "templateId": echo_template_id or template_id,
        "schedule": {"expiration": None, "interval": _interval(template_id), "state": "Disabled"},
        "status": {
            "countSuccessiveCompleteFailures": 0,
            "escrowsPruned": False,
            "code": status_code,
            "lastExecution": None,
            "lastSuccessfulExecution": None,
            "lastSuccessfulExecutionWithExports": None,
            "quarantine": None,
            "steadyStateFirstAchievedTime": NEVER,
            "steadyStateLastAchievedTime": NEVER,
            "troubleshootingUrl": None,
            "progress": [],
            "synchronizedEntryCountByType": [],
        },
        "synchronizationJobSettings": [
            {"name": "AzureIngestionAttributeOptimization", "value": "False"},
            {"name": "LookaheadQueryEnabled", "value": "False"},
        ],
    }
    if status_code == "NotConfigured":
        job["schedule"]["interval"] = _NO_INTERVAL
        del job["synchronizationJobSettings"], job["status"]["progress"]
    return job


def _interval(template_id: str) -> str:
    return "PT20M" if template_id.startswith(("AD2AAD", "AAD2AD")) else "PT40M"


def start(job: dict[str, Any], memory: JobMemory, now: datetime) -> None:
    """Runs the job from where it stopped, at once; clears a quarantine. Nothing happens to a job that is running."""
    if job["schedule"]["state"] == "Active" and job["status"]["code"] != "Quarantine":
        return
    _run(job, memory, now)


def _run(job: dict[str, Any], memory: JobMemory, now: datetime) -> None:
    job["schedule"].update(state="Active", interval=_interval(job["id"]))
    job["status"]["troubleshootingUrl"] = ""
    job["status"].setdefault("progress", [])
    if job["status"]["lastExecution"] is None:
        job["status"]["lastExecution"] = never_run()
    quarantine.leave(job, memory)
    memory.next_run = now


def pause(job: dict[str, Any], memory: JobMemory, now: datetime, state: str) -> None:
    """Stops the job, keeping what it knows; `state` is Paused or Disabled, since sources name both. `now`: when."""
    job["schedule"]["state"] = state
    job["status"].update(code="Paused", quarantine=None)
    memory.next_run = None


def restart(job: dict[str, Any], memory: JobMemory, scopes: set[str], now: datetime) -> None:
    """Forgets what the scopes name and runs the job at once.

    No scope is the portal's "Restart provisioning". ForceDeletes lets the staged deletions through. Escrows forgets
    the failed objects: they are not tried again until they change, unless Watermark is reset with them.
    """
    wanted = set(_PORTAL_RESTART) if not scopes else set(scopes)
    if "Full" in wanted:
        wanted |= _FULL
    if "Escrows" in wanted:
        memory.fingerprints.update({key: escrow.fingerprint for key, escrow in memory.escrows.items()})
        memory.escrows.clear()
    if "ConnectorDataStore" in wanted:
        memory.links.clear()
        memory.totals.clear()
        job["status"]["synchronizedEntryCountByType"] = []
    if "Watermark" in wanted:
        memory.watermark = False
    if "ForceDeletes" in wanted:
        memory.force_deletes = True
    if job["status"]["code"] == "Quarantine" and not wanted & {"QuarantineState", "ForceDeletes", "None"}:
        job["schedule"]["state"] = "Active"
        memory.next_run = now
    else:
        _run(job, memory, now)


def schema_changed(job: dict[str, Any], memory: JobMemory, now: datetime) -> None:
    """After a PUT of the schema: quarantine is lifted, and the next cycle is initial and due at once."""
    memory.watermark = False
    if job["schedule"]["state"] == "Active":
        quarantine.leave(job, memory)
        memory.next_run = now


def due(job: dict[str, Any], memory: JobMemory, now: datetime) -> bool:
    """Whether a cycle is to run now."""
    return job["schedule"]["state"] == "Active" and memory.next_run is not None and memory.next_run <= now
