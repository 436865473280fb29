# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entering and leaving quarantine (Entra page "Application provisioning in quarantine status")."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.graphsim.engine.context import stamp
from tests.graphsim.engine.memory import JobMemory

# The first retries; after them once a day.
RETRY_AFTER = (timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))
DISABLED_AFTER = timedelta(days=28)


def enter(
    job: dict[str, Any], memory: JobMemory, now: datetime, reason: str, error: dict[str, Any] | None = None
) -> None:
    """Puts the job into quarantine, or counts one more failed retry; four weeks of it disable the job."""
    previous = job["status"].get("quarantine")
    series = previous["seriesCount"] if previous else 0
    began = previous["seriesBegan"] if previous else stamp(now)
    memory.next_run = now + RETRY_AFTER[min(series, len(RETRY_AFTER) - 1)]
    job["status"]["code"] = "Quarantine"
    job["status"]["quarantine"] = {
        "currentBegan": stamp(now),
        "nextAttempt": stamp(memory.next_run),
        "reason": reason,
        "seriesBegan": began,
        "seriesCount": series + 1,
        "error": error,
    }
    if stamp(now - DISABLED_AFTER) >= began:
        job["schedule"]["state"] = "Disabled"
        memory.next_run = None


def leave(job: dict[str, Any], memory: JobMemory) -> None:
    """Lifts the quarantine; a job that never completed a cycle is NotRun again."""
    job["status"]["quarantine"] = None
    job["status"]["code"] = "Active" if memory.completed else "NotRun"
