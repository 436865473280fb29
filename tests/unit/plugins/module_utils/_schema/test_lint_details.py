# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lint says besides the sentence of a rule: word for word, since it is all that an admin gets to read."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.lint import lint
from ansible_collections.entra.provisioning.plugins.module_utils._schema.linting.portable import of_portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.linting.rules import RULES
from ansible_collections.entra.provisioning.plugins.module_utils._schema.linting.schema import of_schema
from ansible_collections.entra.provisioning.plugins.module_utils._schema.linting.view import (
    ACTIVE_DIRECTORY,
    ENTRA,
    OTHER,
    AttributeView,
    Clause,
    Definition,
    End,
    ObjectView,
)
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.tests.unit.lint_cases import adding, attribute, clause, schema

EXTENSION = "extension_53c9e2c0aaaabbbbccccddddeeeeffff_cost"
AD = ("Active Directory", "user", {"mail": {}, "sAMAccountName": {}})
HR = ("API", "User", {"externalId": {}})
LONG = f'Append([mail], "{"x" * 60}")'
NO_DIRECTORY = {**schema(), "directories": schema()["directories"][:1]}
NO_OBJECT = {**schema(), "directories": [schema()["directories"][0], {"name": "contoso", "objects": []}]}


def _titles(*sources: str | None, **more: t.Any) -> t.Any:
    return schema(*(attribute("title", one, **more) for one in sources))


def _unique(source: str, **more: t.Any) -> t.Any:
    return schema(attribute("title", source, **more), target=AD)


def _scoped(*values: t.Any, **defined: t.Any) -> t.Any:
    return adding(schema(clauses=[clause(*values)]), 0, **defined)


