# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in as whoever is signed in to the Azure CLI: for trying things out at a terminal."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import typing as t

from ..connection import Connection
from ..errors import SignInFailed
from .base import Method, Token
from .files import small_file

MOST_SECONDS = 60.0
# What az prints last, whatever has gone wrong.
_POINTER = "To check existing issues, please visit:"


class AzureCli(Method):
    """The token of ``az account get-access-token``."""

    NAME: t.ClassVar[str] = "azure_cli"

    def token(self, connection: Connection) -> Token:
        """Run the Azure CLI.

        :raises SignInFailed: with its own reason.
        """
        program = shutil.which("az")
        if not program:
            raise SignInFailed("Could not sign in with azure_cli: there is no program az on the PATH of the task.")
        command = [program, "account", "get-access-token", "--resource", connection.graph, "--output", "json"]
        if connection.options.get("tenant_id"):
            command += ["--tenant", connection.options["tenant_id"]]
        seconds = max(1.0, min(MOST_SECONDS, connection.deadline.left))
        try:
            with connection.deadline.spending("waiting for az"):
                code, output, errors = _run(command, seconds)
        except subprocess.TimeoutExpired as error:
            raise SignInFailed(
                f"Could not sign in with azure_cli: az gave no answer within {seconds:.0f} seconds and was ended. Run "
                "'az account get-access-token' to see what it waits for."
            ) from error
        except OSError as error:
            raise SignInFailed(f"Could not sign in with azure_cli: {program} cannot be run: {error}.") from error
        if code:
            raise SignInFailed(f"Could not sign in with azure_cli: {_reason(errors)}")
        return _printed(output)

    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Return the program, the folder in which it keeps who is signed in, and what that says at present."""
        folder = os.environ.get("AZURE_CONFIG_DIR") or os.path.expanduser("~/.azure")
        return str(shutil.which("az")), os.path.realpath(folder), _signed_in(pathlib.Path(folder))

    @staticmethod
    def is_offered() -> bool:
        """Tell whether the program is there."""
        return shutil.which("az") is not None


def _signed_in(folder: pathlib.Path) -> str:
    """Return a digest of the accounts and of which is the current one; another ``az login`` changes it."""
    try:
        return hashlib.sha256(small_file(folder / "azureProfile.json")).hexdigest()
    except OSError:
        return ""


class _Session(subprocess.Popen[bytes]):
    """A program in a session of its own. Its end is that of all it has started: az is often a shell script.

    Not AnsibleModule.run_command: there is no module in the fast door, and it knows no time limit.
    """

    def __init__(self, command: list[str]) -> None:
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        super().__init__(command, stdin=nothing, stdout=pipe, stderr=pipe, start_new_session=True)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def _run(command: list[str], seconds: float) -> tuple[int, str, str]:
    """Run a program and return its code and both outputs.

    :raises subprocess.TimeoutExpired: after ``seconds``; the program and its children are ended then.
    """
    with _Session(command) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except BaseException:
            process.kill()
            raise
    return process.returncode, output.decode(errors="replace"), errors.decode(errors="replace")


def _printed(output: str) -> Token:
    try:
        answer = json.loads(output)
        token, ends = answer["accessToken"], answer.get("expires_on")
        # Old versions tell no end that a program can read.
        lasts = float(ends) - time.time() if ends else 300.0
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise SignInFailed("Could not sign in with azure_cli: what az printed holds no token.") from error
    if not isinstance(token, str) or not token:
        raise SignInFailed("Could not sign in with azure_cli: what az printed holds no token.")
    return Token.lasting(token, lasts)


def _reason(errors: str) -> str:
    """Return the reason out of what az says: its last error, without ids for support; advice comes after it."""
    lines = [line.strip() for line in errors.splitlines() if line.strip() and not line.startswith(_POINTER)]
    said = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")] or lines
    reason = said[-1].split(" Trace ID:")[0].rstrip() if said else "it gave no reason."
    reason = reason if reason.endswith((".", "!", "?")) else f"{reason}."
    return reason if "az login" in errors else f"{reason} Run 'az login' first."
