# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Two runs that make the same thing at the same time: one stays, and both find out alike which one.

The service has no lock and lets two applications have one name, and an application have two jobs of one template. So
whoever made something looks once more. Where there are two, what is used already stays, else what was made first, else
what has the smallest id. The run that made the other one withdraws it, and goes on with what stays.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._graph.errors import GraphError, ProvisioningError
from .._making import PATIENCE
from . import waits

if t.TYPE_CHECKING:
    from .._task import Task

# Another run that looked before ours was there makes its own within about the time that ours took.
WINDOWS = 1.5
LONGEST_WINDOW = 5.0
# Seconds that the other run gets to withdraw what it made. One that does not has looked before ours was there.
YIELDING = 10.0
_PAUSE = 0.4


@dataclasses.dataclass(frozen=True)
class Twin:
    """One of several things that should be one. ``made`` is when, as the service writes it, or an empty text."""

    id: str
    made: str = ""


@dataclasses.dataclass(frozen=True)
class Kind:
    """What can have twins: its name in the admin's words, and how it is listed, asked for use, and withdrawn.

    ``change`` is the sentence of the change that makes one.
    """

    name: str
    change: str
    listed: t.Callable[[], t.Sequence[Twin]]
    used: t.Callable[[str], bool]
    withdraw: t.Callable[[str], t.Any]


def the_one(task: Task, kind: Kind, mine: Twin, began: float) -> str:
    """Return the id of the one that stays: nearly always the one that was just made.

    :arg mine: what this task made, and nobody but this task knew of before.
    :arg began: when this task looked and found none, on the clock of its deadline.
    :raises ProvisioningError: where both are in use already, or neither is left.
    """
    deadline = task.deadline
    window = min(LONGEST_WINDOW, WINDOWS * (deadline.now - began), deadline.left / 3)
    deadline.sleep(window, f"looking whether another run made {kind.name} too")
    patience = deadline.now + min(YIELDING, deadline.left / 3)
    while True:
        others = [one for one in kind.listed() if one.id != mine.id]
        if not others:
            return mine.id
        used = {one.id: _is_used(kind, one) for one in (mine, *others)}
        ranked = sorted((mine, *others), key=lambda one: (not used[one.id], one.made, one.id))
        # One that is listed and not found is being withdrawn, or has just been made.
        unclear = any(used[one.id] is None for one in others)
        if deadline.now >= patience or (ranked[0] != mine and not unclear):
            return _withdrawn(task, kind, mine, next(one for one in ranked if one != mine), bool(used[mine.id]))
        deadline.sleep(_PAUSE, f"waiting until another run withdraws {kind.name} that it made too")


def _is_used(kind: Kind, one: Twin) -> bool | None:
    """Return whether it is in use; None where the service lists it and does not find it."""
    try:
        return kind.used(one.id)
    except GraphError as error:
        if error.status != 404:
            raise
        return None


def _left_without(task: Task, kind: Kind, mine: Twin) -> list[str]:
    """Withdraw one's own, and return the ids of what is left; where it stays for a while, it is withdrawn once more."""
    for patience in (min(PATIENCE, task.deadline.left / 3), None):
        try:
            kind.withdraw(mine.id)
        except GraphError as error:
            # It may still be listed.
            if error.status != 404:
                raise
        left = waits.until(
            task.deadline,
            f"waiting until {mine.id} is withdrawn",
            lambda: [one.id for one in kind.listed()],
            lambda ids: mine.id not in ids,
            tell=" and ".join,
            patience=patience,
        )
        if mine.id not in left:
            break
    return left


def _withdrawn(task: Task, kind: Kind, mine: Twin, other: Twin, used: bool) -> str:
    if used:
        raise ProvisioningError(
            f"Two runs made {kind.name} at the same time, {mine.id} and {other.id}, and this one's is in use already, "
            "so neither was removed. Remove the one that is not meant, and run the task again.",
            candidates=[mine.id, other.id],
        )
    if other.id not in _left_without(task, kind, mine):
        raise ProvisioningError(
            f"Two runs made {kind.name} at the same time, and each withdrew its own. Run the task again: it makes one.",
            candidates=[mine.id, other.id],
        )
    task.withdrawn.add(kind.change)
    task.warn(
        f"Another run made {kind.name} at the same time. This run withdrew its own one ({mine.id}) and goes on with "
        f"the other ({other.id})."
    )
    return other.id