@pytest.mark.parametrize(
    ("rule", "document", "path", "detail"),
    [
        (
            "duplicate-target",
            _titles("[mail]", "[department]", None),
            "title",
            "Here 3 write it: [department]; [mail]; nothing.",
        ),
        (
            "duplicate-target",
            schema(attribute("title", None, defaultValue="x"), attribute("title", LONG)),
            "title",
            f"Here 2 write it: {LONG[:59]}…; default 'x'.",
        ),
        (
            "duplicate-target",
            _titles("[mail]", f'"{"x" * 58}"'),
            "title",
            f'Here 2 write it: "{"x" * 58}"; [mail].',
        ),
        (
            "duplicate-priority",
            schema(attribute("title", "[mail]", matchingPriority=1)),
            "",
            "Matching priority 1: title, userName.",
        ),
        (
            "constant-matching",
            schema(attribute("title", '"x"', matchingPriority=2)),
            "title",
            'Its source: "x".',
        ),
        ("active-not-soft-deleted", schema(attribute("active", "[mail]")), "active", "Its source: [mail]."),
        (
            "active-not-soft-deleted",
            schema(attribute("active", "Not([IsSoftDeleted])", flowType="ObjectAddOnly")),
            "active",
            "It reads IsSoftDeleted, but only on creation.",
        ),
        (
            "unique-value-misuse",
            _unique("Append(SelectUniqueValue([mail]), [mail])", flowType="ObjectAddOnly"),
            "title",
            "Here it is inside another expression.",
        ),
        ("unique-value-misuse", _unique("SelectUniqueValue([mail])"), "title", "Here it is applied on updates too."),
        (
            "unique-value-misuse",
            _unique("SelectUniqueValue([mail])", flowType="ObjectAddOnly", matchingPriority=2),
            "title",
            "Here it is on a matching attribute.",
        ),
        (
            "unique-value-misuse",
            _titles("SelectUniqueValue([mail])", flowType="ObjectAddOnly"),
            "title",
            "Here the target is another system.",
        ),
        (
            "unavailable-source",
            _titles("Append([mail], [UserType])"),
            "title",
            "It reads UserType.",
        ),
        (
            "multivalued-extension",
            adding(_titles(f"[{EXTENSION}]"), 0, **{EXTENSION: {"multivalued": True}}),
            "title",
            f"It reads {EXTENSION}.",
        ),
        (
            "unknown-attribute",
            _scoped("departmnt", "IS NULL"),
            "scope / Sales",
            "The source object User has no attribute 'departmnt'. Nearest: department.",
        ),
        ("unknown-object", NO_DIRECTORY, "", "contoso is not among the directories."),
        ("unknown-object", NO_OBJECT, "", "contoso has no object User."),
        ("unknown-function", _titles("toUpper([mail])"), "title", "It calls toUpper. Nearest: ToUpper."),
        ("unknown-function", _titles("Xyzzyxyzzy([mail])"), "title", "It calls Xyzzyxyzzy."),
        ("unknown-value", schema(flowTypes="Add,update"), "", "flowTypes is 'update', none of Add, Update, Delete."),
        (
            "unknown-value",
            _titles("[mail]", flowBehavior="x"),
            "title",
            "flowBehavior is 'x', none of FlowWhenChanged, FlowAlways.",
        ),
        (
            "unknown-value",
            schema({"targetAttributeName": "title", "source": {"type": "Text", "expression": "[mail]"}}),
            "title",
            "The type of the source is 'Text', none of Attribute, Constant, Function.",
        ),
        ("long-expression", _titles(f'"{"x" * 10_000}"'), "title", "This one has 10002."),
        (
            "unknown-operator",
            _scoped("mail", "equals", "x"),
            "scope / Sales",
            "The operator of mail: 'equals'. Nearest: EQUALS.",
        ),
        (
            "unknown-operator",
            _scoped("mail", "ISMEMBEROF", "x"),
            "scope / Sales",
            "The operator of mail: 'ISMEMBEROF'. Filters cannot ask for a group; assign the group, or filter on an "
            "attribute.",
        ),
        (
            "unknown-operator",
            _scoped("mail", " IS_NOT  null"),
            "scope / Sales",
            "The operator of mail: ' IS_NOT  null'. Nearest: IS NOT NULL.",
        ),
        (
            "unknown-operator",
            _scoped("mail", "EQUAL", "x"),
            "scope / Sales",
            "The operator of mail: 'EQUAL'. Nearest: EQUALS, ",
        ),
        ("unknown-operator", _scoped("mail", "~", "x"), "scope / Sales", "The operator of mail: '~'."),
        ("operator-operands", _scoped("mail", "IS NULL", "x"), "scope / Sales", "mail IS NULL takes no value."),
        ("operator-operands", _scoped("mail", "EQUALS"), "scope / Sales", "mail EQUALS needs a value."),
        (
            "operator-operands",
            _scoped("mail", "Greater_Than", "1", "x"),
            "scope / Sales",
            "mail Greater_Than needs an integer, not '1', 'x'.",
        ),
        ("unscopable-attribute", _scoped("userType", "EQUALS", "x"), "scope / Sales", "It is on userType."),
        (
            "unscopable-attribute",
            _scoped("tags", "IS NULL", tags={"multivalued": True}),
            "scope / Sales",
            "It is on tags, which has several values.",
        ),
        (
            "unscopable-attribute",
            _scoped("hired", "IS NULL", hired={"type": "DateTime"}),
            "scope / Sales",
            "It is on hired, whose type is DateTime.",
        ),
    ],
)
def test_details(rule: str, document: t.Any, path: str, detail: str) -> None:
    found = [(one.path, one.message) for one in lint(document) if one.rule == rule]
    where = f"User → {'user' if document['directories'][-1]['name'] == AD[0] else 'User'}{path and f' / {path}'}"
    message = f"{RULES[rule].sentence} {detail}"
    if detail.endswith(", "):
        # difflib chooses the further ones.
        assert [(one, said[: len(message)]) for one, said in found] == [(where, message)]
    else:
        assert found == [(where, message)]


TENANT = ("Azure AD (target)", "User", {})


