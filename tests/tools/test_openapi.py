# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI description: made from what lies beside it, and strict enough to judge by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tools.openapi import metadata
from tools.openapi.__main__ import FILE, text
from tools.openapi.metadata import FOLDER, Enumeration, Member, Metadata, Structure
from tools.openapi.paths import paths
from tools.openapi.schemas import components

DESCRIPTION = json.loads(FILE.read_text("utf-8"))
EXAMPLES = FOLDER / "examples"
SCHEMAS = sorted(path.name for path in EXAMPLES.glob("*.json") if path.name.startswith(("custom", "api2", "ad2")))


def errors(schema: dict[str, Any], value: Any) -> list[str]:
    """What jsonschema says of a value."""
    validator = Draft202012Validator({**schema, "components": DESCRIPTION["components"]})
    found = [best_match([one]) for one in validator.iter_errors(value)]
    return [f"{one.json_path}: {one.message}" for one in found]


def of(name: str) -> dict[str, Any]:
    """The schema of a type."""
    return {"$ref": f"#/components/schemas/{name}"}


def test_the_file_is_what_the_generator_writes() -> None:
    assert FILE.read_text("utf-8") == text(), "run: python -m tools.openapi"


@pytest.mark.parametrize("name", SCHEMAS)
def test_realistic_schemas_are_allowed(name: str) -> None:
    assert errors(of("synchronizationSchema"), json.loads((EXAMPLES / name).read_text("utf-8"))) == []


def test_realistic_jobs_templates_and_secrets_are_allowed() -> None:
    jobs = json.loads((EXAMPLES / "job_examples.json").read_text("utf-8"))
    assert [text for job in jobs.values() for text in errors(of("synchronizationJob"), job)] == []
    answer = paths(metadata.load(), [{"call": "GET /applications/{app}/synchronization/templates", "api": "v1.0"}])
    listed = answer["/applications/{app}/synchronization/templates"]["get"]["responses"]["200"]
    # The names of metadata that live samples carry are in the description, not in the metadata.
    templates = json.loads((EXAMPLES / "templates_list_examples.json").read_text("utf-8"))
    schema = listed["content"]["application/json"]["schema"]
    assert [text for listing in templates.values() for text in errors(schema, listing)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronizationJob", {"Id": "x"}),
        ("synchronizationJob", {"schedule": {"state": "active"}}),
        ("synchronizationJob", {"schedule": {"interval": "40 minutes"}}),
        ("synchronizationStatus", {"countSuccessiveCompleteFailures": "0"}),
        ("synchronizationStatus", {"countSuccessiveCompleteFailures": 2**63}),
        ("objectMapping", {"flowTypes": ["Add"]}),
        ("objectMapping", {"flowTypes": "Add,Change"}),
        ("objectMapping", {"enabled": None}),
        ("attributeMapping", {"matchingPriority": 1.5}),
        ("directoryDefinition", {"discoveryDateTime": "yesterday"}),
        ("synchronizationTemplate", {"applicationId": "none"}),
        ("synchronizationRule", {"objectMappings": {}}),
        ("error", {"error": {"message": "no code"}}),
    ],
)
def test_what_the_types_do_not_have_is_not_allowed(name: str, value: dict[str, Any]) -> None:
    assert len(errors(of(name), value)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronizationJob", {"@odata.context": "x", "schema@odata.navigationLink": "y", "id": "x"}),
        ("objectMapping", {"flowTypes": "Add, Update,Delete"}),
        ("objectMapping", {"scope": None}),
        ("user", {"extension_a_b": "open types take anything"}),
        ("synchronizationProgress", {"progressObservationDateTime": "2026-01-02T03:04:05.1234567Z"}),
    ],
)
def test_what_the_types_have_is_allowed(name: str, value: dict[str, Any]) -> None:
    assert errors(of(name), value) == []


def test_calls_below_the_metadata_are_refused() -> None:
    for call in ("GET /servicePrincipals/{sp}/nonsense", "POST /applications/{app}/synchronization/jobs/{job}/halt"):
        with pytest.raises(LookupError, match="nonsense|halt"):
            paths(metadata.load(), [{"call": call, "api": "v1.0"}])


def test_a_call_of_beta_is_served_there_alone() -> None:
    found = paths(metadata.load(), [{"call": "GET /organization", "api": "beta"}])
    assert found["/organization"]["get"]["servers"] == [{"url": "https://graph.microsoft.com/beta"}]


def test_types_are_read_with_their_bases(tmp_path: Path) -> None:
    file = tmp_path / "some.xml"
    file.write_text(
        """<Edmx><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm">
        <EnumType Name="colour" IsFlags="true"><Member Name="red" /><Member Name="blue" /></EnumType>
        <EntityType Name="base" OpenType="true"><Property Name="id" Type="Edm.String" Nullable="false" /></EntityType>
        <EntityType Name="thing" BaseType="graph.base">
          <Property Name="colours" Type="Collection(graph.colour)" /></EntityType>
        </Schema></Edmx>"""
    )
    found = metadata.load((file,))
    assert found == Metadata(
        structures={
            "base": Structure(None, True, {"id": Member("Edm.String", False, False)}),
            "thing": Structure("base", False, {"colours": Member("colour", True, True)}),
        },
        enumerations={"colour": Enumeration(("red", "blue"), True)},
    )
    thing = components(found)["thing"]
    assert list(thing["properties"]) == ["id", "colours"]
    assert thing["additionalProperties"] is True
