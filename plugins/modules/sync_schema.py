#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_schema
short_description: Manage the attribute mappings and scoping filters of a synchronization job
description:
  - Changes attribute mappings, scoping filters and custom attributes of a job in shorthand, and leaves everything else
    as it is. Or makes the whole schema mean what a document, another job or the template says.
  - Schemas are compared by meaning. Order, blanks, defaults that are filled in and stamps that the service sets are
    no difference. Nothing is written where nothing differs, because any write makes the service evaluate the whole
    directory anew.
  - Expressions with functions are parsed by the service, and custom attributes are added, before anything is written.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
  - entra.provisioning._job
  - entra.provisioning._mappings
  - entra.provisioning._writing
options:
  state:
    description:
      - With V(present) the schema is as the other options say.
      - With V(default) it is that of the template.
    type: str
    choices: [present, default]
    default: present
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
  allow:
    description:
      - Which risks may be taken. Where people may have accounts, a change of another of these risks is refused, in
        check mode too. They may where the job has run before, where the provisioning log has entries of the
        application, and where that log cannot be read, unless the application was made in the same run.
      - The first cycle of a new job links the accounts that the target has already. So V(active) needs consent there
        too where it is set from nothing that tells who has left, such as a constant.
      - V(scope) decides who is provisioned, V(matching) which accounts belong together, V(active) who is disabled, and
        V(delete_flow) what may be removed in the target.
    type: list
    elements: str
    choices: [matching, scope, active, delete_flow]
    default: []
  pause_around:
    description:
      - Whether a running job is paused before the schema is written and started again after it, also where the write
        fails.
      - Where the job could not be started again, the message ends with the command that does it, and the next run with
        this option starts it. For this a note lies in Ansible's own folder (C(ANSIBLE_HOME), or C(~/.ansible)) from the
        pause until the job is seen to run. In a container that does not keep the folder, the next run only warns, and
        names the job in RV(left_paused).
      - A job that somebody else has paused is never started. The task warns of it.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The service has no lock. Tasks on one machine that change the same application take turns. Between machines, a task
    reads the schema again right before it writes and after it, and fails where a change of its own or of somebody else
    would be lost. A write that is slower by far than that of the other machine can still erase it unseen.
  - After a change the next cycle evaluates all objects anew, which takes between 0.01 and 0.08 minutes for each
    object in scope. People who are out of a new scope are disabled in the target.
  - The schema is read once more right before it is written. Where somebody else has changed it in between, nothing is
    written.
seealso:
  - module: entra.provisioning.sync_info
  - module: entra.provisioning.sync_template
  - ref: ansible_collections.entra.provisioning.docsite.attribute_mappings
    description: The guide, from the words of the portal to the options.
  - name: Update synchronizationSchema
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/synchronization-synchronizationschema-update
"""

EXAMPLES = r"""
- name: Map a few attributes, and leave all others as they are
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    object_mappings:
      - source: User
        attributes:
          - {target: title, attribute: jobTitle, default: Staff}
          - {target: userType, constant: Employee, apply: on_create}
          - {target: displayName, expression: 'Join(" ", [givenName], [surname])'}
          - {target: nickName, state: absent}

- name: Provision only the sales people of the Netherlands, and say that this is meant
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    object_mappings:
      - source: User
        scope:
          - name: Sales in NL
            clauses:
              - {attribute: department, operator: EQUALS, values: [Sales]}
              - {attribute: country, operator: EQUALS, values: [NL]}
        purge_scope: true
    allow: [scope]
    pause_around: true
    backup: true

- name: Send a custom attribute, after its expression was tried
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    custom_attributes:
      - directory: target
        object: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
        name: urn:ietf:params:scim:schemas:extension:acme:2.0:User:badgeId
    object_mappings:
      - source: User
        attributes:
          - target: urn:ietf:params:scim:schemas:extension:acme:2.0:User:badgeId
            expression: Append("B-", [employeeId])
    expression_tests:
      - {expression: 'Append("B-", [employeeId])', input: {employeeId: "4711"}, expect: B-4711}

- name: Make the mappings exactly those of a file in git
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    schema: "{{ lookup('ansible.builtin.file', 'contoso-scim.json') | from_json }}"
    allow: [matching, scope, active, delete_flow]

- name: See what a copy of the staging application's mappings would change
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    from_job:
      display_name: Contoso SCIM staging
    substitutions:
      staging.contoso.com: contoso.com
    allow: [matching, scope, active, delete_flow]
  check_mode: true
  diff: true

