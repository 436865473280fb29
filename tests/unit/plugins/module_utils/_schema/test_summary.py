# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A schema in a few lines."""

from __future__ import annotations

from ansible_collections.entra.provisioning.plugins.module_utils._schema.summary import summary
from ansible_collections.entra.provisioning.tests.unit.examples import example


def test_the_summary_of_the_full_example() -> None:
    told = summary(example("customappsso_full"))
    users = next(one for one in told["object_mappings"] if one["source"] == "User")
    assert users["attribute_count"] == 31
    assert len(users["matching"]) == 2
    assert users["scope_groups"] == ["Sales in NL", "Contractor ids"]
    assert sorted(users["flow_types"]) == ["Add", "Delete", "Update"]
    assert users["enabled"] is True
    assert told["version"]


def test_nothing_in_nothing_out() -> None:
    assert summary({}) == {"version": None, "object_mappings": []}


def test_matching_attributes_are_in_the_order_of_their_priority() -> None:
    mappings = [
        {"targetAttributeName": name, "matchingPriority": one} for name, one in (("c", "10"), ("a", 2), ("b", 0))
    ]
    schema = {"synchronizationRules": [{"objectMappings": [{"attributeMappings": mappings}]}]}
    assert summary(schema)["object_mappings"][0]["matching"] == ["a", "c"]
