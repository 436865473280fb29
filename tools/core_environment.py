# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment that holds one ansible-core and what this collection's tests need beside it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools.checks import ROOT

REQUIREMENTS = ROOT / "requirements-matrix.txt"

_PYTHON = "import sys; print(sys.version)"
_CORE = "import importlib.metadata; print(importlib.metadata.version('ansible-core'))"
_SITE_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"
# Every Python of the environment runs this at its start, after ansible-test has set its own variables: it turns
# deprecation warnings off, and takes no setting for that. With CI, hypothesis sets no deadlines, which would measure
# the ansible-core that runs at the same time.
_HOOK = 'import os; os.environ.update(ANSIBLE_DEPRECATION_WARNINGS="true", CI="true")\n'


class NotPrepared(Exception):
    """The environment could not be made; the message is what pip or venv said."""


def prepare(folder: Path, interpreter: Path, requirement: str) -> str:
    """Make the environment, or bring an earlier one up to date; return the version of ansible-core that it holds.

    :param requirement: of ansible-core, as pip reads it.
    :raises NotPrepared: when that does not succeed.
    """
    python = folder / "bin" / "python"
    # An environment of an interpreter that was removed or replaced since does not run any more.
    if _said(python, "-c", _PYTHON) != _run(interpreter, "-c", _PYTHON):
        _run(interpreter, "-m", "venv", "--clear", str(folder))
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade")
    _run(*pip, requirement, "-r", str(REQUIREMENTS))
    Path(_run(python, "-c", _SITE_PACKAGES).strip(), "deprecation_warnings.pth").write_text(_HOOK)
    # The Makefile takes an environment with this file, newer than its own lists of requirements, for complete.
    (folder / ".ok").touch()
    return _run(python, "-c", _CORE).strip()


def _said(*command: Path | str) -> str | None:
    try:
        return _run(*command)
    except NotPrepared:
        return None


def _run(*command: Path | str) -> str:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NotPrepared(str(error)) from error
    if done.returncode:
        raise NotPrepared(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout
