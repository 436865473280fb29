# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Every call that the collection makes, with the permission and the directory role that each needs.

Source: the pages of the Graph reference named after each operation, and ``permissions.json`` of
microsoft-graph-devx-content. ``Application.ReadWrite.OwnedBy`` is documented as the least permission of most
synchronization calls, but was seen to be refused (microsoft-graph-docs-contrib issue 8800), so the permission that
works is named.
"""

from __future__ import annotations

from .._graph.endpoint import Endpoint
from .._graph.shape import NOTHING, ONLY_204, Shape
from .answers import many, one

READ = "Synchronization.Read.All"
WRITE = "Synchronization.ReadWrite.All"
APPLICATION_ADMIN = "Cloud Application Administrator"
SECURITY_ADMIN = "Security Administrator"

SP = "/servicePrincipals/{sp}"
SYNC = f"{SP}/synchronization"
JOB = f"{SYNC}/jobs/{{job}}"
APP_SYNC = "/applications/{app}/synchronization"
PARTNERS = "/policies/crossTenantAccessPolicy/partners"


def _reads(does: str, path: str, gives: Shape, permission: str = READ, role: str = "") -> Endpoint:
    role = role or (APPLICATION_ADMIN if permission in (READ, WRITE) else "")
    return Endpoint(does, "GET", path, permission, role, gives=gives)


def _writes(
    does: str,
    method: str,
    path: str,
    gives: Shape = NOTHING,
    *,
    repeatable: bool = True,
    permission: str = WRITE,
) -> Endpoint:
    return Endpoint(does, method, path, permission, APPLICATION_ADMIN, repeatable, gives=gives)


def _guards(does: str, method: str, path: str, gives: Shape = NOTHING, *, repeatable: bool = True) -> Endpoint:
    permission = "Policy.ReadWrite.CrossTenantAccess"
    return Endpoint(does, method, path, permission, SECURITY_ADMIN, repeatable, gives=gives)


# Applications and their service principals
SP_GET = _reads("read the service principal {sp}", SP, one("servicePrincipal"), "Application.Read.All")
SP_BY_APP_ID = _reads(
    "read the service principal of the application {app}",
    "/servicePrincipals(appId='{app}')",
    one("servicePrincipal"),
    "Application.Read.All",
)
SP_LIST = _reads("list service principals", "/servicePrincipals", many("servicePrincipal"), "Application.Read.All")
APP_BY_APP_ID = _reads(
    "read the application {app}", "/applications(appId='{app}')", one("application"), "Application.Read.All"
)
EXTENSION_LIST = _reads(
    "list the directory extensions of the application {app}",
    "/applications(appId='{app}')/extensionProperties",
    many("extensionProperty"),
    "Application.Read.All",
)
EXTENSION_CREATE = _writes(
    "declare a directory extension on the application {app}",
    "POST",
    "/applications(appId='{app}')/extensionProperties",
    one("extensionProperty"),
    repeatable=False,
    permission="Application.ReadWrite.All",
)
EXTENSION_DELETE = _writes(
    "remove the directory extension {extension} of the application {app}",
    "DELETE",
    "/applications(appId='{app}')/extensionProperties/{extension}",
    permission="Application.ReadWrite.All",
)
GALLERY_LIST = _reads(
    "search the application gallery", "/applicationTemplates", many("applicationTemplate"), "Application.Read.All"
)
GALLERY_GET = _reads(
    "read the gallery application {template}",
    "/applicationTemplates/{template}",
    one("applicationTemplate"),
    "Application.Read.All",
)
INSTANTIATE = _writes(
    "make an application from the gallery application {template}",
    "POST",
    "/applicationTemplates/{template}/instantiate",
    one("applicationServicePrincipal"),
    repeatable=False,
    permission="Application.ReadWrite.All",
)
# Only of an application that this very task has made a moment ago.
APP_DELETE = _writes(
    "remove the application {app}",
    "DELETE",
    "/applications(appId='{app}')",
    permission="Application.ReadWrite.All",
)
USER_GET = _reads("read the user {user}", "/users/{user}", one("user"), "User.Read.All")
USER_LIST = _reads("search users", "/users", many("user"), "User.Read.All")
GROUP_GET = _reads("read the group {group}", "/groups/{group}", one("group"), "Group.Read.All")
GROUP_LIST = _reads("search groups", "/groups", many("group"), "Group.Read.All")
GROUP_MEMBERS = _reads(
    "list the members of the group {group}", "/groups/{group}/members", many("directoryObject"), "GroupMember.Read.All"
)
ASSIGNED_LIST = _reads(
    "list who is assigned to the service principal {sp}",
    f"{SP}/appRoleAssignedTo",
    many("appRoleAssignment"),
    "Application.Read.All",
)
ASSIGN = _writes(
    "assign a principal to the service principal {sp}",
    "POST",
    f"{SP}/appRoleAssignedTo",
    one("appRoleAssignment"),
    repeatable=False,
    permission="AppRoleAssignment.ReadWrite.All",
)
UNASSIGN = _writes(
    "remove an assignment from the service principal {sp}",
    "DELETE",
    f"{SP}/appRoleAssignedTo/{{assignment}}",
    permission="AppRoleAssignment.ReadWrite.All",
)

# Jobs
JOB_LIST = _reads(
    "list the synchronization jobs of the service principal {sp}", f"{SYNC}/jobs", many("synchronizationJob")
)
JOB_GET = _reads("read the synchronization job {job}", JOB, one("synchronizationJob"))
# Beta only, and each by its id: they cannot be listed (page "Get objectConnection").
CONNECTION_GET = _reads(
    "read the connection of the object {object} in the synchronization job {job}",
    f"{JOB}/objectConnections/{{object}}",
    one("objectConnection"),
    "SynchronizationMetadata.Read.All",
    APPLICATION_ADMIN,
)
JOB_CREATE = _writes(
    "create a synchronization job", "POST", f"{SYNC}/jobs", one("synchronizationJob"), repeatable=False
)
JOB_DELETE = _writes("delete the synchronization job {job}", "DELETE", JOB)
JOB_START = _writes("start the synchronization job {job}", "POST", f"{JOB}/start", repeatable=False)
JOB_PAUSE = _writes("pause the synchronization job {job}", "POST", f"{JOB}/pause")
JOB_RESTART = _writes("restart the synchronization job {job}", "POST", f"{JOB}/restart", repeatable=False)
JOB_ON_DEMAND = _writes(
    "provision on demand with the synchronization job {job}",
    "POST",
    f"{JOB}/provisionOnDemand",
    one("stringKeyStringValuePair"),
    repeatable=False,
)
# Taken by jobs of API-driven provisioning; the answer names the log that tells what became of it. Nobody documents
# what a second upload of the same records does, so it is never sent twice.
BULK_UPLOAD = _writes(
    "upload records to the synchronization job {job}",
    "POST",
    f"{JOB}/bulkUpload",
    repeatable=False,
    permission="SynchronizationData-User.Upload",
)
# Beta only. The answer is 204 also where there is none, and 409 while the job runs (page "Manage object connections").
CONNECTION_DELETE = _writes(
    "remove the connection of the object {object} in the synchronization job {job}",
    "DELETE",
    f"{JOB}/objectConnections/{{object}}",
    permission="SynchronizationMetadata.ReadWrite.All",
)

# Schemas
SCHEMA_GET = _reads("read the schema of the synchronization job {job}", f"{JOB}/schema", one("synchronizationSchema"))
SCHEMA_PUT = _writes("replace the schema of the synchronization job {job}", "PUT", f"{JOB}/schema")
SCHEMA_RESET = _writes("reset the schema of the synchronization job {job}", "DELETE", f"{JOB}/schema")
SCHEMA_PARSE = _writes(
    "parse an expression with the synchronization job {job}",
    "POST",
    f"{JOB}/schema/parseExpression",
    one("parseExpressionResponse"),
)
FUNCTIONS = _reads(
    "list the functions for expressions", f"{JOB}/schema/functions", many("attributeMappingFunctionSchema"), WRITE
)
DISCOVER = _writes(
    "discover the attributes of the directory {name}",
    "POST",
    f"{JOB}/schema/directories/{{directory}}/discover",
    one("directoryDefinition"),
    permission="Directory.ReadWrite.All",
)
FILTER_OPERATORS = _reads(
    "list the operators for scoping filters", f"{JOB}/schema/filterOperators", many("filterOperatorSchema"), WRITE
)

# Templates
TEMPLATE_LIST = _reads(
    "list the synchronization templates of the service principal {sp}",
    f"{SYNC}/templates",
    many("synchronizationTemplate"),
)
TEMPLATE_GET = _reads(
    "read the synchronization template {template}", f"{SYNC}/templates/{{template}}", one("synchronizationTemplate")
)
TEMPLATE_SCHEMA = _reads(
    "read the schema of the synchronization template {template}",
    f"{SYNC}/templates/{{template}}/schema",
    one("synchronizationSchema"),
)
TEMPLATE_PARSE = _writes(
    "parse an expression with the synchronization template {template}",
    "POST",
    f"{SYNC}/templates/{{template}}/schema/parseExpression",
    one("parseExpressionResponse"),
)
TEMPLATE_FUNCTIONS = _reads(
    "list the functions for expressions",
    f"{SYNC}/templates/{{template}}/schema/functions",
    many("attributeMappingFunctionSchema"),
    WRITE,
)
TEMPLATE_FILTER_OPERATORS = _reads(
    "list the operators for scoping filters",
    f"{SYNC}/templates/{{template}}/schema/filterOperators",
    many("filterOperatorSchema"),
    WRITE,
)
APP_TEMPLATE_GET = _reads(
    "read the synchronization template {template}", f"{APP_SYNC}/templates/{{template}}", one("synchronizationTemplate")
)
APP_TEMPLATE_LIST = _reads(
    "list the synchronization templates of the application {app}",
    f"{APP_SYNC}/templates",
    many("synchronizationTemplate"),
)
# The permissions file lists PATCH; its semantics are those of a replacement (page "Update synchronizationTemplate").
APP_TEMPLATE_PATCH = _writes(
    "change the synchronization template {template}", "PATCH", f"{APP_SYNC}/templates/{{template}}"
)
APP_TEMPLATE_SCHEMA = _reads(
    "read the schema of the application's template {template}",
    f"{APP_SYNC}/templates/{{template}}/schema",
    one("synchronizationSchema"),
)
APP_TEMPLATE_SCHEMA_PUT = _writes(
    "replace the schema of the application's template {template}", "PUT", f"{APP_SYNC}/templates/{{template}}/schema"
)
APP_TEMPLATE_SCHEMA_RESET = _writes(
    "reset the schema of the application's template {template}", "DELETE", f"{APP_SYNC}/templates/{{template}}/schema"
)

# Credentials and settings. The beta metadata announces that these give way to connectivityParameters and
# validateConnectivity in 2027; what is known of those is their names.
SECRETS_GET = _reads(
    "read the settings of the service principal {sp}",
    f"{SYNC}/secrets",
    many("synchronizationSecretKeyStringValuePair"),
)
# Secrets cannot be read back, so nothing but the documented answer says that they were written.
SECRETS_PUT = _writes(
    "write the credentials and settings of the service principal {sp}", "PUT", f"{SYNC}/secrets", ONLY_204
)
JOB_VALIDATE = _writes(
    "validate the credentials of the synchronization job {job}", "POST", f"{JOB}/validateCredentials", ONLY_204
)
VALIDATE = _writes(
    "validate the credentials of the service principal {sp} before it has a job",
    "POST",
    f"{SYNC}/jobs/validateCredentials",
    ONLY_204,
)
# An authorization code among the credentials is good for one use.
SP_ACQUIRE = _writes(
    "acquire an access token for the service principal {sp}", "POST", f"{SYNC}/acquireAccessToken", repeatable=False
)
APP_ACQUIRE = _writes(
    "acquire an access token for the application {app}", "POST", f"{APP_SYNC}/acquireAccessToken", repeatable=False
)

# The tenant itself, and the tenants that it works with
ORGANIZATION_LIST = _reads("read the organization", "/organization", many("organization"), "Organization.Read.All")
# The reference page names other properties only; "Configure cloud sync using Microsoft Graph" sends this one, to beta.
ORGANIZATION_PATCH = Endpoint(
    "switch on directory synchronization for the organization {organization}",
    "PATCH",
    "/organization/{organization}",
    "Organization.ReadWrite.All",
    "Hybrid Identity Administrator",
    version="beta",
    gives=NOTHING,
)
PARTNER_LIST = _reads(
    "list the partner configurations of cross-tenant access",
    PARTNERS,
    many("crossTenantAccessPolicyConfigurationPartner"),
    "Policy.Read.All",
)
PARTNER_GET = _reads(
    "read the cross-tenant access of the partner tenant {tenant}",
    f"{PARTNERS}/{{tenant}}",
    one("crossTenantAccessPolicyConfigurationPartner"),
    "Policy.Read.All",
    SECURITY_ADMIN,
)
PARTNER_CREATE = _guards(
    "add cross-tenant access of a partner tenant",
    "POST",
    PARTNERS,
    one("crossTenantAccessPolicyConfigurationPartner"),
    repeatable=False,
)
PARTNER_PATCH = _guards(
    "change the cross-tenant access of the partner tenant {tenant}",
    "PATCH",
    f"{PARTNERS}/{{tenant}}",
)
PARTNER_SYNC_GET = _reads(
    "read the identity synchronization of the partner tenant {tenant}",
    f"{PARTNERS}/{{tenant}}/identitySynchronization",
    one("crossTenantIdentitySyncPolicyPartner"),
    "Policy.Read.All",
    SECURITY_ADMIN,
)
# A second PUT is refused with 409, so it is not repeated (page "Configure cross-tenant synchronization").
PARTNER_SYNC_PUT = _guards(
    "create the identity synchronization of the partner tenant {tenant}",
    "PUT",
    f"{PARTNERS}/{{tenant}}/identitySynchronization",
    repeatable=False,
)
PARTNER_SYNC_PATCH = _guards(
    "change the identity synchronization of the partner tenant {tenant}",
    "PATCH",
    f"{PARTNERS}/{{tenant}}/identitySynchronization",
)

# Logs
LOGS = _reads(
    "read the provisioning logs",
    "/auditLogs/provisioning",
    many("provisioningObjectSummary"),
    "ProvisioningLog.Read.All",
    "Reports Reader",
)
