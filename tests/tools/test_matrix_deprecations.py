# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/deprecations.py: every way in which ansible-core and pytest write one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.playbook import run_playbook
from tools.deprecations import found

# As ansible-core 2.16 writes two, and the result of the task after them.
WRAPPED = """TASK [leaving] *****************************************************************
[DEPRECATION WARNING]: Alias 'oldest' is deprecated. See the module docs for
more information. This feature will be removed from entra.provisioning in a
release after 2030-01-01. Deprecation warnings can be
disabled by setting deprecation_warnings=False in ansible.cfg.
[DEPRECATION WARNING]: no version at all. This feature will be removed in a
future release. Deprecation warnings can be disabled by setting
deprecation_warnings=False in ansible.cfg.
ok: [localhost]
"""
# As 2.19 does, with the place in the playbook.
PLACED = """TASK [leaving] *****************************************************************
[WARNING]: Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg.
[DEPRECATION WARNING]: INJECT_FACTS_AS_VARS default to `True` is deprecated.
Origin: /a/roles/onboard/tasks/main.yml:6:5

4     - leaving:
ok: [localhost]
"""
PYTEST = """=============================== warnings summary ===============================
tests/unit/plugins/test_a.py::test_it
  /a/ansible_collections/entra/provisioning/plugins/module_utils/a.py:2: DeprecationWarning: this is going
    warnings.warn("this is going", DeprecationWarning)

tests/unit/plugins/test_a.py::test_it
  /a/venv/lib/python3.11/site-packages/dateutil/tz.py:37: DeprecationWarning: utcfromtimestamp() is going
    EPOCH = datetime.datetime.utcfromtimestamp(0)
"""
FILTER = """
from ansible.utils.display import Display


def going(value):
    Display().deprecated("The filter going is to be replaced", version="99.0.0", collection_name="entra.provisioning")
    return value


class FilterModule:
    def filters(self):
        return {"going": going}
"""


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (
            WRAPPED,
            [
                "[DEPRECATION WARNING]: Alias 'oldest' is deprecated. See the module docs for more information. "
                "This feature will be removed from entra.provisioning in a release after 2030-01-01.",
                "[DEPRECATION WARNING]: no version at all. This feature will be removed in a future release.",
            ],
        ),
        (
            PLACED,
            [
                "[DEPRECATION WARNING]: INJECT_FACTS_AS_VARS default to `True` is deprecated. "
                "Origin: /a/roles/onboard/tasks/main.yml:6:5"
            ],
        ),
        ("\x1b[0;35m[DEPRECATION WARNING]: in colour\x1b[0m\nok: [a]", ["[DEPRECATION WARNING]: in colour"]),
        (
            PYTEST,
            [
                "/a/ansible_collections/entra/provisioning/plugins/module_utils/a.py:2: "
                "DeprecationWarning: this is going"
            ],
        ),
        ("  plugins/a.py:2: PendingDeprecationWarning: b", ["plugins/a.py:2: PendingDeprecationWarning: b"]),
        ("[WARNING]: something else\nRunning sanity test\n3 passed, 1 warning in 0.1s\n", []),
    ],
)
def test_found(log: str, expected: list[str]) -> None:
    assert found(log) == expected


def test_the_same_warning_counts_once() -> None:
    assert len(found(WRAPPED + WRAPPED)) == 2


@pytest.mark.parametrize("wanted", ["true", "false"])
def test_what_the_ansible_core_of_this_environment_says_of_a_filter(wanted: str, tmp_path: Path) -> None:
    (tmp_path / "filter_plugins").mkdir()
    (tmp_path / "filter_plugins" / "going.py").write_text(FILTER)
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"debug": {"msg": "{{ 'x' | going }}"}}]}
    (tmp_path / "playbook.yml").write_text(json.dumps([play]))
    done = run_playbook(tmp_path / "playbook.yml", env={"ANSIBLE_DEPRECATION_WARNINGS": wanted})
    assert done.rc == 0, done.output
    warnings = found(done.output)
    assert len(warnings) == (wanted == "true")
    assert all(one.startswith("[DEPRECATION WARNING]: The filter going is to be replaced") for one in warnings)


def test_what_the_pytest_of_this_environment_says_of_a_call(tmp_path: Path) -> None:
    file = tmp_path / "test_going.py"
    file.write_text('import warnings\n\ndef test_it():\n    warnings.warn("going", DeprecationWarning)\n')
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [one.partition(": ")[2] for one in found(done.stdout)] == ["DeprecationWarning: going"]
