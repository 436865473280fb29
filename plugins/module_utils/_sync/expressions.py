# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Expressions, which only the service can read: parsed before they are written, evaluated to test them.

Source: the page "synchronizationSchema: parseExpression". It changes nothing, so it happens in check mode too.
"""

from __future__ import annotations

import typing as t

from .._graph import batch
from .._graph.errors import GraphError, ProvisioningError
from .._schema import expressions
from .._schema.problems import nearest
from .._schema.sources import unparsed
from .._schema.stand_ins import renamed, stand_ins

if t.TYPE_CHECKING:
    from .._task import Task
    from .schemas import Place, Schema

Answer = dict[str, t.Any]


def parsed(place: Place, body: Schema, now: Schema) -> dict[str, Answer]:
    """Return the sources of the expressions with functions that a schema does not have yet, by their text.

    :raises ProvisioningError: for those that cannot be parsed, with what the service says of each.
    """
    texts = unparsed(body, now)
    names = [stand_ins(text, body, now) for text in texts]
    asked = [expressions.renamed(text, one) for text, one in zip(texts, names)]
    answers = _asked(place, [_question(text) for text in asked])
    wrong = {
        text: _why(answer) if text == said else f"{_why(answer).rstrip('.')}, where it was asked about {said}"
        for text, said, answer in zip(texts, asked, answers)
        if not answer.get("parsingSucceeded")
    }
    if wrong:
        _refuse(place, wrong)
    back = [{new: old for old, new in one.items()} for one in names]
    return {
        text: renamed(place.graph.member(place.parse(_question(text)), answer, "parsedExpression"), one)
        for text, answer, one in zip(texts, answers, back)
    }


def run_tests(task: Task, place: Place, body: Schema, now: Schema) -> None:
    """Evaluate the expressions of the option ``expression_tests``, and fail where one gives something else.

    :arg body: the schema that is going to be, whose new attributes a test may read too.
    :raises ProvisioningError: with what was expected and what came, for each that failed.
    """
    tests = task.params["expression_tests"] or []
    questions = []
    for one in tests:
        names = stand_ins(one["expression"], body, now)
        values = {names.get(name, name): value for name, value in one["input"].items()}
        questions.append(_question(expressions.renamed(one["expression"], names), values))
    answers = _asked(place, questions)
    wrong = {
        one["expression"]: _why(answer) for one, answer in zip(tests, answers) if not answer.get("parsingSucceeded")
    }
    if wrong:
        _refuse(place, wrong)
    failed = [said for one, answer in zip(tests, answers) for said in _judged(one, answer)]
    if failed:
        raise ProvisioningError(
            f"{len(failed)} of {len(tests)} expression tests failed; nothing was written. {' '.join(failed)}",
            failed_tests=failed,
        )


def _question(text: str, values: t.Mapping[str, t.Any] | None = None) -> Answer:
    body: Answer = {"expression": text, "targetAttributeDefinition": None, "testInputObject": None}
    if values is not None:
        properties = [{"key": name, "value": _given(value)} for name, value in values.items()]
        body["testInputObject"] = {"definition": None, "properties": properties}
    return body


def _given(value: t.Any) -> t.Any:
    """Return a value as the service takes it: texts, with booleans in its own spelling."""
    if isinstance(value, list):
        return [_given(one) for one in value]
    return value if value is None else str(value)


def _asked(place: Place, questions: t.Sequence[Answer]) -> list[Answer]:
    """Ask all questions, together where there are several.

    :raises GraphError: for the first that was refused as a request.
    """
    calls = [place.parse(one) for one in questions]
    answers = [place.graph.send(calls[0])] if len(calls) == 1 else batch.read_all(place.graph, calls)
    for call, answer in zip(calls, answers):
        if isinstance(answer, GraphError):
            raise answer
        if answer is None:
            raise ProvisioningError(f"Could not {call.says}: the service knows no such schema.", status=404)
    return answers


def _refuse(place: Place, wrong: t.Mapping[str, str]) -> t.NoReturn:
    """Refuse expressions with the names of the functions that there are."""
    known = sorted({str(one.get("name") or one.get("id")) for one in place.graph.pages(place.functions)})
    unknown = [name for text in wrong for name in expressions.functions(text) if name not in known]
    hint = "".join(f" There is no function {name}.{nearest(name, known)}" for name in dict.fromkeys(unknown))
    said = " ".join(f"{_in_one_line(text)}: {why.rstrip('.')}." for text, why in wrong.items())
    raise ProvisioningError(
        f"The service cannot parse {'this expression' if len(wrong) == 1 else 'these expressions'}; nothing was "
        f"written. {said}{hint} Functions are: {', '.join(known)}.",
        expressions=list(wrong),
    )


def _in_one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines())


def _why(answer: Answer) -> str:
    error = answer.get("error") or {}
    return str(error.get("message") or error.get("code") or "the service gives no reason")


def _judged(test: t.Mapping[str, t.Any], answer: Answer) -> list[str]:
    """Return what is wrong with the result of one test, in a sentence; nothing where it is as expected."""
    asked = f"{_in_one_line(test['expression'])} with {test['input']}"
    if not answer.get("evaluationSucceeded"):
        return [f"{asked}: could not be evaluated: {_why(answer).rstrip('.')}."]
    expected, got = _values(test["expect"]), _values(answer.get("evaluationResult"))
    return [] if expected == got else [f"{asked}: expected {_shown(expected)}, got {_shown(got)}."]


def _values(value: t.Any) -> list[str]:
    """Return what an expression gives as the service tells it: a list of texts, empty for nothing."""
    listed = value if isinstance(value, list) else [value]
    return [str(one) for one in listed if one is not None]


def _shown(values: t.Sequence[str]) -> str:
    return " and ".join(repr(one) for one in values) or "nothing"
