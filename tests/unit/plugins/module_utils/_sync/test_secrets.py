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
from ansible_collections.entra.provisioning.plugins.module_utils._sync import connectivity, fingerprint, secrets, stored
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.plugins.modules import sync_secrets
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.secret_service import PATH, SECRET_KEYS, SP, TOKEN, Service
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fingerprints at the least price that is accepted."""
    monkeypatch.setattr(fingerprint, "ROUNDS", 100_000)


def _due(current: dict[str, str], given: dict[str, str], update: str) -> dict[str, str]:
    return secrets.to_write(current, given, update)


@pytest.mark.parametrize(
    ("current", "given", "on_create", "always"),
    [
        (None, TOKEN, True, True),
        ("*", TOKEN, False, True),
        (TOKEN, TOKEN, False, False),
        ("shown", TOKEN, True, True),
        ("True", "true", False, False),
    ],
)
def test_which_secrets_are_due(current: str | None, given: str, on_create: bool, always: bool) -> None:
    there = {} if current is None else {"SecretToken": current}
    assert bool(_due(there, {"SecretToken": given}, "on_create")) is on_create
    assert bool(_due(there, {"SecretToken": given}, "always")) is always


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
    assert result["changes"] == [
        "SecretToken: (stored) → (the given one, sent along because the service may replace all it has)",
        "BaseAddress: https://old → https://new",
    ]
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
    assert added["changes"] == [
        "write Password",
        "SecretToken: (stored) → (the given one, sent along because the service may replace all it has)",
    ]
    assert service.run(secrets=both, update_secrets="on_change", fingerprint=added["fingerprint"])["changed"] is False
    gone: dict[str, t.Any] = {**params, "remove": ["Password"]}
    removed = service.run(**gone, fingerprint=added["fingerprint"])
    assert removed["changes"] == [
        "remove Password",
        "SecretToken: (stored) → (the given one, sent along because the service may replace all it has)",
    ]
    assert "Password" not in removed["fingerprint"]
    again = service.run(**gone, fingerprint=removed["fingerprint"])
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
def test_a_key_is_removed_by_its_name(replaces: bool) -> None:
    service = Service({"CompanyId": "7", "SecretToken": TOKEN}, replaces=replaces)
    params = {"remove": ["CompanyId", "SecretToken"]}
    assert service.run(**params)["changes"] == ["remove SecretToken", "CompanyId: removed (was 7)"]
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
    assert "the service accepts it, but" in result["msg"]
    assert "CompanyId not as written" in result["msg"]


def test_a_setting_that_the_service_hides_is_seen() -> None:
    service = Service({})
    assert service.run(settings={"ConsumerKey": "given-in-settings"})["changed"] is True
    again = service.run(settings={"ConsumerKey": "given-in-settings"})
    assert (again["failed"], service.puts()) == (True, 0)
    assert "Give it in the option secrets" in again["msg"]


def test_a_planned_application_has_an_empty_bag() -> None:
    made = task(sync_secrets.ARGUMENTS, ScriptedHttp(routes={}), check_mode=True, service_principal_id=PLANNED)
    assert stored.read(made.graph, Principal(PLANNED)) == {}
    assert made.graph.connection.http.sent == []


VALUES = st.sampled_from(["one1", "two2", "True"])
KEYS = st.sampled_from(["BaseAddress", "CompanyId", "SecretToken", "Password"])


@hypothesis.settings(deadline=None)
@hypothesis.given(
    there=st.dictionaries(KEYS, VALUES),
    wanted=st.dictionaries(KEYS, VALUES),
    remove=st.sets(KEYS),
    replaces=st.booleans(),
    known=st.booleans(),
    update=st.sampled_from(["on_create", "always"]),
)
def test_what_is_done_is_as_wanted_and_stays_so(
    there: dict[str, str], wanted: dict[str, str], remove: set[str], replaces: bool, known: bool, update: str
) -> None:
    service = Service(there, replaces=replaces)
    wanted = {key: value for key, value in wanted.items() if key not in remove}
    params: dict[str, t.Any] = {
        "secrets": {key: value for key, value in wanted.items() if key in SECRET_KEYS},
        "settings": {key: value for key, value in wanted.items() if key not in SECRET_KEYS},
        "remove": sorted(remove),
        "secrets_put": ("replace" if replaces else "merge") if known else "unknown",
    }
    first = service.run(update_secrets=update, **params)
    if first.get("failed"):
        assert service.bag == there
        assert set(first["error"]["hidden_keys"]) == (set(there) & SECRET_KEYS) - set(wanted) - remove
        return
    assert service.puts() == int(first["changed"])
    expected = {key: value for key, value in {**there, **wanted}.items() if key not in remove}
    assert _readable(service.bag) == _readable(expected)
    assert service.bag.keys() == expected.keys()
    _nothing_changed_untold(first, there, service.bag)
    again = service.run(update_secrets="on_create", **params)
    assert (again["changed"], service.puts()) == (False, 0)


def _readable(bag: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in bag.items() if key not in SECRET_KEYS}


def _nothing_changed_untold(result: dict[str, t.Any], before: dict[str, str], after: dict[str, str]) -> None:
    other = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert other <= {
        one.replace(":", " ").replace("write ", "").replace("remove ", "").split()[0] for one in result["changes"]
    }


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
    assert "asks for: SecretToken" in caught.value.message
    assert http.sent[0].body == {
        "useSavedCredentials": False,
        "credentials": [{"key": "BaseAddress", "value": "https://scim"}],
    }


def test_what_is_stored_is_tried_after_the_write() -> None:
    service = Service({})
    tried = service.trials(answer(204))
    params = {"secrets": {"SecretToken": TOKEN}, "job_id": "scim.1", "validate_stored": True}
    assert service.run(check_mode=True, **params)["validated"] is False
    assert tried == []
    assert service.run(**params, validate=True)["validated"] is True
    assert tried == [{"SecretToken": TOKEN}, True]
    assert service.run(**params)["validated"] is False
    assert len(tried) == 2
    # The token goes along, so it is tried though nobody asks for it, and so is what is stored then.
    assert service.run(**params, scope="all")["validated"] is True
    assert tried[2:] == [{"SecretToken": TOKEN}, True]


def test_stored_credentials_that_the_target_refuses_fail_the_task_after_the_write() -> None:
    service = Service({})
    service.trials(answer(400, {"error": {"code": "UnknownError", "message": "HTTP 401"}}))
    result = service.run(secrets={"SecretToken": TOKEN}, job_id="scim.1", validate_stored=True)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "1 of 1 changes were made: write SecretToken" in result["msg"]
    assert "The target does not accept the stored credentials" in result["msg"]
    assert "Nothing was written" not in result["msg"]


def test_time_that_runs_out_is_no_success() -> None:
    made = task(sync_secrets.ARGUMENTS, Service({}).http, service_principal_id=SP.id)
    with pytest.raises(OutOfTime):
        made.deadline.sleep(10**6, "waiting")


def test_each_change_is_told_with_what_was() -> None:
    service = Service({"BaseAddress": "https://a", "SecretToken": TOKEN, "ClientSecret": TOKEN, "SyncAll": "true"})
    result = service.run(
        settings={"BaseAddress": "https://b"},
        secrets={"ClientSecret": TOKEN, "Password": "a long word"},
        remove=["SecretToken"],
        scope="assigned",
        notification={"enabled": True, "recipients": ["a@x.example", "b@x.example"]},
        delete_threshold=5,
    )
    along = "(the given one, sent along because the service may replace all it has)"
    assert result["changes"] == [
        "write Password",
        "remove SecretToken",
        f"ClientSecret: (stored) → {along}",
        "BaseAddress: https://a → https://b",
        "scope: all users and groups → assigned users and groups only",
        "notification emails: on (new)",
        "notification recipients: a@x.example, b@x.example (new)",
        "deletion threshold: 5 (new)",
    ]
    assert result["diff"]["before"] == (
        "SecretToken: (stored)\nClientSecret: (stored)\nBaseAddress: https://a\nscope: all users and groups\n"
    )
    assert result["diff"]["after"] == (
        f"Password: (a new value)\nClientSecret: {along}\nBaseAddress: https://b\n"
        "scope: assigned users and groups only\nnotification emails: on\n"
        "notification recipients: a@x.example, b@x.example\ndeletion threshold: 5\n"
    )
    assert "The scope changes from all to assigned: restart the job" in " ".join(service.warnings)


def test_a_hidden_secret_at_risk_is_told_word_for_word() -> None:
    result = Service({"SecretToken": TOKEN, "Password": TOKEN}).run(settings={"BaseAddress": "https://b"})
    assert result["msg"] == (
        "Nothing was written: the service holds Password and SecretToken, which cannot be read back, and the option "
        "secrets does not give it. A write that leaves it out may delete it. Give it as well, or set allow_partial to "
        "true if losing it does no harm, or secrets_put to merge where the tenant is known to keep what a write leaves "
        "out, which the playbook entra.provisioning.probe_tenant finds out."
    )
    assert result["error"]["hidden_keys"] == ["Password", "SecretToken"]
