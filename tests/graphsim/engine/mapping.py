# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A source object through an object mapping: what each target attribute is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.expressions import (
    IGNORE,
    EvaluationError,
    ExpressionError,
    Redacted,
    Value,
    evaluate,
    node_of,
)
from tests.graphsim.engine.expressions.nodes import Attribute, Node, walk

# Attributes by which the service tells the state of an account.
_STATE = {"IsSoftDeleted", "accountEnabled"}


@dataclass
class Mapped:
    """Values by target attribute name.

    A reference is held as target ids in `references`, not in `values`; an object that has no counterpart in the target
    (yet) is left out. `redacted` names the attributes that logs must not show.
    """

    values: dict[str, Any] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    redacted: set[str] = field(default_factory=set)


def matching(object_mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The attribute mappings used for matching, in the order in which they are tried."""
    mappings = object_mapping.get("attributeMappings") or []
    return sorted((one for one in mappings if _priority(one) > 0), key=_priority)


def _priority(mapping: Mapping[str, Any]) -> int:
    return mapping.get("matchingPriority") or 0


def flow_type(mapping: Mapping[str, Any]) -> str:
    """The flow type of an attribute mapping; a minimal mapping document says none and means Always."""
    return mapping.get("flowType") or "Always"


def state_mappings(object_mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The attribute mappings that carry the state of the account (`active`); with none, only DELETE ends an account."""
    return [one for one in object_mapping.get("attributeMappings") or [] if _attributes(one) & _STATE]


def _attributes(mapping: Mapping[str, Any]) -> set[str]:
    if not mapping.get("source"):
        return set()
    try:
        return {node.name for node in walk(node_of(mapping["source"])) if isinstance(node, Attribute)}
    except ExpressionError:
        return set()


def definitions(schema: Mapping[str, Any], directory_name: str, object_name: str) -> dict[str, dict[str, Any]]:
    """The attributeDefinitions of an object of a directory, by name."""
    return {
        attribute["name"]: attribute
        for directory in schema.get("directories") or []
        if directory["name"] == directory_name
        for item in directory.get("objects") or []
        if item["name"] == object_name
        for attribute in item.get("attributes") or []
    }


@dataclass(frozen=True)
class Mapper:
    """Evaluates the attribute mappings of one object mapping of one rule."""

    context: JobContext
    rule: Mapping[str, Any]
    object_mapping: Mapping[str, Any]

    @cached_property
    def source_attributes(self) -> dict[str, dict[str, Any]]:
        """The attributeDefinitions of the source object, by name."""
        names = self.rule["sourceDirectoryName"], self.object_mapping["sourceObjectName"]
        return definitions(self.context.schema, *names)

    @cached_property
    def _target_attributes(self) -> dict[str, dict[str, Any]]:
        names = self.rule["targetDirectoryName"], self.object_mapping["targetObjectName"]
        return definitions(self.context.schema, *names)

    def references(self, properties: Mapping[str, Value]) -> dict[str, list[str]]:
        """The references alone: target ids by target attribute name. Raises EvaluationError."""
        mappings = self.object_mapping.get("attributeMappings") or []
        references = [one for one in mappings if self._is_reference(one)]
        return self.map(properties, creating=False, only=references).references

    def value(self, mapping: Mapping[str, Any], properties: Mapping[str, Value]) -> Value:
        """The value of one attribute mapping, without its default. Raises ExpressionError."""
        return self._evaluated(mapping, properties, lambda value: False)

    def map(
        self,
        properties: Mapping[str, Value],
        *,
        creating: bool,
        only: list[dict[str, Any]] | None = None,
        taken: Callable[[str, str], bool] = lambda attribute, value: False,
    ) -> Mapped:
        """All values that flow. Null does not flow (Entra page "Known issues": null attributes are skipped).

        `creating` adds what is applied on create only: default values and mappings of the flow type ObjectAddOnly.
        `only` restricts to some attribute mappings. `taken(target attribute, value)` tells what the target has, for
        SelectUniqueValue. Raises EvaluationError that names the target attribute.
        """
        result = Mapped()
        for mapping in only if only is not None else self.object_mapping.get("attributeMappings") or []:
            if flow_type(mapping) == "ObjectAddOnly" and not creating:
                continue
            try:
                self._add(result, mapping, properties, creating, taken)
            except ExpressionError as error:
                raise EvaluationError(f"{mapping['targetAttributeName']}: {error}") from None
        return result

    def _add(
        self,
        result: Mapped,
        mapping: Mapping[str, Any],
        properties: Mapping[str, Value],
        creating: bool,
        taken: Callable[[str, str], bool],
    ) -> None:
        name = mapping["targetAttributeName"]
        if self._is_reference(mapping):
            self._add_reference(result, mapping, properties)
            return
        value = self._evaluated(mapping, properties, lambda candidate: taken(name, candidate))
        if value is None and creating:
            value = mapping.get("defaultValue") or None
        if value is None or value is IGNORE or value == []:
            return
        if isinstance(value, Redacted):
            result.redacted.add(name)
        result.values[name] = self._typed(name, value)

    def _evaluated(
        self, mapping: Mapping[str, Any], properties: Mapping[str, Value], taken: Callable[[str], bool]
    ) -> Value:
        if not mapping.get("source"):
            return None
        return evaluate(
            node_of(mapping["source"]),
            properties,
            now=self.context.now,
            default_domain=_default_domain(self.context),
            taken=taken,
        )

    def _is_reference(self, mapping: Mapping[str, Any]) -> bool:
        node = self._node(mapping)
        if not isinstance(node, Attribute):
            return False
        kind = (self.source_attributes.get(node.name) or {}).get("type")
        return kind == "Reference" and node.name != "appRoleAssignments"

    def _node(self, mapping: Mapping[str, Any]) -> Node | None:
        return node_of(mapping["source"]) if mapping.get("source") else None

    def _add_reference(self, result: Mapped, mapping: Mapping[str, Any], properties: Mapping[str, Value]) -> None:
        value = self.value(mapping, properties)
        wanted = value if isinstance(value, list) else [value] if value else []
        links = [self.context.memory.links.get(source_id) for source_id in wanted]
        result.references[mapping["targetAttributeName"]] = [link.target_id for link in links if link and link.managed]

    def _typed(self, name: str, value: Any) -> Any:
        definition = self._target_attributes.get(name) or {}
        if isinstance(value, list):
            return [str(item) if isinstance(item, str) else item for item in value]
        if definition.get("type") == "Boolean" and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if definition.get("type") == "Integer" and value.lstrip("-").isdecimal():
            return int(value)
        return [str(value)] if definition.get("multivalued") else str(value)


def _default_domain(context: JobContext) -> str:
    """The simulator keeps no list of domains: the first user's is the tenant's."""
    for user in context.users.values():
        if "@" in (user.get("userPrincipalName") or ""):
            return str(user["userPrincipalName"]).rsplit("@", maxsplit=1)[-1]
    return "contoso.com"
