# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schemas are written only where their meaning differs."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import schemas
from ansible_collections.entra.provisioning.plugins.module_utils._sync.schemas import checked_document
from ansible_collections.entra.provisioning.tests.unit.doubles import answer
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.schema_service import NEVER_RAN, SCHEMA, SP, SYNC, SchemaService

FULL = example("customappsso_full")


def test_the_echo_is_not_written_back() -> None:
    service = SchemaService(example("customappsso_full.server_echo"))
    result = service.run(schema=FULL)
    assert (result["changed"], result["changes"], result["risks"]) == (False, [], [])
    assert service.calls() == ["GET jobs", "GET schema"]
    assert "changed_by_service" not in result


def test_a_document_is_written_once_and_whole() -> None:
    service = SchemaService(example("customappsso_default"))
    result = service.run(schema=FULL)
    assert result["changed"] is True
    # The functions in one batch; the log, since nobody has accounts of a job that has not run as far as it tells; the
    # schema once more right before the write, and once after it.
    assert service.calls() == [
        *("GET jobs", "GET schema", "POST $batch"),
        *("GET provisioning", "GET schema", "PUT schema", "GET schema"),
    ]
    assert "scope" in result["risks"]
    assert result["changed_by_service"] == []
    assert service.run(schema=FULL)["changed"] is False


def test_check_mode_says_what_the_run_does() -> None:
    service = SchemaService(example("customappsso_default"))
    planned = service.run(check_mode=True, schema=FULL)
    assert service.calls() == ["GET jobs", "GET schema", "POST $batch", "GET provisioning"]
    done = service.run(schema=FULL)
    same = ("changes", "diff", "risks", "differences")
    assert [planned[key] for key in same] == [done[key] for key in same]
    assert "changed_by_service" not in planned


def test_a_refused_write_changed_nothing() -> None:
    service = SchemaService(example("customappsso_default"))
    service.routes["PUT", SCHEMA] = answer(400, {"error": {"code": "Bad"}})
    result = service.run(schema=FULL)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "changes were made" not in result["msg"]


def test_a_write_that_is_never_seen_is_told() -> None:
    service = SchemaService(example("customappsso_default"))
    service.routes["PUT", SCHEMA] = answer(204)
    result = service.run(schema=FULL)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "the service accepts it, but " in result["msg"]
    assert "it cannot be seen, it is as before: " in result["msg"]


def test_the_default_is_that_of_the_template() -> None:
    service = SchemaService(example("customappsso_full"))
    assert service.run(state="default")["changed"] is True
    assert "DELETE" in service.http.verbs()
    assert service.run(state="default")["changed"] is False
    assert "DELETE" not in service.http.verbs()


def test_a_given_id_costs_no_read_of_the_job() -> None:
    service = SchemaService(example("customappsso_default"))
    assert service.run(job_id="scim.1", state="default")["changed"] is False
    assert service.calls() == ["GET schema", "GET schema"]


def test_a_job_that_is_not_there_is_told_with_the_way_to_make_one() -> None:
    service = SchemaService(example("customappsso_default"))
    result = service.run(job_id="scim.9", object_mappings=[])
    assert result["error"]["status"] == 404
    assert "no synchronization job scim.9" in result["msg"]
    assert "sync_job makes one" in result["msg"]


def test_the_schema_of_a_job_to_come_is_that_of_its_template() -> None:
    service = SchemaService(example("customappsso_full"))
    service.routes["GET", f"{SYNC}/jobs"] = {"value": []}
    service.routes["GET", f"{SYNC}/templates"] = {"value": [{"id": "scim"}]}
    wish = {"source": "User", "attributes": [{"target": "title", "state": "absent"}]}
    result = service.run(check_mode=True, object_mappings=[wish])
    assert result["changes"] == ["User → User / title: removed (was [jobTitle])"]
    assert service.calls() == ["GET jobs", "GET templates", "GET schema"]


@pytest.mark.parametrize(
    ("job", "template"),
    [
        (NEVER_RAN, "scim"),
        ({"id": "AD2AADProvisioning.1.2", "templateId": "ADDCInPassthrough"}, "AD2AADProvisioning"),
        ({"id": ".odd", "templateId": "scim"}, "scim"),
    ],
)
def test_a_job_is_made_from_the_template_that_its_id_names(job: t.Any, template: str) -> None:
    assert schemas.template_of(job) == template


def test_another_job_that_does_not_exist_is_told() -> None:
    service = SchemaService(example("customappsso_default"))
    where = {"service_principal_id": SP.id, "template_id": "other"}
    with pytest.raises(ProvisioningError, match="which from_job names, has no such synchronization job"):
        schemas.of_other_job(service.task(from_job=where), where)


@pytest.mark.parametrize("part", ["synchronizationRules", "directories"])
@pytest.mark.parametrize("value", [None, "missing", {}, []])
def test_half_a_schema_is_refused_before_anything_is_sent(part: str, value: t.Any) -> None:
    document = copy.deepcopy(example("customappsso_full"))
    if value == "missing":
        del document[part]
    else:
        document[part] = value
    with pytest.raises(BadInput, match=f"nothing under {part}"):
        checked_document(document, "schema")
    service = SchemaService(example("customappsso_full"))
    assert service.run(schema=document)["failed"] is True
    assert service.http.sent == []


@pytest.mark.parametrize("document", [None, {}, []])
def test_nothing_is_no_schema(document: t.Any) -> None:
    with pytest.raises(BadInput):
        checked_document(document, "schema")


def _paths(place: schemas.Place) -> list[str]:
    calls = [place.get, place.put({"a": 1}), place.reset, place.parse({"b": 2}), place.functions, place.operators]
    assert (calls[1].body, calls[3].body) == ({"a": 1}, {"b": 2})
    assert [one.body for one in (calls[0], calls[2], calls[4], calls[5])] == [None] * 4
    return [f"{one.endpoint.method} {one.path.removeprefix(SYNC)}" for one in calls]


def test_where_the_schema_of_a_job_lives() -> None:
    service = SchemaService(example("customappsso_full"))
    place = schemas.place_of_job(service.task(state="default"), SP, NEVER_RAN)
    assert place.name == "Contoso SCIM.scim.1"
    assert _paths(place) == [
        "GET /jobs/scim.1/schema",
        "PUT /jobs/scim.1/schema",
        "DELETE /jobs/scim.1/schema",
        "POST /jobs/scim.1/schema/parseExpression",
        "GET /jobs/scim.1/schema/functions",
        "GET /jobs/scim.1/schema/filterOperators",
    ]
    assert place.template() == example("customappsso_default")


def test_where_that_of_a_job_to_come_lives() -> None:
    service = SchemaService(example("customappsso_full"))
    service.routes["GET", f"{SYNC}/templates"] = {"value": [{"id": "scim"}, {"id": "other"}]}
    place = schemas.place_of_job(service.task(state="default", template_id="scim"), SP, None)
    assert place.name == "Contoso SCIM.scim"
    assert _paths(place) == [
        "GET /templates/scim/schema",
        "PUT /jobs/%3Cnew%20job%3E/schema",
        "DELETE /jobs/%3Cnew%20job%3E/schema",
        "POST /templates/scim/schema/parseExpression",
        "GET /templates/scim/schema/functions",
        "GET /templates/scim/schema/filterOperators",
    ]
    assert place.template() == example("customappsso_default")
