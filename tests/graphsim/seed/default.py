# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default people, groups and applications. All invented."""

from __future__ import annotations

from typing import Any

_COLUMNS = (
    "givenName",
    "surname",
    "jobTitle",
    "department",
    "employeeId",
    "city",
    "country",
    "manager",
    "accountEnabled",
)
_ROWS: list[tuple[Any, ...]] = [
    ("Adele", "Vance", "Head of Sales", "Sales", "1000001", "Utrecht", "NL", None, True),
    ("Ben", "Okoro", "Account Manager", "Sales", "1000002", "Utrecht", "NL", "adele.vance@contoso.example", True),
    ("Carla", "Díaz", "Account Manager", "Sales", "1000003", "Madrid", "ES", "adele.vance@contoso.example", True),
    ("Deniz", "Kaya", "Engineer", "Engineering", "1000004", "Utrecht", "NL", "eva.lind@contoso.example", True),
    ("Eva", "Lind", "Head of Engineering", "Engineering", "1000005", "Uppsala", "SE", None, True),
    ("Finn", "O'Brien", "Engineer", "Engineering", "1000006", "Cork", "IE", "eva.lind@contoso.example", True),
    ("Grace", "Mbeki", "Accountant", "Finance", "1000007", "Durban", "ZA", "adele.vance@contoso.example", True),
    ("Hugo", "Blom", "Contractor", "Engineering", "9000008", "Utrecht", "NL", "eva.lind@contoso.example", False),
]


def _user(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    given, family = row[0], row[1]
    name = f"{given}.{family}".lower().replace("'", "").replace("í", "i")
    return {
        **dict(zip(_COLUMNS, row)),
        "userPrincipalName": f"{name}@contoso.example",
        "displayName": f"{given} {family}",
        "mail": f"{name}@contoso.example",
        "mailNickname": name,
        "businessPhones": [f"+31 30 555 0{number:03d}"],
        "mobilePhone": f"+31 6 555 0{number:03d}",
        "officeLocation": f"Floor {number}",
        "preferredLanguage": "en-GB",
        "streetAddress": f"{number} Example Street",
        "postalCode": f"10{number:02d} AB",
        "state": "UT" if row[5] == "Utrecht" else None,
        "companyName": "Contoso",
        "usageLocation": row[6],
        "userType": "Member",
        "otherMails": [],
        "proxyAddresses": [f"SMTP:{name}@contoso.example"],
        "onPremisesExtensionAttributes": {"extensionAttribute1": f"cost-center-{100 + number}"},
        "extension_b0000003000040008000000000000009_badge": f"B{number:04d}",
    }


USERS = [_user(number, row) for number, row in enumerate(_ROWS, start=1)]

GROUPS: list[dict[str, Any]] = [
    {
        "displayName": "Sales team",
        "members": [user["userPrincipalName"] for user in USERS if user["department"] == "Sales"],
    },
    {"displayName": "Utrecht office", "members": ["ben.okoro@contoso.example", "deniz.kaya@contoso.example"]},
]

APPLICATIONS: list[dict[str, Any]] = [{"display_name": "Plain OIDC app", "application_template_id": None}]
