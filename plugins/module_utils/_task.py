# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""A task, whichever door it came through: its options, its client, and the one place where plans are carried out."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ._graph.connection import Connection
from ._graph.deadline import Deadline
from ._graph.endpoint import Call
from ._graph.errors import GraphError, ProvisioningError, Unconfirmed, Unexpected
from ._graph.graph import Graph
from ._graph.run_memory import RunMemory
from ._graph.sign_in import SignIn
from ._making import Making
from ._options import Arguments
from ._printable import printable
from ._redact import forms, redacted, secret_values, without_secrets

# Seconds for putting something back after a failure, also where the deadline has passed.
RESTORING = 30.0
# Set by the action plugins for modules that run on the controller: the folder that Ansible made for this run.
RUN_FOLDER = "ENTRA_PROVISIONING_RUN_FOLDER"

# Stands in a result for what the options say of people.
NOT_REPEATED = "(data of people, not repeated here)"


class Undone(t.NamedTuple):
    """What is left where a change that undoes an earlier one could not be made.

    ``says`` is a sentence, ``help`` the command that a person can paste, ``facts`` are for a playbook to test.
    """

    says: str
    help: str
    facts: t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference between what is and what is wanted, and the request that removes it.

    ``path`` names the thing in the admin's words; ``before`` and ``after`` are short texts, None for absent. ``says``
    is the whole sentence. ``risk`` is the class that guards work with. ``gives`` names the id in the answer that
    later changes of the same plan refer to. ``look`` reads whether a creation arrived after all, when its answer got
    lost; ``then`` waits until the change can be seen, and returns what it saw. ``first`` is what has to be done right
    before the request. A change with ``confirm`` counts as made only when that sees it: it gets the request as it was
    sent, and returns what it saw; ``still`` says what it sees instead. An answer of success that ``expects`` does not
    know proves nothing. A ``shared`` one is as good when another run has made it. A change that is ``always`` made
    undoes an earlier one, so it is made also after a failure; ``undone`` says what is left where even that does not
    work.
    """

    path: str
    before: str | None
    after: str | None
    call: Call | None
    says: str = ""
    risk: str = "setting"
    gives: str = ""
    look: t.Callable[[], t.Any] | None = None
    then: t.Callable[[t.Any], t.Any] | None = None
    first: t.Callable[[], t.Any] | None = None
    confirm: t.Callable[[Call], t.Any] | None = None
    still: t.Callable[[], str] | None = None
    expects: t.Callable[[t.Any], bool] | None = None
    shared: bool = False
    always: bool = False
    undone: Undone | None = None

    @property
    def sentence(self) -> str:
        """The change in one line."""
        if self.says:
            return self.says
        if self.before is None:
            return f"{self.path}: {self.after} (new)"
        if self.after is None:
            return f"{self.path}: removed (was {self.before})"
        return f"{self.path}: {self.before} → {self.after}"


@dataclasses.dataclass
class Outcome:
    """What a task has to tell: ``result`` becomes the returned keys, ``diff`` is shown with --diff."""

    changed: bool = False
    result: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    diff: dict[str, t.Any] | None = None


class Task:
    """The options of one task and what it works with."""

    def __init__(
        self,
        arguments: Arguments,
        params: t.Mapping[str, t.Any],
        *,
        check_mode: bool,
        diff_mode: bool = False,
        run_folder: str | None = None,
    ) -> None:
        self.arguments = arguments
        self.params = params
        self.check_mode = check_mode
        self.diff_mode = diff_mode
        self.warnings: list[str] = []
        self.deadline = Deadline(float(params["timeout"]))
        self.deadline.progress = self._report
        # Shows a line while the task waits; the ordinary door has nobody to show it to.
        self.progress: t.Callable[[str], None] = lambda _line: None
        # Sentences of changes that were taken back, since another run had made the same.
        self.withdrawn: set[str] = set()
        # What is to be done when the task has ended, however it did.
        self.at_end = contextlib.ExitStack()
        self._run_folder = run_folder
        self._sign_in: SignIn | None = None

    @functools.cached_property
    def graph(self) -> Graph:
        """The client, made when it is first needed.

        :raises ProvisioningError: where the options do not say how to sign in.
        """
        connection = Connection.read(self.params, self.deadline)
        memory = RunMemory(self._run_folder)
        self._sign_in = SignIn(connection, memory)
        return Graph(connection, self._sign_in, memory)

    def warn(self, text: str) -> None:
        """Show a warning with the result."""
        self.warnings.append(text)

    def _report(self, line: str) -> None:
        self.progress(printable(redacted(line, secret_values(self.arguments.spec, self.params))))

    def carry_out(
        self,
        plan: t.Sequence[Change],
        *,
        record: t.Callable[[t.Any], dict[str, t.Any]],
        planned: t.Mapping[str, t.Any] | None = None,
        subject: str = "",
        note: str = "",
    ) -> Outcome:
        """Apply exactly the plan, or say it in check mode.

        :arg record: gives the returned keys after the changes, from what the last change saw (None if nothing); not
            called in check mode or without changes.
        :arg planned: the record to return where nothing was written: the current one, or what is expected.
        :arg subject: what the diff is about.
        :arg note: a line that the diff ends with, of what the changes cost.
        """
        changes = [change.sentence for change in plan]
        outcome = Outcome(bool(plan), {"changes": changes, **(planned or {})}, difference(plan, subject, note))
        if plan and not self.check_mode:
            made: list[str] = []
            try:
                outcome.result.update(record(self._apply(plan, made)))
                outcome.result["changes"] = [sentence for sentence in changes if sentence not in self.withdrawn]
                outcome.changed = bool(outcome.result["changes"])
            except Exception as fault:
                error = _told(fault)
                self._restore(plan, made, error)
                unseen = error.facts.get("unseen", ())
                made = [sentence for sentence in made if sentence not in unseen]
                if made:
                    error.message = (
                        f"{len(made)} of {len(plan)} changes were made: {'; '.join(made)}. Then it failed. "
                        f"{error.message}"
                    )
                    error.facts["changes_made"] = made
                if error is fault:
                    raise
                raise error from fault
        return outcome

    def _apply(self, plan: t.Sequence[Change], made: list[str]) -> t.Any:
        """Make the changes, and return what the last one saw.

        :arg made: gets the sentences of those that the service has accepted. Where the look at the effect of the last
            ones fails, the fact ``unseen`` of the error has their sentences.
        """
        known: dict[str, str] = {}
        seen: t.Any = None
        for number, change in enumerate(plan, 1):
            if change.first:
                change.first()
            if change.always:
                self.deadline.grant(RESTORING)
            # One request makes its own change and those before it that have none.
            sent, before = [done.sentence for done in plan[:number]], len(made)
            try:
                answer = self._send(change, known)
            except Unconfirmed as error:
                # The service has accepted it, so it will have to be undone; what undoes it has to be seen to work.
                if error.facts.pop("accepted", False) and not change.always:
                    made[:], error.facts["unseen"] = sent, sent[before:]
                raise
            if change.call:
                made[:] = sent
            if change.gives:
                known[change.gives] = _new_id(change, answer)
                self.graph.memory.created(known[change.gives])
            seen = answer if change.confirm else None
            if change.then:
                seen = change.then(answer)
            if change.gives and isinstance(seen, dict) and seen.get("id"):
                # What stays may be another one than was made: that of another run.
                known[change.gives] = str(seen["id"])
        return seen

    def _restore(self, plan: t.Sequence[Change], made: list[str], error: ProvisioningError) -> None:
        """Make the changes that undo an earlier one, after a failure between the two."""
        for change in plan:
            if not change.always or change.sentence in made:
                continue
            if not made and not _was_of(error, change):
                if not 400 <= error.facts.get("status", 0) < 500:
                    more = f" {change.undone.help}" if change.undone else ""
                    error.message += f" If that took effect nevertheless: {change.sentence}.{more}"
            elif (_was_of(error, change) or not self._undid(change, made, error)) and change.undone:
                error.message += f" {change.undone.says} {change.undone.help}"
                error.facts.update(change.undone.facts)

    def _undid(self, change: Change, made: list[str], error: ProvisioningError) -> bool:
        """Make a change that undoes an earlier one; tell the failure along with the first one where it fails too."""
        self.deadline.grant(RESTORING)
        try:
            answer = self._send(change, {})
            made.append(change.sentence)
            if change.then:
                change.then(answer)
        except Exception as second:
            error.message = f"{error.message} Nor was it possible to {change.sentence}: {_told(second).message}"
        return change.sentence in made

    def make_again(self, changes: t.Sequence[Change]) -> None:
        """Make changes once more that the service accepted and that cannot be seen."""
        for change in changes:
            self._send(change, {})

    def _send(self, change: Change, known: dict[str, str]) -> t.Any:
        return Making(self.graph, change, change.call.filled(known)).made() if change.call else None

    def perform(self, run: t.Callable[[Task], Outcome]) -> dict[str, t.Any]:
        """Run a module's work and return the result as Ansible wants it, the same through both doors."""
        try:
            with self.at_end:
                outcome = run(self)
            result: dict[str, t.Any] = {"changed": outcome.changed, **outcome.result}
            if self.diff_mode and outcome.diff is not None:
                result["diff"] = outcome.diff
        except Exception as fault:
            error = _told(fault)
            # What was accepted and could not be seen may be there.
            changed = bool([*error.facts.pop("unseen", ()), *error.facts.get("changes_made", ())])
            result = {"failed": True, "changed": changed, "msg": error.message, "error": error.facts}
        if self._sign_in:
            result["signed_in_with"] = self._sign_in.method
        spec = self.arguments.spec
        secrets = secret_values(spec, self.params)
        if self._sign_in and self._sign_in.bearer:
            # A proxy may show the headers that it got on its error page.
            secrets |= forms(self._sign_in.bearer)
        result = printable(redacted(result, secrets))
        self.warnings = printable(redacted(self.warnings, secrets))
        shown = without_secrets(spec, self.params)
        shown.update({name: NOT_REPEATED for name in self.arguments.personal if shown[name]})
        result["invocation"] = {"module_args": shown}
        return result


