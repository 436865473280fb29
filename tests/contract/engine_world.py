# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small tenant with one SCIM job, for the tests of the engine."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import requests

from tests.graphsim.engine import lifecycle
from tests.graphsim.engine.context import JobContext
from tests.graphsim.engine.memory import JobMemory
from tests.graphsim.engine.on_demand import provision
from tests.graphsim.engine.target import Target

EXAMPLES = Path(__file__).parents[1] / "fixtures" / "graph" / "examples"
TENANT = "9188040d-6c67-4c5b-8f11-aaaabbbbcccc"
USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f"
BEGIN = datetime(2026, 11, 5, 8, 0, 0, tzinfo=timezone.utc)


def example(name: str) -> Any:
    """A document of the fixtures."""
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8"))


def user(name: str, **more: Any) -> dict[str, Any]:
    """A Graph user; its id is its name."""
    return {
        "id": name,
        "userPrincipalName": f"{name}@contoso.com",
        "displayName": name.title(),
        "givenName": name.title(),
        "surname": "Test",
        "mail": f"{name}@contoso.com",
        "mailNickname": name,
        "department": "Sales",
        "accountEnabled": True,
        **more,
    }


class World:
    """Users ann, bob and cem (ann manages the others), a group `team` of ann and bob, a job that syncs all."""

    def __init__(self, target: Target | None = None, schema: str = "customappsso_default.json") -> None:
        self.logs: list[dict[str, Any]] = []
        self._target = target
        self._session = requests.Session()
        self._session.trust_env = False
        secrets = {"SyncAll": "true"}
        if target:
            secrets.update(BaseAddress=f"{target.base_address}?aadOptscim062020", SecretToken=target.token)
            self._session.headers["Authorization"] = f"Bearer {target.token}"
            for kind in ("Groups", "Users"):
                for resource in self.resources(kind).values():
                    self.delete(kind, resource["id"])
        self.context = JobContext(
            job=lifecycle.new_job("scim", TENANT, BEGIN),
            memory=JobMemory(),
            schema=copy.deepcopy(example(schema)),
            secrets=secrets,
            users={
                "ann": user("ann"),
                "bob": user("bob", manager="ann"),
                "cem": user("cem", manager={"id": "ann"}),
            },
            groups={"team": {"id": "team", "displayName": "Team", "members": ["ann", "bob"]}},
            assignments=[],
            app_roles=[{"id": USER_ROLE, "value": None, "displayName": "User", "isEnabled": True}],
            service_principal={"id": "sp", "appId": "app", "displayName": "Contoso SCIM"},
            tenant_id=TENANT,
            now=BEGIN,
            log=self.logs.append,
        )

    @property
    def job(self) -> dict[str, Any]:
        """The synchronizationJob."""
        return self.context.job

    @property
    def status(self) -> dict[str, Any]:
        """Its status."""
        status: dict[str, Any] = self.job["status"]
        return status

    @property
    def memory(self) -> JobMemory:
        """What the service remembers of it."""
        return self.context.memory

    @property
    def rule(self) -> dict[str, Any]:
        """Its only rule."""
        rule: dict[str, Any] = self.context.schema["synchronizationRules"][0]
        return rule

    def mapping(self, source: str = "User") -> dict[str, Any]:
        """The object mapping of a source type."""
        return next(one for one in self.rule["objectMappings"] if one["sourceObjectName"] == source)

    def attribute(self, target: str, source: str = "User") -> dict[str, Any]:
        """The attribute mapping of a target attribute."""
        return next(one for one in self.mapping(source)["attributeMappings"] if one["targetAttributeName"] == target)

    def start(self) -> None:
        """Starts the job."""
        lifecycle.start(self.job, self.memory, self.context.now)

    def restart(self, *scopes: str) -> None:
        """Restarts it with these scopes."""
        lifecycle.restart(self.job, self.memory, set(scopes), self.context.now)

    def cycle(self, wait: timedelta = timedelta(minutes=40)) -> list[tuple[str, str, str]]:
        """Lets a cycle run that must be due, then time pass; gives (object, action, status) of its log."""
        assert lifecycle.due(self.job, self.memory, self.context.now)
        return self.run(wait)

    def run(self, wait: timedelta = timedelta(minutes=40)) -> list[tuple[str, str, str]]:
        """The same for a cycle whether due or not."""
        del self.logs[:]
        lifecycle.run_cycle(self.context)
        self.context.now += wait
        return self.told()

    def told(self) -> list[tuple[str, str, str]]:
        """(object, action, status) of the log."""
        return [
            (log["sourceIdentity"]["id"], log["provisioningAction"], log["provisioningStatusInfo"]["status"])
            for log in self.logs
        ]

    def on_demand(self, *subjects: dict[str, Any]) -> list[dict[str, Any]]:
        """Provisions subjects on demand."""
        return provision(self.context, [{"ruleId": self.rule["id"], "subjects": list(subjects)}])

    def assign(self, *principals: str, role: str = USER_ROLE) -> None:
        """Assigns principals to the application."""
        self.context.assignments += [{"principalId": one, "appRoleId": role, "resourceId": "sp"} for one in principals]

    def resources(self, kind: str = "Users") -> dict[str, dict[str, Any]]:
        """What the target has, by the part of the name before the @."""
        assert self._target
        answer = self._session.get(f"{self._target.base_address}/{kind}", timeout=10).json()
        return {(one.get("userName") or one["displayName"]).split("@")[0]: one for one in answer.get("Resources") or []}

    def create(self, kind: str, resource: dict[str, Any]) -> dict[str, Any]:
        """Puts something into the target behind the service's back."""
        assert self._target
        answer = self._session.post(f"{self._target.base_address}/{kind}", json=resource, timeout=10)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def delete(self, kind: str, target_id: str) -> None:
        """Removes something from the target behind the service's back."""
        assert self._target
        self._session.delete(f"{self._target.base_address}/{kind}/{target_id}", timeout=10).raise_for_status()
