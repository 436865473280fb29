#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sync_secrets
short_description: Manage the credentials and settings of provisioning
description:
  - Writes the credentials of the target and the settings of provisioning, which share one bag per service principal.
  - Readable values are compared for real. Secrets cannot be read back; O(update_secrets) decides when they are written.
  - The service takes the whole bag at once. Whether it deletes what such a write leaves out, or keeps it, is documented
    both ways, so a write carries all that is known, given secrets included, and is refused where a stored secret that
    was not given could get lost. O(secrets_put) says what is known of the tenant.
  - Everything that may become another value through the write is told beforehand, also in check mode. That includes a
    secret that is given, but only sent along with a change of something else.
  - Right before the write the bag is read again. Where somebody else has changed it meanwhile, nothing is written.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
  - entra.provisioning._job
  - entra.provisioning._target
options:
  update_secrets:
    description:
      - With V(on_create) a secret is the reason to write only where the service has none under its key. Whether a
        stored one is the given one is not known then; RV(not_compared) names it.
      - With V(on_change) also where it does not fit O(fingerprint). Without a fingerprint every given secret is
        written.
      - With V(always) every given secret is written, which always reports a change.
      - Where anything else is written, such as O(scope), the given secrets are sent along all the same, since the
        service may replace all it has. Each is told as a change, and tried first, see O(validate). With
        O(secrets_put=merge) they are not sent.
    type: str
    choices: [on_create, on_change, always]
    default: on_create
  secrets_put:
    description:
      - What is known of the tenant. With V(replace) a write deletes what it leaves out, with V(merge) it keeps that.
        The playbook C(entra.provisioning.probe_tenant) finds out.
      - With V(unknown) the module works under both, which takes all secrets for each write.
      - With V(merge) a change of settings needs no secret, and sends none. Where the target is to try what changes,
        see O(validate), the secrets are still needed, and are sent.
      - Can also be set with the environment variable E(ENTRA_SECRETS_PUT).
    type: str
    choices: [unknown, replace, merge]
    default: unknown
  remove:
    description:
      - Keys to remove, of secrets or of settings, such as C(SecretToken). A key that is not there is no change.
      - The sign-in without them is tried as any other change is, see O(validate).
      - A key that holds JSON can be removed with O(secrets_put=replace) only.
    type: list
    elements: str
    default: []
  fingerprint:
    description:
      - The text that an earlier run returned as RV(fingerprint), for O(update_secrets=on_change). Keep it where you
        like. It is no secret, but a slow salted hash, which tells whether a secret is the same and not what it is.
      - A secret that somebody has replaced in the portal is not noticed, since the service shows none. It is replaced
        again by the given one as soon as anything is written, which is told and tried before.
    type: str
  scope:
    description:
      - Who is provisioned. V(assigned) takes the users and groups that are assigned to the application, V(all) takes
        everybody. After a change from V(all) to V(assigned) the job must be restarted, and whoever is not assigned is
        disabled in the target, see O(allow).
    type: str
    choices: [assigned, all]
  notification:
    description: Mail about quarantines and held back deletions.
    type: dict
    suboptions:
      enabled:
        description: Whether mail is sent.
        type: bool
      recipients:
        description: The addresses to send to. The portal takes one. V([]) tells nobody; an empty address is an error.
        type: list
        elements: str
  delete_threshold:
    description:
      - How many accounts a cycle must want to disable or delete before the job is held and somebody is asked.
      - V(0) switches the guard off. Raising it or switching it off needs O(allow).
    type: int
  skip_out_of_scope_deletions:
    description:
      - Whether people who leave the scope keep their accounts instead of being disabled. Switching it off needs
        O(allow).
    type: bool
  allow:
    description:
      - Changes that let a job disable or delete more people, and that are meant. Without consent they are refused where
        people may have accounts, in check mode too. They may where a job of the application has run before or is
        running, where the provisioning log has entries of the application, and where that log cannot be read, unless
        the application was made in the same run. The refusal says how many people they can hit.
      - V(scope) for O(scope) from V(all) to V(assigned), V(delete_threshold) for a higher threshold or none,
        V(skip_out_of_scope_deletions) for switching that off, V(hard_deletes) for C(HardDeletesEnabled) in
        O(settings).
      - What goes the other way needs no consent.
    type: list
    elements: str
    choices: [scope, delete_threshold, skip_out_of_scope_deletions, hard_deletes]
    default: []
  validate:
    description:
      - Lets the service try the secrets and settings at the target before they are written, also in check mode. Nothing
        is written where the target refuses them.
      - With V(true) whatever the target sees is tried before it changes. It needs a job.
      - Where this is not given, so is whatever changes a sign-in of which a secret is stored already, where there is a
        job. The stored one may be right where the given one is stale. What was never stored replaces nothing that
        works, and is not tried.
      - With V(false) nothing is tried.
      - Where only settings of the service itself change, such as O(scope), and no secret is sent along, there is
        nothing to try.
    type: bool
  validate_stored:
    description:
      - Lets the service try what it has stored at the target, after something that the target sees was written. The
        task fails where the target refuses it. Needs a job.
    type: bool
    default: false
  allow_partial:
    description:
      - Permits a write that leaves out a stored secret, which the service may then delete. The secret is told as a
        change.
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
  - name: Add synchronization secrets
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/synchronization-serviceprincipal-put-synchronization
"""

EXAMPLES = r"""
- name: Store the target's address and token once, after the target has accepted them
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    settings:
      BaseAddress: "{{ scim_base_address }}"
    secrets:
      SecretToken: "{{ scim_token }}"
    validate: true

- name: Provision only who is assigned, and hold mass deletions
  # The token goes along, since the service may replace all it has. It is tried first, and told as a change.
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    scope: assigned
    delete_threshold: 50
    notification:
      enabled: true
      recipients:
        - identity-team@contoso.example
    secrets:
      SecretToken: "{{ scim_token }}"

