# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Writing a schema: not over somebody else's change, not without a copy where one is wanted, and read back."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import time
import typing as t

from .._graph.errors import ProvisioningError
from .._schema.diff import Difference, as_data, difference
from .._task import Change, Undone
from . import job_changes, jobs, pauses
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._task import Task
    from .schemas import Place, Schema

_MOST_SHOWN = 10
# How long somebody else's write is looked for: a multiple of the time that ours took, and seconds at least and at most.
WINDOWS = 1.5
_SHORTEST_WAIT, _LONGEST_WAIT = 0.5, 5.0


@dataclasses.dataclass
class Writing:
    """One replacement of a schema: ``now`` by ``body``, and what is known of it afterwards.

    ``backup_file`` is where the previous schema is kept; ``seen`` is what was read back; ``by_service`` are the
    differences between that and what was written; ``window`` are the seconds in which the write of somebody else could
    not be noticed.
    """

    task: Task
    place: Place
    now: Schema
    body: Schema
    backup_file: str | None = None
    seen: Schema | None = None
    by_service: list[Difference] = dataclasses.field(default_factory=list)
    window: float | None = None
    _looked: float = 0.0

    def plan(self, call: Call, differences: t.Sequence[Difference]) -> list[Change]:
        """Return the changes as differences; the last one carries the request that makes them all."""
        plan = [Change(one.name, one.before, one.after, None, risk=one.risk) for one in differences]
        if plan:
            plan[-1] = dataclasses.replace(
                plan[-1],
                call=call,
                first=self._prepare,
                confirm=self._visible,
                still=self._still,
                then=self._compared,
            )
        return plan

    def record(self) -> dict[str, t.Any]:
        """Return the keys that tell what happened besides the change itself."""
        kept = {"backup_file": self.backup_file} if self.backup_file else {}
        return {"changed_by_service": as_data(self.by_service), **kept}

    def _prepare(self) -> None:
        self._refuse_a_change_in_between()
        if self.task.params["backup"]:
            self.backup_file = keep(self.now, self.task.params["backup_dir"], self.place.name)

    def _refuse_a_change_in_between(self) -> None:
        """Read once more right before the write: a PUT knows no condition, so this is as near as one can come.

        :raises ProvisioningError: with both sides' differences, where the schema means something else by now.
        """
        self._looked = self.task.deadline.now
        latest = self.place.read()
        # Every successful write sets the version anew (page of synchronizationSchema), but it was seen to change
        # without one, so a new version alone stops nothing.
        theirs = [] if latest.get("version") == self.now.get("version") else difference(self.now, latest)
        if theirs:
            raise ProvisioningError(
                f"Somebody else changed the schema while this task was planning, so nothing was written. Their "
                f"changes: {told(theirs)}. The changes of this task: {told(difference(self.now, self.body))}. Run the "
                "task again: it plans from what there is now.",
                their_changes=[said(one) for one in theirs],
            )

    def _visible(self, _call: Call) -> Schema | None:
        """Read the schema back; None while it is what it was.

        Whoever read it before our write could be seen replaces it within about the time that we took ourselves. So the
        first look comes only after that.
        """
        if self.window is None:
            self.window = self.task.deadline.now - self._looked
            wait = min(max(_SHORTEST_WAIT, WINDOWS * self.window), _LONGEST_WAIT, self.task.deadline.left / 3)
            self.task.deadline.sleep(wait, "looking whether somebody else wrote the schema too")
        seen = self.place.read()
        # Either it is as written, or at least no longer as it was.
        return seen if not difference(self.body, seen) or difference(self.now, seen) else None

    def _still(self) -> str:
        return f"it is as before: {told(difference(self.body, self.now))}"

    def _compared(self, seen: Schema) -> Schema:
        """Report what the service made of the write by itself.

        :raises ProvisioningError: where what was to be changed is not there.
        """
        self.seen = seen
        self.by_service = difference(self.body, seen)
        self._refuse_a_lost_change()
        if self.by_service:
            self.task.warn(
                f"The service changed by itself what was written: {told(self.by_service)}. Where the options say "
                "otherwise, the next run will want to change it again; adapt them to what the service makes of it."
            )
        return seen

    def _refuse_a_lost_change(self) -> None:
        """Fail where a change is undone that this task has made.

        :raises ProvisioningError: naming what is lost, and what is there instead.
        """
        undone = {(one.name, one.before) for one in difference(self.now, self.body)}
        lost = [one for one in self.by_service if (one.name, one.after) in undone]
        if lost:
            others = [one for one in self.by_service if one not in lost]
            also = f" They changed: {told(others)}." if others else ""
            raise ProvisioningError(
                f"The schema was written, but by now it lacks changes of this task: {told(lost)}. Somebody else wrote "
                f"it at the same time, or the service does not keep them.{also} Run the task again: it plans from what "
                "there is now.",
                lost_changes=[said(one) for one in lost],
            )


