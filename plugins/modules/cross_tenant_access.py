#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cross_tenant_access
short_description: Manage what a partner tenant may do, for cross-tenant synchronization
description:
  - Manages the partner configuration of another tenant in the cross-tenant access policy of the tenant that is signed
    in to, as far as cross-tenant synchronization needs it. The configuration is added where it is missing.
  - Both tenants take part. The target, into which users are synchronized, wants O(user_sync_inbound) and
    O(inbound_consent) for the source. The source wants O(outbound_consent) for the target.
  - Only the options that are given are managed. Whatever else the partner configuration holds, such as trust and the
    settings of B2B collaboration, stays as it is.
  - There is no state V(absent), since without its partner configuration a tenant also loses its trust and B2B settings.
    O(user_sync_inbound=false) ends the synchronization; accounts that it made stay.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
options:
  partner_tenant_id:
    description: The tenant id of the other tenant.
    type: str
    required: true
  user_sync_inbound:
    description:
      - Whether the partner may synchronize users into this tenant.
      - Synchronization of groups, C(groupSyncInbound), exists in beta only and is not managed.
    type: bool
  display_name:
    description: The name of the identity synchronization policy. The name of the partner makes it easy to find.
    type: str
  inbound_consent:
    description: Whether invitations of the partner's users into this tenant are redeemed without asking them.
    type: bool
  outbound_consent:
    description: Whether invitations of users of this tenant into the partner's are redeemed without asking them.
    type: bool
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - At least one of the options O(user_sync_inbound), O(display_name), O(inbound_consent) and O(outbound_consent) must
    be given. What the service has no setting for counts as not allowed.
  - The permissions that it needs are C(Policy.Read.All) and C(Policy.ReadWrite.CrossTenantAccess). Redeeming without
    asking takes a license of Microsoft Entra ID P1 or P2.
seealso:
  - module: entra.provisioning.sync_job_action
  - name: Configure cross-tenant synchronization
    description: What both tenants set up.
    link: https://learn.microsoft.com/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-configure-graph
  - name: Update crossTenantAccessPolicyConfigurationPartner
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/crosstenantaccesspolicyconfigurationpartner-update
"""

EXAMPLES = r"""
- name: In the target tenant, let the source synchronize users
  entra.provisioning.cross_tenant_access:
    partner_tenant_id: 22222222-3333-4444-5555-666666666666
    display_name: Fabrikam
    user_sync_inbound: true
    inbound_consent: true

- name: In the source tenant, let invitations of the target be redeemed
  entra.provisioning.cross_tenant_access:
    partner_tenant_id: 33333333-4444-5555-6666-777777777777
    outbound_consent: true

- name: In the target tenant, end the synchronization
  entra.provisioning.cross_tenant_access:
    partner_tenant_id: 22222222-3333-4444-5555-666666666666
    user_sync_inbound: false
"""

RETURN = r"""
partner:
  description:
    - The partner configuration as Microsoft Graph gives it, null where there is none; the one before in check mode.
  returned: success
  type: dict
  sample:
    tenantId: 22222222-3333-4444-5555-666666666666
    inboundTrust: null
    automaticUserConsentSettings:
      inboundAllowed: true
      outboundAllowed: null
identity_synchronization:
  description:
    - The identity synchronization policy of the partner as Microsoft Graph gives it; the one before in check mode.
    - Null where there is none, and where neither O(user_sync_inbound) nor O(display_name) is given.
  returned: success
  type: dict
  sample:
    tenantId: 22222222-3333-4444-5555-666666666666
    displayName: Fabrikam
    userSyncInbound:
      isSyncAllowed: true
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample:
    - add a partner configuration for the tenant 22222222-3333-4444-5555-666666666666
    - "user_sync_inbound: false → true"
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
from ..module_utils._sync import partners
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    partner_tenant_id={"type": "str", "required": True},
    user_sync_inbound={"type": "bool"},
    display_name={"type": "str"},
    inbound_consent={"type": "bool"},
    outbound_consent={"type": "bool"},
    required_one_of=(("user_sync_inbound", "display_name", "inbound_consent", "outbound_consent"),),
)


def run(task: Task) -> Outcome:
    """Compare what the partner may do with what it should, and change what differs."""
    return partners.settle(task, partners.checked_tenant(task.params))


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
