# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Bulk upload: records for a job of API-driven provisioning, and what became of each."""

from __future__ import annotations

import typing as t

from ..._graph.errors import ProvisioningError
from ..._task import Outcome
from .. import bulk, jobs
from ..bulk import Operation
from ..bulk_results import Follower, submitted
from ..pace import Pace
from ..principals import Principal
from .finish import id_of

if t.TYPE_CHECKING:
    from ..._task import Task

GOOD = ("success", "warning")


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse what the service could not read, and records that would block their account.

    :raises BadInput: naming the records.
    """
    bulk.operations(params)


def run(task: Task, principal: Principal) -> Outcome:
    """Upload the records; with ``wait``, tell what the log says of each.

    :raises ProvisioningError: where a part of it was uploaded, saying which.
    """
    job = jobs.required(task, principal)
    operations = bulk.operations(task.params)
    wait = task.params["wait"]
    if wait and job and not jobs.is_running(job):
        raise ProvisioningError(
            f"The synchronization job {job['id']} rests, so it would not process what is uploaded, and the wait would "
            "not end. Nothing was uploaded. Start the job first, or upload without wait."
        )
    says = [f"upload {_counted(len(operations), 'record')} in {_counted(len(bulk.chunks(operations)), 'request')}"]
    if job is None or task.check_mode:
        return Outcome(True, {"changes": says, "job": job, "results": []})
    follower = Follower(task.graph, job["id"]) if wait else None
    made: list[str] = []
    try:
        locations = _uploaded(task, principal, id_of(job), operations, made)
        if not follower:
            return Outcome(True, {"changes": says, "job": job, "results": submitted(operations)})
        follower.located(locations)
        results = follower.results(operations)
    except ProvisioningError as error:
        if made:
            error.message = f"{'; '.join(made)}. Then it failed. {error.message}"
            error.facts["changes_made"] = made
        raise
    return _outcome(job, says, results)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _uploaded(
    task: Task, principal: Principal, job_id: str, operations: t.Sequence[Operation], made: list[str]
) -> list[str]:
    """Upload the operations and return the addresses of the logs to look at.

    :arg made: gets a sentence for each request that was accepted.
    """
    pace = Pace(task.deadline, bulk.CALLS, bulk.SECONDS, "keeping to forty uploads in five seconds")
    locations, done = [], 0
    for chunk in bulk.chunks(operations):
        pace.wait(f"{principal}: {done} of {len(operations)} records uploaded")
        reply = task.graph.reply(bulk.call(principal, job_id, chunk))
        headers = {name.lower(): value for name, value in reply.headers.items()}
        locations.append(headers.get("location", ""))
        made.append(f"The records {done + 1} to {done + len(chunk)} were uploaded")
        done += len(chunk)
    return locations


def _outcome(job: jobs.Job, says: list[str], results: list[dict[str, t.Any]]) -> Outcome:
    written = [one for one in results if one["status"] in (*GOOD, "submitted")]
    failed = [one for one in results if one["status"] == "failure"]
    outcome = Outcome(bool(written), {"changes": says if written else [], "job": job, "results": results})
    if failed:
        named = "; ".join(f"{one['external_id']}: {one['error_code'] or 'no code'}" for one in failed[:10])
        outcome.result["failed"] = True
        outcome.result["msg"] = (
            f"{len(failed)} of {len(results)} records were not provisioned: {named}"
            f"{' and more' if len(failed) > 10 else ''}. The provisioning log tells why, under the log_id that results "
            "name for each."
        )
    return outcome
