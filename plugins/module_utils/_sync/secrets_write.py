# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Carrying out the one write of the bag: tried before, not over somebody else's change, read back, tried after."""

from __future__ import annotations

import dataclasses
import typing as t

from .._graph.errors import ProvisioningError
from .._task import Change
from . import bag, connectivity, endpoints, jobs, settings, stored
from .bag import Bag
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task
    from .secrets import Write

RESTART = "The scope changes from all to assigned: restart the job with entra.provisioning.sync_job_action afterwards."


def plan(task: Task, principal: Principal, write: Write) -> list[Change]:
    """Return the changes; the last one carries the request that makes them all."""
    changes = write.changes() if write else []
    if changes:
        body = {"value": [{"key": key, "value": value} for key, value in write.body.items()]}
        changes[-1] = dataclasses.replace(
            changes[-1],
            call=endpoints.SECRETS_PUT.call(sp=principal.id, body=body),
            first=lambda: _refuse_a_change_in_between(task, principal, write),
            confirm=lambda _call: _visible(task, principal, write),
            still=lambda: f"{', '.join(_differing(write, write.before))} not as written",
            then=lambda seen: _compared(task, principal, write, seen[0]),
        )
    return changes


def warn(task: Task, write: Write) -> None:
    """Warn of what an admin has to do besides (page "Known issues" of application provisioning)."""
    before, after = settings.effective(write.before), settings.effective(write.after)
    if write and (before["scope"], after["scope"]) == ("all", "assigned"):
        task.warn(RESTART)
    if write and after["notification.enabled"] and not after["notification.recipients"]:
        task.warn("Mail is switched on, and nobody is named to get it: name them in notification.recipients.")


def _refuse_a_change_in_between(task: Task, principal: Principal, write: Write) -> None:
    """Read once more right before the write: a PUT knows no condition, so this is as near as one can come.

    :raises ProvisioningError: with both sides' differences, where the bag means something else by now.
    """
    theirs = told(write.before, stored.read(task.graph, principal))
    if theirs:
        raise ProvisioningError(
            f"Somebody else changed the credentials or settings of {principal} while this task was planning, so "
            f"nothing was written. Their changes: {'; '.join(theirs)}. The changes of this task: "
            f"{'; '.join(one.sentence for one in write.changes())}. Run the task again: it plans from what there is "
            "now.",
            their_changes=theirs,
        )


def told(before: Bag, after: Bag) -> list[str]:
    """Return how one reading of a bag differs from another, in sentences; of a hidden one, whether it is there."""
    rows = [row for row in settings.TABLE if row.differs(row.read(before.get(row.key)), row.read(after.get(row.key)))]
    changes = [
        Change(row.label, row.told(row.read(before.get(row.key))), row.told(row.read(after.get(row.key))), None)
        for row in rows
    ]
    in_words = {row.key for row in rows}
    for key in sorted(before.keys() | after.keys()):
        if key not in in_words and not bag.same(before.get(key), after.get(key)):
            changes.append(Change(key, _seen(before.get(key)), _seen(after.get(key)), None))
    return [one.sentence for one in changes]


def _seen(value: str | None) -> str | None:
    return "(stored)" if value == bag.MASK else value


def _visible(task: Task, principal: Principal, write: Write) -> tuple[Bag] | None:
    """Read the bag back; None while it is what it was: the service lags (terraform-provider-azuread waits as well)."""
    seen = stored.read(task.graph, principal)
    return (seen,) if not _differing(write, seen) or told(write.before, seen) else None


def _compared(task: Task, principal: Principal, write: Write, now: Bag) -> Bag:
    """Report what became of the write, and return the bag.

    :raises ProvisioningError: where it is not as it was written.
    """
    other = _differing(write, now)
    if other:
        raise ProvisioningError(
            f"The service has accepted the credentials and settings of {principal}, and now {' and '.join(other)} is "
            "not as this task wrote it, so somebody else wrote them at the same time. What there is now differs from "
            f"what this task found: {'; '.join(told(write.before, now))}. Run the task again: it plans from that.",
            their_changes=told(write.before, now),
            unseen=[one.sentence for one in write.changes()],
        )
    lost = [key for key in write.left_out if key not in now]
    if lost:
        task.warn(f"The service replaced all it had, so {' and '.join(lost)} is gone, as allow_partial permits.")
    elif write.left_out and not _differing(write, write.before):
        task.warn(
            f"{' and '.join(write.left_out)} was left out of the write, as allow_partial permits. It is still shown, "
            "but nothing that can be read has changed, so the service may not show the write yet. Look again later."
        )
    gone = [key for key in write.kept if key not in now]
    if gone:
        raise ProvisioningError(
            f"The service replaced all it had, though secrets_put says that it merges: {' and '.join(gone)} is gone. "
            "Write it again with the option secrets, and set secrets_put to replace.",
            hidden_keys=gone,
        )
    return now


