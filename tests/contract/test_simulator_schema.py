# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemas: what a PUT refuses, stores and starts, and the noise of a GET."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.graph_client import Application, Graph, inner
from tests.graphsim import csdl
from tests.graphsim.control.clock import Clock
from tests.graphsim.synchronization.schema import echo
from tests.graphsim.synchronization.schema.form import completed

EXAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "graph" / "examples"
_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def _example(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return document


@pytest.fixture
def schema(graph: Graph, job: str) -> dict[str, Any]:
    """The schema of the job."""
    document: dict[str, Any] = graph.ok("GET", f"{job}/schema")
    return document


def _users(schema: dict[str, Any]) -> dict[str, Any]:
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    found: dict[str, Any] = next(item for item in mappings if item["sourceObjectName"] == "User")
    return found


def _mapping(schema: dict[str, Any], **changes: Any) -> dict[str, Any]:
    mapping = _users(schema)["attributeMappings"][0]
    mapping.update(changes)
    return mapping


def _source(schema: dict[str, Any], expression: str | None, **more: Any) -> None:
    _mapping(schema, source={"type": "Function", "name": None, "expression": expression, "parameters": [], **more})


def _scope(schema: dict[str, Any], attribute: str, operator: str) -> None:
    clause = {"sourceOperandName": attribute, "operatorName": operator, "targetOperand": {"values": ["x"]}}
    _users(schema)["scope"] = {"groups": [{"name": "g", "clauses": [clause]}]}


def _add_attribute(schema: dict[str, Any], name: str, **more: Any) -> None:
    schema["directories"][0]["objects"][0]["attributes"].append({"name": name, "type": "String", **more})


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "rule id": (lambda s: s["synchronizationRules"][0].update(id="x"), "'x'"),
    "rule twice": (lambda s: s["synchronizationRules"].append(s["synchronizationRules"][0]), "more than once"),
    "source directory": (lambda s: s["synchronizationRules"][0].update(sourceDirectoryName="Nowhere"), "'Nowhere'"),
    "target directory": (lambda s: s["synchronizationRules"][0].update(targetDirectoryName=None), "'None'"),
    "no directories": (lambda s: s.pop("directories"), "is not a directory"),
    "source object": (lambda s: _users(s).update(sourceObjectName="Device"), "'Device'"),
    "target object": (lambda s: _users(s).update(targetObjectName="Device"), "'Device'"),
    "target attribute": (lambda s: _mapping(s, targetAttributeName="shoeSize"), "'shoeSize'"),
    "source attribute": (lambda s: _mapping(s, source={"type": "Attribute", "name": "shoeSize"}), "'shoeSize'"),
    "attribute in the text": (lambda s: _source(s, 'Append([shoeSize], "x")'), "'shoeSize'"),
    "attribute in the tree": (
        lambda s: _source(
            s, None, name="Not", parameters=[{"key": "source", "value": {"type": "Attribute", "name": "shoeSize"}}]
        ),
        "'shoeSize'",
    ),
    "syntax": (lambda s: _source(s, 'Append([mail], "x"'), "cannot be parsed"),
    "unknown function": (lambda s: _source(s, "Frobnicate([mail])"), "Frobnicate"),
    "long expression": (lambda s: _source(s, f'Append([mail], "{"x" * 10_000}")'), "10000"),
    "attribute twice": (lambda s: _add_attribute(s, "mail"), "'mail'"),
    "two anchors": (lambda s: _add_attribute(s, "other", anchor=True), "anchor"),
    "object twice": (lambda s: s["directories"][0]["objects"].append({"name": "User"}), "'User'"),
    "directory twice": (lambda s: s["directories"].append(s["directories"][0]), "more than once"),
    "scope operand": (lambda s: _scope(s, "shoeSize", "EQUALS"), "'shoeSize'"),
    "scope operator": (lambda s: _scope(s, "mail", "equals"), "'equals'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_put_refuses(graph: Graph, job: str, schema: dict[str, Any], case: str) -> None:
    """400 that names the thing, and nothing is changed."""
    spoil, named = REFUSED[case]
    before = copy.deepcopy(schema)
    spoil(schema)
    reply = graph.call("PUT", f"{job}/schema", schema)
    assert reply.status_code == 400, reply.text
    assert inner(reply)["code"] == "InvalidSynchronizationSchema"
    assert named in inner(reply)["message"]
    assert graph.ok("GET", f"{job}/schema") == before


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"flowBehavior": "flowWhenChanged"}, "Requested value 'flowWhenChanged' was not found."),
        ({"matchingPriority": "1"}, "matchingPriority"),
        ({"flowType": None}, "flowType"),
        ({"flow_type": "Always"}, "flow_type"),
    ],
)
def test_what_the_types_refuse(
    graph: Graph, job: str, schema: dict[str, Any], changes: dict[str, Any], text: str
) -> None:
    """400 RequestParameterInvalid."""
    _mapping(schema, **changes)
    reply = graph.call("PUT", f"{job}/schema", schema)
    assert (reply.status_code, inner(reply)["code"]) == (400, "RequestParameterInvalid")
    assert text in inner(reply)["message"]


