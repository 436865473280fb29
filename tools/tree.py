# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.tree FOLDER``: keep a copy of the checkout in FOLDER, for ansible-test.

ansible-test wants a real folder named ansible_collections/entra/provisioning (it resolves symbolic links) that is a
git repository of its own: inside an ignored folder of another one it finds nothing to test, and succeeds.
Only what changed is copied, under a lock, so that two stages may ask for the copy at the same time.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def known_to_git(root: Path) -> set[str]:
    """The files of a checkout that exist and are not ignored, as relative paths."""
    # A checkout mounted from elsewhere belongs to another user, which git refuses without this.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (root / name).is_file()}


def update(source: Path, copy: Path) -> None:
    """Make `copy` hold the files of `source`; what a test wrote there stays."""
    copy.mkdir(parents=True, exist_ok=True)
    record = copy.parent / f".{copy.name}.json"
    with open(copy.parent / f".{copy.name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = known_to_git(source)
        earlier = set(json.loads(record.read_text())) if record.exists() else set()
        for name in earlier - wanted:
            (copy / name).unlink(missing_ok=True)
        for name in wanted:
            _refresh(source / name, copy / name)
        record.write_text(json.dumps(sorted(wanted)))
        if not (copy / ".git").exists():
            subprocess.run(["git", "init", "-q"], cwd=copy, check=True)


def _refresh(original: Path, duplicate: Path) -> None:
    before = original.stat()
    if duplicate.exists():
        after = duplicate.stat()
        if (before.st_size, before.st_mtime_ns, before.st_mode) == (after.st_size, after.st_mtime_ns, after.st_mode):
            return
    duplicate.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(original, duplicate)


if __name__ == "__main__":
    update(ROOT, Path(sys.argv[1]).resolve())
