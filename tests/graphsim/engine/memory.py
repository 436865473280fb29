# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service remembers about a job between cycles."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Link:
    """A source object and its counterpart in the target.

    `managed` ends when the object leaves the scope: it is disabled once and then left alone. `active` is the state
    last exported. `references` are the target ids last exported per target attribute, e.g. of `members`.
    """

    source_type: str
    target_type: str
    target_id: str
    managed: bool = True
    active: bool = True
    references: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Escrow:
    """An object that failed and is tried again in the next cycle."""

    code: str
    message: str
    since: str
    fingerprint: str
    reference: bool = False


@dataclass
class JobMemory:
    """All of it; keys are source object ids.

    `watermark` is false until an initial cycle has ended, and again after whatever makes the next cycle initial.
    `synced_all` is the setting SyncAll as the last initial cycle found it.
    `completed` says that some cycle has ended well, `totals` counts objects per pair of types and never falls.
    """

    links: dict[str, Link] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    escrows: dict[str, Escrow] = field(default_factory=dict)
    staged_deletes: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    watermark: bool = False
    completed: bool = False
    force_deletes: bool = False
    synced_all: bool = False
    next_run: datetime | None = None

    def document(self) -> dict[str, Any]:
        """The memory as JSON."""
        return {**asdict(self), "next_run": self.next_run.isoformat() if self.next_run else None}
