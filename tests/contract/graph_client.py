# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small client of the simulator for these tests."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.harness.simulator import Simulator

NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


class Application:
    """An instance in the simulator: its ids, and paths below its synchronization."""

    def __init__(self, instance: dict[str, Any]) -> None:
        self.principal_id: str = instance["servicePrincipal"]["id"]
        self.application_id: str = instance["application"]["id"]
        self.app_id: str = instance["servicePrincipal"]["appId"]
        self.sync = f"/servicePrincipals/{self.principal_id}/synchronization"
        self.app_sync = f"/applications/{self.application_id}/synchronization"


class Graph:
    """Speaks to a running simulator with the token of one of its clients."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.ready = simulator.ready
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = self.ready["ca_path"]
        self.sign_in(0)

    def sign_in(self, number: int) -> None:
        """Use the token of another client."""
        client = self.ready["clients"][number]
        reply = self.token(client_id=client["client_id"], client_secret=client["client_secret"])
        assert reply.status_code == 200, reply.text
        self.session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"

    def token(self, *, tenant: str | None = None, **form: str) -> requests.Response:
        """Ask the token endpoint; `form` is added to the usual fields."""
        scope = f"{self.ready['graph_endpoint']}/.default"
        url = f"{self.ready['graph_endpoint']}/{tenant or self.ready['tenant_id']}/oauth2/v2.0/token"
        return self.session.post(url, data={"grant_type": "client_credentials", "scope": scope, **form})

    def call(
        self, method: str, path: str, body: Any = None, *, version: str = "v1.0", **more: Any
    ) -> requests.Response:
        """One request below the version."""
        return self.session.request(method, f"{self.ready['graph_endpoint']}/{version}{path}", json=body, **more)

    def control(self, method: str, path: str, body: Any = None) -> requests.Response:
        """One request to the control interface."""
        return self.session.request(method, f"{self.ready['control']}/{path}", json=body)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """One request that must succeed; its JSON, or None."""
        reply = self.call(method, path, body, **more)
        assert reply.status_code < 300, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else None

    def instantiate(self, template: str = NON_GALLERY, name: str = "Contoso SCIM") -> Application:
        """A new application from the gallery."""
        return Application(self.ok("POST", f"/applicationTemplates/{template}/instantiate", {"displayName": name}))

    def job(self, application: Application, template: str = "scim") -> str:
        """A new job; its path."""
        created = self.ok("POST", f"{application.sync}/jobs", {"templateId": template})
        return f"{application.sync}/jobs/{created['id']}"

    def credentials(self) -> list[dict[str, str]]:
        """What the SCIM server of the simulator accepts."""
        target = self.ready["scim"]
        pairs = {"BaseAddress": target["base_address"], "SecretToken": target["token"]}
        return [{"key": key, "value": value} for key, value in pairs.items()]

    def secrets(self, application: Application) -> dict[str, str]:
        """The bag as it is shown."""
        return {item["key"]: item["value"] for item in self.ok("GET", f"{application.sync}/secrets")["value"]}


def inner(reply: requests.Response) -> dict[str, Any]:
    """The error inside the error of a synchronization call."""
    error = reply.json()["error"]
    assert error["code"] == "UnknownError"
    found: dict[str, Any] = json.loads(error["message"])["error"]
    return found
