#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_info
short_description: Read what there is to know about provisioning
description:
  - Reads jobs, their health, schemas, templates, settings, logs and the rights of the identity that signs in, for one
    application, a list of them, or all applications of the tenant that came from the gallery.
  - Many applications are read in batches of twenty.
  - What is returned can be given back to the other modules.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._attributes.info_module
  - entra.provisioning._credentials
  - entra.provisioning._job
options:
  service_principal_id:
    description:
      - The object id of the application's service principal.
      - Without O(service_principal_id), O(app_id), O(display_name) and O(applications), all applications of the tenant
        are read that came from the gallery; others cannot be provisioned.
    type: str
  app_id:
    description: The application (client) id.
    type: str
  display_name:
    description: The exact display name of the service principal. More than one of that name is an error.
    type: str
  applications:
    description: Several applications, each named in exactly one of these ways. An empty list reads none.
    type: list
    elements: dict
    suboptions:
      service_principal_id:
        description: The object id of the service principal.
        type: str
      app_id:
        description: The application (client) id.
        type: str
      display_name:
        description: The exact display name of the service principal.
        type: str
  job_id:
    description: Only this job.
  template_id:
    description:
      - Only jobs of this template.
      - With V(templates) in O(gather) only this template, which may also be one that is not listed.
  gather:
    description:
      - What to read.
      - V(jobs) gives the jobs as Graph has them, V(health) a flat record of each. Where applications are named, or with
        V(secrets), the settings are read for V(health) too; for the whole tenant that would be one more call for each
        application.
      - V(schema) is read for each job, V(functions) and V(filter_operators) for each job or, where there is none yet,
        for the template that it would be made from.
      - V(templates), V(secrets) and V(assignments) are read for the application. V(secrets) gives settings in clear,
        and of secrets only that they are there. V(assignments) gives the users and groups that are assigned.
      - V(logs) sums up the provisioning logs, in one call or more for each application; Graph allows five in ten
        seconds.
      - V(accounts) tells who has an account in the target, as far as the service knows, and whether the jobs can
        disable it. It reads the assignments, the direct members of assigned groups, the schemas, and the provisioning
        logs of the application for as long as the service keeps them, or since O(logs_since), up to O(logs_limit)
        entries.
      - V(connections) tells which objects of O(object_ids) are connected with one in the target. It is in beta only.
      - V(access) tells which permissions the identity lacks, by reading.
    type: list
    elements: str
    choices:
      - jobs
      - health
      - schema
      - templates
      - secrets
      - assignments
      - accounts
      - functions
      - filter_operators
      - logs
      - connections
      - access
    default: [jobs, health]
  object_ids:
    description:
      - The ids of objects, in the source or in the target, for V(connections) in O(gather). Connections cannot be
        listed.
    type: list
    elements: str
    default: []
  portable:
    description:
      - Whether V(schema) in O(gather) gives portable documents, which are short, sorted and without ids. They are good
        to keep in git, and the option C(schema) of M(entra.provisioning.sync_schema) understands them, for the same job
        or for one of another application or tenant.
      - Definitions of attributes are only in them where the template does not have them.
    type: bool
    default: false
  logs_since:
    description:
      - From when on logs are read, as a moment (V(2026-11-05T12:00:00Z), in UTC where it does not say), a date, or a
        number of hours ago.
      - Mutually exclusive with O(logs_hours).
    type: str
  logs_hours:
    description: How many hours of logs to read. Without effect with O(logs_cycle), which is read whole.
    type: int
    default: 24
  logs_cycle:
    description:
      - Read only entries of this cycle.
      - V(last) means the newest cycle of each job that has written to the logs; what a person provisions on demand is
        not of it.
    type: str
  logs_status:
    description: Read only entries of these statuses.
    type: list
    elements: str
    choices: [success, failure, skipped, warning]
    default: []
  logs_limit:
    description:
      - How many log entries to count for each application at the most. Where there are more, a warning says so.
    type: int
    default: 1000
  logs_entries:
    description:
      - Whether the entries are returned besides their sum. They hold personal data.
      - Without them, names, addresses and values of attributes are taken out of the reasons in the sum as well.
    type: bool
    default: false
seealso:
  - module: entra.provisioning.sync_job
  - name: Provisioning in quarantine
    description: Why a job goes into quarantine, and what then happens.
    link: https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-quarantine-status
"""

EXAMPLES = r"""
- name: How is the job of one application doing
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
  register: contoso

- name: Which jobs of the tenant are in quarantine
  entra.provisioning.sync_info:
    gather:
      - health
  register: tenant

