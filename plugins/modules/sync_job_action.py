#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_job_action
short_description: Carry out an action on a synchronization job
description:
  - Starts, pauses and restarts synchronization jobs, lets held back deletions through, tries credentials, has the
    service sign in at the target or discover its attributes, uploads records, provisions on demand, and removes
    connections of objects.
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
      - V(restart) begins anew, forgetting what O(reset_scope) says. It always acts. The service starts a resting job by
        it, so such a job is paused again right after, unless O(start_paused=true).
      - V(allow_deletes) lets through the deletions that the deletion threshold holds back, where O(confirm_count) is
        their number in the provisioning logs. Nothing happens where the job is not in quarantine for them.
      - V(validate_credentials) lets the service try credentials at the target and changes nothing. Those in O(secrets)
        and O(settings) are tried, or the stored ones where neither is given. Where there is no job yet, they are tried
        for the template O(template_id), or the one that the application recommends.
      - V(acquire_access_token) lets the service sign in at the target, with the credentials in O(secrets) and
        O(settings), and keep the token. It needs no job, and always acts.
      - V(discover) lets the service ask the target, or the agent, which attributes the directory O(directory) has, for
        use in mappings. It reports a change where the schema is another one afterwards.
      - V(bulk_upload) uploads O(records) or O(operations) to a job of API-driven provisioning, 50 in a request, with
        at most 40 requests in five seconds. With O(wait) the provisioning logs are followed until they tell what became
        of each record that has an C(externalId), which takes some minutes; raise O(timeout) accordingly.
      - V(provision_on_demand) provisions O(users), O(groups) and O(subjects) now, whether the job runs or not, and
        tells what became of each. At most five calls are made in ten seconds, as the service asks for.
      - V(remove_connections) makes a resting job forget to which accounts of the target O(users), O(groups) and
        O(subjects) belong, so that they are matched anew. It needs O(api_version=beta). No account is removed.
    type: str
    required: true
    choices:
      - start
      - pause
      - restart
      - allow_deletes
      - validate_credentials
      - acquire_access_token
      - discover
      - bulk_upload
      - provision_on_demand
      - remove_connections
  template_id:
    description:
      - The synchronization template that the job was made from.
      - For V(validate_credentials) before there is a job, the template that it will be made from.
  reset_scope:
    description:
      - What V(restart) forgets. Without it the effect is that of "Restart provisioning" in the portal, that is
        V(Watermark), V(Escrows) and V(QuarantineState).
      - V(Watermark) evaluates every object anew in the next cycle.
      - V(Escrows) forgets the errors of single objects; these are then not tried again until they change.
      - V(QuarantineState) lifts the quarantine for now.
      - V(Full) also forgets which accounts of source and target belong together.
      - V(ForceDeletes) lets through the deletions that the deletion threshold holds back. It must be given alone. The
        action V(allow_deletes) does the same, but counts them first.
      - V(None) and V(ConnectorDataStore) are documented as not to be used, and refused with the reason.
    type: list
    elements: str
    choices: [Watermark, Escrows, QuarantineState, Full, ForceDeletes, None, ConnectorDataStore]
    default: []
  confirm:
    description: Must be V(true) for O(reset_scope) with V(Full) or V(ForceDeletes).
    type: bool
    default: false
  start_paused:
    description:
      - Whether V(restart) may start a job that rests. With V(false) the job is paused again right after, and with
        O(wait=true) that is what is waited for. A cycle that begins in between goes on to its end.
      - A job that the service has disabled in quarantine is started in any case.
    type: bool
    default: false
  allow_second_job:
    description:
      - Permits V(start) and V(restart) to start a job while another one of the application runs. Both write to one
        target, so otherwise that is refused. The jobs of cloud sync belong beside each other and need no consent.
    type: bool
    default: false
  confirm_count:
    description:
      - How many accounts V(allow_deletes) will disable or delete, required for it. With any other number nothing is
        allowed, and the message tells the right one and the first names; so does V(0).
    type: int
  object:
    description: What the token of V(acquire_access_token) is kept with.
    type: str
    choices: [service_principal, application]
    default: service_principal
  directory:
    description:
      - Which directory of the job's schema V(discover) is about, V(source), V(target) or a name. It can be left out
        where only one can be discovered.
    type: str
  records:
    description:
      - The people that V(bulk_upload) uploads, as SCIM user resources. Each becomes an operation C(POST /Users). The
        C(schemas) are added where they are missing.
      - What they say is kept out of the result, the C(externalId) aside. On other machines than the controller, Ansible
        notes the options of a module in the system log; give the task C(no_log) to prevent that.
    type: list
    elements: dict
    default: []
  operations:
    description:
      - In the place of O(records), whole SCIM bulk operations with C(method), C(path), C(data) and, if wanted,
        C(bulkId).
    type: list
    elements: dict
    default: []
  allow_missing_active:
    description:
      - Upload also records that do not say whether the person is C(active). An update without it blocks the account, so
        they are refused otherwise.
    type: bool
    default: false
  users:
    description:
      - Whom V(provision_on_demand) and V(remove_connections) are about, by user principal name or id. The other actions
        are about the whole job, and refuse it.
    type: list
    elements: str
    default: []
  groups:
    description: Which groups V(provision_on_demand) and V(remove_connections) are about, by display name or id.
    type: list
    elements: str
    default: []
  subjects:
    description: Whom the action is about, in a source that is not Microsoft Entra ID.
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description:
          - The id in the source, such as the distinguished name in Active Directory, or the worker's id in Workday.
        type: str
        required: true
      type:
        description:
          - The type of the object as the job's schema names it, such as V(user) or V(Worker). It can be left out where
            the job provisions one type.
        type: str
  with_members:
    description:
      - Whether the direct members of O(groups) are provisioned with them, five in a call as the service allows. Of
        these only users; others, such as nested groups, are left out with a warning.
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
      - For V(start), V(restart) and V(allow_deletes), wait until what O(wait_until) says; the task fails with the
        reason where the job goes into quarantine instead.
      - For V(pause), wait until the job rests. For V(bulk_upload), wait for the result of each record.
      - A task that is run again after its wait was interrupted goes on waiting, though it has nothing else to do. Of a
        job that runs already, V(start) waits for the first cycle only, since nothing tells when an earlier run started
        it.
      - Where the task runs on the controller, a line tells every now and then how the job does.
  wait_until:
    description:
      - Whether O(wait) ends with the next V(cycle) that ends, or once the job is in V(steady_state), that is, has
        caught up with everything.
    type: str
    choices: [cycle, steady_state]
    default: cycle
