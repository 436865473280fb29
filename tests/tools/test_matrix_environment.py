# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/core_environment.py, with a package that calls itself ansible-core."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import core_environment
from tools.core_environment import NotPrepared, prepare


@pytest.fixture(autouse=True)
def nothing_beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No further requirement, so that nothing is downloaded."""
    monkeypatch.setattr(core_environment, "REQUIREMENTS", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").touch()


def _wheel(folder: Path, version: str) -> str:
    file = folder / f"ansible_core-{version}-py3-none-any.whl"
    info = f"ansible_core-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: ansible-core\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return str(file)


@pytest.mark.wider("What the matrix begins with.")
def test_an_environment_is_made_in_place_of_a_broken_one_and_then_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to("/bin/false")
    (folder / "broken").touch()
    assert prepare(folder, Path(sys.executable), _wheel(tmp_path, "2.16.1")) == "2.16.1"
    assert not (folder / "broken").exists()
    assert (folder / ".ok").exists()
    asked = [folder / "bin" / "python", "-c", "import os; print(os.environ['ANSIBLE_DEPRECATION_WARNINGS'])"]
    environment = {"ANSIBLE_DEPRECATION_WARNINGS": "false"}
    assert subprocess.check_output(asked, env=environment, text=True) == "true\n"

    (folder / "kept").touch()
    assert prepare(folder, Path(sys.executable), _wheel(tmp_path, "2.16.2")) == "2.16.2"
    assert (folder / "kept").exists()
    with pytest.raises(NotPrepared, match="nothing-here.whl"):
        prepare(folder, Path(sys.executable), str(tmp_path / "nothing-here.whl"))


def test_an_interpreter_that_does_not_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotPrepared, match="/no/such/python"):
        prepare(tmp_path / "venv", Path("/no/such/python"), "ansible-core")
