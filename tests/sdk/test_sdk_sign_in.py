# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in with azure-identity, over TLS whose authority is the simulator's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity.aio import ClientSecretCredential

from tests.harness.simulator import Simulator
from tests.sdk.client import by_certificate, by_secret, connect

pytestmark = pytest.mark.anyio

WAYS: dict[str, Callable[[Simulator], AsyncTokenCredential]] = {
    "secret": by_secret,
    "certificate": by_certificate,
    "certificate with a password": lambda simulator: by_certificate(simulator, password=True),
}


@pytest.mark.parametrize("way", WAYS)
async def test_ways(simulator: Simulator, way: str) -> None:
    """One token serves several calls."""
    async with connect(simulator, WAYS[way](simulator)) as client:
        for _unused in range(2):
            users = await client.read(client.graph.users.get())
            assert [one.id for one in users.value or []] == [one["id"] for one in simulator.state()["users"]]
    asked = [one for one in simulator.requests() if one["path"].endswith("/oauth2/v2.0/token")]
    assert [one["status"] for one in asked] == [200]
    field = "client_secret" if way == "secret" else "client_assertion"
    assert field in _form(asked[0])


def _form(request: dict[str, Any]) -> set[str]:
    body = request["body"]
    return set(body) if isinstance(body, dict) else {part.partition("=")[0] for part in str(body).split("&")}


async def test_a_wrong_secret(simulator: Simulator) -> None:
    """The code of the token service reaches the caller; Graph is not asked."""
    async with connect(simulator, by_secret(simulator, secret="wrong")) as client:
        with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
            await client.graph.users.get()
    assert not [one for one in simulator.requests() if "/users" in one["path"]]


async def test_an_unknown_tenant(simulator: Simulator) -> None:
    """AADSTS90002."""
    who, tenant = simulator.client(), "00000000-0000-4000-8000-00000000ffff"
    credential = ClientSecretCredential(
        tenant,
        who["client_id"],
        who["client_secret"],
        authority=simulator.ready["graph_endpoint"],
        disable_instance_discovery=True,
        connection_verify=simulator.ready["ca_path"],
        use_env_settings=False,
    )
    async with connect(simulator, credential) as client:
        with pytest.raises(ClientAuthenticationError, match="AADSTS90002"):
            await client.graph.users.get()


async def test_the_authority_must_be_trusted(simulator: Simulator) -> None:
    """Without the simulator's own authority there is no connection."""
    who = simulator.client()
    credential = ClientSecretCredential(
        simulator.ready["tenant_id"],
        who["client_id"],
        who["client_secret"],
        authority=simulator.ready["graph_endpoint"],
        disable_instance_discovery=True,
        use_env_settings=False,
        retry_total=0,
    )
    async with connect(simulator, credential) as client:
        with pytest.raises(ServiceRequestError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.graph.users.get()