def _told(fault: Exception) -> ProvisioningError:
    """Return a failure as one that has words for the admin; the last net, below everything that expects something."""
    return fault if isinstance(fault, ProvisioningError) else Unexpected.of(fault)


def _was_of(error: ProvisioningError, change: Change) -> bool:
    """Tell whether the service refused this very change, or may have made it: then it is not sent a second time."""
    sent = isinstance(error, (GraphError, Unconfirmed))
    return sent and change.call is not None and error.facts.get("path") == change.call.path


def _new_id(change: Change, answer: t.Any) -> str:
    if isinstance(answer, dict) and answer.get("id"):
        return str(answer["id"])
    raise ProvisioningError(
        f"The service accepted the request to {change.sentence}, but its answer names nothing that was made. Run the "
        "task again: it looks first, and goes on from what it finds."
    )


def difference(plan: t.Sequence[Change], subject: str = "", note: str = "") -> dict[str, t.Any]:
    """Return what --diff shows: a line per thing that changes, in the admin's words, and the note."""

    def side(pick: t.Callable[[Change], str | None]) -> str:
        lines = [f"{change.path}: {pick(change)}\n" for change in plan if pick(change) is not None]
        return "".join(lines)

    return {
        "before_header": subject,
        "after_header": subject,
        "before": side(lambda change: change.before),
        "after": side(lambda change: change.after) + (f"# {note}\n" if note and plan else ""),
    }


def _module(arguments: Arguments) -> AnsibleModule:
    class Module(AnsibleModule):
        """One for which blank options are not given: Ansible looks what excludes what as soon as it has read them."""

        params: dict[str, t.Any]

        def _load_params(self) -> None:
            super()._load_params()
            self.params = arguments.given(self.params)

    return Module(argument_spec=arguments.spec, supports_check_mode=True, **arguments.rules())


def run_as_module(arguments: Arguments, run: t.Callable[[Task], Outcome]) -> None:
    """Be an Ansible module: the ordinary door."""
    module = _module(arguments)
    task = Task(
        arguments,
        module.params,
        check_mode=module.check_mode,
        diff_mode=module._diff,
        run_folder=os.environ.get(RUN_FOLDER),
    )
    result = task.perform(run)
    for warning in task.warnings:
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
