# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The YAML of portable documents: one line per thing, and read back it is the same."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable_text import as_yaml
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from hypothesis import given, settings
from hypothesis import strategies as st


def _document(**attribute: t.Any) -> dict[str, t.Any]:
    return {"object_mappings": [{"source": "User", "attributes": [{"target": "x", **attribute}]}]}


def test_the_layout() -> None:
    document = {
        "object_mappings": [
            {
                "source": "User",
                "target": "user",
                "flow_types": ["Add", "Update"],
                "attributes": [
                    {"target": "a", "expression": f'Join("", {", ".join(["[a]"] * 60)})'},
                    {"target": "b", "constant": "No", "matching_priority": 1},
                ],
                "scope": [{"name": "S", "clauses": [{"attribute": "a", "operator": "EQUALS", "values": ["1", "x"]}]}],
            }
        ],
        "rules": [{"containers": ["OU=Staff,DC=contoso,DC=com", "OU=Ä"]}],
        "custom_attributes": [{"directory": "source", "name": "urn:x", "references": ["User"], "required": True}],
    }
    assert as_yaml(document) == (
        f"""---
object_mappings:
  - source: User
    target: user
    flow_types: [Add, Update]
    attributes:
      - {{target: a, expression: 'Join("", {", ".join(["[a]"] * 60)})'}}
      - {{target: b, constant: 'No', matching_priority: 1}}
    scope:
      - name: S
        clauses:
          - {{attribute: a, operator: EQUALS, values: ['1', x]}}
rules:
  - containers:
      - OU=Staff,DC=contoso,DC=com
      - OU=Ä
custom_attributes:
  - {{directory: source, name: 'urn:x', references: [User], required: true}}
"""
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_attribute_mapping_is_one_line(name: str) -> None:
    document = portable(example(name))
    text = as_yaml(document)
    assert yaml.safe_load(text) == document
    mappings = sum(len(one["attributes"]) for one in document["object_mappings"])
    assert sum(line.startswith("      - {target: ") and line.endswith("}") for line in text.splitlines()) == mappings
    assert len({line.count("target:") for line in text.splitlines()} - {0, 1}) == 0


@pytest.mark.parametrize(
    "value",
    ["yes", "No", "y", "N", "on", "null", "~", "", "1", "1.0", "1e3", ".5", "0x1F", "0o17", "017", "12:30", "1_000"]
    + [
        "2020-01-01",
        "true",
        "=",
        "<<",
        "NaN",
        ".nan",
        "-",
        "#",
        "- a",
        "a: b",
        "a #b",
        "*a",
        "&a",
        "!a",
        "{a}",
        "[a]",
        "%a",
    ],
)
def test_a_text_that_looks_like_something_else_is_quoted(value: str) -> None:
    text = as_yaml(_document(constant=value))
    assert yaml.safe_load(text) == _document(constant=value)
    if value != "NaN":
        assert f"'{value}'" in text


@pytest.mark.parametrize(
    "value", ["a\nb", "a\tb", "\u2028", "\x85", "\ufeff", "\\n", "\r\n", "😀", "a" * 300 + " b" * 300]
)
def test_no_text_breaks_a_line(value: str) -> None:
    text = as_yaml(_document(default=value))
    assert len(text.splitlines()) == 5
    assert yaml.safe_load(text) == _document(default=value)


@given(
    value=st.text(st.characters(exclude_categories=["Cs"])), name=st.text(st.sampled_from("ab :[]{},#&*!|>'\"%@`-?"))
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_back(value: str, name: str) -> None:
    document = _document(constant=value, attribute=name)
    document["object_mappings"][0]["name"] = value
    assert yaml.safe_load(as_yaml(document)) == document


def test_a_record_that_occurs_twice_is_written_twice() -> None:
    attribute = {"target": "a", "constant": "x"}
    document = {"object_mappings": [{"source": "User", "attributes": [attribute, attribute]}]}
    assert as_yaml(document).count("{target: a, constant: x}") == 2
