# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of an application: read and changed through the application, parsed with the service principal."""

from __future__ import annotations

import copy
import json
import pathlib
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import app_templates
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_template
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, graph, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

Document = dict[str, t.Any]

SP = Principal("11111111-1111-1111-1111-111111111111")
SP_TEMPLATE = f"/servicePrincipals/{SP.id}/synchronization/templates/scim"
APP = "/applications/app-object/synchronization/templates"
TEMPLATE = {
    "@odata.context": "https://graph.test/v1.0/$metadata#templates/$entity",
    "id": "scim",
    "applicationId": "app-1",
    "factoryTag": "scim",
    "default": True,
    "discoverable": False,
    "description": "What HR uses",
    "metadata": [{"key": "owner", "value": "HR"}, {"key": "stage", "value": "test"}],
    "schema": {"directories": []},
}
SHOWN = {name: value for name, value in TEMPLATE.items() if name not in ("@odata.context", "schema")}
SCHEMA = example("customappsso_default")
NO_TITLE = [{"source": "User", "attributes": [{"target": "title", "state": "absent"}]}]
CHANGE = "User → User / title: removed (was [jobTitle])"


class Application:
    """An application with one template and its schema."""

    def __init__(self, **changes: t.Any) -> None:
        self.template: Document = {**copy.deepcopy(TEMPLATE), **changes}
        self.schema = copy.deepcopy(SCHEMA)
        self.delivered = copy.deepcopy(SCHEMA)
        self.routes: dict[tuple[str, str], t.Any] = {
            ("GET", f"/servicePrincipals/{SP.id}"): {"id": SP.id, "appId": "app-1"},
            ("GET", "/applications(appId='app-1')"): {"id": "app-object", "appId": "app-1"},
            ("GET", f"{APP}/scim"): lambda _request: self.template,
            ("GET", APP): {"value": [{"id": "scim"}, {"id": "scimV2"}]},
            ("PATCH", f"{APP}/scim"): self.patch,
            ("GET", f"{APP}/scim/schema"): lambda _request: self.schema,
            ("PUT", f"{APP}/scim/schema"): self.put,
            ("DELETE", f"{APP}/scim/schema"): self.reset,
            ("POST", f"{SP_TEMPLATE}/schema/parseExpression"): self.parse,
            ("GET", f"{SP_TEMPLATE}/schema/functions"): {"value": [{"id": "Join"}]},
            ("GET", f"{SP_TEMPLATE}/schema/filterOperators"): {"value": [{"id": "EQUALS"}]},
            ("POST", "/$batch"): answer(400),
        }
        self.http = ScriptedHttp(routes=self.routes)

    def patch(self, request: Request) -> t.Any:
        """Replace the template by what is sent, as the service does."""
        self.template = request.body
        return answer(204)

    def put(self, request: Request) -> t.Any:
        """Store a schema."""
        self.schema = request.body
        return answer(204)

    def reset(self, _request: Request) -> t.Any:
        """Go back to what is delivered."""
        self.schema = self.delivered
        return answer(204)

    def parse(self, request: Request) -> t.Any:
        """Find every expression sound."""
        tree = {"expression": request.body["expression"], "name": "Join", "type": "Function", "parameters": []}
        return {"parsingSucceeded": True, "evaluationSucceeded": True, "parsedExpression": tree}

    def run(self, *, check_mode: bool = False, template_id: str = "scim", **params: t.Any) -> Document:
        """Run the module sync_template; ``http.sent`` are its requests."""
        self.http.sent.clear()
        options = {"service_principal_id": SP.id, "template_id": template_id, **params}
        return task(sync_template.ARGUMENTS, self.http, check_mode=check_mode, **options).perform(sync_template.run)

    def writes(self) -> list[str]:
        """The requests of the last run that change something."""
        return [f"{one.method} {one.path}" for one in self.http.sent if one.method != "GET"]


def test_what_is_as_wanted_is_not_written() -> None:
    application = Application()
    result = application.run(
        description="What HR uses", default=True, discoverable=False, metadata={"owner": "HR", "stage": "test"}
    )
    assert (result["changed"], result["changes"], result["template"]) == (False, [], SHOWN)
    assert result["differences"] == []
    assert application.writes() == []
    assert application.http.sent[0].path == f"/servicePrincipals/{SP.id}?$select=id,appId,displayName"
    assert application.http.sent[1].path == "/applications(appId='app-1')?$select=id,appId"
    # Nothing is asked of the schema, so it is not read.
    assert len(application.http.sent) == 3


def test_the_whole_template_is_sent_with_what_changes() -> None:
    application = Application()
    result = application.run(
        description="New", default=False, discoverable=True, metadata={"stage": "live", "since": 2026}
    )
    assert result["changes"] == [
        "description: What HR uses → New",
        "default: true → false",
        "discoverable: false → true",
        "metadata stage: test → live",
        "metadata since: 2026 (new)",
    ]
    assert application.writes() == [f"PATCH {APP}/scim"]
    wanted = {
        **SHOWN,
        "description": "New",
        "default": False,
        "discoverable": True,
        "metadata": [
            {"key": "owner", "value": "HR"},
            {"key": "stage", "value": "live"},
            {"key": "since", "value": "2026"},
        ],
    }
    assert application.template == wanted
    assert result["template"] == wanted
    assert result["diff"]["before_header"] == f"template scim of {SP.id}"


