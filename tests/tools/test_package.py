# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/package.py: which files an artifact may hold."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import yaml

from tools.package import _contents, _matches
from tools.tree import ROOT, known_to_git


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("tests/unit/test_a.py", "tests/unit", True),
        ("tests/unity.py", "tests/unit", False),
        ("requirements-dev.txt", "requirements-*.txt", True),
        ("plugins/modules/requirements-dev.txt", "requirements-*.txt", False),
        (".build/venv/x", ".build", True),
    ],
)
def test_matches(name: str, pattern: str, expected: bool) -> None:
    assert _matches(name, pattern) is expected


def _artifact(folder: Path, names: set[str]) -> Path:
    file = folder / "entra-provisioning.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for name in sorted(names):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    return file


def test_an_artifact_with_too_much_or_too_little_is_told_apart(tmp_path: Path) -> None:
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text())["build_ignore"]
    right = {name for name in known_to_git(ROOT) if not any(_matches(name, pattern) for pattern in ignored)}
    right = right - {"galaxy.yml"} | {"MANIFEST.json", "FILES.json"}
    assert _contents(_artifact(tmp_path, right)) == ""
    assert "should not be there: .mypy_cache/x" in _contents(_artifact(tmp_path, right | {".mypy_cache/x"}))
    assert "is missing: meta/runtime.yml" in _contents(_artifact(tmp_path, right - {"meta/runtime.yml"}))
