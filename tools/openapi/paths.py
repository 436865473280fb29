# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documented calls as paths: the types of what a call takes and gives follow from the metadata."""

from __future__ import annotations

import re
from typing import Any

from tools.openapi.metadata import Member, Metadata, Operation
from tools.openapi.schemas import Schema, collection, reference, structure

Call = dict[str, Any]
JSON = "application/json"
_SERVERS = {"v1.0": "https://graph.microsoft.com/v1.0", "beta": "https://graph.microsoft.com/beta"}
_ERROR = {"$ref": "#/components/responses/refused"}


def paths(metadata: Metadata, calls: list[Call]) -> dict[str, Schema]:
    """A path item for every path of the calls.

    :param calls: entries as in tests/fixtures/graph/endpoints.yml and further_calls.yml.
    :raises LookupError: when a call has neither a type in the metadata nor one of its own.
    """
    found: dict[str, Schema] = {}
    for call in calls:
        method, path = call["call"].removesuffix("()").split(" ")
        item = found.setdefault(path, {"parameters": _parameters(path)})
        item[method.lower()] = _operation(metadata, method, path, call)
    return dict(sorted(found.items()))


def _servers(call: Call) -> list[Schema]:
    versions = ["beta"] if call["api"] == "beta" else list(_SERVERS)
    return [{"url": _SERVERS[version]} for version in versions]


def _parameters(path: str) -> list[Schema]:
    names = re.findall(r"\{(\w+)\}", path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _operation(metadata: Metadata, method: str, path: str, call: Call) -> Schema:
    takes, gives, statuses = _shape(metadata, method, path, call)
    answer: Schema = {"description": "Done."}
    if gives is not None:
        answer["content"] = {call.get("gives_media", JSON): {"schema": gives}}
    statuses = call.get("statuses", statuses)
    answers = {str(status): answer if status != 204 else {"description": "Done."} for status in statuses}
    operation: Schema = {
        "summary": str(call.get("source", "")),
        "servers": _servers(call),
        "responses": {**answers, "4XX": _ERROR, **{str(status): _ERROR for status in call.get("fails", ())}},
    }
    if takes is not None:
        media = {call.get("takes_media", JSON): {"schema": takes}}
        # An action whose parameters may all be null needs no body (OData 4.01, part 1, section 11.5.5.1).
        operation["requestBody"] = {"required": "$ref" in takes or "required" in takes, "content": media}
    return operation


def _shape(metadata: Metadata, method: str, path: str, call: Call) -> tuple[Schema | None, Schema | None, list[int]]:
    if "takes" in call or "gives" in call:
        return call.get("takes"), call.get("gives"), [200 if "gives" in call else 204]
    end = _walk(metadata, path)
    if isinstance(end, Operation):
        takes = structure(end.takes, complete=True) if end.action and end.takes else None
        return takes, None if end.gives is None else _body(end.gives), [204 if end.gives is None else 200]
    if method == "GET":
        return None, _body(end), [200]
    if method == "POST":
        return reference(end.type), reference(end.type), [201]
    if method == "DELETE":
        return None, None, [204]
    return _body(end), None, [204]


def _body(member: Member) -> Schema:
    return collection(member.type) if member.collection else reference(member.type)


def _walk(metadata: Metadata, path: str) -> Member | Operation:
    """Follow a path through the metadata."""
    root, *segments = re.sub(r"\(([^)]*)\)", "/{key}", path).strip("/").split("/")
    at: Member | Operation = metadata.roots[root]
    for segment in segments:
        if isinstance(at, Operation):
            raise LookupError(f"{path}: nothing follows {at.name}")
        at = Member(at.type, False, False) if segment.startswith("{") else _next(metadata, path, at, segment)
    return at


def _next(metadata: Metadata, path: str, at: Member, segment: str) -> Member | Operation:
    for operation in metadata.operations:
        fits = operation.bound.type in metadata.line(at.type) and operation.bound.collection == at.collection
        if operation.name == segment and fits:
            return operation
    if at.collection or segment not in metadata.members(at.type):
        raise LookupError(f"{path}: the metadata has no {segment} there")
    return metadata.members(at.type)[segment]
