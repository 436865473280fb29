# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything a cycle or an on-demand run may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from tests.graphsim.engine.memory import JobMemory
from tests.graphsim.engine.targets import OtherTenants


@dataclass
class JobContext:
    """A job and its surroundings.

    `job` is the raw synchronizationJob, whose status a cycle changes; `secrets` maps keys to clear values; `users` and
    `groups` map object ids to Graph objects (a user's `manager` and a group's `members` are ids); `assignments` are
    the appRoleAssignments of the service principal; `now` is aware; `log` takes a provisioningObjectSummary; without
    `tenants` there is no other tenant to write to.
    """

    job: dict[str, Any]
    memory: JobMemory
    schema: dict[str, Any]
    secrets: dict[str, str]
    users: dict[str, dict[str, Any]]
    groups: dict[str, dict[str, Any]]
    assignments: list[dict[str, Any]]
    app_roles: list[dict[str, Any]]
    service_principal: dict[str, Any]
    tenant_id: str
    now: datetime
    log: Callable[[dict[str, Any]], Any]
    tenants: OtherTenants | None = None


def stamp(moment: datetime) -> str:
    """A moment as job documents write it: UTC, whole seconds, `Z`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
