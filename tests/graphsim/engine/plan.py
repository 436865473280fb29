# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cycle is to do with each source object, decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.graphsim.engine import entitlement, source
from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.expressions import ExpressionError, Value
from tests.graphsim.engine.mapping import Mapper, state_mappings
from tests.graphsim.engine.memory import Link
from tests.graphsim.engine.scoping import ScopeResult, in_scope
from tests.graphsim.engine.settings import skips_out_of_scope

Action = Literal["export", "disable", "delete", "skip"]


@dataclass
class Entry:
    """One source object under one object mapping, and what is to become of it.

    `export` creates or updates; `disable` and `delete` end the account of an object that left. `entitled` is the
    answer of the assignments, `scope` that of the filters. `reason` explains a skip.
    """

    mapper: Mapper
    source_id: str
    properties: dict[str, Value]
    link: Link | None
    action: Action
    entitled: bool
    assigned: bool
    scope: ScopeResult
    reason: str = ""
    fingerprint: str = ""
    removes: bool = False

    @property
    def rule(self) -> Mapping[str, Any]:
        """The synchronizationRule."""
        return self.mapper.rule

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The objectMapping."""
        return self.mapper.object_mapping

    @property
    def name(self) -> str:
        """The object as people know it."""
        shown = self.properties.get("userPrincipalName") or self.properties.get("displayName")
        return str(shown or self.source_id)

    @property
    def soft_deleted(self) -> bool:
        """Blocked or in the recycle bin."""
        return self.properties.get("IsSoftDeleted") == "True"


def mapped_objects(schema: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The enabled (rule, object mapping) pairs: rules by priority, users before the groups that contain them."""
    for rule in sorted(schema.get("synchronizationRules") or [], key=lambda one: one.get("priority") or 0):
        mappings = [one for one in rule.get("objectMappings") or [] if one.get("enabled", True)]
        for mapping in sorted(mappings, key=lambda one: one["sourceObjectName"].lower() == "group"):
            yield rule, mapping


def plan(context: JobContext) -> list[Entry]:
    """One entry per source object, and one per linked object that is gone from the source."""
    entitled, assigned = entitlement.entitled(context), entitlement.assigned(context)
    entries = []
    for rule, mapping in mapped_objects(context.schema):
        mapper = Mapper(context, rule, mapping)
        for source_id, item in source.objects(context, mapping["sourceObjectName"]).items():
            entries.append(entry_of(mapper, source_id, item, source_id in entitled, source_id in assigned))
        entries += _gone(mapper)
    return entries


def entry_of(mapper: Mapper, source_id: str, item: Mapping[str, Any], entitled: bool, assigned: bool) -> Entry:
    """The entry of one source object."""
    context = mapper.context
    properties = source.properties(context, item)
    scope = in_scope(mapper.object_mapping.get("scope"), properties)
    link = context.memory.links.get(source_id)
    entry = Entry(mapper, source_id, properties, link, "export", entitled, assigned, scope)
    _decide(context, entry)
    entry.fingerprint = _fingerprint(entry)
    return entry


def _decide(context: JobContext, entry: Entry) -> None:
    link = entry.link
    if not entry.scope.imported:
        entry.action, entry.reason = "skip", "NotInInputFilter"
    elif entry.entitled and entry.scope.passed:
        if entry.soft_deleted and link is None:
            entry.action, entry.reason = "skip", "NotActiveInSource"
        elif entry.soft_deleted and not _soft_deletes(entry):
            _remove(entry)
        else:
            entry.removes = entry.soft_deleted and link is not None and link.active
    elif link is None or not link.managed:
        entry.action, entry.reason = "skip", "NotInScope" if entry.entitled else "NotEffectivelyEntitled"
    elif skips_out_of_scope(context.secrets):
        entry.action, entry.reason = "skip", "SkipOutOfScopeDeletions"
    else:
        _remove(entry)


def _remove(entry: Entry) -> None:
    """Disables where the target knows soft deletion, else deletes; the flow type Delete covers both."""
    if "Delete" not in flows(entry.mapping):
        entry.action, entry.reason = "skip", "DeleteNotAllowed"
        return
    entry.action = "disable" if _soft_deletes(entry) else "delete"
    entry.removes = entry.action == "delete" or (entry.link is not None and entry.link.active)


def _soft_deletes(entry: Entry) -> bool:
    """Whether the target can disable: its metadata says so and a mapping carries the state."""
    metadata = {
        pair["key"]: pair["value"]
        for directory in entry.mapper.context.schema.get("directories") or []
        if directory["name"] == entry.rule["targetDirectoryName"]
        for item in directory.get("objects") or []
        if item["name"] == entry.mapping["targetObjectName"]
        for pair in item.get("metadata") or []
    }
    return str(metadata.get("IsSoftDeletionSupported", "true")).lower() == "true" and bool(
        state_mappings(entry.mapping)
    )


def flows(mapping: Mapping[str, Any]) -> set[str]:
    """The flow types of an object mapping: Add, Update, Delete."""
    return {part.strip() for part in (mapping.get("flowTypes") or "").split(",")}


def _gone(mapper: Mapper) -> list[Entry]:
    """Deletions for objects that the source no longer has at all.

    An object that had left the scope before is not managed any more, so nothing is sent for it (Entra page "How
    application provisioning works").
    """
    source_type = mapper.object_mapping["sourceObjectName"]
    present = source.objects(mapper.context, source_type)
    entries = []
    for source_id, link in mapper.context.memory.links.items():
        if source_id in present or link.source_type != source_type:
            continue
        entry = Entry(mapper, source_id, {}, link, "delete", False, False, ScopeResult(True, True))
        entry.removes = link.managed and "Delete" in flows(mapper.object_mapping)
        if not entry.removes:
            entry.action, entry.reason = "skip", "NotManaged"
        entries.append(entry)
    return entries


def _fingerprint(entry: Entry) -> str:
    """Changes with the object, its fate and the counterparts of the objects that it refers to."""
    try:
        references = entry.mapper.references(entry.properties) if entry.action == "export" else {}
    except ExpressionError:
        references = {}
    return source.fingerprint(entry.properties, entry.action, references)
