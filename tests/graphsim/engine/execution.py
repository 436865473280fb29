# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""synchronizationTaskExecution: what a cycle did, in numbers."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.graphsim.engine.context import stamp

_NEVER = "0001-01-01T00:00:00Z"


@dataclass
class Counters:
    """The counters of an execution.

    `entitled` counts the objects in scope that were looked at, `exports` what was to be written and `exported` what
    was; `importedDeltas` what had changed since the last cycle, `importedReferenceDeltas` what was written again
    because an object that it refers to had appeared.
    """

    entitled: int = 0
    entitled_for_provisioning: int = 0
    escrowed: int = 0
    exported: int = 0
    exports: int = 0
    imported: int = 0
    imported_deltas: int = 0
    imported_reference_deltas: int = 0


def execution(
    counters: Counters, state: str, began: datetime, ended: datetime, error: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The document of one run; state is Succeeded, EntryLevelErrors or Failed."""
    counts = {_key(name): value for name, value in asdict(counters).items()}
    return {
        "activityIdentifier": str(uuid.uuid4()),
        **counts,
        "countEscrowedRaw": counters.escrowed,
        "state": state,
        "timeBegan": stamp(began),
        "timeEnded": stamp(ended),
        "error": error,
    }


def never_run() -> dict[str, Any]:
    """What a started job shows before its first cycle: Failed with the error "None", which is not a failure."""
    today = datetime.now(timezone.utc)
    return {
        **execution(Counters(), "Failed", today, today),
        "timeBegan": _NEVER,
        "timeEnded": _NEVER,
        "error": {"code": "None", "message": "", "tenantActionable": False},
    }


def _key(name: str) -> str:
    return "count" + "".join(part.title() for part in name.split("_"))


def interval(written: str) -> timedelta:
    """The interval of a schedule, an ISO 8601 duration of hours and minutes such as PT40M."""
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", written)
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0)) if match else timedelta(minutes=40)
