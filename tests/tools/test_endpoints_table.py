# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of calls: up to date, complete, and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import endpoints_table
from tools.usage import Code

KNOWN = endpoints_table.known()
LISTED = [*KNOWN["synchronization"], *KNOWN["related"]]


def _bare(call: str) -> str:
    """A call whose ids have no names."""
    return re.sub(r"\{\w+\}", "{}", call)


CALLS = {name: _bare(f"{one.method} {one.path}") for name, one in endpoints_table.endpoints().items()}


def test_the_page_is_up_to_date() -> None:
    written = endpoints_table.PAGE.read_text("utf-8")
    assert written == endpoints_table.page(), "run: python -m tools.endpoints_table"


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one["call"])
def test_every_documented_endpoint_has_a_row(one: dict[str, str]) -> None:
    assert one["source"] and one["api"]
    if "unavailable" in one:
        assert _bare(one["call"]) not in CALLS.values(), "it is in the code, so it is available"
    elif "instead" in one:
        assert one["why"]
        assert _bare(one["instead"]) in CALLS.values()
    else:
        assert _bare(one["call"]) in CALLS.values()


def test_every_synchronization_call_of_the_code_is_documented() -> None:
    listed = {_bare(one["call"]) for one in LISTED}
    assert [call for call in CALLS.values() if "/synchronization/" in call and call not in listed] == []


def test_every_call_is_made_by_a_module() -> None:
    uses = endpoints_table.uses()
    assert [name for name in CALLS if name not in uses] == []


def test_every_call_says_what_it_needs() -> None:
    for name, one in endpoints_table.endpoints().items():
        assert re.fullmatch(r"[A-Z][A-Za-z]+(-[A-Za-z]+)?(\.[A-Za-z]+)+", one.permission), name
        assert one.role or one.method == "GET", name


def test_the_modules_that_access_names_are_those_that_need_it() -> None:
    told = endpoints_table.plugins("module_utils._sync.access").NEEDED_BY
    assert {permission: sorted(modules) for permission, modules in told.items()} == {
        permission: sorted(modules) for permission, modules in endpoints_table.needed_by().items()
    }


@pytest.mark.parametrize(
    ("module", "endpoint", "labels"),
    [
        ("sync_job", "JOB_CREATE", {}),
        ("sync_info", "JOB_CREATE", None),
        ("sync_info", "LOGS", {"gather": ["accounts", "logs", "access"]}),
        ("sync_info", "SP_LIST", {}),
        ("sync_job_action", "JOB_PAUSE", {"action": ["pause", "restart"]}),
    ],
)
def test_known_uses(module: str, endpoint: str, labels: dict[str, list[str]] | None) -> None:
    assert endpoints_table.uses()[endpoint].get(module) == labels


def _plugins(folder: Path, **files: str) -> Code:
    sync = folder / "module_utils" / "_sync"
    sync.mkdir(parents=True)
    (folder / "modules").mkdir()
    (sync / "endpoints.py").write_text("A = 1\nB = 2\nC = 3\n")
    for name, text in files.items():
        home = folder / "modules" if name == "module" else sync
        (home / f"{name}.py").write_text(text)
    return Code(folder)


def test_a_dictionary_of_choices_is_a_fork(tmp_path: Path) -> None:
    code = _plugins(
        tmp_path,
        module="from ..module_utils._sync.work import perform\ndef run(task):\n    return perform(task)\n",
        work="from . import endpoints\n"
        "def one(): return endpoints.A\n"
        "def two(): return endpoints.A, endpoints.B\n"
        "def unused(): return endpoints.C\n"
        "ACTIONS = {'x': one, 'y': lambda: two()}\n"
        "def perform(task): return ACTIONS[task]()\n",
    )
    assert code.endpoints("module", {"action": ["x", "y"]}) == {"A": {}, "B": {"action": ["y"]}}
    assert code.endpoints("module", {"action": ["x", "y", "z"]}) == {"A": {}, "B": {}}
