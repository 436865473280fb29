# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Expressions are parsed only where they are new, and tested as the service evaluates them."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import GraphError, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import expressions
from ansible_collections.entra.provisioning.tests.unit.doubles import answer
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.schema_service import SCHEMA, Document, SchemaService

NOW = example("customappsso_default")
PARSE = f"{SCHEMA}/parseExpression"
UPPER, LOWER = "ToUpper([mail])", "ToLower([mail])"
WRONG = {"parsingSucceeded": False, "error": {"code": "X", "message": "Unexpected end, line 1."}}


def _with(*texts: str) -> Document:
    """Return the schema with expressions in the first mappings."""
    body = copy.deepcopy(NOW)
    mappings = body["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    for one, text in zip(mappings, texts):
        one["source"] = {"expression": text, "type": "Function"}
    return body


def _parsed(service: SchemaService, *texts: str) -> dict[str, Document]:
    return expressions.parsed(service.place(service.task(object_mappings=[])), _with(*texts), NOW)


@pytest.mark.parametrize(
    ("texts", "calls"),
    [
        ((), []),
        # Another spelling of what is there already, an attribute, a constant.
        (('Join( " ",[givenName],  [surname])', "[mail]", '"x"'), []),
        ((UPPER,), ["POST parseExpression"]),
        ((UPPER, "ToUpper( [mail] )"), ["POST parseExpression"]),
        ((UPPER, LOWER), ["POST $batch"]),
    ],
)
def test_only_what_is_new_is_asked(texts: tuple[str, ...], calls: list[str]) -> None:
    service = SchemaService(NOW)
    found = _parsed(service, *texts)
    assert service.calls() == calls
    assert all(one["parameters"] == [{"key": "marked"}] for one in found.values())


def test_the_question_has_all_members() -> None:
    service = SchemaService(NOW)
    _parsed(service, UPPER)
    assert service.http.sent[0].body == {
        "expression": UPPER,
        "targetAttributeDefinition": None,
        "testInputObject": None,
    }


def test_they_are_asked_alone_where_the_batch_is_refused() -> None:
    service = SchemaService(NOW)
    service.routes["POST", "/$batch"] = answer(400)
    assert sorted(_parsed(service, UPPER, LOWER)) == [LOWER, UPPER]
    assert sorted(service.calls()) == ["POST $batch", "POST parseExpression", "POST parseExpression"]


def test_what_cannot_be_parsed_is_told_with_the_functions() -> None:
    service = SchemaService(NOW)
    service.answers = {"Joinn([mail]": WRONG, "Replac(": {"parsingSucceeded": False, "error": {"code": "Odd"}}}
    with pytest.raises(ProvisioningError) as refused:
        _parsed(service, "Joinn([mail]", UPPER, "Replac(")
    message = refused.value.message
    assert message.startswith("The service cannot parse these expressions; nothing was written. ")
    assert "Joinn([mail]: Unexpected end, line 1. " in message
    assert "Replac(: Odd. " in message
    assert "There is no function Joinn. Nearest: Join." in message
    assert "There is no function Replac. Nearest: Replace." in message
    assert message.endswith("Functions are: Append, Join, Replace.")
    assert "ToUpper" not in message
    assert refused.value.facts["expressions"] == ["Joinn([mail]", "Replac("]


@pytest.mark.parametrize("error", [None, {}, {"message": ""}])
def test_a_refusal_without_a_reason_says_so(error: t.Any) -> None:
    service = SchemaService(NOW)
    service.answers = {"Join(": {"parsingSucceeded": False, "error": error}}
    with pytest.raises(ProvisioningError, match="this expression; nothing was written. .*gives no reason") as refused:
        _parsed(service, "Join(")
    assert "There is no function" not in refused.value.message


@pytest.mark.parametrize("texts", [(UPPER,), (UPPER, LOWER)])
def test_a_question_that_is_refused_as_a_request_fails(texts: tuple[str, ...]) -> None:
    service = SchemaService(NOW)
    service.routes["POST", "/$batch"] = answer(501)
    service.routes["POST", PARSE] = answer(403, {"error": {"code": "Forbidden"}})
    with pytest.raises(GraphError, match="Could not parse an expression .*403 Forbidden"):
        _parsed(service, *texts)


def test_a_schema_that_is_gone_is_told() -> None:
    service = SchemaService(NOW)
    service.routes["POST", "/$batch"] = answer(501)
    service.routes["POST", PARSE] = answer(404)
    with pytest.raises(ProvisioningError, match="the service knows no such schema"):
        _parsed(service, UPPER, LOWER)


def _test(expression: str, expect: t.Any, **values: t.Any) -> Document:
    return {"expression": expression, "input": values, "expect": expect}


def _evaluated(result: t.Any, *, succeeded: bool = True, error: t.Any = None) -> Document:
    return {
        "parsingSucceeded": True,
        "evaluationSucceeded": succeeded,
        "evaluationResult": result,
        "error": error,
    }


def _run(answers: dict[str, Document], *tests: Document) -> SchemaService:
    service = SchemaService(NOW)
    service.answers = answers
    made = service.task(expression_tests=list(tests))
    expressions.run_tests(made, service.place(made), service.schema, service.schema)
    return service


@pytest.mark.parametrize(
    ("result", "expect"),
    [
        (["A.B"], "A.B"),
        (["A", "B"], ["A", "B"]),
        (["True"], True),
        (["7"], 7),
        ([], None),
        ([], []),
        (None, None),
        ([""], ""),
        ([None], None),
    ],
)
def test_a_result_as_expected(result: t.Any, expect: t.Any) -> None:
    assert _run({UPPER: _evaluated(result)}, _test(UPPER, expect)).calls() == ["POST parseExpression"]


@pytest.mark.parametrize(
    ("result", "expect", "told"),
    [
        (["A.B"], "A.C", "expected 'A.C', got 'A.B'"),
        (["B", "A"], ["A", "B"], "expected 'A' and 'B', got 'B' and 'A'"),
        (["true"], True, "expected 'True', got 'true'"),
        ([], "", "expected '', got nothing"),
        ([""], None, "expected nothing, got ''"),
        (["A"], [], "expected nothing, got 'A'"),
    ],
)
def test_another_result(result: t.Any, expect: t.Any, told: str) -> None:
    with pytest.raises(ProvisioningError) as failed:
        _run({UPPER: _evaluated(result)}, _test(UPPER, expect, mail="a@b"))
    said = f"{UPPER} with {{'mail': 'a@b'}}: {told}."
    assert failed.value.message == f"1 of 1 expression tests failed; nothing was written. {said}"
    assert failed.value.facts["failed_tests"] == [said]


def test_all_failures_are_told_at_once() -> None:
    answers = {
        UPPER: _evaluated(["A"]),
        LOWER: _evaluated([], succeeded=False, error={"message": "No such attribute."}),
    }
    with pytest.raises(ProvisioningError, match="^2 of 3 expression tests failed") as failed:
        _run(answers, _test(UPPER, "B"), _test(LOWER, "x"), _test(UPPER, "A"))
    assert "expected 'B', got 'A'" in failed.value.message
    assert f"{LOWER} with {{}}: could not be evaluated: No such attribute." in failed.value.message


def test_a_test_of_what_cannot_be_parsed_is_told_as_such() -> None:
    with pytest.raises(ProvisioningError, match="cannot parse this expression"):
        _run({"Join(": WRONG}, _test("Join(", "x"), _test(UPPER, "A"))


def test_inputs_are_told_as_the_service_takes_them() -> None:
    answers = {UPPER: _evaluated(["A"])}
    values = {"accountEnabled": True, "n": 7, "none": None, "list": ["a", False, 1], "blank": ""}
    service = _run(answers, _test(UPPER, "A", **values))
    assert service.http.sent[0].body["testInputObject"] == {
        "definition": None,
        "properties": [
            {"key": "accountEnabled", "value": "True"},
            {"key": "n", "value": "7"},
            {"key": "none", "value": None},
            {"key": "list", "value": ["a", "False", "1"]},
            {"key": "blank", "value": ""},
        ],
    }


@pytest.mark.parametrize("tests", [[], None])
def test_no_tests_ask_nothing(tests: t.Any) -> None:
    service = SchemaService(NOW)
    made = service.task(expression_tests=tests, object_mappings=[])
    expressions.run_tests(made, service.place(made), service.schema, service.schema)
    assert service.http.sent == []