@pytest.mark.parametrize(
    ("rule", "document", "path"),
    [
        ("no-matching-attribute", schema(matching=None), ""),
        ("empty-mapping", _titles(None), "title"),
        ("direct-role-assignments", _titles(" [appRoleAssignments] "), "title"),
        ("primary-key-target", schema(attribute("ID", "[mail]")), "ID"),
        ("mail-on-update", schema(attribute("Mail", "[externalId]"), source=HR, target=TENANT), "Mail"),
        ("unwritable-target", schema(attribute("otherMails", "[mail]"), target=TENANT), "otherMails"),
        (
            "extension-attribute-matching",
            schema(attribute("extensionAttribute1", "[mail]", matchingPriority=2), target=TENANT),
            "extensionAttribute1",
        ),
    ],
)
def test_rules_whose_sentence_says_all(rule: str, document: t.Any, path: str) -> None:
    found = [(one.path, one.message) for one in lint(document) if one.rule == rule]
    assert found == [(f"User → User{path and f' / {path}'}", RULES[rule].sentence)]
    assert [one for one in lint(_titles(None, defaultValue="x")) if one.rule == rule] == []


def test_roles_that_a_job_for_all_users_cannot_give() -> None:
    document = _titles("Append(SingleAppRoleAssignment([appRoleAssignments]), AppRoleAssignmentsComplex([x]))")
    found = [one.message for one in lint(document, sync_all=True) if one.rule == "role-assignments-sync-all"]
    sentence = RULES["role-assignments-sync-all"].sentence
    assert found == [
        f"{sentence} It calls AppRoleAssignmentsComplex.",
        f"{sentence} It calls SingleAppRoleAssignment.",
    ]


def _attribute(name: str, source: str | None, **more: t.Any) -> AttributeView:
    shown: dict[str, t.Any] = {"default": "", "priority": 0, "apply": "Always", "strange": (), "functions": ()}
    return AttributeView(
        path=f"User → User / {name}", target=name, source=source, **{**shown, "references": (), **more}
    )


PORTABLE = {
    "custom_attributes": [
        {"directory": "source", "object": "User", "name": "urn:a"},
        {"directory": "target", "object": "User", "name": "urn:b", "type": "DateTime", "multivalued": True},
        {"directory": "contoso", "name": "urn:c", "type": "Integer"},
        {"directory": "source", "object": "Group", "name": "urn:d"},
        {"directory": "source", "object": "User", "name": "urn:e", "state": "absent"},
    ],
    "object_mappings": [
        {
            "source": "User",
            "target": "User",
            "flow_types": ["Add", "add"],
            "attributes": [
                {"target": "a", "attribute": "userPrincipalName", "matching_priority": "1"},
                {"target": "b", "constant": 7, "default": 8, "apply": "on_create"},
                {"target": "c", "expression": "ToUpper([x])", "apply": "sometimes", "flow_behavior": "never"},
                {"target": "d", "default": "y", "flow_behavior": "always"},
                {"target": "e", "state": "absent"},
            ],
            "scope": [
                {"name": "Sales", "clauses": [{"attribute": "q", "operator": "EQUALS", "values": ["1", 2]}]},
                {"name": "Gone", "state": "absent", "clauses": [{"attribute": "g", "operator": "IS NULL"}]},
            ],
            "input_scope": [{"clauses": [{"attribute": "r", "operator": "IS NULL"}]}],
        },
        {"source": "Group", "state": "absent"},
    ],
}


def test_the_view_of_a_portable_document() -> None:
    own, both = Definition("String", False), Definition("Integer", False)
    assert of_portable(PORTABLE, True) == [
        ObjectView(
            path="User → User",
            source=End("source", ENTRA, "User", custom={"urn:a": own, "urn:c": both}),
            target=End("target", OTHER, "User", custom={"urn:b": Definition("DateTime", True), "urn:c": both}),
            attributes=(
                _attribute("a", "[userPrincipalName]", priority=1, references=("userPrincipalName",)),
                _attribute("b", '"7"', default="8", apply="ObjectAddOnly"),
                _attribute(
                    "c",
                    "ToUpper([x])",
                    apply="sometimes",
                    references=("x",),
                    functions=("ToUpper",),
                    strange=(
                        "apply is 'sometimes', none of always, on_create, multi_value_add_only, value_add_only, "
                        "attribute_add_only.",
                        "flow_behavior is 'never', none of when_changed, always.",
                    ),
                ),
                _attribute("d", None, default="y"),
            ),
            clauses=(
                Clause("User → User / scope / Sales", "q", "EQUALS", ("1", "2")),
                Clause("User → User / inputFilterGroups / (unnamed)", "r", "IS NULL", ()),
            ),
            strange=("flow_types is 'add', none of Add, Update, Delete.",),
            sync_all=True,
        )
    ]


