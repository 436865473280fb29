# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carrying out the write: what is tried, what goes along, what somebody else did meanwhile, and odd answers."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, answer
from ansible_collections.entra.provisioning.tests.unit.secret_service import JOBS, PATH, TOKEN, Service

STORED = {"BaseAddress": "https://scim", "SecretToken": "the-stored-one"}
JOB = {"id": "scim.1", "templateId": "scim", "schedule": {"state": "Disabled"}}
REFUSED = answer(400, {"error": {"code": "UnknownError", "message": "HTTP 401"}})
ALONG = "SecretToken: (stored) → (the given one, sent along because the service may replace all it has)"
GIVEN = {"SecretToken": TOKEN}


def test_a_secret_that_goes_along_is_tried_though_nobody_asks_for_it() -> None:
    service = Service(STORED, jobs=[JOB])
    tried = service.trials(answer(204))
    for check_mode in (True, False):
        result = service.run(check_mode=check_mode, delete_threshold=5, secrets=GIVEN)
        assert result["changes"] == [ALONG, "deletion threshold: 5 (new)"]
        assert result["validated"] is True
    assert tried == [{"BaseAddress": "https://scim", "SecretToken": TOKEN}] * 2
    assert service.bag["SecretToken"] == TOKEN


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("validate", [None, True])
def test_where_the_target_refuses_it_nothing_is_written(validate: bool | None, check_mode: bool) -> None:
    service = Service(STORED, jobs=[JOB])
    service.trials(REFUSED)
    result = service.run(check_mode=check_mode, delete_threshold=5, secrets=GIVEN, validate=validate)
    assert (result["failed"], result["changed"], service.bag) == (True, False, STORED)
    assert "Nothing was written, and the stored ones were left alone." in result["msg"]
    assert "SecretToken would only have been sent along" in result["msg"]
    assert "secrets_put to merge" in result["msg"]


def test_who_does_not_want_it_tried_says_so() -> None:
    service = Service(STORED, jobs=[JOB])
    tried = service.trials(REFUSED)
    result = service.run(delete_threshold=5, secrets=GIVEN, validate=False)
    assert result["changes"][0] == ALONG
    assert (result["validated"], tried) == (False, [])


def test_where_there_is_no_job_nothing_that_runs_can_be_hurt() -> None:
    assert Service(STORED).run(delete_threshold=5, secrets=GIVEN)["changed"] is True
    refused = Service(STORED).run(delete_threshold=5, secrets=GIVEN, validate=True)
    assert "has no synchronization job" in refused["msg"]


@pytest.mark.parametrize("replaces", [True, False])
def test_a_service_that_is_known_to_replace(replaces: bool) -> None:
    service = Service(STORED, replaces=replaces)
    result = service.run(delete_threshold=5, secrets=GIVEN, secrets_put="replace")
    assert result["changes"][0] == ALONG.replace("may replace", "replaces")
    refused = service.run(delete_threshold=6, secrets_put="replace")
    assert "A write that leaves it out deletes it." in refused["msg"]
    assert "secrets_put" not in refused["msg"]


def test_what_holds_json_goes_where_the_service_replaces() -> None:
    service = Service({"BaseAddress": "https://scim", "Domain": "{}"}, jobs=[JOB])
    tried = service.trials(answer(204))
    params: dict[str, t.Any] = {"remove": ["Domain"], "secrets_put": "replace", "validate": True}
    assert service.run(**params, check_mode=True)["changes"] == ["Domain: removed (was {})"]
    assert tried == [{"BaseAddress": "https://scim"}]
    assert service.run(**params)["changes"] == ["Domain: removed (was {})"]
    assert service.bag == {"BaseAddress": "https://scim"}


@pytest.mark.parametrize("given", [{}, GIVEN])
def test_with_merge_a_hidden_secret_stays_out_of_a_write_of_settings(given: dict[str, str]) -> None:
    service = Service(STORED, replaces=False, jobs=[JOB])
    tried = service.trials(REFUSED)
    result = service.run(delete_threshold=5, secrets=given, secrets_put="merge", validate=True)
    assert result["changes"] == ["deletion threshold: 5 (new)"]
    assert result["not_compared"] == sorted(given)
    assert service.bag["SecretToken"] == "the-stored-one"
    assert tried == []
    (put,) = (one for one in service.http.sent if one.method == "PUT")
    assert "SecretToken" not in [one["key"] for one in put.body["value"]]


def test_with_merge_what_was_tried_is_what_is_stored() -> None:
    service = Service(STORED, replaces=False, jobs=[JOB])
    tried = service.trials(answer(204))
    params: dict[str, t.Any] = {"settings": {"BaseAddress": "https://new"}, "secrets_put": "merge"}
    refused = service.run(**params, validate=True)
    assert "cannot be tried at the target without SecretToken" in refused["msg"]
    assert (tried, service.bag) == ([], STORED)
    assert service.run(**params, validate=True, secrets=GIVEN)["changes"] == [
        "SecretToken: (stored) → (the given one, sent along because it was tried together with BaseAddress)",
        "BaseAddress: https://scim → https://new",
    ]
    assert tried == [service.bag] == [{"BaseAddress": "https://new", "SecretToken": TOKEN}]
    params["settings"] = {"BaseAddress": "https://other"}
    # Without a word about it as well; who wants no trial says so, and nothing that is stored is replaced then.
    assert "cannot be tried" in service.run(**params)["msg"]
    assert len(service.run(**params, secrets=GIVEN)["changes"]) == 2
    assert tried[1:] == [{"BaseAddress": "https://other", "SecretToken": TOKEN}]
    params["settings"] = {"BaseAddress": "https://third"}
    untried = service.run(**params, secrets=GIVEN, validate=False)
    assert (untried["changes"], len(tried)) == (["BaseAddress: https://other → https://third"], 2)


