# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language: text to tree and back, failures with their place, and that nothing breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.graphsim.engine.expressions import (
    FUNCTIONS,
    EvaluationError,
    ParseError,
    evaluate,
    parse,
    parse_expression,
    render,
    text_of,
    tree_of,
)
from tests.graphsim.engine.expressions.functions import FUNCTIONS_BY_NAME

EXAMPLES = Path(__file__).parents[1] / "fixtures" / "graph" / "examples"
# Keys that the README of the examples calls assumed, with the names of the "synchronizationSchema: functions" page.
ASSUMED_KEYS = {
    "key": "switchValue",
    "value": "switchValue",
    "regexPattern": "RegularExpression",
    "regexGroupName": "RegularExpressionGroupName",
}


def sources(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, list):
        for item in document:
            yield from sources(item)
    if isinstance(document, dict):
        if {"expression", "name", "type"} <= document.keys():
            yield document
        for item in document.values():
            yield from sources(item)


ALL = {
    source["expression"]: source
    for path in sorted(EXAMPLES.glob("*.json"))
    for source in sources(json.loads(path.read_text(encoding="utf-8")))
}


def documented(source: dict[str, Any]) -> dict[str, Any]:
    """The source with documented keys and without noise: `parameters` missing or empty is the same."""
    parameters = [
        {"key": ASSUMED_KEYS.get(one["key"], one["key"]), "value": documented(one["value"])}
        for one in source.get("parameters") or []
    ]
    return {**{name: source[name] for name in ("expression", "name", "type")}, "parameters": parameters}


def bare(source: dict[str, Any]) -> dict[str, Any]:
    """The tree alone, without any text."""
    parameters = [{"key": one["key"], "value": bare(one["value"])} for one in source.get("parameters") or []]
    return {"name": source["name"], "type": source["type"], "parameters": parameters}


@pytest.mark.parametrize("expression", ALL)
def test_examples_parse_to_their_trees(expression: str) -> None:
    assert tree_of(parse(expression)) == documented(ALL[expression])


@pytest.mark.parametrize("expression", [text for text in ALL if '="0"' not in text])
def test_a_tree_without_text_renders_the_text(expression: str) -> None:
    again = parse(render(bare(ALL[expression])))
    assert bare(tree_of(again)) == bare(documented(ALL[expression]))


def test_minimal_sources_render() -> None:
    assert render({"source": None, "name": "mail", "type": "Attribute"}) == "[mail]"
    assert render({"name": "mail"}) == "[mail]"
    assert render({"name": 'say "hi"\\', "type": "Constant"}) == r'"say \"hi\"\\"'
    with pytest.raises(EvaluationError, match="needs a name"):
        render({"type": "Attribute"})
    with pytest.raises(EvaluationError, match="no parameter 'bogus'"):
        render({"name": "Not", "type": "Function", "parameters": [{"key": "bogus", "value": {"name": "x"}}]})


def test_normalised_text() -> None:
    written = 'Replace( [preferredLanguage] ,"-",,, "_" , ,  )'
    assert text_of(parse(written)) == 'Replace([preferredLanguage], "-", , , "_", , )'
    assert text_of(parse('IIF( [a] = "x , y" , [b] , [c] )')) == 'IIF([a]="x , y", [b], [c])'
    assert text_of(parse('[emails[type eq "work"].value]')) == '[emails[type eq "work"].value]'


def test_escapes_in_strings() -> None:
    assert evaluate(parse(r'"Company name: \"Contoso\" \\ \d"'), {}) == r'Company name: "Contoso" \ \d'


@pytest.mark.parametrize(
    ("text", "complaint", "line", "column"),
    [
        ("", "ends too early", 1, 1),
        ("Append([a]", "ends too early", 1, 11),
        ('Append([a], "x)', "Unexpected '\"x\\)'", 1, 13),
        ("Append([a],\n Frob([b]))", "Unknown function 'Frob'", 2, 2),
        ("append([a], [b])", "Unknown function 'append'", 1, 1),
        ('Append([a], "x", "y")', "Too many arguments: 3", 1, 1),
        ("Mid([a], 1)", "'length' is missing", 1, 1),
        ('Append(, "x")', "'source' is missing", 1, 1),
        ('Switch([a], , "x")', "Too few arguments: 3", 1, 1),
        ('Switch([a], , "x", "y", "z")', "odd number", 1, 1),
        ('Join("", SelectUniqueValue("a", "b"))', "cannot be nested", 1, 10),
        ("[a", "Unexpected", 1, 1),
        ("[a] [b]", "Unexpected", 1, 5),
        ("'a'", "Unexpected", 1, 1),
        ('"' + "x" * 10_000 + '"', "10002 characters", 1, 1),
        ("Not(" * 200 + "[a]" + ")" * 200, "nested more than", 1, 404),
    ],
)
def test_failures_have_a_place(text: str, complaint: str, line: int, column: int) -> None:
    with pytest.raises(ParseError, match=complaint) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_functions_are_described() -> None:
    replace = next(one for one in FUNCTIONS if one["id"] == "Replace")
    assert [parameter["name"] for parameter in replace["parameters"]] == [
        "source", "Find", "RegularExpression", "RegularExpressionGroupName", "Replacement", "ReplacementPropertyName",
        "Template",
    ]  # fmt: skip
    join = next(one for one in FUNCTIONS if one["id"] == "Join")["parameters"]
    assert [(one["name"], one["required"], one["allowMultipleOccurrences"]) for one in join] == [
        ("separator", True, False),
        ("source", True, True),
    ]
    assert all(
        one["type"] in {"String", "Integer", "Boolean", "DateTime"} for f in FUNCTIONS for one in f["parameters"]
    )


