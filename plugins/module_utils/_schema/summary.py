# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""A schema in a few lines: nine tenths of its hundred kilobytes are catalogues that nobody reads."""

from __future__ import annotations

import typing as t

from .canonical import flow_types, matching_priority


def summary(schema: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the version and, per object mapping, what it maps and how much."""
    return {
        "version": schema.get("version"),
        "object_mappings": [
            {
                "rule": rule.get("name"),
                "source": mapping.get("sourceObjectName"),
                "target": mapping.get("targetObjectName"),
                "enabled": mapping.get("enabled") is not False,
                "flow_types": sorted(flow_types(mapping)),
                "attribute_count": len(mapping.get("attributeMappings") or []),
                "matching": [
                    one.get("targetAttributeName")
                    for one in sorted(mapping.get("attributeMappings") or [], key=matching_priority)
                    if matching_priority(one)
                ],
                "scope_groups": [one.get("name") for one in (mapping.get("scope") or {}).get("groups") or []],
            }
            for rule in schema.get("synchronizationRules") or []
            for mapping in rule.get("objectMappings") or []
        ],
    }
