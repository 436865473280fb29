# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/interpreters.py: what is taken for a Python, and where it is looked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.interpreters import find

OWN = "{}.{}".format(*sys.version_info)


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither PATH nor the home folder holds a Python."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))


def _program(file: Path, *lines: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["#!/bin/sh", *lines]))
    file.chmod(0o755)
    return file


def test_there_is_none(tmp_path: Path) -> None:
    assert find("3.12") is None


def test_one_on_path_is_run_and_found(tmp_path: Path) -> None:
    (tmp_path / "bin" / f"python{OWN}").symlink_to(Path(sys.executable).resolve())
    assert find(OWN) == tmp_path / "bin" / f"python{OWN}"


def test_python3_is_asked_for_its_version(tmp_path: Path) -> None:
    program = _program(tmp_path / "bin" / "python3", "echo 3.12")
    assert find("3.12") == program
    assert find("3.13") is None


def test_a_program_that_ends_badly_is_no_interpreter(tmp_path: Path) -> None:
    _program(tmp_path / "bin" / "python3.12", "echo 3.12; exit 127")
    assert find("3.12") is None


def test_a_shim_is_no_interpreter_even_if_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path / "shims" / "python3.12", "echo 3.12")
    monkeypatch.setenv("PATH", f"{tmp_path}/shims")
    assert find("3.12") is None


def test_the_newest_of_pyenvs_that_runs_is_taken(tmp_path: Path) -> None:
    _program(tmp_path / ".pyenv" / "versions" / "3.12.4" / "bin" / "python3.12", "exit 1")
    good = _program(tmp_path / ".pyenv" / "versions" / "3.12.1" / "bin" / "python3.12", "echo 3.12")
    _program(tmp_path / ".pyenv" / "versions" / "3.12.0" / "bin" / "python3.12", "echo 3.12")
    _program(tmp_path / ".pyenv" / "versions" / "3.11.1" / "bin" / "python3.11", "echo 3.12")
    assert find("3.12") == good


def test_pyenv_is_asked_where_its_versions_are(tmp_path: Path) -> None:
    _program(tmp_path / "bin" / "pyenv", f'test "$1" = root && echo {tmp_path}/elsewhere')
    program = _program(tmp_path / "elsewhere" / "versions" / "3.13.0" / "bin" / "python3.13", "echo 3.13")
    assert find("3.13") == program


def test_path_comes_before_pyenv(tmp_path: Path) -> None:
    _program(tmp_path / ".pyenv" / "versions" / "3.12.1" / "bin" / "python3.12", "echo 3.12")
    program = _program(tmp_path / "bin" / "python3.12", "echo 3.12")
    assert find("3.12") == program
