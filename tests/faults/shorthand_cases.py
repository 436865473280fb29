# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shorthand can say, one scenario for each thing: what it changes, in sentences and in bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.faults.cases import application
from tests.faults.life import example
from tests.faults.mappings import clause, group, users

CLOUD_SYNC = "1a4721b3-e57f-4451-ae87-ef078703ec94"
USER, GROUP = "User → User", "Group → Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BADGE = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badgeId"
COST = "extension_53c9e2c0aaaabbbbccccddddeeeeffff_acmeCostCenter"
PROFIT = COST.replace("Cost", "Profit")
DESK = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:desk"
TARGET = f"directory / customappsso / {ENTERPRISE}"
OURS = "metadata IsCustomerDefined true"
# What an object mapping has besides its attribute mappings and its filters.
OWN = ("enabled", "flowTypes", "metadata", "name", "sourceObjectName", "targetObjectName")
NL = [clause("department", "EQUALS", "Sales"), clause("country", "EQUALS", "NL"), clause("mail", "IS NOT NULL")]
CONTRACTORS = (
    'employeeId REGEX MATCH "(1[0-9][0-9][0-9][0-9][0-9][0-9])" AND '
    r'userPrincipalName NOT REGEX MATCH ".*\\@test\\.contoso\\.com"'
)


@dataclass(frozen=True)
class Scenario:
    """One task, on an application of its own whose mappings are those of `customappsso_full` or of cloud sync.

    :param says: the changes, in sentences; none where the schema says so already.
    :param alters: the parts of the document that do not go back byte for byte.
    """

    name: str
    options: dict[str, Any]
    says: list[str] = field(default_factory=list)
    alters: set[str] = field(default_factory=set)
    risks: list[str] = field(default_factory=lambda: ["mapping"])
    cloud: bool = False


def seed() -> dict[str, Any]:
    """An application for each scenario; its job has never run, so that nothing is guarded."""
    return {"applications": [_application(one) for one in SCENARIOS]}


def _application(scenario: Scenario) -> dict[str, Any]:
    if scenario.cloud:
        job = {"template_id": "AD2AADProvisioning", "schema": example("ad2aad_cloud_sync_excerpt")}
        return application(scenario.name, application_template_id=CLOUD_SYNC, jobs=[job])
    return application(scenario.name, jobs=[{"template_id": "scim", "schema": example("customappsso_full")}])


def _mapped(name: str, attribute: dict[str, Any], *says: str, risk: str = "mapping") -> Scenario:
    """One entry for one target attribute of people."""
    target = f"{USER} / {attribute['target']}"
    return Scenario(name, {"object_mappings": users(attribute)}, [f"{USER} / {one}" for one in says], {target}, [risk])


def _scoped(name: str, scope: list[dict[str, Any]], says: list[str], alters: set[str], **more: Any) -> Scenario:
    """The scoping filter of people."""
    return Scenario(
        name,
        {"object_mappings": users(scope=scope, **more)},
        [f"{USER} / scope / {one}" for one in says],
        {f"{USER} / {one}" for one in alters},
        ["scope"],
    )