- name: Go back to the mappings of the template
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    state: default
    allow: [matching, scope, active, delete_flow]
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
differences:
  description: What was changed, or would be changed in check mode, as data.
  returned: success
  type: list
  elements: dict
  contains:
    type:
      description:
        - What kind of change it is, such as V(mapping_added), V(mapping_changed), V(mapping_removed),
          V(scope_group_added), V(scope_clause_changed), V(flow_types_changed), V(enabled_changed) or
          V(attribute_definition_added).
      type: str
      sample: mapping_changed
    path:
      description: Where, in names, from the rule or the directory down.
      type: list
      elements: str
      sample: [rule, USERGROUP_OUTBOUND_USERGROUP, User → User, userName]
    before:
      description: What was there, null for nothing.
      type: str
      sample: "[mail]"
    after:
      description: What is there now, null for nothing.
      type: str
      sample: "[userPrincipalName]"
    risk:
      description: One of V(matching), V(scope), V(active), V(delete_flow), V(mapping) and V(cosmetic).
      type: str
      sample: matching
risks:
  description:
    - The classes of risk that the changes have. V(matching) decides which accounts belong together, V(scope) who is
      provisioned, V(active) who is disabled, V(delete_flow) what may be removed. V(mapping) and V(cosmetic) do none
      of it.
  returned: success
  type: list
  elements: str
  sample: [scope]
changed_by_service:
  description: What the service made of the written schema by itself, in the form of RV(differences).
  returned: when the schema was written
  type: list
  elements: dict
  sample: []
left_paused:
  description:
    - The id of the job where it is paused when the task has ended, null where it runs or has never been started.
    - Where a task has paused the job and could not start it again, it fails, and C(error.left_paused) has the id.
  returned: success and O(pause_around=true)
  type: str
  sample: null
backup_file:
  description: Where the previous schema is kept.
  returned: when the schema was written and O(backup=true)
  type: str
  sample: /home/idm/backup/Contoso_SCIM.scim.0123.20261121T120000Z.json
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
from ..module_utils._schema.diff import GUARDED, as_data, difference
from ..module_utils._schema.summary import summary
from ..module_utils._schema_options import MAPPINGS, WRITING, validated
from ..module_utils._sync import jobs, principals, schema_draft, schema_guard, schema_write, schemas, turns
from ..module_utils._task import Outcome, Task, run_as_module

WISHES = ("schema", "from_job", "object_mappings", "rules", "custom_attributes", "expression_tests")
ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    JOB,
    MAPPINGS,
    WRITING,
    state={"type": "str", "choices": ["present", "default"], "default": "present"},
    from_job={
        "type": "dict",
        "options": {**APPLICATION.spec, **JOB.spec},
        "mutually_exclusive": [list(names) for names in (*APPLICATION.mutually_exclusive, *JOB.mutually_exclusive)],
        "required_one_of": [list(names) for names in APPLICATION.required_one_of],
    },
    allow={"type": "list", "elements": "str", "choices": list(GUARDED), "default": []},
    pause_around={"type": "bool", "default": False},
    mutually_exclusive=tuple((name, "from_job") for name in WISHES if name not in ("from_job", "expression_tests")),
    required_if=(("state", "present", WISHES, True),),
)


def run(task: Task) -> Outcome:
    """Compare the schema with what is wanted, and replace it where they differ and nothing forbids it."""
    wishes = schema_draft.checked(task, validated)
    principal = principals.resolve(task)
    if principal.planned:
        return schema_draft.to_come(task)
    turns.take(task, f"the application {principal}", principal.id)
    job = jobs.addressed(task, principal)
    place = schemas.place_of_job(task, principal, job)
    now = schemas.current(task, place, principal, job)
    body = schema_draft.wanted(task, place, now, wishes)
    differences = difference(now, body)
    schema_draft.warn(task, now, body, differences)
    if job and schema_guard.needs_job(task, differences):
        job = jobs.whole(task, principal, job)
    cost = schema_guard.check(task, principal, job, differences)
    writing = schema_write.Writing(task, place, now, body)
    plan = writing.plan(place.reset if task.params["state"] == "default" else place.put(body), differences)
    plan = schema_write.paused_around(task, principal, job, plan)
    outcome = task.carry_out(
        plan,
        record=lambda _seen: {"summary": summary(writing.seen or body), **writing.record()},
        planned={"summary": summary(now)},
        subject=f"schema of {principal}",
        note=cost,
    )
    outcome.result["differences"] = as_data(differences)
    if task.params["pause_around"]:
        outcome.result["left_paused"] = schema_write.left_paused(job, plan)
    outcome.result["risks"] = sorted({one.risk for one in differences})
    return outcome


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
