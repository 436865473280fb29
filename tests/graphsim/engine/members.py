# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References: group members, managers. The job remembers what it exported; the target is not asked for it."""

from __future__ import annotations

from typing import Any

from tests.graphsim.engine.memory import Link
from tests.graphsim.engine.plan import Entry
from tests.graphsim.engine.scim import endpoint
from tests.graphsim.engine.scim_paths import scim_path
from tests.graphsim.engine.steps import change
from tests.graphsim.engine.targets import Target


def export_references(
    target: Target,
    entry: Entry,
    link: Link,
    current: dict[str, Any],
    references: dict[str, list[str]],
) -> list[dict[str, Any]]:
    """Writes what changed since the last export and remembers it; gives the modifiedProperties.

    Members are added and removed one by one, never replaced: Entra asks for groups without their members (Entra page
    "SCIM and Microsoft Entra ID", excludedAttributes=members). `references` are target ids by target attribute; an
    empty single reference, such as no manager, does not flow.
    """
    changes: list[dict[str, Any]] = []
    operations: list[dict[str, Any]] = []
    for name, wanted in references.items():
        exported = link.references.get(name, [])
        if name == "members":
            made = _member_operations(name, exported, wanted)
        else:
            made = [_single(name, wanted[0])] if wanted and wanted != exported else []
        if made:
            operations += made
            changes.append(change(name, exported or None, wanted))
            link.references[name] = list(wanted)
    if operations:
        target.patch(endpoint(entry.mapping["targetObjectName"]), current["id"], operations)
    return changes


def _member_operations(name: str, exported: list[str], wanted: list[str]) -> list[dict[str, Any]]:
    added = [{"value": target_id} for target_id in wanted if target_id not in exported]
    operations: list[dict[str, Any]] = [{"op": "add", "path": name, "value": added}] if added else []
    operations += [
        {"op": "remove", "path": f'{name}[value eq "{target_id}"]'} for target_id in exported if target_id not in wanted
    ]
    return operations


def _single(name: str, target_id: str) -> dict[str, Any]:
    return {"op": "replace", "path": scim_path(name).text, "value": {"value": target_id}}