def test_a_get_can_be_put_back(graph: Graph, job: str, schema: dict[str, Any]) -> None:
    """With context, id and version; only the version changes."""
    graph.ok("PUT", f"{job}/schema", schema)
    again = graph.ok("GET", f"{job}/schema")
    assert again.pop("version") != schema.pop("version")
    assert again == schema


def test_ids_that_were_sent_do_not_count(graph: Graph, job: str, schema: dict[str, Any]) -> None:
    """The whole document of another job, larger than the template's, is taken; server-managed parts stay."""
    other = _example("customappsso_full")
    other["directories"][1].update(id="00000000-0000-0000-0000-00000000abcd", readOnly=True, version="9")
    graph.ok("PUT", f"{job}/schema", other)
    stored = graph.ok("GET", f"{job}/schema")
    assert stored["id"] == schema["id"]
    kept = ("id", "readOnly", "version", "discoveryDateTime")
    assert [stored["directories"][1][name] for name in kept] == [schema["directories"][1][name] for name in kept]
    assert len(_users(stored)["attributeMappings"]) == 31


def test_defaults_are_filled_in(graph: Graph, job: str, schema: dict[str, Any]) -> None:
    """A minimal mapping and a minimal attribute, as the pages show them, come back whole."""
    schema["directories"][1]["objects"][0]["attributes"].append({"name": f"{_USER}:shoe"})
    minimal = {"source": {"name": "mail", "type": "Attribute"}, "targetAttributeName": f"{_USER}:shoe"}
    _users(schema)["attributeMappings"].append(minimal)
    graph.ok("PUT", f"{job}/schema", schema)
    stored = graph.ok("GET", f"{job}/schema")
    assert _users(stored)["attributeMappings"][-1] == {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "targetAttributeName": f"{_USER}:shoe",
        "source": {"expression": "[mail]", "name": "mail", "type": "Attribute", "parameters": []},
    }
    assert stored["directories"][1]["objects"][0]["attributes"][-1]["type"] == "String"


def test_expressions_are_respaced_and_trees_made(graph: Graph, job: str, schema: dict[str, Any]) -> None:
    """A source of text only gets its tree."""
    _source(schema, 'Join( ".",[givenName] ,[surname])')
    graph.ok("PUT", f"{job}/schema", schema)
    source = _users(graph.ok("GET", f"{job}/schema"))["attributeMappings"][0]["source"]
    assert source["expression"] == 'Join(".", [givenName], [surname])'
    assert (source["name"], len(source["parameters"])) == ("Join", 3)


def test_a_missing_part_is_erased(graph: Graph, job: str, schema: dict[str, Any]) -> None:
    """PUT replaces; DELETE brings the default back."""
    whole = copy.deepcopy(schema)
    schema["synchronizationRules"][0]["objectMappings"].pop()
    graph.ok("PUT", f"{job}/schema", schema)
    assert len(graph.ok("GET", f"{job}/schema")["synchronizationRules"][0]["objectMappings"]) == 1
    graph.ok("DELETE", f"{job}/schema")
    assert graph.ok("GET", f"{job}/schema")["synchronizationRules"] == whole["synchronizationRules"]


def _watermark(graph: Graph, application: Application, job: str) -> bool:
    jobs = graph.simulator.state()["synchronization"][application.principal_id]["jobs"]
    mark: bool = jobs[job.rpartition("/")[2]]["memory"]["watermark"]
    return mark


