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


VISIT = "To check existing issues, please visit: https://github.com/Azure/azure-cli/issues"
SAID = {
    "not logged in": (
        ["ERROR: Please run 'az login' to setup account."],
        "Please run 'az login' to setup account.",
    ),
    "conditional access": (
        [
            "ERROR: AADSTS53003: Access has been blocked by Conditional Access. Trace ID: 1-2 Correlation ID: 3",
            "Interactive authentication is needed. Please run:",
            "az login --scope https://graph.microsoft.com/.default",
        ],
        "AADSTS53003: Access has been blocked by Conditional Access.",
    ),
    "a wrong secret": (
        [
            "WARNING: something old",
            "ERROR: AADSTS7000215: Invalid client secret provided. Trace ID: 1",
            "Are you passing a service principal certificate with --password? It is --certificate now.",
            VISIT,
        ],
        "AADSTS7000215: Invalid client secret provided. Run 'az login' first.",
    ),
    "no such tenant": (
        ["ERROR: AADSTS90002: Tenant 'x' not found.", VISIT],
        "AADSTS90002: Tenant 'x' not found. Run 'az login' first.",
    ),
    "a dead authority": (
        ["HTTPSConnectionPool: Max retries exceeded", VISIT],
        "HTTPSConnectionPool: Max retries exceeded. Run 'az login' first.",
    ),
    "two errors": (["ERROR: one", "ERROR: two"], "two. Run 'az login' first."),
    "nothing": ([], "it gave no reason. Run 'az login' first."),
}


@pytest.mark.parametrize("case", SAID)
def test_the_reason_is_its_own(case: str, sign_in: Run) -> None:
    lines, words = SAID[case]
    with pytest.raises(SignInFailed) as caught:
        sign_in("\n".join(['cat >&2 <<"END"', *lines, "END", "exit 1"]))
    assert caught.value.message == f"Could not sign in with azure_cli: {words}"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "there is no program az on the PATH of the task."),
        (_prints(tokenType="Bearer"), "what az printed holds no token."),
        (_prints(accessToken=7), "what az printed holds no token."),
        (_prints(accessToken="x", expires_on="soon"), "what az printed holds no token."),
        ("echo nonsense", "what az printed holds no token."),
        ("echo []", "what az printed holds no token."),
        ("echo", "what az printed holds no token."),
    ],
)
def test_what_it_says_otherwise(script: str | None, words: str, sign_in: Run) -> None:
    with pytest.raises(SignInFailed) as caught:
        sign_in(script)
    assert caught.value.message == f"Could not sign in with azure_cli: {words}"


def test_a_question_of_it_is_not_waited_for(sign_in: Run) -> None:
    begin = time.monotonic()
    assert sign_in(f"read answer\n{_prints(accessToken='x')}").value == "x"
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    "script",
    ["exec sleep 60", "sleep 60", "sleep 60 & wait", "trap '' TERM; (sleep 60; true)", "sleep 60 & echo started"],
    ids=["itself", "wrapper", "background", "stubborn", "left behind with the pipe"],
)
def test_one_that_hangs_is_ended_with_its_children(
    tmp_path: pathlib.Path, sign_in: Run, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(Deadline, "left", 1.0)
    begin = time.monotonic()
    with pytest.raises(SignInFailed, match="az gave no answer within 1 seconds and was ended"):
        sign_in(f"echo $$ > {tmp_path}/pid; {script}")
    assert time.monotonic() - begin < 5
    group = int((tmp_path / "pid").read_text())
    for _try in range(50):
        # A child that was ended is there until init has noticed.
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a child is left")
