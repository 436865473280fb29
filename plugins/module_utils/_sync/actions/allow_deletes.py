# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Allow deletes: lets through what the deletion threshold holds back, once a human has said how many that are."""

from __future__ import annotations

import typing as t

from ..._graph.errors import BadInput, ProvisioningError
from ..._task import Outcome
from .. import deletions, jobs
from ..principals import Principal
from . import restart
from .finish import carried_out, looked_after

if t.TYPE_CHECKING:
    from ..._task import Task

# How many are named where the number is wrong.
SHOWN = 10


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse to allow what nobody has counted.

    :raises BadInput: saying how to learn the number.
    """
    if params["confirm_count"] is None:
        raise BadInput(
            "The action allow_deletes needs confirm_count, the number of accounts that it will disable or delete. "
            "With confirm_count 0 nothing is allowed, and the message tells the number."
        )


def run(task: Task, principal: Principal) -> Outcome:
    """Allow the staged deletions of a job; nothing happens where none are held back.

    :raises ProvisioningError: where their number is another one than was confirmed.
    """
    job = jobs.required(task, principal)
    if job is None or not deletions.are_held_back(job):
        return Outcome(False, {"changes": [], "job": job, "staged_deletes": []})
    staged = deletions.staged(task.graph, job)
    _refuse_another_number(staged, task.params["confirm_count"])
    says = f"let {len(staged)} deletions through, by a restart with ForceDeletes"
    # ForceDeletes must be sent alone (cloud sync page).
    plan = [restart.change(task, principal, job, ["ForceDeletes"], says)]
    done = carried_out(task, principal, job, plan, good=jobs.is_running)
    # The quarantine ends with the cycle that carries the deletions out.
    outcome = looked_after(task, principal, job, plan, done, lifts=False)
    outcome.result["staged_deletes"] = staged
    return outcome


def _refuse_another_number(staged: t.Sequence[deletions.Staged], confirmed: int) -> None:
    if not staged:
        raise ProvisioningError(
            "The job is in quarantine for too many deletions, but the provisioning log does not tell of any yet. It "
            "lags by some minutes; run the task again then. Nothing was allowed.",
            staged_deletes=0,
        )
    if len(staged) == confirmed:
        return
    names = ", ".join(f"{one['name'] or one['type'] or 'object'} ({one['id']})" for one in staged[:SHOWN])
    raise ProvisioningError(
        f"The deletion threshold holds back {len(staged)} deletions, not {confirmed}: {names}"
        f"{f' and {len(staged) - SHOWN} more' if len(staged) > SHOWN else ''}. Nothing was allowed. If all of them are "
        f"meant, set confirm_count to {len(staged)}. If not, repair the assignments or the scope, and then use the "
        "action restart.",
        staged_deletes=len(staged),
    )
