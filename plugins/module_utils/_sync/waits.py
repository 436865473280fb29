# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Waiting by looking, in growing steps, inside the deadline of the task."""

from __future__ import annotations

import typing as t

from .._graph.deadline import Deadline
from .._graph.errors import OutOfTime, ProvisioningError
from .._making import PATIENCE

if t.TYPE_CHECKING:
    from .._task import Change, Task

Seen = t.TypeVar("Seen")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
SHORTEST_PAUSE = 0.05
# Seconds of the deadline that are left for the answer to the last look.
LAST_LOOK = 0.5
# Seconds until whoever watches is told what is waited for, and between two such lines.
FIRST_LINE = 5.0
BETWEEN_LINES = 10.0


def until(
    deadline: Deadline,
    what: str,
    look: t.Callable[[], Seen],
    good: t.Callable[[Seen], bool],
    *,
    reads: int = 1,
    tell: t.Callable[[Seen], str] = str,
    line: t.Callable[[Seen], str] | None = None,
    patience: float | None = None,
) -> Seen:
    """Look until what is seen is good, and return it.

    :arg what: completes the sentence "Gave up ... while ...".
    :arg reads: how many looks in a row must be good: replicas disagree for a while (azuread issue 1802).
    :arg tell: puts what was seen into words, for the case that time runs out.
    :arg line: puts it into words for whoever watches meanwhile; without it they read ``what``.
    :arg patience: seconds after which what was seen last is returned, good or not.
    :raises OutOfTime: naming what was seen last, where the deadline passes first.
    """
    pause, in_a_row = FIRST_PAUSE, 0
    end = None if patience is None else deadline.now + patience
    news = News(deadline)
    while True:
        seen = look()
        in_a_row = in_a_row + 1 if good(seen) else 0
        if in_a_row >= reads or (end is not None and deadline.now >= end):
            return seen
        news.told(line(seen) if line else what)
        wait = FIRST_PAUSE if in_a_row else pause
        try:
            # The last look is taken right before the deadline, not one whole pause earlier.
            in_time = deadline.left - LAST_LOOK
            deadline.sleep(min(wait, in_time) if in_time > SHORTEST_PAUSE else wait + LAST_LOOK, what)
        except OutOfTime as error:
            raise OutOfTime(f"{error.message} Seen last: {_short(None if seen is None else tell(seen))}.") from error
        pause = min(LONGEST_PAUSE, pause * 1.6)


def until_made(
    task: Task,
    what: str,
    look: t.Callable[[], Seen],
    lost: t.Callable[[Seen], t.Sequence[Change]],
    *,
    again: float | None = None,
) -> Seen:
    """Look until all changes of a plan are seen, and return what is seen; one look is for all of them.

    What cannot be seen for a while has not happened, whatever the service answered, and is made once more.

    :arg lost: gives the changes that what is seen lacks.
    :arg again: seconds after the second try, after which what was seen last is returned; None until the deadline.
    :raises ProvisioningError: with the fact ``unseen``, the sentences of those that were never seen.
    """

    def looked(patience: float | None) -> Seen:
        return until(
            task.deadline,
            what,
            look,
            lambda seen: not lost(seen),
            tell=lambda seen: f"still to {' and to '.join(one.sentence for one in lost(seen))}",
            patience=patience,
        )

    seen = looked(min(PATIENCE, task.deadline.left / 3))
    missing = lost(seen)
    if not missing:
        return seen
    try:
        task.make_again(missing)
        return looked(again)
    except ProvisioningError as error:
        error.facts["unseen"] = [one.sentence for one in missing]
        raise


class News:
    """What whoever watches a wait gets to read: nothing of a short one, of a long one a line every now and then."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._began = deadline.now
        self._next = FIRST_LINE

    def told(self, text: str) -> None:
        """Show a line with the seconds so far, where one is due."""
        waited = self._deadline.now - self._began
        if waited >= self._next:
            self._deadline.progress(f"{text}, {waited:.0f} s")
            self._next = waited + BETWEEN_LINES


def _short(seen: str | None) -> str:
    text = "nothing" if seen is None else seen
    return text if len(text) <= 200 else f"{text[:200]}..."