def test_a_service_that_replaces_though_it_was_said_to_merge_is_told() -> None:
    service = Service(STORED, replaces=True)
    result = service.run(delete_threshold=5, secrets_put="merge")
    assert (result["failed"], result["changed"]) == (True, True)
    assert "though secrets_put says that it merges: SecretToken is gone" in result["msg"]


def test_a_loss_that_was_permitted_is_in_the_plan_and_tried() -> None:
    service = Service(STORED, jobs=[JOB])
    tried = service.trials(REFUSED)
    planned = service.run(check_mode=True, delete_threshold=5, allow_partial=True)
    left_out = "SecretToken: (stored) → (left out: the service may delete it)"
    assert planned["changes"] == [left_out, "deletion threshold: 5 (new)"]
    assert tried == []
    assert service.run(delete_threshold=5, allow_partial=True, validate=True)["failed"]
    assert tried == [{"BaseAddress": "https://scim"}]


def test_a_removal_is_tried_as_any_other_change() -> None:
    service = Service({**STORED, "Password": "the-stored-other"}, jobs=[JOB])
    tried = service.trials(REFUSED)
    result = service.run(remove=["SecretToken"], secrets={"Password": TOKEN}, validate=True)
    assert "Nothing was written" in result["msg"]
    assert tried == [{"BaseAddress": "https://scim", "Password": TOKEN}]
    assert service.bag["SecretToken"] == "the-stored-one"


def test_what_was_not_compared_is_told() -> None:
    service = Service({**STORED, "UserName": "svc-scim"})
    given = {**GIVEN, "UserName": "svc-scim"}
    result = service.run(secrets=given)
    assert (result["changed"], result["not_compared"]) == (False, ["SecretToken"])
    assert result["notes"] == [
        "SecretToken was not compared with the stored one: the service does not show it. The playbook "
        "entra.provisioning.rotate_credentials writes it, and so does update_secrets: always."
    ]
    unseen = "The service has accepted SecretToken and shows nothing of it. validate_stored: true tries what is stored."
    ways: list[tuple[dict[str, t.Any], list[str]]] = [
        ({"update_secrets": "always"}, [unseen]),
        ({"update_secrets": "always", "check_mode": True}, []),
        # What can be seen was written together with it.
        ({"scope": "all", "update_secrets": "always"}, []),
        ({"scope": "assigned"}, []),
        ({"update_secrets": "on_change"}, [unseen]),
    ]
    for params, notes in ways:
        told = service.run(secrets=given, **params)
        assert (told["not_compared"], told["notes"]) == ([], notes), params
    both = Service({**STORED, "Password": "another"}).run(secrets={**GIVEN, "Password": TOKEN})
    assert "Password and SecretToken were not compared with the stored ones" in both["notes"][0]


THRESHOLD = '{"DeleteThresholdEnabled":true,"DeleteThresholdValue":3}'


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({"SyncAll": "false"}, "scope: all users and groups → assigned users and groups only"),
        ({"BaseAddress": "https://theirs"}, "BaseAddress: https://scim → https://theirs"),
        ({"SecretToken": ""}, "SecretToken: removed (was (stored))"),
        ({"Password": "a new one"}, "Password: (stored) (new)"),
        ({"SyncNotificationSettings": THRESHOLD}, "deletion threshold: 3 (new)"),
    ],
)
def test_a_change_in_between_is_not_undone(theirs: dict[str, str], told: str) -> None:
    service = Service({**STORED, "SyncAll": "true"}, jobs=[JOB])

    def meanwhile(_request: Request) -> t.Any:
        service.bag = {key: value for key, value in {**service.bag, **theirs}.items() if value}
        return answer(204)

    service.route("POST", f"{JOBS}/scim.1/validateCredentials", meanwhile)
    result = service.run(settings={"CompanyId": "7"}, secrets=GIVEN, validate=True)
    assert (result["failed"], result["changed"], service.puts()) == (True, False, 0)
    assert "Somebody else changed the credentials or settings" in result["msg"]
    assert result["error"]["their_changes"] == [told]
    assert f"The changes of this task: {ALONG}; CompanyId: 7 (new)." in result["msg"]


def test_the_same_in_another_spelling_is_no_change_in_between() -> None:
    service = Service({**STORED, "SyncAll": "true"}, jobs=[JOB])

    def meanwhile(_request: Request) -> t.Any:
        service.bag["SyncAll"] = "True"
        return answer(204)

    service.route("POST", f"{JOBS}/scim.1/validateCredentials", meanwhile)
    assert service.run(settings={"CompanyId": "7"}, secrets=GIVEN)["changed"] is True


ODD = [
    answer(404, {"error": {"code": "NotFound"}}),
    answer(200),
    *(answer(200, body) for body in ({}, [], [1], {"value": None}, {"value": {}}, {"value": [None]}, "null", "5")),
    answer(200, {"value": [{"key": None, "value": "x"}]}),
]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("odd", ODD, ids=lambda one: f"{one.status_code} {one.text}")
def test_what_cannot_be_read_is_no_empty_bag(odd: t.Any, which: int) -> None:
    """From the first look on, from the one right before the write, and from the one after it."""
    service = Service({**STORED, "SyncAll": "true"})
    looks = 0

    def get(request: Request) -> t.Any:
        nonlocal looks
        looks += 1
        return odd if looks > which else service.get(request)

    service.route("GET", PATH, get)
    result = service.run(settings={"CompanyId": "7"}, secrets=GIVEN)
    assert result["failed"], result
    assert service.puts() == (which == 2)
    assert service.bag["SyncAll"] == "true"
