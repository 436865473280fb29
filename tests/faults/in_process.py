# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's work in this process: the real client and the real simulator, without the second that Ansible takes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tests.harness.tree import collections_path

_PLUGINS = "ansible_collections.entra.provisioning.plugins"


def plugin(name: str) -> Any:
    """A Python module of the collection by its dotted name below plugins."""
    folder = str(collections_path())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(f"{_PLUGINS}.{name}")


@contextmanager
def without_pauses() -> Iterator[None]:
    """What is repeated is repeated at once; how long the pauses are is not what these tests are about."""
    graph, batch, waits = (plugin(f"module_utils.{name}") for name in ("_graph.graph", "_graph.batch", "_sync.waits"))
    with (
        mock.patch.object(graph, "pause_before", return_value=0.01),
        mock.patch.object(batch, "pause_before", return_value=0.01),
        mock.patch.object(waits, "FIRST_PAUSE", 0.02),
    ):
        yield


def run_module(name: str, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
    """What a module returns; an exception that it lets through goes on."""
    module, task = plugin(f"modules.{name}"), plugin("module_utils._task").Task
    spec = module.ARGUMENTS.spec
    checked = ArgumentSpecValidator(spec, **module.ARGUMENTS.rules()).validate(dict(options))
    assert not checked.error_messages, checked.error_messages
    params = {one: checked.validated_parameters.get(one) for one in spec}
    found: dict[str, Any] = task(module.ARGUMENTS, params, check_mode=check, diff_mode=True).perform(module.run)
    return found
