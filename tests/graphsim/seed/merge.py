# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merging a seed into a tenant; the form of a seed is described at the package."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from ..control.clock import Clock
from ..directory import assignments, extensions, users
from ..directory.instances import new_instance
from ..gallery.schemas import example
from ..state import Tenant
from ..synchronization.new_job import new_job
from ..synchronization.schema.form import completed

_STATES = {
    "started": "started_not_run_yet",
    "active": "active_steady",
    "entry_errors": "active_with_entry_errors",
    "paused": "paused_by_admin",
    "quarantine": "quarantine_bad_credentials",
    "too_many_deletes": "quarantine_too_many_deletes",
}


def merge(tenant: Tenant, seed: dict[str, Any], clock: Clock) -> None:
    """Add what the seed names, users first, then groups, then applications.

    :raises ValueError: for names that lead nowhere.
    """
    for item in _copies(seed.get("users")):
        _user(tenant, item)
    # Managers may come later in the list than those who report to them.
    for user in tenant.users.values():
        if user["manager"]:
            user["manager"] = _principal(tenant, user["manager"])["id"]
    for item in _copies(seed.get("groups")):
        _group(tenant, item)
    for item in _copies(seed.get("applications")):
        _application(tenant, item, clock)


def _copies(items: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    found = []
    for item in items or []:
        count = item.get("count")
        plain = {name: value for name, value in item.items() if name != "count"}
        found += [_numbered(plain, number) for number in range(1, count + 1)] if count else [copy.deepcopy(plain)]
    return found


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, dict):
        return {name: item if name == "schema" else _numbered(item, number) for name, item in value.items()}
    return [_numbered(item, number) for item in value] if isinstance(value, list) else value


def _user(tenant: Tenant, item: dict[str, Any]) -> None:
    existing = users.find(tenant, str(item.get("id") or item.get("userPrincipalName")))
    if existing:
        existing.update(item)
    else:
        created = users.new_user(tenant, item)
        tenant.users[created["id"]] = created


def _group(tenant: Tenant, item: dict[str, Any]) -> None:
    members = [member_id for name in item.pop("members", []) for member_id in _members(tenant, name)]
    for number in range(1, item.pop("member_count", 0) + 1):
        name = f"{item['displayName']} member {number}"
        alias = name.lower().replace(" ", ".")
        created = users.new_user(tenant, {"userPrincipalName": f"{alias}@contoso.example", "displayName": name})
        tenant.users[created["id"]] = created
        members.append(created["id"])
    existing = next((one for one in tenant.groups.values() if one["displayName"] == item["displayName"]), None)
    if existing:
        existing.update(item, members=list(dict.fromkeys([*existing["members"], *members])))
        return
    group_id = item.get("id") or tenant.new_id("group")
    tenant.groups[group_id] = {
        "id": group_id,
        "description": None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": item["displayName"].lower().replace(" ", "-"),
        "securityEnabled": True,
        "groupTypes": [],
        "members": members,
        **item,
    }


def _members(tenant: Tenant, name: str) -> list[str]:
    return list(tenant.users) if name == "*" else [_principal(tenant, name)["id"]]


def _principal(tenant: Tenant, name: str) -> dict[str, Any]:
    by_name = (one for one in tenant.groups.values() if name in (one["id"], one["displayName"]))
    found = users.find(tenant, name) or next(by_name, None)
    if not found:
        raise ValueError(f"there is no user or group '{name}'")
    return found


def _application(tenant: Tenant, item: dict[str, Any], clock: Clock) -> None:
    template_id = item.get("application_template_id")
    if template_id is not None and template_id not in tenant.application_templates:
        raise ValueError(f"the gallery has no application template '{template_id}'")
    application, principal = new_instance(tenant, item["display_name"], template_id, clock.stamp())
    if "app_role_assignment_required" in item:
        principal["appRoleAssignmentRequired"] = item["app_role_assignment_required"]
    found = tenant.synchronizations[principal["id"]]
    found.secrets = {str(key): str(value) for key, value in (item.get("secrets") or {}).items()}
    for extension in item.get("extensions", []):
        extensions.declare(tenant, application, extension)
    for name in item.get("assigned", []):
        assignments.assign(tenant, principal, _principal(tenant, name), principal["appRoles"][0]["id"], clock.stamp())
    for wanted in item.get("jobs", []):
        if wanted["template_id"] not in found.templates:
            raise ValueError(f"'{item['display_name']}' has no synchronization template '{wanted['template_id']}'")
        job = new_job(tenant, found, wanted["template_id"], clock.now(), "Paused")
        if "schema" in wanted:
            job.schema, job.schema_is_default = completed(wanted["schema"], job.schema, clock.now()), False
        state = wanted.get("state", "created")
        examples = example("job_examples")
        if state != "created":
            shown = examples.get(_STATES.get(state, state))
            if shown is None:
                raise ValueError(f"'{state}' is no state of a job")
            job.raw["status"] = copy.deepcopy(shown["status"])
            job.raw["schedule"] = {**job.raw["schedule"], "state": shown["schedule"]["state"]}
            job.memory.next_run = clock.now() + timedelta(minutes=40)
