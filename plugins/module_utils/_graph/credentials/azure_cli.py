# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in as whoever is signed in to the Azure CLI: for trying things out at a terminal."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
import typing as t

from ..connection import Connection
from ..errors import SignInFailed
from .base import Token


class AzureCli:
    """The token of ``az account get-access-token``."""

    NAME: t.ClassVar[str] = "azure_cli"
    MATERIAL: t.ClassVar[tuple[str, ...]] = ()
    NEEDS: t.ClassVar[tuple[str, ...]] = ()

    def token(self, connection: Connection) -> Token:
        """Run the Azure CLI.

        :raises SignInFailed: with its own last words.
        """
        program = shutil.which("az")
        if not program:
            raise SignInFailed("Could not sign in with azure_cli: there is no program az on the PATH of the task.")
        command = [program, "account", "get-access-token", "--resource", connection.graph, "--output", "json"]
        if connection.options.get("tenant_id"):
            command += ["--tenant", connection.options["tenant_id"]]
        try:
            code, output, errors = asyncio.run(_run(command, max(1.0, min(60.0, connection.deadline.left))))
            answer = json.loads(output) if code == 0 else {}
        except (OSError, ValueError, asyncio.TimeoutError) as error:
            raise SignInFailed(f"Could not sign in with azure_cli: {type(error).__name__} while running az.") from error
        if not answer.get("accessToken"):
            last = (errors.strip().splitlines() or ["it gave no reason"])[-1]
            raise SignInFailed(f"Could not sign in with azure_cli: {last} Run 'az login' first.")
        lasts = float(answer["expires_on"]) - time.time() if answer.get("expires_on") else 300.0
        return Token.lasting(answer["accessToken"], lasts)

    @staticmethod
    def is_offered() -> bool:
        """Tell whether the program is there."""
        return shutil.which("az") is not None


async def _run(command: list[str], seconds: float) -> tuple[int, str, str]:
    """Run a program and return its code and both outputs.

    Not by AnsibleModule.run_command: there is no module in the fast door, and it knows no time limit.

    :raises asyncio.TimeoutError: after ``seconds``; the program is ended then.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    try:
        output, errors = await asyncio.wait_for(process.communicate(), seconds)
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode or 0, output.decode(errors="replace"), errors.decode(errors="replace")
