# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain pytest, started in a checkout of any name, finds the collection; under ansible-test it is found already."""

from __future__ import annotations

import importlib.util
import sys

import pytest

if importlib.util.find_spec("ansible_collections") is None:
    from tests.harness.tree import collections_path

    sys.path.insert(0, str(collections_path()))


@pytest.fixture(autouse=True)
def _ansible_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run notes for the next one is not noted for whoever runs the tests."""
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path_factory.mktemp("ansible")))
