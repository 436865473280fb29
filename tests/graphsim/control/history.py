# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of the past, for the fault ``stale``."""

from __future__ import annotations

from ..exchange import Reply


class History:
    """The last answer to each GET, and the one before the last write."""

    def __init__(self) -> None:
        self._latest: dict[str, Reply] = {}
        self._before_write: dict[str, Reply] = {}

    def add(self, method: str, address: str, reply: Reply) -> None:
        """Take note of an answer."""
        if method == "GET":
            self._latest[address] = reply
        elif reply.status < 300:
            self._before_write = dict(self._latest)

    def before_write(self, address: str) -> Reply | None:
        """What a GET told before the last write; None when it was not asked then."""
        return self._before_write.get(address)

    def clear(self) -> None:
        """Forget everything."""
        self._latest, self._before_write = {}, {}
