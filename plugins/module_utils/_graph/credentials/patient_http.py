# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What msal sends its requests with: asking for a token twice does no harm, so trouble that passes is waited out."""

from __future__ import annotations

import typing as t

from ..clouds import CLOUDS
from ..connection import Connection
from ..errors import OutOfTime, ProvisioningError, SignInFailed
from ..retry import REFUSED, UNSURE, pause_before, retry_after

# Fewer than for Graph: a host that is not there should be told soon.
MOST_TRIES = 4


class PatientHttp:
    """The part of a session that msal uses.

    :arg connection: where, and until when.
    :arg doing: completes the sentence "Could not ...".
    :arg authority: where secrets may go; empty for a machine's own identity, to which none are shown.
    """

    def __init__(self, connection: Connection, doing: str, authority: str = "") -> None:
        self._connection = connection
        self._doing = doing
        hosts = (authority, *(cloud.login for cloud in CLOUDS.values())) if authority else ()
        self._trusted = tuple(f"{_host(one)}/" for one in hosts)

    def get(self, url: str, **options: t.Any) -> t.Any:
        """As msal calls it."""
        return self._send("GET", url, options)

    def post(self, url: str, **options: t.Any) -> t.Any:
        """As msal calls it."""
        return self._send("POST", url, options)

    def close(self) -> None:
        """As msal may call it; the connections stay, for the next item of a loop."""

    def _send(self, method: str, url: str, options: dict[str, t.Any]) -> t.Any:
        """Send until there is an answer to work with.

        :raises Unreachable: where the host does not answer.
        :raises SignInFailed: where it answers, but only with trouble.
        """
        if self._trusted and not url.lower().startswith(self._trusted):
            # The sign-in service itself says where to ask for tokens, so an odd answer could lead anywhere.
            raise SignInFailed(
                f"Could not {self._doing}: the sign-in service names {_host(url)} as the place to ask for tokens, "
                "which is none of its own, so nothing was sent there. Check the option authority, and whether a proxy "
                "answers in its place."
            )
        attempt = 0
        while True:
            attempt += 1
            trouble, asked = self._trouble(method, url, options)
            if not isinstance(trouble, ProvisioningError):
                return trouble
            if attempt >= MOST_TRIES:
                raise trouble
            try:
                self._connection.deadline.sleep(pause_before(attempt, asked), f"retrying to {self._doing}")
            except OutOfTime as error:
                raise OutOfTime(f"{error.message} The last try: {trouble.message}", **trouble.facts) from error

    def _trouble(self, method: str, url: str, options: dict[str, t.Any]) -> tuple[t.Any, float | None]:
        """Send once; return the answer, or the trouble with it and how long the service asks to wait."""
        http = self._connection.http
        host = _host(url)
        try:
            response = http.request(method, url, deadline=self._connection.deadline, **options)
        except http.failures.RequestException as error:
            trouble = http.explained(self._doing, url, error)
            # Nobody listens at the address of the identity endpoint outside of Azure: one timeout is enough.
            if http.is_final(error) or isinstance(error, http.failures.ConnectTimeout):
                raise trouble from error
            return trouble, None
        if response.status_code in REFUSED | UNSURE:
            return SignInFailed(
                f"Could not {self._doing}: {host} answered {response.status_code} each time. The service has trouble; "
                "run the task again later.",
                status=response.status_code,
            ), retry_after(response.headers)
        if 300 <= response.status_code < 400:
            return SignInFailed(
                f"Could not {self._doing}: {host} answered {response.status_code} and sends the call to another "
                "address, which is not followed. Check the option authority, and whether a proxy answers in its place.",
                status=response.status_code,
            ), None
        if response.ok and not _is_json(response):
            return SignInFailed(
                f"Could not {self._doing}: what {host} answered is not JSON. A proxy may be answering in its place.",
                status=response.status_code,
            ), None
        return response, None


def _host(url: str) -> str:
    return "/".join(url.lower().split("/", 3)[:3])


def _is_json(response: t.Any) -> bool:
    """Tell an answer that msal can work with."""
    try:
        return isinstance(response.json(), dict)
    except (ValueError, RecursionError):
        return False
