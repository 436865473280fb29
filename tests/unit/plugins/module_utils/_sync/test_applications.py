# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applications of the gallery: found, or made once and waited for."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime
from ansible_collections.entra.provisioning.plugins.module_utils._sync import applications
from ansible_collections.entra.provisioning.plugins.module_utils._sync.applications import NON_GALLERY
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.plugins.modules import gallery_application
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

Record = dict[str, t.Any]

ENTRY = {"id": "entry-1", "displayName": "Contoso SCIM", "supportedProvisioningTypes": ["sync"]}
CUSTOM = {"id": NON_GALLERY, "displayName": "Custom"}
MADE = {"id": "sp-1", "appId": "app-1", "displayName": "HR", "applicationTemplateId": "entry-1"}


class Gallery:
    """A tenant with a gallery; what is made can be seen after some reads."""

    def __init__(self, *there: Record, entries: t.Sequence[Record] = (ENTRY,)) -> None:
        self.there = list(there)
        self.templates: list[list[Record]] = [[{"id": "scim"}]]
        # What the reads of a new service principal answer, one after the other; the last one again and again.
        self.reads: list[t.Any] = [MADE]
        self.made: t.Callable[[], t.Any] = lambda: answer(201, {"application": {}, "servicePrincipal": MADE})
        routes: dict[tuple[str, str], t.Any] = {
            ("GET", "/applicationTemplates"): {"value": list(entries)},
            ("GET", "/servicePrincipals"): lambda _request: {"value": self.there},
            ("GET", "/servicePrincipals/sp-1"): lambda _request: _next(self.reads),
            ("GET", "/servicePrincipals/sp-1/synchronization/templates"): lambda _request: {
                "value": _next(self.templates)
            },
        }
        for one in (*entries, CUSTOM):
            routes["GET", f"/applicationTemplates/{one['id']}"] = one
            routes["POST", f"/applicationTemplates/{one['id']}/instantiate"] = self.instantiate
        self.http = ScriptedHttp(routes=routes)

    def instantiate(self, request: Request) -> t.Any:
        """Make the application."""
        result = self.made()
        self.there.append({**MADE, "applicationTemplateId": request.path.split("/")[2]})
        return result

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Record:
        """Run the module gallery_application for an application named HR."""
        made = task(gallery_application.ARGUMENTS, self.http, check_mode=check_mode, display_name="HR", **params)
        self.graph = made.graph
        return made.perform(gallery_application.run)

    def calls(self) -> list[str]:
        """The requests that were sent, without their queries."""
        return [f"{one.method} {one.path.split('?')[0]}" for one in self.http.sent]


def _next(answers: list[t.Any]) -> t.Any:
    return answers.pop(0) if len(answers) > 1 else answers[0]


def test_one_that_is_there_is_returned() -> None:
    gallery = Gallery(MADE)
    result = gallery.run(gallery_name="Contoso SCIM")
    assert (result["changed"], result["created"], result["service_principal"]) == (False, False, MADE)
    assert gallery.calls() == ["GET /applicationTemplates", "GET /servicePrincipals"]
    assert "$filter=displayName eq 'Contoso SCIM'" in gallery.http.sent[0].path
    assert "$filter=displayName eq 'HR'" in gallery.http.sent[1].path


def test_an_id_needs_no_search() -> None:
    gallery = Gallery(MADE)
    assert not gallery.run(gallery_id="entry-1")["changed"]
    assert gallery.calls() == ["GET /servicePrincipals"]


def test_one_is_made_and_waited_for() -> None:
    gallery = Gallery()
    gallery.reads = [answer(404), MADE, answer(404), MADE, MADE]
    gallery.templates = [[], [{"id": "scim"}]]
    result = gallery.run(gallery_name="Contoso SCIM")
    assert (result["changed"], result["created"], result["service_principal"]) == (True, True, MADE)
    assert result["changes"] == ["make the application HR from the gallery entry Contoso SCIM"]
    assert result["diff"] == {
        "before_header": "HR",
        "after_header": "HR",
        "before": "",
        "after": "application HR: made from the gallery entry Contoso SCIM\n",
    }
    calls = gallery.calls()
    posted = [one for one in gallery.http.sent if one.method == "POST"]
    assert [(one.path, one.body) for one in posted] == [
        ("/applicationTemplates/entry-1/instantiate", {"displayName": "HR"})
    ]
    # Two good looks in a row at each: replicas disagree for a while. A 404 of what is new is asked again at once.
    assert calls.count("GET /servicePrincipals/sp-1") == 4
    assert calls.count("GET /servicePrincipals/sp-1/synchronization/templates") == 3
    assert gallery.graph.memory.is_fresh(["sp-1"])
    assert gallery.graph.memory.is_fresh(["app-1"])


