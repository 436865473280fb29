# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.importer VENV``: let the galaxy-importer in VENV take the collection in as Galaxy does.

It checks the metadata, loads every plugin, role and playbook, and runs ansible-lint. What it warns of counts as well.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.harness.playbook import environment
from tools.tree import ROOT

# Lines of its log; those without a level are its progress.
_COMPLAINT = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b.*", re.MULTILINE)
# Without ansible-lint it succeeds, too.
_LINTED = "...ansible-lint run complete"


def problems(code: int, log: str) -> list[str]:
    """Why an import is not good enough.

    :param code: the importer's return code.
    :param log: all that it printed.
    """
    found = _COMPLAINT.findall(log)
    if code and not found:
        found.append(f"it ended with {code}")
    if _LINTED not in log:
        found.append("ansible-lint was not run")
    return found


def main() -> int:
    """1 when the importer refuses the artifact or warns of something."""
    tools = Path(sys.argv[1]).resolve() / "bin"
    with tempfile.TemporaryDirectory(prefix="entra-provisioning-importer-") as name:
        folder = Path(name)
        settings = environment(folder)
        build = ["ansible-galaxy", "collection", "build", "--output-path", str(folder), str(ROOT)]
        subprocess.run(build, env=settings, check=True, capture_output=True)
        artifact = next(folder.glob("*.tar.gz"))
        # Its own ansible-doc and ansible-lint, in a home where no other version of the collection is.
        plain = {key: value for key, value in settings.items() if not key.startswith("ANSIBLE_")}
        path = f"{tools}{os.pathsep}{os.defpath}"
        done = subprocess.run(
            [str(tools / "python"), "-m", "galaxy_importer.main", str(artifact)],
            cwd=folder,
            env={**plain, "HOME": str(folder), "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    found = problems(done.returncode, done.stdout)
    print("\n".join(["FAIL galaxy-importer", *found, done.stdout] if found else ["PASS galaxy-importer"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