- name: Show them, each with its reason and the days until Microsoft disables it
  ansible.builtin.debug:
    msg: "{{ tenant.applications | map(attribute='health') | flatten | selectattr('quarantined') }}"

- name: What failed in the last cycle
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather:
      - logs
    logs_cycle: last
    logs_status:
      - failure
      - warning

- name: What became of everybody since Monday
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather:
      - logs
    logs_since: "2026-11-02T00:00:00Z"

- name: Which credentials does the application want
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather:
      - templates

- name: Is a user connected with an account in the target
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather:
      - connections
    object_ids:
      - 33333333-4444-5555-6666-777777777777
    api_version: beta

- name: Read the mappings and settings of two applications
  entra.provisioning.sync_info:
    applications:
      - display_name: Contoso SCIM
      - display_name: Fabrikam SCIM
    gather:
      - schema
      - secrets

- name: Export the mappings for git
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather:
      - schema
    portable: true
  register: exported

- name: Keep them in a file
  ansible.builtin.copy:
    content: "{{ exported.applications[0].schema[0].schema | entra.provisioning.schema_yaml }}"
    dest: contoso-scim.yml
    mode: "0644"

- name: Which permission is missing
  entra.provisioning.sync_info:
    display_name: Contoso SCIM
    gather:
      - access
  register: rights

- name: Show it, with the modules that need it
  ansible.builtin.debug:
    msg: "{{ rights.applications[0].access | selectattr('granted', 'false') }}"