- name: Hold mass deletions in a tenant that is known to keep what a write leaves out
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    delete_threshold: 40
    secrets_put: merge

- name: Narrow the scope from everybody to the assigned, and say that this is meant
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    scope: assigned
    secrets:
      SecretToken: "{{ scim_token }}"
    allow: [scope]

- name: Replace the token
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    secrets:
      SecretToken: "{{ scim_token }}"
    update_secrets: always
    validate: true
    validate_stored: true

- name: Write the token where it is another than in the last run, by the fingerprint that was kept
  entra.provisioning.sync_secrets:
    display_name: Contoso SCIM
    secrets:
      SecretToken: "{{ scim_token }}"
    update_secrets: on_change
    fingerprint: "{{ lookup('ansible.builtin.file', kept, errors='ignore') | default('', true) }}"
  vars:
    kept: "{{ playbook_dir }}/contoso-scim.fingerprint"
  register: contoso_secrets

- name: Keep the fingerprint for the next run
  ansible.builtin.copy:
    content: "{{ contoso_secrets.fingerprint }}"
    dest: "{{ playbook_dir }}/contoso-scim.fingerprint"
    mode: "0600"
"""

RETURN = r"""
secrets:
  description: What may be told of the bag. No secret is ever returned.
  returned: success
  type: dict
  contains:
    secret_keys:
      description: The keys under which the service holds a secret.
      type: list
      elements: str
      sample: [SecretToken]
    settings:
      description: The readable keys and their values as the service stores them.
      type: dict
      sample:
        BaseAddress: https://scim.contoso.example/scim
    scope:
      description: V(assigned) or V(all).
      type: str
      sample: assigned
    notification:
      description: Whether mail is sent, and to whom.
      type: dict
      sample:
        enabled: true
        recipients: [identity-team@contoso.example]
    delete_threshold:
      description: The threshold, V(0) where the guard is off.
      type: int
      sample: 50
    skip_out_of_scope_deletions:
      description: Whether people who leave the scope keep their accounts.
      type: bool
      sample: false
fingerprint:
  description:
    - What to give as O(fingerprint) to the next run. It stays the same while no secret is written.
    - In check mode the one that was given.
  returned: success and O(update_secrets=on_change)
  type: str
  sample: "pbkdf2-sha256$600000$00112233445566778899aabbccddeeff$SecretToken=4f5e..."
validated:
  description: Whether the target has accepted the credentials in this task.
  returned: success
  type: bool
  sample: true
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample:
    - "SecretToken: (stored) → (the given one, sent along because the service may replace all it has)"
    - "scope: all users and groups → assigned users and groups only"
not_compared:
  description:
    - The given secrets that were neither written nor compared with the stored ones, since the service shows none. What
      O(fingerprint) tells to be the same is not among them.
  returned: success
  type: list
  elements: str
  sample: [SecretToken]
notes:
  description: What else there is to say, one sentence each, such as how to write what was not compared.
  returned: success
  type: list
  elements: str
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
      sample: []"""

from ..module_utils._options import APPLICATION, CREDENTIALS, JOB, TARGET, arguments, environment
from ..module_utils._sync import (
    fingerprint,
    given,
    principals,
    secrets,
    secrets_write,
    settings,
    settings_guard,
    stored,
    turns,
)
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    JOB,
    TARGET,
    update_secrets={
        "type": "str",
        "choices": ["on_create", "on_change", "always"],
        "default": "on_create",
        "no_log": False,
    },
    fingerprint={"type": "str"},
    scope={"type": "str", "choices": ["assigned", "all"]},
    notification={
        "type": "dict",
        "options": {"enabled": {"type": "bool"}, "recipients": {"type": "list", "elements": "str"}},
    },
    delete_threshold={"type": "int"},
    skip_out_of_scope_deletions={"type": "bool"},
    remove={"type": "list", "elements": "str", "default": [], "no_log": False},
    secrets_put={
        "type": "str",
        "choices": ["unknown", "replace", "merge"],
        "default": "unknown",
        "fallback": (environment, ["ENTRA_SECRETS_PUT"]),
        "no_log": False,
    },
    allow={"type": "list", "elements": "str", "choices": list(settings.ALLOWED), "default": []},
    validate={"type": "bool"},
    validate_stored={"type": "bool", "default": False},
    allow_partial={"type": "bool", "default": False},
)


def run(task: Task) -> Outcome:
    """Compare the bag with the options, try the credentials where that is due, and write once."""
    wishes = given.wishes(task.params)
    known = fingerprint.given(task.params)
    principal = principals.resolve(task)
    turns.take(task, f"the application {principal}", principal.id)
    write = secrets.planned(wishes, stored.read(task.graph, principal), task.params, known)
    cost = settings_guard.check(task, principal, write)
    secrets_write.warn(task, write)
    trials = secrets_write.Trials(task, principal, write)
    trials.before()
    outcome = task.carry_out(
        secrets_write.plan(task, principal, write),
        record=lambda seen: {"secrets": settings.record(trials.after(seen))},
        planned={"secrets": settings.record(write.before)},
        subject=str(principal),
        note=cost,
    )
    outcome.result["validated"] = trials.passed
    outcome.result["not_compared"] = secrets.not_compared(wishes, write, task.params)
    unread = [] if task.check_mode or task.params["validate_stored"] else secrets.unseen(write)
    outcome.result["notes"] = secrets.notes(outcome.result["not_compared"], unread)
    if task.params["update_secrets"] == "on_change":
        kept = secrets.kept_fingerprint(wishes, write, known, check_mode=task.check_mode)
        outcome.result["fingerprint"] = kept
    return outcome


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