def _differing(write: Write, now: Bag) -> list[str]:
    """Return the keys that do not show what was written; of a hidden one only its presence can be seen."""
    expected = {**write.body, **dict.fromkeys(write.removed, "")}
    hidden = {key for key, value in expected.items() if value and now.get(key) == bag.MASK}
    return [key for key, value in expected.items() if key not in hidden and not bag.same(now.get(key), value)]


class Trials:
    """The trials of credentials at the target, before a write and after it.

    With the option validate, what the target may see differently is tried before it is written. Without a word about
    it, so is what changes a sign-in with a stored secret, which may be right where the given one is not. ``passed``
    tells whether there was a trial.
    """

    def __init__(self, task: Task, principal: Principal, write: Write) -> None:
        self._task, self._principal, self._write = task, principal, write
        asked = task.params["validate"] and write.at_target
        replaces = bool(bag.hidden(write.before)) and bool(write.due or write.plain or write.removed or write.carried)
        unasked = task.params["validate"] is None and replaces
        self._before = bool(write) and (asked or unasked)
        self._after = bool(write) and task.params["validate_stored"] and write.at_target
        self._job: jobs.Job | None = None
        if asked or self._after:
            self._job = jobs.addressed(task, principal)
        elif unasked:
            # Where there is no job, nothing that runs can be hurt.
            named = task.params["job_id"]
            self._job = {"id": named} if named else jobs.find(task.graph, principal, task.params)
        self.passed = False

    def before(self) -> None:
        """Try the credentials as they would be after the write.

        :raises ProvisioningError: where the target refuses them; nothing is written then.
        """
        if not (self._before and self._job):
            return
        try:
            self._try(self._job, self._write.credentials)
        except ProvisioningError as error:
            if self._write.carried:
                error.message = f"{error.message.rstrip()} {self._why_carried()}"
            raise

    def after(self, seen: Bag) -> Bag:
        """Try what is stored now; returns what was seen of it.

        A secret cannot be read back. So where the target takes the given ones and not the stored ones, the write has
        got lost, and is made once more.

        :raises ProvisioningError: where the target refuses what is stored.
        """
        if not (self._after and self._job):
            return seen
        try:
            self._try(self._job, None)
        except ProvisioningError as error:
            if not (self._before and self._write.due and error.facts.get("inner_code")):
                raise
            self._again(self._job, seen, error)
        return seen

    def _again(self, job: jobs.Job, seen: Bag, refusal: ProvisioningError) -> None:
        # What somebody else has written since would be undone.
        if told(seen, stored.read(self._task.graph, self._principal)):
            raise refusal
        self._task.make_again(plan(self._task, self._principal, self._write))
        try:
            self._try(job, None)
        except ProvisioningError as error:
            due = " and ".join(self._write.due)
            error.message = (
                f"The target takes the given {due} and not what is stored, so the service has accepted the write twice "
                f"and not carried it out. {error.message}"
            )
            error.facts["unseen"] = [one.sentence for one in self._write.changes()]
            raise error from refusal

    def _try(self, job: jobs.Job, given: Bag | None) -> None:
        connectivity.validate(self._task.graph, self._principal, job["id"], given)
        self.passed = True

    def _why_carried(self) -> str:
        merge = (
            "; where the tenant is known to keep what a write leaves out (playbook entra.provisioning.probe_tenant), "
            "set secrets_put to merge"
            if self._task.params["secrets_put"] == "unknown"
            else ""
        )
        return (
            f"{' and '.join(self._write.carried)} would only have been sent along, because {self._write.because}. Give "
            f"the one that is in use, or the one that is to be used from now on{merge}."
        )
