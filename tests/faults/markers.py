# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that can be found again, whole or in part, in whatever form they leave."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.faults.cases import application
from tests.graphsim.seed.clients import ALL_ROLES
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

# Each has a word that is found in every form, between signs that JSON, addresses and HTML write in another way.
CLIENT_SECRET = 'a "b" Zclientsecret <c> \\d/é'
CERTIFICATE_PASSWORD = 'a "b" Zcertificatepassword <c> \\d/é'
FEDERATED_TOKEN = 'a "b" Zfederatedtoken <c> \\d/é'
ACCESS_TOKEN = 'a "b" Zaccesstoken <c> \\d/é'
SECRET_TOKEN = 'a "b"  Zsecrettoken <c> \\d/é'
TOKEN_KEY = "Ztokenkey" + "+a/b.c==" * 8
PASSWORD = 'a "b" Zpassword <c> \\d/é'

SECRETS = {"SecretToken": SECRET_TOKEN, "Password": PASSWORD, "TokenKey": TOKEN_KEY}

CLIENT = "d0000001-0000-4000-8000-0000000000bb"
_STORED = {"BaseAddress": "https://scim.example", "SecretToken": "one", "Password": "two", "TokenKey": "three"}
SEED = {
    "applications": [
        application(jobs=[{"template_id": "scim", "state": "paused"}], secrets=_STORED),
        application("Fresh"),
    ],
    "clients": [{"client_id": CLIENT, "client_secret": CLIENT_SECRET, "roles": ALL_ROLES}],
}
SIGN_IN = {
    "client_secret": CLIENT_SECRET,
    "certificate_password": CERTIFICATE_PASSWORD,
    "federated_token": FEDERATED_TOKEN,
    "access_token": ACCESS_TOKEN,
}

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


def leaking_processes() -> list[str]:
    """The command lines of this machine in which a marked secret stands."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            found += [command] if any(word in command for word in _WORDS) else []
    return found


def places(simulator: Simulator) -> dict[str, str]:
    """The options of the seed's client but its secret; the method is named, since there is material for all of them."""
    options = {name: value for name, value in simulator.options().items() if name != "client_secret"}
    return {**options, "auth_method": "client_secret", "client_id": CLIENT}


def task(module: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A task of the collection that may fail."""
    return {f"entra.provisioning.{module}": options, "ignore_errors": True, **keywords}


def everything(result: Result) -> str:
    """What a person sees and what callback plugins (job events, loggers) get."""
    return result.output + "".join(json.dumps(one.result) for one in result.tasks)
