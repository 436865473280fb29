# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What says whether an account is usable is known by its meaning, whatever a template or an admin calls it."""

from __future__ import annotations

import copy
import pathlib
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.account_states import (
    ACCOUNT_STATES,
    is_account_state,
    named_by,
)
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import difference
from ansible_collections.entra.provisioning.tests.unit.examples import example

NAMES = [one.name for one in ACCOUNT_STATES]
OTHERS = [
    "urn:ietf:params:scim:schemas:core:2.0:User:active",
    "urn:example:2.0:User:ISACTIVE",
    "IsDisabled",
    "user_status",
    "accountStatus",
    "EmployeeStatus",
    "is_enabled",
    "lockedOut",
    "locked_out",
    "Inactive",
    "profile.active",
    "loginDisabled",
]
PEOPLES = ["displayName", "title", 'emails[type eq "work"].value', "department", "manager", "mailNickname", "country"]
PEOPLES += [
    "activationDate",
    "stateOrProvince",
    'addresses[type eq "work"].region',
    "statusMessage",
    "userName",
    "state",
]


@pytest.mark.parametrize("name", [*NAMES, *OTHERS])
@pytest.mark.parametrize("spell", [str, str.upper, str.lower], ids=["as it is", "upper", "lower"])
def test_a_state_of_accounts_is_known_in_any_case(name: str, spell: t.Callable[[str], str]) -> None:
    assert is_account_state(spell(name))


@pytest.mark.parametrize("name", PEOPLES)
def test_what_describes_a_person_is_none(name: str) -> None:
    assert not is_account_state(name)


def _changed(target: str, before: str | None, after: str | None, **named: str) -> list[str]:
    """The risks of a change of one mapping."""
    schema = example("customappsso_full")
    schema["directories"][1]["objects"][0]["metadata"] = [{"key": key, "value": value} for key, value in named.items()]
    mapping = schema["synchronizationRules"][0]["objectMappings"][1]
    sides = []
    for text in (before, after):
        side = copy.deepcopy(schema)
        mapping = side["synchronizationRules"][0]["objectMappings"][1]
        new = {"targetAttributeName": target, "source": {"expression": text, "type": "Function"}}
        mapping["attributeMappings"] = [*mapping["attributeMappings"], *([new] if text else [])]
        sides.append(side)
    return sorted({one.risk for one in difference(*sides)})


@pytest.mark.parametrize("target", [*NAMES, *OTHERS])
@pytest.mark.parametrize(
    ("before", "after"), [("[accountEnabled]", '"False"'), ("[mail]", '"True"'), (None, '"False"'), ('"True"', None)]
)
def test_its_change_needs_consent(target: str, before: str | None, after: str | None) -> None:
    assert _changed(target, before, after) == ["active"]


@pytest.mark.parametrize("source", ["Not([IsSoftDeleted])", "[accountEnabled]", 'Switch([Active], , "0", "True")'])
def test_what_is_fed_from_the_state_in_the_source_counts_whatever_it_is_called(source: str) -> None:
    assert _changed("flag7", source, '"False"') == ["active"]
    assert _changed("flag7", None, source) == ["active"]
    assert _changed("flag7", "[mail]", '"x"') == ["mapping"]


@pytest.mark.parametrize("key", ["PropertyNameAccountEnabled", "PropertyNameSoftDeleted"])
def test_the_directory_may_name_it(key: str) -> None:
    assert _changed("flag7", "[mail]", '"x"', **{key: "flag7"}) == ["active"]
    assert named_by({"directories": [{"objects": [{"metadata": [{"key": key, "value": '"Flag7"'}, None]}]}]}) == {
        "flag7"
    }


@pytest.mark.parametrize(
    ("key", "risk"),
    [
        ("Disposition", "scope"),
        ("Unsynchronized", "scope"),
        ("OriginalJoiningProperty", "matching"),
        ("PropertyNameSoftDeleted", "active"),
        ("NobodyKnows", "mapping"),
        ("IsCustomerDefined", "cosmetic"),
    ],
)
def test_metadata_that_the_service_may_follow_is_not_cosmetic(key: str, risk: str) -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    after["synchronizationRules"][0]["objectMappings"][1]["metadata"] = [{"key": key, "value": "Discard"}, None]
    found = [one for one in difference(before, after) if one.path[-1] == key]
    assert [(one.kind, one.risk) for one in found] == [("metadata_changed", risk)]


def test_moving_the_anchor_is_matching() -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    attributes = after["directories"][1]["objects"][0]["attributes"]
    attributes[0]["anchor"] = not attributes[0].get("anchor")
    assert {one.risk for one in difference(before, after)} == {"matching"}


@pytest.mark.parametrize("text", ["false", "False", " FALSE"])
def test_a_text_is_as_good_as_a_boolean(text: str) -> None:
    before, after = example("customappsso_full"), example("customappsso_full")
    after["synchronizationRules"][0]["objectMappings"][1]["enabled"] = text
    assert [(one.kind, one.after, one.risk) for one in difference(before, after)] == [
        ("enabled_changed", "no", "scope")
    ]


def test_the_guide_names_them() -> None:
    guide = (pathlib.Path(__file__).parents[5] / "docs/docsite/rst/attribute_mappings.rst").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"``{name}``" not in guide] == []
