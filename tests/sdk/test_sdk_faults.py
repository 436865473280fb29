# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the SDK itself, and what it lacks. Each test expects the fault, as a client of this API meets it.

A test that fails here is good news: the SDK was repaired. Then the test becomes one of the right behaviour, and what
the other modules do to get around the fault goes.
"""

from __future__ import annotations

import json
from importlib.metadata import requires, version
from typing import Any

import pytest
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.provisioning_step_type import ProvisioningStepType
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_job_restart_criteria import SynchronizationJobRestartCriteria
from msgraph.generated.models.synchronization_job_restart_scope import SynchronizationJobRestartScope
from msgraph.generated.models.synchronization_schema import SynchronizationSchema
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem

from tests.sdk.application import Application, instantiate
from tests.sdk.bodies import Restart
from tests.sdk.client import Client
from tests.sdk.reading import differences

pytestmark = pytest.mark.anyio

PACKAGES = ("msgraph-sdk", "msgraph-core", "microsoft-kiota-serialization-json")
GALLERY_WITH_OWN_METADATA = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"


def known(fault: str, source: str, *, there: bool) -> None:
    """Expect a fault of the SDK.

    :param source: where it is public.
    :param there: whether it has shown itself.
    """
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("msgraph-sdk", "msgraph-core", "microsoft-kiota-serialization-json")
    )
    assert there, f"Gone in {packages}: {fault} ({source}). Change this test to expect the right behaviour."


def _json(model: Any) -> Any:
    """What the SDK writes for a model."""
    writer = JsonSerializationWriter()
    writer.write_object_value(None, model)
    return json.loads(writer.get_serialized_content())


async def test_a_schema_is_changed_by_patch(job: Application) -> None:
    """The service knows PUT only; what the SDK sends is as unknown to it as here."""
    schema = await job.client.read(job.job.schema.get())
    with pytest.raises(ODataError) as caught:
        await job.job.schema.patch(schema)
    known(
        "a schema is updated by PATCH, which the service does not have",
        "msgraph-sdk-python issue 820, msgraph-metadata issue 676",
        there="No HTTP resource was found" in caught.value.error.message and not hasattr(job.job.schema, "put"),
    )
    assert caught.value.response_status_code == 404
    assert job.stored["schema"] is None


async def test_a_schema_can_be_put_by_hand(job: Application) -> None:
    """Around the fault: PUT of the JSON, through the SDK's own adapter; what was written is read back typed."""
    await job.client.read(job.job.schema.get())
    document = {name: value for name, value in job.client.raw.items() if name != "@odata.context"}
    groups = document["synchronizationRules"][0]["objectMappings"][0]
    groups.update(enabled=False, flowTypes="Add,Update")
    await _put(job, json.dumps(document).encode())
    read = await job.client.read(job.job.schema.get())
    mapping = ((read.synchronization_rules or [])[0].object_mappings or [])[0]
    assert (mapping.enabled, [one.value for one in mapping.flow_types or []]) == (False, ["Add", "Update"])
    assert differences(read, {**job.stored["schema"], "id": job.job_id}) == []


async def _put(job: Application, content: bytes) -> None:
    request: RequestInformation = job.job.schema.to_get_request_information()
    request.http_method = Method.PUT
    request.set_stream_content(content, "application/json")
    await job.client.adapter.send_no_response_content_async(request, {"XXX": ODataError})


async def test_flags_are_not_written(job: Application) -> None:
    """Models have lists for flags, but the writer for a single value leaves a list out."""
    source = "microsoft/kiota issue 3238; kiota-python issue 515 is about reading and is repaired"
    full = SynchronizationJobRestartCriteria(reset_scope=[SynchronizationJobRestartScope.Full])
    await job.job.restart.post(Restart(criteria=full))
    sent = job.client.simulator.requests()[-1]["body"]
    known("the resetScope of a restart is not sent", source, there=sent == {"criteria": {}})
    schema = await job.client.read(job.job.schema.get())
    written = _json(schema)
    mappings = written["synchronizationRules"][0]["objectMappings"]
    known("flowTypes are not written", source, there=all("flowTypes" not in one for one in mappings))
    directories = written["directories"]
    known("discoverabilities are not written", source, there=all("discoverabilities" not in one for one in directories))


