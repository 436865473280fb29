# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One value for all the spellings of one meaning; and the noise of the tests has all the spellings."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.canonical import (
    entries,
    flow_types,
    matching_priority,
    meant,
)
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.noise import Noise

Record = dict[str, t.Any]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ["Add", "Update", "Delete"]),
        ("Delete, Add", ["Add", "Delete"]),
        (["Update", "Add"], ["Add", "Update"]),
        ("None", []),
        ("", []),
        ("Add,Restore", ["Add", "Restore"]),
    ],
)
def test_flow_types(given: t.Any, expected: list[str]) -> None:
    assert flow_types({"flowTypes": given}) == expected


def test_matching_priority_reads_texts() -> None:
    assert [matching_priority({"matchingPriority": one}) for one in (None, "", 0, "0", "2", 3)] == [0, 0, 0, 0, 2, 3]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Normal", "Normal"),
        ('"Normal"', "Normal"),
        ("true", "true"),
        (True, "true"),
        (7, "7"),
        ('{"b":1, "a":[2]}', '{"a": [2], "b": 1}'),
    ],
)
def test_metadata_has_one_quoting(value: t.Any, expected: str) -> None:
    assert entries({"metadata": [{"key": "k", "value": value}]}) == [("k", expected)]


@pytest.mark.parametrize("value", [None, "", '""', "null", "[]"])
def test_metadata_without_a_value_says_nothing(value: t.Any) -> None:
    assert entries({"metadata": [{"key": "k", "value": value}]}) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"a": None, "b": [], "c": "", "d": {"x@odata.type": "#t"}, "@odata.id": 1}, {}),
        ({"b": {"y": 1, "x": False}, "a": [2.5, None]}, {"a": ["2.5", None], "b": {"x": False, "y": "1"}}),
    ],
)
def test_what_an_unknown_value_says(given: Record, expected: Record) -> None:
    assert meant(given) == expected


def _records(value: t.Any) -> t.Iterator[Record]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _records(one)


def _spellings(records: t.Iterable[Record], mark: str, name: str) -> set[str]:
    """Return how a property is spelled in the records that have the one that marks them."""
    return {type(one.get(name, ...)).__name__ for one in records if mark in one}


def _seen_in_noise() -> dict[str, bool]:
    """Tell which kinds of noise (practice of PUT and GET) come up in a few seeds, as far as a document shows it."""
    noisy = [one for seed in range(20) for one in _records(Noise(seed)(example("customappsso_full")))]
    mappings = [one for one in noisy if "sourceObjectName" in one]
    scoped = [one for one in noisy if one.get("clauses")]
    sources = [one for one in noisy if one.get("expression")]
    trees = [one for source in sources for one in source.get("parameters") or []]
    metadata = [one for parent in noisy for one in parent.get("metadata") or []]
    targets = [[one["targetAttributeName"] for one in mapping.get("attributeMappings") or []] for mapping in mappings]
    flags = [one["flowTypes"] for one in mappings if isinstance(one.get("flowTypes"), str)]
    return {
        "version": {"from the service", None} <= {one.get("version") for one in noisy if "synchronizationRules" in one},
        "annotations everywhere": all(
            any("@odata." in name for name in one) for one in [*mappings, *scoped, *metadata]
        ),
        "order of attribute mappings": len({tuple(one) for one in targets}) > 4,
        "order of groups and clauses": len({json.dumps([c["sourceOperandName"] for c in g["clauses"]]) for g in scoped})
        > 4,
        "flow types with and without blanks, and as a list": {"list"} <= _spellings(noisy, "enabled", "flowTypes")
        and any(", " in one for one in flags)
        and any("," in one and " " not in one for one in flags),
        "parameters missing, null, empty": {"ellipsis", "NoneType", "list"}
        <= _spellings(sources, "name", "parameters"),
        "scope missing, null, empty": {"ellipsis", "NoneType", "dict"}
        <= _spellings(noisy, "targetObjectName", "scope"),
        "default": {"ellipsis", "NoneType", "str"} <= _spellings(noisy, "targetAttributeName", "defaultValue"),
        "operand": {"ellipsis", "NoneType", "dict"} <= _spellings(noisy, "operatorName", "targetOperand"),
        "metadata quoting": {"Normal", '"Normal"'} <= {str(one["value"]) for one in metadata},
        "metadata types": {"bool", "str"} <= {type(one["value"]).__name__ for one in metadata},
        "omitted arguments": any(one.get("key") == "default" and one["value"] is None for one in trees),
        "numbers as texts": {"int", "str"} <= _spellings(noisy, "targetAttributeName", "matchingPriority"),
        "blanks": any("\t" in one["expression"] for one in sources),
        "defaults missing": {"ellipsis", "NoneType", "bool"} <= _spellings(noisy, "mutability", "required"),
    }


def test_the_noise_has_every_spelling() -> None:
    assert [kind for kind, seen in _seen_in_noise().items() if not seen] == []
