# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions on [appRoleAssignments], whose values are `{"id", "value", "displayName"}` or plain role names."""

from __future__ import annotations

from typing import Any

from tests.graphsim.engine.expressions.functions.registry import Scope, Value, function

# Page "Customize application attributes", provisioning a role to a SCIM app.
_ROLE_TYPE = "WindowsAzureActiveDirectoryRole"


def _roles(source: Value) -> list[dict[str, Any]]:
    values = source if isinstance(source, list) else [source] if source else []
    return [role if isinstance(role, dict) else {"displayName": role, "value": role} for role in values]


def _name(role: dict[str, Any]) -> str:
    return str(role.get("displayName") or role.get("value") or "")


@function("AppRoleAssignments", "source")
def app_role_assignments(source: Value) -> Value:
    return [_name(role) for role in _roles(source)]


@function("SingleAppRoleAssignment", "source")
def single_app_role_assignment(source: Value) -> Value:
    """One role name; which one is not defined when there are several, and here it is the first."""
    return next((_name(role) for role in _roles(source)), None)


@function("AppRoleAssignmentsComplex", "source")
def app_role_assignments_complex(source: Value) -> Value:
    return _complex(source)


@function("AssertiveAppRoleAssignmentsComplex", "source")
def assertive_app_role_assignments_complex(source: Value) -> Value:
    """The same roles; the mapping replaces the target's roles instead of adding to them."""
    return _complex(source)


def _complex(source: Value) -> Value:
    return [
        {
            "primary": False,
            "type": _ROLE_TYPE,
            "display": _name(role),
            "value": str(role.get("value") or _name(role)),
        }
        for role in _roles(source)
    ]


@function("DefaultDomain", scoped=True)
def default_domain(scope: Scope) -> Value:
    """The default verified domain of the tenant."""
    return scope.default_domain
