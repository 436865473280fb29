# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Whether people are provisioned by a job, and why not: one row for each thing that can be wrong with it."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from . import jobs, moments, provisioned

# After so many intervals without a cycle that has ended, the job does not keep up.
INTERVALS = 3
# Templates whose jobs have work only when somebody uploads people (page "API-driven inbound provisioning concepts").
_UPLOADED = "API2"

NO_REASON = "the service gives no reason"
REASONS = {
    "EncounteredQuarantineException": "the target refused the credentials or could not be reached",
    "EncounteredBaseEscrowThreshold": "too many objects failed",
    "EncounteredTotalEscrowThreshold": "too many objects failed in all",
    "EncounteredEscrowProportionThreshold": "more than 40 % of the objects failed",
    "QuarantinedOnDemand": "Microsoft put the job into quarantine; open a support case",
    "TooManyDeletes": "a cycle wanted to remove more accounts than the deletion threshold allows",
    "IngestionInterrupted": "reading the source was interrupted",
    "Unknown": NO_REASON,
}


def explained(reason: t.Any) -> str:
    """Return the reason of a quarantine in plain words."""
    return REASONS.get(reason, "a reason that has no plain words yet") if reason else NO_REASON


@dataclasses.dataclass(frozen=True)
class Seen:
    """A job, and the present."""

    job: t.Mapping[str, t.Any]
    now: datetime.datetime

    @property
    def status(self) -> t.Mapping[str, t.Any]:
        """What the engine reports."""
        return self.job.get("status") or {}

    @property
    def last(self) -> t.Mapping[str, t.Any]:
        """The last cycle that has ended."""
        return self.status.get("lastExecution") or {}

    @property
    def failed_objects(self) -> int:
        """How many objects failed in it, as far as they are counted."""
        return int(self.last.get("countEscrowed") or 0)

    @property
    def interval(self) -> t.Any:
        """The time between two cycles, as the service writes it."""
        return (self.job.get("schedule") or {}).get("interval")

    @property
    def behind(self) -> int:
        """How many whole intervals have passed since it ended; 0 where that is not known or means nothing."""
        ended = moments.moment(self.last.get("timeEnded"))
        interval = moments.duration(self.interval)
        if not ended or not interval or str(self.job.get("templateId") or "").startswith(_UPLOADED):
            return 0
        return max(0, (self.now - ended) // interval)

    @property
    def is_late(self) -> bool:
        """Tell whether a cycle should have ended since."""
        return self.behind >= INTERVALS

    def ago(self) -> str:
        """Say when the last cycle ended."""
        ended = moments.text(moments.moment(self.last.get("timeEnded")))
        return f"the last cycle ended at {ended}, {self.behind} intervals of {self.interval} ago"


@dataclasses.dataclass(frozen=True)
class Row:
    """Something that can be wrong, or that keeps anybody from telling whether people are provisioned."""

    applies: t.Callable[[Seen], bool]
    says: t.Callable[[Seen], str]


# In the order in which they matter; the first that applies is told.
TABLE = (
    Row(
        lambda seen: jobs.is_quarantined(seen.job) and not jobs.is_running(seen.job),
        lambda seen: f"the job no longer runs and was in quarantine when it stopped: {_why(seen)}",
    ),
    Row(lambda seen: jobs.is_quarantined(seen.job), lambda seen: f"the job is in quarantine: {_why(seen)}"),
    Row(
        lambda seen: not jobs.is_running(seen.job) and not jobs.has_run(seen.job),
        lambda _seen: "the job has never run and is not started",
    ),
    Row(
        lambda seen: not jobs.is_running(seen.job),
        lambda seen: f"the job is not running: its schedule is {jobs.schedule_state(seen.job)}",
    ),
    Row(lambda seen: not jobs.has_run(seen.job), lambda _seen: "no cycle has ended yet"),
    Row(lambda seen: seen.last.get("state") == "Failed", lambda _seen: "the last cycle has failed"),
    Row(
        lambda seen: bool(seen.failed_objects),
        lambda seen: f"{seen.failed_objects} object{'s' * (seen.failed_objects != 1)} failed in the last cycle",
    ),
    Row(
        lambda seen: seen.last.get("state") == "EntryLevelErrors",
        lambda _seen: "objects failed in the last cycle, and the service does not say how many",
    ),
    Row(
        lambda seen: seen.last.get("state") != "Succeeded",
        lambda seen: f"the last cycle ended with the state {seen.last.get('state')}, which nobody has described",
    ),
    Row(
        lambda seen: seen.is_late and bool(seen.status.get("progress")),
        lambda seen: f"{seen.ago()}; another one is going on",
    ),
    Row(lambda seen: seen.is_late, lambda seen: seen.ago()),
    Row(
        lambda seen: not sum(provisioned.counts(seen.job).values()),
        lambda _seen: "the service counts nobody who is provisioned; perhaps nobody is in scope",
    ),
)


def unhealthy(job: t.Mapping[str, t.Any], now: datetime.datetime) -> str | None:
    """Return why a job is not healthy, by the first row that applies; None where it is.

    :arg now: the present, with its time zone.
    """
    seen = Seen(job, now)
    return next((row.says(seen) for row in TABLE if row.applies(seen)), None)


def _why(seen: Seen) -> str:
    return explained((seen.status.get("quarantine") or {}).get("reason"))
