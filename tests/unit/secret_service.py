# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the service: the credentials and settings of one application, its jobs and who is assigned."""

from __future__ import annotations

import typing as t

from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_secrets
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

SP = Principal("11111111-1111-1111-1111-111111111111")
PATH = f"/servicePrincipals/{SP.id}/synchronization/secrets"
JOBS = f"/servicePrincipals/{SP.id}/synchronization/jobs"
SECRET_KEYS = frozenset({"SecretToken", "Password", "ClientSecret", "ConsumerKey"})
TOKEN = "t0p-secret-token"


class Service:
    """The secrets of one service principal.

    :arg replaces: whether a PUT replaces the bag, or merges into it.
    :arg lag: how many reads after a PUT show the state before it.
    :arg jobs: those of the application.
    :arg log: the provisioning log of the application, or another answer.
    :arg assigned: the types of the principals that are assigned to it; None where that may not be read.
    """

    def __init__(
        self,
        bag: dict[str, str],
        *,
        replaces: bool = True,
        lag: int = 0,
        jobs: t.Sequence[dict[str, t.Any]] = (),
        log: t.Any = (),
        assigned: t.Sequence[str] | None = (),
    ) -> None:
        self.bag = dict(bag)
        self.replaces, self.lag = replaces, lag
        self.warnings: list[str] = []
        self.old: list[dict[str, str]] = []
        people = [{"id": str(n), "principalId": str(n), "principalType": kind} for n, kind in enumerate(assigned or ())]
        self.http = ScriptedHttp(
            routes={
                ("GET", PATH): self.get,
                ("PUT", PATH): self.put,
                ("GET", JOBS): {"value": list(jobs)},
                ("GET", "/auditLogs/provisioning"): {"value": list(log)} if isinstance(log, (list, tuple)) else log,
                ("GET", f"/servicePrincipals/{SP.id}/appRoleAssignedTo"): (
                    answer(403, {"error": {"code": "Forbidden"}}) if assigned is None else {"value": people}
                ),
            }
        )

    def route(self, method: str, path: str, result: t.Any) -> None:
        """Answer a call by a body, an answer, or a function of the request."""
        self.http.routes = {**(self.http.routes or {}), (method, path): result}

    def get(self, _request: Request) -> t.Any:
        shown = self.old.pop() if self.old else self.bag
        return {"value": [{"key": key, "value": "*" if key in SECRET_KEYS else one} for key, one in shown.items()]}

    def put(self, request: Request) -> t.Any:
        self.old = self.old or [dict(self.bag)] * self.lag
        sent = {one["key"]: one["value"] for one in request.body["value"]}
        assert "*" not in sent.values()
        merged = sent if self.replaces else {**self.bag, **sent}
        self.bag = {key: value for key, value in merged.items() if value}
        return answer(204)

    def trials(self, validated: t.Any) -> list[t.Any]:
        """Have the target answer trials for the job scim.1; the list tells what is tried: True is what is stored."""
        tried: list[t.Any] = []

        def validate(request: Request) -> t.Any:
            given = {one["key"]: one["value"] for one in request.body.get("credentials", [])}
            tried.append(request.body["useSavedCredentials"] or given)
            return validated

        self.route("POST", f"{JOBS}/scim.1/validateCredentials", validate)
        return tried

    def run(self, *, check_mode: bool = False, **params: t.Any) -> dict[str, t.Any]:
        """Run the module sync_secrets and return its result."""
        self.http.sent.clear()
        done = task(sync_secrets.ARGUMENTS, self.http, check_mode=check_mode, service_principal_id=SP.id, **params)
        result = done.perform(sync_secrets.run)
        self.warnings = done.warnings
        return result

    def puts(self) -> int:
        """How often was written in the last run."""
        return self.http.verbs().count("PUT")
