# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens as a vault or an earlier task would give them."""

from __future__ import annotations

import os
from pathlib import Path

import requests

from tests.harness.simulator import Simulator


def access_token(simulator: Simulator, client: int = 0) -> str:
    """Ask the simulator for a token, without any help of the collection."""
    options = simulator.options(client)
    form = {
        "grant_type": "client_credentials",
        "client_id": options["client_id"],
        "client_secret": options["client_secret"],
        "scope": f"{options['graph_endpoint']}/.default",
    }
    with requests.Session() as session:
        # Proxies and certificates of the machine are not for loopback.
        session.trust_env = False
        answer = session.post(
            f"{options['authority']}/oauth2/v2.0/token", data=form, verify=options["ca_path"], timeout=30
        )
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def with_az(folder: Path, script: str) -> str:
    """A PATH on which the Azure CLI is a script, which keeps its arguments in a file beside it."""
    program = folder / "az"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\n{script}')
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
