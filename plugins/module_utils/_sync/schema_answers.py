# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The part of the table in answers.py that is about schemas and what helps to write them."""

from __future__ import annotations

from .._graph.shape import Type, inner

_TEXTS = "Collection(Edm.String)"

SCHEMA_TYPES: dict[str, Type] = {
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
    "synchronizationRule": inner(
        containerFilter="containerFilter",
        groupFilter="groupFilter",
        id="Edm.String",
        name="Edm.String",
        objectMappings="Collection(objectMapping)",
        priority="Edm.Int32",
        sourceDirectoryName="Edm.String",
        targetDirectoryName="Edm.String",
    ),
    "containerFilter": inner(includedContainers=_TEXTS),
    "groupFilter": inner(includedGroups=_TEXTS),
    "objectMapping": inner(
        attributeMappings="Collection(attributeMapping)",
        enabled="Edm.Boolean",
        flowTypes="objectFlowTypes",
        metadata="Collection(objectMappingMetadataEntry)",
        name="Edm.String",
        scope="filter",
        sourceObjectName="Edm.String",
        targetObjectName="Edm.String",
    ),
    "objectMappingMetadataEntry": inner(key="objectMappingMetadata", value="Edm.String"),
    "attributeMapping": inner(
        defaultValue="Edm.String",
        exportMissingReferences="Edm.Boolean",
        flowBehavior="attributeFlowBehavior",
        flowType="attributeFlowType",
        matchingPriority="Edm.Int32",
        source="attributeMappingSource",
        targetAttributeName="Edm.String",
    ),
    "attributeMappingSource": inner(
        expression="Edm.String",
        name="Edm.String",
        parameters="Collection(stringKeyAttributeMappingSourceValuePair)",
        type="attributeMappingSourceType",
    ),
    "stringKeyAttributeMappingSourceValuePair": inner(key="Edm.String", value="attributeMappingSource"),
    "filter": inner(
        categoryFilterGroups="Collection(filterGroup)",
        groups="Collection(filterGroup)",
        inputFilterGroups="Collection(filterGroup)",
    ),
    "filterGroup": inner(clauses="Collection(filterClause)", name="Edm.String"),
    "filterClause": inner(operatorName="Edm.String", sourceOperandName="Edm.String", targetOperand="filterOperand"),
    "filterOperand": inner(values=_TEXTS),
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
    "objectDefinition": inner(
        attributes="Collection(attributeDefinition)",
        metadata="Collection(objectDefinitionMetadataEntry)",
        name="Edm.String",
    ),
    "objectDefinitionMetadataEntry": inner(key="objectDefinitionMetadata", value="Edm.String"),
    "attributeDefinition": inner(
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
    "apiExpression": inner(key="Edm.String", value="Edm.String"),
    "attributeDefinitionMetadataEntry": inner(key="attributeDefinitionMetadata", value="Edm.String"),
    "referencedObject": inner(referencedObjectName="Edm.String", referencedProperty="Edm.String"),
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
    "publicError": inner(code="Edm.String", message="Edm.String"),
    "attributeMappingFunctionSchema": Type("a function", "functions", {"id": "Edm.String", "name": "Edm.String"}),
    "filterOperatorSchema": Type("an operator", "operators", {"id": "Edm.String", "name": "Edm.String"}),
}