@pytest.mark.parametrize(
    ("source", "attributes", "kind"),
    [
        ("User", ["mail"], OTHER),
        ("User", ["accountEnabled"], ENTRA),
        ("Group", ["mailNickname"], ENTRA),
        ("Group", ["displayName"], OTHER),
        ("device", ["objectId"], OTHER),
        ("user", ["objectId"], ACTIVE_DIRECTORY),
        ("contact", [], ACTIVE_DIRECTORY),
    ],
)
def test_the_kind_of_directory_shows_in_names(source: str, attributes: list[str], kind: str) -> None:
    mappings = [{"target": f"x{one}", "attribute": one} for one in attributes]
    (view,) = of_portable({"object_mappings": [{"source": source, "attributes": mappings}]}, None)
    assert (view.source.kind, view.path, view.target) == (kind, source, End("target", OTHER, ""))
    clauses = [{"clauses": [{"attribute": one} for one in attributes]}]
    (view,) = of_portable({"object_mappings": [{"source": source, "scope": clauses}]}, None)
    assert view.source.kind == kind


def test_the_view_of_a_schema() -> None:
    document = schema(
        attribute("title", "ToUpper([mail])", defaultValue="x", matchingPriority="2", flowType="ObjectAddOnly"),
        matching=None,
        clauses=[clause("mail", "EQUALS", "1", "2")],
        target=("Active Directory of HR", "urn:x:user", {"hired": {"type": "DateTime", "multivalued": True}}),
    )
    defined = document["directories"][0]["objects"][0]["attributes"]
    string = Definition("String", False)
    assert of_schema(document, False) == [
        ObjectView(
            path="User → user",
            source=End(
                "source",
                ENTRA,
                "User",
                {one["name"]: Definition(one.get("type", "String"), False) for one in defined},
            ),
            target=End(
                "target",
                ACTIVE_DIRECTORY,
                "urn:x:user",
                {"title": string, "hired": Definition("DateTime", True)},
            ),
            attributes=(
                AttributeView(
                    path="User → user / title",
                    target="title",
                    source="ToUpper([mail])",
                    default="x",
                    priority=2,
                    apply="ObjectAddOnly",
                    strange=(),
                    references=("mail",),
                    functions=("ToUpper",),
                ),
            ),
            clauses=(Clause("User → user / scope / Sales", "mail", "EQUALS", ("1", "2")),),
            strange=(),
            sync_all=False,
        )
    ]


@pytest.mark.parametrize(
    ("directory", "defined", "kind"),
    [
        ("Azure AD (target)", {}, ENTRA),
        ("Microsoft Entra ID", {}, ENTRA),
        ("Azure Active Directory", {}, ENTRA),
        ("contoso", {"IsSoftDeleted": {}}, ENTRA),
        ("contoso", {"issoftdeleted": {}}, OTHER),
        ("ACTIVE DIRECTORY", {"IsSoftDeleted": {}}, ACTIVE_DIRECTORY),
        ("My Active Directory", {}, OTHER),
    ],
)
def test_the_kind_of_directory_of_a_schema(directory: str, defined: t.Any, kind: str) -> None:
    (view,) = of_schema(schema(target=(directory, "User", defined)), None)
    assert view.target.kind == kind


def _portable(where: str, value: t.Any) -> t.Any:
    """Return a portable document in which one thing is something else."""
    attributes, clauses = [{"target": "a", "attribute": "b"}], [{"attribute": "c", "operator": "IS NULL"}]
    document: t.Any = {
        "object_mappings": [
            {"source": "User", "target": "Person", "attributes": attributes, "scope": [{"clauses": clauses}]}
        ],
        "custom_attributes": [{"directory": "source", "object": "User", "name": "urn:a"}],
    }
    return _changed(document, where, value)


def _schema(where: str, value: t.Any) -> t.Any:
    """Return a schema in which one thing is something else."""
    document = schema(attribute("title", "[mail]"), matching=None, clauses=[clause("mail", "EQUALS", "x")])
    rules = {"mapping": "synchronizationRules.0.objectMappings.0", "object": "directories.0.objects.0"}
    first, _dot, rest = where.partition(".")
    return _changed(document, f"{rules[first]}.{rest}" if first in rules else where, value)


