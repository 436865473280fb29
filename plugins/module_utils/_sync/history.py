# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Whether an application may have given people accounts already: its jobs tell, or else its provisioning log."""

from __future__ import annotations

import typing as t

from .._graph.errors import ProvisioningError
from . import logs, provisioned
from .jobs import Job
from .principals import Principal

if t.TYPE_CHECKING:
    from .._task import Task


def of_accounts(task: Task, principal: Principal, jobs: t.Sequence[Job]) -> str:
    """Return why people may have accounts through an application, to follow "since"; an empty text if they have none.

    A job that has ended no cycle shows neither what was provisioned on demand nor what an earlier job of the
    application has done; the log shows both for up to 30 days (page "What are the Microsoft Entra user provisioning
    logs?"). Where nobody can read it, accounts are assumed. What this run has made itself has no history.

    :arg jobs: the jobs whose work counts, as the service shows them.
    """
    if any(map(provisioned.has_worked, jobs)):
        return "the job has run before"
    if principal.planned or task.graph.memory.was_created(principal.id):
        return ""
    try:
        entries = logs.of_application(task.graph, principal.id, None, 1)
    except ProvisioningError as problem:
        return (
            "nobody can tell whether the application has provisioned people before: its provisioning log cannot be "
            f"read. {problem.message.rstrip('.')}"
        )
    return "the provisioning log has entries of the application" if entries else ""
