# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of success that make no sense: each request of each scenario gets some of them, for ever, in turn.

Most requests are those of several scenarios, so that all of them get all answers.

A run ends in a sentence then, or in what a run without them ends in; nothing is taken for absent, nothing made twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.cases import NAME, application
from tests.faults.in_process import plugin, run_module, without_pauses
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS, mostly

ADA, BEN = "adele.vance@contoso.example", "ben.okoro@contoso.example"
HERE = {"display_name": NAME}
MAPPING = {"source": "User", "attributes": [{"target": "title", "expression": 'Append([jobTitle], "x")'}]}
# Of what a run needs to be told apart, and to have made nothing twice.
Scenario = tuple[str, dict[str, Any]]
SCENARIOS: dict[str, Scenario] = {
    "find the application": ("gallery_application", HERE),
    "make an application": ("gallery_application", {"display_name": "Brand new"}),
    "assign": ("app_role_assignment", {**HERE, "users": [BEN], "groups": ["Sales"]}),
    "make a job": ("sync_job", {"display_name": "Fresh", "template_id": "scim", "enabled": True}),
    "start a job": ("sync_job", {**HERE, "enabled": True}),
    "remove a job": ("sync_job", {**HERE, "template_id": "scim", "state": "absent"}),
    "restart": ("sync_job_action", {**HERE, "action": "restart"}),
    "provision on demand": ("sync_job_action", {**HERE, "action": "provision_on_demand", "users": [ADA]}),
    "validate": ("sync_job_action", {**HERE, "action": "validate_credentials"}),
    "write a secret": (
        "sync_secrets",
        {**HERE, "secrets": {"SecretToken": "another"}, "update_secrets": "always", "validate": False},
    ),
    "change a mapping": ("sync_schema", {**HERE, "object_mappings": [MAPPING]}),
    "tell of one": (
        "sync_info",
        {**HERE, "gather": ["jobs", "health", "schema", "templates", "secrets", "assignments"]},
    ),
    "tell of functions": ("sync_info", {**HERE, "gather": ["functions", "filter_operators", "logs", "access"]}),
    "tell of all": ("sync_info", {"gather": ["health"]}),
    "a template": ("sync_template", {**HERE, "template_id": "scim", "description": "of ours"}),
    "an extension": ("extension_attribute", {**HERE, "name": "costCenter"}),
    "the organization": ("directory_synchronization", {}),
    "a partner": (
        "cross_tenant_access",
        {"partner_tenant_id": "22222222-3333-4444-5555-666666666666", "user_sync_inbound": True},
    ),
}
ODD: dict[str, Any] = {
    "empty": None,
    "an empty object": {},
    "a list": [],
    "a list of nothing": [None],
    "null": "null",
    "null for a list": {"value": None},
    "an object for a list": {"value": {}},
    "a list of texts": {"value": ["x"]},
    "deep": "[" * 2000 + "]" * 2000,
}
# Of three odd answers, each request of a scenario gets one.
PART = 3
WRONG = {"Edm.Boolean": "false", "Edm.Int32": "7", "Edm.Int64": "7"}


def seed(simulator: Simulator) -> dict[str, Any]:
    """An application with a job that rests, and one without a job."""
    target = simulator.ready["scim"]
    secrets = {"BaseAddress": target["base_address"], "SecretToken": target["token"]}
    job = {"template_id": "scim", "state": "paused"}
    applications = [application(jobs=[job], secrets=secrets, assigned=[ADA]), application("Fresh")]
    return {"applications": applications, "groups": [{"displayName": "Sales", "members": [BEN]}]}


def run(simulator: Simulator, scenario: str) -> dict[str, Any]:
    """One run of a scenario in the tenant as it is."""
    module, options = SCENARIOS[scenario]
    with without_pauses():
        return run_module(module, {**simulator.options(), "timeout": 4, **options})


def requests(simulator: Simulator) -> list[tuple[str, str]]:
    """The kinds of requests to Graph so far, each once; those inside a batch too."""
    found: dict[tuple[str, str], None] = {}
    for one in simulator.requests():
        path = one["path"].partition("?")[0]
        if not path.startswith(("/v1.0/", "/beta/")):
            continue
        found[one["method"], path.split("/", 2)[2]] = None
        for step in (one.get("body") or {}).get("requests", []) if path.endswith("/$batch") else []:
            found[step["method"], step["url"].lstrip("/").partition("?")[0]] = None
    return list(found)


def shape_of(method: str, path: str) -> Any:
    """What a request gives, by the collection's own table; None for a batch."""
    endpoint_class = plugin("module_utils._graph.endpoint").Endpoint
    for one in vars(plugin("module_utils._sync.endpoints")).values():
        if isinstance(one, endpoint_class) and one.method == method:
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one.path.lstrip("/")))
            if re.fullmatch(pattern, path):
                return one.gives
    return None


