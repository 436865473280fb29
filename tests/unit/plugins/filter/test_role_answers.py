# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of the roles: what variables mean, why a task failed, what it changed, and whose accounts it is about."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.entra.provisioning.plugins.filter import answers as plugin
from ansible_collections.entra.provisioning.plugins.filter import changes_made, failure_text, name_people

KINDS: dict[str, t.Any] = {
    "name": "text",
    "start": "bool",
    "count": "number",
    "people": "texts",
    "bag": "dict",
    "secrets": "secrets",
    "settings": "settings",
    "entries": "dicts",
    "mode": ["one", "other"],
    "risks": {"each": ["scope", "active"]},
    "custom_attributes": "custom_attributes",
    "object_mappings": "object_mappings",
}
FULL_ATTRIBUTE = {"directory": "target", "object": "User", "name": "badge", "type": "String"}


def _read(name: str, value: t.Any) -> t.Any:
    found = plugin.answers({name: value}, KINDS)
    assert found["problems"] == []
    return found["given"][name]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("blank", [None, "", "  ", "\n"])
def test_what_is_blank_was_not_said(name: str, blank: str | None) -> None:
    assert plugin.answers({name: blank}, KINDS) == {"given": {}, "problems": []}


@pytest.mark.parametrize(
    ("name", "value", "means"),
    [
        ("name", " Contoso ", "Contoso"),
        ("name", 2026, "2026"),
        ("start", "no", False),
        ("start", " True ", True),
        ("start", False, False),
        ("count", "7", 7),
        ("count", 0, 0),
        ("people", " a@x, b@x,\n", ["a@x", "b@x"]),
        ("people", "a\nb\n", ["a", "b"]),
        ("people", ["Sales, EMEA", " b "], ["Sales, EMEA", "b"]),
        ("people", '["Sales, EMEA"]', ["Sales, EMEA"]),
        ("people", [], []),
        ("bag", '{"BaseAddress": "x"}', {"BaseAddress": "x"}),
        ("bag", {}, {}),
        ("secrets", {"SecretToken": "abcd", "UserName": "Ada L"}, {"SecretToken": "abcd", "UserName": "Ada L"}),
        ("settings", '{"BaseAddress": "x", "Domain": {"a": [1]}}', {"BaseAddress": "x", "Domain": {"a": [1]}}),
        ("entries", '[{"a": 1}]', [{"a": 1}]),
        ("mode", "one", "one"),
        ("risks", "scope, active", ["scope", "active"]),
        ("custom_attributes", [FULL_ATTRIBUTE], [FULL_ATTRIBUTE]),
    ],
)
def test_what_is_said(name: str, value: t.Any, means: t.Any) -> None:
    assert _read(name, value) == means


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("name", ["a"], "x_name takes a text."),
        ("name", True, "x_name takes a text."),
        ("start", "perhaps", "x_start takes true or false, not 'perhaps'."),
        ("start", {}, "x_start takes true or false"),
        ("count", -1, "x_count takes a whole number from 0, not -1."),
        ("count", True, "x_count takes a whole number"),
        ("count", "7.5", "x_count takes a whole number"),
        ("people", ["a", ""], "x_people takes a list without empty entries"),
        ("people", 7, "x_people takes a list"),
        ("bag", "SecretToken=hush", "x_bag takes a dictionary"),
        (
            "secrets",
            {"SecretToken": "", "UserName": " "},
            "x_secrets takes no empty value, as SecretToken and UserName",
        ),
        ("secrets", {"SecretToken": None}, "x_secrets takes no empty value, as SecretToken has"),
        ("secrets", {"SecretToken": True}, "x_secrets: SecretToken is a boolean and no text"),
        ("secrets", {"SecretToken": ["hush"]}, "x_secrets: SecretToken is a list and no text"),
        ("secrets", {"SecretToken": "hush\n"}, "holds a line break"),
        ("secrets", {"SecretToken": "hu"}, "is shorter than four characters"),
        ("secrets", {"SecretToken": " hush"}, "begins or ends with a blank"),
        ("secrets", {"SecretToken": "hush\u200b"}, "holds a character that cannot be seen (U+200B)"),
        ("secrets", {"SyncAll": "true"}, "SyncAll is no secret"),
        ("settings", {"BaseAdress": "https://hush"}, "Did you mean BaseAddress?"),
        ("settings", {"BaseAddress": "https://hush\n"}, "holds a line break"),
        ("settings", {"SecretToken": "hush"}, "SecretToken is a secret: give it in the option secrets"),
        ("entries", ["a"], "x_entries takes a list of dictionaries"),
        ("entries", "[", "x_entries takes a list of dictionaries"),
        ("mode", "third", "x_mode takes one or other, not 'third'."),
        ("risks", ["mapping"], "x_risks takes scope or active, not 'mapping'."),
        ("custom_attributes", [{"name": "badge"}], "missing required arguments: directory"),
        ("object_mappings", [{"sauce": "User"}], "sauce"),
        ("nmae", "a", "There is no x_nmae."),
        ("risk", ["scope"], "There is no x_risk; did you mean x_risks?"),
    ],
)
def test_what_cannot_be_meant(name: str, value: t.Any, says: str) -> None:
    found = plugin.answers({name: value}, KINDS, "x_")
    assert found["given"] == {}
    (problem,) = found["problems"]
    assert says in problem
    assert "hush" not in problem


