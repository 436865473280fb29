# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The provisioning logs: which entries to ask for, and what they say in sum."""

from __future__ import annotations

import datetime
import itertools
import re
import typing as t

from .._graph.errors import BadInput
from . import endpoints, log_codes, moments

if t.TYPE_CHECKING:
    from .._graph.graph import Graph

Entry = dict[str, t.Any]

STATUSES = ("success", "failure", "skipped", "warning")
# Entries on a page, at the most (page "List provisioningObjectSummary").
PAGE = 500
# How many entries are read at a time to find one that a cycle made, among those of provisioning on demand.
LOOK = 100
HIDDEN = "(hidden)"
# Values that are nobody's, and would tear holes into any sentence; so would those of one or two characters.
_PLAIN = frozenset({"none", "true", "false", "user", "group", "member", "guest"})
_ADDRESS = re.compile(r"[^\s'\"<>(),;:=]+@[^\s'\"<>(),;:=]+\w")


def since(params: t.Mapping[str, t.Any], now: datetime.datetime) -> datetime.datetime | None:
    """Return from when on the options want entries; a cycle is wanted whole unless a moment is named.

    :raises BadInput: for a moment that is none.
    """
    if params["logs_since"]:
        return moments.since("logs_since", params["logs_since"], now)
    if params["logs_cycle"]:
        return None
    try:
        return now - datetime.timedelta(hours=params["logs_hours"])
    except OverflowError:
        raise BadInput(
            f"The option logs_hours takes a number of hours since which there were logs, not {params['logs_hours']}. "
            "The service keeps them for 30 days at the most.",
            option="logs_hours",
        ) from None


def entries(
    graph: Graph,
    job_ids: t.Sequence[str],
    since: datetime.datetime | None,
    most: int,
    *,
    cycles: t.Sequence[str] = (),
    statuses: t.Sequence[str] = (),
) -> list[Entry]:
    """Return the log entries of some jobs, newest first.

    :arg since: the earliest point in time, or None for as long as the service keeps them.
    :arg most: how many entries at the most.
    :arg cycles: only entries of these cycles; all where there is none.
    :arg statuses: only entries of these statuses, of :data:`STATUSES`; all where there is none.
    """
    conditions = [
        _any_of("jobId", job_ids),
        f"activityDateTime ge {moments.text(since)}" if since else "",
        _any_of("cycleId", cycles),
        _any_of("provisioningStatusInfo/status", statuses),
    ]
    return _read(graph, conditions, most)


def of_application(graph: Graph, sp: str, since: datetime.datetime | None, most: int) -> list[Entry]:
    """Return the log entries of an application, newest first, also those of jobs that are gone.

    :arg since, most: as of :func:`entries`.
    """
    earliest = f"activityDateTime ge {moments.text(since)}" if since else ""
    return _read(graph, [_any_of("servicePrincipal/id", [sp]), earliest], most)


def _read(graph: Graph, conditions: t.Iterable[str], most: int) -> list[Entry]:
    query = _query(conditions, min(most, PAGE))
    return list(itertools.islice(graph.pages(endpoints.LOGS.call(query=query)), most))


def _query(conditions: t.Iterable[str], top: int) -> dict[str, str]:
    return {
        "$filter": " and ".join(one for one in conditions if one),
        "$orderby": "activityDateTime desc",
        "$top": str(top),
    }


def last_cycle(graph: Graph, job_id: str) -> str | None:
    """Return the id of the newest cycle of a job that has written to the log; None where there is none.

    What a person provisions on demand has a cycle id of its own, and is passed over, however much of it there is: page
    after page is read until a cycle comes.
    """
    newest = graph.pages(endpoints.LOGS.call(query=_query([_any_of("jobId", [job_id])], LOOK)))
    ran = (one for one in newest if (one.get("initiatedBy") or {}).get("initiatorType") != "user")
    return next((str(one["cycleId"]) for one in ran if one.get("cycleId")), None)


def _any_of(name: str, values: t.Sequence[str]) -> str:
    quoted = (value.replace("'", "''") for value in values)
    text = " or ".join(f"{name} eq '{value}'" for value in quoted)
    return f"({text})" if len(values) > 1 else text


