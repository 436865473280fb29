# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options give, and what cannot be meant by them."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bag, given
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action, sync_secrets
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, task

EMPTY: list[dict[str, t.Any]] = [
    {"secrets": {"SecretToken": ""}},
    {"secrets": {"SecretToken": "  "}},
    {"settings": {"BaseAddress": ""}},
    {"settings": {"Domain": ""}},
    {"secrets": {"AppKey": "\n"}},
    {"notification": {"recipients": [""]}},
    {"notification": {"enabled": True, "recipients": ["idm@contoso.example", " "]}},
    {"remove": [""]},
]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("params", EMPTY, ids=str)
def test_an_empty_value_is_refused_before_the_first_request(params: dict[str, t.Any], check_mode: bool) -> None:
    http = ScriptedHttp(routes={})
    made = task(sync_secrets.ARGUMENTS, http, check_mode=check_mode, display_name="Contoso SCIM", **params)
    result = made.perform(sync_secrets.run)
    assert result["failed"]
    assert http.sent == []


@pytest.mark.parametrize("action", ["validate_credentials", "acquire_access_token"])
def test_an_action_refuses_an_empty_value_as_well(action: str) -> None:
    http = ScriptedHttp(routes={})
    options = {"display_name": "Contoso SCIM", "action": action, "secrets": {"SecretToken": ""}}
    result = task(sync_job_action.ARGUMENTS, http, **options).perform(sync_job_action.run)
    assert "SecretToken is given without a value in the option secrets" in result["msg"]
    assert http.sent == []


def test_what_an_empty_value_may_come_from_is_told() -> None:
    with pytest.raises(BadInput) as caught:
        given.wishes({"secrets": {"SecretToken": ""}})
    assert caught.value.message == (
        "SecretToken is given without a value in the option secrets, which is what a variable that is not set gives. "
        "Set it, or leave SecretToken out to keep what is stored. What is stored is removed only by the option remove "
        "of entra.provisioning.sync_secrets: remove: [SecretToken]."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "a boolean"),
        (False, "a boolean"),
        (12345, "a number"),
        (0.5, "a number"),
        (["a token"], "a list"),
        ({"token": "a token"}, "a dictionary"),
        (datetime.date(2026, 1, 1), "a date"),
    ],
)
@pytest.mark.parametrize("key", ["SecretToken", "AppKey"])
def test_a_secret_that_is_no_text_is_refused(key: str, value: t.Any, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        given.wishes({"secrets": {key: value}})
    assert f"{key} is {words} and no text" in caught.value.message
    assert "quotes" in caught.value.message
    assert "12345" not in caught.value.message


class Vaulted:
    """The text of a vault, as older versions of Ansible have it: no str, but one as soon as it is turned into one."""

    def __str__(self) -> str:
        return "of a vault"


def test_a_text_of_a_vault_is_a_text() -> None:
    assert given.wishes({"secrets": {"SecretToken": Vaulted()}}).secrets == {"SecretToken": "of a vault"}
    assert given.wishes({"settings": {"UserName": Vaulted()}}).plain == {"UserName": "of a vault"}


@pytest.mark.parametrize("value", ["a token\n", "a\x00token", "a\ttoken", "a\x1b[31mtoken", "a\x85token"])
@pytest.mark.parametrize(("option", "key"), [("secrets", "SecretToken"), ("settings", "BaseAddress")])
def test_control_characters_are_refused(option: str, key: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"The value of {key} holds a line break or another control character"):
        given.wishes({option: {key: value}})


def test_json_may_have_lines() -> None:
    text = '{\n\t"type": "service_account"\r\n}'
    assert given.wishes({"secrets": {"AppKey": text}}).secrets == {"AppKey": text}
    with pytest.raises(BadInput, match="control character"):
        given.wishes({"secrets": {"AppKey": "{\x00}}"}})


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"secrets": {"SecretToken": "*"}}, "mask"),
        ({"settings": {"UserName": "*"}}, "mask"),
        ({"secrets": {"SecretToken": "abc"}}, "shorter than four"),
        ({"secrets": {"SyncAll": "true"}}, "option scope"),
        ({"settings": {"SyncAll": "true"}}, "option scope"),
        ({"settings": {"SyncNotificationSettings": "{}"}}, "notification or delete_threshold"),
        ({"settings": {"SkipOutOfScopeDeletions": True}}, "skip_out_of_scope_deletions"),
        ({"remove": ["SyncAll"]}, "set it with the option scope"),
        ({"remove": ["Domain"]}, "cannot be blanked"),
        ({"remove": ["AppKey"], "secrets_put": "merge"}, "cannot be blanked"),
        ({"remove": ["secret_token"]}, "Did you mean SecretToken"),
        ({"remove": ["SecretToken"], "secrets": {"SecretToken": "a token"}}, "named in remove as well"),
        ({"remove": ["UserName"], "settings": {"UserName": "somebody"}}, "named in remove as well"),
        ({"settings": {"baseaddress": "x"}}, "Did you mean BaseAddress"),
        ({"secrets": {"UserName": "somebody"}, "settings": {"UserName": "else"}}, "both in secrets and in settings"),
        ({"delete_threshold": -1}, "delete_threshold"),
    ],
)
def test_what_cannot_be_meant_is_refused(params: dict[str, t.Any], words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        given.wishes(params)
    assert "abc" not in caught.value.message


@pytest.mark.parametrize("key", sorted(bag.SECRET_KEYS))
def test_a_key_that_always_holds_a_secret_is_no_setting(key: str) -> None:
    assert key in bag.KEYS
    with pytest.raises(BadInput, match=f"{key} is a secret"):
        given.wishes({"settings": {key: "visible"}, "secrets": None})


def test_what_is_not_mentioned_is_not_wanted() -> None:
    nothing = given.Wishes({}, {}, {}, ())
    assert given.wishes({"secrets": None, "settings": {}, "scope": None, "notification": None}) == nothing
    assert given.wishes({"secrets": {"SecretToken": None}, "settings": {"BaseAddress": None}}) == nothing


def test_settings_may_have_any_type() -> None:
    settings = {"Domain": {"domain": "contoso"}, "Sandbox": True, "CompanyId": 7}
    plain = given.wishes({"settings": settings}).plain
    assert plain == {"Domain": '{"domain":"contoso"}', "Sandbox": "True", "CompanyId": "7"}


def test_json_goes_where_a_write_is_known_to_replace() -> None:
    assert given.wishes({"remove": ["Domain", "Domain"], "secrets_put": "replace"}).remove == ("Domain",)
