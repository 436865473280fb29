# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard against what happens: no edit after which fewer people can sign in passes without consent.

Each edit is carried out by the engine of the simulator, in a cycle against the real SCIM server with people in it. The
other way round need not hold: an edit may need consent and hit nobody here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.engine_world import World
from tests.faults.in_process import plugin
from tests.graphsim.engine import lifecycle
from tests.graphsim.engine.target import Target, start_target
from tests.harness.wider import mostly

Schema = dict[str, Any]
DOCUMENTS = ("customappsso_default.json", "customappsso_full.json", "customappsso_full.server_echo.json")
CONSTANTS = ("False", "True", "", "x")


def _constant(value: str) -> dict[str, Any]:
    return {"expression": f'"{value}"', "name": value, "type": "Constant", "parameters": []}


def _attribute(name: str) -> dict[str, Any]:
    return {"expression": f"[{name}]", "name": name, "type": "Attribute", "parameters": []}


def _nobody() -> dict[str, Any]:
    clause = {
        "sourceOperandName": "department",
        "operatorName": "EQUALS",
        "targetOperand": {"values": ["Nowhere"]},
    }
    return {"groups": [{"name": "Nobody", "clauses": [clause]}]}


def _users(schema: Schema) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in schema["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"].lower() == "user"
    )
    return found


def _edits_of_mappings(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Every attribute mapping of people to constants, to another attribute, to a default, and away."""
    for number, mapping in enumerate(_users(schema)["attributeMappings"]):
        name = mapping["targetAttributeName"]
        for value in CONSTANTS:
            edited = copy.deepcopy(schema)
            _users(edited)["attributeMappings"][number]["source"] = _constant(value)
            yield f"{name} is the constant {value!r}", edited
        edited = copy.deepcopy(schema)
        _users(edited)["attributeMappings"][number] |= {"source": _attribute("jobTitle"), "defaultValue": "False"}
        yield f"{name} is jobTitle or a default", edited
        edited = copy.deepcopy(schema)
        del _users(edited)["attributeMappings"][number]
        yield f"{name} is not mapped", edited


def _edits_of_more(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Scope, matching, flow types, and what is switched off or goes."""

    def edited(**members: Any) -> Schema:
        document = copy.deepcopy(schema)
        _users(document).update(members)
        return document

    yield "a scope of nobody", edited(scope=_nobody())
    for flow in ("Add", "Update", "Delete", "None"):
        yield f"the flow {flow} alone", edited(flowTypes=flow)
    yield "object mapping off", edited(enabled=False)
    swapped = copy.deepcopy(schema)
    for mapping in _users(swapped)["attributeMappings"]:
        mapping["matchingPriority"] = int(mapping["targetAttributeName"] == "displayName")
    yield "matched by the display name", swapped
    gone = copy.deepcopy(schema)
    gone["synchronizationRules"][0]["objectMappings"].remove(_users(gone))
    yield "no object mapping", gone
    off = copy.deepcopy(schema)
    off["synchronizationRules"] = []
    yield "no rule", off


# By their kind, and which of them: every seventh of many, or all.
EDITS = {"mappings": (7, 1), "more": (1,)}


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A SCIM server."""
    running = start_target()
    yield running
    running.stop()


def _active(world: World) -> set[str]:
    return {name for name, one in world.resources().items() if one.get("active", True)}


def _world(document: str, target: Target | None = None) -> World:
    """A job that takes everybody: the documents have scopes of their own."""
    world = World(target, document)
    _users(world.context.schema).pop("scope", None)
    return world


def _provisioned(target: Target, document: str) -> World:
    """A job that has provisioned three people, and runs on."""
    world = _world(document, target)
    world.start()
    world.cycle()
    assert _active(world) == {"ann", "bob", "cem"}
    return world


def _after(world: World, schema: Schema) -> set[str]:
    """Who can sign in after the job has run with another schema, and once more."""
    world.context.schema = copy.deepcopy(schema)
    lifecycle.schema_changed(world.job, world.memory, world.context.now)
    world.run()
    world.run()
    return _active(world)


@pytest.mark.parametrize(
    ("document", "edits", "step"),
    mostly(
        [(one, edits, step) for one in DOCUMENTS for edits, steps in EDITS.items() for step in steps],
        [*((one, "more", 1) for one in DOCUMENTS), (DOCUMENTS[0], "mappings", 7)],
        "All edits of mappings, of which make test takes some, and the same in larger documents.",
    ),
)
def test_who_can_no_longer_sign_in_was_guarded(target: Target, document: str, edits: str, step: int) -> None:
    diff = plugin("module_utils._schema.diff")
    hit, unguarded = [], []
    schema = _world(document).context.schema
    made = list(_edits_of_mappings(schema) if edits == "mappings" else _edits_of_more(schema))
    # What says who can sign in always.
    for name, edited in [
        one for n, one in enumerate(made) if n % step == 0 or one[0].startswith("active is the const")
    ]:
        world = _provisioned(target, document)
        before = copy.deepcopy(world.context.schema)
        risks = {one.risk for one in diff.difference(before, copy.deepcopy(edited))}
        left = _after(world, edited)
        if not left >= {"ann", "bob", "cem"}:
            hit.append(name)
            if not risks & set(diff.GUARDED):
                unguarded.append((name, left, risks))
    assert unguarded == []
    # A test that never hurts anybody proves nothing.
    assert {"active is the constant 'False'", "a scope of nobody"} & set(hit)


def test_settings_after_which_nobody_can_sign_in_are_guarded(target: Target) -> None:
    """Nobody is assigned."""
    before, after = {"SyncAll": "true"}, {"SyncAll": "false"}
    world = _provisioned(target, "customappsso_default.json")
    assert before.items() <= world.context.secrets.items()
    world.context.secrets.update(after)
    world.restart("Watermark")
    world.run()
    world.run()
    assert _active(world) == set()
    table = plugin("module_utils._sync.settings").GUARDED
    told = [(risk, [row.read(one.get(row.key)) for one in (before, after)]) for row, risk in table]
    assert [risk.name for risk, values in told if risk.is_meant(*values)] == ["scope"]
