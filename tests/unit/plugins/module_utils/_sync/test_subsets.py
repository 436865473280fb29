# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sync_info makes of schemas, operators, assignments, templates and logs."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import GraphError
from ansible_collections.entra.provisioning.plugins.module_utils._schema.left_out import left_out
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import portable
from ansible_collections.entra.provisioning.plugins.modules import sync_info
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

Record = dict[str, t.Any]

A, B = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
FULL, MODEL = example("customappsso_full"), example("customappsso_full")
# An attribute that only its absence from the template shows to be an admin's own.
FULL["directories"][0]["objects"][0]["attributes"].append({"name": "plain", "type": "String"})
SYNC_A, SYNC_B = (f"/servicePrincipals/{one}/synchronization" for one in (A, B))
TENANT: dict[str, t.Any] = {
    f"{SYNC_A}/jobs": {"value": [{"id": "scim.1", "templateId": "scim"}, {"id": "scim.2", "templateId": "scim"}]},
    f"{SYNC_A}/jobs/scim.1/schema": FULL,
    f"{SYNC_A}/jobs/scim.1/schema/filterOperators": {"value": [{"name": "EQUALS"}]},
    f"{SYNC_A}/templates/scim/schema": MODEL,
    f"{SYNC_A}/templates": example("templates_list_examples")["scim_gallery_style"],
    f"/servicePrincipals/{A}/appRoleAssignedTo": {
        "value": [{"id": "1", "principalId": "ada"}],
        "@odata.nextLink": f"https://graph.test/v1.0/servicePrincipals/{A}/next",
    },
    f"/servicePrincipals/{A}/next": {"value": [{"id": "2", "principalId": "ben"}]},
    f"/servicePrincipals/{B}/appRoleAssignedTo": {"value": []},
    f"{SYNC_B}/jobs": {"value": []},
    f"{SYNC_B}/templates": {"value": [{"id": "other"}, {"id": "best", "default": True}]},
    f"{SYNC_B}/templates/best/schema/filterOperators": {"value": [{"name": "IS NULL"}]},
}
ENTRY = {"activityDateTime": "2026-11-20T10:00:00Z", "provisioningAction": "create"}


class Service(ScriptedHttp):
    """The tenant above, with $batch; every call is noted without its query, and the filters of the log."""

    def __init__(self, **more: t.Any) -> None:
        super().__init__(routes={})
        self.tenant = {**TENANT, **more}
        self.log: list[Record] = []
        self.read: list[str] = []
        self.filters: list[str] = []

    def _routed(self, request: Request) -> t.Any:
        if request.path != "/$batch":
            return answer(*self._answered(request.path))
        parts = [(one["id"], *self._answered(one["url"])) for one in request.body["requests"]]
        return answer(200, {"responses": [{"id": name, "status": code, "body": body} for name, code, body in parts]})

    def _answered(self, url: str) -> tuple[int, t.Any]:
        path, _mark, query = url.partition("?")
        self.read.append(path)
        if path == "/auditLogs/provisioning":
            self.filters.append(query)
            return 200, {"value": self.log}
        found = self.tenant.get(path)
        return (200, found) if found is not None else (404, {"error": {"code": "NotFound", "message": "No."}})


def _run(http: Service, *applications: str, **options: t.Any) -> tuple[list[Record], list[str]]:
    made = task(
        sync_info.ARGUMENTS, http, applications=[{"service_principal_id": one} for one in applications], **options
    )
    return sync_info.run(made).result["applications"], made.warnings


def test_the_schemas_of_jobs_that_have_one() -> None:
    http = Service()
    (first, second), _warnings = _run(http, A, B, gather=["schema"])
    assert first["schema"] == [{"job_id": "scim.1", "schema": FULL}]
    assert second["schema"] == []
    assert f"{SYNC_A}/jobs/scim.2/schema" in http.read
    # What the template defines matters to portable documents only.
    assert f"{SYNC_A}/templates/scim/schema" not in http.read


def test_portable_documents_are_without_what_the_template_defines() -> None:
    http = Service()
    ((record,), warnings) = _run(http, A, gather=["schema"], portable=True)
    assert record["schema"] == [{"job_id": "scim.1", "schema": portable(FULL, MODEL)}]
    assert "plain" in [one["name"] for one in record["schema"][0]["schema"]["custom_attributes"]]
    assert http.read.count(f"{SYNC_A}/templates/scim/schema") == 1
    assert warnings == []


def test_a_portable_document_says_what_it_leaves_out() -> None:
    odd = example("customappsso_full")
    odd["synchronizationRules"][0]["somethingNew"] = 1
    http = Service(**{f"{SYNC_A}/jobs/scim.1/schema": odd})
    ((record,), warnings) = _run(http, A, gather=["schema"], portable=True)
    (said,) = left_out(odd, MODEL)
    assert warnings == [f"The portable document of the job scim.1 leaves out: {said}"]
    assert record["schema"] == [{"job_id": "scim.1", "schema": portable(odd, MODEL)}]


def test_the_template_of_a_job_may_be_unreadable() -> None:
    http = Service(**{f"{SYNC_A}/templates/scim/schema": None})
    ((record,), _warnings) = _run(http, A, gather=["schema"], portable=True)
    assert record["schema"] == [{"job_id": "scim.1", "schema": portable(FULL, None)}]


