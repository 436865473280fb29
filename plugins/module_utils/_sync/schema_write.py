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
from .._task import Change
from . import jobs, waits
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._task import Task
    from .schemas import Place, Schema

_MOST_SHOWN = 10


@dataclasses.dataclass
class Writing:
    """One replacement of a schema: ``now`` by ``body``, and what is known of it afterwards.

    ``backup_file`` is where the previous schema is kept; ``seen`` is what was read back; ``by_service`` are the
    differences between that and what was written.
    """

    task: Task
    place: Place
    now: Schema
    body: Schema
    backup_file: str | None = None
    seen: Schema | None = None
    by_service: list[Difference] = dataclasses.field(default_factory=list)

    def plan(self, call: Call, differences: t.Sequence[Difference]) -> list[Change]:
        """Return the changes as differences; the last one carries the request that makes them all."""
        plan = [Change(one.name, one.before, one.after, None, risk=one.risk) for one in differences]
        if plan:
            plan[-1] = dataclasses.replace(plan[-1], call=call, first=self._prepare, then=self._read_back)
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

    def _read_back(self, _answer: t.Any) -> Schema:
        """Wait until the write can be seen, and report what the service made of it by itself."""
        self.seen = waits.until(
            self.task.deadline,
            "waiting until the written schema can be read back",
            self.place.read,
            # Either it is as written, or at least no longer as it was.
            lambda seen: not difference(self.body, seen) or bool(difference(self.now, seen)),
            tell=lambda seen: f"{told(difference(self.body, seen))}, as before",
        )
        self.by_service = difference(self.body, self.seen)
        if self.by_service:
            self.task.warn(
                f"The service changed by itself what was written: {told(self.by_service)}. Where the options say "
                "otherwise, the next run will want to change it again; adapt them to what the service makes of it."
            )
        return self.seen


def paused_around(task: Task, principal: Principal, job: jobs.Job | None, plan: list[Change]) -> list[Change]:
    """Return a plan with the job paused before and started again after it, also after a failure in between.

    :arg job: the whole job; one that does not run stays as it is.
    """
    if not plan or not task.params["pause_around"] or job is None or not jobs.is_running(job):
        return plan
    if jobs.is_quarantined(job):
        task.warn(
            f"The synchronization job {job['id']} is in quarantine and was not paused around the change: starting it "
            "again would lift the quarantine."
        )
        return plan
    # The job is as before in the end, so the two are in the list of changes, but not in the diff.
    pause = dataclasses.replace(jobs.pause(principal, job["id"], job), before=None, after=None)
    start = dataclasses.replace(jobs.start(task, principal, job["id"], job), before=None, after=None, always=True)
    return [pause, *plan, start]


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