ATTRIBUTES = [
    _mapped("a direct source", {"target": "title", "attribute": "department"}, "title: [jobTitle] → [department]"),
    _mapped("a constant", {"target": "userType", "constant": "Staff"}, 'userType: "Employee" → "Staff"'),
    _mapped(
        "a constant on create",
        {"target": "title", "constant": 'En "gineer"', "apply": "on_create"},
        'title: [jobTitle] → "En \\"gineer\\""',
        "title / apply: always → on_create",
    ),
    _mapped("a default", {"target": "title", "default": "Staff"}, 'title / default: "Staff" (new)'),
    _mapped("no default", {"target": "locale", "default": ""}, 'locale / default: removed (was "en_US")'),
    _mapped(
        "the default alone",
        {"target": "title", "default_only": True, "default": "Staff"},
        "title: [jobTitle] → (no source)",
        'title / default: "Staff" (new)',
    ),
    _mapped(
        "an expression",
        {"target": "displayName", "expression": 'Join(" ",[givenName] , [surname])'},
        'displayName: [displayName] → Join(" ", [givenName], [surname])',
    ),
    _mapped(
        "an expression without a function",
        {"target": "displayName", "expression": " [mailNickname] "},
        "displayName: [displayName] → [mailNickname]",
    ),
    _mapped(
        "a new mapping",
        {"target": "name.middleName", "attribute": "mailNickname", "flow_behavior": "always"},
        "name.middleName: [mailNickname], flow behavior always (new)",
    ),
    _mapped(
        "another matching attribute",
        {"target": 'emails[type eq "work"].value', "matching_priority": 3},
        'emails[type eq "work"].value / matching priority: 0 → 3',
        risk="matching",
    ),
    _mapped(
        "one matching attribute less",
        {"target": "externalId", "matching_priority": 0},
        "externalId / matching priority: 2 → 0",
        risk="matching",
    ),
    _mapped(
        "another moment",
        {"target": "nickName", "apply": "always", "flow_behavior": "always"},
        "nickName / apply: on_create → always",
        "nickName / flow behavior: when_changed → always",
    ),
    _mapped(
        "no mapping",
        {"target": "nickName", "state": "absent"},
        'nickName: removed (was Replace([mail], "@contoso.com", , , "", , ), apply on_create)',
    ),
    _mapped(
        "who is active",
        {"target": "active", "expression": 'Switch([IsSoftDeleted], "True", "True", "False")'},
        'active: Switch([IsSoftDeleted], , "False", "True", "True", "False") → '
        'Switch([IsSoftDeleted], "True", "True", "False")',
        risk="active",
    ),
    Scenario(
        "two mappings of one target",
        {
            "object_mappings": users(
                {"target": "title", "attribute": "jobTitle"},
                {"target": "title", "attribute": "department", "apply": "on_create"},
            )
        },
        [f"{USER} / title: [department], apply on_create (new)"],
        {f"{USER} / title"},
    ),
    Scenario(
        "exactly these attributes",
        {
            "object_mappings": [
                {
                    "source": "Group",
                    "attributes": [
                        {"target": "displayName", "attribute": "displayName"},
                        {"target": "members", "attribute": "members"},
                    ],
                    "purge_attributes": True,
                }
            ]
        },
        [f"{GROUP} / externalId: removed (was [objectId])"],
        {f"{GROUP} / externalId"},
    ),
]

OBJECT_MAPPINGS = [
    Scenario(
        "a mapping that deletes nothing",
        {"object_mappings": users(flow_types=["Update", "Add"])},
        [f"{USER} / flow types: Add, Update, Delete → Add, Update"],
        {f"{USER}.flowTypes"},
        ["delete_flow"],
    ),
    Scenario(
        "a mapping that rests",
        {
            "object_mappings": [
                {"source": "Group", "target": "urn:ietf:params:scim:schemas:core:2.0:Group", "enabled": False}
            ]
        },
        [f"{GROUP} / enabled: yes → no"],
        {f"{GROUP}.enabled"},
        ["scope"],
    ),
    Scenario(
        "another name",
        {"object_mappings": users(name="People")},
        [f"{USER} / name: Provision Azure Active Directory Users → People"],
        {f"{USER}.name"},
        ["cosmetic"],
    ),
    Scenario(
        "no groups",
        {"object_mappings": [{"source": "Group", "state": "absent"}]},
        [
            f"{GROUP}: removed (was enabled, Add, Update, Delete)",
            f"{GROUP} / displayName: removed (was [displayName], matching priority 1)",
            f"{GROUP} / externalId: removed (was [objectId])",
            f"{GROUP} / members: removed (was [members])",
        ],
        {
            *(f"{GROUP}.{one}" for one in OWN),
            *(f"{GROUP} / {one}" for one in ("scope", "displayName", "externalId", "members")),
        },
        ["mapping", "matching", "scope"],
    ),
    Scenario(
        "groups as users",
        {
            "object_mappings": [
                {
                    "source": "Group",
                    "target": ENTERPRISE,
                    "flow_types": ["Add"],
                    "attributes": [{"target": "userName", "attribute": "mailNickname", "matching_priority": 1}],
                }
            ]
        },
        [
            "Group → User: enabled, Add (new)",
            "Group → User / userName: [mailNickname], matching priority 1 (new)",
        ],
        {*(f"Group → User.{one}" for one in OWN), "Group → User / scope", "Group → User / userName"},
        ["matching", "scope"],
    ),
]

