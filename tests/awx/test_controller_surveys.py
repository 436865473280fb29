# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The surveys of the job templates: AWX's rules for them, and the options of the roles that they answer."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tests.awx.data import Entry, controller, entry
from tests.awx.surveys import accepted, extra_vars, filled_in, problems_of_answer, problems_of_survey, questions
from tests.harness.simulator import ROOT

TEMPLATES = [*controller()["controller_templates"], *controller()["controller_workflows"]]
ASKING = [one for one in TEMPLATES if one.get("survey_enabled")]
# The types of options that an answer can be for; a text becomes what the option is. What a role checks itself, so that
# it may be left blank, is raw.
FITTING = {
    "text": {"str", "list", "path", "raw"},
    "textarea": {"str", "list", "raw"},
    "password": {"str", "raw"},
    "multiplechoice": {"str", "raw"},
    "multiselect": {"list"},
    "integer": {"raw"},
}


def options(template: Entry) -> dict[str, Any] | None:
    """The options of the role that a template is for, all roles' for a workflow, none for a playbook without a role."""
    names = [template["playbook"].removesuffix(".yml")] if "playbook" in template else []
    files = [ROOT / "roles" / name / "meta" / "argument_specs.yml" for name in names]
    if not names:
        files = sorted((ROOT / "roles").glob("*/meta/argument_specs.yml"))
    if not all(file.exists() for file in files):
        return None
    specs = [yaml.safe_load(file.read_text())["argument_specs"]["main"]["options"] for file in files]
    return {name: option for spec in specs for name, option in spec.items()}


@pytest.mark.parametrize("template", ASKING, ids=lambda one: one["name"])
def test_awx_takes_the_survey(template: Entry) -> None:
    assert list(problems_of_survey(template["survey_spec"])) == []


@pytest.mark.parametrize("template", ASKING, ids=lambda one: one["name"])
def test_each_question_is_an_option_of_the_role(template: Entry) -> None:
    known = options(template)
    for question in questions(template):
        name, kind = question["variable"], question["type"]
        if known is None:
            assert name in (ROOT / "playbooks" / template["playbook"]).read_text()
            continue
        option = known[name]
        assert option["type"] in FITTING[kind]
        assert (kind == "password") == option.get("no_log", False)
        if kind == "multiplechoice" and option["type"] == "str":
            assert set(question["choices"]) <= set(option["choices"])
        if kind == "multiselect":
            assert [one for one in question["choices"] if f"C({one})" not in str(option["description"])] == []
        if option.get("required"):
            assert question["required"]
        if question["required"] and option.get("default") not in (None, "") and "default" in question:
            assert str(question["default"]).lower() == str(option["default"]).lower()


@pytest.mark.parametrize("template", ASKING, ids=lambda one: one["name"])
def test_each_answer_of_the_form_is_one_that_the_role_takes(template: Entry) -> None:
    known = options(template)
    sent = filled_in(template)
    for question in questions(template):
        if question["required"] and "default" not in question:
            sent[question["variable"]] = question.get("choices", ['{"a": "b"}'])[0]
    assert [one for question in questions(template) for one in problems_of_answer(question, sent)] == []
    if known is not None:
        # From ansible-core 2.19 on, an empty text of AWX is null (issue 16205 of AWX).
        for empty in ("", None):
            given = {name: empty if value == "" else value for name, value in sent.items()}
            spec = {name: dict(known[name]) for name in given}
            assert ArgumentSpecValidator(spec).validate(given).error_messages == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one["name"])
def test_no_secret_is_given_beforehand(template: Entry) -> None:
    assert [one["variable"] for one in questions(template) if one["type"] == "password" and one.get("default")] == []
    secret = {name for name, option in (options(template) or {}).items() if option.get("no_log")}
    given = set(template.get("extra_vars", {}))
    for node in template.get("workflow_nodes", []):
        given |= set(node.get("extra_data", {}))
    assert given & secret == set()


TEXT = {"question_name": "A", "variable": "a", "type": "text", "required": False}
CHOICE = {**TEXT, "type": "multiplechoice", "choices": ["x", "y"]}
NUMBER = {**TEXT, "type": "integer", "min": 1, "max": 9}


@pytest.mark.parametrize(
    "question",
    [
        {**TEXT, "type": "string"},
        {**TEXT, "required": "no"},
        {**TEXT, "default": 5},
        {**TEXT, "min": "1"},
        {**TEXT, "default": "$encrypted$"},
        {**CHOICE, "choices": []},
        {**CHOICE, "default": "z"},
        {**NUMBER, "default": True},
    ],
)
def test_awx_refuses_other_questions(question: Entry) -> None:
    survey = {"name": "A", "description": "A", "spec": [question]}
    assert list(problems_of_survey({**survey, "spec": [TEXT]})) == []
    assert list(problems_of_survey(survey)) != []


@pytest.mark.parametrize(
    ("question", "answer", "fits"),
    [
        (TEXT, "", True),
        (TEXT, 5, False),
        ({**TEXT, "min": 2}, "a", False),
        ({**TEXT, "max": 2}, "abc", False),
        (NUMBER, 9, True),
        (NUMBER, 10, False),
        (NUMBER, 0, False),
        (NUMBER, "5", False),
        (NUMBER, True, False),
        (CHOICE, "x", True),
        (CHOICE, "z", False),
        ({**CHOICE, "choices": "x\n\ny"}, "y", True),
        ({**CHOICE, "type": "multiselect"}, ["x", "y"], True),
        ({**CHOICE, "type": "multiselect"}, "x", False),
        ({**CHOICE, "type": "multiselect"}, ["z"], False),
    ],
)
def test_answers(question: Entry, answer: Any, fits: bool) -> None:
    assert any(problems_of_answer(question, {"a": answer})) is not fits
    assert any(problems_of_answer({**question, "required": True}, {}))


@pytest.mark.parametrize("workflow", controller()["controller_workflows"], ids=lambda one: one["name"])
def test_what_a_workflow_says_to_a_job_is_let_through(workflow: Entry) -> None:
    for node in workflow["workflow_nodes"]:
        if "extra_data" in node:
            template = entry("controller_templates", node["unified_job_template"]["name"])
            assert accepted(template, node["extra_data"]) == node["extra_data"]


def test_what_becomes_a_variable() -> None:
    template = entry("controller_templates", "Recover")
    assert accepted(template, {"recover_confirm": "true", "recover_wait": "perhaps", "mine": 1}) == {
        "recover_confirm": "true"
    }
    assert accepted({**template, "ask_variables_on_launch": True}, {"mine": 1}) == {"mine": 1}
    variables = extra_vars({**template, "extra_vars": {"recover_timeout": 5, "own": 1}}, {"recover_wait": "true"})
    assert (variables["recover_timeout"], variables["own"], variables["recover_wait"]) == (1800, 1, "true")
    assert "recover_display_name" not in variables
