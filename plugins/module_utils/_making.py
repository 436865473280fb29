# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""One change, made for sure: it counts as made when it was seen, and it is made once more where nothing happened."""

from __future__ import annotations

import typing as t

from ._graph.errors import GraphError, OddAnswer, OutOfTime, ProvisioningError, Unconfirmed
from ._graph.retry import pause_before

if t.TYPE_CHECKING:
    from ._graph.endpoint import Call
    from ._graph.graph import Graph, Reply
    from ._task import Change

# Seconds of looking, or a third of what is left, after which a change that cannot be seen has not happened. What was
# made is found late, since replicas lag; the state of what is there is right within moments.
PATIENCE = 10.0
SHORT_PATIENCE = 2.0
# No replica was seen to lag for longer than two minutes, so a task that may wait for hours does not wait for this.
_LONGEST_LOOK = 300.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
# Of the deadline, for the answer to the last look.
_LAST_LOOK = 0.5
# How often what undoes an earlier change is sent; everything else is sent once more at most.
_MOST = 12


def nothing(body: t.Any) -> bool:
    """Tell whether an answer has no content, as that of most actions."""
    return body is None


def _already_exists(error: GraphError) -> bool:
    """Tell whether a refusal says that what was to be made is there: "Permission being assigned already exists"."""
    said = f"{error.code} {error.facts.get('service_message') or ''}".lower().replace(" ", "")
    return "alreadyexist" in said


class Making:
    """The making of one change.

    :arg call: its request, with all ids filled in.
    """

    def __init__(self, graph: Graph, change: Change, call: Call) -> None:
        self._graph = graph
        self._change = change
        self._call = call
        self._deadline = graph.connection.deadline

    def made(self) -> t.Any:
        """Send the request, and return its answer or what was seen of the change.

        :raises GraphError: where the service refuses it.
        :raises Unconfirmed: where nobody can say whether it was made, or it cannot be seen.
        """
        most = _MOST if self._change.always else 2
        for attempt in range(1, most):
            try:
                return self._sent(PATIENCE)
            except Unconfirmed:
                # Without a look nobody knows whether it happened, so sending it again could do it twice.
                if not self._can_look or not self._has_time(attempt):
                    raise
            seen = self._look()
            if seen:
                return seen
        return self._sent(None)

    @property
    def _can_look(self) -> bool:
        return bool(self._change.look or self._change.confirm)

    def _has_time(self, attempt: int) -> bool:
        pause = min(_LONGEST_PAUSE, pause_before(attempt, None))
        try:
            self._deadline.sleep(pause, f"making sure that it worked to {self._change.sentence}")
        except OutOfTime:
            return False
        return True

    def _sent(self, patience: float | None) -> t.Any:
        """Send once.

        :arg patience: how long to look for the effect; None until the deadline.
        """
        doubt: ProvisioningError | None = None
        try:
            reply = self._graph.reply(self._call)
            doubt = self._doubt(reply)
            if not doubt and not self._change.confirm:
                return reply.body
        except OddAnswer as error:
            doubt = self._unconfirmed(f"the service answered {error.facts['answer']}")
        except GraphError as error:
            if not self._may_be_there(error):
                raise
            # What is to be deleted and is not there may still be listed for a while, and what another run has made
            # may not be: replicas lag. A conflict of another kind is seen at once or never.
            lags = self._call.endpoint.method == "DELETE" or (self._change.shared and _already_exists(error))
            if not lags:
                seen = self._looked(0.0)
                if seen:
                    return seen
                raise
            if _already_exists(error):
                doubt, patience = error, None
        except Unconfirmed as error:
            doubt, patience = error, SHORT_PATIENCE if self._change.confirm else PATIENCE
        if not self._can_look:
            raise doubt or self._unseen()
        seen = self._looked(patience)
        if not seen:
            raise doubt or self._unseen()
        return seen

    def _doubt(self, reply: Reply) -> ProvisioningError | None:
        """Return what is odd about an answer of success, so that it proves nothing."""
        body = reply.body
        if self._change.gives and not (isinstance(body, dict) and body.get("id")):
            return self._unconfirmed("the answer names nothing that was made")
        if self._change.expects and not self._change.expects(body):
            return self._unconfirmed(f"the answer {reply.status} is not what the service is documented to say")
        return None

    def _may_be_there(self, error: GraphError) -> bool:
        """Tell whether a refusal may mean that another run, or an earlier try, has made the very same change."""
        if not self._can_look or not (self._change.confirm or self._change.shared):
            return False
        if self._call.endpoint.method == "DELETE":
            return error.status == 404
        # What is refused while something else writes to the same thing (PATCH, PUT) has not been made by anybody.
        return (error.status == 409 and self._call.endpoint.method == "POST") or _already_exists(error)

    def _looked(self, patience: float | None) -> t.Any:
        """Look again and again until the change is seen or the patience is over; return what was seen, or None."""
        deadline, pause = self._deadline, _FIRST_PAUSE
        most = min(deadline.left, _LONGEST_LOOK) - _LAST_LOOK
        end = deadline.now + (most if patience is None else min(patience, most / 3))
        while True:
            seen = self._look()
            left = end - deadline.now
            if seen or left <= 0:
                return seen or None
            deadline.sleep(min(pause, left), f"looking whether it worked to {self._change.sentence}")
            pause = min(_LONGEST_PAUSE, pause * 1.6)

    def _look(self) -> t.Any:
        if self._change.confirm:
            return self._change.confirm(self._call)
        return self._change.look() if self._change.look else None

    def _unseen(self) -> Unconfirmed:
        spent = self._deadline.seconds - self._deadline.left
        still = f", {self._change.still()}" if self._change.still else ""
        return Unconfirmed(
            f"It did not work to {self._call.says}: the service accepts it, but {spent:.0f} s later it cannot be "
            f"seen{still}. Run the task again: it looks first, and goes on from what it finds.",
            method=self._call.endpoint.method,
            path=self._call.path,
            accepted=True,
        )

    def _unconfirmed(self, why: str) -> Unconfirmed:
        return Unconfirmed(
            f"Nobody can say whether it worked to {self._call.says}: {why}. Run the task again: it looks first, and "
            "goes on from what it finds.",
            method=self._call.endpoint.method,
            path=self._call.path,
        )