def response(expression: str, **properties: Any) -> dict[str, Any]:
    pairs = [{"key": key, "value": value} for key, value in properties.items()]
    return parse_expression({"expression": expression, "testInputObject": {"properties": pairs}})


def test_parse_expression_of_the_reference_page() -> None:
    answer = response('Replace([preferredLanguage], "-", , , "_", ,  )', preferredLanguage="EN-US")
    assert answer["error"] is None
    assert answer["evaluationResult"] == ["EN_US"]
    assert answer["parsedExpression"]["expression"] == 'Replace([preferredLanguage], "-", , , "_", , )'
    assert [one["key"] for one in answer["parsedExpression"]["parameters"]] == ["source", "Find", "Replacement"]


def test_parse_expression_tells_failures() -> None:
    broken = response("Frob([a])")
    assert (broken["parsingSucceeded"], broken["evaluationSucceeded"], broken["parsedExpression"]) == (
        False,
        False,
        None,
    )
    assert "Frob" in broken["error"]["message"]
    valueless = response("BitAnd([a], 1)", a="x")
    assert (valueless["parsingSucceeded"], valueless["evaluationSucceeded"]) == (True, False)
    assert valueless["parsedExpression"]["name"] == "BitAnd"
    assert valueless["error"]["code"] == "ExpressionEvaluationFailed"


def test_parse_expression_knows_the_attributes_of_the_schema() -> None:
    user = {"name": "User", "attributes": [{"name": "mail"}]}
    assert parse_expression({"expression": "[mail]"}, user)["parsingSucceeded"]
    assert "Unknown attribute 'Mail'" in parse_expression({"expression": "[Mail]"}, user)["error"]["message"]


def test_parse_expression_without_input_evaluates_nothing() -> None:
    answer = parse_expression({"expression": "[mail]"})
    assert (answer["parsingSucceeded"], answer["evaluationSucceeded"], answer["error"]) == (True, False, None)


# The first draw builds tables of Unicode, and machines of CI are slow.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.text("abcXYZ019_.: -", min_size=1, max_size=8).filter(lambda name: name.strip() == name)
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = st.one_of(
    NAMES.map(lambda name: f"[{name}]"),
    STRINGS.map(lambda value: '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.integers(-99, 99).map(str),
    st.just('[emails[type eq "work"].value]'),
)


def calls(arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    @st.composite
    def call(draw: st.DrawFn) -> str:
        function = FUNCTIONS_BY_NAME[draw(st.sampled_from(sorted(FUNCTIONS_BY_NAME.keys() - {"SelectUniqueValue"})))]
        repeats = bool(function.parameters) and function.parameters[-1].repeats
        count = len(function.parameters) + (draw(st.integers(0, 2)) * 2 if repeats else 0)
        count = max(count, function.minimum)
        count += function.even and count % 2
        parts = []
        for position in range(count):
            optional = not function.parameter(position).required and not function.parameter(position).repeats
            parts.append("" if optional and draw(st.booleans()) else draw(arguments))
        return f"{function.name}({','.join(parts)})"

    return call()


EXPRESSIONS = st.recursive(LEAVES, calls, max_leaves=8).flatmap(
    lambda left: st.one_of(
        st.just(left),
        st.tuples(st.sampled_from(["=", "<>", "<", ">", "<=", ">="]), LEAVES).map(lambda p: left + "".join(p)),
    )
)
# The parts of an expression outside of which blanks mean nothing.
TOKENS = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:[^\[\]]|\[[^\[\]]*\])+\]|<>|<=|>=|[=<>(),]|[^\s"\[\]=<>(),]+', re.DOTALL)


@PATIENT
@given(EXPRESSIONS)
def test_normalised_text_is_stable(expression: str) -> None:
    text = text_of(parse(expression))
    assert text_of(parse(text)) == text
    assert tree_of(parse(text)) == tree_of(parse(expression))


@PATIENT
@given(EXPRESSIONS, st.data())
def test_blanks_outside_literals_mean_nothing(expression: str, data: st.DataObject) -> None:
    blanks = st.sampled_from(["", " ", "  ", "\n", "\t "])
    noisy = "".join(token + data.draw(blanks) for token in TOKENS.findall(expression))
    assert tree_of(parse(noisy)) == tree_of(parse(expression))


@PATIENT
@given(EXPRESSIONS, st.dictionaries(NAMES, st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9))))
def test_evaluation_raises_nothing_but_its_own_error(expression: str, properties: dict[str, Any]) -> None:
    try:
        evaluate(parse(expression), properties)
    except EvaluationError as error:
        assert str(error)


@PATIENT
@given(st.text(max_size=60))
def test_any_text_parses_or_says_why(text: str) -> None:
    answer = parse_expression({"expression": text, "testInputObject": {"properties": []}})
    assert answer["parsingSucceeded"] or answer["error"]["message"]
