# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gallery: application templates, and the synchronization templates that an instance of each brings.

Ids of application templates are the documented ones; everything else is invented.
"""

from __future__ import annotations

from typing import Any

from ..state import Synchronization, Template
from .schemas import schema_of

NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
AWS = "21ed01d2-ec13-4e9e-86c1-cd546719ebc4"
DATABRICKS = "9c9818d2-2900-49e8-8ba4-22688be7c675"
CROSS_TENANT = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"
CLOUD_SYNC = "1a4721b3-e57f-4451-ae87-ef078703ec94"
INBOUND_API = "40d8f01e-b0d7-4b4f-938b-05190712e598"

_SCIM_FIELDS = '[{"name":"baseaddress"},{"name":"secrettoken","secret":true}]'

# application template id: (display name, categories, [(synchronization template id, default, extra metadata)])
_GALLERY: dict[str, tuple[str, list[str], list[tuple[str, bool, dict[str, str]]]]] = {
    NON_GALLERY: (
        "Custom",
        [],
        [
            ("scim", True, {"ConfigurationFields": _SCIM_FIELDS}),
            ("customappsso", False, {"ConfigurationFields": _SCIM_FIELDS}),
        ],
    ),
    AWS: (
        "AWS IAM Identity Center",
        ["developerServices"],
        [
            (
                "aWSSingleSignon",
                True,
                {
                    "AzureIngestionAttributeOptimization": "False",
                    "GalleryApplicationKey": "awssinglesignon",
                    "IsSynchronizationInPreview": "true",
                    "ConfigurationFields": _SCIM_FIELDS,
                },
            )
        ],
    ),
    DATABRICKS: (
        "Databricks SCIM connector",
        ["developerServices", "itInfrastructure"],
        [("dataBricks", True, {"GalleryApplicationKey": "databricks", "ConfigurationFields": _SCIM_FIELDS})],
    ),
    CROSS_TENANT: (
        "Cross-tenant synchronization",
        [],
        [
            (
                "Azure2Azure",
                True,
                {
                    "GalleryApplicationKey": "aad2aadsync",
                    "SyncPolicy": '[{"defaultLabel":"Tenant Id","name":"companyId"}]',
                    "SupportedAuthenticationTypes": '["SyncPolicy"]',
                    "IsOAuthEnabled": "false",
                },
            )
        ],
    ),
    CLOUD_SYNC: (
        "Active Directory to Microsoft Entra ID provisioning",
        [],
        [
            ("AD2AADProvisioning", True, {"IsSynchronizationAgentRequired": "true"}),
            ("AD2AADPasswordHash", False, {"IsSynchronizationAgentRequired": "true"}),
            ("AAD2ADExchangeHybridWriteback", False, {"IsSynchronizationAgentRequired": "true"}),
        ],
    ),
    INBOUND_API: ("API-driven provisioning to Microsoft Entra ID", [], [("API2AAD", True, {})]),
}


def _application_template(template_id: str) -> dict[str, Any]:
    name, categories, _unused = _GALLERY[template_id]
    return {
        "id": template_id,
        "displayName": name,
        "categories": categories,
        "description": f"{name} (simulated)",
        "publisher": "Contoso",
        "homePageUrl": None,
        "logoUrl": None,
        "isEntraIntegrated": True,
        "deprecationDate": None,
        "endpoints": [],
        "lastModifiedDateTime": "2026-01-15T00:00:00Z",
        "supportedProvisioningTypes": ["sync"],
        "supportedSingleSignOnModes": ["saml", "password"],
    }


APPLICATION_TEMPLATES = [_application_template(template_id) for template_id in _GALLERY]

# Every instance has the two roles that gallery applications start with.
APP_ROLES: list[dict[str, Any]] = [
    {
        "allowedMemberTypes": ["User"],
        "description": name,
        "displayName": name,
        "id": f"f0000001-0000-4000-8000-{number:012x}",
        "isEnabled": True,
        "origin": "Application",
        "value": None,
    }
    for number, name in enumerate(("User", "msiam_access"), start=1)
]


def add_synchronization(found: Synchronization, template_id: str | None) -> None:
    """Give an application the synchronization templates of the gallery entry that it was made from; None: none."""
    for sync_id, default, extra in _GALLERY[template_id][2] if template_id else []:
        metadata = {"GalleryApplicationIdentifier": template_id, **extra}
        document = {
            "id": sync_id,
            "applicationId": template_id,
            "default": default,
            "description": None,
            "discoverable": True,
            "factoryTag": "CustomSCIM" if template_id == NON_GALLERY else sync_id,
            "metadata": [{"key": key, "value": value} for key, value in metadata.items()],
        }
        schema = schema_of(sync_id)
        found.templates[sync_id] = Template(document, schema, schema)
