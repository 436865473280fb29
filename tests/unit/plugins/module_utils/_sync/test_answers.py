# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of answers says what the official metadata says, and every call has its row."""

from __future__ import annotations

import pathlib
import typing as t
import xml.etree.ElementTree as ET

import pytest
import yaml
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._sync import answers, endpoints
from ansible_collections.entra.provisioning.tests.unit.examples import example

GRAPH = pathlib.Path(__file__).parents[5] / "tests" / "fixtures" / "graph"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
# What only beta has, by its reference pages, and one official type that has another use elsewhere.
BETA: dict[str, dict[str, str]] = {
    "objectConnection": {"objectId": "Edm.String", "sourceAnchor": "Edm.String", "targetAnchor": "Edm.String"},
    "statusBase": {
        "status": "provisioningResult",
        "errorCode": "Edm.String",
        "reason": "Edm.String",
        "recommendedAction": "Edm.String",
    },
    "provisioningObjectSummary": {"action": "provisioningAction", "statusInfo": "statusBase"},
    "apiExpression": {"key": "Edm.String", "value": "Edm.String"},
    "attributeDefinition": {"apiExpressions": "Collection(apiExpression)"},
    # The answers of the service were seen to have JSON in the place of texts.
    "stringKeyStringValuePair": {"key": "Edm.Untyped", "value": "Edm.Untyped"},
}
ENDPOINTS = {name: one for name, one in vars(endpoints).items() if isinstance(one, Endpoint)}


def _official() -> dict[str, dict[str, str]]:
    """Return the members of every type, those of its base types too."""
    own: dict[str, dict[str, str]] = {}
    bases: dict[str, str] = {}
    for name in ("synchronization", "directory"):
        schema = ET.parse(GRAPH / f"{name}.csdl.xml").getroot().find(f".//{EDM}Schema")
        assert schema is not None
        for one in [*schema.findall(f"{EDM}ComplexType"), *schema.findall(f"{EDM}EntityType")]:
            members = own.setdefault(one.attrib["Name"], {})
            for kind in ("Property", "NavigationProperty"):
                members.update({each.attrib["Name"]: _plain(each.attrib["Type"]) for each in one.findall(EDM + kind)})
            bases[one.attrib["Name"]] = _plain(one.get("BaseType", ""))
    deviations = yaml.safe_load((GRAPH / "deviations.yml").read_text("utf-8"))["properties"]
    for added in (deviations, BETA):
        for name, more in added.items():
            own[name] = {**own.get(name, {}), **more}
    whole = {}
    for name in own:
        members, base = dict(own[name]), bases.get(name, "")
        while base:
            members = {**own.get(base, {}), **members}
            base = bases.get(base, "")
        whole[name] = members
    return whole


def _plain(kind: str) -> str:
    return kind.replace("microsoft.graph.", "").replace("graph.", "")


OFFICIAL = _official()


@pytest.mark.parametrize("name", answers.TYPES)
def test_a_type_is_the_official_one(name: str) -> None:
    known = answers.TYPES[name]
    assert {member: OFFICIAL[name].get(member) for member in known.members} == known.members
    assert set(known.needs) <= set(known.members)


def test_every_type_inside_another_is_known_or_a_plain_value() -> None:
    inside = {
        kind.removeprefix("Collection(").rstrip(")") for one in answers.TYPES.values() for kind in one.members.values()
    }
    structured = set(OFFICIAL)
    assert inside & structured <= set(answers.TYPES)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_call_says_what_it_gives(name: str) -> None:
    gives = ENDPOINTS[name].gives
    assert gives.form in ("record", "list", "nothing", "204")
    if gives.form in ("record", "list"):
        assert gives.types[gives.type].many if gives.is_list else gives.types[gives.type].one, gives.type
    if ENDPOINTS[name].method == "GET":
        assert gives.form in ("record", "list")
        assert gives.is_list is (not ENDPOINTS[name].path.endswith(("}", "')", "/schema", "/identitySynchronization")))


@pytest.mark.parametrize(
    "name", ["customappsso_full", "customappsso_default", "api2aad_inbound", "ad2aad_cloud_sync_excerpt"]
)
def test_realistic_schemas_pass(name: str) -> None:
    assert endpoints.SCHEMA_GET.gives.wrong(example(name), 200) == ""


def test_realistic_jobs_and_templates_pass() -> None:
    jobs: dict[str, t.Any] = example("job_examples")
    assert {
        name: endpoints.JOB_GET.gives.wrong(one, 200)
        for name, one in jobs.items()
        if isinstance(one, dict) and "id" in one
    }
    for name, one in jobs.items():
        if isinstance(one, dict) and "id" in one:
            assert endpoints.JOB_GET.gives.wrong(one, 200) == "", name
    for name, one in example("templates_list_examples").items():
        if isinstance(one, dict) and "value" in one:
            assert endpoints.TEMPLATE_LIST.gives.wrong(one, 200) == "", name
