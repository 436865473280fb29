# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/tree.py: the copy that ansible-test works in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.tree import known_to_git, update


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "plugins").mkdir(parents=True)
    (root / ".gitignore").write_text("*.log\n")
    (root / "galaxy.yml").write_text("name: x\n")
    (root / "plugins" / "one.py").write_text("1\n")
    (root / "noise.log").write_text("noise\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def _files(copy: Path) -> set[str]:
    return {str(file.relative_to(copy)) for file in copy.rglob("*") if file.is_file() and ".git" not in file.parts}


def test_ignored_files_are_not_copied(checkout: Path, tmp_path: Path) -> None:
    update(checkout, tmp_path / "copy")
    assert _files(tmp_path / "copy") == {".gitignore", "galaxy.yml", "plugins/one.py"}
    assert (tmp_path / "copy" / ".git").is_dir()


def test_a_second_update_follows_changes_and_keeps_what_tests_wrote(checkout: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    update(checkout, copy)
    untouched = (copy / "galaxy.yml").stat().st_ino
    (copy / "output.log").write_text("coverage\n")
    (checkout / "plugins" / "one.py").unlink()
    (checkout / "plugins" / "two.py").write_text("2\n")
    (checkout / ".gitignore").write_text("*.log\n# more\n")
    update(checkout, copy)
    assert _files(copy) == {".gitignore", "galaxy.yml", "plugins/two.py", "output.log"}
    assert (copy / ".gitignore").read_text() == "*.log\n# more\n"
    assert (copy / "galaxy.yml").stat().st_ino == untouched


def test_a_deleted_file_that_git_still_lists_is_left_out(checkout: Path) -> None:
    subprocess.run(["git", "add", "."], cwd=checkout, check=True)
    (checkout / "galaxy.yml").unlink()
    assert "galaxy.yml" not in known_to_git(checkout)
