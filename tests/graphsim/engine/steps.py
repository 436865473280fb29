# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done to one object and how it ended, as on-demand results and provisioning logs tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

# Advice of the page "Provisioning error codes" in short.
_ADVICE = "Check the attribute mappings and the credentials of the application, then provision the object on demand."
REDACTED = "[Redact]"
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass
class Outcome:
    """The end of it. `status` is Success, Skipped or Failure; `code` and `reason` explain the latter two."""

    action: str
    status: str
    code: str | None = None
    reason: str | None = None
    target_id: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Trace:
    """The steps in order. `began` is the job's time; real time passes on top of it."""

    began: datetime
    started: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def elapsed(self) -> timedelta:
        """Real time since the beginning."""
        return datetime.now(timezone.utc) - self.started

    @property
    def now(self) -> str:
        """The job's time now, with fractions of a second."""
        return (self.began + self.elapsed).astimezone(timezone.utc).strftime(MOMENT)

    def add(self, name: str, kind: str, status: str, description: str, details: dict[str, Any] | None = None) -> None:
        """One step; `kind` is Import, Scoping, Matching, ReferenceResolution or Export."""
        self.steps.append(
            {
                "name": name,
                "type": kind,
                "status": status,
                "description": description,
                "timestamp": self.now,
                "details": details or {},
            }
        )


def status_info(outcome: Outcome) -> dict[str, Any]:
    """The statusInfo of an outcome: explanations belong to what is not a success."""
    failed = outcome.status == "Failure"
    return {
        "status": outcome.status,
        "errorCode": outcome.code,
        "reason": outcome.reason,
        "additionalDetails": None,
        "errorCategory": "Failure" if failed else "NonServiceFailure" if outcome.code else None,
        "recommendedAction": _ADVICE if failed else None,
    }


def change(name: str, old: Any, new: Any, redacted: bool = False) -> dict[str, Any]:
    """One modifiedProperty; values are texts."""
    return {
        "displayName": name,
        "oldValue": REDACTED if redacted and old is not None else _text(old),
        "newValue": REDACTED if redacted else _text(new),
    }


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
