# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with the Azure CLI: a program called az that is really run."""

from __future__ import annotations

import json
import os
import pathlib
import stat
import time
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.azure_cli import AzureCli
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import SignInFailed

Run = t.Callable[..., t.Any]


@pytest.fixture
def sign_in(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Sign in where az is a shell script; its arguments are found in the file that this has as ``said``."""

    def run(script: str | None, **options: str) -> t.Any:
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}" if script else str(tmp_path))
        if script:
            program = tmp_path / "az"
            program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\n{script}\n', encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        connection = Connection.read({"graph_endpoint": "https://graph.test", **options}, Deadline(60.0))
        assert AzureCli.is_offered() is (script is not None)
        return AzureCli().token(connection)

    return run


def _prints(**answer: t.Any) -> str:
    return f"echo '{json.dumps(answer)}'"


def test_the_token_that_it_prints(sign_in: Run, tmp_path: pathlib.Path) -> None:
    token = sign_in(_prints(accessToken="x", expires_on=time.time() + 3600))
    assert token.value == "x"
    # Renewed five minutes before its end.
    assert 3290 < token.renew_at - time.time() < 3301
    said = (tmp_path / "said").read_text().strip()
    assert said == "account get-access-token --resource https://graph.test --output json"


def test_the_tenant_is_asked_for(sign_in: Run, tmp_path: pathlib.Path) -> None:
    # Old versions tell no end that a program can read.
    token = sign_in(_prints(accessToken="x"), tenant_id="contoso")
    assert 230 < token.renew_at - time.time() < 241
    assert (tmp_path / "said").read_text().strip().endswith("--output json --tenant contoso")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "there is no program az on the PATH of the task."),
        ("echo WARNING >&2; echo 'ERROR: log in.' >&2; exit 1", "ERROR: log in. Run 'az login' first."),
        ("exit 3", "it gave no reason Run 'az login' first."),
        (_prints(tokenType="Bearer"), "it gave no reason Run 'az login' first."),
        ("echo nonsense", "JSONDecodeError while running az."),
    ],
)
def test_what_it_says_otherwise(script: str | None, words: str, sign_in: Run) -> None:
    with pytest.raises(SignInFailed) as caught:
        sign_in(script)
    assert caught.value.message == f"Could not sign in with azure_cli: {words}"


def test_one_that_hangs_is_ended(tmp_path: pathlib.Path, sign_in: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deadline, "left", 1.0)
    with pytest.raises(SignInFailed, match="TimeoutError while running az"):
        sign_in(f"echo $$ > {tmp_path}/pid; exec sleep 60")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
