# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The client: sends calls, follows pages, retries what may be retried, and explains what fails."""

from __future__ import annotations

import typing as t
import uuid

from .body import parsed
from .connection import Connection
from .endpoint import Call
from .errors import GraphError, OddAnswer, OutOfTime, Unconfirmed
from .explain import graph_error, odd_answer
from .retry import MOST_TRIES, NOT_YET, ODD_TRIES, REFUSED, UNSURE, pause_before, retry_after
from .run_memory import RunMemory
from .sign_in import SignIn

VERSION = "1.0.0-dev"


class Reply(t.NamedTuple):
    """An answer: the status, the parsed JSON (None without a body), the headers."""

    status: int
    body: t.Any
    headers: t.Mapping[str, str]


class Graph:
    """Microsoft Graph, as one task sees it.

    :arg connection: where.
    :arg sign_in: as whom.
    :arg memory: what the tasks of this run know.
    """

    def __init__(self, connection: Connection, sign_in: SignIn, memory: RunMemory) -> None:
        self.connection = connection
        self.sign_in = sign_in
        self.memory = memory

    def send(self, call: Call) -> t.Any:
        """Make a call and return the parsed JSON of its answer, which has the shape that the endpoint gives.

        :raises GraphError: for an answer outside 2xx that is not worth or not safe to retry.
        :raises OddAnswer: for an answer of success that has another shape.
        :raises Unconfirmed: where a call that may not be repeated was cut off.
        """
        return self.reply(call).body

    def find(self, call: Call) -> t.Any:
        """Read a single object; None means that the service knows no such thing (404), and nothing else does.

        :raises GraphError: also for a list that is answered with 404: an empty one is a list with nothing in it.
        """
        return self.send(call) if call.endpoint.gives.is_list else self.seen(call)

    def seen(self, call: Call) -> t.Any:
        """Look at something that may still be on its way, a list too; None where the service does not know it yet."""
        try:
            return self.send(call)
        except GraphError as error:
            if error.status == 404:
                return None
            raise

    def pages(self, call: Call) -> t.Iterator[dict[str, t.Any]]:
        """Yield the records of a list, page after page (``@odata.nextLink`` is followed as it is)."""
        yield from self.rest(call, self.send(call))

    def rest(self, call: Call, page: dict[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
        """Yield the records of a page that is already there, and of all pages after it.

        :raises OddAnswer: where the next page is elsewhere, or one that has been read.
        """
        read: set[str] = set()
        while True:
            yield from page["value"]
            url = page.get("@odata.nextLink")
            if not url:
                return
            self._refuse_page(call, url, read)
            read.add(url)
            page = self.reply(call, url).body

    def member(self, call: Call, record: t.Mapping[str, t.Any], name: str) -> t.Any:
        """Return a member that only some uses of an endpoint need.

        :raises OddAnswer: where it is missing.
        """
        if record.get(name) is None:
            raise odd_answer(call, 200, f"with {call.endpoint.gives.says} whose member {name} is missing", "", "")
        return record[name]

    def _refuse_page(self, call: Call, url: str, read: t.Collection[str]) -> None:
        """Refuse a next page that would take the token elsewhere, and one that leads round in a circle.

        Compared as text: nobody then has to agree on how an address is taken apart.
        """
        if not url.lower().startswith(f"{self.connection.graph.lower()}/"):
            raise OddAnswer(
                f"Could not {call.says}: the service names a next page that is not at {self.connection.graph}, so the "
                "token was not sent there and the list is not whole. Check the option graph_endpoint, and whether a "
                "proxy answers in its place.",
                status=200,
                next_page=url.partition("?")[0],
            )
        if url in read:
            raise OddAnswer(
                f"Could not {call.says}: the service names a next page that was read already, so the list has no end.",
                status=200,
            )

    def reply(self, call: Call, url: str | None = None) -> Reply:
        """Make a call and return the whole answer; see :meth:`send`.

        :arg url: a full address to use instead of the call's own, for the next page of a list.
        """
        attempt, token = 0, self.sign_in.token()
        renewed = unsure = False
        while True:
            attempt += 1
            self.connection.deadline.check(f"trying to {call.says}")
            answer = self._attempt(call, url or self._root(call) + call.url, token, attempt)
            if isinstance(answer, float):
                unsure = True
                self._wait(call, answer)
                continue
            if answer.status == 401 and not renewed and self.sign_in.can_renew():
                renewed, token = True, self.sign_in.token(refused=token)
                continue
            if unsure and self._is_gone(call, answer):
                return answer
            error = self.judged(call, answer)
            if error is None:
                return answer
            pause = self._pause_after(call, answer, error, attempt)
            unsure = unsure or answer.status in UNSURE
            if pause is None:
                raise error
            self._wait(call, pause, error)

    def _root(self, call: Call) -> str:
        return f"{self.connection.graph}/{call.endpoint.version or self.connection.api_version}"

    def _attempt(self, call: Call, url: str, token: str, attempt: int) -> Reply | float:
        """Send once. A number is the pause before sending again.

        :raises Unreachable: where trying again is pointless.
        :raises Unconfirmed: where trying again could do it twice.
        """
        http = self.connection.http
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "User-Agent": f"ansible-entra.provisioning/{VERSION}",
            "client-request-id": str(uuid.uuid4()),
            **call.headers,
        }
        try:
            response = http.request(
                call.endpoint.method, url, deadline=self.connection.deadline, json=call.body, headers=headers
            )
            body = parsed(response)
        except http.failures.RequestException as error:
            unsent = http.was_never_sent(error)
            if http.is_final(error) or (unsent and attempt >= 4):
                raise http.explained(call.says, url, error) from error
            if not unsent and not call.endpoint.repeatable:
                raise self._unconfirmed(call, "the connection broke before the answer came") from error
            if attempt >= MOST_TRIES:
                raise http.explained(call.says, url, error) from error
            return pause_before(attempt, None)
        except ValueError as error:
            if not call.endpoint.repeatable:
                raise self._unconfirmed(call, "the answer could not be read") from error
            if attempt >= MOST_TRIES:
                raise GraphError(
                    f"Could not {call.says}: {attempt} answers in a row were not JSON. A proxy may be answering in "
                    f"the place of {self.connection.graph}.",
                    status=502,
                ) from error
            return pause_before(attempt, None)
        body_headers = dict(response.headers) | {"client-request-id": headers["client-request-id"]}
        return Reply(response.status_code, body, body_headers)

    @staticmethod
    def _is_gone(call: Call, answer: Reply) -> bool:
        """Tell whether an earlier try, of which nobody knows the end, has deleted the thing."""
        return call.endpoint.method == "DELETE" and answer.status == 404

    def _pause_after(self, call: Call, answer: Reply, error: GraphError, attempt: int) -> float | None:
        """Return the pause before sending a refused call again, or None where it must not be."""
        asked = retry_after(answer.headers)
        if isinstance(error, OddAnswer):
            if not call.endpoint.repeatable:
                raise self._unconfirmed(call, f"the service answered {error.facts['answer']}") from error
            # The replica may not know yet what is new.
            tries = MOST_TRIES if self.memory.is_fresh(call.ids.values()) else ODD_TRIES
            return pause_before(attempt, asked) if attempt < tries else None
        if answer.status in REFUSED:
            return pause_before(attempt, asked)
        if answer.status in UNSURE and attempt < MOST_TRIES:
            if not call.endpoint.repeatable:
                raise self._unconfirmed(call, f"the service answered {answer.status}") from error
            return pause_before(attempt, asked)
        if answer.status in NOT_YET and self.memory.is_fresh(call.ids.values()):
            return pause_before(min(attempt, 4), asked)
        return None

    def _wait(self, call: Call, seconds: float, refusal: GraphError | None = None) -> None:
        try:
            self.connection.deadline.sleep(seconds, f"retrying to {call.says}")
        except OutOfTime as error:
            if refusal is None:
                raise
            raise OutOfTime(f"{error.message} The last answer: {refusal.message}", **refusal.facts) from error

    @staticmethod
    def judged(call: Call, answer: Reply) -> GraphError | None:
        """Return what is wrong with an answer; None for one of success that has the shape which the call gives.

        Every answer passes here, alone or in a batch, and nothing behind it has to expect any other shape.
        """
        headers = {name.lower(): str(value) for name, value in answer.headers.items()}
        ids = headers.get("request-id", ""), headers.get("client-request-id", "")
        if not 200 <= answer.status < 300:
            return graph_error(call, answer.status, answer.body, *ids)
        wrong = call.endpoint.gives.wrong(answer.body, answer.status)
        return odd_answer(call, answer.status, wrong, *ids) if wrong else None

    @staticmethod
    def _unconfirmed(call: Call, why: str) -> Unconfirmed:
        return Unconfirmed(
            f"Nobody can say whether it worked to {call.says}: {why}. It was not sent a second time. Run the task "
            "again: it looks first, and goes on from what it finds.",
            method=call.endpoint.method,
            path=call.path,
        )
