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

from .._graph.shape import Shape, Type

_TEXTS = "Collection(Edm.String)"
_PAIR = {"key": "Edm.String", "value": "Edm.String"}


def _inner(**members: str) -> Type:
    """Return a type that no call gives by itself."""
    return Type("", "", members)


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
    "inboundOutboundPolicyConfiguration": _inner(inboundAllowed="Edm.Boolean", outboundAllowed="Edm.Boolean"),
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
    "crossTenantUserSyncInbound": _inner(isSyncAllowed="Edm.Boolean"),
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
    "synchronizationSchedule": _inner(state="synchronizationScheduleState"),
    "synchronizationStatus": _inner(
        code="synchronizationStatusCode",
        countSuccessiveCompleteFailures="Edm.Int64",
        lastExecution="synchronizationTaskExecution",
        lastSuccessfulExecution="synchronizationTaskExecution",
        quarantine="synchronizationQuarantine",
        steadyStateFirstAchievedTime="Edm.DateTimeOffset",
        steadyStateLastAchievedTime="Edm.DateTimeOffset",
        synchronizedEntryCountByType="Collection(stringKeyLongValuePair)",
    ),
    "synchronizationTaskExecution": _inner(
        activityIdentifier="Edm.String",
        countEscrowed="Edm.Int64",
        countExported="Edm.Int64",
        error="synchronizationError",
        state="synchronizationTaskExecutionResult",
        timeBegan="Edm.DateTimeOffset",
        timeEnded="Edm.DateTimeOffset",
    ),
    "synchronizationError": _inner(code="Edm.String", message="Edm.String"),
    "synchronizationQuarantine": _inner(
        currentBegan="Edm.DateTimeOffset",
        error="synchronizationError",
        nextAttempt="Edm.DateTimeOffset",
        reason="quarantineReason",
        seriesBegan="Edm.DateTimeOffset",
        seriesCount="Edm.Int64",
    ),
    "stringKeyLongValuePair": _inner(key="Edm.String", value="Edm.Int64"),
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
    # Templates and schemas
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
    "synchronizationSchema": Type(
        "a synchronization schema",
        "",
        {
            "synchronizationRules": "Collection(synchronizationRule)",
            "directories": "Collection(directoryDefinition)",
            "version": "Edm.String",
        },
        ("synchronizationRules",),
    ),
    "synchronizationRule": _inner(
        containerFilter="containerFilter",
        groupFilter="groupFilter",
        id="Edm.String",
        name="Edm.String",
        objectMappings="Collection(objectMapping)",
        priority="Edm.Int32",
        sourceDirectoryName="Edm.String",
        targetDirectoryName="Edm.String",
    ),
    "containerFilter": _inner(includedContainers=_TEXTS),
    "groupFilter": _inner(includedGroups=_TEXTS),
    "objectMapping": _inner(
        attributeMappings="Collection(attributeMapping)",
        enabled="Edm.Boolean",
        flowTypes="objectFlowTypes",
        metadata="Collection(objectMappingMetadataEntry)",
        name="Edm.String",
        scope="filter",
        sourceObjectName="Edm.String",
        targetObjectName="Edm.String",
    ),
    "objectMappingMetadataEntry": _inner(key="objectMappingMetadata", value="Edm.String"),
    "attributeMapping": _inner(
        defaultValue="Edm.String",
        exportMissingReferences="Edm.Boolean",
        flowBehavior="attributeFlowBehavior",
        flowType="attributeFlowType",
        matchingPriority="Edm.Int32",
        source="attributeMappingSource",
        targetAttributeName="Edm.String",
    ),
    "attributeMappingSource": _inner(
        expression="Edm.String",
        name="Edm.String",
        parameters="Collection(stringKeyAttributeMappingSourceValuePair)",
        type="attributeMappingSourceType",
    ),
    "stringKeyAttributeMappingSourceValuePair": _inner(key="Edm.String", value="attributeMappingSource"),
    "filter": _inner(
        categoryFilterGroups="Collection(filterGroup)",
        groups="Collection(filterGroup)",
        inputFilterGroups="Collection(filterGroup)",
    ),
    "filterGroup": _inner(clauses="Collection(filterClause)", name="Edm.String"),
    "filterClause": _inner(operatorName="Edm.String", sourceOperandName="Edm.String", targetOperand="filterOperand"),
    "filterOperand": _inner(values=_TEXTS),
    "directoryDefinition": Type(
        "the definition of a directory",
        "",
        {
            "id": "Edm.String",
            "name": "Edm.String",
            "discoverabilities": "directoryDefinitionDiscoverabilities",
            "objects": "Collection(objectDefinition)",
        },
        ("name",),
    ),
    "objectDefinition": _inner(
        attributes="Collection(attributeDefinition)",
        metadata="Collection(objectDefinitionMetadataEntry)",
        name="Edm.String",
    ),
    "objectDefinitionMetadataEntry": _inner(key="objectDefinitionMetadata", value="Edm.String"),
    "attributeDefinition": _inner(
        anchor="Edm.Boolean",
        apiExpressions="Collection(apiExpression)",
        caseExact="Edm.Boolean",
        defaultValue="Edm.String",
        flowNullValues="Edm.Boolean",
        metadata="Collection(attributeDefinitionMetadataEntry)",
        multivalued="Edm.Boolean",
        mutability="mutability",
        name="Edm.String",
        referencedObjects="Collection(referencedObject)",
        required="Edm.Boolean",
        type="attributeType",
    ),
    "apiExpression": Type("", "", _PAIR),
    "attributeDefinitionMetadataEntry": _inner(key="attributeDefinitionMetadata", value="Edm.String"),
    "referencedObject": _inner(referencedObjectName="Edm.String", referencedProperty="Edm.String"),
    "parseExpressionResponse": Type(
        "a parsed expression",
        "",
        {
            "error": "publicError",
            "evaluationResult": _TEXTS,
            "evaluationSucceeded": "Edm.Boolean",
            "parsedExpression": "attributeMappingSource",
            "parsingSucceeded": "Edm.Boolean",
        },
        ("parsingSucceeded",),
    ),
    "publicError": _inner(code="Edm.String", message="Edm.String"),
    "attributeMappingFunctionSchema": Type("a function", "functions", {"id": "Edm.String", "name": "Edm.String"}),
    "filterOperatorSchema": Type("an operator", "operators", {"id": "Edm.String", "name": "Edm.String"}),
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
    "initiator": _inner(initiatorType="initiatorType"),
    "modifiedProperty": _inner(displayName="Edm.String", newValue="Edm.String", oldValue="Edm.String"),
    "provisioningStatusInfo": _inner(errorInformation="provisioningErrorInfo", status="provisioningResult"),
    "statusBase": _inner(
        status="provisioningResult", errorCode="Edm.String", reason="Edm.String", recommendedAction="Edm.String"
    ),
    "provisioningErrorInfo": _inner(errorCode="Edm.String", reason="Edm.String", recommendedAction="Edm.String"),
    "provisioningStep": _inner(
        description="Edm.String",
        details="detailsInfo",
        name="Edm.String",
        provisioningStepType="provisioningStepType",
        status="provisioningResult",
    ),
    "provisionedIdentity": _inner(
        id="Edm.String", displayName="Edm.String", identityType="Edm.String", details="detailsInfo"
    ),
    "detailsInfo": _inner(),
}


def one(type_name: str) -> Shape:
    """Return the shape of an answer that is one record."""
    return Shape("record", type_name, TYPES)


def many(type_name: str) -> Shape:
    """Return the shape of an answer that is a list of records."""
    return Shape("list", type_name, TYPES)