SCOPES = [
    _scoped(
        "one group more",
        [group("Board", clause("jobTitle", "EQUALS", "Director", "CEO"))],
        ['Board: jobTitle EQUALS "CEO" "Director" (new)'],
        {"groups / Board"},
    ),
    _scoped(
        "another clause",
        [group("Sales in NL", *NL[1:], clause("department", "EQUALS", "Engineering"))],
        ['Sales in NL / department: EQUALS "Sales" → EQUALS "Engineering"'],
        {"groups / Sales in NL"},
    ),
    _scoped(
        "one group less",
        [{"name": "Contractor ids", "state": "absent"}, {"name": "Nobody", "state": "absent"}],
        [f"Contractor ids: removed (was {CONTRACTORS})"],
        {"groups / Contractor ids"},
    ),
    _scoped(
        "exactly this group",
        [group("Sales in NL", *NL)],
        [f"Contractor ids: removed (was {CONTRACTORS})"],
        {"groups / Contractor ids"},
        purge_scope=True,
    ),
    _scoped(
        "no filter",
        [],
        [
            f"Contractor ids: removed (was {CONTRACTORS})",
            'Sales in NL: removed (was country EQUALS "NL" AND department EQUALS "Sales" AND mail IS NOT NULL)',
        ],
        {"groups / Contractor ids", "groups / Sales in NL", "scope"},
    ),
    _scoped(
        "a group without a name",
        [{"clauses": [clause("employeeId", "IS NOT NULL")]}],
        ["(unnamed): employeeId IS NOT NULL (new)"],
        {"groups / None"},
    ),
    Scenario(
        "what is read",
        {"object_mappings": users(input_scope=[group("Real", clause("employeeId", "IS NOT NULL"))])},
        [f"{USER} / input scope / Real: employeeId IS NOT NULL (new)"],
        {f"{USER} / inputFilterGroups / Real"},
        ["scope"],
    ),
]

CUSTOM = [
    Scenario(
        "a custom attribute of the target",
        {"custom_attributes": [{"directory": "target", "object": ENTERPRISE, "name": DESK}]},
        [f"{TARGET} / {DESK}: type String, {OURS} (new)"],
        {f"customappsso / User / {DESK}"},
    ),
    Scenario(
        "all of a custom attribute",
        {
            "custom_attributes": [
                {
                    "directory": "customappsso",
                    "object": ENTERPRISE,
                    "name": DESK,
                    "type": "Reference",
                    "multivalued": True,
                    "required": True,
                    "case_exact": True,
                    "flow_null_values": True,
                    "mutability": "Immutable",
                    "default": "none",
                    "references": ["User"],
                    "api_expressions": {"XPATH": "wd:Desk"},
                }
            ]
        },
        [
            f"{TARGET} / {DESK}: type Reference, caseExact true, flowNullValues true, multivalued true, "
            'mutability Immutable, required true, defaultValue "none", apiExpressions {"key": "XPATH", '
            '"value": "wd:Desk"}, referencedObjects {"referencedObjectName": "User"}, '
            f"{OURS} (new)"
        ],
        {f"customappsso / User / {DESK}"},
    ),
    Scenario(
        "a custom attribute of the source, mapped at once",
        {
            "custom_attributes": [
                {"directory": "source", "object": "User", "name": PROFIT},
                {"directory": "target", "object": ENTERPRISE, "name": DESK},
            ],
            "object_mappings": users(
                {"target": DESK, "attribute": PROFIT},
                # The service parses it with the attributes that it has, and this one it does not have yet.
                {"target": BADGE, "expression": f'Append("[D]", [{PROFIT}])'},
            ),
        },
        [
            f"directory / Azure Active Directory / User / {PROFIT}: type String, {OURS} (new)",
            f"{TARGET} / {DESK}: type String, {OURS} (new)",
            f'{USER} / {BADGE}: Append(Mid([givenName], 1, 3), Mid([surname], 1, 5)) → Append("[D]", [{PROFIT}])',
            f"{USER} / {DESK}: [{PROFIT}] (new)",
        ],
        {
            f"Azure Active Directory / User / {PROFIT}",
            f"customappsso / User / {DESK}",
            f"{USER} / {DESK}",
            f"{USER} / {BADGE}",
        },
    ),
    Scenario(
        "a custom attribute less, and its mapping",
        {
            "custom_attributes": [{"directory": "target", "object": ENTERPRISE, "name": BADGE, "state": "absent"}],
            "object_mappings": users({"target": BADGE, "state": "absent"}),
        },
        [
            f"{TARGET} / {BADGE}: removed (was type String)",
            f"{USER} / {BADGE}: removed (was Append(Mid([givenName], 1, 3), Mid([surname], 1, 5)))",
        ],
        {f"customappsso / User / {BADGE}", f"{USER} / {BADGE}"},
    ),
    Scenario(
        "another type",
        {"custom_attributes": [{"directory": "target", "object": ENTERPRISE, "name": BADGE, "type": "Integer"}]},
        [f"{TARGET} / {BADGE} / type: String → Integer"],
        {f"customappsso / User / {BADGE}"},
    ),
]

