# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that can be found again, whole or in part, in whatever form they leave."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

# Each has a word that is found in every form, between signs that JSON, addresses and HTML write in another way.
CLIENT_SECRET = 'a "b" Zclientsecret <c> \\d/é'
CERTIFICATE_PASSWORD = 'a "b" Zcertificatepassword <c> \\d/é'
FEDERATED_TOKEN = 'a "b" Zfederatedtoken <c> \\d/é'
ACCESS_TOKEN = 'a "b" Zaccesstoken <c> \\d/é'
SECRET_TOKEN = 'a "b"  Zsecrettoken <c> \\d/é'
TOKEN_KEY = "Ztokenkey" + "+a/b.c==" * 8
PASSWORD = 'a "b" Zpassword <c> \\d/é'

_WORDS = (
    "Zclientsecret",
    "Zcertificatepassword",
    "Zfederatedtoken",
    "Zaccesstoken",
    "Zsecrettoken",
    "Zpassword",
    "Ztokenkey",
)
# How every JSON web token begins: those that the simulator issues, and its federated ones.
_TOKEN = "eyJ"


def leaks(text: str, *further: str) -> list[str]:
    """The lines in which a secret stands, shortened; `further` are secrets without a marker."""
    words = (*_WORDS, _TOKEN, *further)
    return [line[:300] for line in text.splitlines() if any(word in line for word in words)]


def leaks_in(folder: Path, *further: str, but: Iterable[Path] = ()) -> list[str]:
    """The files below a folder in which a secret stands, but for those that have to hold one."""
    allowed = set(but)
    return [
        f"{file}: {line}"
        for file in folder.rglob("*")
        if file.is_file() and file not in allowed
        for line in leaks(file.read_bytes().decode(errors="replace"), *further)
    ]


def leaking_processes(*further: str) -> list[str]:
    """The command lines of this machine in which a secret stands."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                found += leaks(
                    (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"), *further
                )
            except OSError:
                continue
    return found
