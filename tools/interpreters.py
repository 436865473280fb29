# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Pythons this machine has, on PATH and among pyenv's."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

# An interpreter that cannot make an environment with pip (Debian's without python3-venv) is of no use.
_ASK = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def find(version: str, path: str | None = None) -> Path | None:
    """The first interpreter of a version like ``3.12`` that runs and can make environments, or None.

    :param path: the folders to look in before pyenv's; without it, PATH.
    """
    return next((one for one in _candidates(version, path) if _version(one) == version), None)


def _candidates(version: str, path: str | None) -> Iterator[Path]:
    for folder in (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep):
        for name in (f"python{version}", "python3"):
            found = shutil.which(name, path=folder or os.curdir)
            # One of pyenv's shims asks pyenv, which answers with the version that a folder or the user has selected.
            if found and Path(found).parent.name != "shims":
                yield Path(found)
    yield from sorted((_pyenv_root() / "versions").glob(f"{version}.*/bin/python{version}"), reverse=True)


def _pyenv_root() -> Path:
    pyenv = shutil.which("pyenv")
    asked = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout if pyenv else ""
    return Path(asked.strip() or Path.home() / ".pyenv")


def _version(interpreter: Path) -> str | None:
    try:
        asked = subprocess.run([interpreter, "-c", _ASK], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