attributes:
  check_mode:
    support: full
    details:
      - The action O(action=validate_credentials) is carried out in check mode too, since it changes nothing.
      - What O(action=discover), O(action=bulk_upload) and O(action=provision_on_demand) change is known only
        afterwards, so check mode says what would be called.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - The actions V(restart) and V(acquire_access_token) always act. V(discover) and V(provision_on_demand) call the
        service each time, and report a change only where something is another than before. So does V(bulk_upload) with
        O(wait); without it, every upload counts as a change.
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

- name: Try them before there is a job, for the template that it will be made from
  entra.provisioning.sync_job_action:
    display_name: Fabrikam tenant
    template_id: Azure2Azure
    action: validate_credentials
    settings:
      AuthenticationType: SyncPolicy
      CompanyId: 22222222-3333-4444-5555-666666666666

- name: Let the service sign in at the target
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: acquire_access_token
    settings:
      BaseAddress: "{{ scim_base_address }}"
    secrets:
      SecretToken: "{{ scim_token }}"

- name: Find out which attributes the target has
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: discover
    directory: target

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

- name: Remove the twelve accounts that the deletion threshold holds back
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: allow_deletes
    confirm_count: 12

- name: Hold the job before work on the target
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    action: pause
    wait: true

- name: Have somebody matched with an account of the target anew
  entra.provisioning.sync_job_action:
    display_name: Contoso SCIM
    api_version: beta
    action: remove_connections
    users:
      - ada.lovelace@contoso.example

- name: Upload people of the HR system, and see what became of each
  entra.provisioning.sync_job_action:
    display_name: HR to Entra
    action: bulk_upload
    records:
      - externalId: "701984"
        userName: ada.lovelace@contoso.example
        displayName: Ada Lovelace
        name:
          givenName: Ada
          familyName: Lovelace
        active: true
    wait: true
    timeout: 1200
"""

RETURN = r"""
job:
  description:
    - The job after the action as Microsoft Graph gives it; before it in check mode, and null where there is none.
  returned: success, except for O(action=acquire_access_token)
  type: dict
  sample:
    id: scim.0123456789abcdef0123456789abcdef.39551a98-20a4-4751-a9ec-bf3956a52bc5
    templateId: scim
validated:
  description: Which credentials the target has accepted.
  returned: for O(action=validate_credentials)
  type: str
  sample: new credentials
