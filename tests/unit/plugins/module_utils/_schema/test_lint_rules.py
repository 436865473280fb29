# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every rule on the least that it is meant for, and on the nearest thing that is as it should be."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.lint import lint
from ansible_collections.entra.provisioning.plugins.module_utils._schema.linting.rules import RULES
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.tests.unit.lint_cases import (
    ACTIVE,
    adding,
    attribute,
    clause,
    schema,
)

EXTENSION = "extension_53c9e2c0aaaabbbbccccddddeeeeffff_cost"
API = ("API", "User", {"externalId": {}, "emails": {}, "userName": {}})
TO_ENTRA = ("Microsoft Entra ID", "User", {"mail": {}, "userPrincipalName": {}})
OTHER_TENANT = ("Azure Active Directory (target tenant)", "User", {"userPrincipalName": {}})
AD = ("Active Directory", "user", {"mail": {}, "sAMAccountName": {}, "department": {}})
MATCHING_ENTRA = attribute("userPrincipalName", "[externalId]", matchingPriority=1)
MATCHING_AD = attribute("userPrincipalName", "[mail]", matchingPriority=1)
MATCHING_TENANT = attribute("userPrincipalName", "[userPrincipalName]", matchingPriority=1)
UNIQUE = 'SelectUniqueValue(Append([mail], "1"), Append([mail], "2"))'
CREATE: dict[str, t.Any] = {"flowType": "ObjectAddOnly"}
LONG = "Append([mail], " + '"' + "x" * (10_000 - len('Append([mail], "")')) + '")'


def hr(*attributes: t.Any, **more: t.Any) -> t.Any:
    return schema(*attributes, **{"source": API, "target": TO_ENTRA, "matching": MATCHING_ENTRA, **more})


def scoped(*values: t.Any) -> t.Any:
    return schema(clauses=[clause(*values)])


