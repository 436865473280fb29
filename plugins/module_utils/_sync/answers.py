# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What the calls give: the types of the service, with the members that are read here.

A test compares the table with the official metadata. A member that is read belongs into it: what it does not name is
not checked.
"""

from __future__ import annotations

from .._graph.shape import Shape, Type, inner
from .schema_answers import SCHEMA_TYPES

_TEXTS = "Collection(Edm.String)"


TYPES: dict[str, Type] = {
    # Applications, and who is assigned to them
    "servicePrincipal": Type(
        "a service principal",
        "service principals",
        {
            "id": "Edm.String",
            "appId": "Edm.String",
            "displayName": "Edm.String",
            "applicationTemplateId": "Edm.String",
            "servicePrincipalType": "Edm.String",
            "appRoles": "Collection(appRole)",
        },
        ("id",),
    ),
    "appRole": Type(
        "an app role",
        "app roles",
        {
            "id": "Edm.Guid",
            "value": "Edm.String",
            "displayName": "Edm.String",
            "isEnabled": "Edm.Boolean",
            "allowedMemberTypes": _TEXTS,
        },
        ("id",),
    ),
    "application": Type("an application", "applications", {"id": "Edm.String", "appId": "Edm.String"}, ("id",)),
    "applicationTemplate": Type(
        "an entry of the gallery",
        "entries of the gallery",
        {"id": "Edm.String", "displayName": "Edm.String", "supportedProvisioningTypes": _TEXTS},
        ("id",),
    ),
    "applicationServicePrincipal": Type(
        "an application with its service principal",
        "",
        {"servicePrincipal": "servicePrincipal"},
        ("servicePrincipal",),
    ),
    "appRoleAssignment": Type(
        "an assignment",
        "assignments",
        {
            "id": "Edm.String",
            "principalId": "Edm.Guid",
            "principalType": "Edm.String",
            "principalDisplayName": "Edm.String",
            "appRoleId": "Edm.Guid",
        },
        ("id", "principalId"),
    ),
    "user": Type(
        "a user",
        "users",
        {"id": "Edm.String", "displayName": "Edm.String", "userPrincipalName": "Edm.String"},
        ("id",),
    ),
    "group": Type("a group", "groups", {"id": "Edm.String", "displayName": "Edm.String"}, ("id",)),
    "directoryObject": Type("a member", "members", {"id": "Edm.String"}, ("id",)),
    "extensionProperty": Type(
        "a directory extension",
        "directory extensions",
        {
            "id": "Edm.String",
            "name": "Edm.String",
            "dataType": "Edm.String",
            "isMultiValued": "Edm.Boolean",
            "isSyncedFromOnPremises": "Edm.Boolean",
            "targetObjects": _TEXTS,
        },
        ("id", "name"),
    ),
    # The tenant, and those that it works with
    "organization": Type(
        "an organization",
        "organizations",
        {"id": "Edm.String", "displayName": "Edm.String", "onPremisesSyncEnabled": "Edm.Boolean"},
        ("id",),
    ),
    "crossTenantAccessPolicyConfigurationPartner": Type(
        "a partner configuration",
        "partner configurations",
        {"tenantId": "Edm.String", "automaticUserConsentSettings": "inboundOutboundPolicyConfiguration"},
        ("tenantId",),
    ),
    "inboundOutboundPolicyConfiguration": inner(inboundAllowed="Edm.Boolean", outboundAllowed="Edm.Boolean"),
    "crossTenantIdentitySyncPolicyPartner": Type(
        "the identity synchronization of a partner",
        "",
        {
            "tenantId": "Edm.String",
            "displayName": "Edm.String",
            "userSyncInbound": "crossTenantUserSyncInbound",
        },
        ("tenantId",),
    ),
    "crossTenantUserSyncInbound": inner(isSyncAllowed="Edm.Boolean"),
    # Jobs
    "synchronizationJob": Type(
        "a synchronization job",
        "synchronization jobs",
        {
            "id": "Edm.String",
            "templateId": "Edm.String",
            "schedule": "synchronizationSchedule",
            "status": "synchronizationStatus",
        },
        ("id",),
    ),
    "synchronizationSchedule": inner(state="synchronizationScheduleState"),
    "synchronizationStatus": inner(
        code="synchronizationStatusCode",
        countSuccessiveCompleteFailures="Edm.Int64",
        lastExecution="synchronizationTaskExecution",
        lastSuccessfulExecution="synchronizationTaskExecution",
        quarantine="synchronizationQuarantine",
        steadyStateFirstAchievedTime="Edm.DateTimeOffset",
        steadyStateLastAchievedTime="Edm.DateTimeOffset",
        synchronizedEntryCountByType="Collection(stringKeyLongValuePair)",
    ),
    "synchronizationTaskExecution": inner(
        activityIdentifier="Edm.String",
        countEscrowed="Edm.Int64",
        countExported="Edm.Int64",
        error="synchronizationError",
        state="synchronizationTaskExecutionResult",
        timeBegan="Edm.DateTimeOffset",
        timeEnded="Edm.DateTimeOffset",
    ),
    "synchronizationError": inner(code="Edm.String", message="Edm.String"),
    "synchronizationQuarantine": inner(
        currentBegan="Edm.DateTimeOffset",
        error="synchronizationError",
        nextAttempt="Edm.DateTimeOffset",
        reason="quarantineReason",
        seriesBegan="Edm.DateTimeOffset",
        seriesCount="Edm.Int64",
    ),
    "stringKeyLongValuePair": inner(key="Edm.String", value="Edm.Int64"),
    # Beta only, after its reference page.
    "objectConnection": Type(
        "a connection",
        "connections",
        {"objectId": "Edm.String", "sourceAnchor": "Edm.String", "targetAnchor": "Edm.String"},
        ("objectId",),
    ),
    # Either text may hold JSON, and live answers were seen with that JSON itself in its place: on_demand reads both.
    "stringKeyStringValuePair": Type(
        "the result of provisioning on demand", "", {"key": "Edm.Untyped", "value": "Edm.Untyped"}, ("value",)
    ),
    # Templates
    "synchronizationTemplate": Type(
        "a synchronization template",
        "synchronization templates",
        {
            "id": "Edm.String",
            "default": "Edm.Boolean",
            "description": "Edm.String",
            "discoverable": "Edm.Boolean",
            "metadata": "Collection(synchronizationMetadataEntry)",
        },
        ("id",),
    ),
    "synchronizationMetadataEntry": Type("", "", {"key": "synchronizationMetadata", "value": "Edm.String"}, ("key",)),
    **SCHEMA_TYPES,
    # Credentials, settings and logs
    "synchronizationSecretKeyStringValuePair": Type(
        "a setting", "settings", {"key": "synchronizationSecret", "value": "Edm.String"}, ("key",)
    ),
    "provisioningObjectSummary": Type(
        "a log entry",
        "log entries",
        {
            "id": "Edm.String",
            "activityDateTime": "Edm.DateTimeOffset",
            "cycleId": "Edm.String",
            "initiatedBy": "initiator",
            "modifiedProperties": "Collection(modifiedProperty)",
            "provisioningAction": "provisioningAction",
            "provisioningStatusInfo": "provisioningStatusInfo",
            "provisioningSteps": "Collection(provisioningStep)",
            "sourceIdentity": "provisionedIdentity",
            "targetIdentity": "provisionedIdentity",
            # What beta calls them.
            "action": "provisioningAction",
            "statusInfo": "statusBase",
        },
        ("id",),
    ),
    "initiator": inner(initiatorType="initiatorType"),
    "modifiedProperty": inner(displayName="Edm.String", newValue="Edm.String", oldValue="Edm.String"),
    "provisioningStatusInfo": inner(errorInformation="provisioningErrorInfo", status="provisioningResult"),
    "statusBase": inner(
        status="provisioningResult", errorCode="Edm.String", reason="Edm.String", recommendedAction="Edm.String"
    ),
    "provisioningErrorInfo": inner(errorCode="Edm.String", reason="Edm.String", recommendedAction="Edm.String"),
    "provisioningStep": inner(
        description="Edm.String",
        details="detailsInfo",
        name="Edm.String",
        provisioningStepType="provisioningStepType",
        status="provisioningResult",
    ),
    "provisionedIdentity": inner(
        id="Edm.String", displayName="Edm.String", identityType="Edm.String", details="detailsInfo"
    ),
    "detailsInfo": inner(),
}


def one(type_name: str) -> Shape:
    """Return the shape of an answer that is one record."""
    return Shape("record", type_name, TYPES)


def many(type_name: str) -> Shape:
    """Return the shape of an answer that is a list of records."""
    return Shape("list", type_name, TYPES)
