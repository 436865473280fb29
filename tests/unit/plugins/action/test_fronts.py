# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fast door leads into the same room as the ordinary one."""

from __future__ import annotations

import importlib
import os
import pathlib

import pytest
from ansible_collections.entra.provisioning.plugins.plugin_utils import _action

MODULES = sorted(path.stem for path in (pathlib.Path(__file__).parents[4] / "plugins" / "modules").glob("*.py"))
PLUGINS = "ansible_collections.entra.provisioning.plugins"


@pytest.mark.parametrize("name", MODULES)
def test_a_front_is_that_of_its_module(name: str) -> None:
    module = importlib.import_module(f"{PLUGINS}.modules.{name}")
    front = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule
    assert front.arguments is module.ARGUMENTS
    assert front.work is module.run


def test_the_environment_of_a_task_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRA_TEST_OLD", "before")
    monkeypatch.delenv("ENTRA_TEST_NEW", raising=False)
    with pytest.raises(KeyError), _action._environment({"ENTRA_TEST_OLD": "during", "ENTRA_TEST_NEW": "during"}):
        assert (os.environ["ENTRA_TEST_OLD"], os.environ["ENTRA_TEST_NEW"]) == ("during", "during")
        raise KeyError
    assert os.environ["ENTRA_TEST_OLD"] == "before"
    assert "ENTRA_TEST_NEW" not in os.environ


class Config:
    """The settings of an ansible-core, as far as they are asked for."""

    def __init__(self, invocation: bool | None) -> None:
        self.invocation = invocation

    def get_configuration_definition(self, _name: str) -> dict[str, str] | None:
        return None if self.invocation is None else {"type": "boolean"}

    def get_config_value(self, _name: str, variables: object) -> bool | None:
        assert variables == {"a": 1}
        return self.invocation


@pytest.mark.parametrize(("setting", "told"), [(None, True), (True, True), (False, False)])
def test_the_options_are_told_as_this_ansible_core_does(
    setting: bool | None, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_action.constants, "config", Config(setting))
    result = _action._as_a_module({"changed": False, "invocation": {"module_args": {}}}, {"a": 1})
    assert ("invocation" in result) is told
