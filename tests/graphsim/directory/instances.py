# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new application with its service principal."""

from __future__ import annotations

import copy
from typing import Any

from ..gallery import catalogue
from ..state import Synchronization, Tenant


def new_instance(
    tenant: Tenant, name: str, template_id: str | None, stamp: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make an application and its service principal and put them into the tenant.

    :arg template_id: of the gallery, or None for a plain app registration.
    Facts: "applicationTemplate: instantiate" and "Configure SAML-based single sign-on using Microsoft Graph".
    """
    app_id = tenant.new_id("appId")
    common: dict[str, Any] = {
        "appId": app_id,
        "applicationTemplateId": template_id,
        "appRoles": copy.deepcopy(catalogue.APP_ROLES),
        "createdDateTime": stamp,
        "deletedDateTime": None,
        "description": None,
        "displayName": name,
        "isDisabled": None,
        "notes": None,
        "signInAudience": "AzureADMyOrg",
    }
    application: dict[str, Any] = {
        "id": tenant.new_id("application"),
        **common,
        "identifierUris": [],
        "publisherDomain": "contoso.example",
        "tags": [],
        "uniqueName": None,
    }
    principal: dict[str, Any] = {
        "id": tenant.new_id("servicePrincipal"),
        **common,
        "accountEnabled": True,
        "appDescription": None,
        "appDisplayName": name,
        "appOwnerOrganizationId": tenant.tenant_id,
        "appRoleAssignmentRequired": template_id is not None,
        "homepage": None,
        "loginUrl": None,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": None,
        "replyUrls": [],
        "servicePrincipalNames": [app_id],
        "servicePrincipalType": "Application",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    }
    tenant.applications[application["id"]] = application
    tenant.service_principals[principal["id"]] = principal
    found = Synchronization(principal["id"], application["id"])
    catalogue.add_synchronization(found, template_id)
    tenant.synchronizations[principal["id"]] = found
    return application, principal
