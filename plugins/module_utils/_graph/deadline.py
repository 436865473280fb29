# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""One deadline per task, shared by requests, retries and waits, which can say where the time went."""

from __future__ import annotations

import contextlib
import time
import typing as t

from .errors import OutOfTime


class Deadline:
    """Seconds that a task may take.

    :arg seconds: how long, from now.
    :arg clock: a monotonic clock in seconds.
    :arg pause: sleeps for a number of seconds.
    """

    def __init__(
        self,
        seconds: float,
        clock: t.Callable[[], float] = time.monotonic,
        pause: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._pause = pause
        self._end = clock() + seconds
        self._spent: dict[str, float] = {}
        # Shows a line to whoever watches, while it lasts; nobody does unless somebody is put here.
        self.progress: t.Callable[[str], None] = lambda _line: None

    @property
    def now(self) -> float:
        """The present on the clock of this deadline, in seconds from some moment."""
        return self._clock()

    @property
    def left(self) -> float:
        """Seconds until the end, never negative."""
        return max(0.0, self._end - self._clock())

    def sleep(self, seconds: float, what: str) -> None:
        """Wait, and remember for what.

        :raises OutOfTime: if the wait would pass the deadline; it is then not begun.
        """
        if seconds >= self.left:
            raise self._over(what)
        self._pause(seconds)
        self._spent[what] = self._spent.get(what, 0.0) + seconds

    def check(self, what: str) -> None:
        """Go on only where there is time left.

        :raises OutOfTime: where there is none.
        """
        if not self.left:
            raise self._over(what)

    def _over(self, what: str) -> OutOfTime:
        return OutOfTime(
            f"Gave up after {self.seconds - self.left:.0f} of {self.seconds:.0f} seconds while {what}. "
            f"{self.account()}Raise the option timeout, or run the task again.",
        )

    def grant(self, seconds: float) -> None:
        """See to it that so many seconds are left, for what must be put back after a failure."""
        self._end = max(self._end, self._clock() + seconds)

    @contextlib.contextmanager
    def spending(self, what: str) -> t.Iterator[None]:
        """Remember for what the time went that the block takes."""
        begin = self._clock()
        try:
            yield
        finally:
            self._spent[what] = self._spent.get(what, 0.0) + self._clock() - begin

    def account(self) -> str:
        """Say what took how long, as a sentence with a trailing blank; nothing where all of it was quick."""
        parts = [f"{seconds:.0f} s {what}" for what, seconds in self._spent.items() if seconds >= 0.5]
        return f"Time went into: {', '.join(parts)}. " if parts else ""
