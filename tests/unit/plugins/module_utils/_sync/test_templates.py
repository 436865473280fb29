# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which template a new job has, and what it asks for."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import templates
from ansible_collections.entra.provisioning.tests.unit.examples import example

EXAMPLES = example("templates_list_examples")


def _templates(*ids: str, recommended: str = "") -> list[dict[str, t.Any]]:
    return [{"id": one, "default": one == recommended} for one in ids]


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        (_templates("a"), None, "a"),
        (_templates("a"), "a", "a"),
        (_templates("a", "b", recommended="b"), None, "b"),
        (_templates("a", "b", recommended="b"), "a", "a"),
    ],
)
def test_the_template_to_use(found: t.Any, wanted: str | None, expected: str) -> None:
    assert templates.chosen(found, wanted, "app")["id"] == expected


@pytest.mark.parametrize(
    ("found", "wanted", "words"),
    [
        (_templates("a", "b"), None, "several synchronization templates; it offers: a, b"),
        (_templates("a", "b"), "c", "no synchronization template 'c'; it offers: a, b"),
        (_templates("a"), "A", "no synchronization template 'A'"),
        ([{"id": "a", "default": True}, {"id": "b", "default": True}], None, "several"),
        ([], None, "has no synchronization templates"),
        ([], "a", "has no synchronization templates"),
    ],
)
def test_what_cannot_be_chosen_is_told(found: t.Any, wanted: str | None, words: str) -> None:
    with pytest.raises(ProvisioningError) as caught:
        templates.chosen(found, wanted, "Contoso")
    assert words in caught.value.message
    assert "Contoso" in caught.value.message
    assert caught.value.facts["templates"] == [one["id"] for one in found]


@pytest.mark.parametrize(
    ("name", "names"), [("scim_gallery_style", ["baseaddress", "secrettoken"]), ("cross_tenant", ["companyid"])]
)
def test_the_credentials_that_a_template_asks_for(name: str, names: list[str]) -> None:
    assert templates.wanted_credentials(EXAMPLES[name]["value"][0]) == names


@pytest.mark.parametrize("value", [None, "", "{", "{}", "7", '["x"]', '[{"label": "x"}]'])
def test_odd_metadata_asks_for_nothing(value: t.Any) -> None:
    assert templates.wanted_credentials({"metadata": [{"key": "configurationFields", "value": value}]}) == []
    assert templates.wanted_credentials({}) == []


def test_credentials_have_the_keys_that_they_are_written_with() -> None:
    scim = templates.credentials(EXAMPLES["scim_gallery_style"]["value"][0])
    assert (scim["template_id"], scim["default"], scim["description"]) == ("aWSSingleSignon", True, None)
    assert [(one["key"], one["secret"], one["authentication"]) for one in scim["credentials"]] == [
        ("BaseAddress", False, None),
        ("SecretToken", True, None),
    ]
    assert templates.credentials(EXAMPLES["cross_tenant"]["value"][0])["credentials"] == [
        {"key": "CompanyId", "secret": False, "label": "Tenant Id", "authentication": "SyncPolicy"}
    ]


def test_a_field_that_nobody_knows_keeps_its_name() -> None:
    fields = '[{"name": "password"}, {"name": "newThing", "secret": true}]'
    told = templates.credentials({"metadata": [{"key": "ConfigurationFields", "value": fields}]})
    assert [(one["key"], one["secret"]) for one in told["credentials"]] == [("Password", True), ("newThing", True)]