@pytest.mark.parametrize(
    ("there", "wanted", "change"),
    [
        ({"description": "x"}, {"description": ""}, "description: removed (was x)"),
        ({"description": None}, {"description": ""}, None),
        ({"description": ""}, {"description": ""}, None),
        ({"description": None}, {"description": "x"}, "description: x (new)"),
        ({"default": None}, {"default": False}, "default: false (new)"),
        ({"default": False}, {"default": False}, None),
        ({"metadata": None}, {"metadata": {"stage": "live"}}, "metadata stage: live (new)"),
        ({"metadata": []}, {"metadata": {}}, None),
    ],
)
def test_one_field(there: Document, wanted: Document, change: str | None) -> None:
    application = Application(**there)
    result = application.run(**wanted)
    assert result["changes"] == ([change] if change else [])
    assert result["changed"] == (change is not None)
    assert application.run(**wanted)["changed"] is False


def test_check_mode_writes_no_field() -> None:
    application = Application()
    result = application.run(check_mode=True, default=False)
    assert (result["changed"], result["changes"]) == (True, ["default: true → false"])
    assert result["template"] == SHOWN
    assert application.writes() == []


def test_the_schema_is_written_through_the_application() -> None:
    application = Application()
    result = application.run(object_mappings=NO_TITLE, description="New")
    assert result["changes"] == ["description: What HR uses → New", CHANGE]
    assert application.writes() == [f"PATCH {APP}/scim", f"PUT {APP}/scim/schema"]
    assert [(one["path"][-1], one["before"], one["after"]) for one in result["differences"]] == [
        ("title", "[jobTitle]", None)
    ]
    assert result["changed_by_service"] == []
    assert application.run(object_mappings=NO_TITLE)["changed"] is False


def test_helpers_are_those_of_the_service_principal() -> None:
    application = Application()
    mapping = {"target": "title", "expression": 'Join("-", [givenName], [surname])'}
    result = application.run(object_mappings=[{"source": "User", "attributes": [mapping]}])
    assert result["changed"], result
    assert f"POST {SP_TEMPLATE}/schema/parseExpression" in application.writes()
    place = app_templates.place(graph(application.http), SP, "app-object", "scim")
    assert place.name == f"{SP.id}.template.scim"
    assert (place.get.endpoint.method, place.get.path) == ("GET", f"{APP}/scim/schema")
    put = place.put({"a": 1})
    assert (put.endpoint.method, put.path, put.body) == ("PUT", f"{APP}/scim/schema", {"a": 1})
    assert (place.reset.endpoint.method, place.reset.path) == ("DELETE", f"{APP}/scim/schema")
    parse = place.parse({"expression": "x"})
    assert (parse.path, parse.body) == (f"{SP_TEMPLATE}/schema/parseExpression", {"expression": "x"})
    assert place.functions.path == f"{SP_TEMPLATE}/schema/functions"
    assert place.operators.path == f"{SP_TEMPLATE}/schema/filterOperators"
    # What Microsoft delivers can be read nowhere.
    assert place.template() == application.schema


def test_a_template_that_there_is_not_names_those_that_there_are() -> None:
    result = Application().run(template_id="other")
    assert result["msg"] == "The application has no synchronization template 'other'; it has: scim, scimV2."
    assert (result["error"]["templates"], result["error"]["status"]) == (["scim", "scimV2"], 404)
    application = Application()
    application.routes["GET", APP] = {"value": []}
    assert application.run(template_id="other")["msg"].endswith("it has: none.")


def test_an_application_of_another_tenant() -> None:
    application = Application()
    del application.routes["GET", "/applications(appId='app-1')"]
    result = application.run()
    assert result["msg"] == (
        f"The application {SP.id} has no application object in this tenant, so its templates cannot be changed here."
    )
    assert result["error"]["status"] == 404


def _with_changed_schema() -> Application:
    application = Application()
    application.run(object_mappings=NO_TITLE)
    return application


def test_a_reset_tells_what_it_changed() -> None:
    application = _with_changed_schema()
    result = application.run(state="absent")
    assert (result["changed"], result["changes"]) == (True, ["User → User / title: [jobTitle] (new)"])
    assert result["diff"]["after"] == "User → User / title: [jobTitle]\n"
    assert application.writes() == [f"DELETE {APP}/scim/schema"]
    assert "backup_file" not in result
    assert result["template"]["id"] == "scim"
    assert application.run(state="absent")["changed"] is False
    assert application.writes() == [f"DELETE {APP}/scim/schema"]


def test_a_reset_keeps_what_was_there_where_that_is_wanted(tmp_path: pathlib.Path) -> None:
    application = _with_changed_schema()
    before = application.schema
    result = application.run(state="absent", backup=True, backup_dir=str(tmp_path))
    kept = pathlib.Path(result["backup_file"])
    assert kept.parent == tmp_path
    assert kept.name.startswith(f"{SP.id}.template.scim.")
    assert json.loads(kept.read_text(encoding="utf-8")) == before


def test_check_mode_does_not_know_what_a_reset_changes() -> None:
    application = _with_changed_schema()
    result = application.run(check_mode=True, state="absent")
    assert (result["changed"], result["changes"]) == (True, ["reset the schema of the template scim"])
    assert result["template"] == SHOWN
    assert application.writes() == []