staged_deletes:
  description: Whom the deletion threshold holds back, and O(action=allow_deletes) lets through.
  returned: for O(action=allow_deletes)
  type: list
  elements: dict
  contains:
    id:
      description: The id in the source.
      type: str
      sample: 11111111-2222-3333-4444-555555555555
    name:
      description: The name in the source, where the log tells one.
      type: str
      sample: Ada Lovelace
    type:
      description: The type of the object.
      type: str
      sample: User
directory:
  description: The name of the directory that was discovered.
  returned: for O(action=discover), where there is a job
  type: str
  sample: customappsso
differences:
  description:
    - What was discovered that is other than the definition in the schema, as entra.provisioning.sync_schema tells
      differences. Empty in check mode.
  returned: for O(action=discover)
  type: list
  elements: dict
  contains:
    type:
      description: The kind of difference, such as V(attribute_definition_added).
      type: str
      sample: attribute_definition_added
    path:
      description: What differs, in names from the outside to the inside.
      type: list
      elements: str
      sample: [directory, customappsso, object, User, attribute, nickName]
    before:
      description: What the schema said, null for nothing.
      type: str
      sample:
    after:
      description: What was discovered, null for nothing.
      type: str
      sample: type String
    risk:
      description: What the difference can do.
      type: str
      sample: cosmetic
results:
  description:
    - For V(provision_on_demand), what became of each subject; a group appears once for every five members.
    - For V(bulk_upload), what became of each record; C(bulk_id), C(external_id), C(recommended_action) and C(log_id)
      are there instead of what describes a subject and its steps.
  returned: for O(action=provision_on_demand) and O(action=bulk_upload)
  type: list
  elements: dict
  contains:
    name:
      description: The user principal name, the name of the group, or the id in another source.
      type: str
      sample: ada.lovelace@contoso.example
    id:
      description: The object id.
      type: str
      sample: 11111111-2222-3333-4444-555555555555
    type:
      description: V(User), V(Group), or what the schema names objects of another source.
      type: str
      sample: User
    members:
      description: The members of a group that were part of the call.
      type: list
      elements: str
      sample: []
    bulk_id:
      description: The C(bulkId) of the operation that carried the record.
      type: str
      sample: operation-1
    external_id:
      description: The C(externalId) of the record, null where it has none.
      type: str
      sample: "701984"
    status:
      description:
        - V(success), V(failure), V(skipped) or V(warning); V(refused) where the service did not even try, and
          V(submitted) for an uploaded record that the logs were not asked about, or cannot tell of.
      type: str
      sample: success
    imported:
      description: Whether the subject was found in the source; null where the answer does not tell.
      type: bool
      sample: true
    in_scope:
      description: Whether it is in the scope of the job.
      type: bool
      sample: true
    matched:
      description: Whether an account of the target was found to belong to it.
      type: bool
      sample: false
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
    request_id:
      description: The id that Microsoft support asks for, where the service refused the subject.
      type: str
      sample: ""
    recommended_action:
      description: What the service recommends to do about a record that failed.
      type: str
      sample: ""
    log_id:
      description: The id of the entry in the provisioning log that tells of the record.
      type: str
      sample: 6f3e3a8b-3b5a-4cf4-a4b4-0d5e1b2f8a55
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
  sample: ["start the synchronization job of the template scim"]
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
from ..module_utils._sync.actions import registry, restart
from ..module_utils._sync.cycles import ENDS
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    JOB,
    TARGET,
    WAIT,
    action={"type": "str", "required": True, "choices": list(registry.ACTIONS)},
    reset_scope={"type": "list", "elements": "str", "choices": list(restart.SCOPES), "default": []},
    confirm={"type": "bool", "default": False},
    confirm_count={"type": "int"},
    start_paused={"type": "bool", "default": False},
    allow_second_job={"type": "bool", "default": False},
    object={"type": "str", "choices": ["service_principal", "application"], "default": "service_principal"},
    directory={"type": "str"},
    records={"type": "list", "elements": "dict", "default": []},
    operations={"type": "list", "elements": "dict", "default": []},
    allow_missing_active={"type": "bool", "default": False},
    users={"type": "list", "elements": "str", "default": []},
    groups={"type": "list", "elements": "str", "default": []},
    subjects={
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"id": {"type": "str", "required": True}, "type": {"type": "str"}},
    },
    with_members={"type": "bool", "default": True},
    assignment_wait={"type": "int", "default": 0},
    wait_until={"type": "str", "choices": list(ENDS), "default": "cycle"},
    personal=("records", "operations"),
)


def run(task: Task) -> Outcome:
    """Check the options, find the job and carry out the action."""
    registry.check(task.params)
    return registry.run(task)


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
