# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Jobs that this collection has paused around a change: noted, so that the next run starts what stayed paused.

The service keeps no trace of who paused a job, and what a person paused must not be started. So a note lies in a file
of whoever runs the task, in Ansible's own folder (``ANSIBLE_HOME``, or ``~/.ansible``), from the pause until the job is
seen to run. It holds ids only. Where that folder does not last, as in a container, there is no note, and the next run
names the job instead of starting it.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import pathlib
import typing as t

from .._graph.run_memory import digest
from . import cycles, jobs, turns
from .jobs import Job
from .moments import moment
from .principals import Principal


def noted(principal: Principal, job_id: str) -> t.Callable[[t.Any], t.Any]:
    """Return what notes that this collection paused a job, after the change that does so."""

    def note(seen: t.Any) -> t.Any:
        path = _path(principal, job_id)
        told = {
            "service_principal_id": principal.id,
            "job_id": job_id,
            "paused": datetime.datetime.now(datetime.timezone.utc).isoformat(),
            "last_cycle": cycles.last_cycle(seen),
        }
        # A note that cannot be kept must not stop the work: the next run names the job then.
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(told, file)
        return seen

    return note


def forgotten(principal: Principal, job_id: str) -> t.Callable[[t.Any], t.Any]:
    """Return what removes the note, after a change that starts or pauses the job because somebody asked for it."""

    def forget(seen: t.Any) -> t.Any:
        with contextlib.suppress(OSError):
            _path(principal, job_id).unlink(missing_ok=True)
        return seen

    return forget


def is_ours(principal: Principal, job: Job) -> bool:
    """Tell whether a resting job rests because this collection paused it, and nobody has had it run since."""
    try:
        told = json.loads(_path(principal, str(job["id"])).read_text(encoding="utf-8"))
        paused = moment(told["paused"])
    except (OSError, ValueError, TypeError, KeyError):
        return False
    if paused is None or jobs.is_running(job):
        return False
    last = cycles.last_cycle(job)
    if last is None or list(last) == told.get("last_cycle"):
        return True
    # A cycle that ran at the pause goes on to its end. One that began later was started by somebody else. The service
    # gives whole seconds, so within one second either is possible, and the job is only named.
    began = moment(job["status"]["lastExecution"].get("timeBegan"))
    return began is not None and began < paused.replace(microsecond=0)


def _path(principal: Principal, job_id: str) -> pathlib.Path:
    return turns.folder("paused") / f"{digest(principal.id, job_id)}.json"
