#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_job_action
short_description: Start, pause and restart synchronization jobs, validate credentials, provision on demand
description:
  - Carries out one action on a synchronization job.
  - Where repeating an action does harm, the module looks first. A running job is not started again, and a resting one
    is not paused again.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
  - entra.provisioning._job
  - entra.provisioning._target
  - entra.provisioning._wait
options:
  action:
    description:
      - V(start) lets a resting job run from where it stopped, and lifts a quarantine. Nothing happens where it runs.
      - V(pause) holds future cycles; the one that is running ends first. Nothing happens where the job rests.
      - V(restart) begins anew, forgetting what O(reset_scope) says. It always acts.
      - V(validate_credentials) lets the service try credentials at the target and changes nothing. Those in O(secrets)
        and O(settings) are tried, or the stored ones where neither is given.
      - V(provision_on_demand) provisions O(users) and O(groups) now, whether the job runs or not, and tells what became
        of each. At most five calls are made in ten seconds, as the service asks for.
    type: str
    required: true
    choices: [start, pause, restart, validate_credentials, provision_on_demand]
  reset_scope:
    description:
      - What V(restart) forgets. Without it the effect is that of "Restart provisioning" in the portal, that is
        V(Watermark), V(Escrows) and V(QuarantineState).
      - V(Watermark) evaluates every object anew in the next cycle.
      - V(Escrows) forgets the errors of single objects; these are then not tried again until they change.
      - V(QuarantineState) lifts the quarantine for now.
      - V(Full) also forgets which accounts of source and target belong together.
      - V(ForceDeletes) lets through the deletions that the deletion threshold holds back.
    type: list
    elements: str
    choices: [Watermark, Escrows, QuarantineState, Full, ForceDeletes]
    default: []
  confirm:
    description: Must be V(true) for O(reset_scope) with V(Full) or V(ForceDeletes).
    type: bool
    default: false
  users:
    description: Who is provisioned on demand, by user principal name or id.
    type: list
    elements: str
    default: []
  groups:
    description: Which groups are provisioned on demand, by display name or id.
    type: list
    elements: str
    default: []
  with_members:
    description:
      - Whether the direct members of O(groups) are provisioned with them, five in a call as the service allows.
    type: bool
    default: true
  assignment_wait:
    description:
      - The seconds to try again for, where the service does not know yet that somebody is assigned. It needs minutes to
        notice a new assignment.
    type: int
    default: 0
  wait:
    description:
      - For V(start) and V(restart), wait until a cycle has ended; the task fails where the job goes into quarantine.
      - For V(pause), wait until the job rests.
attributes:
  check_mode:
    support: full
    details:
      - The action O(action=validate_credentials) is carried out in check mode too, since it changes nothing.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - The action V(restart) always acts. V(provision_on_demand) calls the service each time, and reports a change
        only where something was written to the target.
seealso:
  - module: entra.provisioning.sync_job
  - name: On-demand provisioning
    description: What the service can provision on demand.
    link: https://learn.microsoft.com/entra/identity/app-provisioning/provision-on-demand
"""

EXAMPLES = r"""
- name: Provision one person and a group now, and see what happened
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: provision_on_demand
    users:
      - ada.lovelace@contoso.example
    groups:
      - Sales
  register: canary

- name: Try new credentials without storing them
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: validate_credentials
    settings:
      BaseAddress: "{{ scim_base_address }}"
    secrets:
      SecretToken: "{{ scim_token }}"

- name: Start the job and wait for its first cycle
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: start
    wait: true

- name: Begin anew after a change in the target
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: restart
    reset_scope:
      - Watermark
      - Escrows

- name: Hold the job before work on the target
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: pause
    wait: true
"""

RETURN = r"""
job:
  description: The job after the action as Microsoft Graph gives it; before it in check mode.
  returned: success
  type: dict
  sample:
    id: scim.0123456789abcdef0123456789abcdef.39551a98-20a4-4751-a9ec-bf3956a52bc5
    templateId: scim
validated:
  description: Which credentials the target has accepted.
  returned: for O(action=validate_credentials)
  type: str
  sample: new credentials
results:
  description: What became of each subject; a group appears once for every five members.
  returned: for O(action=provision_on_demand)
  type: list
  elements: dict
  contains:
    name:
      description: The user principal name, or the name of the group.
      type: str
      sample: ada.lovelace@contoso.example
    id:
      description: The object id.
      type: str
      sample: 11111111-2222-3333-4444-555555555555
    type:
      description: V(User) or V(Group).
      type: str
      sample: User
    members:
      description: The members of a group that were part of the call.
      type: list
      elements: str
      sample: []
    status:
      description: V(success), V(failure), V(skipped) or V(warning).
      type: str
      sample: success
    action:
      description: What was done in the target, such as V(create) or V(update).
      type: str
      sample: create
    exported:
      description: Whether anything was written to the target.
      type: bool
      sample: true
    ok:
      description: Whether the subject is in the target as it should be.
      type: bool
      sample: true
    error_code:
      description: The code of the service; V(RedundantExport) says that nothing differed.
      type: str
      sample: ""
    reason:
      description: The reason in the words of the service.
      type: str
      sample: ""
    modified:
      description: The names of the attributes that were written. Their values are not returned.
      type: list
      elements: str
      sample: [userName, active]
    steps:
      description: The steps import, scoping, matching and export.
      type: list
      elements: dict
      contains:
        type:
          description: The kind of step.
          type: str
          sample: export
        name:
          description: The name of the step.
          type: str
          sample: EntryExportAdd
        status:
          description: How it ended.
          type: str
          sample: success
        description:
          description: What happened, in the words of the service.
          type: str
          sample: User was created in the target system.
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["start the synchronization job"]
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

from ..module_utils._options import APPLICATION, CREDENTIALS, JOB, TARGET, WAIT, arguments
from ..module_utils._sync import actions, jobs, principals
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    JOB,
    TARGET,
    WAIT,
    action={"type": "str", "required": True, "choices": list(actions.ACTIONS)},
    reset_scope={"type": "list", "elements": "str", "choices": list(actions.SCOPES), "default": []},
    confirm={"type": "bool", "default": False},
    users={"type": "list", "elements": "str", "default": []},
    groups={"type": "list", "elements": "str", "default": []},
    with_members={"type": "bool", "default": True},
    assignment_wait={"type": "int", "default": 0},
)


def run(task: Task) -> Outcome:
    """Find the job and carry out the action."""
    actions.check(task.params)
    principal = principals.resolve(task)
    return actions.run(task, principal, jobs.required(task, principal))


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
