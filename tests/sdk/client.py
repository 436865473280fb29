# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`msgraph-sdk`, set up as its documentation says, except for where it goes and whom it trusts."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from azure.core.credentials_async import AsyncTokenCredential
from azure.identity.aio import CertificateCredential, ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph_core import GraphClientFactory

from tests.harness.simulator import Simulator
from tests.sdk.reading import differences

T = TypeVar("T")


@dataclass
class Client:
    """The SDK on a simulator, and the answers that it has got, oldest first."""

    simulator: Simulator
    graph: GraphServiceClient
    adapter: GraphRequestAdapter
    answers: list[httpx.Response] = field(default_factory=list)

    @property
    def raw(self) -> Any:
        """The last answer as JSON."""
        return self.answers[-1].json()

    async def read(self, call: Awaitable[T | None], *, undeclared: tuple[str, ...] = ()) -> T:
        """Await a call of the SDK, and check that the typed object says what the answer says.

        :param undeclared: patterns of members that the answer may have although the SDK's models have not.
        """
        typed = await call
        assert typed is not None
        allowed = re.compile(f"/({'|'.join(undeclared)}) is not declared$")
        found = [one for one in differences(typed, self.raw) if not (undeclared and allowed.search(one))]
        assert not found, "\n".join(found)
        return typed


@contextlib.asynccontextmanager
async def connect(simulator: Simulator, credential: AsyncTokenCredential | None = None) -> AsyncIterator[Client]:
    """The SDK with a credential; with that of the client that may do everything when none is given."""
    address = simulator.ready["graph_endpoint"]
    async with contextlib.AsyncExitStack() as stack:
        signed_in = await stack.enter_async_context(credential or by_secret(simulator))
        scopes = [f"{address}/.default"]
        provider = AzureIdentityAuthenticationProvider(signed_in, scopes=scopes, allowed_hosts=["localhost"])
        answers: list[httpx.Response] = []
        # Proxies and authorities of the environment are for the world outside.
        plain = httpx.AsyncClient(
            verify=ssl.create_default_context(cafile=simulator.ready["ca_path"]), trust_env=False, timeout=30
        )
        http = await stack.enter_async_context(GraphClientFactory.create_with_default_middleware(client=plain))

        async def keep(answer: httpx.Response) -> None:
            await answer.aread()
            answers.append(answer)

        http.event_hooks = {"response": [keep]}
        adapter = GraphRequestAdapter(provider, http)
        adapter.base_url = f"{address}/v1.0"
        yield Client(simulator, GraphServiceClient(request_adapter=adapter), adapter, answers)


def by_secret(simulator: Simulator, number: int = 0, *, secret: str | None = None) -> ClientSecretCredential:
    """Sign-in of one of the simulator's clients by its secret, or by another one."""
    who = simulator.client(number)
    return ClientSecretCredential(
        simulator.ready["tenant_id"], who["client_id"], secret or who["client_secret"], **_to(simulator)
    )


def by_certificate(simulator: Simulator, *, password: bool = False) -> CertificateCredential:
    """Sign-in by certificate: from a PEM file, or from a PKCS #12 file with a password."""
    who = simulator.client()
    path = who["certificate_pfx_path" if password else "certificate_path"]
    more = {"password": who["certificate_password"]} if password else {}
    return CertificateCredential(simulator.ready["tenant_id"], who["client_id"], path, **more, **_to(simulator))


def _to(simulator: Simulator) -> dict[str, Any]:
    return {
        "authority": simulator.ready["graph_endpoint"],
        "disable_instance_discovery": True,
        "connection_verify": simulator.ready["ca_path"],
        "use_env_settings": False,
        "retry_total": 0,
    }