def _changed(document: t.Any, where: str, value: t.Any) -> t.Any:
    *above, last = [int(one) if one.isdigit() else one for one in where.split(".")]
    holder = document
    for one in above:
        holder = holder[one]
    holder[last] = value
    return document


MAPPING, TITLE = "User → Person", "User → User / title"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (_portable("object_mappings", {}), "The document: object_mappings is no list of records."),
        (_portable("custom_attributes", ["x"]), "The document: custom_attributes is no list of records."),
        (_portable("custom_attributes.0.name", None), "A custom attribute: name is missing."),
        (_portable("custom_attributes.0.type", []), "A custom attribute: type is no text."),
        (_portable("custom_attributes.0.directory", []), "A custom attribute: directory is no text."),
        (_portable("custom_attributes.0.object", {}), "A custom attribute: object is no text."),
        (_portable("object_mappings.0.source", ""), "An object mapping: source is missing."),
        (_portable("object_mappings.0.target", []), "User: target is no text."),
        (_portable("object_mappings.0.flow_types", "Add"), f"{MAPPING}: flow_types is no list of texts."),
        (_portable("object_mappings.0.attributes", "x"), f"{MAPPING}: attributes is no list of records."),
        (_portable("object_mappings.0.attributes.0.target", None), f"{MAPPING}: target is missing."),
        (_portable("object_mappings.0.attributes.0.apply", []), f"{MAPPING} / a: apply is no text."),
        (_portable("object_mappings.0.attributes.0.flow_behavior", []), f"{MAPPING} / a: flow_behavior is no text."),
        (_portable("object_mappings.0.attributes.0.default", []), f"{MAPPING} / a: default is no text."),
        (_portable("object_mappings.0.attributes.0.attribute", []), f"{MAPPING} / a: attribute is no text."),
        (
            _portable("object_mappings.0.attributes.0.matching_priority", "x"),
            f"{MAPPING} / a: matching_priority is no number.",
        ),
        (
            _portable("object_mappings.0.attributes.0", {"target": "a", "constant": []}),
            f"{MAPPING} / a: constant is no text.",
        ),
        (
            _portable("object_mappings.0.attributes.0", {"target": "a", "expression": []}),
            f"{MAPPING} / a: expression is no text.",
        ),
        (_portable("object_mappings.0.scope", {}), f"{MAPPING}: scope is no list of records."),
        (_portable("object_mappings.0.scope.0.name", []), f"{MAPPING}: name is no text."),
        (
            _portable("object_mappings.0.scope.0.clauses", {}),
            f"{MAPPING} / scope / (unnamed): clauses is no list of records.",
        ),
        (
            _portable("object_mappings.0.scope.0.clauses.0.attribute", []),
            f"{MAPPING} / scope / (unnamed): attribute is no text.",
        ),
        (
            _portable("object_mappings.0.scope.0.clauses.0.operator", []),
            f"{MAPPING} / scope / (unnamed): operator is no text.",
        ),
        (
            _portable("object_mappings.0.scope.0.clauses.0.values", "x"),
            f"{MAPPING} / scope / (unnamed): values is no list of texts.",
        ),
        (_schema("directories", None), "This is no whole schema: it has nothing under directories."),
        (_schema("synchronizationRules", []), "This is no whole schema: it has nothing under synchronizationRules."),
        (_schema("synchronizationRules", {}), "The schema: synchronizationRules is no list of records."),
        (_schema("directories.0.name", None), "A directory: name is missing."),
        (_schema("directories.0.objects", {}), "Directory Azure Active Directory: objects is no list of records."),
        (_schema("object.name", ""), "Directory Azure Active Directory: name is missing."),
        (_schema("object.attributes", {}), "Directory Azure Active Directory: attributes is no list of records."),
        (_schema("object.attributes.0.name", []), "Directory Azure Active Directory: name is no text."),
        (_schema("object.attributes.0.type", []), "Directory Azure Active Directory: type is no text."),
        (
            _schema("synchronizationRules.0.objectMappings", {}),
            "A synchronization rule: objectMappings is no list of records.",
        ),
        (
            _schema("synchronizationRules.0.sourceDirectoryName", None),
            "A synchronization rule: sourceDirectoryName is missing.",
        ),
        (
            _schema("synchronizationRules.0.targetDirectoryName", None),
            "A synchronization rule: targetDirectoryName is missing.",
        ),
        (_schema("mapping.sourceObjectName", None), "An object mapping: sourceObjectName is missing."),
        (_schema("mapping.targetObjectName", None), "An object mapping: targetObjectName is missing."),
        (_schema("mapping.scope", []), "User → User: scope is no record."),
        (_schema("mapping.scope.groups", {}), "User → User: groups is no list of records."),
        (_schema("mapping.scope.groups.0.name", []), "User → User: name is no text."),
        (_schema("mapping.scope.groups.0.clauses", {}), "User → User / scope / Sales: clauses is no list of records."),
        (
            _schema("mapping.scope.groups.0.clauses.0.sourceOperandName", []),
            "User → User / scope / Sales: sourceOperandName is no text.",
        ),
        (
            _schema("mapping.scope.groups.0.clauses.0.operatorName", []),
            "User → User / scope / Sales: operatorName is no text.",
        ),
        (
            _schema("mapping.scope.groups.0.clauses.0.targetOperand", "x"),
            "User → User / scope / Sales: targetOperand is no record.",
        ),
        (
            _schema("mapping.scope.groups.0.clauses.0.targetOperand.values", "x"),
            "User → User / scope / Sales: values is no list of texts.",
        ),
        (_schema("mapping.flowTypes", {}), "User → User: flowTypes is no text."),
        (_schema("mapping.attributeMappings", {}), "User → User: attributeMappings is no list of records."),
        (
            _schema("mapping.attributeMappings.0.targetAttributeName", ""),
            "User → User: targetAttributeName is missing.",
        ),
        (_schema("mapping.attributeMappings.0.source", "[mail]"), f"{TITLE}: source is no record."),
        (_schema("mapping.attributeMappings.0.defaultValue", []), f"{TITLE}: defaultValue is no text."),
        (_schema("mapping.attributeMappings.0.matchingPriority", "x"), f"{TITLE}: matchingPriority is no number."),
        (_schema("mapping.attributeMappings.0.flowType", []), f"{TITLE}: flowType is no text."),
        (_schema("mapping.attributeMappings.0.flowBehavior", []), f"{TITLE}: flowBehavior is no text."),
        (_schema("mapping.attributeMappings.0.source.type", []), f"{TITLE}: type is no text."),
        (_schema("mapping.attributeMappings.0.source.expression", []), f"{TITLE}: expression is no text."),
        (_schema("mapping.attributeMappings.0.source.name", []), f"{TITLE}: name is no text."),
        (_schema("mapping.attributeMappings.0.source.parameters", {}), f"{TITLE}: parameters is no list of records."),
        (_schema("mapping.attributeMappings.0.source.parameters", [{"value": 1}]), f"{TITLE}: value is no record."),
        (
            _schema(
                "mapping.attributeMappings.0.source.parameters", [{"value": {"parameters": [{"value": {"name": []}}]}}]
            ),
            f"{TITLE}: name is no text.",
        ),
        (
            {},
            "This is no schema: it has neither synchronizationRules, as Graph writes them, nor object_mappings, as a "
            "portable document has them.",
        ),
    ],
)
def test_what_is_no_schema_is_told_with_its_place(document: t.Any, sentence: str) -> None:
    with pytest.raises(SchemaProblem) as caught:
        lint(document)
    assert caught.value.message == sentence


def test_what_cannot_be_silenced_is_told() -> None:
    with pytest.raises(SchemaProblem) as caught:
        lint(schema(), ignore=[" duplicate-targets : User"])
    assert caught.value.message.startswith(
        "There is no lint rule 'duplicate-targets' to ignore. Nearest: duplicate-target, "
    )
    with pytest.raises(SchemaProblem) as caught:
        lint(schema(), ignore=t.cast("t.Any", [7]))
    assert caught.value.message == "What to ignore is written as a text, 'rule' or 'rule:path', not as 7."
