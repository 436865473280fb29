#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_schema
short_description: Manage the attribute mappings and scoping filters of a synchronization job
description:
  - Makes the schema of a job mean what a document says, what the schema of another job says, or what its template says.
  - Schemas are compared by meaning. Order, blanks, defaults that are filled in and stamps that the service sets are
    no difference. Nothing is written where nothing differs, because any write makes the service evaluate the whole
    directory anew.
  - A write replaces the whole schema; parts that the service manages are kept as they are where the document leaves
    them out.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
  - entra.provisioning._job
options:
  state:
    description:
      - With V(present) the schema is as O(schema) or O(from_job) says.
      - With V(default) it is that of the template.
    type: str
    choices: [present, default]
    default: present
  schema:
    description:
      - A whole schema, with C(synchronizationRules) and C(directories), as M(entra.provisioning.sync_info) returns it
        or a file holds it. Ids, version and annotations in it are replaced by the job's own.
    type: dict
  from_job:
    description: Take the schema of another job. Exactly one way to name its application is needed.
    type: dict
    suboptions:
      service_principal_id:
        description: The object id of the other service principal.
        type: str
      app_id:
        description: The application (client) id of the other application.
        type: str
      display_name:
        description: The display name of the other service principal.
        type: str
      job_id:
        description: The id of the other job.
        type: str
      template_id:
        description: The template of the other job.
        type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - After a change the next cycle evaluates all objects anew, which takes between 0.01 and 0.08 minutes for each
    object in scope. People who are out of a new scope are disabled in the target.
seealso:
  - module: entra.provisioning.sync_info
  - name: Update synchronizationSchema
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/synchronization-synchronizationschema-update
"""

EXAMPLES = r"""
- name: Make the mappings those of a file in git
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    schema: "{{ lookup('ansible.builtin.file', 'contoso-scim.json') | from_json }}"

- name: See what a copy of the staging application's mappings would change
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    from_job:
      display_name: Contoso SCIM staging
  check_mode: true
  diff: true

- name: Go back to the mappings of the template
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    state: default
"""

RETURN = r"""
summary:
  description: The schema in a few lines. M(entra.provisioning.sync_info) returns the whole of it.
  returned: success
  type: dict
  contains:
    version:
      description: The stamp that the service sets on every change.
      type: str
      sample: v1.2
    object_mappings:
      description: One record per object mapping.
      type: list
      elements: dict
      contains:
        rule:
          description: The rule that it belongs to.
          type: str
          sample: USERGROUP_OUTBOUND_USERGROUP
        source:
          description: The source object.
          type: str
          sample: User
        target:
          description: The target object.
          type: str
          sample: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
        enabled:
          description: Whether it takes part in cycles.
          type: bool
          sample: true
        flow_types:
          description: What it may do in the target.
          type: list
          elements: str
          sample: [Add, Delete, Update]
        attribute_count:
          description: How many attribute mappings it has.
          type: int
          sample: 22
        matching:
          description: The matching attributes, in the order of their priority.
          type: list
          elements: str
          sample: [userName]
        scope_groups:
          description: The names of the groups of its scoping filter.
          type: list
          elements: str
          sample: []
risks:
  description:
    - The classes of risk that the changes have. V(matching) decides which accounts belong together, V(scope) who is
      provisioned, V(active) who is disabled, V(delete_flow) what may be removed. V(mapping) and V(cosmetic) do none
      of it.
  returned: success
  type: list
  elements: str
  sample: [scope]
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["User → User / userName: [mail] → [userPrincipalName]"]
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
from ..module_utils._schema.summary import summary
from ..module_utils._sync import jobs, principals, schemas
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    JOB,
    state={"type": "str", "choices": ["present", "default"], "default": "present"},
    schema={"type": "dict"},
    from_job={
        "type": "dict",
        "options": {**APPLICATION.spec, **JOB.spec},
        "mutually_exclusive": [list(names) for names in (*APPLICATION.mutually_exclusive, *JOB.mutually_exclusive)],
        "required_one_of": [list(names) for names in APPLICATION.required_one_of],
    },
    mutually_exclusive=(("schema", "from_job"),),
    required_if=(("state", "present", ("schema", "from_job"), True),),
)


def run(task: Task) -> Outcome:
    """Compare the schema with what is wanted, and replace it where they differ."""
    if task.params["schema"] is not None:
        schemas.checked_document(task.params["schema"], "schema")
    principal = principals.resolve(task)
    job = jobs.addressed(task, principal)
    current = schemas.current(task, principal, job)
    plan = schemas.plan(task, principal, job, current)
    outcome = task.carry_out(
        plan,
        record=lambda seen: {"summary": summary(seen)},
        planned={"summary": summary(current)},
        subject=f"schema of {principal}",
    )
    outcome.result["risks"] = sorted({change.risk for change in plan})
    return outcome


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
