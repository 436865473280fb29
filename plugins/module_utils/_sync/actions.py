# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The actions on a job, each as a plan and what follows it."""

from __future__ import annotations

import typing as t

from .._graph.errors import BadInput
from .._task import Change, Outcome
from . import assignments, bag, cycles, endpoints, jobs, on_demand, schemas, secrets, waits
from .jobs import NEW_JOB, Job
from .on_demand import Subject
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task

# What a restart forgets. None and ConnectorDataStore are documented as not to be used (page
# "synchronizationJobRestartCriteria"), so they are not offered.
SCOPES = ("Watermark", "Escrows", "QuarantineState", "Full", "ForceDeletes")
# Full breaks the links between source and target; ForceDeletes removes accounts. A human has to say so.
DANGEROUS = {
    "Full": "Full forgets which accounts of source and target belong together, and all are matched anew",
    "ForceDeletes": "ForceDeletes removes the accounts that the deletion threshold holds back",
}


def run(task: Task, principal: Principal, job: Job | None) -> Outcome:
    """Carry out the action of the options on a job; None stands for one that check mode only plans."""
    return ACTIONS[task.params["action"]](task, principal, job)


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse options that cannot be meant, before anything is sent.

    :raises BadInput: saying what the action needs.
    """
    scopes = params["reset_scope"]
    if scopes and params["action"] != "restart":
        raise BadInput("The option reset_scope belongs to the action restart.")
    risky = [one for one in scopes if one in DANGEROUS]
    if risky and not params["confirm"]:
        raise BadInput(f"{'; '.join(DANGEROUS[one] for one in risky)}. Set confirm to true if that is meant.")
    if "ForceDeletes" in scopes and len(scopes) > 1:
        raise BadInput("The reset scope ForceDeletes must be sent alone.")
    if params["action"] == "provision_on_demand" and not (params["users"] or params["groups"]):
        raise BadInput("The action provision_on_demand needs somebody to provision: users or groups.")
    bag.check(params)


def _start(task: Task, principal: Principal, job: Job | None) -> Outcome:
    due = job is None or not jobs.is_running(job) or jobs.is_quarantined(job)
    plan = [jobs.start(task, principal, _id(job), job)] if due else []
    return _done(task, principal, job, plan, cycles.after_cycle)


def _pause(task: Task, principal: Principal, job: Job | None) -> Outcome:
    plan = [jobs.pause(principal, job["id"], job)] if job and jobs.is_running(job) else []
    return _done(
        task, principal, job, plan, lambda task, principal, job_id, _before: cycles.after_pause(task, principal, job_id)
    )


def _restart(task: Task, principal: Principal, job: Job | None) -> Outcome:
    scopes = task.params["reset_scope"]
    forgets = ", ".join(scopes) if scopes else "Watermark, Escrows, QuarantineState"
    body = {"criteria": {"resetScope": ", ".join(scopes)}} if scopes else {"criteria": {}}
    change = Change(
        "job",
        jobs.status_code(job) if job else None,
        "restarted",
        endpoints.JOB_RESTART.call(sp=principal.id, job=_id(job), body=body),
        says=f"restart the synchronization job, resetting {forgets}",
        risk="restart",
    )
    return _done(task, principal, job, [change], cycles.after_cycle)


def _validate(task: Task, principal: Principal, job: Job | None) -> Outcome:
    given = {**bag.checked_secrets(task.params), **bag.desired_settings(task.params, {})}
    result: dict[str, t.Any] = {
        "validated": "new credentials" if given else "stored credentials",
        "job": job,
        "changes": [],
    }
    if job is None:
        return Outcome(False, {**result, "validated": None})
    secrets.validate(task.graph, principal, job["id"], given or None)
    return Outcome(False, result)


def _on_demand(task: Task, principal: Principal, job: Job | None) -> Outcome:
    users, groups = task.params["users"], task.params["groups"]
    found = assignments.members(task.graph, users, groups)
    if job is None or task.check_mode:
        says = [f"provision the {one} on demand" for one in found]
        return Outcome(True, {"changes": says, "job": job, "results": []})
    schema = schemas.of_job(task.graph, principal, job["id"])
    subjects = [subject for one in found for subject in _subjects(task, one)]
    results = _provision(task, principal, job["id"], schema, subjects)
    exported = [one for one in results if one["exported"]]
    says = list(dict.fromkeys(f"provision the {one['type'].lower()} {one['name']} on demand" for one in exported))
    failed = [one for one in results if not one["ok"]]
    outcome = Outcome(bool(exported), {"changes": says, "job": job, "results": results})
    if failed:
        reasons = "; ".join(
            f"{one['type'].lower()} {one['name']}: {one['status']} ({one['error_code'] or 'no code'}) {one['reason']}"
            for one in failed
        )
        outcome.result["failed"] = True
        outcome.result["msg"] = (
            f"{len(failed)} of {len(results)} on-demand calls did not provision: {reasons.rstrip('. ')}. The steps of "
            "each are in results: the first one that did not succeed names the reason."
        )
    return outcome


def _subjects(task: Task, one: assignments.Member) -> list[Subject]:
    if one.kind == "User" or not task.params["with_members"]:
        return [Subject(one)]
    query = {"$select": "id,displayName,userPrincipalName"}
    records = task.graph.pages(endpoints.GROUP_MEMBERS.call(group=one.id, query=query))
    people = [
        assignments.Member("User", record["id"], str(record.get("userPrincipalName") or record.get("displayName")))
        for record in records
        if str(record.get("@odata.type", "#microsoft.graph.user")).endswith("user")
    ]
    return on_demand.chunks(one, people)


def _provision(
    task: Task, principal: Principal, job_id: str, schema: dict[str, t.Any], subjects: t.Sequence[Subject]
) -> list[dict[str, t.Any]]:
    """Make the calls; those that came too soon after an assignment are made again for a while."""
    calls = [on_demand.call(principal, job_id, on_demand.rule_id(schema, one.member.kind), one) for one in subjects]
    answers = on_demand.paced(task.graph, calls)
    results = [on_demand.result(one, answer) for one, answer in zip(subjects, answers)]
    patience = min(float(task.params["assignment_wait"]), task.deadline.left)
    pause = 2.0
    while patience > pause and any(on_demand.too_soon(one) for one in results):
        task.deadline.sleep(pause, "waiting until a new assignment is known to the job")
        patience, pause = patience - pause, min(30.0, pause * 2)
        for number, one in enumerate(results):
            if on_demand.too_soon(one):
                results[number] = on_demand.result(subjects[number], task.graph.send(calls[number]))
    return results


def _done(task: Task, principal: Principal, job: Job | None, plan: list[Change], wait: t.Callable[..., Job]) -> Outcome:
    def read(_seen: t.Any) -> dict[str, t.Any]:
        job_id = _id(job)
        if task.params["wait"]:
            return {"job": wait(task, principal, job_id, job)}
        return {
            "job": waits.until(
                task.deadline, "reading the job back", lambda: jobs.read(task.graph, principal, job_id), bool
            )
        }

    return task.carry_out(plan, record=read, planned={"job": job}, subject=f"synchronization job {_id(job)}")


def _id(job: Job | None) -> str:
    return str(job["id"]) if job else NEW_JOB


ACTIONS: dict[str, t.Callable[..., Outcome]] = {
    "start": _start,
    "pause": _pause,
    "restart": _restart,
    "validate_credentials": _validate,
    "provision_on_demand": _on_demand,
}