def paused_around(task: Task, principal: Principal, job: jobs.Job | None, plan: list[Change]) -> list[Change]:
    """Return a plan with the job paused before and started again after it, also after a failure in between.

    A job that an earlier run has paused and could not start again is started; any other that rests stays as it is.

    :arg job: the whole job.
    """
    if not task.params["pause_around"] or job is None:
        return plan
    job_id = str(job["id"])
    if not jobs.is_running(job):
        return _of_a_resting_job(task, principal, job, plan)
    if not task.check_mode:
        pauses.forgotten(principal, job_id)(None)
    if not plan:
        return plan
    if jobs.is_quarantined(job):
        task.warn(
            f"The synchronization job {job_id} is in quarantine and was not paused around the change: starting it "
            "again would lift the quarantine."
        )
        return plan
    # The job is as before in the end, so the two are in the list of changes, but not in the diff.
    pause = dataclasses.replace(
        job_changes.pause(task, principal, job_id, job), before=None, after=None, then=pauses.noted(principal, job_id)
    )
    start = dataclasses.replace(job_changes.start(task, principal, job_id, None), before=None, after=None, always=True)
    return [pause, *plan, dataclasses.replace(start, undone=_left_paused(principal, job_id))]


def _of_a_resting_job(task: Task, principal: Principal, job: jobs.Job, plan: list[Change]) -> list[Change]:
    job_id = str(job["id"])
    if pauses.is_ours(principal, job):
        start = job_changes.start(task, principal, job_id, job)
        says = f"{start.sentence}, which an earlier run paused and could not start again"
        return [*plan, dataclasses.replace(start, says=says, always=True, undone=_left_paused(principal, job_id))]
    if left_paused(job, plan):
        task.warn(
            f"The synchronization job {job_id} is paused and stays so, since it is not known that an earlier run of "
            f"this task paused it. {_left_paused(principal, job_id).help}"
        )
    return plan


def left_paused(job: jobs.Job | None, plan: t.Sequence[Change]) -> str | None:
    """Return the id of a job that was paused, by whomever, and that a plan does not start; None for any other.

    A new job, which has never been started, was not paused.
    """
    if job is None or jobs.is_running(job) or any(change.always for change in plan):
        return None
    return str(job["id"]) if jobs.has_run(job) or jobs.schedule_state(job) == "Paused" else None


def _left_paused(principal: Principal, job_id: str) -> Undone:
    return Undone(
        f"The synchronization job {job_id} is left paused.",
        f"To start it: {jobs.command(principal, job_id, 'start')}",
        {"left_paused": job_id},
    )


def told(differences: t.Sequence[Difference]) -> str:
    """Return differences in one line, the first of many."""
    shown = "; ".join(said(one) for one in differences[:_MOST_SHOWN])
    more = len(differences) - _MOST_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown


def said(one: Difference) -> str:
    """Return a difference in one sentence, as the list of changes has it."""
    return Change(one.name, one.before, one.after, None).sentence


def keep(schema: Schema, folder: str, name: str) -> str:
    """Keep a schema in a new file that only its owner can read, and return the path.

    :arg name: whose it is; a moment is added, and a number where that file exists.
    :raises ProvisioningError: where it cannot be kept.
    """
    stem = f"{re.sub(r'[^A-Za-z0-9._-]+', '_', name)}.{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for number in range(1000):
            path = os.path.abspath(os.path.join(folder, f"{stem}{f'.{number}' if number else ''}.json"))
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(schema, file, indent=2, ensure_ascii=False)
                file.write("\n")
            return path
    except OSError as error:
        raise ProvisioningError(
            f"The schema was not changed, since the one there is could not be kept in the folder {folder}: "
            f"{error.strerror or error}. Name another one with the option backup_dir."
        ) from error
    raise ProvisioningError(f"The folder {folder} is full of backups of this second; nothing was changed.")
