# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What helps to write a schema: functions, filterOperators, parseExpression, discover."""

from __future__ import annotations

from typing import Any

from ...engine.connection import ConnectionRefused
from ...engine.discovery import discover
from ...engine.expressions import FUNCTIONS, parse_expression
from ...engine.scoping import OPERATORS
from ...errors import wrapped
from ...exchange import Call, Reply
from ...odata.path import Segment
from ...routing import Route
from ..credentials import refused
from ..owner import APP, SP, WRITE, checked_action, job_of, template_of
from .form import new_version


def _parent(
    call: Call,
    principal: Segment | None = None,
    application: Segment | None = None,
    job: Segment | None = None,
    template: Segment | None = None,
) -> dict[str, Any]:
    """The schema that the path is about."""
    if job is not None and principal is not None:
        return job_of(call, principal, job)[1].schema
    return template_of(call, template or "", principal, application)[1].schema


def _functions(call: Call, **path: Segment) -> Reply:
    _parent(call, **path)
    context = call.context("Collection(microsoft.graph.attributeMappingFunctionSchema)")
    body = {"@odata.context": context, "value": FUNCTIONS}
    return Reply(200, body, type_name="Collection(attributeMappingFunctionSchema)")


def _operators(call: Call, **path: Segment) -> Reply:
    _parent(call, **path)
    context = call.context("Collection(microsoft.graph.filterOperatorSchema)")
    return Reply(200, {"@odata.context": context, "value": OPERATORS}, type_name="Collection(filterOperatorSchema)")


def _parse(call: Call, **path: Segment) -> Reply:
    schema, body = _parent(call, **path), checked_action(call, "parseExpression")
    if not body.get("expression"):
        raise wrapped(400, "RequestParameterInvalid", "'expression' is missing.")
    sources = {rule["sourceDirectoryName"] for rule in schema["synchronizationRules"]}
    objects = [one for item in schema["directories"] if item["name"] in sources for one in item["objects"]]
    answer = parse_expression(body, *objects)
    context = call.context("microsoft.graph.parseExpressionResponse")
    return Reply(200, {"@odata.context": context, **answer}, type_name="parseExpressionResponse")


def _discover(call: Call, principal: Segment, job: Segment, directory: Segment) -> Reply:
    with call.world.engine_lock:
        found, item = job_of(call, principal, job)
        directories = item.schema["directories"]
        known = next((one for one in directories if one["id"] == directory), None)
        if known is None:
            raise wrapped(404, "DirectoryNotFound", f"The directory '{directory}' was not found.")
        if known["discoverabilities"] == "None":
            raise wrapped(400, "DiscoveryNotSupported", f"The directory '{known['name']}' cannot be discovered.")
        try:
            fresh = discover(call.world.context(found, item), known)
        except ConnectionRefused as error:
            raise refused(error) from error
        replaced = [fresh if one is known else one for one in directories]
        item.schema = {**item.schema, "directories": replaced, "version": new_version(call.world.clock.now())}
        item.schema_is_default = False
    context = call.context("microsoft.graph.directoryDefinition")
    return Reply(200, {"@odata.context": context, **fresh}, type_name="directoryDefinition")


_PARENTS = [SP + "/jobs/{job}/schema", SP + "/templates/{template}/schema", APP + "/templates/{template}/schema"]
# The page "directoryDefinition: discover" names these two, unlike those of the other actions.
_DISCOVER = frozenset({"Application.ReadWrite.OwnedBy", "Directory.ReadWrite.All"})

ROUTES = [
    *(Route("GET", f"{parent}/functions", _functions, WRITE) for parent in _PARENTS),
    *(Route("GET", f"{parent}/filterOperators", _operators, WRITE) for parent in _PARENTS),
    *(Route("POST", f"{parent}/parseExpression", _parse, WRITE) for parent in _PARENTS),
    Route("POST", SP + "/jobs/{job}/schema/directories/{directory}/discover", _discover, _DISCOVER, slow=True),
]
