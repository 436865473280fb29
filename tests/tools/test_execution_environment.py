# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/execution_environment.py: what ansible-builder finds of a collection, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.execution_environment import NEEDED, definition_of_the_collection, introspection, lacking


def run(*command: str) -> str:
    program = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    return f"rc {done.returncode}\n{done.stdout}\n{done.stderr}" if done.returncode else ""


def collection(folder: Path, requirements: str) -> Path:
    """A collection that needs these of Python."""
    place = folder / "ansible_collections" / "entra" / "other"
    (place / "meta").mkdir(parents=True)
    (place / "MANIFEST.json").touch()
    (place / "meta" / "requirements.txt").write_text(requirements)
    definition = place / "meta" / "execution-environment.yml"
    definition.write_text("version: 3\ndependencies:\n  python: meta/requirements.txt\n")
    return place


def test_requirements_are_found_in_another_form() -> None:
    needed = NEEDED.read_text()
    assert lacking(needed) == ""
    assert lacking("msal >= 1.35  # from collection a.b\nrequests>=2.31\n") == ""
    assert lacking("requests>=2.31\n") == "msal>=1.35 is not found"


@pytest.mark.parametrize("dropped", ["", "msal>=1.35"])
def test_ansible_builder_is_asked(tmp_path: Path, dropped: str) -> None:
    needed = NEEDED.read_text().replace(f"{dropped}\n", "") if dropped else NEEDED.read_text()
    place = collection(tmp_path, needed)
    expected = f"{dropped} is not found" if dropped else ""
    assert introspection(run, tmp_path, tmp_path) == expected
    assert definition_of_the_collection(run, place, tmp_path) == expected


def test_a_definition_that_is_none(tmp_path: Path) -> None:
    place = collection(tmp_path, NEEDED.read_text())
    (place / "meta" / "execution-environment.yml").write_text("version: 3\ndependencies:\n  python: missing.txt\n")
    assert "missing.txt does not exist" in definition_of_the_collection(run, place, tmp_path)
