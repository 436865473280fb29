# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official types as a check: what comes in, and what may go out."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.graphsim import csdl

EXAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "graph" / "examples"
SCHEMAS = sorted(path.name for path in EXAMPLES.glob("*.json") if path.name.startswith(("custom", "api2", "ad2")))


def _example(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text("utf-8"))


def _first(type_name: str, value: Any) -> csdl.Violation:
    with pytest.raises(csdl.Violations) as caught:
        csdl.check_input(type_name, value)
    return caught.value.found[0]


def test_everything_of_the_document_is_loaded() -> None:
    """The README of the fixture tells how many there are."""
    assert len(csdl.MODEL.enums) == 21
    assert len([name for name in csdl.MODEL.types if name != "synchronizationSecrets"]) == 14 + 41
    assert {"provisionOnDemand", "restart", "validateCredentials", "instantiate"} <= set(csdl.MODEL.actions)


@pytest.mark.parametrize("name", SCHEMAS)
def test_realistic_schemas_pass_both_ways(name: str) -> None:
    """No fixture is refused on the way in or out."""
    csdl.check_input("synchronizationSchema", _example(name))
    csdl.check_output("synchronizationSchema", _example(name))


def test_realistic_jobs_pass() -> None:
    """Every state of a job."""
    for job in _example("job_examples.json").values():
        csdl.check_output("synchronizationJob", job)


def test_realistic_templates_pass() -> None:
    """Both lists, with their undeclared metadata keys."""
    for listing in _example("templates_list_examples.json").values():
        csdl.check_output("Collection(synchronizationTemplate)", listing)


@pytest.mark.parametrize(
    ("type_name", "value", "kind"),
    [
        ("attributeMapping", {"flowType": "always"}, "enum"),
        ("attributeMapping", {"flowBehavior": "flowWhenChanged"}, "enum"),
        ("attributeMapping", {"flowBehaviour": "FlowAlways"}, "unknown"),
        ("attributeMapping", {"matchingPriority": "1"}, "type"),
        ("attributeMapping", {"matchingPriority": True}, "type"),
        ("attributeMapping", {"matchingPriority": 2**31}, "type"),
        ("attributeMapping", {"matchingPriority": None}, "null"),
        ("attributeMapping", {"flowType": 0}, "type"),
        ("objectMapping", {"enabled": "true"}, "type"),
        ("objectMapping", {"flowTypes": "Add,Upsert"}, "enum"),
        ("objectMapping", {"flowTypes": None}, "null"),
        ("objectMapping", {"attributeMappings": {}}, "type"),
        ("objectMapping", {"attributeMappings": [None]}, "type"),
        ("attributeDefinition", {"type": "string"}, "enum"),
        ("synchronizationSchema", {"synchronizationRules": [{"objectMappings": [{"x": 1}]}]}, "unknown"),
        ("synchronizationSchema", [], "type"),
        ("synchronizationSecretKeyStringValuePair", {"key": "baseAddress"}, "enum"),
        ("synchronizationSchedule", {"interval": "40 minutes"}, "type"),
        ("synchronizationSchedule", {"interval": "P"}, "type"),
        ("directoryDefinition", {"discoveryDateTime": "yesterday"}, "type"),
    ],
)
def test_violations_are_told_by_kind(type_name: str, value: Any, kind: str) -> None:
    """Each kind of mistake is found."""
    assert _first(type_name, value).kind == kind


def test_all_violations_are_told_with_their_place() -> None:
    """Not only the first, and where."""
    with pytest.raises(csdl.Violations) as caught:
        csdl.check_input("objectMapping", {"enabled": 1, "attributeMappings": [{"flowType": "Never"}]})
    assert [one.path for one in caught.value.found] == ["/enabled", "/attributeMappings/0/flowType"]
    assert "Requested value 'Never' was not found." in str(caught.value)


@pytest.mark.parametrize("flags", ["Add", "Add,Update", "Add, Update , Delete", ""])
def test_flags_may_have_blanks(flags: str) -> None:
    """One text, members separated by commas."""
    csdl.check_input("objectMapping", {"flowTypes": flags})


def test_annotations_and_open_types_are_free() -> None:
    """@odata.* anywhere; any property in open types."""
    csdl.check_input("synchronizationSchema", {"@odata.context": "x", "synchronizationRules@odata.type": "y"})
    csdl.check_input("stringKeyObjectValuePair", {"key": "a", "value": [1]})


def test_missing_is_fine_on_the_way_in_only() -> None:
    """A minimal mapping is documented as accepted; an answer must be whole."""
    minimal = {"source": {"name": "x", "type": "Attribute"}, "targetAttributeName": "y"}
    csdl.check_input("attributeMapping", minimal)
    with pytest.raises(csdl.Violations) as caught:
        csdl.check_output("attributeMapping", minimal)
    assert {one.kind for one in caught.value.found} == {"missing"}


@pytest.mark.parametrize("break_it", ["state", "extra", "null"])
def test_an_answer_that_breaks_the_types_is_found(break_it: str) -> None:
    """The other direction: what the simulator must not say."""
    job = copy.deepcopy(_example("job_examples.json")["created"])
    if break_it == "state":
        job["schedule"]["state"] = "Running"
    elif break_it == "extra":
        job["enabled"] = True
    else:
        job["status"]["code"] = None
    with pytest.raises(csdl.Violations):
        csdl.check_output("synchronizationJob", job)


def test_parameters_of_actions_are_checked() -> None:
    """Names and types of action parameters."""
    csdl.check_action("restart", {"criteria": {"resetScope": "Watermark, Escrows"}})
    with pytest.raises(csdl.Violations):
        csdl.check_action("restart", {"criteria": {"resetScope": "watermark"}})
    with pytest.raises(csdl.Violations):
        csdl.check_action("restart", {"resetScope": "Watermark"})
