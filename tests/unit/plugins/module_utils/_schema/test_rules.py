# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules in shorthand: the containers and groups that they are limited to."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.edit import Wishes, edited
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.examples import example

STAFF = "OU=Staff,DC=contoso,DC=com"
OTHER = "OU=Other,DC=contoso,DC=com"


def _edit(*rules: dict[str, t.Any], second: bool = False, exact: bool = False) -> tuple[t.Any, t.Any]:
    """Return the rules of the example before and after; ``second`` adds another one to it."""
    schema = example("ad2aad_cloud_sync_excerpt")
    if second:
        schema["synchronizationRules"].append({"id": "2", "groupFilter": {"includedGroups": ["g"]}})
    listed = [{"source": "user"}, {"source": "inetOrgPerson"}] if exact else []
    after = edited(schema, Wishes(listed, rules=rules, exact=exact))
    return schema["synchronizationRules"], after["synchronizationRules"]


def test_lists_are_exact() -> None:
    before, [after] = _edit({"containers": [OTHER, STAFF], "groups": ["g"]})
    assert after == {
        **before[0],
        "containerFilter": {"includedContainers": [OTHER, STAFF]},
        "groupFilter": {"includedGroups": ["g"]},
    }


def test_what_is_not_given_or_means_the_same_stays() -> None:
    wishes: list[dict[str, t.Any]] = [
        {},
        {"containers": [STAFF]},
        {"containers": None, "groups": []},
        {"rule": "AD2AADProvisioning"},
    ]
    for wish in wishes:
        before, after = _edit(wish)
        assert json.dumps(after) == json.dumps(before)


def test_the_order_of_containers_is_no_difference() -> None:
    schema = example("ad2aad_cloud_sync_excerpt")
    schema["synchronizationRules"][0]["containerFilter"]["includedContainers"] = [STAFF, OTHER]
    assert edited(schema, Wishes(rules=[{"containers": [OTHER, STAFF]}])) == schema


def test_an_empty_list_clears() -> None:
    assert _edit({"containers": []})[1][0]["containerFilter"] == {"includedContainers": []}


def test_of_several_rules_one_is_named() -> None:
    with pytest.raises(SchemaProblem, match="Say which rule is meant; the schema has these: AD2AADProvisioning, 2."):
        _edit({"groups": []}, second=True)
    before, after = _edit({"rule": "2", "groups": []}, second=True)
    assert after == [before[0], {"id": "2", "groupFilter": {"includedGroups": []}}]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([{"rule": "AD2AAD", "groups": []}], "no rule 'AD2AAD'"),
        ([{"groups": []}, {"rule": "AD2AADProvisioning", "containers": []}], "AD2AADProvisioning is listed twice"),
    ],
)
def test_problems(rules: list[dict[str, t.Any]], message: str) -> None:
    with pytest.raises(SchemaProblem, match=message):
        _edit(*rules)


def test_exact_clears_what_is_not_listed() -> None:
    _before, [one, other] = _edit({"rule": "AD2AADProvisioning", "groups": ["g"]}, second=True, exact=True)
    assert one["containerFilter"] == {"includedContainers": []}
    assert one["groupFilter"] == {"includedGroups": ["g"]}
    assert other["groupFilter"] == {"includedGroups": []}
    assert "containerFilter" not in other
