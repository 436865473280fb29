# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters on schemas: plain results, and sentences instead of tracebacks."""

from __future__ import annotations

import datetime
import json
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible_collections.entra.provisioning.plugins.filter import portable_schema, schema_yaml, substitute_schema
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise

Filter = t.Callable[..., t.Any]
PLUGINS = {
    "portable_schema": portable_schema,
    "schema_yaml": schema_yaml,
    "substitute_schema": substitute_schema,
}
FILTERS: dict[str, Filter] = {
    name: found for plugin in PLUGINS.values() for name, found in plugin.FilterModule().filters().items()
}
ARGUMENTS: dict[str, tuple[t.Any, ...]] = {"portable_schema": (), "schema_yaml": (), "substitute_schema": ({"a": "b"},)}


def _itself(text: str) -> str:
    return text


class Unsafe(str):
    """A text as templating may hand it over: more than a text, which YAML does not write, and it stays one in str()."""

    __str__ = _itself


def _unsafe(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {Unsafe(name): _unsafe(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_unsafe(one) for one in value]
    return Unsafe(value) if isinstance(value, str) else value


def _kinds(value: t.Any) -> set[type]:
    if isinstance(value, dict):
        return {dict}.union(*map(_kinds, value), *map(_kinds, value.values()))
    return {list}.union(*map(_kinds, value)) if isinstance(value, list) else {type(value)}


def test_each_plugin_has_the_filter_of_its_name() -> None:
    for name, plugin in PLUGINS.items():
        assert list(plugin.FilterModule().filters()) == [name]
        assert yaml.safe_load(plugin.DOCUMENTATION)["name"] == name


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_becomes_portable_and_stays_it(name: str) -> None:
    document = FILTERS["portable_schema"](example(name))
    assert document == portable(example(name))
    assert FILTERS["portable_schema"](document) == document
    assert FILTERS["schema_yaml"](document) == FILTERS["schema_yaml"](example(name))
    assert FILTERS["schema_yaml"](Noise(5)(example(name))) == FILTERS["schema_yaml"](example(name))
    assert yaml.safe_load(FILTERS["schema_yaml"](example(name))) == document


def test_the_template_tells_what_is_custom() -> None:
    template = example("customappsso_full")
    schema = example("customappsso_full")
    schema["directories"][0]["objects"][0]["attributes"].append({"name": "plain"})
    assert "plain" not in str(FILTERS["portable_schema"](schema)["custom_attributes"])
    assert "plain" in str(FILTERS["portable_schema"](schema, template)["custom_attributes"])


@pytest.mark.parametrize("wrap", [_unsafe, lambda value: DataLoader().load(json.dumps(value))])
@pytest.mark.parametrize("kind", [lambda value: value, portable])
@pytest.mark.parametrize("name", FILTERS)
def test_what_templating_adds_does_not_come_back(name: str, kind: Filter, wrap: Filter) -> None:
    document = kind(example("customappsso_full"))
    result = FILTERS[name](wrap(document), *wrap(list(ARGUMENTS[name])))
    assert _kinds(result) <= {dict, list, str, int, bool, float, type(None)}
    assert result == FILTERS[name](document, *ARGUMENTS[name])


def test_values_that_yaml_took_for_something_else_become_texts() -> None:
    attributes = [
        {"target": "a", "constant": 5, "matching_priority": "1"},
        {"target": "b", "default": datetime.date(2026, 1, 2), "default_only": "yes"},
    ]
    document = {"object_mappings": [{"source": "User", "enabled": "no", "attributes": attributes}]}
    assert FILTERS["portable_schema"](document)["object_mappings"] == [
        {
            "source": "User",
            "enabled": False,
            "attributes": [
                {"target": "a", "constant": "5", "matching_priority": 1},
                {"target": "b", "default_only": True, "default": "2026-01-02"},
            ],
        }
    ]


def test_a_date_in_a_schema_becomes_a_text() -> None:
    schema = {"synchronizationRules": [], "version": datetime.date(2026, 1, 2)}
    assert FILTERS["substitute_schema"](schema, {}) == {"synchronizationRules": [], "version": "2026-01-02"}


def test_a_substitution_keeps_the_kind() -> None:
    schema = example("customappsso_full")
    changed = FILTERS["substitute_schema"](schema, {"Employee": "Guest"})
    assert "synchronizationRules" in changed
    assert FILTERS["substitute_schema"](portable(schema), {"Employee": "Guest"}) == portable(changed)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "neither a schema"),
        ("text", "neither a schema"),
        ([], "neither a schema"),
        (5, "neither a schema"),
        ({}, "neither a schema"),
        (b"x", "cannot contain a bytes"),
        ({"synchronizationRules": "x"}, "synchronizationRules must be a list"),
        ({"synchronizationRules": [{"objectMappings": [5]}]}, "An entry of objectMappings must be a record"),
        ({"object_mappings": "x"}, "no portable document"),
        ({"object_mappings": [{"target": "x"}]}, "missing required arguments: source"),
        ({"object_mappings": [{"source": "x", "attributes": [{"attribute": "x"}]}]}, "target"),
        ({"object_mappings": [{"source": "x", "attributes": ["x"]}]}, "no portable document"),
        ({"object_mappings": [{"source": "x", "flow_types": ["Merge"]}]}, "Merge"),
        ({"object_mappings": [], "surprise": 1}, "surprise"),
        ({"object_mappings": [{"source": "x", "surprise": 1}]}, "surprise"),
    ],
)
@pytest.mark.parametrize("name", FILTERS)
def test_what_is_no_schema_is_refused_in_a_sentence(name: str, value: t.Any, says: str) -> None:
    with pytest.raises(AnsibleFilterError) as refused:
        FILTERS[name](value, *ARGUMENTS[name])
    assert says in str(refused.value)
    assert f"entra.provisioning.{name}: " in str(refused.value)


@pytest.mark.parametrize(
    ("names", "says"),
    [(None, "must be a dictionary"), (["a"], "must be a dictionary"), ({"": "a"}, "needs a text to replace")],
)
def test_substitutions_that_are_none_are_refused(names: t.Any, says: str) -> None:
    with pytest.raises(AnsibleFilterError, match=says):
        FILTERS["substitute_schema"](example("customappsso_default"), names)


@pytest.mark.parametrize("template", ["scim", {}, {"object_mappings": []}, {"synchronizationRules": 5}])
def test_a_template_that_is_no_schema_is_refused(template: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match="The template is not the schema of a template"):
        FILTERS["portable_schema"](example("customappsso_default"), template)
