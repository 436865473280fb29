# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The provisioning logs: which entries to ask for, and what they say in sum."""

from __future__ import annotations

import datetime
import typing as t

from . import endpoints

if t.TYPE_CHECKING:
    from .._graph.graph import Graph

Entry = dict[str, t.Any]


def entries(graph: Graph, job_ids: t.Sequence[str], since: datetime.datetime, most: int) -> list[Entry]:
    """Return the log entries of some jobs, newest first.

    :arg since: the earliest point in time.
    :arg most: how many entries at the most.
    """
    jobs = " or ".join(f"jobId eq '{job_id}'" for job_id in job_ids)
    moment = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    query = {
        "$filter": f"({jobs}) and activityDateTime ge {moment}"
        if len(job_ids) > 1
        else f"{jobs} and activityDateTime ge {moment}",
        "$orderby": "activityDateTime desc",
        "$top": str(min(most, 500)),
    }
    found: list[Entry] = []
    for entry in graph.pages(endpoints.LOGS.call(query=query)):
        found.append(entry)
        if len(found) >= most:
            break
    return found


def summary(found: t.Iterable[Entry]) -> dict[str, t.Any]:
    """Return counts by status and action, and the failures grouped by step and error code, newest example first.

    No values of attributes and no names of people: only ids, codes and reasons of the service.
    """
    by_status: dict[str, int] = {}
    by_action: dict[str, int] = {}
    groups: dict[tuple[str, str], dict[str, t.Any]] = {}
    for entry in found:
        info = entry.get("provisioningStatusInfo") or {}
        status = str(info.get("status") or "unknown")
        by_status[status] = by_status.get(status, 0) + 1
        action = str(entry.get("provisioningAction") or "other")
        by_action[action] = by_action.get(action, 0) + 1
        if status in ("failure", "warning"):
            _count(groups, entry, info.get("errorInformation") or {})
    ranked = sorted(groups.values(), key=lambda group: -group["count"])
    return {"by_status": by_status, "by_action": by_action, "failures": ranked}


def _count(groups: dict[tuple[str, str], dict[str, t.Any]], entry: Entry, error: t.Mapping[str, t.Any]) -> None:
    step = next(
        (
            str(one.get("provisioningStepType"))
            for one in entry.get("provisioningSteps") or []
            if str(one.get("status")).lower() == "failure"
        ),
        "unknown",
    )
    key = (step, str(error.get("errorCode") or "unknown"))
    group = groups.setdefault(
        key,
        {
            "step": step,
            "error_code": key[1],
            "count": 0,
            "reason": error.get("reason"),
            "recommended_action": error.get("recommendedAction"),
            "newest": entry.get("activityDateTime"),
            "example_source_id": (entry.get("sourceIdentity") or {}).get("id"),
        },
    )
    group["count"] += 1
