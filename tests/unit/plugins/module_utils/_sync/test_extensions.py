# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directory extensions: declared once, never changed, removed with consent."""

from __future__ import annotations

import typing as t

import pytest
import requests
from ansible_collections.entra.provisioning.plugins.module_utils._schema.words import ATTRIBUTE_TYPES
from ansible_collections.entra.provisioning.plugins.module_utils._sync import extensions
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED
from ansible_collections.entra.provisioning.plugins.modules import extension_attribute
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

SP = "11111111-1111-1111-1111-111111111111"
APP = "22222222-3333-4444-5555-66666666AAAA"
PATH = f"/applications(appId='{APP.lower()}')/extensionProperties"
FULL = "extension_2222222233334444555566666666aaaa_badge"
BADGE = {"id": "e1", "name": FULL, "dataType": "String", "isMultiValued": False, "targetObjects": ["User"]}


class Service:
    """The extensions of one application.

    :arg lag: how many reads after a write show the state before it.
    :arg breaks: the connection breaks after the creation was carried out.
    """

    def __init__(self, *stored: dict[str, t.Any], lag: int = 0, breaks: bool = False) -> None:
        self.stored = list(stored)
        self.lag, self.breaks = lag, breaks
        self.old: list[list[dict[str, t.Any]]] = []
        self.http = ScriptedHttp(
            routes={
                ("GET", f"/servicePrincipals/{SP}"): {"id": SP, "appId": APP.lower()},
                ("GET", PATH): lambda _request: {"value": self.old.pop() if self.old else self.stored},
                ("POST", PATH): self.post,
                ("DELETE", f"{PATH}/e1"): self.delete,
            }
        )

    def post(self, request: Request) -> t.Any:
        self._change([*self.stored, {**BADGE, **request.body, "name": FULL}])
        if self.breaks:
            raise requests.ConnectionError("reset by peer")
        return answer(201, self.stored[-1])

    def delete(self, _request: Request) -> t.Any:
        self._change([one for one in self.stored if one["id"] != "e1"])
        return answer(204)

    def _change(self, after: list[dict[str, t.Any]]) -> None:
        self.old = [self.stored] * self.lag
        self.stored = after

    def run(self, *, check_mode: bool = False, **params: t.Any) -> dict[str, t.Any]:
        """Run the module and return its result."""
        self.http.sent.clear()
        options = {"name": "badge", **({} if "service_principal_id" in params else {"app_id": APP}), **params}
        done = task(extension_attribute.ARGUMENTS, self.http, check_mode=check_mode, **options)
        return done.perform(extension_attribute.run)


@pytest.mark.parametrize("lag", [0, 3])
def test_it_is_declared_once(lag: int) -> None:
    service = Service(lag=lag)
    first = service.run()
    assert first["changes"] == [f"declare the directory extension {FULL} (String of User)"]
    assert first["full_name"] == FULL
    assert first["definitions"] == [{"directory": "source", "object": "User", "name": FULL, "type": "String"}]
    assert first["extension"]["id"] == "e1"
    assert service.http.sent[1].body == {"name": "badge", "dataType": "String", "targetObjects": ["User"]}
    second = service.run()
    assert (second["changed"], second["extension"], second["full_name"]) == (False, first["extension"], FULL)
    assert service.http.verbs() == ["GET"]


def test_a_creation_whose_answer_got_lost_is_looked_for() -> None:
    service = Service(breaks=True)
    assert service.run()["changed"] is True
    assert service.http.verbs().count("POST") == 1


def test_a_service_principal_is_asked_for_its_application() -> None:
    service = Service(BADGE)
    result = service.run(service_principal_id=SP)
    assert (result["changed"], result["full_name"]) == (False, FULL)
    assert service.http.verbs() == ["GET", "GET"]


def test_check_mode_says_the_same_and_writes_nothing() -> None:
    service = Service()
    planned = service.run(check_mode=True, data_type="LargeInteger", target_objects=["User", "Group"])
    assert set(service.http.verbs()) == {"GET"}
    done = service.run(data_type="LargeInteger", target_objects=["User", "Group"])
    for key in ("changed", "changes", "diff", "full_name", "definitions"):
        assert planned[key] == done[key]
    assert [(one["object"], one["type"]) for one in done["definitions"]] == [("User", "Integer"), ("Group", "Integer")]
    assert planned["extension"] == {
        "name": FULL,
        "dataType": "LargeInteger",
        "isMultiValued": False,
        "targetObjects": ["Group", "User"],
    }


