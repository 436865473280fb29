# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SCIM server that jobs provision to: started and stopped with the simulator, emptied by a reset."""

from __future__ import annotations

import requests

from .engine.target import start_target


class ScimTarget:
    """A running SCIM server."""

    def __init__(self) -> None:
        self._target = start_target()
        self.base_address: str = self._target.base_address
        self.token: str = self._target.token
        self.violations: str | None = self._target.violations

    def clear(self) -> None:
        """Delete every user and group."""
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {self.token}"
            for kind in ("Groups", "Users"):
                while True:
                    page = session.get(f"{self.base_address}/{kind}?count=500", timeout=10).json()
                    resources = page.get("Resources") or []
                    for resource in resources:
                        session.delete(f"{self.base_address}/{kind}/{resource['id']}", timeout=10).raise_for_status()
                    if not resources:
                        break

    def stop(self) -> None:
        """End the server by its own process."""
        self._target.stop()