ACTIVE_DIRECTORY = [
    Scenario(
        "a custom attribute of every kind of person",
        {
            "custom_attributes": [{"directory": "source", "name": "badgeNumber"}],
            "object_mappings": [
                {"source": one, "attributes": [{"target": "GivenName", "attribute": "badgeNumber"}]}
                for one in ("user", "inetOrgPerson")
            ],
        },
        [
            *(
                f"directory / Active Directory / {one} / badgeNumber: type String, {OURS} (new)"
                for one in ("inetOrgPerson", "user")
            ),
            *(f"{one} → User / GivenName: [givenName] → [badgeNumber]" for one in ("inetOrgPerson", "user")),
        ],
        {
            *(f"Active Directory / {one} / badgeNumber" for one in ("inetOrgPerson", "user")),
            *(f"{one} → User / GivenName" for one in ("inetOrgPerson", "user")),
        },
        cloud=True,
    ),
    Scenario(
        "other containers",
        {"rules": [{"containers": ["OU=Staff,DC=contoso,DC=com", "OU=Guests,DC=contoso,DC=com"]}]},
        ["rule / AD2AADProvisioning / containers / OU=Guests,DC=contoso,DC=com: included (new)"],
        {"rule.containerFilter"},
        ["scope"],
        cloud=True,
    ),
    Scenario(
        "a group of a rule",
        {"rules": [{"rule": "AD2AADProvisioning", "groups": ["CN=Staff,DC=contoso,DC=com"], "containers": []}]},
        [
            "rule / AD2AADProvisioning / containers / OU=Staff,DC=contoso,DC=com: removed (was included)",
            "rule / AD2AADProvisioning / groups / CN=Staff,DC=contoso,DC=com: included (new)",
        ],
        {"rule.containerFilter", "rule.groupFilter"},
        ["scope"],
        cloud=True,
    ),
    Scenario(
        "one more filter of what is read",
        {"object_mappings": [{"source": "user", "input_scope": [group("Mailboxes", clause("mail", "IS NOT NULL"))]}]},
        ["user → User / input scope / Mailboxes: mail IS NOT NULL (new)"],
        {"user → User / inputFilterGroups / Mailboxes"},
        ["scope"],
        cloud=True,
    ),
]

# What the schema says already, in other words.
NOTHING = {
    "the same fields": users(
        {"target": "title", "attribute": "jobTitle", "default": "", "matching_priority": 0, "apply": "always"},
        {"target": "userType", "constant": "Employee", "flow_behavior": "when_changed"},
        {"target": "timezone", "default_only": True},
        {"target": "name.honorificPrefix", "state": "absent"},
        name="Provision Azure Active Directory Users",
        enabled=True,
        flow_types=["Delete", "Add", "Update"],
    ),
    "the same expressions": users(
        {"target": "active", "expression": 'Switch( [IsSoftDeleted],,"False","True","True","False" )'},
        {"target": "userType", "expression": '"Employee"'},
        {"target": "title", "expression": "[jobTitle]"},
    ),
    "the same filter": users(scope=[group("Sales in NL", *reversed(NL))], input_scope=[]),
    "a mapping that is not there": [{"source": "Group", "target": ENTERPRISE, "state": "absent"}],
    "no wishes": [],
}

SCENARIOS = [
    *ATTRIBUTES,
    *OBJECT_MAPPINGS,
    *SCOPES,
    *CUSTOM,
    *ACTIVE_DIRECTORY,
    *(Scenario(name, {"object_mappings": wishes}, risks=[]) for name, wishes in NOTHING.items()),
    Scenario(
        "the same definitions",
        {
            "custom_attributes": [
                {"directory": "target", "object": ENTERPRISE, "name": BADGE, "type": "String", "required": False},
                {"directory": "target", "object": ENTERPRISE, "name": DESK, "state": "absent"},
            ]
        },
        risks=[],
    ),
    Scenario(
        "the same containers",
        {"rules": [{"containers": ["OU=Staff,DC=contoso,DC=com"], "groups": []}]},
        risks=[],
        cloud=True,
    ),
]
