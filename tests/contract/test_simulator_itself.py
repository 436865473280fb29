# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator against itself: it cannot say what the official types do not allow, and does not crash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.graphsim.control.recorder import without_secrets
from tests.graphsim.exchange import Call
from tests.graphsim.gallery.catalogue import NON_GALLERY
from tests.graphsim.service import Service
from tests.graphsim.sign_in.material import new_material
from tests.graphsim.sign_in.tokens import issue
from tests.graphsim.world import World

SEED = {
    "applications": [
        {
            "display_name": "App",
            "application_template_id": NON_GALLERY,
            "jobs": [{"template_id": "scim"}],
        }
    ]
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A simulator without a server around it."""
    folder: Path = tmp_path_factory.mktemp("material")
    return World("https://localhost:1", new_material(folder), seed=SEED)


def _call(world: World, method: str, path: str, body: bytes = b"", query: dict[str, str] | None = None) -> Any:
    token = issue(world, next(iter(world.tenant.clients.values())))
    headers = {"authorization": f"Bearer {token}"}
    return Service(world).answer(Call(world, method, f"/v1.0{path}", "", [], query or {}, headers, body))


def _sync(world: World) -> tuple[str, str]:
    found = list(world.tenant.synchronizations.values())[-1]
    path = f"/servicePrincipals/{found.principal_id}/synchronization"
    return path, f"{path}/jobs/{next(iter(found.jobs))}"


@pytest.mark.parametrize("place", ["schedule", "extra"])
def test_a_wrong_answer_is_a_loud_500(world: World, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A bug of the simulator never passes for the service."""
    world.reset()
    sync, path = _sync(world)
    assert _call(world, "GET", path).status == 200
    job = next(iter(list(world.tenant.synchronizations.values())[-1].jobs.values()))
    if place == "schedule":
        job.raw["schedule"]["state"] = "Running"
    else:
        job.raw["enabled"] = True
    for address in (path, f"{sync}/jobs"):
        assert _call(world, "GET", address).status == 500
    assert "BUG in the simulator" in capsys.readouterr().err


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_BODIES = {
    "/jobs": ("POST", "templateId"),
    "/secrets": ("PUT", "value"),
    "{job}/schema": ("PUT", "synchronizationRules"),
    "{job}/restart": ("POST", "criteria"),
    "{job}/provisionOnDemand": ("POST", "parameters"),
    "{job}/validateCredentials": ("POST", "credentials"),
    "{job}/schema/parseExpression": ("POST", "testInputObject"),
}


@pytest.mark.parametrize("path", _BODIES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=_JSON)
def test_any_json_gets_an_answer(world: World, path: str, value: Any) -> None:
    """Refused or taken, never a crash; what is answered satisfies the types."""
    world.reset()
    sync, job = _sync(world)
    method, member = _BODIES[path]
    body = {member: value, **({"expression": "[mail]"} if path.endswith("parseExpression") else {})}
    reply = _call(
        world, method, path.replace("{job}", job) if "{job}" in path else sync + path, json.dumps(body).encode()
    )
    assert reply.status in (200, 201, 204, 400, 429) or (reply.status == 500 and "Requested value" in str(reply.body))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tail=st.text(max_size=20),
    query=st.text(max_size=20),
    option=st.sampled_from(["$filter", "$orderby", "$top", "$skiptoken"]),
)
def test_any_path_and_option_gets_an_answer(world: World, tail: str, query: str, option: str) -> None:
    """The path and the query may be anything."""
    assert _call(world, "GET", f"/{tail}", query={option: query}).status in (200, 400, 401, 404, 405)
    assert _call(world, "GET", "/users", query={option: query}).status in (200, 400)


# Capitals: twelve small letters may be in an address.
@given(secret=st.text(min_size=12, alphabet=st.characters(min_codepoint=65, max_codepoint=90)))
def test_no_secret_passes_the_recorder(secret: str) -> None:
    """Wherever credentials are in a body, also inside a batch."""
    pair = {"key": "SecretToken", "value": secret}
    inside = {
        "id": "1",
        "method": "PUT",
        "url": "/servicePrincipals/x/synchronization/secrets",
        "body": {"value": [pair]},
    }
    bodies = [
        ("/v1.0/servicePrincipals/x/synchronization/secrets", {"value": [pair]}),
        ("/v1.0/servicePrincipals/x/synchronization/secrets/", {"value": [pair]}),
        ("/v1.0/servicePrincipals/x/synchronization/jobs/y/validateCredentials", {"credentials": [pair]}),
        ("/v1.0/servicePrincipals/x/synchronization/acquireAccessToken", {"credentials": [pair]}),
        ("/v1.0/$batch", {"requests": [inside]}),
        ("/tenant/oauth2/v2.0/token", {"client_secret": secret, "client_assertion": secret}),
    ]
    for path, body in bodies:
        assert secret not in str(without_secrets(path, body))
