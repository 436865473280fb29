#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_job
short_description: Manage the synchronization jobs of an application
description:
  - Makes sure that an application has a synchronization job of a template, or has none.
  - A job is identified by its service principal and its template. A second job of the same template is never made.
    Where two runs make one at the same time, one of them deletes its own again and goes on with the other.
  - The schedule of a job (every 40 minutes for most applications) is fixed by the service and cannot be set.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
  - entra.provisioning._job
options:
  template_id:
    description:
      - The synchronization template of the job. For a new job it may be left out where the application has one
        template, or recommends one.
  job_id:
    description:
      - The id of an existing job, in the place of O(template_id).
  state:
    description:
      - With V(present) the job is there. With V(absent) it is deleted. That changes no account in the target, and the
        credentials and settings stay, since they belong to the service principal.
      - With V(absent), a O(template_id) or O(job_id) that no job has is refused where a job of nearly that name is
        there.
    type: str
    choices: [present, absent]
    default: present
  enabled:
    description:
      - Whether the job runs. If not set, a new job rests and an existing one is left as it is.
      - A job in quarantine that still runs counts as running; a warning tells of it. One that the service has disabled
        is not started, because that would lift the quarantine without its cause being removed.
    type: bool
  allow_second_job:
    description:
      - Permits a job beside another one of the application. Both write to one target, so otherwise a job is not made
        where one of another template is there, and not started where another one runs.
      - The jobs of cloud sync belong beside each other and need no consent.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: entra.provisioning.sync_job_action
  - module: entra.provisioning.sync_secrets
  - name: synchronizationJob resource type
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob
"""

EXAMPLES = r"""
- name: Make sure that the application has a job, without starting it
  entra.provisioning.sync_job:
    display_name: Contoso SCIM
    template_id: scim

- name: Start the job of an application that has only one
  entra.provisioning.sync_job:
    display_name: Contoso SCIM
    enabled: true

- name: Remove the job; accounts in the target stay
  entra.provisioning.sync_job:
    display_name: Contoso SCIM
    template_id: scim
    state: absent
"""

RETURN = r"""
job:
  description:
    - The job as Microsoft Graph gives it; null where there is none. In check mode it is the job as it is before.
  returned: success
  type: dict
  sample:
    id: scim.0123456789abcdef0123456789abcdef.39551a98-20a4-4751-a9ec-bf3956a52bc5
    templateId: scim
    schedule:
      interval: PT40M
      state: Active
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample:
    - create a synchronization job from the template scim
    - start the synchronization job of the template scim
signed_in_with:
  description: The method that signed in.
  returned: when a request was made
  type: str
  sample: client_secret
error:
  description:
    - What is known of a failure, for a playbook to test. Which keys are there depends on the failure.
  returned: on failure
  type: dict
  contains:
    status:
      description: The HTTP status that the service answered.
      type: int
      sample: 404
    code:
      description: The outer error code.
      type: str
      sample: UnknownError
    inner_code:
      description: The error code of the synchronization backend, which the service wraps into the message.
      type: str
      sample: InvalidNotificationSettings
    service_message:
      description: The innermost message of the service.
      type: str
      sample: The credentials could not be verified with the target.
    method:
      description: The verb of the call that failed.
      type: str
      sample: GET
    path:
      description: The path of the call that failed, below the version.
      type: str
      sample: /servicePrincipals/11111111-2222-3333-4444-555555555555/synchronization/jobs
    request_id:
      description: The id that Microsoft support asks for.
      type: str
      sample: 8927006e-edb2-435b-a966-49559c4fd064
    client_request_id:
      description: The id that was sent with the call.
      type: str
      sample: 0f3a4c1e-6b0d-4d7e-9a55-2d1d3a1f8f10
    candidates:
      description: The ids that an ambiguous name may mean.
      type: list
      elements: str
      sample: []
    changes_made:
      description: The changes that were made before the one that failed.
      type: list
      elements: str
      sample: []"""

from ..module_utils._options import APPLICATION, CREDENTIALS, JOB, arguments
from ..module_utils._sync import job_changes, jobs, principals, turns
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    JOB,
    state={"type": "str", "choices": ["present", "absent"], "default": "present"},
    enabled={"type": "bool"},
    allow_second_job={"type": "bool", "default": False},
)


def run(task: Task) -> Outcome:
    """Compare the job with the options, and change what differs."""
    if task.params["state"] == "absent":
        jobs.refuse_blank_name(task.params)
    principal = principals.resolve(task)
    turns.take(task, f"the application {principal}", principal.id)
    current = jobs.find(task.graph, principal, task.params)
    if task.params["state"] == "absent":
        plan = job_changes.plan_absent(task, principal, current)
        return task.carry_out(
            plan, record=lambda _seen: {"job": None}, planned={"job": current}, subject=str(principal)
        )
    plan = job_changes.plan_present(task, principal, current, task.params["enabled"])
    if current and jobs.is_quarantined(current):
        task.warn(f"The synchronization job {current['id']} is in quarantine; see its status.quarantine.")
    return task.carry_out(
        plan,
        record=lambda seen: {"job": seen or jobs.after(task, principal, current)},
        planned={"job": current},
        subject=str(principal),
    )


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
