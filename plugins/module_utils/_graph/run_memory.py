# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What the tasks of one run share: tokens, and which objects are so new that their replicas may lag.

It lives in the folder that Ansible makes for one run (0700) and removes at its end; nothing outlives the run.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import time
import typing as t

# Replicas were seen to lag for up to two minutes after a create (terraform-provider-azuread issue 1811).
FRESH_SECONDS = 120.0


def digest(*parts: str) -> str:
    """Return a file-name-sized fingerprint that does not reveal the parts."""
    # As JSON, so that no two lists of parts are the same text.
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class RunMemory:
    """The memory of a run, or of a single task where there is no folder to share.

    :arg folder: Ansible's temporary folder of this run, or None.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = pathlib.Path(folder) if folder and _is_private(folder) else None
        self._fresh: dict[str, float] = {}

    def created(self, *ids: str) -> None:
        """Remember that objects were created just now."""
        for new in ids:
            self._fresh[new] = time.time()
            if self._folder:
                _write_private(self._folder / f"entra-fresh-{digest(new)}", "")

    def is_fresh(self, ids: t.Iterable[str]) -> bool:
        """Tell whether any of the objects was created in this run within the last two minutes."""
        return any(time.time() - self._created_at(known) < FRESH_SECONDS for known in ids)

    def was_created(self, known: str) -> bool:
        """Tell whether an object was created in this run."""
        return bool(self._created_at(known))

    def _created_at(self, known: str) -> float:
        if known in self._fresh or not self._folder:
            return self._fresh.get(known, 0.0)
        try:
            return (self._folder / f"entra-fresh-{digest(known)}").stat().st_mtime
        except OSError:
            return 0.0

    @contextlib.contextmanager
    def token(self, key: str) -> t.Iterator[TokenSlot]:
        """Hold the lock on one token, so that many forks ask for it once.

        :arg key: a digest of cloud, tenant, client and credential.
        """
        if not self._folder:
            yield TokenSlot(None)
            return
        path = self._folder / f"entra-token-{key}"
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield TokenSlot(path)
        finally:
            os.close(lock)


class TokenSlot:
    """The place of one token in the memory of a run; empty and forgetful where nothing is shared."""

    def __init__(self, path: pathlib.Path | None) -> None:
        self._path = path

    def read(self) -> dict[str, t.Any]:
        """Return what was stored, or an empty dict."""
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8")) if self._path else {}
        except (OSError, ValueError):
            return {}
        return stored if isinstance(stored, dict) else {}

    def write(self, token: dict[str, t.Any]) -> None:
        """Store a token for the other tasks of this run."""
        if self._path:
            _write_private(self._path, json.dumps(token))


def _is_private(folder: str) -> bool:
    try:
        facts = os.stat(folder)
    except OSError:
        return False
    return facts.st_uid == os.getuid() and not facts.st_mode & 0o077


def _write_private(path: pathlib.Path, text: str) -> None:
    """Write a file that only its owner can ever read, all of it or nothing."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(new, path)