"""

RETURN = r"""
applications:
  description:
    - One record per application, with the subsets that were asked for.
    - A subset that could not be read is missing, which is not the same as empty; RV(applications[].errors) says why.
  returned: success
  type: list
  elements: dict
  contains:
    service_principal_id:
      description: The object id of the service principal.
      type: str
      sample: 11111111-2222-3333-4444-555555555555
    app_id:
      description: The application (client) id, null where it was not needed to find the application.
      type: str
      sample: 22222222-3333-4444-5555-666666666666
    display_name:
      description: The display name, null where it was not needed to find the application.
      type: str
      sample: Contoso SCIM
    jobs:
      description: The jobs as Microsoft Graph gives them.
      returned: with V(jobs) in O(gather)
      type: list
      elements: dict
      sample: []
    health:
      description: A flat record of each job.
      returned: with V(health) in O(gather)
      type: list
      elements: dict
      contains:
        job_id:
          description: The id of the job.
          type: str
          sample: scim.0123456789abcdef0123456789abcdef.39551a98-20a4-4751-a9ec-bf3956a52bc5
        template_id:
          description: The template of the job.
          type: str
          sample: scim
        state:
          description: What the admin asked for, V(Active), V(Disabled) or V(Paused).
          type: str
          sample: Active
        code:
          description: What the engine reports, V(NotConfigured), V(NotRun), V(Active), V(Paused) or V(Quarantine).
          type: str
          sample: Active
        healthy:
          description:
            - Whether people are provisioned. The job runs, its last cycle has succeeded without an object that failed
              and ended within the last three intervals, and the service counts somebody who is provisioned.
          type: bool
          sample: false
        reason:
          description: Why RV(applications[].health[].healthy) is not true; null where it is.
          type: str
          sample: "the job is in quarantine: the target refused the credentials or could not be reached"
        running:
          description: Whether cycles are scheduled; true in quarantine, too.
          type: bool
          sample: true
        never_run:
          description: Whether no cycle has ever ended.
          type: bool
          sample: false
        last_cycle_state:
          description: V(Succeeded), V(Failed) or V(EntryLevelErrors); null before the first cycle.
          type: str
          sample: Succeeded
        last_cycle_ended:
          description: When the last cycle ended.
          type: str
          sample: "2026-11-05T21:49:10Z"
        last_error:
          description: The error of the last cycle.
          type: str
          sample: null
        entry_errors:
          description: How many objects failed in the last cycle.
          type: int
          sample: 0
        successive_failures:
          description: How many cycles in a row have failed.
          type: int
          sample: 0
        steady_state_reached:
          description: When the first full cycle was done.
          type: str
          sample: "2026-11-01T09:20:28Z"
        entry_counts:
          description: How many objects are provisioned, by type. The service never lowers these.
          type: dict
          sample: {}
        notification_recipients:
          description:
            - Who gets mail about a quarantine, nobody where that is off; null where the settings were not read.
          type: list
          elements: str
          sample: [idm@contoso.example]
        delete_threshold:
          description:
            - The deletion threshold for a cycle, V(0) where the guard is off; null where the settings were not read.
          type: int
          sample: 50
        quarantined:
          description:
            - Whether the job is in quarantine, where it is tried after 6, 12 and 24 hours, and once a day from then on.
          type: bool
          sample: false
        quarantine_reason:
          description: The reason in the words of the service.
          type: str
          sample: EncounteredQuarantineException
        quarantine_explanation:
          description: The reason in plain words.
          type: str
          sample: the target refused the credentials or could not be reached
        quarantine_error:
          description: The error that led to it.
          type: str
          sample: "SystemForCrossDomainIdentityManagementInvalidCredentials: Please provide a valid tenant URL."
        quarantine_began:
          description: Since when.
          type: str
          sample: "2026-11-05T21:45:54Z"
        quarantine_next_attempt:
          description: When the service tries again; null where the job rests or the service has disabled it.
          type: str
          sample: "2026-11-06T03:45:54Z"
        days_until_disabled:
          description: How many days are left until the service disables the job; null where it runs no longer.
          type: int
          sample: 27
    schema:
      description:
        - Per job its C(job_id) and its C(schema) as Microsoft Graph gives it, or as a portable document with
          O(portable=true).
      returned: with V(schema) in O(gather)
      type: list
      elements: dict
      sample: []
    templates:
      description: The synchronization templates that the application offers, as Microsoft Graph gives them.
      returned: with V(templates) in O(gather)
      type: list
      elements: dict
      sample: []
    template_credentials:
      description: What the jobs of each template want to know of the target.
      returned: with V(templates) in O(gather)
      type: list
      elements: dict
      contains:
        template_id:
          description: The id of the template.
          type: str
          sample: scim
        default:
          description: Whether the service recommends this template for the application.
          type: bool
          sample: true
        description:
          description: What the service says of the template, if anything.
          type: str
          sample: null
        credentials:
          description:
            - Each with its C(key) for M(entra.provisioning.sync_secrets), whether it is C(secret), a C(label), and the
              kind of C(authentication) that it belongs to, null where there is but one.
          type: list
          elements: dict
          sample:
            - {key: BaseAddress, secret: false, label: null, authentication: null}
            - {key: SecretToken, secret: true, label: null, authentication: null}
    secrets:
      description: Credentials and settings, as M(entra.provisioning.sync_secrets) returns them.
      returned: with V(secrets) in O(gather)
      type: dict
      sample:
        secret_keys: [SecretToken]
        scope: assigned
    assignments:
      description: Who is assigned, as Microsoft Graph gives it.
      returned: with V(assignments) in O(gather)
      type: list
      elements: dict
      sample: []
    accounts:
      description: What became of people's accounts in the target.
      returned: with V(accounts) in O(gather)
      type: dict
      contains:
        people:
          description: Everybody who is assigned, directly or through a group, or is in the provisioning logs.
          type: list
          elements: dict
          contains:
            id:
              description: The object id of the user.
              type: str
              sample: 33333333-4444-5555-6666-777777777777
            name:
              description: The name, as the logs or the directory have it.
              type: str
              sample: ada.lovelace@contoso.example
            assigned:
              description: Whether the user is assigned, directly or as a direct member of a group.
              type: bool
              sample: true
            account:
              description:
                - V(active), V(disabled) or V(deleted), as the newest entry of the logs left it.
                - V(none) where the job looked at the user last and passed over them without knowing an account.
                - V(unknown) where the logs do not tell. They are kept for 7 or 30 days.
              type: str
              sample: active
            job_id:
              description: The job that knows the account, null where none does.
              type: str
              sample: scim.0123456789abcdef0123456789abcdef.39551a98-20a4-4751-a9ec-bf3956a52bc5
            since:
              description: When the entry of the logs was written that tells it.
              type: str
              sample: "2026-11-05T21:49:10Z"
            failed:
              description:
                - Whether the newest entry of the logs tells of a failure, so that the account may not be as wanted.
              type: bool
              sample: false
        complete:
          description: Whether all entries were read, rather than the newest O(logs_limit).
          type: bool
          sample: true
        jobs:
          description:
            - Each job with its C(job_id) and its C(hindrances), the reasons why it cannot disable the account of
              somebody who is no longer assigned.
          type: list
          elements: dict
          sample: [{job_id: scim.1, hindrances: []}]
    functions:
      description:
        - Per job its C(job_id), its C(template_id) and the C(functions) that its expressions may use. C(job_id) is null
          where there is no job yet.
      returned: with V(functions) in O(gather)
      type: list
      elements: dict
      sample: []
    filter_operators:
      description:
        - Per job its C(job_id), its C(template_id) and the C(filter_operators) that its scoping filters may use.
          C(job_id) is null where there is no job yet.
      returned: with V(filter_operators) in O(gather)
      type: list
      elements: dict
      sample: []
    logs:
      description: The sum of the provisioning logs of all jobs.
      returned: with V(logs) in O(gather)
      type: dict
      contains:
        by_status:
          description: How many entries have which status.
          type: dict
          sample:
            success: 12
        by_action:
          description: How many entries did what.
          type: dict
          sample:
            create: 12
        failures:
          description: Failures and warnings by step and error code, the most frequent first.
          type: list
          elements: dict
          contains: &group
            step:
              description: The type of the step that decided.
              type: str
              sample: export
            error_code:
              description: The error code of the service.
              type: str
              sample: DuplicateTargetEntries
            count:
              description: How many entries there are.
              type: int
              sample: 3
            explanation:
              description: The code in plain words, null for one that is not known.
              type: str
              sample: several objects of the target match one of the source
            advice:
              description: What to do about it, null for a code that is not known.
              type: str
              sample: Remove the duplicates in the target, or match on a unique attribute.
            reason:
              description:
                - What the service says of the newest entry, without personal values unless O(logs_entries=true).
              type: str
              sample: More than one user matches (hidden).
            recommended_action:
              description: What the service recommends for the newest entry.
              type: str
              sample: null
            newest:
              description: When the newest entry was written.
              type: str
              sample: "2026-11-05T21:49:10Z"
            example_id:
              description: The id of the newest entry.
              type: str
              sample: 44444444-5555-6666-7777-888888888888
            example_source_id:
              description: The id of the object that the newest entry is about, in the source.
              type: str
              sample: 33333333-4444-5555-6666-777777777777
        skips:
          description: Entries that were skipped, by step and code, with the same keys.
          type: list
          elements: dict
          contains: *group
        entries:
          description: The entries as Microsoft Graph gives them, where O(logs_entries=true).
          type: list
          elements: dict
          sample: []
    connections:
      description: Per job and object whether it is connected.
      returned: with V(connections) in O(gather)
      type: list
      elements: dict
      contains:
        job_id:
          description: The id of the job.
          type: str
          sample: scim.0123456789abcdef0123456789abcdef.39551a98-20a4-4751-a9ec-bf3956a52bc5
        object_id:
          description: The id that was asked for.
          type: str
          sample: 33333333-4444-5555-6666-777777777777
        connection:
          description: The connection as Microsoft Graph gives it; null where there is none.
          type: dict
          sample: null
    access:
      description: What the modules need, and whether the identity has it. Nothing is written to find out.
      returned: with V(access) in O(gather)
      type: list
      elements: dict
      contains:
        to:
          description: What it is needed for.
          type: str
          sample: list the synchronization jobs of the service principal
        permission:
          description: The application permission.
          type: str
          sample: Synchronization.Read.All
        modules:
          description: The modules that cannot do all of their work without it.
          type: list
          elements: str
          sample: [sync_info, sync_job]
        granted:
          description: Whether the identity has it; null where no reading call tells.
          type: bool
          sample: true
        why:
          description: Why it cannot be told, where RV(applications[].access[].granted) is null.
          type: str
          sample: null
    errors:
      description: What could not be read of this application, where others could be read.
      returned: when something was refused
      type: list
      elements: dict
      sample: []
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
      sample: []
