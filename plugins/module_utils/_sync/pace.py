# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Keeping to a published rate, so that nothing is throttled."""

from __future__ import annotations

import collections

from .._graph.deadline import Deadline
from .waits import News

# What is left of a pause after rounding is no reason for another one.
SHORTEST = 0.001


class Pace:
    """So many calls in so many seconds, counted over any such span.

    :arg what: completes the sentence "Gave up ... while ...".
    """

    def __init__(self, deadline: Deadline, calls: int, seconds: float, what: str) -> None:
        self._deadline = deadline
        self._seconds = seconds
        self._what = what
        self._news = News(deadline)
        self._made: collections.deque[float] = collections.deque(maxlen=calls)

    def wait(self, line: str) -> None:
        """Wait until one more call may be made, and count it.

        :arg line: what whoever watches reads meanwhile.
        :raises OutOfTime: where the deadline passes first.
        """
        self._news.told(line)
        if self._made:
            # The call before has been answered by now, and somewhere on its way the service counted it. To count it
            # here as it was sent had a later call throttled.
            self._made[-1] = self._deadline.now
        if len(self._made) == self._made.maxlen:
            pause = self._seconds - (self._deadline.now - self._made[0])
            if pause > SHORTEST:
                self._deadline.sleep(pause, self._what)
        self._made.append(self._deadline.now)
