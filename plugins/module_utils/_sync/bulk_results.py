# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What became of uploaded records, from the provisioning logs: the upload itself only says that it was received."""

from __future__ import annotations

import typing as t
import urllib.parse

from . import bulk, endpoints, logs, waits
from .bulk import Operation

if t.TYPE_CHECKING:
    from .._graph.graph import Graph

Entry = dict[str, t.Any]
Result = dict[str, t.Any]

# Enough to tell the entries of this upload from earlier ones of the same moment.
_KNOWN = 50


class Follower:
    """Reads the log entries that an upload leaves behind. Made before the upload, to know what was there already.

    Moments are compared with those of the log alone, since the clock of this machine may go wrong.
    """

    def __init__(self, graph: Graph, job_id: str) -> None:
        self._graph = graph
        newest = {"$filter": f"jobId eq '{job_id}'", "$orderby": "activityDateTime desc", "$top": str(_KNOWN)}
        before = graph.send(endpoints.LOGS.call(query=newest))["value"]
        self._known = {entry.get("id") for entry in before}
        self._since = str(before[0]["activityDateTime"]) if before else None
        self._filters = {f"jobId eq '{job_id}'"}

    def located(self, locations: t.Iterable[str]) -> None:
        """Look where the answers to the uploads say.

        Only the filter of the address is used: the rest may name another version, or be anything at all.
        """
        queries = (urllib.parse.parse_qs(urllib.parse.urlsplit(one).query) for one in locations)
        self._filters = {query["$filter"][0] for query in queries if query.get("$filter")} or self._filters

    def results(self, operations: t.Sequence[Operation]) -> list[Result]:
        """Wait until the log tells of every record that can be recognized there, and return a result for each.

        :raises OutOfTime: where the deadline passes first.
        """
        ids = {one for one in map(bulk.external_id, operations) if one}

        def told(seen: t.Mapping[str, Entry]) -> str:
            return f"{len(seen)} of {len(ids)} records in the provisioning log"

        entries = waits.until(
            self._graph.connection.deadline,
            "waiting until the provisioning log tells of every record",
            lambda: self._entries(ids) if ids else {},
            lambda seen: len(seen) == len(ids),
            tell=told,
            line=told,
        )
        return [_result(one, entries.get(bulk.external_id(one) or "")) for one in operations]

    def _entries(self, ids: t.Collection[str]) -> dict[str, Entry]:
        """Return the newest entry of each record."""
        found: dict[str, Entry] = {}
        for one in sorted(self._filters):
            since = f"({one}) and activityDateTime ge {self._since}" if self._since else one
            query = {"$filter": since, "$orderby": "activityDateTime desc", "$top": "500"}
            for entry in self._graph.pages(endpoints.LOGS.call(query=query)):
                source = str((entry.get("sourceIdentity") or {}).get("id"))
                if source in ids and entry.get("id") not in self._known:
                    found.setdefault(source, entry)
        return found


def submitted(operations: t.Sequence[Operation]) -> list[Result]:
    """Return the results of an upload that nobody followed."""
    return [_result(one, None) for one in operations]


def _result(operation: Operation, entry: Entry | None) -> Result:
    """Return what became of a record. Reasons are left out, since they quote what the record says."""
    error = logs.error_of(entry) if entry else {}
    return {
        "bulk_id": operation["bulkId"],
        "external_id": bulk.external_id(operation),
        "status": logs.status_of(entry) if entry else "submitted",
        "action": logs.action_of(entry).lower() if entry else None,
        "error_code": error.get("errorCode") or "",
        "recommended_action": error.get("recommendedAction") or "",
        "log_id": (entry or {}).get("id"),
    }
