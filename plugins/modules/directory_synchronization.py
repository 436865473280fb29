#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: directory_synchronization
short_description: Switch on synchronization with Active Directory for the tenant
description:
  - Switches on directory synchronization for the tenant that is signed in to. Cloud sync from Active Directory needs it
    once per tenant, before its first job.
  - This module does not switch it off. That turns every synchronized account into one of the cloud, takes up to 72
    hours, and cannot be taken back meanwhile. Microsoft Graph PowerShell does it, as
    U(https://learn.microsoft.com/microsoft-365/enterprise/turn-off-directory-synchronization) tells.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
options:
  state:
    description: With V(enabled) directory synchronization is on.
    type: str
    choices: [enabled]
    default: enabled
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The permissions that it needs are C(Organization.Read.All) and C(Organization.ReadWrite.All).
  - Only the beta version of Microsoft Graph is documented to take the switch, so it is sent there whatever
    O(api_version) is.
seealso:
  - module: entra.provisioning.sync_job
  - name: Configure cloud sync using Microsoft Graph
    description: What else cloud sync needs.
    link: https://learn.microsoft.com/entra/identity/hybrid/cloud-sync/how-to-inbound-synch-ms-graph
"""

EXAMPLES = r"""
- name: Let the tenant take part in synchronization with Active Directory
  entra.provisioning.directory_synchronization:
    state: enabled
"""

RETURN = r"""
organization_id:
  description: The id of the tenant.
  returned: success
  type: str
  sample: 22222222-3333-4444-5555-666666666666
was:
  description: Whether directory synchronization was on before.
  returned: success
  type: bool
  sample: false
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["switch on directory synchronization for the tenant 22222222-3333-4444-5555-666666666666"]
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

from ..module_utils._options import CREDENTIALS, arguments
from ..module_utils._sync import organization
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    state={"type": "str", "choices": ["enabled"], "default": "enabled"},
)


def run(task: Task) -> Outcome:
    """Look whether directory synchronization is on, and switch it on where it is not."""
    found = organization.read(task.graph)
    known = {"organization_id": found["id"], "was": organization.is_on(found)}
    return task.carry_out(
        organization.plan(task, found),
        record=lambda _seen: known,
        planned=known,
        subject=f"tenant {found['id']}",
    )


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
