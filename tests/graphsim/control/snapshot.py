# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole state as JSON, for tests to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..directory import organization, partners
from .recorder import digest

if TYPE_CHECKING:
    from ..state import Job, Synchronization
    from ..world import World


def snapshot(world: World) -> dict[str, Any]:
    """Everything that the tenant holds.

    ``synchronization`` is by service principal id: ``templates`` (ids), ``secrets`` (key: digest) and ``jobs`` (by
    id: ``job`` as the service returns it, ``schema`` or None while it is the template's default, ``memory``). The
    ``partners`` of ``crossTenantAccessPolicy`` carry their ``identitySynchronization``, None where there is none.
    """
    with world.engine_lock:
        return _document(world)


def _document(world: World) -> dict[str, Any]:
    tenant = world.tenant
    return {
        "tenant_id": tenant.tenant_id,
        "now": world.clock.stamp(),
        "quirks": world.quirks.values,
        "organization": organization.document(tenant),
        "crossTenantAccessPolicy": {"partners": partners.documents(tenant)},
        "users": list(tenant.users.values()),
        "groups": list(tenant.groups.values()),
        "applications": list(tenant.applications.values()),
        "extensionProperties": [one for owned in tenant.extensions.values() for one in owned],
        "servicePrincipals": list(tenant.service_principals.values()),
        "appRoleAssignments": list(tenant.assignments.values()),
        "synchronization": {owner: _synchronization(found) for owner, found in tenant.synchronizations.items()},
        "logs": tenant.logs,
    }


def _synchronization(found: Synchronization) -> dict[str, Any]:
    return {
        "templates": list(found.templates),
        "secrets": {key: digest(value) for key, value in found.secrets.items()},
        "jobs": {job_id: _job(job) for job_id, job in found.jobs.items()},
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "job": job.raw,
        "schema": None if job.schema_is_default else job.schema,
        "memory": job.memory.document(),
    }
