# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be written into the bag, under either reading of the service."""

from __future__ import annotations

import json
import typing as t

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import OutOfTime, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bag, connectivity, fingerprint, secrets
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.plugins.module_utils._task import Change
from ansible_collections.entra.provisioning.plugins.modules import sync_secrets
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task
from hypothesis import strategies as st

SP = Principal("11111111-1111-1111-1111-111111111111")
PATH = f"/servicePrincipals/{SP.id}/synchronization/secrets"
SECRET_KEYS = frozenset({"SecretToken", "Password", "ClientSecret", "ConsumerKey"})
TOKEN = "t0p-secret-token"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fingerprints at the least price that is accepted."""
    monkeypatch.setattr(fingerprint, "ROUNDS", 100_000)


class Service:
    """The secrets of one service principal.

    :arg replaces: whether a PUT replaces the bag, or merges into it.
    :arg lag: how many reads after a PUT show the state before it.
    """

    def __init__(self, bag: dict[str, str], *, replaces: bool = True, lag: int = 0) -> None:
        self.bag = dict(bag)
        self.replaces, self.lag = replaces, lag
        self.warnings: list[str] = []
        self.old: list[dict[str, str]] = []
        self.http = ScriptedHttp(routes={("GET", PATH): self.get, ("PUT", PATH): self.put})

    def get(self, _request: Request) -> t.Any:
        shown = self.old.pop() if self.old else self.bag
        return {"value": [{"key": key, "value": "*" if key in SECRET_KEYS else one} for key, one in shown.items()]}

    def put(self, request: Request) -> t.Any:
        self.old = [dict(self.bag)] * self.lag
        sent = {one["key"]: one["value"] for one in request.body["value"]}
        assert "*" not in sent.values()
        merged = sent if self.replaces else {**self.bag, **sent}
        self.bag = {key: value for key, value in merged.items() if value}
        return answer(204)

    def run(self, *, check_mode: bool = False, **params: t.Any) -> dict[str, t.Any]:
        """Run the module sync_secrets and return its result."""
        self.http.sent.clear()
        done = task(sync_secrets.ARGUMENTS, self.http, check_mode=check_mode, service_principal_id=SP.id, **params)
        self.warnings = done.warnings
        return done.perform(sync_secrets.run)

    def puts(self) -> int:
        """How often was written in the last run."""
        return self.http.verbs().count("PUT")


def _due(current: dict[str, str], given: dict[str, str], update: str) -> dict[str, str]:
    return secrets.to_write(current, given, update)


@pytest.mark.parametrize(
    ("current", "given", "on_create", "always"),
    [
        (None, TOKEN, True, True),
        ("*", TOKEN, False, True),
        (TOKEN, TOKEN, False, False),
        ("shown", TOKEN, True, True),
        ("*", "", True, True),
        ("shown", "", True, True),
        (None, "", False, False),
        ("True", "true", False, False),
    ],
)
def test_which_secrets_are_due(current: str | None, given: str, on_create: bool, always: bool) -> None:
    stored = {} if current is None else {"SecretToken": current}
    assert bool(_due(stored, {"SecretToken": given}, "on_create")) is on_create
    assert bool(_due(stored, {"SecretToken": given}, "always")) is always


@pytest.mark.parametrize("replaces", [True, False])
@pytest.mark.parametrize("lag", [0, 3])
def test_a_new_bag_is_written_once(replaces: bool, lag: int) -> None:
    service = Service({}, replaces=replaces, lag=lag)
    params = {"secrets": {"SecretToken": TOKEN}, "settings": {"BaseAddress": "https://scim"}, "scope": "all"}
    first = service.run(**params)
    assert first["changed"] is True
    assert service.bag == {"SecretToken": TOKEN, "BaseAddress": "https://scim", "SyncAll": "true"}
    assert first["secrets"]["secret_keys"] == ["SecretToken"]
    second = service.run(**params)
    assert (second["changed"], service.puts()) == (False, 0)
    assert TOKEN not in json.dumps([first, second])


@pytest.mark.parametrize("replaces", [True, False])
def test_nothing_that_is_readable_gets_lost(replaces: bool) -> None:
    service = Service({"BaseAddress": "https://scim", "CompanyId": "7", "SecretToken": "old1"}, replaces=replaces)
    result = service.run(secrets={"SecretToken": TOKEN}, update_secrets="always")
    assert result["changes"] == ["write SecretToken"]
    assert service.bag == {"BaseAddress": "https://scim", "CompanyId": "7", "SecretToken": TOKEN}


@pytest.mark.parametrize("replaces", [True, False])
def test_a_hidden_secret_is_not_put_at_risk(replaces: bool) -> None:
    service = Service({"BaseAddress": "https://old", "SecretToken": "old1", "Password": "old2"}, replaces=replaces)
    result = service.run(settings={"BaseAddress": "https://new"}, secrets={"Password": "0ther-one"})
    assert (result["failed"], result["changed"], service.puts()) == (True, False, 0)
    assert result["error"]["hidden_keys"] == ["SecretToken"]
    assert "Nothing was written" in result["msg"]


def test_a_lost_secret_is_told_where_that_was_allowed() -> None:
    service = Service({"BaseAddress": "https://old", "SecretToken": "old1"})
    result = service.run(settings={"BaseAddress": "https://new"}, allow_partial=True)
    assert result["changed"] is True
    assert "SecretToken is gone" in service.warnings[0]
    kept = Service({"BaseAddress": "https://old", "SecretToken": "old1"}, replaces=False)
    assert kept.run(settings={"BaseAddress": "https://new"}, allow_partial=True)["changed"] is True
    assert kept.bag["SecretToken"] == "old1"


def test_a_loss_that_cannot_be_seen_yet_is_told_as_possible() -> None:
    service = Service({"SecretToken": "old1", "Password": "old2"}, lag=2)
    params = {"secrets": {"Password": "0ther-one"}, "update_secrets": "always", "allow_partial": True}
    assert service.run(**params)["changed"] is True
    assert service.bag == {"Password": "0ther-one"}
    assert "SecretToken was left out of the write" in service.warnings[0]
    assert "Look again later" in service.warnings[0]


def test_a_secret_that_the_service_does_not_take_is_told() -> None:
    service = Service({})
    service.http.routes = {**(service.http.routes or {}), ("PUT", PATH): answer(204)}
    result = service.run(secrets={"SecretToken": TOKEN})
    assert (result["failed"], result["changed"]) == (True, True)
    assert "SecretToken not as written" in result["msg"]


def test_a_hidden_secret_that_is_given_goes_along() -> None:
    service = Service({"BaseAddress": "https://old", "SecretToken": TOKEN})
    params = {"settings": {"BaseAddress": "https://new"}, "secrets": {"SecretToken": TOKEN}}
    result = service.run(**params)
    assert [one.split(":")[0] for one in result["changes"]] == ["BaseAddress"]
    assert service.bag == {"BaseAddress": "https://new", "SecretToken": TOKEN}


def test_always_writes_each_time() -> None:
    service = Service({"SecretToken": TOKEN})
    for _time in range(2):
        assert service.run(secrets={"SecretToken": TOKEN}, update_secrets="always")["changed"] is True
        assert service.puts() == 1


@pytest.mark.parametrize("replaces", [True, False])
@pytest.mark.parametrize("lag", [0, 3])
def test_a_fingerprint_tells_whether_a_secret_is_another(replaces: bool, lag: int) -> None:
    service = Service({"SecretToken": "of the portal"}, replaces=replaces, lag=lag)
    params = {"secrets": {"SecretToken": TOKEN}, "update_secrets": "on_change"}
    first = service.run(**params)
    assert first["changes"] == ["write SecretToken"]
    assert service.bag == {"SecretToken": TOKEN}
    kept = first["fingerprint"]
    second = service.run(**params, fingerprint=kept)
    assert (second["changed"], service.puts(), second["fingerprint"]) == (False, 0, kept)
    params["secrets"] = {"SecretToken": "another-token"}
    third = service.run(**params, fingerprint=kept)
    assert third["changes"] == ["write SecretToken"]
    assert service.bag == {"SecretToken": "another-token"}
    assert third["fingerprint"] != kept
    assert service.run(**params, fingerprint=third["fingerprint"])["changed"] is False
    assert not any(one in json.dumps([first, second, third]) for one in (TOKEN, "another-token"))


def test_a_fingerprint_of_other_keys_is_renewed() -> None:
    service = Service({"SecretToken": TOKEN, "BaseAddress": "https://scim"})
    params = {"secrets": {"SecretToken": TOKEN}, "update_secrets": "on_change"}
    kept = service.run(**params)["fingerprint"]
    both = {"SecretToken": TOKEN, "Password": "0ther-one"}
    added = service.run(secrets=both, update_secrets="on_change", fingerprint=kept)
    assert added["changes"] == ["write Password"]
    assert service.run(secrets=both, update_secrets="on_change", fingerprint=added["fingerprint"])["changed"] is False
    gone = {"SecretToken": TOKEN, "Password": ""}
    removed = service.run(secrets=gone, update_secrets="on_change", fingerprint=added["fingerprint"])
    assert removed["changes"] == ["remove Password"]
    assert "Password" not in removed["fingerprint"]
    again = service.run(secrets=gone, update_secrets="on_change", fingerprint=removed["fingerprint"])
    assert (again["changed"], again["fingerprint"]) == (False, removed["fingerprint"])


def test_check_mode_gives_the_fingerprint_back_that_it_got() -> None:
    service = Service({"SecretToken": TOKEN})
    params = {"secrets": {"SecretToken": "another-token"}, "update_secrets": "on_change"}
    assert service.run(check_mode=True, **params)["fingerprint"] == ""
    kept = service.run(**params)["fingerprint"]
    params["secrets"] = {"SecretToken": TOKEN}
    planned = service.run(check_mode=True, **params, fingerprint=kept)
    assert (planned["changes"], planned["fingerprint"]) == (["write SecretToken"], kept)


def test_a_fingerprint_that_is_none_is_refused_before_the_first_request() -> None:
    service = Service({})
    for params in ({"update_secrets": "on_change", "fingerprint": "words"}, {"fingerprint": "words"}):
        result = service.run(secrets={"SecretToken": TOKEN}, **params)
        assert "The option fingerprint" in result["msg"]
        assert service.http.sent == []
    assert "fingerprint" not in service.run(secrets={"SecretToken": TOKEN})


@pytest.mark.parametrize("replaces", [True, False])
def test_an_empty_text_removes_a_key(replaces: bool) -> None:
    service = Service({"CompanyId": "7", "SecretToken": TOKEN}, replaces=replaces)
    params = {"settings": {"CompanyId": ""}, "secrets": {"SecretToken": ""}}
    assert service.run(**params)["changed"] is True
    assert service.bag == {}
    assert service.run(**params)["changed"] is False


def test_check_mode_writes_nothing_and_says_the_same() -> None:
    params = {"secrets": {"SecretToken": TOKEN}, "delete_threshold": 5}
    service = Service({})
    planned = service.run(check_mode=True, **params)
    assert service.puts() == 0
    assert service.bag == {}
    done = service.run(**params)
    assert [planned[key] for key in ("changed", "changes", "diff")] == [
        done[key] for key in ("changed", "changes", "diff")
    ]
    assert TOKEN not in json.dumps(planned)


def test_a_write_that_is_never_seen_is_told() -> None:
    service = Service({}, lag=10**6)
    result = service.run(settings={"CompanyId": "7"})
    assert (result["failed"], result["changed"]) == (True, True)
    assert "waiting until the written settings can be read back" in result["msg"]
    assert "CompanyId not as written" in result["msg"]


def test_a_setting_that_the_service_hides_is_seen() -> None:
    service = Service({})
    assert service.run(settings={"ConsumerKey": "given-in-settings"})["changed"] is True
    again = service.run(settings={"ConsumerKey": "given-in-settings"})
    assert (again["failed"], service.puts()) == (True, 0)
    assert "Give it in the option secrets" in again["msg"]


def test_a_planned_application_has_an_empty_bag() -> None:
    made = task(sync_secrets.ARGUMENTS, ScriptedHttp(routes={}), check_mode=True, service_principal_id=PLANNED)
    assert secrets.stored(made.graph, Principal(PLANNED)) == {}
    assert made.graph.connection.http.sent == []


VALUES = st.sampled_from(["", "one1", "two2", "True"])
KEYS = st.sampled_from(["BaseAddress", "CompanyId", "SecretToken", "Password"])


@hypothesis.settings(deadline=None)
@hypothesis.given(
    stored=st.dictionaries(KEYS, VALUES.filter(bool)),
    wanted=st.dictionaries(KEYS, VALUES),
    replaces=st.booleans(),
    update=st.sampled_from(["on_create", "always"]),
)
def test_what_is_done_is_as_wanted_and_stays_so(
    stored: dict[str, str], wanted: dict[str, str], replaces: bool, update: str
) -> None:
    service = Service(stored, replaces=replaces)
    params = {
        "secrets": {key: value for key, value in wanted.items() if key in SECRET_KEYS},
        "settings": {key: value for key, value in wanted.items() if key not in SECRET_KEYS},
    }
    first = service.run(update_secrets=update, **params)
    if first.get("failed"):
        assert service.bag == stored
        assert set(first["error"]["hidden_keys"]) == (set(stored) & SECRET_KEYS) - set(wanted)
        return
    assert service.puts() == int(first["changed"])
    readable = {key: value for key, value in {**stored, **wanted}.items() if key not in SECRET_KEYS and value}
    assert {key: value for key, value in service.bag.items() if key not in SECRET_KEYS} == readable
    again = service.run(update_secrets="on_create", **params)
    assert (again["changed"], service.puts()) == (False, 0)


def test_the_record_tells_of_secrets_only_that_they_are_there() -> None:
    notification = {
        "Enabled": True,
        "Recipients": "a@x, b@x",
        "DeleteThresholdEnabled": True,
        "DeleteThresholdValue": 5,
    }
    current = bag.read(
        [
            {"key": "SecretToken", "value": "*"},
            {"key": "SyncAll", "value": "True"},
            {"key": "BaseAddress", "value": "https://scim"},
            {
                "key": "SyncNotificationSettings",
                "value": json.dumps(notification),
            },
        ]
    )
    told = secrets.record(current)
    assert told["secret_keys"] == ["SecretToken"]
    assert "SecretToken" not in told["settings"]
    assert (told["scope"], told["delete_threshold"], told["skip_out_of_scope_deletions"]) == ("all", 5, False)
    assert told["notification"] == {"enabled": True, "recipients": ["a@x", "b@x"]}
    assert secrets.record({})["delete_threshold"] == 0


def test_credentials_to_try_are_those_of_the_target() -> None:
    params = {"secrets": {"SecretToken": TOKEN}, "settings": {"BaseAddress": "https://new"}, "scope": "all"}
    current = {"BaseAddress": "https://old", "UserName": "me", "Password": "*", "SyncAll": "false"}
    assert secrets.credentials(params, current) == {
        "BaseAddress": "https://new",
        "UserName": "me",
        "SecretToken": TOKEN,
    }


def test_a_narrower_scope_needs_a_restart() -> None:
    def plan(before: str | None, after: str) -> list[Change]:
        return [Change("SyncAll", before, after, None)]

    assert len(secrets.warnings(plan("True", "false"))) == 1
    assert secrets.warnings(plan("false", "true")) == []
    assert secrets.warnings(plan(None, "false")) == []
    assert not secrets.tries_target(plan("true", "false"))
    assert secrets.tries_target([*plan("true", "false"), Change("SecretToken", None, "x", None)])


@pytest.mark.parametrize("status", [400, 422])
def test_a_target_that_refuses_is_explained(status: int) -> None:
    path = f"/servicePrincipals/{SP.id}/synchronization"
    refusal = {
        "error": {"code": "UnknownError", "message": json.dumps({"error": {"code": "Bad", "message": "HTTP 401"}})}
    }
    http = ScriptedHttp(
        routes={
            ("POST", f"{path}/jobs/scim.1/validateCredentials"): answer(status, refusal),
            ("GET", f"{path}/templates"): {
                "value": [
                    {
                        "id": "scim",
                        "metadata": [
                            {"key": "configurationFields", "value": '[{"name":"baseaddress"},{"name":"secrettoken"}]'}
                        ],
                    }
                ]
            },
        }
    )
    made = task(sync_secrets.ARGUMENTS, http, service_principal_id=SP.id)
    with pytest.raises(ProvisioningError) as caught:
        connectivity.validate(made.graph, SP, "scim.1", {"BaseAddress": "https://scim"})
    assert "HTTP 401 (Bad)" in caught.value.message
    assert "asks for: secrettoken" in caught.value.message
    assert http.sent[0].body == {
        "useSavedCredentials": False,
        "credentials": [{"key": "BaseAddress", "value": "https://scim"}],
    }


def _with_job(service: Service, validated: t.Any) -> list[t.Any]:
    """Give a service a job, and return the list of what it is asked to try."""
    tried: list[t.Any] = []

    def validate(request: Request) -> t.Any:
        tried.append(request.body["useSavedCredentials"])
        return validated

    path = f"/servicePrincipals/{SP.id}/synchronization/jobs/scim.1/validateCredentials"
    service.http.routes = {**(service.http.routes or {}), ("POST", path): validate}
    return tried


def test_what_is_stored_is_tried_after_the_write() -> None:
    service = Service({})
    tried = _with_job(service, answer(204))
    params = {"secrets": {"SecretToken": TOKEN}, "job_id": "scim.1", "validate_stored": True}
    assert service.run(check_mode=True, **params)["validated"] is False
    assert tried == []
    assert service.run(**params, validate=True)["validated"] is True
    assert tried == [False, True]
    assert service.run(**params)["validated"] is False
    assert service.run(**params, scope="all")["validated"] is False
    assert tried == [False, True]


def test_stored_credentials_that_the_target_refuses_fail_the_task_after_the_write() -> None:
    service = Service({})
    _with_job(service, answer(400, {"error": {"code": "UnknownError", "message": "HTTP 401"}}))
    result = service.run(secrets={"SecretToken": TOKEN}, job_id="scim.1", validate_stored=True)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "1 of 1 changes were made: write SecretToken" in result["msg"]
    assert "The target does not accept the stored credentials" in result["msg"]
    assert "Nothing was written" not in result["msg"]


def test_time_that_runs_out_is_no_success() -> None:
    made = task(sync_secrets.ARGUMENTS, Service({}).http, service_principal_id=SP.id)
    with pytest.raises(OutOfTime):
        made.deadline.sleep(10**6, "waiting")


@pytest.mark.parametrize(("enabled", "threshold"), [("false", 0), ('"False"', 0), ("true", 7), ('"True"', 7)])
def test_a_threshold_counts_only_where_it_is_on(enabled: str, threshold: int) -> None:
    stored = {
        bag.NOTIFICATION: f'{{"Enabled": {enabled}, "DeleteThresholdEnabled": {enabled}, "DeleteThresholdValue": 7}}'
    }
    told = secrets.record(stored)
    assert (told["delete_threshold"], told["notification"]["enabled"]) == (threshold, bool(threshold))


def test_the_record_of_nothing() -> None:
    assert secrets.record({}) == {
        "secret_keys": [],
        "settings": {},
        "scope": "assigned",
        "notification": {"enabled": False, "recipients": []},
        "delete_threshold": 0,
        "skip_out_of_scope_deletions": False,
    }


def test_each_change_is_told_with_what_was() -> None:
    service = Service({"BaseAddress": "https://a", "SecretToken": TOKEN, "SyncAll": "true"})
    notification = {"enabled": True, "recipients": ["a@x.example", "b@x.example"]}
    result = service.run(
        settings={"BaseAddress": "https://b"},
        secrets={"SecretToken": "", "Password": "a long word"},
        scope="assigned",
        notification=notification,
        delete_threshold=5,
    )
    told = 'Enabled true, Recipients "a@x.example,b@x.example", DeleteThresholdEnabled true, DeleteThresholdValue 5'
    assert result["changes"] == [
        "write Password",
        "remove SecretToken",
        "BaseAddress: https://a → https://b",
        "SyncAll: true → false",
        f"SyncNotificationSettings: {told} (new)",
    ]
    assert (result["diff"]["before"], result["diff"]["after"]) == (
        "SecretToken: (stored)\nBaseAddress: https://a\nSyncAll: true\n",
        f"Password: (a new value)\nBaseAddress: https://b\nSyncAll: false\nSyncNotificationSettings: {told}\n",
    )
    assert "The scope changes from all to assigned: restart the job" in " ".join(service.warnings)


def test_a_hidden_secret_at_risk_is_told_word_for_word() -> None:
    result = Service({"SecretToken": TOKEN, "Password": TOKEN}).run(settings={"BaseAddress": "https://b"})
    assert result["msg"] == (
        "Nothing was written: the service holds Password and SecretToken, which cannot be read back, and the option "
        "secrets does not give it. A write that leaves it out may delete it. Give it as well, or set allow_partial to "
        "true if losing it does no harm."
    )
    assert result["error"]["hidden_keys"] == ["Password", "SecretToken"]