def test_without_provisioning_no_template_is_waited_for() -> None:
    gallery = Gallery(entries=[{**ENTRY, "supportedProvisioningTypes": ["other"]}])
    gallery.templates = [[]]
    assert gallery.run(gallery_name="Contoso SCIM", provisioning=False)["created"]
    # The last two look whether another run made one of the same name, and whose it is now.
    assert gallery.calls()[-4:] == [
        "GET /servicePrincipals/sp-1",
        "GET /servicePrincipals/sp-1",
        "GET /servicePrincipals",
        "GET /servicePrincipals",
    ]


@pytest.mark.parametrize("types", [None, [], ["sync"], ["other", "sync"]])
def test_entries_that_may_provision(types: t.Any) -> None:
    gallery = Gallery(entries=[{**ENTRY, "supportedProvisioningTypes": types}])
    assert gallery.run(gallery_name="Contoso SCIM")["created"]


def test_an_entry_that_does_not_provision_is_refused() -> None:
    gallery = Gallery(entries=[{**ENTRY, "supportedProvisioningTypes": ["other"]}])
    result = gallery.run(gallery_name="Contoso SCIM")
    assert result["msg"] == (
        "The gallery application 'Contoso SCIM' does not support provisioning. Set provisioning to false to make it "
        "all the same."
    )
    assert "POST" not in gallery.http.verbs()


def test_what_the_gallery_does_not_list_is_made_from_the_entry_for_that() -> None:
    gallery = Gallery()
    result = gallery.run()
    assert result["changes"] == ["make the application HR from the gallery entry Custom"]
    assert f"POST /applicationTemplates/{NON_GALLERY}/instantiate" in gallery.calls()
    assert result["service_principal"]["applicationTemplateId"] == NON_GALLERY == "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


def test_an_entry_without_a_name_is_called_by_its_id() -> None:
    gallery = Gallery(entries=[{"id": "entry-1", "displayName": ""}])
    result = gallery.run(gallery_id="entry-1")
    assert result["changes"] == ["make the application HR from the gallery entry entry-1"]
    assert result["diff"]["after"] == "application HR: made from the gallery entry entry-1\n"


def test_check_mode_says_what_it_would_make() -> None:
    gallery = Gallery()
    result = gallery.run(check_mode=True, gallery_name="Contoso SCIM")
    assert (result["changed"], result["created"]) == (True, True)
    assert result["service_principal"] == {
        "id": PLANNED,
        "appId": None,
        "displayName": "HR",
        "applicationTemplateId": "entry-1",
    }
    assert "POST" not in gallery.http.verbs()


@pytest.mark.parametrize("name", ["", " ", " HR", "HR "])
def test_a_name_that_nobody_finds_again_is_refused(name: str) -> None:
    gallery = Gallery()
    made = task(gallery_application.ARGUMENTS, gallery.http, display_name=name)
    assert made.perform(gallery_application.run)["msg"] == (
        f"The display name {name!r} is empty or has blanks around it, so nobody would find it again."
    )
    assert gallery.http.sent == []


def test_an_entry_that_there_is_not() -> None:
    result = Gallery(entries=[]).run(gallery_name="Contoso SCIM")
    assert result["msg"] == "The application gallery has no entry named 'Contoso SCIM'; the name must be exact."
    assert result["error"]["status"] == 404
    result = Gallery().run(gallery_id="entry-9")
    assert result["msg"] == "The application gallery has no entry with the id entry-9."
    assert result["error"]["status"] == 404


