# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""schemathesis calls every described operation, well and badly: no 5xx, and no answer outside the description.

The fixture `judged` (tests/harness/judged.py) reads the same answers with another library.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.graph_client import NON_GALLERY, Graph
from tests.harness.judge import DESCRIPTION

_GRAPH = "https://graph.microsoft.com/"
# The coverage phase makes some hundred calls for each operation, for little more than what fuzzing finds.
_CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"max-examples": 5, "deterministic": True, "database": "none"},
        "phases": {"coverage": {"enabled": False}},
    }
)


def _served() -> Any:
    description = json.loads(DESCRIPTION.read_text("utf-8"))
    paths: dict[str, Any] = {}
    for path, item in description["paths"].items():
        for method, operation in item.items():
            # v1.0, or beta for what is there alone.
            server = operation["servers"][0]["url"] if isinstance(operation, dict) and "servers" in operation else ""
            if server.startswith(_GRAPH):
                served = paths.setdefault(f"/{server.removeprefix(_GRAPH)}{path}", {"parameters": item["parameters"]})
                served[method] = {name: value for name, value in operation.items() if name != "servers"}
    description["paths"] = paths
    return schemathesis.openapi.from_dict(description, config=_CONFIG)


SERVED = _served()


@schemathesis.check
def no_undocumented_server_error(context: CheckContext, response: Response, case: Case) -> None:
    """A 5xx is allowed where the description has it."""
    if str(response.status_code) not in case.operation.definition.raw["responses"]:
        not_a_server_error(context, response, case)


_CHECKS: list[Any] = [
    no_undocumented_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def known(graph: Graph) -> dict[str, str]:
    """What the parameters of paths name: things that exist."""
    application = graph.instantiate()
    job = graph.job(application)
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    schema = graph.ok("GET", f"{job}/schema")
    state = graph.simulator.state()
    return {
        "sp": application.principal_id,
        "app": application.application_id,
        "job": job.rpartition("/")[2],
        "template": "scim",
        "directory": schema["directories"][0]["id"],
        "user": state["users"][0]["id"],
        "member": state["users"][0]["id"],
        "group": state["groups"][0]["id"],
        "organization": graph.ready["tenant_id"],
    }


@pytest.mark.wider(
    "Every described operation once more, with values that are made up; the tests beside this one call them."
)
@SERVED.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation(case: Case, graph: Graph, known: dict[str, str]) -> None:
    for name in case.path_parameters:
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    if "{template}/instantiate" in case.path or case.path.endswith("applicationTemplates/{template}"):
        case.path_parameters["template"] = NON_GALLERY
    ready = graph.ready
    case.call_and_validate(ready["graph_endpoint"], graph.session, checks=_CHECKS, verify=ready["ca_path"])