# By rule: what it is about, and the nearest thing that is not.
CASES: dict[str, list[tuple[t.Any, t.Any]]] = {
    "duplicate-target": [
        (
            schema(attribute("title", "[mail]"), attribute("title", "[department]")),
            schema(
                attribute('emails[type eq "work"].value', "[mail]"), attribute('emails[type eq "home"].value', "[mail]")
            ),
        ),
        (
            schema(attribute("title", "[mail]"), attribute("Title", "[department]")),
            schema(attribute("title", "[mail]"), attribute("titles", "[department]")),
        ),
    ],
    "no-matching-attribute": [
        (
            schema(matching=attribute("userName", "[userPrincipalName]", matchingPriority=0)),
            schema(matching=attribute("userName", "[userPrincipalName]", matchingPriority="2")),
        ),
        (schema(matching=None), schema()),
    ],
    "duplicate-priority": [
        (
            schema(attribute("title", "[mail]", matchingPriority=1)),
            schema(attribute("title", "[mail]", matchingPriority=2)),
        ),
    ],
    "constant-matching": [
        (
            schema(matching=attribute("userName", '"everybody"', matchingPriority=1)),
            schema(attribute("title", '"everybody"')),
        ),
        (
            schema(matching=attribute("userName", None, defaultValue="x", matchingPriority=1)),
            schema(matching=attribute("userName", 'Append([mail], "x")', matchingPriority=1)),
        ),
    ],
    "extension-attribute-matching": [
        (
            hr(attribute("extensionAttribute3", "[userName]", matchingPriority=2)),
            hr(attribute("extensionAttribute3", "[userName]")),
        ),
        (
            hr(attribute("extensionAttribute15", "[userName]", matchingPriority=2)),
            hr(attribute("extensionAttribute15", "[userName]", matchingPriority=2), target=AD),
        ),
        (
            hr(attribute("extensionAttribute15", "[userName]", matchingPriority=2)),
            hr(attribute("extensionAttribute16", "[userName]", matchingPriority=2)),
        ),
    ],
    "empty-mapping": [
        (schema(attribute("title", None)), schema(attribute("title", None, defaultValue="Engineer"))),
        (schema(attribute("title", None, defaultValue="")), schema(attribute("title", '""'))),
    ],
    "active-not-soft-deleted": [
        (schema(attribute("active", "[department]")), schema(attribute("active", ACTIVE))),
        (schema(attribute("active", '"True"')), schema(attribute("active", "Not([IsSoftDeleted])"))),
        (schema(attribute("active", ACTIVE, **CREATE)), schema(attribute("actives", '"True"'))),
        (
            schema(attribute("accountEnabled", "[department]"), target=OTHER_TENANT),
            hr(attribute("accountEnabled", "[userName]")),
        ),
    ],
    "unique-value-misuse": [
        (
            hr(attribute("mail", UNIQUE), target=AD, matching=MATCHING_AD),
            hr(attribute("mail", UNIQUE, **CREATE), target=AD, matching=MATCHING_AD),
        ),
        (
            hr(attribute("mail", f"Append({UNIQUE}, [mail])", **CREATE), target=AD, matching=MATCHING_AD),
            hr(attribute("mail", UNIQUE.replace("(", " (", 1), **CREATE), target=AD, matching=MATCHING_AD),
        ),
        (
            hr(attribute("mail", f"SelectUniqueValue([mail], {UNIQUE})", **CREATE), target=AD, matching=MATCHING_AD),
            hr(attribute("mail", '"SelectUniqueValue("', **CREATE), target=AD, matching=MATCHING_AD),
        ),
        (
            hr(attribute("mail", UNIQUE, matchingPriority=2, **CREATE), target=AD, matching=MATCHING_AD),
            hr(attribute("mail", UNIQUE, matchingPriority=0, **CREATE), target=AD, matching=MATCHING_AD),
        ),
        (
            hr(attribute("mailNickname", UNIQUE, **CREATE)),
            hr(attribute("mailNickname", "[mail]", **CREATE)),
        ),
    ],
    "direct-role-assignments": [
        (
            schema(attribute("title", "[appRoleAssignments]")),
            schema(attribute("title", "SingleAppRoleAssignment([appRoleAssignments])")),
        ),
    ],
    "mail-on-update": [
        (hr(attribute("mail", "[emails]")), hr(attribute("mail", "[emails]", **CREATE))),
        (
            hr(attribute("mail", "[emails]")),
            hr(attribute("Mail", "[mail]"), source=AD, matching=MATCHING_AD),
        ),
        (
            hr(attribute("mail", "[emails]")),
            schema(attribute("mail", "[mail]"), target=OTHER_TENANT),
        ),
        (hr(attribute("mail", "[emails]")), schema(attribute("mail", "[mail]"))),
    ],
    "primary-key-target": [
        (schema(attribute("id", "[objectId]")), schema(attribute("externalId", "[objectId]"))),
    ],
    "unwritable-target": [
        (
            schema(attribute("otherMails", "[mail]"), target=OTHER_TENANT, matching=MATCHING_TENANT),
            schema(attribute("otherMails", "[mail]")),
        ),
        (
            schema(attribute("proxyAddresses", "[mail]"), target=OTHER_TENANT, matching=MATCHING_TENANT),
            hr(attribute("proxyAddresses", "[emails]")),
        ),
    ],
    "unavailable-source": [
        (
            schema(attribute("title", 'Append([userType], "")')),
            schema(attribute("userType", "[mail]")),
        ),
        (
            schema(attribute("title", "[samAccountName]")),
            hr(attribute("title", "[sAMAccountName]"), source=AD, matching=MATCHING_AD),
        ),
    ],
    "multivalued-extension": [
        (
            adding(schema(attribute("title", f"[{EXTENSION}]")), 0, **{EXTENSION: {"multivalued": True}}),
            adding(schema(attribute("title", f"[{EXTENSION}]")), 0, **{EXTENSION: {"multivalued": False}}),
        ),
    ],
    "unknown-attribute": [
        (schema(attribute("title", "[departmnt]")), schema(attribute("title", "[department]"))),
        (
            schema(attribute("title", 'Append([mail], [nothing], "[x]")')),
            schema(attribute("title", 'Append([mail], "[nothing]")')),
        ),
        (scoped("departmnt", "IS NULL"), scoped("department", "IS NULL")),
        (
            schema(attribute("title", "[Department]")),
            hr(attribute("title", "[Department]"), source=AD, matching=MATCHING_AD),
        ),
    ],
    "unknown-function": [
        (schema(attribute("title", "Shout([mail])")), schema(attribute("title", "ToUpper([mail])"))),
        (schema(attribute("title", "toUpper([mail])")), schema(attribute("title", '"toUpper(x)"'))),
    ],
    "long-expression": [
        (schema(attribute("title", LONG.replace("x", "xx", 1))), schema(attribute("title", LONG))),
    ],
    "unknown-operator": [
        (scoped("mail", "Equals", "x"), scoped("mail", "EQUALS", "x")),
        (scoped("mail", "IsMemberOf", "x"), scoped("mail", "Includes", "x")),
        (scoped("mail", "GREATER_THAN", "1"), scoped("mail", "Greater_Than", "1")),
    ],
    "operator-operands": [
        (scoped("mail", "IS NULL", "x"), scoped("mail", "IS NULL")),
        (scoped("mail", "IS NOT NULL", "x"), scoped("mail", "IS NOT NULL", "")),
        (scoped("mail", "EQUALS"), scoped("mail", "EQUALS", "x")),
        (scoped("mail", "Greater_Than", "x"), scoped("mail", "Greater_Than", "-1")),
    ],
    "unscopable-attribute": [
        (scoped("userType", "EQUALS", "x"), scoped("department", "EQUALS", "x")),
        (scoped("accountExpires", "IS NULL"), scoped("IsSoftDeleted", "IS TRUE")),
    ],
}