@pytest.mark.parametrize("identical", ["restarts", "no_restart"])
def test_a_put_makes_the_next_cycle_initial(
    graph: Graph, application: Application, job: str, schema: dict[str, Any], identical: str
) -> None:
    """An identical one too, or not: a quirk, since no page says it."""
    graph.simulator.quirks(identical_put=identical)
    graph.ok("PUT", f"{application.sync}/secrets", {"value": graph.credentials()})
    graph.ok("POST", f"{job}/start")
    graph.simulator.clock("PT1S")
    assert _watermark(graph, application, job)
    graph.ok("POST", f"{job}/pause")
    graph.ok("PUT", f"{job}/schema", schema)
    assert _watermark(graph, application, job) == (identical == "no_restart")
    _users(schema)["enabled"] = False
    graph.ok("PUT", f"{job}/schema", schema)
    assert not _watermark(graph, application, job)


def test_noise_means_the_same(graph: Graph, job: str) -> None:
    """Every read of a noisy schema differs, may be written back, and then stores what was there."""
    graph.ok("PUT", f"{job}/schema", _example("customappsso_full"))
    plain = graph.ok("GET", f"{job}/schema")
    graph.simulator.quirks(schema_echo="noise")
    reads = [graph.ok("GET", f"{job}/schema") for _unused in range(5)]
    assert len({json.dumps(read) for read in reads}) == 5
    for read in reads:
        csdl.check_output("synchronizationSchema", read)
        assert _meaning(read) == _meaning(plain)
        assert graph.call("PUT", f"{job}/schema", read).status_code == 204
    graph.simulator.quirks(schema_echo="none")
    assert _meaning(graph.ok("GET", f"{job}/schema")) == _meaning(plain)


def _meaning(schema: dict[str, Any]) -> dict[str, Any]:
    """A form without noise, made by other means than the noise: defaults, then sorting by content."""
    clock = Clock()
    whole = completed(schema, {"id": "", "directories": [], "synchronizationRules": []}, clock.now())
    whole.pop("version")
    return json.loads(json.dumps(_sorted(whole)))


def _sorted(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        cleaned = {key: _sorted(item, key) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        items = [_sorted(item) for item in value]
        return items if name == "parameters" else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    if name in ("flowTypes", "discoverabilities"):
        return sorted(part.strip() for part in value.split(","))
    return value


def test_noise_covers_every_documented_difference() -> None:
    """Over some seeds, each kind of difference shows up."""
    clock = Clock()
    schema = completed(
        _example("customappsso_full"), {"id": "", "directories": [], "synchronizationRules": []}, clock.now()
    )
    texts = [json.dumps(echo.with_noise(schema, str(seed), clock.now())) for seed in range(30)]
    together = "".join(texts)
    for sign in (
        '"flowTypes": "Add, Update, Delete"',
        '"flowTypes": "Add,Update,Delete"',
        '"parameters": null',
        '"parameters": []',
        '"targetOperand": null',
        '"targetOperand": {"values": []}',
        '"scope": null',
        '"scope": {}',
        '"defaultValue": ""',
        '"defaultValue": null',
        '"inputFilterGroups": null',
        '"inputFilterGroups": []',
        '"containerFilter": null',
        '"containerFilter": {"includedContainers": []}',
    ):
        assert sign in together, sign
    assert len({text.index("userPrincipalName") for text in texts}) > 1


def test_parse_expression(graph: Graph, job: str) -> None:
    """Good, failing and with input; a body without an expression is refused."""
    properties = [{"key": "givenName", "value": "A"}, {"key": "surname", "value": "B"}]
    body = {"expression": 'Join(".",[givenName], [surname])', "testInputObject": {"properties": properties}}
    answer = graph.ok("POST", f"{job}/schema/parseExpression", body)
    assert (answer["parsingSucceeded"], answer["evaluationResult"]) == (True, ["A.B"])
    assert answer["parsedExpression"]["expression"] == 'Join(".", [givenName], [surname])'
    failed = graph.ok("POST", f"{job}/schema/parseExpression", {"expression": "Join("})
    assert (failed["parsingSucceeded"], failed["parsedExpression"]) == (False, None)
    assert failed["error"]["message"]
    assert graph.call("POST", f"{job}/schema/parseExpression", {}).status_code == 400
    assert graph.call("POST", f"{job}/schema/parseExpression", {"text": "[mail]"}).status_code == 400
