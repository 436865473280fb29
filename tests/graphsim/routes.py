# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All routes of the service. Each module says which ones it answers."""

from __future__ import annotations

from . import batch, logs
from .directory import assignments, extensions, groups, organization, partners, principals, users
from .routing import Router
from .synchronization import credentials, jobs, running, secrets, templates
from .synchronization.schema import handlers, tools

_MODULES = (
    principals,
    users,
    groups,
    assignments,
    extensions,
    organization,
    partners,
    logs,
    jobs,
    templates,
    secrets,
    credentials,
    running,
    handlers,
    tools,
    batch,
)

ROUTER = Router(route for module in _MODULES for route in module.ROUTES)
