# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""How a job is doing, in one flat record: pure functions over the job as the service gives it."""

from __future__ import annotations

import datetime
import typing as t

from . import jobs
from .healthiness import explained, unhealthy
from .moments import moment, text

# "More than four weeks in quarantine ends with the job disabled" (page "Application provisioning in quarantine").
QUARANTINE_DAYS = 28


def health(
    job: t.Mapping[str, t.Any], now: datetime.datetime, settings: t.Mapping[str, t.Any] | None = None
) -> dict[str, t.Any]:
    """Return the flat record of a job.

    :arg now: the present, with its time zone.
    :arg settings: those of the application, as :func:`settings.record` tells them; None where they were not read.
    """
    status = job.get("status") or {}
    last = status.get("lastExecution") or {}
    quarantined = jobs.is_quarantined(job)
    run = jobs.has_run(job)
    entry_errors = int(last.get("countEscrowed") or 0) if run else 0
    reason = unhealthy(job, now)
    return {
        "job_id": job.get("id"),
        "template_id": job.get("templateId"),
        "state": jobs.schedule_state(job),
        "code": jobs.status_code(job),
        "healthy": reason is None,
        "reason": reason,
        "running": jobs.is_running(job),
        "never_run": not run,
        "last_cycle_state": last.get("state") if run else None,
        "last_cycle_ended": text(moment(last.get("timeEnded"))),
        "last_error": _error(last.get("error")) if run else None,
        "entry_errors": entry_errors,
        "successive_failures": int(status.get("countSuccessiveCompleteFailures") or 0),
        "steady_state_reached": text(moment(status.get("steadyStateFirstAchievedTime"))),
        "entry_counts": {
            str(one.get("key")): one.get("value") for one in status.get("synchronizedEntryCountByType") or []
        },
        "notification_recipients": _recipients(settings) if settings else None,
        "delete_threshold": settings["delete_threshold"] if settings else None,
        "quarantined": quarantined,
        **_quarantine((quarantined and status.get("quarantine")) or {}, now, quarantined, jobs.is_running(job)),
    }


def _recipients(settings: t.Mapping[str, t.Any]) -> list[str]:
    """Return who is told of a quarantine by mail: nobody where that is switched off."""
    notification = settings["notification"]
    return list(notification["recipients"]) if notification["enabled"] else []


def _quarantine(
    quarantine: t.Mapping[str, t.Any], now: datetime.datetime, quarantined: bool, running: bool
) -> dict[str, t.Any]:
    """Return what is known of a quarantine. A job that no longer runs is not tried again, nor disabled once more."""
    began = moment(quarantine.get("seriesBegan"))
    deadline = began + datetime.timedelta(days=QUARANTINE_DAYS) if began and running else None
    reason = quarantine.get("reason")
    return {
        "quarantine_reason": reason,
        "quarantine_explanation": explained(reason) if quarantined else None,
        "quarantine_error": _error(quarantine.get("error")),
        "quarantine_began": text(began),
        "quarantine_next_attempt": text(moment(quarantine.get("nextAttempt"))) if running else None,
        "days_until_disabled": max(0, (deadline - now).days) if deadline else None,
    }


def _error(error: t.Any) -> str | None:
    """Return an error as one text; the code "None" is the placeholder of an execution that never was."""
    if not isinstance(error, dict) or error.get("code") in (None, "", "None"):
        return None
    return f"{error['code']}: {error.get('message') or ''}".rstrip(": ")
