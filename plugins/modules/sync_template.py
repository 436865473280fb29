#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_template
short_description: Manage the synchronization templates of an application
description:
  - Manages a synchronization template of an application, its fields and its schema. A new job starts with the schema of
    its template; existing jobs keep theirs.
  - Templates are made by Microsoft; they can be changed, but neither made nor deleted.
  - M(entra.provisioning.sync_info) lists the templates that an application offers.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
  - entra.provisioning._mappings
  - entra.provisioning._writing
options:
  template_id:
    description: The id of the template.
    type: str
    required: true
  state:
    description:
      - With V(present) the template is as the options say; what they do not name is left as it is.
      - With V(absent) its schema goes back to the one that Microsoft delivers.
    type: str
    choices: [present, absent]
    default: present
  description:
    description: The description. An empty text removes it.
    type: str
  default:
    description: Whether the template is the recommended one of the application.
    type: bool
  discoverable:
    description: Whether the template is listed for the service principal.
    type: bool
  metadata:
    description: Metadata entries to set, by key. Others stay. Change them only where the documentation says so.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - What Microsoft delivers can be read nowhere. O(state=absent) therefore sends the reset each time, reports a
        change only where it had an effect, and always predicts one in check mode.
seealso:
  - module: entra.provisioning.sync_schema
  - name: synchronizationTemplate resource type
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationtemplate
"""

EXAMPLES = r"""
- name: Describe the template
  entra.provisioning.sync_template:
    display_name: Contoso SCIM
    template_id: scim
    description: Mappings of the identity team

- name: Let new jobs start with the mappings of a file
  entra.provisioning.sync_template:
    display_name: Contoso SCIM
    template_id: scim
    schema: "{{ lookup('ansible.builtin.file', 'contoso-scim.json') | from_json }}"

- name: Let new jobs send the office as the locality
  entra.provisioning.sync_template:
    display_name: Contoso SCIM
    template_id: scim
    object_mappings:
      - source: User
        attributes:
          - {target: 'addresses[type eq "work"].locality', attribute: physicalDeliveryOfficeName}
    backup: true

- name: Go back to the schema that Microsoft delivers
  entra.provisioning.sync_template:
    display_name: Contoso SCIM
    template_id: scim
    state: absent
"""

RETURN = r"""
template:
  description: The template as Microsoft Graph gives it, without its schema.
  returned: success
  type: dict
  sample:
    id: scim
    default: true
    factoryTag: CustomSCIM
differences:
  description: What was changed in the schema, or would be changed in check mode, as M(entra.provisioning.sync_schema)
    returns it.
  returned: with O(state=present)
  type: list
  elements: dict
  sample: []
changed_by_service:
  description: What the service made of the written schema by itself, in the form of RV(differences).
  returned: when the schema was written
  type: list
  elements: dict
  sample: []
backup_file:
  description: Where the previous schema is kept.
  returned: when the schema was written and O(backup=true)
  type: str
  sample: /home/idm/backup/Contoso_SCIM.template.scim.20261121T120000Z.json
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["description: Mappings of the identity team (new)"]
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
from ..module_utils._schema.diff import as_data, difference
from ..module_utils._schema_options import MAPPINGS, WRITING, validated
from ..module_utils._sync import app_templates, jobs, principals, schema_draft, schema_write
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    MAPPINGS,
    WRITING,
    template_id={"type": "str", "required": True},
    state={"type": "str", "choices": ["present", "absent"], "default": "present"},
    description={"type": "str"},
    default={"type": "bool"},
    discoverable={"type": "bool"},
    metadata={"type": "dict", "default": {}},
)


def run(task: Task) -> Outcome:
    """Compare the template with the options, and change what differs."""
    if task.params["state"] == "absent":
        jobs.refuse_blank_name(task.params)
    wishes = schema_draft.checked(task, validated)
    principal = principals.resolve(task)
    app = app_templates.application_id(task.graph, principal)
    current = app_templates.read(task.graph, app, task.params["template_id"])
    place = app_templates.place(task.graph, principal, app, str(current["id"]))
    if task.params["state"] == "absent":
        return app_templates.reset(task, place, current)
    plan = app_templates.plan_fields(task.graph, app, current, task.params)
    result: dict[str, object] = {"template": app_templates.shown(current), "differences": []}
    writing = None
    if wishes or task.params["schema"] is not None or task.params["expression_tests"]:
        now = place.read()
        body = schema_draft.wanted(task, place, now, wishes)
        differences = difference(now, body)
        schema_draft.warn(task, now, body, differences)
        writing = schema_write.Writing(task, place, now, body)
        plan += writing.plan(place.put(body), differences)
        result["differences"] = as_data(differences)
    return task.carry_out(
        plan,
        record=lambda _seen: {
            "template": app_templates.shown(app_templates.read(task.graph, app, current["id"])),
            **(writing.record() if writing else {}),
        },
        planned=result,
        subject=f"template {current['id']} of {principal}",
    )


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
