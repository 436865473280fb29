# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual time: real time plus an offset that tests advance; and the cycles that fall due."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..state import Job, Synchronization
    from ..world import World

_DURATION = re.compile(
    r"P(?=.)((?P<days>\d+)D)?(T(?=.)((?P<hours>\d+)H)?((?P<minutes>\d+)M)?((?P<seconds>\d+(\.\d+)?)S)?)?"
)


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of days, hours, minutes and seconds.

    :raises ValueError: when it is none.
    """
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"'{text}' is not an ISO 8601 duration such as PT40M")
    try:
        return timedelta(**{name: float(value) for name, value in found.groupdict().items() if value})
    except OverflowError as error:
        raise ValueError(f"'{text}' is too long") from error


class Clock:
    """The service's clock."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The virtual time, in UTC."""
        return datetime.now(timezone.utc) + self.offset

    def stamp(self) -> str:
        """The virtual time in the form of the service's answers."""
        return f"{self.now():%Y-%m-%dT%H:%M:%SZ}"

    def advance(self, step: timedelta, world: World) -> datetime:
        """Go forward by `step`, stopping at each cycle that falls due on the way to run it.

        :raises ValueError: when time would pass the year 9999.
        """
        try:
            goal = self.now() + step
        except OverflowError as error:
            raise ValueError("the clock ends with the year 9999") from error
        while True:
            upcoming = [found for found in _runnable(world) if found[0] <= goal]
            if not upcoming:
                break
            moment, owner, job = min(upcoming, key=lambda found: found[0])
            self.offset += max(moment - self.now(), timedelta(0))
            world.run_cycle(owner, job)
        self.offset += max(goal - self.now(), timedelta(0))
        return self.now()


def _runnable(world: World) -> list[tuple[datetime, Synchronization, Job]]:
    return [
        (job.memory.next_run, owner, job)
        for owner in list(world.tenant.synchronizations.values())
        for job in list(owner.jobs.values())
        if job.raw["schedule"]["state"] == "Active" and job.memory.next_run is not None
    ]