def test_an_entry_lies_over_what_holds_for_all() -> None:
    below = {"name": "A", "mode": "one", "bag": {"a": "b"}}
    names = ["name", "mode"]
    assert plugin.answers({}, KINDS, "", below, names)["given"] == below
    assert plugin.answers({"bag": {}}, KINDS, "", below, names)["given"] == {**below, "bag": {}}
    assert plugin.answers({"mode": "other"}, KINDS, "", below, names)["given"] == {**below, "mode": "other", "name": ""}


def test_no_dictionary_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="reads a dictionary, not a list"):
        plugin.answers([], KINDS)


def test_the_reasons_of_a_loop() -> None:
    items = [{"failed": True, "msg": "There is no a."}, {"msg": "fine"}, {"failed": True, "msg": "There is no b."}]
    assert (
        failure_text.failure_text({"msg": "One or more items failed", "results": items})
        == "There is no a. There is no b."
    )
    assert failure_text.failure_text({"msg": "No."}) == "No."
    assert failure_text.failure_text({"msg": "No.", "results": [{"failed": True}]}) == "No."
    assert failure_text.failure_text(None) == ""


def test_the_advice_of_a_module_names_the_variables_of_a_role() -> None:
    result = {"msg": "Set allow_partial to true, or secrets_put to merge; validate_stored: true tries it."}
    assert failure_text.failure_text(result) == result["msg"]
    told = failure_text.failure_text(result, "onboard_")
    assert told == (
        "Set onboard_allow_partial to true, or onboard_secrets_put to merge; validate_stored: true tries it."
    )
    assert failure_text.failure_text({"msg": told}, "onboard_") == told


def test_the_changes_of_a_task() -> None:
    made = {"failed": True, "error": {"changes_made": ["b"]}}
    assert changes_made.changes_made({"results": [{"changes": ["a"]}, made, {"skipped": True}]}) == ["a", "b"]
    assert changes_made.changes_made({"changes": ["a"], "results": [{}]}) == ["a"]
    assert changes_made.changes_made({}) == changes_made.changes_made("") == []


def test_the_names_of_people() -> None:
    people = [{"name": one} for one in "abcd"]
    assert name_people.name_people([]) == ""
    assert name_people.name_people(people[:1]) == "a"
    assert name_people.name_people(people) == "a, b, c and d"
    assert name_people.name_people(people, 2) == "a, b and 2 more"


@pytest.mark.parametrize("module", [plugin, failure_text, changes_made, name_people])
def test_each_plugin_has_the_filter_of_its_name(module: t.Any) -> None:
    assert list(module.FilterModule().filters()) == [module.__name__.rpartition(".")[2]]