def _with_group(clauses: list[t.Any], part: str = "groups") -> t.Any:
    made = schema()
    (mapping,) = made["synchronizationRules"][0]["objectMappings"]
    mapping["scope"] = {part: [{"name": "Sales", "clauses": clauses}]}
    return made


# What portable documents do not say.
NEEDS_DIRECTORIES: dict[str, list[tuple[t.Any, t.Any]]] = {
    "active-not-soft-deleted": [
        (
            schema(attribute("active", "[mail]")),
            schema(attribute("active", "[mail]"), source=("Azure Active Directory", "User", {"mail": {}})),
        ),
    ],
    "unique-value-misuse": [
        (
            schema(attribute("title", UNIQUE, **CREATE)),
            schema(attribute("title", UNIQUE, **CREATE), target=AD),
        ),
    ],
    "unscopable-attribute": [
        (adding(scoped("hired", "IS NULL"), 0, hired={"type": "DateTime"}), adding(scoped("hired", "IS NULL"), 0)),
        (adding(scoped("boss", "IS NULL"), 0, boss={"type": "Reference"}), scoped("mail", "IS NULL")),
        (
            adding(scoped("tags", "IS NULL"), 0, tags={"multivalued": True}),
            adding(scoped("tags", "IS NULL"), 0, tags={}),
        ),
    ],
    # A portable document of such a schema says that everyone is meant.
    "open-scope-group": [
        (_with_group([]), _with_group([clause("mail", "IS NOT NULL")])),
        (_with_group([], "inputFilterGroups"), schema()),
    ],
    "unknown-object": [
        ({**schema(), "directories": schema()["directories"][:1]}, schema()),
    ],
    "unknown-value": [
        (
            schema(attribute("title", "[mail]", flowType="always")),
            schema(attribute("title", "[mail]", flowType="Always")),
        ),
        (
            schema(attribute("title", "[mail]", flowBehavior="flowWhenChanged")),
            schema(attribute("title", "[mail]", flowBehavior="FlowAlways")),
        ),
        (schema(flowTypes="Add,update"), schema(flowTypes=["Add", "Update"])),
    ],
}
ALL = [(rule, *case) for table in (CASES, NEEDS_DIRECTORIES) for rule, cases in table.items() for case in cases]
# A catalogue is the one thing that lint knows more of in a schema than in its portable document.
BOTH = [(rule, *case) for rule, cases in CASES.items() if rule != "unknown-attribute" for case in cases]


def _rules(document: t.Any, **more: t.Any) -> set[str]:
    return {one.rule for one in lint(document, **more)}


@pytest.mark.parametrize(("rule", "wrong", "right"), ALL)
def test_in_a_schema(rule: str, wrong: t.Any, right: t.Any) -> None:
    assert rule in _rules(wrong)
    assert rule not in _rules(right)


