# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of the shorthand that must fail: names that nothing has, contradictions, expressions that do not work."""

from __future__ import annotations

from typing import Any

from tests.faults.cases import HERE, Case
from tests.faults.life import example
from tests.faults.mappings import clause, group, users

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_MISTYPED = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr"
_BADGE = {"directory": "target", "object": _ENTERPRISE, "name": "urn:acme:badge"}


def _schema(name: str, says: list[str], module: str = "sync_schema", **options: Any) -> Case:
    if module == "sync_template":
        options["template_id"] = "scim"
    return Case(name, module, {**HERE, **options}, says)


def _mapped(name: str, attribute: dict[str, Any], *says: str) -> Case:
    return _schema(name, list(says), object_mappings=users(attribute))


def _document(name: str, document: dict[str, Any], *says: str) -> Case:
    return _schema(name, list(says), schema=document)


# Names that are looked for in what the service has, each with those that may have been meant.
NEAREST = [
    _mapped(
        "a mistyped source attribute",
        {"target": "title", "attribute": "departmnt"},
        "The source object User has no attribute 'departmnt'. Nearest: department.",
    ),
    _mapped(
        "a mistyped target attribute",
        {"target": "titel", "attribute": "department"},
        f"The target object {_ENTERPRISE} has no attribute 'titel'. Nearest: title.",
    ),
    _mapped(
        "the end of a long name",
        {"target": "division", "attribute": "department"},
        "has no attribute 'division'",
        f"{_ENTERPRISE}:division",
    ),
    _mapped(
        "a mistyped attribute in an expression",
        {"target": "title", "expression": 'Join(" ", [givenName], [surnam])'},
        "The source object User has no attribute 'surnam'. Nearest: surname.",
    ),
    _schema(
        "a mistyped attribute of a scoping filter",
        ["has no attribute 'deparment'", "Nearest: department"],
        object_mappings=users(scope=[group("Sales", clause("deparment", "EQUALS", "Sales"))]),
    ),
    _schema(
        "a mistyped operator",
        ["There is no operator 'EQUAL'. Nearest: EQUALS", "Operators are: ", "REGEX MATCH"],
        object_mappings=users(scope=[group("Sales", clause("department", "EQUAL", "Sales"))]),
    ),
    _schema(
        "a mistyped object",
        ["There is no object mapping of 'Usr'", "where target is given too", "Nearest: User."],
        object_mappings=[{"source": "Usr"}],
    ),
    _schema(
        "a mistyped target object",
        [f"The target directory has no object '{_MISTYPED}'. Nearest: {_ENTERPRISE}"],
        object_mappings=[{"source": "User", "target": _MISTYPED}],
    ),
    _schema(
        "a mistyped rule",
        ["The schema has no rule 'USERGROUP_OUTBOUND'. Nearest: USERGROUP_OUTBOUND_USERGROUP."],
        object_mappings=[{"source": "User", "rule": "USERGROUP_OUTBOUND"}],
    ),
    _schema(
        "a mistyped directory",
        ["The schema has no directory 'customapsso'. Nearest: customappsso."],
        custom_attributes=[{**_BADGE, "directory": "customapsso"}],
    ),
    _schema(
        "a mistyped object of a directory",
        [f"'{_MISTYPED}'", f"Nearest: {_ENTERPRISE}"],
        custom_attributes=[{**_BADGE, "object": _MISTYPED}],
    ),
    _schema(
        "a mistyped attribute of a template",
        ["The source object User has no attribute 'departmnt'. Nearest: department."],
        "sync_template",
        object_mappings=users({"target": "title", "attribute": "departmnt"}),
    ),
]

CONTRADICTIONS = [
    _mapped(
        "two sources",
        {"target": "title", "attribute": "department", "constant": "b"},
        "mutually exclusive",
        "attribute|constant",
    ),
    _mapped("no source", {"target": "nickName"}, "The mapping of nickName needs a source"),
    _mapped("an empty expression", {"target": "title", "expression": " "}, "The expression of title is empty"),
    _mapped(
        "a priority below nothing",
        {"target": "title", "attribute": "department", "matching_priority": -1},
        "matching_priority of title is below 0",
    ),
    _mapped(
        "a priority of two",
        {"target": "externalId", "attribute": "objectId", "matching_priority": 1},
        "matching_priority 1 is given to several attributes: externalId, userName.",
    ),
    _mapped(
        "a long expression",
        {"target": "title", "expression": f'Append([department], "{"x" * 10_000}")'},
        "The expression of title has 10,024 characters; 10,000 are allowed.",
    ),
    _schema(
        "there and not there",
        ["The target attribute title of the object mapping of User is listed as present and as absent."],
        object_mappings=users({"target": "title", "attribute": "department"}, {"target": "title", "state": "absent"}),
    ),
    _schema(
        "one object mapping twice",
        [f"The object mapping User → {_ENTERPRISE} is listed twice."],
        object_mappings=[*users({"target": "title", "attribute": "department"}), *users(enabled=False)],
    ),
    _schema(
        "values of an operator without",
        ["The clause 'department IS NULL' takes no values."],
        object_mappings=users(scope=[group("Sales", clause("department", "IS NULL", "Sales"))]),
    ),
    _schema(
        "no values of an operator with",
        ["The clause 'department EQUALS' needs at least one value."],
        object_mappings=users(scope=[group("Sales", clause("department", "EQUALS"))]),
    ),
    _schema(
        "a definition that is in use",
        ["The custom attribute userName", "cannot be removed: the mapping of userName uses it."],
        custom_attributes=[{**_BADGE, "name": "userName", "state": "absent"}],
    ),
    _schema("flows of nothing", ["without any flow type does nothing"], object_mappings=users(flow_types=[])),
    _schema(
        "a whole schema and a part",
        ["mutually exclusive: schema|object_mappings"],
        schema=example("customappsso_full"),
        object_mappings=users(enabled=True),
    ),
    _document("a portable document with another key", {"object_mappings": [], "colour": 1}, "colour", "rules."),
    _document(
        "a portable document with another key inside",
        {"object_mappings": [{"source": "User", "colour": "red"}]},
        "object_mappings.colour",
        "flow_types",
    ),
    _document("a document of something else", {"kind": "Deployment", "synchronizationRules": 7}, "no whole schema"),
    _document(
        "a document with a text for a list",
        {"synchronizationRules": [{"objectMappings": "all"}], "directories": [{}]},
        "must be a list, not 'all'",
    ),
    _schema("an unknown finding", ["'no-such-rule'"], ignore_findings=["no-such-rule"], object_mappings=[]),
]

