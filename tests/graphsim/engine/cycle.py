# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One provisioning cycle of a job, and what it does to the job's status."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.graphsim.engine import connection, quarantine, settings
from tests.graphsim.engine.context import JobContext, stamp
from tests.graphsim.engine.execution import Counters, execution, interval
from tests.graphsim.engine.explain import explain, out_of_scope
from tests.graphsim.engine.memory import Escrow
from tests.graphsim.engine.plan import Entry, plan
from tests.graphsim.engine.provision import Provisioner
from tests.graphsim.engine.scim import TargetError
from tests.graphsim.engine.steps import Outcome, Trace
from tests.graphsim.engine.summary import summary

# Entra page "Application provisioning in quarantine status": when failures of single objects stop the job.
MINIMUM_FAILURES = 5_000
FAILED_PROPORTION = 0.4
MAXIMUM_FAILURES = 40_000
MAXIMUM_FAILURES_WITH_REFERENCES = 60_000


class _Quarantined(Exception):
    """The cycle ends here, with a reason of the enum quarantineReason."""

    def __init__(self, reason: str, error: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


@dataclass
class _Cycle:
    context: JobContext
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    counters: Counters = field(default_factory=Counters)


def run_cycle(context: JobContext) -> None:
    """Runs a cycle, initial or incremental, and writes the outcome into `context.job["status"]`, memory and log.

    Nothing is raised: what goes wrong is quarantine or an escrowed object. The cycle of a job that has no target here
    checks the credentials and counts no objects.
    """
    cycle = _Cycle(context)
    trace = Trace(context.now)
    try:
        _connect(context)
        if connection.has_target(context):
            _synchronize(cycle)
        _finish(cycle, trace.elapsed)
    except _Quarantined as stop:
        _fail(cycle, stop, trace.elapsed)


def _connect(context: JobContext) -> None:
    try:
        connection.check(context.secrets, context.schema, context.tenants)
    except connection.ConnectionRefused as refusal:
        raise _Quarantined("EncounteredQuarantineException", refusal.document()) from None
    # Entra page on API-driven provisioning issues: without a notification address the job goes into quarantine.
    if connection.kind(context.schema) == "api" and not settings.recipients(context.secrets):
        message = "Set a notification email address before you start API-driven provisioning."
        error = {"code": "InvalidNotificationSettings", "message": message, "tenantActionable": True}
        raise _Quarantined("EncounteredQuarantineException", error)


def _synchronize(cycle: _Cycle) -> None:
    context = cycle.context
    if not context.memory.watermark:
        context.memory.synced_all = settings.syncs_all(context.secrets)
    entries = plan(context)
    _forget_gone(context, entries)
    due = [entry for entry in entries if _is_due(context, entry)]
    cycle.counters.imported = len(entries) if not context.memory.watermark else len(due)
    cycle.counters.imported_deltas = len(due) if context.memory.watermark else 0
    _stop_at_threshold(cycle, due)
    target = connection.open_target(context)
    try:
        provisioner = Provisioner(context, target)
        _carry_out(cycle, provisioner, due)
        _resolve_references(cycle, provisioner)
    except TargetError as error:
        refusal = {"code": error.code, "message": str(error), "tenantActionable": True}
        raise _Quarantined("EncounteredQuarantineException", refusal) from None
    finally:
        target.close()
    context.memory.force_deletes = False
    context.memory.staged_deletes.clear()
    _stop_at_failures(cycle, len(entries))


def _forget_gone(context: JobContext, entries: list[Entry]) -> None:
    present = {entry.source_id for entry in entries}
    for gone in context.memory.escrows.keys() - present:
        del context.memory.escrows[gone]


def _is_due(context: JobContext, entry: Entry) -> bool:
    """Initial cycles look at everything, incremental ones at what changed, failed or leaves."""
    memory = context.memory
    if not memory.watermark or entry.action in ("disable", "delete") or entry.source_id in memory.escrows:
        return True
    return memory.fingerprints.get(entry.source_id) != entry.fingerprint


def _stop_at_threshold(cycle: _Cycle, due: list[Entry]) -> None:
    """Accidental deletions: disables and deletes of users and groups count; at most the threshold minus one pass."""
    context = cycle.context
    threshold = settings.delete_threshold(context.secrets)
    leaving = [entry for entry in due if entry.removes]
    if threshold is None or len(leaving) < threshold or context.memory.force_deletes:
        return
    context.memory.staged_deletes = [{"id": entry.source_id, "displayName": entry.name} for entry in leaving]
    for entry in leaving:
        trace = Trace(context.now)
        reason = f"The deletion threshold of {threshold} was reached by {len(leaving)} deletions."
        trace.add("EntryExportDelete", "Export", "Skipped", f"The deletion of '{entry.name}' is held back. {reason}")
        target_id = entry.link.target_id if entry.link else None
        outcome = Outcome("StagedDelete", "Skipped", "TooManyDeletes", reason, target_id)
        context.log(summary(context, entry, trace, outcome, cycle_id=cycle.id))
    raise _Quarantined("TooManyDeletes")


def _carry_out(cycle: _Cycle, provisioner: Provisioner, entries: list[Entry]) -> None:
    for entry in entries:
        trace = Trace(cycle.context.now)
        explain(entry, trace)
        if entry.action == "skip":
            outcome = out_of_scope(entry)
        else:
            cycle.counters.entitled += 1
            cycle.counters.entitled_for_provisioning += 1
            outcome = provisioner.carry_out(entry, trace)
        _record(cycle, entry, trace, outcome)


def _record(cycle: _Cycle, entry: Entry, trace: Trace, outcome: Outcome, reference: bool = False) -> None:
    context, memory = cycle.context, cycle.context.memory
    context.log(summary(context, entry, trace, outcome, cycle_id=cycle.id))
    cycle.counters.exports += outcome.status != "Skipped"
    cycle.counters.exported += outcome.status == "Success"
    if outcome.status == "Failure":
        began = memory.escrows[entry.source_id].since if entry.source_id in memory.escrows else stamp(context.now)
        code, reason = outcome.code or "", outcome.reason or ""
        memory.escrows[entry.source_id] = Escrow(code, reason, began, entry.fingerprint, reference)
        return
    memory.escrows.pop(entry.source_id, None)
    memory.fingerprints[entry.source_id] = entry.fingerprint
    if entry.action == "delete" or entry.reason == "NotManaged":
        memory.fingerprints.pop(entry.source_id, None)
        memory.links.pop(entry.source_id, None)


def _resolve_references(cycle: _Cycle, provisioner: Provisioner) -> None:
    """A second look at objects that refer to objects which this cycle has created."""
    context = cycle.context
    for entry in plan(context):
        if entry.action != "export" or entry.link is None or entry.source_id in context.memory.escrows:
            continue
        if context.memory.fingerprints.get(entry.source_id) != entry.fingerprint:
            trace = Trace(context.now)
            explain(entry, trace)
            outcome = provisioner.carry_out(entry, trace)
            cycle.counters.imported_reference_deltas += outcome.status == "Success"
            context.memory.fingerprints[entry.source_id] = entry.fingerprint
            if outcome.status != "Skipped":
                _record(cycle, entry, trace, outcome, reference=True)


def _stop_at_failures(cycle: _Cycle, total: int) -> None:
    escrows = cycle.context.memory.escrows.values()
    failures = sum(not escrow.reference for escrow in escrows)
    cycle.counters.escrowed = len(escrows)
    if len(escrows) > MAXIMUM_FAILURES_WITH_REFERENCES:
        raise _Quarantined("EncounteredTotalEscrowThreshold")
    if failures > MAXIMUM_FAILURES:
        raise _Quarantined("EncounteredBaseEscrowThreshold")
    if failures >= MINIMUM_FAILURES and failures > FAILED_PROPORTION * total:
        raise _Quarantined("EncounteredEscrowProportionThreshold")


def _finish(cycle: _Cycle, elapsed: timedelta) -> None:
    context, status, memory = cycle.context, cycle.context.job["status"], cycle.context.memory
    state = "EntryLevelErrors" if cycle.counters.escrowed else "Succeeded"
    run = execution(cycle.counters, state, context.now, context.now + elapsed)
    status.update(lastExecution=run, countSuccessiveCompleteFailures=0, troubleshootingUrl=None)
    if state == "Succeeded":
        status["lastSuccessfulExecution"] = run
        if cycle.counters.exported:
            status["lastSuccessfulExecutionWithExports"] = run
        if status["steadyStateFirstAchievedTime"].startswith("0001"):
            status["steadyStateFirstAchievedTime"] = run["timeEnded"]
        status["steadyStateLastAchievedTime"] = run["timeEnded"]
    _count_entries(context)
    memory.watermark = memory.completed = True
    # A pause during the cycle lets it end but not go on.
    if context.job["schedule"]["state"] == "Active":
        quarantine.leave(context.job, memory)
        memory.next_run = context.now + interval(context.job["schedule"]["interval"])


def _fail(cycle: _Cycle, stop: _Quarantined, elapsed: timedelta) -> None:
    context, status = cycle.context, cycle.context.job["status"]
    _count_entries(context)
    status["lastExecution"] = execution(cycle.counters, "Failed", context.now, context.now + elapsed, stop.error)
    # A cycle that the deletion threshold stopped has not failed.
    status["countSuccessiveCompleteFailures"] += stop.error is not None
    if context.job["schedule"]["state"] == "Active":
        quarantine.enter(context.job, context.memory, context.now, stop.reason, stop.error)


def _count_entries(context: JobContext) -> None:
    """synchronizedEntryCountByType never falls until the connector data store is reset."""
    counts: dict[str, int] = {}
    for link in context.memory.links.values():
        key = f"{link.source_type} to {link.target_type}"
        counts[key] = counts.get(key, 0) + 1
    totals = context.memory.totals
    totals.update({key: max(count, totals.get(key, 0)) for key, count in counts.items()})
    pairs = [{"key": key, "value": value} for key, value in totals.items()]
    context.job["status"]["synchronizedEntryCountByType"] = pairs