@pytest.mark.parametrize(("rule", "wrong", "right"), BOTH)
def test_in_a_portable_document(rule: str, wrong: t.Any, right: t.Any) -> None:
    assert rule in _rules(portable(wrong))
    assert rule not in _rules(portable(right))


def test_every_rule_is_tried() -> None:
    assert {*CASES, *NEEDS_DIRECTORIES, "role-assignments-sync-all"} == set(RULES)


def test_the_schema_that_the_cases_start_from_is_as_it_should_be() -> None:
    assert lint(schema(attribute("active", ACTIVE), clauses=[clause("mail", "IS NOT NULL")]), sync_all=True) == []


@pytest.mark.parametrize(
    "function", ["SingleAppRoleAssignment", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"]
)
def test_roles_and_all_users(function: str) -> None:
    document = schema(attribute("title", f"{function}([appRoleAssignments])"))
    for one in (document, portable(document)):
        assert "role-assignments-sync-all" in _rules(one, sync_all=True)
        assert "role-assignments-sync-all" not in _rules(one, sync_all=False)
        assert "role-assignments-sync-all" not in _rules(one)
    assert "role-assignments-sync-all" not in _rules(schema(attribute("title", "[mail]")), sync_all=True)


@pytest.mark.parametrize(("field", "value"), [("apply", "Always"), ("flow_behavior", "FlowAlways")])
def test_words_of_portable_documents(field: str, value: str) -> None:
    given = {"source": "User", "target": "User", "attributes": [{"target": "title", "attribute": "mail"}]}
    assert "unknown-value" not in _rules({"object_mappings": [given]})
    given["attributes"] = [{"target": "title", "attribute": "mail", field: value}]
    assert "unknown-value" in _rules({"object_mappings": [given]})


@pytest.mark.parametrize("name", [EXTENSION, "urn:contoso:employee:badge"])
def test_an_admins_own_attribute_must_be_in_the_portable_document(name: str) -> None:
    document = portable(adding(schema(attribute("title", f"[{name}]")), 0, **{name: {}}))
    assert "unknown-attribute" not in _rules(document)
    elsewhere = [{**one, "directory": "target"} for one in document["custom_attributes"]]
    assert "unknown-attribute" in _rules({**document, "custom_attributes": elsewhere})
    assert "unknown-attribute" in _rules({**document, "custom_attributes": []})


def test_attributes_that_a_portable_document_need_not_define() -> None:
    standard = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
    assert lint(portable(schema(attribute(standard, "[whatever]")))) == []


def test_custom_attributes_have_a_type() -> None:
    mapping = portable(scoped("urn:x:hired", "IS NULL"))["object_mappings"]
    custom = {"directory": "source", "object": "User", "name": "urn:x:hired"}
    dated = {"object_mappings": mapping, "custom_attributes": [{**custom, "type": "DateTime"}]}
    assert _rules(dated) == {"unscopable-attribute"}
    assert _rules({**dated, "custom_attributes": [custom]}) == set()


def test_a_group_without_clauses_that_is_meant_is_no_finding() -> None:
    mapping = portable(_with_group([]))["object_mappings"][0]
    assert mapping["scope"] == [{"name": "Sales", "everyone": True}]
    assert _rules({"object_mappings": [mapping]}) == set()
    for group in ({"name": "Sales"}, {"name": "Sales", "everyone": False, "clauses": []}):
        assert _rules({"object_mappings": [{**mapping, "scope": [group]}]}) == {"open-scope-group"}


def test_near_names_are_suggested() -> None:
    (finding,) = lint(schema(attribute("title", "[departmnt]")))
    assert finding.path == "User → User / title"
    assert "The source object User has no attribute 'departmnt'. Nearest: department." in finding.message
    (finding,) = lint(scoped("mail", "GREATER_THAN_OR_EQUALS", "1"))
    assert finding.path == "User → User / scope / Sales"
    assert finding.message.endswith("Nearest: Greater_Than_OR_EQUALS.")


def test_input_filters_are_looked_at() -> None:
    filters = {"inputFilterGroups": [{"name": None, "clauses": [clause("mail", "equals", "x")]}]}
    (finding,) = lint(schema(scope=filters))
    assert (finding.rule, finding.path) == ("unknown-operator", "User → User / inputFilterGroups / (unnamed)")
