# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of settings: every row from the option of the module to what is stored, and back."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
import yaml
from ansible_collections.entra.provisioning.plugins.module_utils._sync import bag, settings
from ansible_collections.entra.provisioning.plugins.module_utils._sync.settings import TABLE, Setting
from ansible_collections.entra.provisioning.plugins.modules import sync_secrets
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.secret_service import Service

NOTIFICATION = example("secrets_examples")["get_after_set"]["value"][2]["value"]
# Two values of each, the second one the more harmless to start with.
VALUES: dict[str, tuple[t.Any, t.Any]] = {
    "scope": ("all", "assigned"),
    "notification.enabled": (True, False),
    "notification.recipients": (["a@x.example", "b@x.example"], ["c@x.example"]),
    "delete_threshold": (7, 0),
    "skip_out_of_scope_deletions": (True, False),
}
TYPES = {str: "str", bool: "bool", int: "int", list: "list"}
ROLE = pathlib.Path(sync_secrets.__file__).parents[2] / "roles" / "onboard"


def _nested(option: str, value: t.Any) -> dict[str, t.Any]:
    name, _dot, member = option.partition(".")
    return {name: {member: value} if member else value}


def _at(record: t.Mapping[str, t.Any], option: str) -> t.Any:
    name, _dot, member = option.partition(".")
    return record[name][member] if member else record[name]


each_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: row.option)


def test_the_values_are_of_every_row() -> None:
    assert list(VALUES) == [row.option for row in TABLE]
    assert all(settings.TYPED[row.key] for row in TABLE)


@each_row
def test_each_row_makes_the_round_trip(row: Setting) -> None:
    """Written by the module's option, read back in its record, and the second run has nothing to do."""
    service = Service({})
    for value in VALUES[row.option]:
        params = _nested(row.option, value)
        first = service.run(**params)
        assert first["changed"] is True, first
        assert _at(first["secrets"], row.option) == value
        assert first["changes"][0].startswith(f"{row.label}: ")
        assert row.words(value) in first["changes"][0]
        again = service.run(**params)
        assert (again["changed"], service.puts()) == (False, 0)
    assert list(service.bag) == [row.key]


@each_row
def test_each_row_is_an_option_of_its_type(row: Setting) -> None:
    name, _dot, member = row.option.partition(".")
    option = sync_secrets.ARGUMENTS.spec[name]
    option = option["options"][member] if member else option
    assert option["type"] == TYPES[type(row.default)]
    # An option that is not given changes nothing.
    assert option.get("default") is None


@each_row
def test_each_row_is_returned_as_documented(row: Setting) -> None:
    contains = yaml.safe_load(sync_secrets.RETURN)["secrets"]["contains"]
    name, _dot, member = row.option.partition(".")
    sample = contains[name]["sample"]
    assert contains[name]["type"] == ("dict" if member else TYPES[type(row.default)])
    assert isinstance(sample[member] if member else sample, type(row.default))
    assert isinstance(_at(settings.record({}), row.option), type(row.default))


@each_row
def test_each_row_is_a_variable_of_the_role(row: Setting) -> None:
    name = row.option.partition(".")[0]
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text("utf-8"))
    assert f"onboard_{name}" in specs["argument_specs"]["main"]["options"]
    assert f" {name}:" in (ROLE / "tasks" / "configure.yml").read_text("utf-8")


def test_what_is_risky_is_a_choice_of_allow() -> None:
    assert settings.ALLOWED == ("scope", "delete_threshold", "skip_out_of_scope_deletions", "hard_deletes")
    assert sync_secrets.ARGUMENTS.spec["allow"]["choices"] == list(settings.ALLOWED)


