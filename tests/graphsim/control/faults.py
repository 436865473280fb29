# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: the answers and silences of a bad day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

FAULTS = ("status", "delay", "drop_before", "drop_after", "truncate", "garbage", "stale")
# Those that make sense for one item of a $batch; the others are about the connection.
IN_BATCH = ("status", "delay")


@dataclass
class Fault:
    """One rule. `times` None means for ever; `skip` matches pass before it acts."""

    fault: str
    method: str | None
    path: re.Pattern[str]
    skip: int
    times: int | None
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    seconds: float = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether the rule is about this call; `path` includes the query."""
        return self.method in (None, method) and self.path.search(path) is not None


def read(rules: Any) -> list[Fault]:
    """Read the body of ``POST /_sim/faults``.

    :raises ValueError: with the number of the rule and what is wrong with it.
    """
    if not isinstance(rules, list):
        raise ValueError("faults are a list; [] clears them")
    found = []
    for number, rule in enumerate(rules):
        try:
            found.append(_read_one(rule))
        except (TypeError, ValueError, AttributeError, re.error) as error:
            raise ValueError(f"fault {number}: {error}") from error
    return found


def _read_one(rule: dict[str, Any]) -> Fault:
    unknown = set(rule) - {"match", "skip", "times", "fault", "status", "headers", "body", "seconds"}
    match = rule.get("match") or {}
    unknown |= set(match) - {"method", "path"}
    if unknown:
        raise ValueError(f"unknown members {', '.join(sorted(unknown))}")
    if rule.get("fault") not in FAULTS:
        raise ValueError(f"fault is one of {', '.join(FAULTS)}")
    times = rule.get("times", 1)
    method = match.get("method")
    return Fault(
        fault=rule["fault"],
        method=method.upper() if method else None,
        path=re.compile(match.get("path") or ""),
        skip=int(rule.get("skip", 0)),
        times=None if times is None else int(times),
        status=int(rule.get("status", 503)),
        headers={str(name): str(value) for name, value in (rule.get("headers") or {}).items()},
        body=rule.get("body"),
        seconds=float(rule.get("seconds", 0)),
    )


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def take(self, method: str, path: str, kinds: tuple[str, ...] = FAULTS) -> list[Fault]:
        """The faults for a call: all delays that match, and the first other one. Each is used up by one."""
        taken: list[Fault] = []
        for rule in self.rules:
            other_taken = any(fault.fault != "delay" for fault in taken)
            if rule.fault not in kinds or (rule.fault != "delay" and other_taken) or rule.times == 0:
                continue
            if not rule.matches(method, path):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
            taken.append(rule)
        return taken
