# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Provision on demand: any number of people and groups now, each with what became of it."""

from __future__ import annotations

import typing as t

from ..._graph.errors import GraphError, ProvisioningError
from ..._task import Outcome
from .. import endpoints, jobs, log_codes, on_demand, schemas
from ..assignments import Member
from ..on_demand import Rule, Subject
from ..pace import Pace
from ..principals import Principal
from . import subjects

if t.TYPE_CHECKING:
    from ..._graph.endpoint import Call
    from ..._task import Task

Schema = dict[str, t.Any]
Result = dict[str, t.Any]
check = subjects.check

# What the service answers to one subject that it cannot take; others may go on.
OF_THE_SUBJECT = (400, 422)
# How many that did not work are named.
SHOWN = 10


def run(task: Task, principal: Principal) -> Outcome:
    """Provision everybody that the options name; a change only where something was written to the target."""
    job = jobs.required(task, principal)
    found = subjects.in_directory(task)
    if job is None:
        return Outcome(True, {"changes": [_says(one) for one in found], "job": job, "results": []})
    schema = schemas.of_job(task.graph, principal, job["id"])
    wanted = [(one, _rule(schema, one)) for one in found] + [_other(schema, one) for one in task.params["subjects"]]
    calls = [
        (subject, on_demand.call(principal, job["id"], rule, subject))
        for one, rule in dict.fromkeys(wanted)
        for subject in _subjects(task, one)
    ]
    if task.check_mode:
        says = list(dict.fromkeys(_says(subject.member) for subject, _call in calls))
        return Outcome(True, {"changes": says, "job": job, "results": []})
    return _outcome(job, _Provisioning(task, principal).results(calls))


def _rule(schema: Schema, one: Member) -> Rule:
    """Return the rule for a user or group of the directory.

    :raises ProvisioningError: where the job reads Active Directory: it knows people by their distinguished name.
    """
    rule = on_demand.rule(schema, one.kind, "User" if one.kind == "Group" else None)
    if rule.source == "Active Directory":
        raise ProvisioningError(
            f"The job reads from {rule.source}, where {one} has another id. Name people there by their distinguished "
            "name, with the option subjects."
        )
    return rule


def _other(schema: Schema, given: t.Mapping[str, t.Any]) -> tuple[Member, Rule]:
    rule = on_demand.rule(schema, given["type"])
    return Member(rule.kind, given["id"], given["id"]), rule


def _subjects(task: Task, one: Member) -> list[Subject]:
    if one.kind != "Group" or not task.params["with_members"]:
        return [Subject(one)]
    query = {"$select": "id,displayName,userPrincipalName"}
    records = list(task.graph.pages(endpoints.GROUP_MEMBERS.call(group=one.id, query=query)))
    people = [
        Member("User", record["id"], str(record.get("userPrincipalName") or record.get("displayName")))
        for record in records
        if str(record.get("@odata.type", "#microsoft.graph.user")).endswith("user")
    ]
    others = len(records) - len(people)
    if others:
        task.warn(
            f"The {one} has {others} direct members that are no users, such as nested groups. They are left out, since "
            "provisioning does not look into them: name the groups inside in the option groups, and assign them."
        )
    return on_demand.chunks(one, people)


class _Provisioning:
    """The calls of one task, at the pace that the service asks for."""

    def __init__(self, task: Task, principal: Principal) -> None:
        self._task = task
        self._principal = principal
        what = "keeping to five on-demand calls in ten seconds"
        self._pace = Pace(task.deadline, on_demand.CALLS, on_demand.SECONDS, what)

    def results(self, calls: t.Sequence[tuple[Subject, Call]]) -> list[Result]:
        """Make the calls; those that came too soon after an assignment are made again for a while.

        :raises ProvisioningError: where one fails for a reason that is not its subject's, saying what was done before.
        """
        done: list[Result] = []
        try:
            for subject, call in calls:
                done.append(self._made(subject, call, f"{len(done)} of {len(calls)} calls made"))
            self._repeat(calls, done)
        except ProvisioningError as error:
            made = _changes(done)
            if made:
                error.message = f"Done before the failure: {'; '.join(made)}. {error.message}"
                error.facts["changes_made"] = made
            raise
        return done

    def _repeat(self, calls: t.Sequence[tuple[Subject, Call]], done: list[Result]) -> None:
        deadline = self._task.deadline
        patience = min(float(self._task.params["assignment_wait"]), deadline.left)
        until, pause = deadline.now + patience, 2.0
        while any(on_demand.too_soon(one) for one in done) and deadline.now < until:
            deadline.sleep(min(pause, until - deadline.now), "waiting until a new assignment is known to the job")
            pause = min(30.0, pause * 2)
            for number, one in enumerate(done):
                if on_demand.too_soon(one):
                    waiting = sum(on_demand.too_soon(other) for other in done)
                    done[number] = self._made(*calls[number], f"{waiting} assignments not known to the job yet")

    def _made(self, subject: Subject, call: Call, line: str) -> Result:
        self._pace.wait(f"{self._principal}: {line}")
        try:
            return on_demand.result(subject, self._task.graph.send(call))
        except GraphError as error:
            if error.status not in OF_THE_SUBJECT:
                raise
            reason = str(error.facts.get("service_message") or error.message)
            return on_demand.refused(subject, error.code, reason, str(error.facts.get("request_id") or "not given"))


def _outcome(job: jobs.Job, results: list[Result]) -> Outcome:
    says = _changes(results)
    outcome = Outcome(bool(says), {"changes": says, "job": job, "results": results})
    failed = [one for one in results if not one["ok"]]
    if failed:
        reasons = "; ".join(_failure(one) for one in failed[:SHOWN])
        more = f"; and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
        known = filter(None, (log_codes.words(code) for code in dict.fromkeys(one["error_code"] for one in failed)))
        advice = [words.advice for words in known]
        if any(one["steps"] for one in failed):
            advice.append("The steps of each are in results: the first one that did not succeed names the reason.")
        outcome.result["failed"] = True
        outcome.result["msg"] = " ".join(
            [f"{len(failed)} of {len(results)} on-demand calls did not provision: {reasons}{more}.", *advice]
        )
    return outcome


def _failure(one: Result) -> str:
    text = f"{one['type'].lower()} {one['name']}: {one['status']} ({one['error_code'] or 'no code'})"
    text += f": {one['reason'].rstrip('. ')}" if one["reason"] else ""
    return f"{text} (request id {one['request_id']})" if one["request_id"] else text


def _changes(results: t.Sequence[Result]) -> list[str]:
    exported = [one for one in results if one["exported"]]
    return list(dict.fromkeys(f"provision the {one['type'].lower()} {one['name']} on demand" for one in exported))


def _says(one: Member) -> str:
    return f"provision the {one} on demand"
