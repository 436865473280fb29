# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The deletions that the threshold holds back, as the provisioning logs show them."""

from __future__ import annotations

import datetime
import typing as t

from . import endpoints, jobs, logs
from .moments import moment, text

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .jobs import Job

# The first cycle of a quarantine may have begun long before the quarantine did.
LONGEST_CYCLE = datetime.timedelta(days=1)
# No quarantine is older: the service disables the job then (page "Application provisioning in quarantine").
OLDEST = datetime.timedelta(days=28)

Staged = dict[str, t.Any]


def are_held_back(job: Job) -> bool:
    """Tell whether a job waits for somebody to allow its deletions."""
    quarantine = (job.get("status") or {}).get("quarantine") or {}
    return jobs.is_quarantined(job) and quarantine.get("reason") == "TooManyDeletes"


def staged(graph: Graph, job: Job) -> list[Staged]:
    """Return whom the cycles of a job's quarantine want to remove, each once: ``id``, ``name`` and ``type``.

    Whether each cycle of a quarantine stages all deletions, or only those that are new, is not documented, so those of
    all its cycles count: rather somebody too many in the number that is confirmed than one too few. What is not
    wanted any more by now is in it too.

    Source of the action ``stagedDelete``: page "Accidental deletions".
    """
    since = text(_began(job))
    query = {
        "$filter": f"jobId eq '{job['id']}' and activityDateTime ge {since}",
        "$orderby": "activityDateTime desc",
        "$top": "500",
    }
    found: dict[str, Staged] = {}
    for entry in graph.pages(endpoints.LOGS.call(query=query)):
        source = entry.get("sourceIdentity") or {}
        if logs.action_of(entry).lower() == "stageddelete":
            key = str(source.get("id") or entry.get("id"))
            found.setdefault(key, {"id": key, "name": source.get("displayName"), "type": source.get("identityType")})
    return list(found.values())


def _began(job: Job) -> datetime.datetime:
    """Return a moment before the first cycle of a quarantine and after the last one that was good."""
    status = job["status"]
    good = moment((status.get("lastSuccessfulExecution") or {}).get("timeEnded"))
    began = moment((status.get("quarantine") or {}).get("seriesBegan"))
    earliest = began - LONGEST_CYCLE if began else datetime.datetime.now(datetime.timezone.utc) - OLDEST
    return max(good, earliest) if good else earliest
