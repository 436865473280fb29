# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options to the schema that is to be written."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import Difference, difference
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema_options import validated
from ansible_collections.entra.provisioning.plugins.module_utils._sync import schema_draft
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED
from ansible_collections.entra.provisioning.plugins.module_utils._task import Task
from ansible_collections.entra.provisioning.plugins.modules import sync_schema
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, task
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.schema_service import Document, SchemaService

DEFAULT, FULL = example("customappsso_default"), example("customappsso_full")


def _user(*attributes: Document, **more: t.Any) -> list[Document]:
    return [{"source": "User", "attributes": list(attributes), **more}]


def _wanted(now: Document, **params: t.Any) -> tuple[Document, SchemaService]:
    service = SchemaService(now)
    made = service.task(**params)
    wishes = schema_draft.checked(made, validated)
    return schema_draft.wanted(made, service.place(made), now, wishes), service


def _source(document: Document, target: str) -> t.Any:
    for mapping in document["synchronizationRules"][0]["objectMappings"]:
        for one in mapping["attributeMappings"]:
            if one["targetAttributeName"] == target and mapping["sourceObjectName"] == "User":
                return one["source"]
    raise LookupError(target)


REFUSED: list[tuple[dict[str, t.Any], str]] = [
    ({"schema": {}}, "no whole schema"),
    ({"schema": {"synchronizationRules": [], "directories": []}}, "nothing under synchronizationRules and directories"),
    ({"schema": {"synchronizationRules": ["x"], "directories": [{}]}}, "must be a record, not 'x'"),
    ({"schema": {"object_mappings": [{"source": "User", "colour": 1}]}}, "no portable document: .*colour"),
    ({"schema": {"object_mappings": [], "colour": 1}}, "no portable document: .*colour"),
    ({"schema": {"object_mappings": [{"target": "User"}]}}, "no portable document: .*source"),
    ({"schema": {"object_mappings": "x"}}, "no portable document"),
    ({"object_mappings": [], "ignore_findings": ["no-such-rule"]}, "no-such-rule"),
]


@pytest.mark.parametrize(("params", "says"), REFUSED)
def test_what_cannot_be_meant_is_refused_before_the_first_request(params: dict[str, t.Any], says: str) -> None:
    service = SchemaService(DEFAULT)
    with pytest.raises(BadInput, match=says):
        schema_draft.checked(service.task(**params), validated)
    assert service.run(**params)["failed"] is True
    assert service.http.sent == []


@pytest.mark.parametrize(
    ("params", "exact"),
    [
        ({"schema": FULL}, None),
        ({"state": "default"}, None),
        ({"expression_tests": []}, None),
        ({"from_job": {"display_name": "Other"}}, None),
        ({"object_mappings": []}, False),
        ({"rules": []}, False),
        ({"custom_attributes": []}, False),
        ({"schema": {"object_mappings": []}}, True),
    ],
)
def test_shorthand_edits_and_a_portable_document_is_exact(params: dict[str, t.Any], exact: bool | None) -> None:
    wishes = schema_draft.checked(SchemaService(DEFAULT).task(**params), validated)
    assert (wishes.exact if wishes else None) is exact


def test_nothing_new_is_the_schema_itself() -> None:
    wanted, service = _wanted(DEFAULT, object_mappings=_user({"target": "title", "attribute": "jobTitle"}))
    assert wanted is DEFAULT
    assert service.http.sent == []


def test_a_new_expression_gets_the_tree_of_the_service() -> None:
    text = "Append([jobTitle], [city])"
    wanted, service = _wanted(DEFAULT, object_mappings=_user({"target": "title", "expression": text}))
    assert _source(wanted, "title")["parameters"] == [{"key": "marked"}]
    assert _source(wanted, "name.formatted") == _source(DEFAULT, "name.formatted")
    assert service.calls() == ["POST parseExpression"]


def test_an_expression_of_another_mapping_gets_its_tree_without_a_request() -> None:
    known = _source(DEFAULT, "name.formatted")
    wanted, service = _wanted(DEFAULT, object_mappings=_user({"target": "title", "expression": known["expression"]}))
    assert _source(wanted, "title") == known
    assert service.http.sent == []


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="no attribute 'titel'. Nearest: title"):
        _wanted(DEFAULT, object_mappings=_user({"target": "titel", "attribute": "jobTitle"}))