def summary(found: t.Iterable[Entry], *, personal: bool = False) -> dict[str, t.Any]:
    """Return counts by status and action; failures and skips grouped by step and error code, the newest as example.

    :arg personal: whether the texts of the service may hold values of attributes and names of people. Otherwise those
        that an entry itself knows, and everything that looks like an address, are taken out.
    """
    by_status: dict[str, int] = {}
    by_action: dict[str, int] = {}
    failures: dict[tuple[str, str], dict[str, t.Any]] = {}
    skips: dict[tuple[str, str], dict[str, t.Any]] = {}
    for entry in found:
        status = status_of(entry)
        by_status[status] = by_status.get(status, 0) + 1
        action = action_of(entry)
        by_action[action] = by_action.get(action, 0) + 1
        if status in ("failure", "warning"):
            _count(failures, entry, personal)
        elif status == "skipped":
            _count(skips, entry, personal)
    return {"by_status": by_status, "by_action": by_action, "failures": _ranked(failures), "skips": _ranked(skips)}


def status_of(entry: Entry) -> str:
    """Return what became of what an entry is about: one of :data:`STATUSES`, or unknown."""
    return str(_info(entry).get("status") or "unknown").lower()


def action_of(entry: Entry) -> str:
    """Return what was done, such as create or stagedDelete. The reference of the beta calls it action."""
    return str(entry.get("provisioningAction") or entry.get("action") or "other")


def error_of(entry: Entry) -> dict[str, t.Any]:
    """Return the error of an entry; the beta has its members in statusInfo itself (page "statusDetails")."""
    info = _info(entry)
    return t.cast(
        "dict[str, t.Any]", info.get("errorInformation") or ({} if "provisioningStatusInfo" in entry else info)
    )


def _info(entry: Entry) -> dict[str, t.Any]:
    return entry.get("provisioningStatusInfo") or entry.get("statusInfo") or {}


def _ranked(groups: t.Mapping[tuple[str, str], dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    return sorted(groups.values(), key=lambda group: -group["count"])


def _count(groups: dict[tuple[str, str], dict[str, t.Any]], entry: Entry, personal: bool) -> None:
    error = error_of(entry)
    key = (_step(entry), str(error.get("errorCode") or "unknown"))
    if key not in groups:
        known = log_codes.words(key[1])
        groups[key] = {
            "step": key[0],
            "error_code": key[1],
            "count": 0,
            "explanation": known.meaning if known else None,
            "advice": known.advice if known else None,
            "reason": _told(error.get("reason"), entry, personal),
            "recommended_action": _told(error.get("recommendedAction"), entry, personal),
            "newest": entry.get("activityDateTime"),
            "example_id": entry.get("id"),
            "example_source_id": (entry.get("sourceIdentity") or {}).get("id"),
        }
    groups[key]["count"] += 1


def _step(entry: Entry) -> str:
    """Return the type of the step that decided: the one with the status of the whole, else the one that failed."""
    steps = [(str(one.get("status")).lower(), one) for one in entry.get("provisioningSteps") or []]
    for wanted in (status_of(entry), "failure"):
        for status, one in steps:
            if status == wanted:
                return str(one.get("provisioningStepType"))
    return "unknown"


def _told(text: t.Any, entry: Entry, personal: bool) -> t.Any:
    """Return a text of the service, without the personal values of its entry unless they are wanted."""
    if personal or not isinstance(text, str):
        return text
    patterns = [_ADDRESS, *(re.compile(rf"(?<!\w){re.escape(one)}(?!\w)", re.IGNORECASE) for one in _values(entry))]
    end, kept = 0, ""
    # Together, since one may begin in the middle of another.
    for start, stop in sorted(found.span() for pattern in patterns for found in pattern.finditer(text)):
        if start >= end:
            kept += text[end:start] + HIDDEN
        end = max(end, stop)
    return kept + text[end:]


def _values(entry: Entry) -> set[str]:
    """Return what an entry says of a person: names, details of both identities, attributes as read and as changed."""
    told: list[t.Any] = []
    for side in ("sourceIdentity", "targetIdentity"):
        identity = entry.get(side) or {}
        told += [identity.get("displayName"), *(identity.get("details") or {}).values()]
    for one in entry.get("modifiedProperties") or []:
        told += [one.get("oldValue"), one.get("newValue")]
    for step in entry.get("provisioningSteps") or []:
        if str(step.get("provisioningStepType")).lower() == "import":
            told += (step.get("details") or {}).values()
    return {one for one in map(str, told) if len(one) > 2 and one.lower() not in _PLAIN}