async def test_the_round_trip_of_a_schema_loses(job: Application) -> None:
    """A schema that the SDK has read and writes unchanged is another schema."""
    narrow = await _narrowed(job)
    await _put(job, json.dumps(_json(narrow)).encode())
    (rule,) = job.stored["schema"]["synchronizationRules"]
    known(
        "the round trip of a schema gives every object mapping its default flows back",
        "microsoft/kiota issue 3238",
        there=[one["flowTypes"] for one in rule["objectMappings"]] == ["Add,Update,Delete"] * 2,
    )
    known(
        "null is not written",
        "kiota-python, json_serialization_writer.py: a member that is None is left out",
        there="defaultValue"
        not in _json(narrow)["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0],
    )


async def _narrowed(job: Application) -> SynchronizationSchema:
    """The schema, after its mappings were made to add only."""
    await job.client.read(job.job.schema.get())
    document = {name: value for name, value in job.client.raw.items() if name != "@odata.context"}
    for mapping in document["synchronizationRules"][0]["objectMappings"]:
        mapping["flowTypes"] = "Add"
    await _put(job, json.dumps(document).encode())
    return await job.client.read(job.job.schema.get())


async def test_keys_of_metadata_outside_the_enum_are_lost(client: Client) -> None:
    """The live service has more keys than its metadata, and the models have an enum."""
    application = await instantiate(client, template=GALLERY_WITH_OWN_METADATA)
    templates = await application.sync.templates.get()
    keys = [one.key.value if one.key else None for one in (templates.value or [])[0].metadata or []]
    known(
        "the key of a metadata entry that is not in the enum is read as None",
        'Entra page "Configure cross-tenant synchronization using Microsoft Graph API", its sample of templates',
        there=keys == ["GalleryApplicationIdentifier", "GalleryApplicationKey", None, None, "IsOAuthEnabled"],
    )
    assert [one["key"] for one in client.raw["value"][0]["metadata"]][2:4] == [
        "SyncPolicy",
        "SupportedAuthenticationTypes",
    ]


async def test_steps_of_the_import_have_no_type(job: Application) -> None:
    """The member of the enum is Import_, since import is a word of Python; the reader looks for Import."""
    await job.assign(job.client.simulator.state()["users"][0]["id"])
    await job.job.start.post()
    job.client.simulator.clock("PT1H")
    logs = await job.client.graph.audit_logs.provisioning.get()
    steps = [step for one in logs.value or [] for step in one.provisioning_steps or []]
    raw = [step for one in job.client.raw["value"] for step in one["provisioningSteps"]]
    read = {told["provisioningStepType"]: step.provisioning_step_type for told, step in zip(raw, steps)}
    known(
        "provisioningStepType import is read as None",
        "kiota-python, json_parse_node.py: get_enum_value knows of none as the only reserved word",
        there=read["import"] is None,
    )
    assert read["scoping"] is ProvisioningStepType.Scoping


async def test_what_there_is_no_method_for(job: Application) -> None:
    """Documented or used by Entra pages, and not in the SDK."""
    known(
        "secrets cannot be listed",
        'used in the Entra page "Skip deletion of user accounts that go out of scope"; the SDK has PUT alone',
        there=not hasattr(job.sync.secrets, "get"),
    )
    known(
        "bulkUpload cannot be posted",
        'page "synchronizationJob: bulkUpload"',
        there=not hasattr(job.job.bulk_upload, "post"),
    )
    by_app_id = job.client.graph.service_principals_with_app_id(str(job.instance.application.app_id))
    known(
        "there is no synchronization below a service principal by its appId",
        "msgraph-sdk-python issue 961",
        there=not hasattr(by_app_id, "synchronization"),
    )


async def test_a_dependency_is_not_declared() -> None:
    """Without it, $batch cannot be imported; requirements-sdk.txt asks for it instead."""
    needed = [one.lower() for one in requires("msgraph-core") or []]
    known(
        "msgraph-core imports deprecated and does not require it",
        "msgraph-sdk-python-core issue 1030",
        there=not any(one.startswith("deprecated") for one in needed),
    )


async def test_the_order_of_a_batch_is_lost(job: Application) -> None:
    """The member is sent as ``depends_on``, which no service knows: what depends on a failure is carried out."""
    content = BatchRequestContent()
    none = job.sync.jobs.by_synchronization_job_id("none")
    content.add_request("failing", BatchRequestItem(none.to_get_request_information(), "failing"))
    content.add_request("after", BatchRequestItem(job.job.to_get_request_information(), "after", ["failing"]))
    answers = await job.client.graph.batch.post(content)
    known(
        "dependsOn of a batch is written as depends_on",
        "msgraph-core 1.5.2, requests/batch_request_item.py",
        there=answers.get_response_status_codes() == {"failing": 404, "after": 200},
    )


async def test_answers_in_a_batch_cannot_be_read(job: Application) -> None:
    """They lose their bodies, and then the reader fails on what is left."""
    content = BatchRequestContent()
    content.add_request("one", BatchRequestItem(job.job.to_get_request_information(), "one"))
    answers = await job.client.graph.batch.post(content)
    assert answers.get_response_status_codes() == {"one": 200}
    try:
        lost = answers.get_response_by_id("one", SynchronizationJob) is None
    except ValueError:
        lost = True
    known(
        "the body of an answer in a batch cannot be read",
        "kiota-python issue 737, msgraph-sdk-python-core issue 807",
        there=lost,
    )
