# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schemas are written only where their meaning differs."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync.schemas import checked_document
from ansible_collections.entra.provisioning.plugins.modules import sync_schema
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
SYNC = f"/servicePrincipals/{SP}/synchronization"
SCHEMA = f"{SYNC}/jobs/scim.1/schema"


class Service:
    """One job with its schema.

    :arg status: what a PUT is answered with.
    :arg forgets: a PUT has no effect that can be seen.
    """

    def __init__(self, schema: dict[str, t.Any], *, status: int = 204, forgets: bool = False) -> None:
        self.schema = schema
        self.status, self.forgets = status, forgets
        job = {"id": "scim.1", "templateId": "scim"}
        self.http = ScriptedHttp(
            routes={
                ("GET", f"{SYNC}/jobs"): {"value": [job]},
                ("GET", SCHEMA): lambda _request: self.schema,
                ("PUT", SCHEMA): self.put,
                ("DELETE", SCHEMA): self.reset,
                ("GET", f"{SYNC}/templates/scim/schema"): example("customappsso_default"),
            }
        )

    def put(self, request: Request) -> t.Any:
        if self.status < 300 and not self.forgets:
            self.schema = request.body
        return answer(self.status, {"error": {"code": "Bad"}} if self.status >= 300 else None)

    def reset(self, _request: Request) -> t.Any:
        self.schema = example("customappsso_default")
        return answer(204)

    def run(self, *, check_mode: bool = False, **params: t.Any) -> dict[str, t.Any]:
        """Run the module sync_schema and return its result."""
        self.http.sent.clear()
        made = task(sync_schema.ARGUMENTS, self.http, check_mode=check_mode, service_principal_id=SP, **params)
        return made.perform(sync_schema.run)


def test_the_echo_is_not_written_back() -> None:
    service = Service(example("customappsso_full.server_echo"))
    result = service.run(schema=example("customappsso_full"))
    assert (result["changed"], result["changes"], result["risks"]) == (False, [], [])
    assert service.http.verbs() == ["GET", "GET"]


def test_a_document_is_written_once_and_whole() -> None:
    service = Service(example("customappsso_default"))
    result = service.run(schema=example("customappsso_full"))
    assert result["changed"] is True
    assert service.http.verbs() == ["GET", "GET", "PUT", "GET"]
    assert "scope" in result["risks"]
    assert service.run(schema=example("customappsso_full"))["changed"] is False


def test_check_mode_says_what_the_run_does() -> None:
    service = Service(example("customappsso_default"))
    planned = service.run(check_mode=True, schema=example("customappsso_full"))
    assert set(service.http.verbs()) == {"GET"}
    done = service.run(schema=example("customappsso_full"))
    assert [planned[key] for key in ("changes", "diff", "risks")] == [done[key] for key in ("changes", "diff", "risks")]


def test_a_refused_write_changed_nothing() -> None:
    service = Service(example("customappsso_default"), status=400)
    result = service.run(schema=example("customappsso_full"))
    assert (result["failed"], result["changed"]) == (True, False)
    assert "changes were made" not in result["msg"]


def test_a_write_that_is_never_seen_is_told() -> None:
    result = Service(example("customappsso_default"), forgets=True).run(schema=example("customappsso_full"))
    assert (result["failed"], result["changed"]) == (True, True)
    assert "waiting until the written schema can be read back" in result["msg"]


def test_the_default_is_that_of_the_template() -> None:
    service = Service(example("customappsso_full"))
    assert service.run(state="default")["changed"] is True
    assert "DELETE" in service.http.verbs()
    assert service.run(state="default")["changed"] is False
    assert "DELETE" not in service.http.verbs()


@pytest.mark.parametrize("part", ["synchronizationRules", "directories"])
@pytest.mark.parametrize("value", [None, "missing", {}, []])
def test_half_a_schema_is_refused_before_anything_is_sent(part: str, value: t.Any) -> None:
    document = copy.deepcopy(example("customappsso_full"))
    if value == "missing":
        del document[part]
    else:
        document[part] = value
    with pytest.raises(BadInput, match=f"nothing under {part}"):
        checked_document(document, "schema")
    service = Service(example("customappsso_full"))
    assert service.run(schema=document)["failed"] is True
    assert service.http.sent == []


@pytest.mark.parametrize("document", [None, {}, []])
def test_nothing_is_no_schema(document: t.Any) -> None:
    with pytest.raises(BadInput):
        checked_document(document, "schema")
