# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""How a job is doing, in one flat record: pure functions over the job as the service gives it."""

from __future__ import annotations

import datetime
import re
import typing as t

from . import jobs

# "More than four weeks in quarantine ends with the job disabled" (page "Application provisioning in quarantine").
QUARANTINE_DAYS = 28

REASONS = {
    "EncounteredQuarantineException": "the target refused the credentials or could not be reached",
    "EncounteredBaseEscrowThreshold": "too many objects failed",
    "EncounteredTotalEscrowThreshold": "too many objects failed in all",
    "EncounteredEscrowProportionThreshold": "more than 40 % of the objects failed",
    "QuarantinedOnDemand": "Microsoft put the job into quarantine; open a support case",
    "TooManyDeletes": "a cycle wanted to remove more accounts than the deletion threshold allows",
    "IngestionInterrupted": "reading the source was interrupted",
    "Unknown": "the service gives no reason",
}
MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def moment(text: t.Any) -> datetime.datetime | None:
    """Return a point in time; None for a missing or impossible one and for the year 1, which means never.

    The service gives up to seven digits of fractions, which Python before 3.11 cannot read.
    """
    match = MOMENT.fullmatch(str(text or ""))
    if not match or match.group(1).startswith("0001"):
        return None
    try:
        parsed = datetime.datetime.fromisoformat(match.group(1) + (match.group(3) or "Z").replace("Z", "+00:00"))
        return parsed.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None


def _text(point: datetime.datetime | None) -> str | None:
    return point.strftime("%Y-%m-%dT%H:%M:%SZ") if point else None


def health(job: t.Mapping[str, t.Any], now: datetime.datetime) -> dict[str, t.Any]:
    """Return the flat record of a job.

    :arg now: the present, with its time zone.
    """
    status = job.get("status") or {}
    last = status.get("lastExecution") or {}
    quarantined = jobs.is_quarantined(job)
    run = jobs.has_run(job)
    failed = run and last.get("state") == "Failed"
    entry_errors = int(last.get("countEscrowed") or 0) if run else 0
    return {
        "job_id": job.get("id"),
        "template_id": job.get("templateId"),
        "state": jobs.schedule_state(job),
        "code": jobs.status_code(job),
        "healthy": jobs.is_running(job) and run and not quarantined and not failed and not entry_errors,
        "running": jobs.is_running(job),
        "never_run": not run,
        "last_cycle_state": last.get("state") if run else None,
        "last_cycle_ended": _text(moment(last.get("timeEnded"))),
        "last_error": _error(last.get("error")) if run else None,
        "entry_errors": entry_errors,
        "successive_failures": int(status.get("countSuccessiveCompleteFailures") or 0),
        "steady_state_reached": _text(moment(status.get("steadyStateFirstAchievedTime"))),
        "entry_counts": {
            str(one.get("key")): one.get("value") for one in status.get("synchronizedEntryCountByType") or []
        },
        "quarantined": quarantined,
        **_quarantine(status.get("quarantine") or {} if quarantined else {}, now),
    }


def _quarantine(quarantine: t.Mapping[str, t.Any], now: datetime.datetime) -> dict[str, t.Any]:
    began = moment(quarantine.get("seriesBegan"))
    deadline = began + datetime.timedelta(days=QUARANTINE_DAYS) if began else None
    reason = quarantine.get("reason")
    return {
        "quarantine_reason": reason,
        "quarantine_explanation": REASONS.get(str(reason), "the service gives no reason") if reason else None,
        "quarantine_error": _error(quarantine.get("error")),
        "quarantine_began": _text(began),
        "quarantine_next_attempt": _text(moment(quarantine.get("nextAttempt"))),
        "days_until_disabled": max(0, (deadline - now).days) if deadline else None,
    }


def _error(error: t.Any) -> str | None:
    """Return an error as one text; the code "None" is the placeholder of an execution that never was."""
    if not isinstance(error, dict) or error.get("code") in (None, "", "None"):
        return None
    return f"{error['code']}: {error.get('message') or ''}".rstrip(": ")
