# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals as the SDK raises them, and how it retries."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.users.users_request_builder import UsersRequestBuilder as Users

from tests.harness.simulator import Simulator
from tests.sdk.application import Application
from tests.sdk.bodies import Instantiate, ProvisionOnDemand
from tests.sdk.client import Client, by_secret, connect
from tests.sdk.reading import differences

pytestmark = pytest.mark.anyio

NOBODY = uuid.UUID(int=1)


async def _refused(client: Client, call: Awaitable[Any]) -> ODataError:
    """The typed error of a call; it says what the answer says."""
    with pytest.raises(ODataError) as caught:
        await call
    error = caught.value
    assert differences(error.error, client.raw["error"]) == []
    assert error.response_status_code == client.answers[-1].status_code
    assert error.error.inner_error.request_id == client.answers[-1].headers["request-id"]
    return error


Call = Callable[[Application], Awaitable[Any]]
WRAPPED: dict[str, tuple[Call, int, str]] = {
    "no job": (lambda one: one.sync.jobs.by_synchronization_job_id("x").get(), 404, "SynchronizationJobNotFound"),
    "no template": (
        lambda one: one.sync.templates.by_synchronization_template_id("x").get(),
        404,
        "SynchronizationTemplateNotFound",
    ),
    "job of no template": (
        lambda one: one.sync.jobs.post(SynchronizationJob(template_id="x")),
        400,
        "SynchronizationTemplateNotFound",
    ),
    "nobody on demand": (
        lambda one: one.job.provision_on_demand.post(ProvisionOnDemand(parameters=[])),
        400,
        "RequestParameterInvalid",
    ),
}


@pytest.mark.parametrize(("call", "status", "code"), WRAPPED.values(), ids=WRAPPED)
async def test_refusals_of_synchronization(job: Application, call: Call, status: int, code: str) -> None:
    """Its own error travels as JSON in the message (msgraph-metadata issue 347)."""
    error = await _refused(job.client, call(job))
    assert (error.response_status_code, error.error.code) == (status, "UnknownError")
    assert json.loads(error.error.message)["error"]["code"] == code


PLAIN: dict[str, tuple[Call, int, str]] = {
    "no user": (lambda one: one.client.graph.users.by_user_id("nobody").get(), 404, "Request_ResourceNotFound"),
    "no principal": (lambda one: _principal(one, str(NOBODY)).get(), 404, "Request_ResourceNotFound"),
    "assignment of nobody": (
        lambda one: _principal(one, one.principal_id).app_role_assigned_to.post(AppRoleAssignment(principal_id=NOBODY)),
        400,
        "Request_BadRequest",
    ),
    "a filter that is none": (
        lambda one: one.client.graph.users.get(_filtered("no such filter")),
        400,
        "BadRequest",
    ),
}


def _principal(application: Application, principal_id: str) -> Any:
    return application.client.graph.service_principals.by_service_principal_id(principal_id)


def _filtered(text: str) -> RequestConfiguration[Any]:
    return RequestConfiguration(query_parameters=Users.UsersRequestBuilderGetQueryParameters(filter=text))


@pytest.mark.parametrize(("call", "status", "code"), PLAIN.values(), ids=PLAIN)
async def test_refusals_of_the_directory(application: Application, call: Call, status: int, code: str) -> None:
    """A code and a message."""
    error = await _refused(application.client, call(application))
    assert (error.response_status_code, error.error.code) == (status, code)
    assert error.error.message


async def test_the_clients_own_request_id_comes_back(client: Client) -> None:
    """In the inner error and in the log of the service."""
    configuration: RequestConfiguration[Any] = RequestConfiguration()
    mine = str(uuid.uuid4())
    configuration.headers.add("client-request-id", mine)
    error = await _refused(client, client.graph.users.by_user_id("nobody").get(configuration))
    assert error.error.inner_error.client_request_id == mine
    assert client.simulator.requests()[-1]["client_request_id"] == mine


@pytest.mark.parametrize(("quirk", "status", "code"), [("401_unknown", 401, "UnknownError"), ("403", 403, None)])
async def test_without_the_permission(
    application: Application, simulator: Simulator, quirk: str, status: int, code: str | None
) -> None:
    """Synchronization refuses in one of two ways, the directory in one."""
    simulator.quirks(permission_denied=quirk)
    denied = "Authorization_RequestDenied"
    async with connect(simulator, by_secret(simulator, 2)) as nobody:
        principal = nobody.graph.service_principals.by_service_principal_id(application.principal_id)
        error = await _refused(nobody, principal.synchronization.jobs.get())
        assert (error.response_status_code, error.error.code) == (status, code or denied)
        error = await _refused(nobody, nobody.graph.users.get())
        assert (error.response_status_code, error.error.code) == (403, denied)
    async with connect(simulator, by_secret(simulator, 1)) as reader:
        gallery = reader.graph.application_templates.by_application_template_id(
            str(application.instance.application.application_template_id)
        )
        error = await _refused(reader, gallery.instantiate.post(Instantiate(display_name="x")))
        assert (error.response_status_code, error.error.code) == (403, denied)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_service_is_asked_again(client: Client, status: int) -> None:
    """The SDK waits as long as Retry-After says."""
    body = {"error": {"code": "TooManyRequests", "message": "later"}}
    rule = {"match": {"path": "/users"}, "fault": "status", "status": status, "headers": {"Retry-After": "1"}}
    client.simulator.faults([{**rule, "body": body}])
    began = time.monotonic()
    users = await client.read(client.graph.users.get())
    assert len(users.value or []) == len(client.simulator.state()["users"])
    assert time.monotonic() - began >= 1
    assert [one["status"] for one in client.simulator.requests() if "/users" in one["path"]] == [status, 200]
