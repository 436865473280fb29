# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service tells of a job and its schema, as typed objects."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from msgraph.generated.models.attribute_definition import AttributeDefinition
from msgraph.generated.models.attribute_mapping_source_type import AttributeMappingSourceType as SourceType
from msgraph.generated.models.attribute_type import AttributeType
from msgraph.generated.models.directory_definition_discoverabilities import DirectoryDefinitionDiscoverabilities
from msgraph.generated.models.expression_input_object import ExpressionInputObject
from msgraph.generated.models.object_flow_types import ObjectFlowTypes
from msgraph.generated.models.scope_operator_type import ScopeOperatorType
from msgraph.generated.models.string_key_object_value_pair import StringKeyObjectValuePair
from msgraph.generated.models.synchronization_schedule_state import SynchronizationScheduleState
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair,
)
from msgraph.generated.models.synchronization_status_code import SynchronizationStatusCode
from msgraph.generated.models.synchronization_template import SynchronizationTemplate

from tests.sdk.application import Application, in_target, instantiate
from tests.sdk.bodies import AcquireAccessToken, ParseExpression
from tests.sdk.client import Client
from tests.sdk.reading import differences

pytestmark = pytest.mark.anyio

# The samples of the pages "filterOperators" and "functions" have it, the metadata has not.
NAMED = ("name",)


@pytest.mark.parametrize("echo", ["none", "noise"])
async def test_schema(job: Application, echo: str) -> None:
    """Every member of a schema arrives, in both forms that the service's samples show."""
    job.client.simulator.quirks(schema_echo=echo)
    schema = await job.client.read(job.job.schema.get())
    assert schema.id == job.job_id
    (rule,) = schema.synchronization_rules or []
    flows = [ObjectFlowTypes.Add, ObjectFlowTypes.Update, ObjectFlowTypes.Delete]
    assert [one.flow_types for one in rule.object_mappings or []] == [flows, flows]
    source, target = schema.directories or []
    assert (rule.source_directory_name, rule.target_directory_name) == (source.name, target.name)
    assert target.discoverabilities == [
        DirectoryDefinitionDiscoverabilities.AttributeNames,
        DirectoryDefinitionDiscoverabilities.AttributeDataTypes,
    ]


async def test_schema_of_a_template(job: Application) -> None:
    """From both sides; a job has its template's schema under its own id."""
    from_principal = job.sync.templates.by_synchronization_template_id("scim")
    from_application = job.app_sync.templates.by_synchronization_template_id("scim")
    await job.client.read(job.job.schema.get())
    of_job = job.client.raw
    for schema in (from_principal.schema, from_application.schema):
        read = await job.client.read(schema.get())
        assert differences(read, {**of_job, "id": read.id}) == []
    template = await job.client.read(from_principal.get())
    assert template.application_id == uuid.UUID(str(job.instance.application.application_template_id))
    assert differences(await job.client.read(from_application.get()), job.client.raw) == []


async def test_every_schema_of_the_gallery(client: Client) -> None:
    """Whatever the application, the SDK reads all of its schemas."""
    gallery = await client.read(client.graph.application_templates.get())
    read = set()
    for entry in gallery.value or []:
        application = await instantiate(client, str(entry.id))
        for template_id in application.synchronization["templates"]:
            schema = application.sync.templates.by_synchronization_template_id(template_id).schema
            assert (await client.read(schema.get())).synchronization_rules
            read.add(template_id)
    assert read >= {"scim", "customappsso", "dataBricks", "Azure2Azure", "AD2AADProvisioning", "API2AAD"}


async def test_a_template_is_changed_and_put_back(job: Application) -> None:
    """What the application's owner writes is what both sides read; DELETE gives the factory's schema back."""
    template = job.app_sync.templates.by_synchronization_template_id("scim")
    await template.patch(SynchronizationTemplate(id="scim", default=True, discoverable=True, description="ours"))
    read = await job.client.read(job.sync.templates.by_synchronization_template_id("scim").get())
    assert (read.description, read.default, read.discoverable, read.factory_tag) == ("ours", True, True, None)
    await job.client.read(template.schema.get())
    before = job.client.raw
    await template.schema.delete()
    assert differences(await job.client.read(template.schema.get()), before) == []


@pytest.mark.parametrize("of_job", [True, False])
async def test_operators_and_functions(job: Application, of_job: bool) -> None:
    """Typed lists of the same length as the answers."""
    schema = job.job.schema if of_job else job.sync.templates.by_synchronization_template_id("scim").schema
    operators = await job.client.read(schema.filter_operators.get(), undeclared=NAMED)
    by_id = {one.id: one for one in operators.value or []}
    assert (by_id["EQUALS"].arity, by_id["IS TRUE"].arity) == (ScopeOperatorType.Binary, ScopeOperatorType.Unary)
    assert by_id["IS TRUE"].supported_attribute_types == [AttributeType.Boolean]
    functions = await job.client.read(schema.functions.get(), undeclared=NAMED)
    parameters = {one.id: [part.name for part in one.parameters or []] for one in functions.value or []}
    assert parameters["Mid"] == ["source", "start", "length"]