"""

from ..module_utils._options import APPLICATION, CREDENTIALS, JOB, arguments
from ..module_utils._sync import info, logs, subsets
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    JOB,
    **APPLICATION.spec,
    applications={
        "type": "list",
        "elements": "dict",
        "options": APPLICATION.spec,
        "mutually_exclusive": [list(names) for names in APPLICATION.mutually_exclusive],
        "required_one_of": [list(names) for names in APPLICATION.required_one_of],
    },
    gather={"type": "list", "elements": "str", "choices": list(subsets.GATHER), "default": ["jobs", "health"]},
    object_ids={"type": "list", "elements": "str", "default": []},
    portable={"type": "bool", "default": False},
    logs_since={"type": "str"},
    logs_hours={"type": "int", "default": 24},
    logs_cycle={"type": "str"},
    logs_status={"type": "list", "elements": "str", "choices": list(logs.STATUSES), "default": []},
    logs_limit={"type": "int", "default": 1000},
    logs_entries={"type": "bool", "default": False},
    mutually_exclusive=((*APPLICATION.spec, "applications"), ("logs_since", "logs_hours")),
)


def run(task: Task) -> Outcome:
    """Read what is asked for."""
    info.check(task.params)
    found = info.applications(task)
    return Outcome(False, {"applications": info.gather(task, found, task.params["gather"])})


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
