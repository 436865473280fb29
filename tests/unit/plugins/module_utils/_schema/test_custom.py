# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which attribute definitions are an admin's own."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.custom import custom_attributes, said
from ansible_collections.entra.provisioning.tests.unit.examples import SCHEMAS, example


def _schema(*definitions: dict[str, t.Any], directory: str = "customappsso") -> dict[str, t.Any]:
    objects = [{"name": "User", "attributes": list(definitions)}]
    rule = {"name": "R", "sourceDirectoryName": "Azure Active Directory", "targetDirectoryName": directory}
    return {"synchronizationRules": [rule], "directories": [{"name": directory, "objects": objects}]}


@pytest.mark.parametrize(
    "name",
    [
        "extension_0123456789abcdef0123456789ABCDEF_costCenter",
        "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.01:User:badge",
        "URN:contoso:employee:HireDate",
    ],
)
def test_a_name_can_tell(name: str) -> None:
    assert custom_attributes(_schema({"name": name})) == [("customappsso", "User", {"name": name})]


@pytest.mark.parametrize(
    "name",
    [
        "extensionAttribute1",
        "extension_0123456789abcdef_costCenter",
        "extension_0123456789abcdef0123456789abcdef_",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        "urn:ietf:params:scim:schemas:core:2.0:User:title",
        "mail",
    ],
)
def test_what_comes_with_templates_is_not_custom(name: str) -> None:
    assert custom_attributes(_schema({"name": name})) == []


@pytest.mark.parametrize("value", ["true", '"true"', "True", True])
def test_the_service_marks_the_customers_own(value: t.Any) -> None:
    assert custom_attributes(_schema({"name": "a", "metadata": [{"key": "IsCustomerDefined", "value": value}]}))


@pytest.mark.parametrize("metadata", [None, [], [{"key": "IsCustomerDefined", "value": "false"}], [{"key": "Other"}]])
def test_others_are_not_marked(metadata: t.Any) -> None:
    assert custom_attributes(_schema({"name": "a", "metadata": metadata})) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_that_the_schema_itself_delivers_is_custom_by_comparison(name: str) -> None:
    found = custom_attributes(example(name))
    assert custom_attributes(example(name), example(name)) == found


def test_with_a_template_what_it_lacks_or_defines_otherwise_is_custom() -> None:
    template = _schema({"name": "a", "type": "String"}, {"name": "b"})
    changed = _schema({"name": "a", "type": None}, {"name": "b", "multivalued": True}, {"name": "c"})
    assert [found["name"] for _directory, _object, found in custom_attributes(changed, template)] == ["b", "c"]
    assert custom_attributes(changed) == []


def test_a_template_may_call_its_directories_otherwise() -> None:
    assert custom_attributes(_schema({"name": "a"}), _schema({"name": "a"}, directory="scim")) == []


def test_a_definition_says_only_what_is_not_usual() -> None:
    usual = {"type": "String", "mutability": "ReadWrite", "required": False, "defaultValue": "", "apiExpressions": None}
    assert said(usual) == {}
    assert said(
        {
            "type": "Reference",
            "mutability": "ReadOnly",
            "caseExact": True,
            "referencedObjects": [{"referencedObjectName": "User"}, {"referencedObjectName": "Group"}],
            "apiExpressions": [{"key": "b", "value": "wd:B"}, {"key": "a", "value": "wd:A"}],
        }
    ) == {
        "type": "Reference",
        "case_exact": True,
        "mutability": "ReadOnly",
        "references": ["Group", "User"],
        "api_expressions": {"a": "wd:A", "b": "wd:B"},
    }
