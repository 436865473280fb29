# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lint as a whole: realistic schemas, silence, order, speed, what is no schema, and its guide."""

from __future__ import annotations

import pathlib
import re
import time
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.lint import Finding, lint
from ansible_collections.entra.provisioning.plugins.module_utils._schema.linting.rules import RULES
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example
from ansible_collections.entra.provisioning.tests.unit.lint_cases import attribute, clause, schema
from ansible_collections.entra.provisioning.tests.unit.noise import Noise
from hypothesis import strategies as st

GUIDE = pathlib.Path(__file__).parents[5] / "docs" / "docsite" / "rst" / "lint_rules.rst"
ROLES = ("role-assignments-sync-all", 'User → User / roles[primary eq "True"].value')
TWICE = schema(
    attribute('emails[type eq "work"].value', "[mail]"),
    attribute('emails[type eq "work"].value', "[department]"),
    attribute("title", None),
)


def _places(findings: t.Iterable[Finding]) -> list[tuple[str, str]]:
    return [(one.rule, one.path) for one in findings]


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_microsoft_delivers_and_what_admins_made_of_it_is_as_it_should_be(name: str) -> None:
    for document in (example(name), portable(example(name))):
        assert lint(document) == []
        assert _places(lint(document, sync_all=True)) == ([ROLES] if "_full" in name else [])


@hypothesis.given(st.integers(), st.sampled_from(SCHEMAS))
@hypothesis.settings(max_examples=20, deadline=None)
def test_noise_makes_no_difference(seed: int, name: str) -> None:
    assert lint(Noise(seed)(example(name)), sync_all=True) == lint(example(name), sync_all=True)


def test_order_makes_no_difference() -> None:
    turned = schema()
    mapping, other = (one["synchronizationRules"][0]["objectMappings"][0] for one in (TWICE, turned))
    other["attributeMappings"] = mapping["attributeMappings"][::-1]
    turned["directories"] = TWICE["directories"][::-1]
    assert lint(turned) == lint(TWICE)
    assert _places(lint(TWICE)) == [
        ("duplicate-target", 'User → User / emails[type eq "work"].value'),
        ("empty-mapping", "User → User / title"),
    ]


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        (["duplicate-target"], ["empty-mapping"]),
        (["duplicate-target", "empty-mapping"], []),
        (['duplicate-target:User → User / emails[type eq "work"].value'], ["empty-mapping"]),
        (['duplicate-target: User → User / emails[type eq "work"].*'], ["empty-mapping"]),
        (["duplicate-target:User → User / title"], ["duplicate-target", "empty-mapping"]),
        (["empty-mapping:User → * / titl?"], ["duplicate-target"]),
        (["empty-mapping:user → user / title"], ["duplicate-target", "empty-mapping"]),
        (["no-matching-attribute"], ["duplicate-target", "empty-mapping"]),
    ],
)
def test_silence(ignore: list[str], left: list[str]) -> None:
    assert [one.rule for one in lint(TWICE, ignore=ignore)] == left


@pytest.mark.parametrize("entry", ["duplicate-targets", "duplicate-targets:User → User", "", "*"])
def test_a_rule_that_does_not_exist_cannot_be_silenced(entry: str) -> None:
    with pytest.raises(SchemaProblem, match="no lint rule") as caught:
        lint(schema(), ignore=[entry])
    assert ("Nearest: duplicate-target" in caught.value.message) == entry.startswith("dup")


def test_an_entry_that_yaml_made_a_record_of() -> None:
    with pytest.raises(SchemaProblem, match="written as a text"):
        lint(schema(), ignore=t.cast("t.Any", [{"duplicate-target": "User → User / title"}]))


def _with(place: str, value: t.Any) -> t.Any:
    document: t.Any = schema(attribute("title", "[mail]"), clauses=[clause("mail", "IS NULL")])
    *above, last = [int(one) if one.isdigit() else one for one in place.split(".")]
    holder = document
    for one in above:
        holder = holder[one]
    holder[last] = value
    return document


MAPPING = "synchronizationRules.0.objectMappings.0"
MISSHAPEN = [
    None,
    "a text",
    [],
    {},
    {"directories": []},
    {"synchronizationRules": []},
    {"object_mappings": {}},
    {"object_mappings": ["User"]},
    {"object_mappings": [{"target": "User"}]},
    {"object_mappings": [{"source": "User", "attributes": [{"attribute": "mail"}]}]},
    {"object_mappings": [{"source": "User", "attributes": [{"target": "a", "matching_priority": "first"}]}]},
    {"object_mappings": [{"source": "User", "scope": [{"clauses": [{"values": "x"}]}]}]},
    _with("directories", []),
    _with("directories", None),
    _with("synchronizationRules", {}),
    _with("directories.0.name", None),
    _with("directories.0.objects.0.attributes", "x"),
    _with(MAPPING, "x"),
    _with(f"{MAPPING}.sourceObjectName", None),
    _with(f"{MAPPING}.flowTypes", {}),
    _with(f"{MAPPING}.scope", []),
    _with(f"{MAPPING}.scope.groups.0.clauses.0.targetOperand", "x"),
    _with(f"{MAPPING}.scope.groups.0.clauses.0.targetOperand.values", [{}]),
    _with(f"{MAPPING}.attributeMappings.0.targetAttributeName", ""),
    _with(f"{MAPPING}.attributeMappings.0.matchingPriority", "first"),
    _with(f"{MAPPING}.attributeMappings.0.source", "[mail]"),
    _with(f"{MAPPING}.attributeMappings.0.source", {"name": "Not", "type": "Function", "parameters": [{"value": 1}]}),
    _with(f"{MAPPING}.attributeMappings.0.defaultValue", ["x"]),
]


@pytest.mark.parametrize("document", MISSHAPEN)
def test_what_is_no_schema_is_told(document: t.Any) -> None:
    with pytest.raises(SchemaProblem) as caught:
        lint(document)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize("known", [True, False])
def test_ten_thousand_mappings_take_ten_times_as_long_as_a_thousand(known: bool) -> None:
    def made(count: int) -> dict[str, t.Any]:
        document = schema(
            *(attribute(f"attribute{one}", f'Switch([mail{one % 9}], "{one}", [mail])') for one in range(count))
        )
        source, target = (one["objects"][0] for one in document["directories"])
        if known:
            source["attributes"] += [{"name": f"mail{one}"} for one in range(9)]
        else:
            target["attributes"] = [{"name": f"Attribute{one}"} for one in range(count)]
        return document

    def seconds(document: dict[str, t.Any]) -> float:
        began = time.process_time()
        lint(document)
        return time.process_time() - began

    for form in (dict, portable):
        thousand, ten_thousand = (min(seconds(form(made(count))) for _again in range(3)) for count in (1_000, 10_000))
        assert ten_thousand < 5
        # A hundred if every mapping were compared with every other.
        assert ten_thousand / thousand < 40


def test_the_guide_has_every_rule_with_its_sentence() -> None:
    told = dict(re.findall(r"^``([\w-]+)``\n((?:  .+\n)+)", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {rule: " ".join(told.get(rule, "").split()) for rule in RULES} == {
        rule: RULES[rule].sentence for rule in RULES
    }
    assert {name for name in told if not name.startswith("lint_")} == set(RULES)


def test_sentences_are_sentences() -> None:
    assert [rule for rule in RULES if not re.fullmatch(r"[A-Za-z].*\w\.", RULES[rule].sentence)] == []
