# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that change mappings, what they sent and stored, and which parts of a schema differ to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.faults.cases import NAME
from tests.harness.simulator import Simulator

Schema = dict[str, Any]
MODULE = "entra.provisioning.sync_schema"
SCHEMA_PATH = r"/synchronization/jobs/[^/]+/schema$"
_SIGNING_IN = ("/token", "/openid-configuration")
_FILTERS = ("groups", "inputFilterGroups", "categoryFilterGroups")


def task(name: str = NAME, module: str = MODULE, **options: Any) -> dict[str, Any]:
    """A task of that name on the application of that name; its failure does not end the play."""
    words = {key: options.pop(key) for key in ("check_mode", "diff") if key in options}
    return {"name": name, module: {"display_name": name, **options}, "ignore_errors": True, **words}


def users(*attributes: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """The option object_mappings with one entry, for people."""
    return [{"source": "User", **({"attributes": list(attributes)} if attributes else {}), **more}]


def clause(attribute: str, operator: str, *values: str) -> dict[str, Any]:
    """A clause in shorthand."""
    return {"attribute": attribute, "operator": operator, **({"values": list(values)} if values else {})}


def group(name: str, *clauses: dict[str, Any]) -> dict[str, Any]:
    """A group of a scoping filter in shorthand."""
    return {"name": name, "clauses": list(clauses)}


def synchronization(simulator: Simulator, name: str = NAME) -> Schema:
    """What the service holds of an application: templates, jobs, secrets."""
    state = simulator.state()
    (principal,) = (one["id"] for one in state["servicePrincipals"] if one["displayName"] == name)
    found: Schema = state["synchronization"][principal]
    return found


def job(simulator: Simulator, name: str = NAME) -> Schema:
    """The only job of an application, with its schema."""
    (found,) = synchronization(simulator, name)["jobs"].values()
    return dict(found)


def stored(simulator: Simulator, name: str = NAME) -> Any:
    """The schema of the only job of an application; None while it is the template's."""
    return job(simulator, name)["schema"]


def puts(simulator: Simulator, since: int = 0) -> list[dict[str, Any]]:
    """The schemas that were sent, by the requests that carried them."""
    return [one for one in simulator.requests(since) if one["method"] == "PUT" and one["path"].endswith("/schema")]


def steps(simulator: Simulator, since: int = 0) -> list[str]:
    """Every request but signing in, as the verb and the last word of the path: "GET schema", "POST pause"."""
    requests = [one for one in simulator.requests(since) if not one["path"].endswith(_SIGNING_IN)]
    return [f"{one['method']} {_word(one['path'])}" for one in requests]


def _word(path: str) -> str:
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return "job" if last.count(".") == 2 else last


def altered(before: Schema, after: Schema) -> set[str]:
    """Which parts of a schema do not go back byte for byte, in their order; parts are told by `_parts`."""
    old, new = dict(_parts(before)), dict(_parts(after))
    assert [name for name in old if name in new] == [name for name in new if name in old], "the order is another"
    return {name for name in {**old, **new} if old.get(name) != new.get(name)}


def _parts(schema: Schema) -> Iterator[tuple[str, str]]:
    yield from _plain("schema", schema, "synchronizationRules", "directories")
    for rule in schema["synchronizationRules"]:
        yield from _plain("rule", rule, "objectMappings")
        for mapping in rule["objectMappings"]:
            yield from _mapping(mapping)
    for directory in schema["directories"]:
        yield from _plain(directory["name"], directory, "objects")
        for one in directory["objects"]:
            name = f"{directory['name']} / {_short(one['name'])}"
            yield from _plain(name, one, "attributes")
            yield from ((f"{name} / {item['name']}", json.dumps(item)) for item in one["attributes"])


def _mapping(mapping: Schema) -> Iterator[tuple[str, str]]:
    name = f"{_short(mapping['sourceObjectName'])} → {_short(mapping['targetObjectName'])}"
    yield from _plain(name, mapping, "attributeMappings", "scope")
    by_target: dict[str, list[Schema]] = {}
    for one in mapping["attributeMappings"]:
        by_target.setdefault(one["targetAttributeName"], []).append(one)
    yield from ((f"{name} / {target}", json.dumps(found)) for target, found in by_target.items())
    scope = mapping.get("scope") or {}
    for kind in _FILTERS:
        for one in scope.get(kind) or []:
            yield f"{name} / {kind} / {one.get('name')}", json.dumps(one)
    if not any(scope.get(kind) for kind in _FILTERS):
        yield f"{name} / scope", json.dumps(mapping.get("scope", "none"))


def _plain(name: str, record: Schema, *inner: str) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}.{key}", json.dumps(value)) for key, value in record.items() if key not in inner)


def _short(name: str) -> str:
    return name.rsplit(":", 1)[-1]
