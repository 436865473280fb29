# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Validate credentials: the service tries them at the target, and nothing changes."""

from __future__ import annotations

import typing as t

from ..._task import Outcome
from .. import connectivity, given, jobs, templates
from ..bag import Bag
from ..jobs import Job
from ..principals import Principal

if t.TYPE_CHECKING:
    from ..._task import Task


def run(task: Task, principal: Principal) -> Outcome:
    """Try the given credentials, or the stored ones; with the template where there is no job yet.

    In check mode nothing is tried that an earlier task would have made or stored.
    """
    tried = given.wishes(task.params).credentials
    job = jobs.find(task.graph, principal, task.params)
    if task.check_mode and (principal.planned or (job is None and not tried and not task.params["job_id"])):
        return _outcome(job, None)
    if job:
        connectivity.validate(task.graph, principal, job["id"], tried or None)
        return _outcome(job, tried)
    if task.params["job_id"]:
        raise jobs.missing(task, principal)
    template = templates.chosen(templates.listed(task.graph, principal), task.params["template_id"], str(principal))
    connectivity.validate_for_template(task.graph, principal, str(template["id"]), tried or None)
    return _outcome(None, tried)


def _outcome(job: Job | None, tried: Bag | None) -> Outcome:
    validated = None if tried is None else "new credentials" if tried else "stored credentials"
    return Outcome(False, {"validated": validated, "job": job, "changes": []})
