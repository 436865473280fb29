# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.openapi``: write tests/fixtures/graph/openapi.json.

Types come from the official metadata, the calls from the documentation (endpoints.yml, further_calls.yml), sign-in from
its standards (sign_in.yml).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import yaml

from tools.openapi.metadata import FOLDER, Member, Metadata, load
from tools.openapi.paths import Call, paths
from tools.openapi.schemas import components

FILE = FOLDER / "openapi.json"


def description() -> dict[str, Any]:
    """The whole description."""
    further, sign_in = _read("further_calls.yml"), _read("sign_in.yml")
    metadata = _as_documented(load())
    schemas = {**components(metadata), **further["schemas"], **sign_in["schemas"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Microsoft Graph, as far as provisioning needs it",
            "version": "v1.0",
            "description": "Made by python -m tools.openapi from the official metadata and the documented calls.",
        },
        "paths": {**paths(metadata, calls(further)), **sign_in["paths"]},
        "components": {"schemas": schemas, "responses": {"refused": further["refused"]}},
    }


def calls(further: dict[str, Any]) -> list[Call]:
    """Every documented call that can be made, with what is said of its shape."""
    known = _read("endpoints.yml")
    listed = [*known["synchronization"], *known["related"], *further["calls"]]
    shapes: dict[str, Any] = further["shapes"]
    unknown = shapes.keys() - {call["call"] for call in listed}
    if unknown:
        raise LookupError(f"Shapes of calls that are not listed: {sorted(unknown)}")
    return [
        {**call, **shapes.get(call["call"], {})}
        for call in listed
        if "unavailable" not in call or call["call"] in shapes
    ]


def text() -> str:
    """The file's content."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def _as_documented(metadata: Metadata) -> Metadata:
    deviations = _read("deviations.yml")
    for name, added in deviations["properties"].items():
        metadata.structures[name].members |= {one: Member(type_name, False, True) for one, type_name in added.items()}
    for name, added in deviations["members"].items():
        one = metadata.enumerations[name]
        metadata.enumerations[name] = replace(one, members=(*one.members, *added))
    return metadata


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
