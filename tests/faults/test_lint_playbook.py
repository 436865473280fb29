# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook lint_schema: over files, without a tenant."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.harness.playbook import Result, run_playbook

EXAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "graph" / "examples"
PORTABLE = """
object_mappings:
  - source: User
    target: User
    attributes:
      - {target: userName, attribute: userPrincipalName, matching_priority: 1}
      - {target: active, attribute: accountEnabled}
      - {target: title, attribute: jobTitle}
      - {target: title, constant: "{{ lookup('ansible.builtin.pipe', 'id') }}"}
"""
# Nobody answers there.
NOWHERE = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}


def _lint(check: bool = False, **variables: Any) -> Result:
    return run_playbook("entra.provisioning.lint_schema", extra_vars=variables, check=check, env=NOWHERE)


def _told(result: Result) -> list[list[str]]:
    """The findings of each file that has some."""
    return [one.result["msg"] for one in result.tasks if one.name == "Tell what was found" and one.status == "ok"]


@pytest.fixture
def portable(tmp_path: Path) -> Path:
    file = tmp_path / "portable.yml"
    file.write_text(PORTABLE)
    return file


@pytest.mark.parametrize("check", [False, True])
def test_nothing_to_find(check: bool) -> None:
    result = _lint(check, lint_files=f"{EXAMPLES}/customappsso_*.json")
    assert result.rc == 0, result.output
    assert result.task("Tell the result").result["msg"] == "3 files, no findings"
    assert result.changed == 0


def test_findings_are_told_file_by_file_and_fail_the_run(portable: Path) -> None:
    result = _lint(lint_files=[str(portable), f"{EXAMPLES}/customappsso_full.json"], lint_sync_all="true")
    assert result.rc == 2, result.output
    assert [[one.split(": ")[:2] for one in file] for file in _told(result)] == [
        [["User → User / active", "active-not-soft-deleted"], ["User → User / title", "duplicate-target"]],
        [['User → User / roles[primary eq "True"].value', "role-assignments-sync-all"]],
    ]
    assert "uid=" not in result.output
    assert result.task("Tell the result").result["msg"] == "2 files, 3 findings"


def test_findings_can_be_silenced(portable: Path) -> None:
    silent = ["duplicate-target", "active-not-soft-deleted:User → User / active"]
    result = _lint(lint_files=str(portable), lint_ignore=silent)
    assert result.rc == 0, result.output
    assert result.task("Tell the result").result["msg"] == "1 file, no findings"


def test_a_relative_path_starts_where_the_caller_is(portable: Path) -> None:
    # Each run has a working directory of its own, directly below the temporary one.
    relative = os.path.relpath(portable, Path(tempfile.gettempdir()) / "run")
    assert len(_told(_lint(lint_files=relative))) == 1


def test_what_cannot_be_read_does_not_hide_the_findings_of_the_others(portable: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"synchronizationRules": [')
    result = _lint(lint_files=[f"{EXAMPLES}/job_examples.json", f"{tmp_path}/*"])
    assert result.rc == 2, result.output
    assert len(_told(result)) == 1
    end = result.task("Tell the result").result["msg"]
    assert end == f"3 files, 2 findings; not readable: {EXAMPLES}/job_examples.json, {tmp_path}/broken.json"
    assert "no synchronizationRules" in result.output


@pytest.mark.parametrize("variables", [{}, {"lint_files": ""}, {"lint_files": []}])
def test_without_files_it_says_how_it_is_called(variables: dict[str, Any]) -> None:
    result = _lint(**variables)
    assert result.rc == 2, result.output
    assert "ansible-playbook entra.provisioning.lint_schema -e" in result.last.result["msg"]


def test_a_pattern_without_a_file_is_a_failure(portable: Path) -> None:
    result = _lint(lint_files=[str(portable), "/nowhere/*.json"])
    assert result.rc == 2, result.output
    assert "There is no file /nowhere/*.json." in result.output


def test_a_rule_that_does_not_exist_cannot_be_silenced(portable: Path) -> None:
    result = _lint(lint_files=str(portable), lint_ignore=["duplicat-target"])
    assert result.rc == 2, result.output
    assert "Nearest: duplicate-target" in result.output
