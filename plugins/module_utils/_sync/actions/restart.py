# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Restart: a job begins anew and forgets what it is told to."""

from __future__ import annotations

import typing as t

from ..._graph.errors import BadInput
from ..._task import Change, Outcome
from .. import endpoints, jobs
from ..jobs import Job
from ..principals import Principal
from .finish import carried_out, id_of

if t.TYPE_CHECKING:
    from ..._task import Task

# What a restart without scopes forgets: that of the portal (page "synchronizationJobRestartCriteria").
USUAL = ("Watermark", "Escrows", "QuarantineState")
# Full breaks the links between source and target; ForceDeletes removes accounts. A human has to say so.
DANGEROUS = {
    "Full": "Full forgets which accounts of source and target belong together, and all are matched anew",
    "ForceDeletes": "ForceDeletes removes the accounts that the deletion threshold holds back",
}
# Documented as not to be used (the same page).
FORBIDDEN = {
    "None": "None only starts a job that rests; that is what the action start does",
    "ConnectorDataStore": "ConnectorDataStore forgets which accounts of source and target belong together, and is for "
    "Microsoft's support alone",
}
SCOPES = (*USUAL, *DANGEROUS, *FORBIDDEN)


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse scopes that must not be used, and those that nobody has confirmed.

    :raises BadInput: with the reason.
    """
    scopes = params["reset_scope"]
    refused = [FORBIDDEN[one] for one in scopes if one in FORBIDDEN]
    if refused:
        raise BadInput(f"{'; '.join(refused)}. Microsoft documents that it must not be used, so it is refused.")
    risky = [DANGEROUS[one] for one in scopes if one in DANGEROUS]
    if risky and not params["confirm"]:
        raise BadInput(f"{'; '.join(risky)}. Set confirm to true if that is meant.")
    if "ForceDeletes" in scopes and len(scopes) > 1:
        raise BadInput("The reset scope ForceDeletes must be sent alone.")


def run(task: Task, principal: Principal) -> Outcome:
    """Restart a job; this always acts."""
    job = jobs.required(task, principal)
    scopes = list(dict.fromkeys(task.params["reset_scope"]))
    forgets = ", ".join(scopes or USUAL)
    says = f"restart the synchronization job, resetting {forgets}"
    return carried_out(task, principal, job, [change(principal, job, scopes, says)])


def change(principal: Principal, job: Job | None, scopes: t.Sequence[str], says: str) -> Change:
    """Return the change that restarts a job.

    :arg scopes: what it forgets; nothing given means the usual.
    :arg says: the change in a sentence.
    """
    criteria = {"resetScope": ", ".join(scopes)} if scopes else {}
    call = endpoints.JOB_RESTART.call(sp=principal.id, job=id_of(job), body={"criteria": criteria})
    return Change("job", jobs.status_code(job) if job else None, "restarted", call, says=says, risk="restart")