def wrong_members(shape: Any) -> Iterator[tuple[str, Any]]:
    """Answers of the right shape in which one member has the wrong type, for every member that the table names."""
    if shape is None or shape.form not in ("record", "list"):
        return
    known = shape.types[shape.type]
    for name, kind in known.members.items():
        if kind != "Edm.Untyped":
            record = {**dict.fromkeys(known.needs, "x"), name: WRONG.get(kind, 7)}
            yield f"{name} of another type", {"value": [record]} if shape.is_list else record


def answers(method: str, path: str, turn: int) -> list[tuple[str, Any]]:
    """Some of the odd answers to a kind of request, others in each turn."""
    odd, wrong = list(ODD.items()), list(wrong_members(shape_of(method, path)))
    return [*odd[turn % PART :: PART], *wrong[turn % PART :: PART]]


def check(simulator: Simulator, scenario: str, result: dict[str, Any], clean: dict[str, Any], about: str) -> None:
    """A sentence, or what a run without a fault says; never a second application or job."""
    error = result.get("error", {})
    assert "unexpected" not in error, f"{about}: {result['msg']}"
    if result.get("failed"):
        assert re.search(
            r"Could not |Nobody can say|It did not work |Gave up |did not provision|were made", result["msg"]
        ), (
            about,
            result["msg"],
        )
        assert "\n" not in result["msg"], about
    else:
        assert json.dumps(result.get("changes")) == json.dumps(clean.get("changes")), (about, result)
        for one, before in zip(result.get("applications", []), clean.get("applications", [])):
            assert "errors" in one or set(one) == set(before), (about, one)
    state = simulator.state()
    names = [one["displayName"] for one in state["applications"]]
    assert names.count(NAME) == 1, about
    assert names.count("Brand new") <= (scenario == "make an application"), about
    assert max(len(one["jobs"]) for one in state["synchronization"].values()) <= 1, about


@pytest.mark.parametrize(
    "scenario",
    mostly(
        SCENARIOS, ["make a job", "assign", "start a job"], "The same odd answers to the requests of other modules."
    ),
)
def test_an_odd_answer_is_no_exception_no_absence_and_no_success(simulator: Simulator, scenario: str) -> None:
    simulator.reset(seed(simulator))
    clean = run(simulator, scenario)
    assert not clean.get("failed"), clean
    for turn, (method, path) in enumerate(requests(simulator), list(SCENARIOS).index(scenario)):
        for kind, body in answers(method, path, turn):
            simulator.reset(seed(simulator))
            rule = {"match": {"method": method, "path": f"/{re.escape(path)}([?]|$)"}, "times": None}
            simulator.faults([{**rule, "fault": "status", "status": 200, "body": body}])
            result = run(simulator, scenario)
            check(simulator, scenario, result, clean, f"{scenario}: {method} {path} answered with {kind}")
            # What came of it, the next run goes on with.
            simulator.faults([])
            after = run(simulator, scenario)
            assert not after.get("failed"), (scenario, method, path, kind, after["msg"])


@pytest.mark.parametrize("scenario", ["write a secret", "make a job", "tell of one", "assign"])
def test_a_list_that_is_not_found_is_no_empty_one(simulator: Simulator, scenario: str) -> None:
    """404 for a list is a failure, or told with the application; the bag above all is not written anew."""
    simulator.reset(seed(simulator))
    run(simulator, scenario)
    lists = [
        (method, path) for method, path in requests(simulator) if (shape := shape_of(method, path)) and shape.is_list
    ]
    assert lists
    for method, path in lists:
        simulator.reset(seed(simulator))
        before = simulator.state()["synchronization"]
        match = {"method": method, "path": f"/{re.escape(path)}([?]|$)"}
        simulator.faults([{"match": match, "fault": "status", "status": 404, "body": {"error": {"code": "NotFound"}}}])
        result = run(simulator, scenario)
        if scenario == "tell of one" and "servicePrincipals/" in path:
            assert result.get("failed") or result["applications"][0]["errors"]
        else:
            assert result.get("failed"), (path, result)
            assert "404" in result["msg"]
            assert simulator.state()["synchronization"] == before


WIRE = {
    "empty": ("list the synchronization jobs", {"path": r"/synchronization/jobs$", "method": "GET"}, None),
    "a list": ("list the synchronization jobs", {"path": r"/synchronization/jobs$", "method": "GET"}, []),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", WIRE)
def test_the_sentence_reaches_the_terminal(
    simulator: Simulator, run_playbook: Callable[..., Result], kind: str, door: str
) -> None:
    doing, match, body = WIRE[kind]
    simulator.reset(seed(simulator))
    simulator.faults([{"match": match, "fault": "status", "status": 200, "body": body, "times": None}])
    mark = simulator.mark()
    task = {"name": "read", "entra.provisioning.sync_job": {"display_name": "Fresh", "template_id": "scim"}}
    result = run_playbook([task], door=door, verbosity=4)
    assert result.rc == 2
    message = result.last.result["msg"]
    assert message.startswith(f"Could not {doing} of the service principal "), message
    assert "a list of synchronization jobs was expected" in message
    assert "Traceback" not in result.output
    assert simulator.writes(mark) == []