@pytest.mark.parametrize(
    ("members", "threshold", "mail"),
    [
        ({"DeleteThresholdEnabled": False, "DeleteThresholdValue": 7, "Enabled": False}, 0, False),
        ({"DeleteThresholdEnabled": "False", "DeleteThresholdValue": 500, "Enabled": "False"}, 0, False),
        ({"DeleteThresholdEnabled": True, "DeleteThresholdValue": 7, "Enabled": True}, 7, True),
        ({"DeleteThresholdEnabled": "True", "DeleteThresholdValue": "7", "Enabled": "true"}, 7, True),
        ({"DeleteThresholdEnabled": True, "DeleteThresholdValue": " 7 "}, 7, False),
        ({"DeleteThresholdEnabled": True, "DeleteThresholdValue": "many"}, 0, False),
        ({"DeleteThresholdEnabled": True, "DeleteThresholdValue": None}, 0, False),
        ({"DeleteThresholdEnabled": True, "DeleteThresholdValue": [7]}, 0, False),
        ({"DeleteThresholdEnabled": True, "DeleteThresholdValue": -7}, 0, False),
        ({"DeleteThresholdEnabled": True}, 0, False),
    ],
)
def test_what_other_clients_write_is_read(members: dict[str, t.Any], threshold: int, mail: bool) -> None:
    told = settings.record({bag.NOTIFICATION: json.dumps(members)})
    assert (told["delete_threshold"], told["notification"]["enabled"]) == (threshold, mail)
    assert isinstance(told["delete_threshold"], int)


@pytest.mark.parametrize(
    ("members", "params"),
    [
        ({"DeleteThresholdEnabled": "True", "DeleteThresholdValue": "7"}, {"delete_threshold": 7}),
        ({"DeleteThresholdEnabled": "False", "DeleteThresholdValue": "7"}, {"delete_threshold": 0}),
        ({"Enabled": "True"}, {"notification": {"enabled": True}}),
        ({"Recipients": "B@x, a@x"}, {"notification": {"recipients": ["a@x", "b@x"]}}),
    ],
)
def test_another_spelling_is_no_change(members: dict[str, t.Any], params: dict[str, t.Any]) -> None:
    service = Service({bag.NOTIFICATION: json.dumps(members)})
    assert service.run(**params)["changed"] is False


def test_the_record_tells_of_secrets_only_that_they_are_there() -> None:
    stored = {"SecretToken": "*", "SyncAll": "True", "BaseAddress": "https://scim", bag.NOTIFICATION: NOTIFICATION}
    told = settings.record(stored)
    assert told["secret_keys"] == ["SecretToken"]
    assert set(told["settings"]) == {"SyncAll", "BaseAddress", bag.NOTIFICATION}
    assert (told["scope"], told["skip_out_of_scope_deletions"]) == ("all", False)


def test_the_record_of_nothing() -> None:
    assert settings.record({}) == {
        "secret_keys": [],
        "settings": {},
        "scope": "assigned",
        "notification": {"enabled": False, "recipients": []},
        "delete_threshold": 0,
        "skip_out_of_scope_deletions": False,
    }


def _notification(current: str | None, **wanted: t.Any) -> dict[str, t.Any]:
    stored = {bag.NOTIFICATION: current} if current is not None else {}
    options = {name.replace("__", "."): value for name, value in wanted.items()}
    return t.cast("dict[str, t.Any]", json.loads(settings.written(options, stored)[bag.NOTIFICATION]))


def test_a_threshold_keeps_the_recipients() -> None:
    before = json.loads(NOTIFICATION)
    assert _notification(NOTIFICATION, delete_threshold=7) == {**before, "DeleteThresholdValue": 7}
    assert _notification(NOTIFICATION, delete_threshold=0) == {**before, "DeleteThresholdEnabled": False}


def test_recipients_keep_the_threshold() -> None:
    wanted = _notification(NOTIFICATION, notification__enabled=False, notification__recipients=["a@x", "b@x"])
    assert wanted == {**json.loads(NOTIFICATION), "Enabled": False, "Recipients": "a@x,b@x"}


@pytest.mark.parametrize("stored", [None, "", "{}", "not json", "[]"])
def test_without_stored_settings_only_the_given_ones_are_written(stored: str | None) -> None:
    assert _notification(stored, delete_threshold=5) == {"DeleteThresholdEnabled": True, "DeleteThresholdValue": 5}