def test_a_wrong_operator_is_told_before_anything_is_parsed() -> None:
    scope = [{"name": "Sales", "clauses": [{"attribute": "department", "operator": "EQUAL", "values": ["Sales"]}]}]
    mappings = _user({"target": "title", "expression": "Append([jobTitle], [city])"}, scope=scope)
    service = SchemaService(DEFAULT)
    result = service.run(object_mappings=mappings)
    assert "There is no operator 'EQUAL'. Nearest: EQUALS" in result["msg"]
    assert service.calls() == ["GET jobs", "GET schema", "GET filterOperators"]


def test_a_portable_document_is_exact() -> None:
    wanted, service = _wanted(DEFAULT, schema=portable(FULL, DEFAULT))
    assert portable(wanted, DEFAULT) == portable(FULL, DEFAULT)
    assert service.calls()[0] == "GET schema"
    again, _service = _wanted(wanted, schema=portable(FULL, DEFAULT))
    assert again is wanted


def test_a_whole_document_is_made_to_fit() -> None:
    foreign = {**copy.deepcopy(FULL), "id": "other", "version": "other"}
    wanted, _service = _wanted(DEFAULT, schema=foreign)
    assert wanted["id"] == DEFAULT["id"]
    assert difference(FULL, wanted) == []


@pytest.mark.parametrize("document", [FULL, portable(FULL, DEFAULT)])
def test_substitutions_reach_every_kind_of_document(document: Document) -> None:
    wanted, _service = _wanted(DEFAULT, schema=document, substitutions={"@contoso.com": "@fabrikam.com"})
    assert "@fabrikam.com" in _source(wanted, "nickName")["expression"]
    assert "@contoso.com" not in str(_source(wanted, "nickName"))


def test_the_default_keeps_the_ids_of_the_job() -> None:
    wanted, service = _wanted({**FULL, "id": "mine"}, state="default")
    assert wanted["id"] == "mine"
    assert difference(wanted, DEFAULT) == []
    assert service.calls()[0] == "GET schema"


def _warnings(now: Document, body: Document, **params: t.Any) -> list[str]:
    return _warnings_of(now, body, difference(now, body), **params)


def _warnings_of(now: Document, body: Document, differences: list[Difference], **params: t.Any) -> list[str]:
    made = SchemaService(now).task(object_mappings=[], **params)
    schema_draft.warn(made, now, body, differences)
    return made.warnings


def _bad(document: Document, target: str) -> Document:
    """Return a document in which an expression calls a function that does not exist."""
    other = copy.deepcopy(document)
    _source(other, target).update(expression="Nonsense([mail])", name="Nonsense", type="Function", parameters=[])
    return other


def test_only_what_the_change_brings_about_is_warned_of() -> None:
    before = _bad(DEFAULT, "title")
    assert _warnings(DEFAULT, DEFAULT) == _warnings(before, before) == []
    told = _warnings(before, _bad(before, "displayName"))
    assert told
    assert all("displayName" in one for one in told)
    assert all("(rule " in one for one in told)


def test_findings_can_be_ignored() -> None:
    told = _warnings(DEFAULT, _bad(DEFAULT, "title"))
    rules = [one.rsplit("(rule ", 1)[1].rstrip(")") for one in told]
    assert rules
    assert _warnings(DEFAULT, _bad(DEFAULT, "title"), ignore_findings=rules) == []


def test_what_the_linter_cannot_read_is_no_failure() -> None:
    bad = _bad(DEFAULT, "title")
    some = difference(DEFAULT, bad)
    assert _warnings_of(DEFAULT, {}, some) == []
    assert _warnings_of({}, bad, some) == _warnings(DEFAULT, bad)


def _to_come(**params: t.Any) -> tuple[dict[str, t.Any], Task]:
    made = task(sync_schema.ARGUMENTS, ScriptedHttp(), check_mode=True, service_principal_id=PLANNED, **params)
    return made.perform(sync_schema.run), made


@pytest.mark.parametrize(
    ("params", "changes", "warnings"),
    [
        ({"schema": FULL}, ["make the schema what the document says"], 0),
        ({"from_job": {"display_name": "Other"}}, ["make the schema what the document says"], 0),
        ({"object_mappings": []}, ["make the schema what the options say"], 0),
        ({"rules": []}, ["make the schema what the options say"], 0),
        ({"state": "default"}, [], 0),
        ({"expression_tests": [{"expression": "Now()", "expect": "x"}]}, [], 1),
    ],
)
def test_an_application_to_come(params: dict[str, t.Any], changes: list[str], warnings: int) -> None:
    result, made = _to_come(**params)
    assert (result["changed"], result["changes"]) == (bool(changes), changes)
    assert len(made.warnings) == warnings
