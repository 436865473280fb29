#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: app_role_assignment
short_description: Assign users and groups to an application
description:
  - Makes sure that users and groups are assigned to an application, are not, or are the only ones that are.
  - With the scope V(assigned) of M(entra.provisioning.sync_secrets), assigned users and the direct members of assigned
    groups are provisioned. Whoever is no longer assigned is disabled in the target.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
options:
  users:
    description: Users by user principal name or id.
    type: list
    elements: str
    default: []
  groups:
    description: Groups by exact display name or id. Nested groups are not provisioned by the service.
    type: list
    elements: str
    default: []
  role:
    description:
      - The app role, by value, display name or id.
      - If not set, it is the role named C(User), the only one that the application has, or the default role of an
        application without any; who has another role already is then left alone by O(state=present).
    type: str
  state:
    description:
      - With V(present) the named ones are assigned, others stay. With V(absent) they are not assigned.
      - With V(exact) they are the only ones assigned; the assignments of all other users and groups are removed. Those
        of applications stay, since they are not provisioned.
    type: str
    choices: [present, absent, exact]
    default: present
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: entra.provisioning.sync_secrets
  - name: Grant an appRoleAssignment
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
"""

EXAMPLES = r"""
- name: Assign a group and a person
  entra.provisioning.app_role_assignment:
    display_name: Contoso SCIM
    groups:
      - Sales
    users:
      - ada.lovelace@contoso.example

- name: Let nobody but the group be assigned
  entra.provisioning.app_role_assignment:
    display_name: Contoso SCIM
    groups:
      - Sales
    state: exact
"""

RETURN = r"""
assignments:
  description: All assignments of the application as Microsoft Graph gives them; those before in check mode.
  returned: success
  type: list
  elements: dict
  sample:
    - principalDisplayName: Sales
      principalType: Group
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["assign the group Sales"]
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

from ..module_utils._options import APPLICATION, CREDENTIALS, arguments
from ..module_utils._sync import assignments, principals
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    users={"type": "list", "elements": "str", "default": []},
    groups={"type": "list", "elements": "str", "default": []},
    role={"type": "str"},
    state={"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
)


def run(task: Task) -> Outcome:
    """Compare who is assigned with who should be, and change what differs."""
    assignments.check(task.params)
    principal = principals.resolve(task)
    wanted = assignments.members(task.graph, task.params["users"], task.params["groups"])
    existing = assignments.current(task.graph, principal)
    plan = assignments.plan(task, principal, existing, wanted)
    return task.carry_out(
        plan,
        record=lambda _seen: {"assignments": assignments.read_back(task, principal, wanted, plan)},
        planned={"assignments": existing},
        subject=str(principal),
    )


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