def test_several_entries_of_one_name() -> None:
    result = Gallery(entries=[ENTRY, {**ENTRY, "id": "entry-2"}]).run(gallery_name="Contoso SCIM")
    assert result["msg"] == (
        "The application gallery has 2 entries named 'Contoso SCIM': entry-1, entry-2. Say which one with gallery_id."
    )
    assert result["error"]["candidates"] == ["entry-1", "entry-2"]


def test_quotes_in_the_name_of_an_entry() -> None:
    gallery = Gallery(MADE)
    gallery.run(gallery_name="R'n'D")
    assert "displayName eq 'R''n''D'" in gallery.http.sent[0].path


def test_several_applications_of_one_name() -> None:
    result = Gallery(MADE, {**MADE, "id": "sp-2", "appId": "app-2"}).run(gallery_id="entry-1")
    assert result["msg"] == (
        "There are 2 applications named 'HR': sp-1 (application id app-1); sp-2 (application id app-2). Nothing was "
        "made. Rename or remove the others, or go on with the one that is meant by its service_principal_id."
    )
    assert result["error"]["candidates"] == ["sp-1", "sp-2"]


def test_an_application_of_another_entry() -> None:
    result = Gallery({**MADE, "applicationTemplateId": "entry-2"}).run(gallery_id="entry-1")
    assert result["msg"] == (
        "An application named 'HR' exists (sp-1), but it was made from the gallery entry entry-2, not from entry-1. "
        "Nothing was made; choose another name."
    )
    assert result["error"]["candidates"] == ["sp-1"]


def test_a_plain_registration_of_that_name() -> None:
    result = Gallery({**MADE, "applicationTemplateId": None}).run(gallery_id="entry-1")
    assert result["msg"] == (
        "An application named 'HR' exists (sp-1), but it is a plain app registration, which cannot be provisioned. "
        "Nothing was made; choose another name."
    )
    assert result["error"]["candidates"] == ["sp-1"]


def test_one_whose_answer_got_lost_is_found_and_not_made_twice() -> None:
    gallery = Gallery()

    def lost() -> t.Any:
        gallery.made = lambda: pytest.fail("made a second time")
        return answer(504)

    gallery.made = lost
    result = gallery.run(gallery_id="entry-1")
    assert (result["changed"], result["service_principal"]) == (True, MADE)
    assert gallery.graph.memory.is_fresh(["sp-1"])


def test_one_whose_answer_got_lost_and_that_is_not_there_is_no_success() -> None:
    gallery = Gallery()
    gallery.http.routes = {
        **(gallery.http.routes or {}),
        ("POST", "/applicationTemplates/entry-1/instantiate"): lambda _request: answer(504),
    }
    result = gallery.run(gallery_id="entry-1")
    assert result["failed"]
    assert not result["changed"]


def test_the_id_of_beta_times_is_understood() -> None:
    gallery = Gallery()
    gallery.made = lambda: answer(201, {"servicePrincipal": {"objectId": "sp-1", "appId": "app-1"}})
    assert gallery.run(gallery_id="entry-1")["service_principal"] == MADE
    assert gallery.graph.memory.is_fresh(["sp-1"])


def test_a_wait_that_does_not_end_says_for_what() -> None:
    gallery = Gallery()
    gallery.templates = [[]]
    result = gallery.run(gallery_id="entry-1")
    assert "while waiting until the new service principal has synchronization templates. " in result["msg"]
    assert result["msg"].endswith("Seen last: {'value': []}.")
    assert result["error"]["changes_made"] == ["make the application HR from the gallery entry Contoso SCIM"]


def test_one_that_cannot_be_read_yet_is_waited_for() -> None:
    gallery = Gallery()
    made = task(gallery_application.ARGUMENTS, gallery.http, display_name="HR")
    gallery.reads = [answer(404), MADE, answer(404), MADE, MADE]
    applications.wait_until_usable(made, Principal("sp-1"), False)
    assert gallery.calls() == ["GET /servicePrincipals/sp-1"] * 5
    gallery.reads = [answer(404)]
    with pytest.raises(OutOfTime, match="while waiting until the new service principal can be read. .*last: nothing."):
        applications.wait_until_usable(made, Principal("sp-1"), False)


def test_a_name_is_given_back_as_it_is() -> None:
    assert applications.checked_name("HR & Söhne") == "HR & Söhne"
