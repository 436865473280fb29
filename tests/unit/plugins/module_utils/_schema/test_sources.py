# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Only new function expressions are parsed, and every one gets its tree."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.sources import completed, unparsed
from ansible_collections.entra.provisioning.tests.unit.examples import example

JOIN = 'Join(".", [givenName], [surname])'
TREE = {"expression": JOIN, "name": "Join", "parameters": [{"key": "separator", "value": {}}], "type": "Function"}


def _schema(*texts: str) -> dict[str, t.Any]:
    sources = [{"expression": text, "type": "Function"} for text in texts]
    mappings = [{"targetAttributeName": "t", "source": one} for one in [*sources, None]]
    return {"synchronizationRules": [{"objectMappings": [{"attributeMappings": mappings}]}]}


def _sources(schema: dict[str, t.Any]) -> list[t.Any]:
    mappings = schema["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    return [one["source"] for one in mappings]


def test_only_new_functions_are_unparsed() -> None:
    body = _schema("[mail]", '"constant"', "ToUpper( [mail] )", "ToLower([mail])", JOIN)
    current = _schema("ToUpper([mail])")
    assert unparsed(body, current) == ["ToLower([mail])", JOIN]
    assert unparsed(body, body) == []


def test_one_text_in_two_spellings_is_parsed_once_and_fills_both() -> None:
    body = _schema("ToLower([mail])", "ToLower( [mail] )")
    texts = unparsed(body, _schema())
    assert len(texts) == 1
    done = completed(body, _schema(), {texts[0]: {"name": "ToLower", "type": "Function"}})
    assert [one["name"] for one in _sources(done)[:2]] == ["ToLower", "ToLower"]


def test_a_parsed_source_keeps_what_else_was_given() -> None:
    body = _schema(JOIN)
    _sources(body)[0]["newInGraph"] = 1
    before = copy.deepcopy(body)
    done = completed(body, _schema(), {JOIN: TREE})
    assert _sources(done)[0] == {**TREE, "newInGraph": 1}
    assert body == before


def test_a_text_that_the_schema_has_already_takes_its_tree() -> None:
    current = example("customappsso_full")
    wish = {"source": "User", "attributes": [{"target": "title", "expression": ' Join( ".",[givenName], [surname])'}]}
    known = {"source": "User", "attributes": [{"target": "displayName", "expression": JOIN}]}
    current = completed(edited(current, Wishes([known])), current, {JOIN: TREE})
    body = edited(current, Wishes([wish]))
    assert unparsed(body, current) == []
    sources = {
        one["targetAttributeName"]: one["source"]
        for mapping in completed(body, current, {})["synchronizationRules"][0]["objectMappings"]
        for one in mapping["attributeMappings"]
    }
    assert sources["title"] == TREE


def test_a_document_without_new_functions_comes_back_as_it_is() -> None:
    schema = example("customappsso_full")
    assert completed(schema, schema, {}) == schema


def test_a_tree_that_was_given_stays_where_nothing_was_parsed() -> None:
    given = {**TREE, "parameters": ["as given"]}
    body = _schema()
    body["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"] = [{"source": given}]
    current = _schema()
    current["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"] = [{"source": TREE}]
    assert _sources(completed(body, current, {})) == [given]


NOT = {"expression": "Not([IsSoftDeleted])", "name": "Not", "type": "Function"}
NOT["parameters"] = [{"key": "source", "value": {"expression": "", "name": "IsSoftDeleted", "type": "Attribute"}}]


@pytest.mark.parametrize(
    "tree",
    [
        {"type": "Constant", "name": "False"},
        {"type": "Constant", "name": ""},
        {"type": "Attribute", "name": "accountEnabled"},
        {"type": "Function", "name": "Switch"},
        {"parameters": [{"key": "source", "value": {"name": "accountEnabled", "type": "Attribute"}}]},
        {"parameters": [{"key": "source", "value": {"name": "False", "type": "Constant"}}]},
    ],
    ids=str,
)
def test_a_tree_that_is_not_that_of_its_text_is_never_written(tree: dict[str, t.Any]) -> None:
    """Nobody knows which of the two the service follows; a constant would disable all accounts."""
    body, current = _schema(), _schema()
    current["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"] = [{"source": NOT}]
    body["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"] = [{"source": {**NOT, **tree}}]
    assert _sources(completed(body, current, {})) == [NOT]


@pytest.mark.parametrize("tree", [{"type": "Constant", "name": "False"}, {"name": "givenName"}, {"type": "Function"}])
def test_a_plain_source_is_what_its_text_says(tree: dict[str, t.Any]) -> None:
    body = _schema()
    given = {"expression": "[mail]", "name": "mail", "parameters": [], "type": "Attribute", **tree}
    body["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"] = [{"source": given}]
    (source,) = _sources(completed(body, _schema(), {}))
    assert source == {"expression": "[mail]", "name": "mail", "parameters": [], "type": "Attribute"}
