# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service with one job and its schema, that parses expressions and answers batches."""

from __future__ import annotations

import copy
import typing as t

from ansible_collections.entra.provisioning.plugins.module_utils._sync import schemas
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.module_utils._task import Task
from ansible_collections.entra.provisioning.plugins.modules import sync_schema
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

Document = dict[str, t.Any]

SP = Principal("11111111-1111-1111-1111-111111111111", name="Contoso SCIM")
SYNC = f"/servicePrincipals/{SP.id}/synchronization"
JOB = f"{SYNC}/jobs/scim.1"
SCHEMA = f"{JOB}/schema"
NEVER_RAN: Document = {
    "id": "scim.1",
    "templateId": "scim",
    "schedule": {"state": "Disabled"},
    "status": {"code": "NotRun"},
}


def job(name: str) -> Document:
    """Return a job in a state of job_examples.json, under the id of the one that the service has."""
    return {**example("job_examples")[name], "id": "scim.1"}


class SchemaService:
    """One job and its schema; ``answers`` holds what parseExpression says of some texts."""

    def __init__(self, schema: Document, *, the_job: Document | None = None) -> None:
        self.schema = schema
        self.job = copy.deepcopy(the_job or NEVER_RAN)
        self.answers: dict[str, Document] = {}
        self.routes: dict[tuple[str, str], t.Any] = {
            ("GET", f"{SYNC}/jobs"): lambda _request: {"value": [self.job]},
            ("GET", JOB): lambda _request: self.job,
            ("POST", f"{JOB}/pause"): lambda _request: self.schedule("Paused"),
            ("POST", f"{JOB}/start"): lambda _request: self.schedule("Active"),
            ("GET", f"{SYNC}/secrets"): {"value": []},
            ("GET", "/auditLogs/provisioning"): {"value": []},
            ("GET", SCHEMA): lambda _request: copy.deepcopy(self.schema),
            ("PUT", SCHEMA): self.put,
            ("DELETE", SCHEMA): self.reset,
            ("GET", f"{SCHEMA}/functions"): {"value": [{"id": "Join"}, {"name": "Append"}, {"name": "Replace"}]},
            ("GET", f"{SCHEMA}/filterOperators"): {"value": [{"id": "EQUALS"}, {"name": "BRAND NEW"}]},
            ("POST", f"{SCHEMA}/parseExpression"): self.parse,
            ("POST", "/$batch"): self.batch,
            ("GET", f"{SYNC}/templates/scim/schema"): example("customappsso_default"),
        }
        self.http = ScriptedHttp(routes=self.routes)

    def schedule(self, state: str) -> t.Any:
        """Pause or start the job."""
        self.job["schedule"] = {**self.job["schedule"], "state": state}
        return answer(204)

    def put(self, request: Request) -> t.Any:
        """Store a schema."""
        self.schema = request.body
        return answer(204)

    def reset(self, _request: Request) -> t.Any:
        """Go back to the template's schema."""
        self.schema = example("customappsso_default")
        return answer(204)

    def parse(self, request: Request) -> t.Any:
        """Answer as told, else as for an expression that is sound, with a mark on its tree."""
        text = request.body["expression"]
        tree = {"expression": text, "name": text.split("(")[0], "type": "Function", "parameters": [{"key": "marked"}]}
        return self.answers.get(text) or {
            "parsingSucceeded": True,
            "evaluationSucceeded": True,
            "parsedExpression": tree,
        }

    def batch(self, request: Request) -> t.Any:
        """Answer each item as if it came alone."""
        items = []
        for item in request.body["requests"]:
            inner = Request(item["method"], item["url"], item.get("body"), item.get("headers") or {})
            items.append({"id": item["id"], "status": 200, "body": self.routes[item["method"], item["url"]](inner)})
        return {"responses": items}

    def task(self, *, check_mode: bool = False, **params: t.Any) -> Task:
        """Return a task of sync_schema that talks to this service."""
        return task(sync_schema.ARGUMENTS, self.http, check_mode=check_mode, service_principal_id=SP.id, **params)

    def place(self, made: Task) -> schemas.Place:
        """Return where a task finds the schema of the job."""
        return schemas.place_of_job(made, SP, self.job)

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Document:
        """Run the module sync_schema and return its result; ``http.sent`` are its requests."""
        self.http.sent.clear()
        return self.task(check_mode=check_mode, **params).perform(sync_schema.run)

    def calls(self) -> list[str]:
        """The requests of the last run, each by its verb and the end of its path."""
        return [f"{one.method} {one.path.split('?')[0].rsplit('/', 1)[1]}" for one in self.http.sent]