def test_it_is_planned_for_an_application_that_is_planned() -> None:
    service = Service()
    result = service.run(check_mode=True, service_principal_id=PLANNED)
    assert result["full_name"] == f"extension_{'0' * 32}_badge"
    assert (result["changed"], service.http.sent) == (True, [])


@pytest.mark.parametrize("state", ["present", "absent"])
def test_another_case_is_another_name(state: str) -> None:
    service = Service({**BADGE, "name": FULL.replace("badge", "Badge")})
    result = service.run(state=state, confirm=True)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "only in case" in result["msg"]
    assert "_Badge, which differs" in result["msg"]
    assert service.http.verbs() == ["GET"]


def test_the_exact_name_wins_over_one_in_another_case() -> None:
    assert Service({**BADGE, "name": FULL.upper()}, BADGE).run()["changed"] is False


@pytest.mark.parametrize(
    ("stored", "params", "words"),
    [
        ({"dataType": "Integer"}, {}, "it holds Integer, not String"),
        ({}, {"target_objects": ["User", "Group", "Device"]}, "it is not for Device and Group"),
        ({"isMultiValued": True}, {}, "it is multi-valued, which provisioning cannot map"),
        (
            {"dataType": "Integer", "isMultiValued": True},
            {},
            "it holds Integer, not String, and it is multi-valued, which provisioning cannot map",
        ),
    ],
)
def test_what_cannot_be_changed_is_refused(stored: dict[str, t.Any], params: dict[str, t.Any], words: str) -> None:
    service = Service({**BADGE, **stored})
    for check_mode in (True, False):
        result = service.run(check_mode=check_mode, **params)
        assert result["msg"].startswith("The application ")
        assert result["msg"].endswith(
            f" has the directory extension {BADGE['name']}, but {words}. Nothing was changed, since a definition "
            "cannot be. Choose another name, or remove it with the state absent if nobody needs its values."
        )
        assert result["error"]["extension_id"] == BADGE["id"]
        assert service.http.verbs() == ["GET"]


def test_one_for_more_is_as_good() -> None:
    assert Service({**BADGE, "targetObjects": ["Group", "User"]}).run()["changed"] is False


@pytest.mark.parametrize("lag", [0, 3])
def test_it_is_removed_with_consent(lag: int) -> None:
    service = Service(BADGE, lag=lag)
    for check_mode in (True, False):
        refused = service.run(state="absent", check_mode=check_mode)
        assert (refused["failed"], service.http.verbs()) == (True, ["GET"])
        assert "limit of 100" in refused["msg"]
    planned = service.run(state="absent", confirm=True, check_mode=True)
    done = service.run(state="absent", confirm=True)
    assert done["changes"] == planned["changes"] == [f"remove the directory extension {FULL} with all its values"]
    assert done["extension"] is planned["extension"] is None
    assert service.stored == []
    assert service.run(state="absent")["changed"] is False


def test_one_from_on_premises_is_removed_there() -> None:
    result = Service({**BADGE, "isSyncedFromOnPremises": True}).run(state="absent", confirm=True)
    assert "Microsoft Entra Connect" in result["msg"]


def test_an_application_of_another_tenant_owns_nothing_here() -> None:
    service = Service()
    service.http.routes = {}
    result = service.run()
    assert "no application object in this tenant" in result["msg"]
    assert result["error"]["status"] == 404


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"name": FULL}, "The option name takes 'badge'"),
        ({"name": "badge number"}, "letters, digits and underscores"),
        ({"name": ""}, "letters, digits and underscores"),
        ({"target_objects": []}, "target_objects is empty"),
        ({"app_id": "Contoso"}, "app_id takes an id"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_the_first_request(params: dict[str, t.Any], words: str) -> None:
    service = Service()
    assert words in service.run(**params)["msg"]
    assert service.http.sent == []


@pytest.mark.parametrize("data_type", extensions.DATA_TYPES)
def test_every_data_type_can_be_defined(data_type: str) -> None:
    (definition,) = Service().run(data_type=data_type)["definitions"]
    assert definition["type"] in ATTRIBUTE_TYPES


def test_what_provisioning_does_not_read_is_not_defined() -> None:
    assert Service().run(target_objects=["Device"])["definitions"] == []
