#!/usr/bin/python
# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: extension_attribute
short_description: Declare directory extensions, the own attributes of a tenant
description:
  - Declares an attribute of users, groups or others that the directory does not have, on the application that owns it.
    Mappings know it under its full name, C(extension_APPLICATIONID_NAME), which the module returns.
  - Provisioning does not notice a new extension by itself in tenants with more than 1,000 service principals, so it is
    defined in the schema of the job with M(entra.provisioning.sync_schema) before it is mapped.
  - A definition cannot be changed. One that is there with another type, or not for all O(target_objects), is an error.
version_added: 1.0.0
author:
  - entra.provisioning contributors (@entra-provisioning)
extends_documentation_fragment:
  - entra.provisioning._attributes
  - entra.provisioning._credentials
  - entra.provisioning._application
options:
  name:
    description:
      - The short name, of letters, digits and underscores. Upper and lower case matter in mappings; one that differs
        from an existing extension only in case is an error.
    type: str
    required: true
  data_type:
    description:
      - What it holds. V(String) holds up to 256 characters, V(Binary) up to 256 bytes.
      - Always one value, since provisioning cannot map extensions with several.
    type: str
    choices: [Binary, Boolean, DateTime, Integer, LargeInteger, String]
    default: String
  target_objects:
    description: What may have it. Mappings of people need V(User).
    type: list
    elements: str
    choices: [AdministrativeUnit, Application, Device, Group, Organization, User]
    default: [User]
  state:
    description:
      - With V(present) the extension is there.
      - With V(absent) it is not, and its values can be read no more. That needs O(confirm).
    type: str
    choices: [present, absent]
    default: present
  confirm:
    description: Whether the extension may be removed though its values can be read no more then.
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
  - The application must be registered in this tenant. If it is deleted, its extensions and their values are gone with
    it.
  - The permission that it needs is C(Application.ReadWrite.All).
seealso:
  - module: entra.provisioning.sync_schema
  - name: Create extensionProperty
    description: The reference of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/application-post-extensionproperty
  - name: Syncing extension attributes
    description: What provisioning does with them.
    link: https://learn.microsoft.com/entra/identity/app-provisioning/user-provisioning-sync-attributes-for-mapping
"""

EXAMPLES = r"""
- name: Declare an attribute of users
  entra.provisioning.extension_attribute:
    display_name: Contoso SCIM
    name: badgeNumber
  register: badge

- name: Define it in the schema and send it to the target
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    custom_attributes: "{{ badge.definitions }}"
    object_mappings:
      - source: User
        attributes:
          - target: urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter
            attribute: "{{ badge.full_name }}"

- name: Take the mapping and the definition out again
  entra.provisioning.sync_schema:
    display_name: Contoso SCIM
    custom_attributes:
      - {directory: source, object: User, name: "{{ badge.full_name }}", state: absent}
    object_mappings:
      - source: User
        attributes:
          - {target: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter", state: absent}

- name: Remove the attribute with all its values
  entra.provisioning.extension_attribute:
    display_name: Contoso SCIM
    name: badgeNumber
    state: absent
    confirm: true
"""

RETURN = r"""
extension:
  description:
    - The extension as Microsoft Graph gives it, null where there is none. In check mode one that is not declared yet
      has no C(id).
  returned: success
  type: dict
  sample:
    id: 4e3dbc8f-ca32-41b4-825a-346215d7d20f
    name: extension_22222222333344445555666666666666_badgeNumber
    appDisplayName: Contoso SCIM
    dataType: String
    isMultiValued: false
    isSyncedFromOnPremises: false
    targetObjects: [User]
full_name:
  description:
    - The name for mappings and for the directory. In check mode, of an application that does not exist yet, with zeros
      in the place of its id.
  returned: success
  type: str
  sample: extension_22222222333344445555666666666666_badgeNumber
definitions:
  description:
    - What to give to the option O(entra.provisioning.sync_schema#module:custom_attributes), so that users and groups
      can be mapped by it; one for each of the two that O(target_objects) names.
  returned: success
  type: list
  elements: dict
  sample:
    - directory: source
      object: User
      name: extension_22222222333344445555666666666666_badgeNumber
      type: String
changes:
  description: What was changed, or would be changed in check mode, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["declare the directory extension extension_22222222333344445555666666666666_badgeNumber (String of User)"]
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
from ..module_utils._sync import extensions
from ..module_utils._task import Outcome, Task, run_as_module

ARGUMENTS = arguments(
    CREDENTIALS,
    APPLICATION,
    name={"type": "str", "required": True},
    data_type={"type": "str", "choices": extensions.DATA_TYPES, "default": "String"},
    target_objects={"type": "list", "elements": "str", "choices": extensions.TARGET_OBJECTS, "default": ["User"]},
    state={"type": "str", "choices": ["present", "absent"], "default": "present"},
    confirm={"type": "bool", "default": False},
)


def run(task: Task) -> Outcome:
    """Find the extension, and declare or remove it."""
    name = extensions.checked_name(task.params)
    owner = extensions.owner(task)
    found = extensions.find(task.graph, owner, name)
    present = task.params["state"] == "present"
    plan = extensions.plan_present(task, owner, name, found) if present else extensions.plan_absent(task, owner, found)
    outcome = task.carry_out(
        plan,
        record=lambda seen: {"extension": seen},
        planned={"extension": (found or extensions.planned(task, owner, name)) if present else None},
        subject=f"directory extensions of {owner.label}",
    )
    outcome.result["full_name"] = owner.full_name(name)
    outcome.result["definitions"] = extensions.definitions(task, owner, name)
    return outcome


def main() -> None:
    run_as_module(ARGUMENTS, run)


if __name__ == "__main__":
    main()
