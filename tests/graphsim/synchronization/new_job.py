# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new job of a template."""

from __future__ import annotations

from datetime import datetime

from ..engine import lifecycle
from ..state import Job, Synchronization, Tenant


def new_job(
    tenant: Tenant, found: Synchronization, template_id: str, now: datetime, code: str, echoed: str | None = None
) -> Job:
    """Make a job with the template's schema and put it to the others.

    :arg code: the first ``status.code``.
    :arg echoed: the ``templateId`` that replies carry, when it is another one.
    """
    raw = lifecycle.new_job(template_id, tenant.tenant_id, now, status_code=code, echo_template_id=echoed)
    # The engine's ids are random; these are the same after every reset.
    raw["id"] = f"{template_id}.{tenant.tenant_id.replace('-', '')}.{tenant.new_id('job')}"
    job = Job(raw, lifecycle.JobMemory(), found.templates[template_id].schema, template_id)
    found.jobs[raw["id"]] = job
    return job
