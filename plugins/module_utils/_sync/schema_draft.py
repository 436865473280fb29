# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""From what the options wish to the whole schema that is to be written."""

from __future__ import annotations

import typing as t

from .._graph.errors import BadInput
from .._schema import refusals, shape
from .._schema.align import aligned
from .._schema.diff import Difference, difference
from .._schema.edit import Wishes, edited
from .._schema.lint import Finding, lint
from .._schema.portable import is_portable
from .._schema.problems import SchemaProblem
from .._schema.sources import completed
from .._schema.substitute import substituted
from .._schema.summary import summary
from .._task import Change, Outcome
from . import expressions, operators, schemas

if t.TYPE_CHECKING:
    from .._task import Task
    from .schemas import Place, Schema

Check = t.Callable[[t.Mapping[str, t.Any]], t.Mapping[str, t.Any]]
_LISTS = ("object_mappings", "rules", "custom_attributes")


def checked(task: Task, validated: Check) -> Wishes | None:
    """Return what the options wish in shorthand, None where they hold a whole document; before the first request.

    :arg validated: checks a portable document as the options of its members are checked.
    :raises BadInput: for a document that is none, and for rules to ignore that do not exist.
    """
    document = task.params["schema"]
    try:
        lint({"object_mappings": []}, ignore=task.params["ignore_findings"])
        if document is None:
            return _refused(_wishes(task.params, exact=False))
        if is_portable(document):
            return _refused(_wishes(validated(substituted(document, _substitutions(task))), exact=True))
        shape.check(schemas.checked_document(document, "schema"))
        return None
    except SchemaProblem as problem:
        raise BadInput(problem.message) from problem


def _wishes(given: t.Mapping[str, t.Any], *, exact: bool) -> Wishes | None:
    lists = {name: given.get(name) or () for name in _LISTS}
    return Wishes(**lists, exact=exact) if any(given.get(name) is not None for name in _LISTS) else None


def _refused(wishes: Wishes | None) -> Wishes | None:
    """Return the wishes unless they contradict themselves or each other."""
    if wishes is not None:
        refusals.check(wishes.object_mappings, wishes.custom_attributes, wishes.exact)
    return wishes


def _substitutions(task: Task) -> dict[str, str]:
    return {str(old): str(new) for old, new in task.params["substitutions"].items()}


def wanted(task: Task, place: Place, now: Schema, wishes: Wishes | None) -> Schema:
    """Return the schema that the options ask for, with every expression parsed by the service.

    :arg now: the schema as it is.
    :arg wishes: edits in shorthand, from :func:`checked`.
    :raises BadInput: where the options name what the schema does not have.
    :raises ProvisioningError: where the service cannot parse an expression, or a test of one fails.
    """
    try:
        body = _drafted(task, place, now, wishes)
    except SchemaProblem as problem:
        raise BadInput(problem.message) from problem
    expressions.run_tests(task, place, body, now)
    if not difference(now, body):
        return now
    operators.check(place, body, now)
    return completed(body, now, expressions.parsed(place, body, now))


def _drafted(task: Task, place: Place, now: Schema, wishes: Wishes | None) -> Schema:
    if task.params["state"] == "default":
        return aligned(place.template(), now)
    if wishes is not None:
        return edited(now, wishes, place.template() if wishes.exact else None)
    if task.params.get("from_job"):
        document = schemas.of_other_job(task, task.params["from_job"])
    elif task.params["schema"] is not None:
        document = task.params["schema"]
    else:
        return now
    return aligned(substituted(document, _substitutions(task)), now)


def to_come(task: Task) -> Outcome:
    """Return what can be said in check mode of an application that an earlier task would have made."""
    tests = task.params["expression_tests"]
    if tests:
        task.warn("The expression tests were not run, since the application that would evaluate them does not exist.")
    given = [name for name in ("schema", "from_job", *_LISTS) if task.params.get(name) is not None]
    whole = "schema" in given or "from_job" in given
    says = f"make the schema what the {'document says' if whole else 'options say'}"
    plan = [Change("schema", None, "as given", None, says=says)] if given else []
    return task.carry_out(plan, record=lambda _seen: {}, planned={"summary": summary({})}, subject="schema")


def warn(task: Task, now: Schema, body: Schema, differences: t.Sequence[Difference]) -> None:
    """Warn of what a change brings about that the linter finds."""
    if not differences:
        return
    before = {(one.rule, one.path) for one in _findings(now, ())}
    for finding in _findings(body, task.params["ignore_findings"]):
        if (finding.rule, finding.path) not in before:
            task.warn(f"{finding.path}: {finding.message} (rule {finding.rule})")


def _findings(schema: Schema, ignored: t.Sequence[str]) -> list[Finding]:
    try:
        return lint(schema, ignore=ignored)
    except SchemaProblem:
        # What the service keeps may be odder than what the linter can read; then it has nothing to say.
        return []