async def test_counts(job: Application) -> None:
    """``$count`` of jobs, templates and secrets."""
    counts = [await part.count.get() for part in (job.sync.jobs, job.sync.templates, job.sync.secrets)]
    assert counts == [1, 2, 2]


def _value(key: str, value: Any) -> StringKeyObjectValuePair:
    # Of an open type: the value may be anything, and the model has no member for it.
    return StringKeyObjectValuePair(key=key, additional_data={"value": value})


async def test_parse_expression(job: Application) -> None:
    """Parsed, and evaluated for an object that is sent along."""
    body = ParseExpression(
        expression='Join("-", [givenName], [surname])',
        target_attribute_definition=AttributeDefinition(name="displayName", type=AttributeType.String),
        test_input_object=ExpressionInputObject(properties=[_value("givenName", "Adele"), _value("surname", "Vance")]),
    )
    answer = await job.client.read(job.job.schema.parse_expression.post(body))
    assert (answer.parsing_succeeded, answer.evaluation_succeeded) == (True, True)
    assert answer.evaluation_result == ["Adele-Vance"]
    parsed = answer.parsed_expression
    assert parsed is not None
    assert (parsed.type, parsed.name) == (SourceType.Function, "Join")
    kinds = [one.value.type for one in parsed.parameters or [] if one.value]
    assert kinds == [SourceType.Constant, SourceType.Attribute, SourceType.Attribute]


async def test_parse_a_wrong_expression(job: Application) -> None:
    """No error of HTTP: the answer says what is wrong."""
    template = job.sync.templates.by_synchronization_template_id("scim")
    answer = await job.client.read(template.schema.parse_expression.post(ParseExpression(expression="Join(")))
    assert (answer.parsing_succeeded, answer.parsed_expression) == (False, None)
    assert answer.error is not None
    assert (answer.error.code, bool(answer.error.message)) == (job.client.raw["error"]["code"], True)


async def test_discover(job: Application) -> None:
    """The target's directory as it is now, which becomes part of the job's schema."""
    before = await job.client.read(job.job.schema.get())
    target = (before.directories or [])[1]
    discover = job.job.schema.directories.by_directory_definition_id(str(target.id)).discover
    found = await job.client.read(discover.post())
    assert found.id == target.id
    assert found.discovery_date_time is not None
    stored = job.stored["schema"]
    (stored_target,) = [one for one in stored["directories"] if one["id"] == target.id]
    assert differences(found, stored_target) == []
    after = await job.client.read(job.job.schema.get())
    assert differences(after, {**stored, "id": job.job_id}) == []
    assert after.version != before.version
    await job.job.schema.delete()
    assert job.stored["schema"] is None


@pytest.mark.parametrize("code", ["Paused", "NotConfigured"])
@pytest.mark.parametrize("state", ["Paused", "Disabled"])
async def test_both_documented_forms_of_a_job(application: Application, code: str, state: str) -> None:
    """The first code of a new job, and the state of one that was paused."""
    application.client.simulator.quirks(code_after_create=code, state_after_pause=state)
    created = await application.create_job()
    assert created.status is not None
    assert created.status.code is SynchronizationStatusCode[code]
    await application.job.start.post()
    await application.job.pause.post()
    read = await application.client.read(application.job.get())
    assert read.schedule is not None
    assert read.schedule.state is SynchronizationScheduleState[state]
    assert differences(read, application.stored["job"]) == []


async def test_progress_of_a_cycle(job: Application) -> None:
    """Counts, times and the error of the last execution are those that the simulator remembers."""
    users = [one["id"] for one in job.client.simulator.state()["users"]]
    for user_id in users[:3]:
        await job.assign(user_id)
    await job.job.start.post()
    job.client.simulator.clock("PT1H")
    status = await job.status()
    assert differences(status, job.stored["job"]["status"]) == []
    last = status.last_successful_execution_with_exports
    assert last is not None
    assert (last.count_exported, last.count_escrowed, last.error) == (3, 0, None)
    assert last.time_began is not None
    assert last.time_ended is not None
    assert last.time_began <= last.time_ended
    assert len(in_target(job.client)) == 3


async def test_access_token(job: Application) -> None:
    """Below the service principal and below the application."""
    pair = SynchronizationSecretKeyStringValuePair(key=SynchronizationSecret.ClientSecret, value="x")
    for sync in (job.sync, job.app_sync):
        await sync.acquire_access_token.post(AcquireAccessToken(credentials=[pair]))
        assert job.client.answers[-1].status_code == 204
