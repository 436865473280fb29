# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Tasks of one machine that change the same thing take turns, so that the later one plans from what the first one left.

The service has no lock. Between machines, those who make or write something look again afterwards (twins.py,
schema_write.py). On one machine, as with several forks, a lock on a file in Ansible's own folder (``ANSIBLE_HOME``, or
``~/.ansible``) is better; the kernel lifts it when its process ends, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import pathlib
import typing as t

from .._graph.run_memory import digest

if t.TYPE_CHECKING:
    from .._task import Task

_PAUSE = 0.2


def folder(name: str) -> pathlib.Path:
    """Return a folder of this collection in Ansible's own one, for what runs of one person tell each other."""
    home = os.environ.get("ANSIBLE_HOME") or os.path.join("~", ".ansible")
    return pathlib.Path(os.path.expanduser(home)) / "entra.provisioning" / name


def take(task: Task, what: str, *names: str) -> None:
    """Take the turn to change something until the task ends; not in check mode, nor where no file can be made.

    :arg what: what is changed, in the admin's words.
    :arg names: what tells it from others.
    :raises OutOfTime: where another task holds it until the deadline.
    """
    lock = None if task.check_mode else _opened(folder("turns") / digest(*names))
    if lock is None:
        return
    task.at_end.callback(os.close, lock)
    while not _taken(lock):
        task.deadline.sleep(_PAUSE, f"waiting for another task on this machine that changes {what}")


def _opened(path: pathlib.Path) -> int | None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks.
        return True
    return True
