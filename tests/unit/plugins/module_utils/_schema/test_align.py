# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents from elsewhere, made to fit the job."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.align import aligned
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example

RENAMED = {"Azure Active Directory": "Microsoft Entra ID", "customappsso": "scim"}


def _of_another_tenant(schema: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the same mappings as a job of another tenant and a newer template has them."""
    other = copy.deepcopy(schema)
    other.update(id="scim.other", version="another")
    for number, rule in enumerate(other["synchronizationRules"]):
        rule["id"] = f"rule-{number}"
        for end in ("sourceDirectoryName", "targetDirectoryName"):
            rule[end] = RENAMED.get(rule[end], rule[end])
    for number, directory in enumerate(other["directories"]):
        directory.update(id=f"directory-{number}", name=RENAMED.get(directory["name"], directory["name"]))
        directory["discoverabilities"] = "AttributeNames"
    return other


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_document_of_another_tenant_says_the_same_here(name: str) -> None:
    own = _of_another_tenant(example(name))
    body = aligned(example(name), own)
    assert difference(own, body) == []
    assert [rule["id"] for rule in body["synchronizationRules"]] == [rule["id"] for rule in own["synchronizationRules"]]
    assert body["id"] == own["id"]
    for mine, directory in zip(own["directories"], body["directories"]):
        assert (directory["id"], directory["name"], directory["discoverabilities"]) == (
            mine["id"],
            mine["name"],
            mine["discoverabilities"],
        )


def test_stamps_and_annotations_do_not_travel() -> None:
    body = aligned(example("customappsso_full"), {"id": "own"})
    assert "version" not in body
    assert not [name for name in body if "@odata." in name]


def test_the_document_is_not_touched() -> None:
    document, own = example("customappsso_full"), _of_another_tenant(example("customappsso_default"))
    aligned(document, own)
    assert document == example("customappsso_full")
    assert own == _of_another_tenant(example("customappsso_default"))


@pytest.mark.parametrize("absent", ["missing", "null"])
def test_what_the_service_manages_is_kept_where_it_is_left_out(absent: str) -> None:
    own = example("customappsso_full")
    document = copy.deepcopy(own)

    def strip(part: dict[str, t.Any]) -> None:
        for name in ("metadata", "supportedApis", "apiExpressions", "editable"):
            if absent == "null":
                part[name] = None
            else:
                part.pop(name, None)

    for rule in document["synchronizationRules"]:
        strip(rule)
        for mapping in rule["objectMappings"]:
            strip(mapping)
    for directory in document["directories"]:
        for one in directory["objects"]:
            strip(one)
            for attribute in one["attributes"]:
                strip(attribute)
    body = aligned(document, own)
    assert difference(own, body) == []
    assert body["synchronizationRules"][0]["metadata"] == own["synchronizationRules"][0]["metadata"]
    assert body["synchronizationRules"][0]["editable"] is True


def test_metadata_that_is_given_wins() -> None:
    own, document = example("customappsso_full"), example("customappsso_full")
    document["synchronizationRules"][0]["metadata"] = [{"key": "Mine", "value": "x"}]
    body = aligned(document, own)
    assert body["synchronizationRules"][0]["metadata"] == [{"key": "Mine", "value": "x"}]


def test_unknown_parts_travel() -> None:
    document = example("customappsso_full")
    document["newInGraph"] = {"a": [1]}
    document["synchronizationRules"][0]["newInGraph"] = 1
    body = aligned(document, example("customappsso_default"))
    assert body["newInGraph"] == {"a": [1]}
    assert body["synchronizationRules"][0]["newInGraph"] == 1


def _rule(**members: t.Any) -> dict[str, t.Any]:
    return {"objectMappings": [], "sourceDirectoryName": "S", "targetDirectoryName": "T", **members}


@pytest.mark.parametrize(
    ("document", "own", "ids"),
    [
        ([_rule(id="1", name="X")], [_rule(id="1", name="A"), _rule(id="2", name="X")], ["1"]),
        ([_rule(id="9", name="B")], [_rule(id="1", name="A"), _rule(id="2", name="B")], ["2"]),
        ([_rule(id="9", name="Z")], [_rule(id="1", name="A")], ["1"]),
        ([_rule(id="9", name="Z")], [_rule(id="1", name="A"), _rule(id="2", name="B")], ["9"]),
        ([_rule(id="8", name="Y"), _rule(id="9", name="Z")], [_rule(id="1", name="A")], ["8", "9"]),
        ([_rule(name="B"), _rule(name="A")], [_rule(id="1", name="A"), _rule(id="2", name="B")], ["2", "1"]),
    ],
)
def test_a_rule_is_found_by_id_then_name_then_alone(
    document: list[dict[str, t.Any]], own: list[dict[str, t.Any]], ids: list[str]
) -> None:
    body = aligned({"synchronizationRules": document}, {"synchronizationRules": own})
    assert [rule["id"] for rule in body["synchronizationRules"]] == ids
