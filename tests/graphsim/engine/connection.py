# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a job's credentials reach its target: validateCredentials, and the beginning of every cycle."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.scim import CODE, ScimTarget, TargetError
from tests.graphsim.engine.scim_paths import scim_path
from tests.graphsim.engine.targets import OtherTenants, Target

# What must be there per kind of job, as the template metadata names it.
_REQUIRED = {
    "scim": ("BaseAddress", "SecretToken"),
    "active_directory": ("Domain",),
    "cross_tenant": ("AuthenticationType", "CompanyId"),
    "api": (),
}


class ConnectionRefused(Exception):
    """The credentials are missing or wrong. `status` is the target's HTTP status, None when it was not asked."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def document(self) -> dict[str, Any]:
        """The synchronizationError."""
        return {"code": self.code, "message": self.message, "tenantActionable": True}


def kind(schema: Mapping[str, Any]) -> str:
    """What a job with this schema provisions: scim, active_directory (cloud sync), api (inbound) or cross_tenant.

    SCIM has a target outside the simulator, cross_tenant the directory of another simulator. The others are checked for
    their keys, run cycles that count no objects, and never write.
    """
    names = [item["name"] for directory in schema.get("directories") or [] for item in directory.get("objects") or []]
    if any(name.startswith("urn:ietf:params:scim:schemas:") for name in names):
        return "scim"
    rules = schema.get("synchronizationRules") or []
    if any(rule.get("sourceDirectoryName") == "API" for rule in rules):
        return "api"
    # Writeback goes the other way.
    ends = {rule.get(end) for rule in rules for end in ("sourceDirectoryName", "targetDirectoryName")}
    return "active_directory" if "Active Directory" in ends else "cross_tenant"


def has_target(context: JobContext) -> bool:
    """Whether a job with these surroundings can write anywhere."""
    found = kind(context.schema)
    return found == "scim" or (found == "cross_tenant" and context.tenants is not None)


def open_target(context: JobContext) -> Target:
    """What the job writes to; to be closed. Only where `has_target` says so, and after `check`."""
    if context.tenants is not None and kind(context.schema) == "cross_tenant":
        return context.tenants.directory(context.secrets["CompanyId"])
    return ScimTarget(context.secrets["BaseAddress"], context.secrets["SecretToken"])


def check(credentials: Mapping[str, str], schema: Mapping[str, Any], tenants: OtherTenants | None = None) -> None:
    """Raises ConnectionRefused unless the credentials are complete and the target accepts them, where there is one.

    `credentials` maps keys to clear values. The target is asked as Entra does it: a filter query for a user that
    cannot exist must give 200 and an empty list (Entra page on quarantine: "404 instead of 200"). Another tenant is
    asked for its cross-tenant access.
    """
    found = kind(schema)
    required = _REQUIRED[found]
    missing = [key for key in required if not credentials.get(key)]
    if missing:
        raise ConnectionRefused("CredentialsMissing", f"Credentials are missing: {', '.join(missing)}.")
    if "BaseAddress" in required:
        _ask(credentials)
    if found == "cross_tenant" and tenants is not None:
        tenants.check(credentials["CompanyId"])


def _ask(credentials: Mapping[str, str]) -> None:
    try:
        target = ScimTarget(credentials["BaseAddress"], credentials["SecretToken"])
    except ValueError:
        message = "Please provide a valid tenant URL for your application."
        raise ConnectionRefused(f"{CODE}InvalidCredentials", message) from None
    try:
        target.find("Users", scim_path("userName"), str(uuid.uuid4()))
    except TargetError as error:
        message = f"The credentials could not be verified with the target: {error}"
        raise ConnectionRefused(f"{CODE}InvalidCredentials", message, error.status) from None
    finally:
        target.close()
