#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gallery_application
short_description: Make applications from the gallery
description:
  - Finds an application by its display name, or makes it from an entry of the application gallery, and waits until it
    can be used. A second application of the same name is never made.
  - The service answers before its replicas know the new application. The module waits for the service principal and its
    synchronization templates, which is what provisioning needs next.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
options:
  display_name:
    description: The display name of the application.
    type: str
    required: true
  gallery_name:
    description: The exact name of the entry in the gallery, such as C(AWS IAM Identity Center).
    type: str
  gallery_id:
    description:
      - The id of the entry in the gallery.
      - Without O(gallery_name) and O(gallery_id) the entry for applications that are not listed in the gallery is used.
    type: str
  provisioning:
    description: Whether to wait for synchronization templates, and to refuse entries that cannot be provisioned.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - An application is never deleted by this collection, but for one case. Where two runs have made an application of one
    name at the same time, one of them withdraws the one that it has made itself a moment ago and that nobody has used,
    and goes on with the other. The application that was made first stays.
seealso:
  - module: entra.provisioning.sync_job
  - name: Instantiate an application template
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/applicationtemplate-instantiate
"""

EXAMPLES = r"""
- name: Make an application for a SCIM target that the gallery does not list
  entra.provisioning.gallery_application:
    display_name: Contoso SCIM
  register: contoso

- name: Make an application from the gallery
  entra.provisioning.gallery_application:
    display_name: AWS production
    gallery_name: AWS IAM Identity Center
"""

RETURN = r"""
service_principal:
  description:
    - The service principal as Microsoft Graph gives it. In check mode its C(id) is all zeros where it does not exist
      yet; the other modules understand that in check mode, and plan for an application that has nothing.
  returned: success
  type: dict
  sample:
    id: 11111111-2222-3333-4444-555555555555
    appId: 22222222-3333-4444-5555-666666666666
    displayName: Contoso SCIM
    applicationTemplateId: 8adf8e6e-67b2-4cf2-a259-e3dc5476c621
created:
  description:
    - Whether the application was made by this task, or would be in check mode. It is V(false) where another run made
      one of the same name at the same time, with which this task goes on.
  returned: success
  type: bool
  sample: true
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["make the application Contoso SCIM from the gallery entry Custom"]
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
from ..module_utils._sync import applications, turns
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    display_name={"type": "str", "required": True},
    gallery_name={"type": "str"},
    gallery_id={"type": "str"},
    provisioning={"type": "bool", "default": True},
    mutually_exclusive=(("gallery_name", "gallery_id"),),
)


def run(task: Task) -> Outcome:
    """Find the application, or make it and wait for it."""
    name = applications.checked_name(task.params["display_name"])
    turns.take(task, f"the application {name}", name)
    entry = applications.wanted_entry(task)
    found = applications.existing(task.graph, name, entry["id"])
    plan = [] if found else applications.plan(task, name, entry, task.params["provisioning"])
    return task.carry_out(
        plan,
        record=lambda seen: seen,
        planned={"service_principal": found or applications.planned(name, entry["id"]), "created": bool(plan)},
        subject=name,
    )


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