# What the service says of expressions: where, what, and what there is.
_JOIN = 'Join(".", [givenName], [surname])'
EXPRESSIONS = [
    _mapped(
        "an expression that ends early",
        {"target": "title", "expression": "ToUpper([department]"},
        "The service cannot parse this expression; nothing was written.",
        "ToUpper([department]: The expression ends too early (line 1, column 21).",
        "Functions are: AppRoleAssignments, ",
        "Switch, ToLower, ToUpper, Word.",
    ),
    _schema(
        "two mistyped functions",
        [
            "The service cannot parse these expressions",
            "Uper([mail]): Unknown function 'Uper' (line 1, column 1).",
            "Append(Joinn([department]), [mail]): Unknown function 'Joinn' (line 1, column 8).",
            "There is no function Uper. Nearest: ToUpper.",
            "There is no function Joinn. Nearest: Join.",
        ],
        object_mappings=users(
            {"target": "title", "expression": "Append(Joinn([department]), [mail])"},
            {"target": "displayName", "expression": "Uper([mail])"},
            {"target": "nickName", "expression": "ToUpper([mail])"},
        ),
    ),
    _schema(
        "a mistyped function of a template",
        ["There is no function Uper. Nearest: ToUpper."],
        "sync_template",
        object_mappings=users({"target": "title", "expression": "Uper([mail])"}),
    ),
    _schema(
        "expressions that give something else",
        [
            "3 of 5 expression tests failed; nothing was written.",
            # Braces stand for places of the test, so those of the message are doubled.
            _JOIN + " with {{'givenName': 'A', 'surname': 'B'}}: expected 'A.C', got 'A.B'.",
            "[mail] with {{}}: expected 'x', got nothing.",
            """Split([mail], ";") with {{'mail': 'a;b'}}: expected 'b' and 'a', got 'a' and 'b'.""",
        ],
        expression_tests=[
            {"expression": _JOIN, "input": {"givenName": "A", "surname": "B"}, "expect": "A.C"},
            {"expression": _JOIN, "input": {"givenName": "A", "surname": "B"}, "expect": "A.B"},
            {"expression": "[mail]", "expect": "x"},
            {"expression": 'Split([mail], ";")', "input": {"mail": "a;b"}, "expect": ["b", "a"]},
            {"expression": 'Split([mail], ";")', "input": {"mail": "a;b"}, "expect": ["a", "b"]},
        ],
    ),
    _schema(
        "an expression that cannot be evaluated",
        [
            "1 of 1 expression tests failed",
            "Left([mail], [givenName]) with {{'mail': 'a', 'givenName': 'x'}}: could not be evaluated:",
        ],
        expression_tests=[
            {"expression": "Left([mail], [givenName])", "input": {"mail": "a", "givenName": "x"}, "expect": "a"}
        ],
    ),
    _schema(
        "a test that cannot be parsed",
        ["cannot parse this expression", "There is no function Nope.", "Functions are: "],
        expression_tests=[
            {"expression": "[mail]", "input": {"mail": "x"}, "expect": "y"},
            {"expression": "Nope([mail])", "expect": "x"},
        ],
    ),
    _schema(
        "a template whose expression gives something else",
        ["1 of 1 expression tests failed", "expected 'a', got 'A'"],
        "sync_template",
        expression_tests=[{"expression": "ToUpper([mail])", "input": {"mail": "a"}, "expect": "a"}],
        object_mappings=users({"target": "title", "attribute": "department"}),
    ),
]

# Options of the wrong type, which Ansible itself refuses.
TYPES = [
    _mapped(
        "a word for a number",
        {"target": "title", "attribute": "department", "matching_priority": "first"},
        "'matching_priority'",
        "object_mappings -> attributes",
    ),
    _mapped(
        "a moment that there is not",
        {"target": "title", "attribute": "department", "apply": "sometimes"},
        "value of apply must be one of: always, on_create",
        "sometimes",
    ),
    _mapped("an option that there is not", {"target": "title", "sauce": "department"}, "sauce", "default_only"),
    _mapped("no target", {"attribute": "department"}, "missing required arguments: target"),
    _schema("no clauses", ["needs clauses"], object_mappings=users(scope=[{"name": "Sales"}])),
    _schema(
        "a type that there is not",
        ["value of type must be one of"],
        custom_attributes=[{**_BADGE, "type": "Text"}],
    ),
    _schema("a risk that there is not", ["value of allow must be one or more of"], allow=["all"], object_mappings=[]),
]
