# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Surveys by AWX's rules.

After JobTemplateSurveySpec of awx api/views and SurveyJobTemplateMixin of main/models/mixins.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (float, int),
}

Question = dict[str, Any]


def questions(template: dict[str, Any]) -> list[Question]:
    """What a template asks at its start."""
    found: list[Question] = template["survey_spec"]["spec"] if template.get("survey_enabled") else []
    return found


def problems_of_survey(survey: dict[str, Any]) -> Iterator[str]:
    """Why AWX would refuse a survey."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey.get(name), kind) or not survey[name]:
            yield name
    variables = [question.get("variable") for question in survey["spec"]]
    for question in survey["spec"]:
        for name, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
            if not isinstance(question.get(name), kind):
                yield f"{question}: {name}"
        yield from (f"{question['variable']}: {problem}" for problem in _problems_of_question(question))
        if variables.count(question["variable"]) > 1:
            yield f"{question['variable']}: asked twice"


def _problems_of_question(question: Question) -> Iterator[str]:
    kind = question["type"]
    if kind not in TYPES:
        yield "its type"
        return
    default = question.get("default", "")
    if default != "" and (not isinstance(default, TYPES[kind]) or isinstance(default, bool)):
        yield "its default is of another type"
    if any(not isinstance(question.get(name, 0), int) for name in ("min", "max")):
        yield "its limits"
    if kind in ("multiplechoice", "multiselect"):
        if not question.get("choices"):
            yield "it has no choices"
        if any(one not in _choices(question) for one in str(default).splitlines()):
            yield "its default is none of the choices"
    if str(default).startswith("$encrypted$"):
        yield "its default is reserved"


def problems_of_answer(question: Question, answers: dict[str, Any]) -> Iterator[str]:
    """Why AWX would refuse the answer to a question."""
    name, kind = question["variable"], question["type"]
    if name not in answers:
        if question["required"]:
            yield f"{name}: value missing"
        return
    answer = answers[name]
    if kind in ("text", "textarea", "password"):
        if not isinstance(answer, str):
            yield f"{name}: expected to be a string"
            return
        yield from _outside(question, len(answer))
    elif kind in ("integer", "float"):
        if type(answer) not in ((int,) if kind == "integer" else (int, float)):
            yield f"{name}: expected to be a number"
            return
        yield from _outside(question, answer)
    else:
        if kind == "multiselect" and not isinstance(answer, list):
            yield f"{name}: expected to be a list"
            return
        chosen = answer if kind == "multiselect" else [answer]
        yield from (f"{name}: {one!r} is none of the choices" for one in chosen if one not in _choices(question))


def accepted(template: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
    """Of the variables that somebody gives at the start, those that AWX lets through."""
    asked = {question["variable"]: question for question in questions(template)}
    free = template.get("ask_variables_on_launch", False)
    return {
        name: value
        for name, value in variables.items()
        if (not any(problems_of_answer(asked[name], variables)) if name in asked else free)
    }


def extra_vars(template: dict[str, Any], runtime: dict[str, Any]) -> dict[str, Any]:
    """The variables of a job: the template's own, defaults of the survey that are valid answers, what was given."""
    defaults = {
        question["variable"]: question["default"]
        for question in questions(template)
        if question.get("default") is not None
        and not any(problems_of_answer(question, {question["variable"]: question["default"]}))
    }
    return {**template.get("extra_vars", {}), **defaults, **runtime}


def _choices(question: Question) -> list[str]:
    choices = question["choices"]
    return [one for one in choices.splitlines() if one.strip()] if isinstance(choices, str) else choices


def _outside(question: Question, size: float) -> Iterator[str]:
    least, most = question.get("min"), question.get("max")
    if least is not None and size < least:
        yield f"{question['variable']}: less than {least}"
    if most is not None and size > most:
        yield f"{question['variable']}: more than {most}"


def filled_in(template: dict[str, Any], **answers: Any) -> dict[str, Any]:
    """What AWX's form sends where somebody answers some questions: empty texts for what was left out, no empty list."""
    form = {one["variable"]: one.get("default", "") for one in questions(template) if one["type"] != "multiselect"}
    return {**form, **answers}