def test_operators_of_a_job_and_of_the_template_that_one_would_have() -> None:
    (first, second), _warnings = _run(Service(), A, B, gather=["filter_operators"])
    assert first["filter_operators"] == [
        {"job_id": "scim.1", "template_id": "scim", "filter_operators": [{"name": "EQUALS"}]}
    ]
    assert second["filter_operators"] == [
        {"job_id": None, "template_id": "best", "filter_operators": [{"name": "IS NULL"}]}
    ]


def test_a_job_that_is_named_has_no_stand_in() -> None:
    http = Service(**{f"{SYNC_B}/jobs/scim.9": None})
    ((record,), _warnings) = _run(http, B, gather=["filter_operators"], job_id="scim.9")
    assert record["filter_operators"] == []
    assert f"{SYNC_B}/templates" not in http.read


def test_all_pages_of_assignments() -> None:
    (first, second), _warnings = _run(Service(), A, B, gather=["assignments"])
    assert first["assignments"] == [{"id": "1", "principalId": "ada"}, {"id": "2", "principalId": "ben"}]
    assert second["assignments"] == []


def test_templates_with_the_credentials_that_they_ask_for() -> None:
    ((record,), _warnings) = _run(Service(), A, gather=["templates"])
    assert [one["id"] for one in record["templates"]] == [one["template_id"] for one in record["template_credentials"]]
    assert [one["key"] for one in record["template_credentials"][0]["credentials"]] == ["BaseAddress", "SecretToken"]


def test_what_is_unknown_is_warned_of_once_for_each_application() -> None:
    http = Service(**{f"{SYNC_B}/secrets": {"value": []}})
    (record,), warnings = _run(http, B, gather=["health"], job_id="scim.9")
    assert record["health"] == []
    assert warnings == [
        f"The service knows no jobs of {B} (404). Check the ids: there may be no such service "
        "principal, job or template, or it cannot be provisioned."
    ]


def _log(**more: t.Any) -> Record:
    return {**ENTRY, "jobId": "scim.1", **more}


def test_entries_of_the_log_are_shown_only_where_that_is_asked() -> None:
    http = Service()
    http.log = [_log(id="1"), _log(id="2")]
    (first, second), _warnings = _run(http, A, B, gather=["logs"])
    assert first["logs"]["entries"] == []
    assert first["logs"]["by_action"] == {"create": 2}
    assert second["logs"]["by_action"] == {}
    ((record,), _warnings) = _run(http, A, gather=["logs"], logs_entries=True)
    assert [one["id"] for one in record["logs"]["entries"]] == ["1", "2"]


def test_no_more_entries_than_asked_for_and_a_word_of_the_others() -> None:
    http = Service()
    http.log = [_log(id=str(number)) for number in range(3)]
    ((record,), warnings) = _run(http, A, gather=["logs"], logs_entries=True, logs_limit=2)
    assert [one["id"] for one in record["logs"]["entries"]] == ["0", "1"]
    assert warnings == [
        "There are more log entries of scim.1 and scim.2 than the 2 newest, which are all that was counted. Raise "
        "logs_limit, or ask for less with logs_since, logs_cycle or logs_status."
    ]


@pytest.mark.parametrize(
    ("options", "inside", "outside"),
    [
        ({"logs_cycle": "c-7"}, ["cycleId eq 'c-7'"], []),
        ({"logs_status": ["failure"]}, ["failure"], []),
        ({}, [], ["cycleId", "failure"]),
    ],
)
def test_what_is_asked_of_the_log(options: Record, inside: list[str], outside: list[str]) -> None:
    http = Service()
    _run(http, A, gather=["logs"], **options)
    (query,) = http.filters
    assert "scim.1" in query
    assert "scim.2" in query
    assert [one for one in inside if one not in query] == []
    assert [one for one in outside if one in query] == []


def test_the_last_cycle_of_each_job() -> None:
    http = Service()
    http.log = [_log(id="1", cycleId="c-1")]
    _run(http, A, gather=["logs"], logs_cycle="last")
    assert len(http.filters) == 3
    assert "cycleId eq 'c-1'" in http.filters[-1]


def test_without_a_cycle_there_is_nothing_to_read() -> None:
    http = Service()
    ((record,), _warnings) = _run(http, A, gather=["logs"], logs_cycle="last", logs_entries=True)
    assert record["logs"]["entries"] == []
    assert len(http.filters) == 2


UNREADABLE = {
    "jobs": ("jobs", "schema", "health", "filter_operators", "logs"),
    "templates": ("templates",),
    "secrets": ("secrets",),
}


@pytest.mark.parametrize("path", UNREADABLE)
@pytest.mark.parametrize("found", [None, {}, [], {"value": None}], ids=str)
def test_what_cannot_be_read_is_not_nothing(path: str, found: t.Any) -> None:
    """One list of one application fails, in whatever way; that of the other one does not."""
    subsets = UNREADABLE[path]
    known = {f"{SYNC_A}/secrets": {"value": []}, f"{SYNC_B}/secrets": {"value": []}}
    first, second = _run(Service(**{**known, f"{SYNC_B}/{path}": found}), A, B, gather=list(subsets))[0]
    assert [one for one in subsets if one in second] == []
    assert {one["gather"] for one in second["errors"]} >= {path}
    assert [one for one in subsets if one not in first] == []
    assert "errors" not in first or path not in {one["gather"] for one in first["errors"]}


@pytest.mark.parametrize("path", UNREADABLE)
def test_nothing_but_what_cannot_be_read_is_a_failure(path: str) -> None:
    with pytest.raises(GraphError, match=r"answered 404"):
        _run(Service(**{f"{SYNC_B}/{path}": None}), B, gather=[UNREADABLE[path][0]])
