# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter lint_schema: what templates hand over, and errors instead of tracebacks."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.entra.provisioning.plugins.filter import lint_schema as plugin
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.lint_cases import attribute, schema

lint_schema = plugin.FilterModule().filters()["lint_schema"]
WRONG = schema(attribute("title", None))
FINDING = {
    "rule": "empty-mapping",
    "path": "User → User / title",
    "message": "A mapping has neither a source nor a default value, so nothing ever flows through it.",
}


class Tagged(str):
    """A text that carries more than its characters, as templating makes them."""


def test_findings_are_plain_records() -> None:
    assert lint_schema(WRONG) == [FINDING]
    assert lint_schema(portable(WRONG)) == [FINDING]
    assert lint_schema(example("customappsso_full")) == []


def test_tagged_texts_are_texts() -> None:
    def tagged(value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {tagged(name): tagged(one) for name, one in value.items()}
        if isinstance(value, list):
            return list(map(tagged, value))
        return Tagged(value) if isinstance(value, str) else value

    (finding,) = lint_schema(tagged(WRONG))
    assert finding == FINDING
    assert {type(one) for one in finding.values()} == {str}
    assert lint_schema(WRONG, ignore=[Tagged("empty-mapping")]) == []


@pytest.mark.parametrize(("given", "count"), [(True, 1), ("yes", 1), (False, 0), ("false", 0), (None, 0), ("", 0)])
def test_sync_all(given: t.Any, count: int) -> None:
    assert len(lint_schema(example("customappsso_full"), sync_all=given)) == count


@pytest.mark.parametrize("given", ["empty-mapping", ["empty-mapping"], ("empty-mapping:User*",)])
def test_ignore(given: t.Any) -> None:
    assert lint_schema(WRONG, ignore=given) == []


@pytest.mark.parametrize("given", [None, "", []])
def test_nothing_to_ignore(given: t.Any) -> None:
    assert lint_schema(WRONG, ignore=given) == [FINDING]


@pytest.mark.parametrize(
    "document",
    [
        None,
        "",
        "a text",
        7,
        [],
        [WRONG],
        {},
        {"synchronizationRules": None},
        {"synchronizationRules": [], "directories": []},
        {"synchronizationRules": WRONG["synchronizationRules"]},
        {"directories": WRONG["directories"]},
        {**WRONG, "synchronizationRules": "x"},
        {**WRONG, "directories": [None]},
        {"object_mappings": None, "synchronizationRules": None},
        {"object_mappings": "x"},
        {"object_mappings": [None]},
        {"object_mappings": [{"target": "User"}]},
        {"object_mappings": [{"source": "User", "attributes": [{"target": "a", "atribute": "b"}]}]},
    ],
)
def test_what_is_no_schema(document: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match=r"entra\.provisioning\.lint_schema: .+"):
        lint_schema(document)


@pytest.mark.parametrize(
    "options", [{"ignore": 7}, {"ignore": [7]}, {"ignore": ["nothing"]}, {"ignore": {"a": "b"}}, {"sync_all": "maybe"}]
)
def test_options_that_make_no_sense(options: dict[str, t.Any]) -> None:
    with pytest.raises(AnsibleFilterError, match=r"entra\.provisioning\.lint_schema: .+"):
        lint_schema(WRONG, **options)


def test_it_is_documented() -> None:
    documentation = yaml.safe_load(plugin.DOCUMENTATION)
    assert set(documentation["options"]) == {"_input", "sync_all", "ignore"}
    assert set(yaml.safe_load(plugin.RETURN)["_value"]["contains"]) == set(FINDING)
    assert len(yaml.safe_load(plugin.EXAMPLES)) == 2
