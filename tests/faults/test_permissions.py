# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A missing permission is named, though the service does not name it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.cases import BEN, NAME, Case, application, check_message, run_cases
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

SEED = {
    "applications": [
        application(
            jobs=[{"template_id": "scim", "state": "paused"}],
            secrets={"BaseAddress": "https://scim.example", "SecretToken": "the stored token"},
        )
    ],
    "clients": [
        {
            "client_id": "d0000001-0000-4000-8000-0000000000aa",
            "client_secret": "secret of the reader",
            "roles": [
                *("Application.Read.All", "Synchronization.Read.All", "User.Read.All", "Group.Read.All"),
                *("Organization.Read.All", "Policy.Read.All"),
            ],
        }
    ],
}


def mapping(**source: str) -> dict[str, Any]:
    """An object mapping with one attribute mapping."""
    return {"source": "User", "attributes": [{"target": "title", **source}]}


READER = {"client_id": "d0000001-0000-4000-8000-0000000000aa", "client_secret": "secret of the reader"}
# Module, options, the permission that is missing without any, and the one that is missing with all for reading.
PERMISSIONS: list[tuple[str, dict[str, Any], str, str]] = [
    ("sync_info", {"service_principal_id": "{application}"}, "Synchronization.Read.All", ""),
    (
        "sync_job",
        {"service_principal_id": "{application}", "enabled": True},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_job_action",
        {"service_principal_id": "{application}", "action": "start"},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_secrets",
        {"service_principal_id": "{application}", "secrets": {"SecretToken": "new token"}, "update_secrets": "always"},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_schema",
        {"service_principal_id": "{application}", "object_mappings": [mapping(attribute="department")]},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    # Asking the service to read or to try an expression takes the permission to write.
    (
        "sync_schema",
        {"service_principal_id": "{application}", "object_mappings": [mapping(expression="ToUpper([department])")]},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_schema",
        {"service_principal_id": "{application}", "expression_tests": [{"expression": "[mail]", "expect": ""}]},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_template",
        {"service_principal_id": "{application}", "template_id": "scim", "description": "another"},
        "Application.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "extension_attribute",
        {"service_principal_id": "{application}", "name": "badge"},
        "Application.Read.All",
        "Application.ReadWrite.All",
    ),
    (
        "cross_tenant_access",
        {"partner_tenant_id": "22222222-3333-4444-5555-666666666666", "outbound_consent": True},
        "Policy.Read.All",
        "Policy.ReadWrite.CrossTenantAccess",
    ),
    ("directory_synchronization", {}, "Organization.Read.All", "Organization.ReadWrite.All"),
    ("gallery_application", {"display_name": "New"}, "Application.Read.All", "Application.ReadWrite.All"),
    (
        "app_role_assignment",
        {"service_principal_id": "{application}", "users": [BEN]},
        "User.Read.All",
        "AppRoleAssignment.ReadWrite.All",
    ),
]


@pytest.mark.parametrize("refusal", mostly(["401_unknown", "403"], ["403"], "The other status that says so."))
def test_a_missing_permission_is_named(simulator: Simulator, refusal: str) -> None:
    simulator.reset(SEED)
    simulator.quirks(permission_denied=refusal)
    principals = simulator.state()["servicePrincipals"]
    places = {"application": next(one["id"] for one in principals if one["displayName"] == NAME)}
    nobody = simulator.client(2)
    identity = {name: nobody[name] for name in ("client_id", "client_secret")}
    cases = [
        Case(f"{number} as nobody", module, {**options, **identity}, [f"permission {reading},"], answered=True)
        for number, (module, options, reading, _writing) in enumerate(PERMISSIONS)
    ] + [
        Case(f"{number} as a reader", module, {**options, **READER}, [f"permission {writing},"], answered=True)
        for number, (module, options, _reading, writing) in enumerate(PERMISSIONS)
        if writing
    ]
    outcome = run_cases(simulator, cases, places, "fast")
    for case in cases:
        assert outcome.tasks[case.name].status == "ignored"
        check_message(outcome.tasks[case.name].result["msg"], [*case.says, "admin consent"], answered=True)
        assert outcome.tasks[case.name].result["error"]["status"] in (401, 403)
    assert [one for one in outcome.writes if one["status"] and one["status"] < 300] == []
