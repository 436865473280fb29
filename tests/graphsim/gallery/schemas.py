# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schemas of the synchronization templates, from the documents in ``tests/fixtures/graph/examples``."""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "graph" / "examples"


@functools.cache
def example(name: str) -> dict[str, Any]:
    """A fixture document; do not change it."""
    document: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return document


@functools.cache
def schema_of(template_id: str) -> dict[str, Any]:
    """The factory schema of a template, with an id and a version of its own; shared, so do not change it."""
    schema = copy.deepcopy(_MAKERS.get(template_id, _scim)(template_id))
    schema.pop("@odata.context", None)
    return {**schema, "id": f"template.{template_id}", "version": "v1.0"}


def _scim(template_id: str) -> dict[str, Any]:
    # The target directory of non-gallery applications is called customappsso in both generations of the template
    # (page "Known issues and resolutions with SCIM 2.0 protocol compliance").
    schema = copy.deepcopy(example("customappsso_default"))
    if template_id not in ("scim", "customappsso"):
        schema["directories"][1]["name"] = template_id
        schema["synchronizationRules"][0]["targetDirectoryName"] = template_id
    return schema


def _inbound(template_id: str) -> dict[str, Any]:
    return example("api2aad_inbound")


def _cloud_sync(template_id: str) -> dict[str, Any]:
    schema = copy.deepcopy(example("ad2aad_cloud_sync_excerpt"))
    rule = schema["synchronizationRules"][0]
    rule["containerFilter"] = {"includedContainers": []}
    if template_id != "AD2AADProvisioning":
        rule["name"] = template_id
        rule["id"] = "6c409270-f78a-4bc6-af23-7cf3ab648200"
    return schema


def _cross_tenant(template_id: str) -> dict[str, Any]:
    source = copy.deepcopy(example("customappsso_default")["directories"][0])
    source["objects"] = [one for one in source["objects"] if one["name"] == "User"]
    target = copy.deepcopy(source)
    target.update(id="d1111111-0000-4000-8000-000000000002", name="Azure Active Directory (target tenant)")
    attributes = target["objects"][0]["attributes"]
    alike = next(one for one in attributes if one["name"] == "jobTitle")
    attributes.append({**copy.deepcopy(alike), "name": "userType"})
    names = [
        "userPrincipalName",
        "displayName",
        "givenName",
        "surname",
        "mail",
        "department",
        "jobTitle",
        "accountEnabled",
    ]
    rule = _rule("d1111111-0000-4000-8000-000000000010", "USER_OUTBOUND_USER", source, target)
    mapping = _same_names("User", "User", [(name, name) for name in names])
    # "Users will be created as external member" (page "Configure cross-tenant synchronization", attribute userType).
    mapping["attributeMappings"].append(
        {
            **mapping["attributeMappings"][-1],
            "flowType": "ObjectAddOnly",
            "matchingPriority": 0,
            "targetAttributeName": "userType",
            "source": {"expression": '"Member"', "name": "Member", "type": "Constant", "parameters": []},
        }
    )
    rule["objectMappings"] = [mapping]
    return {"synchronizationRules": [rule], "directories": [source, target]}


def _writeback(template_id: str) -> dict[str, Any]:
    target, source = copy.deepcopy(example("ad2aad_cloud_sync_excerpt")["directories"])
    rule = _rule("d1111111-0000-4000-8000-000000000020", "USER_OUTBOUND_EXCHANGE", source, target)
    pairs = [("SourceAnchor", "mS-DS-ConsistencyGuid"), ("Mail", "mail")]
    rule["objectMappings"] = [_same_names("User", "user", pairs)]
    return {"synchronizationRules": [rule], "directories": [source, target]}


def _rule(rule_id: str, name: str, source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    return {
        "containerFilter": None,
        "editable": True,
        "groupFilter": None,
        "id": rule_id,
        "name": name,
        "priority": 1,
        "sourceDirectoryName": source["name"],
        "targetDirectoryName": target["name"],
        "metadata": [],
        "objectMappings": [],
    }


def _same_names(source: str, target: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    mappings = [
        {
            "defaultValue": None,
            "exportMissingReferences": False,
            "flowBehavior": "FlowWhenChanged",
            "flowType": "Always",
            "matchingPriority": 1 if number == 0 else 0,
            "targetAttributeName": written,
            "source": {"expression": f"[{read}]", "name": read, "type": "Attribute", "parameters": []},
        }
        for number, (read, written) in enumerate(pairs)
    ]
    return {
        "enabled": True,
        "flowTypes": "Add,Update,Delete",
        "name": f"Provision {source}",
        "scope": None,
        "sourceObjectName": source,
        "targetObjectName": target,
        "metadata": [],
        "attributeMappings": mappings,
    }


_MAKERS = {
    "API2AAD": _inbound,
    "AD2AADProvisioning": _cloud_sync,
    "AD2AADPasswordHash": _cloud_sync,
    "AAD2ADExchangeHybridWriteback": _writeback,
    "Azure2Azure": _cross_tenant,
}
