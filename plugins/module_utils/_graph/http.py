# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The HTTPS session: certificates, proxies, the reuse of connections, and failures in plain words."""

from __future__ import annotations

import functools
import os
import queue
import threading
import typing as t

from .deadline import Deadline
from .errors import BadInput, Unreachable
from .libraries import load

CONNECT_SECONDS = 10.0
READ_SECONDS = 90.0
# For a whole answer: the limit above begins anew with each byte.
ANSWER_SECONDS = 120.0


@functools.lru_cache(maxsize=4)
def _session(process: int) -> t.Any:
    """Keep one session per process, so that the items of a loop share its connections; forks do not."""
    del process
    return load("requests", "to talk to Microsoft Graph").Session()


def _as_it_is(request: t.Any) -> t.Any:
    """Keep requests from putting what ~/.netrc says, its entry "default" above all, in the place of our token."""
    return request


def _within(seconds: float, send: t.Callable[[], t.Any]) -> t.Any:
    """Return what a function returns, or raise what it raises, if it comes in time.

    In a thread of its own, which is left alone where time is over: neither the name resolution nor an answer that comes
    byte by byte can be bounded from outside. It does not keep the process from ending.

    :raises queue.Empty: where time is over.
    """
    ended: queue.SimpleQueue[tuple[t.Any, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            ended.put((send(), None))
        except BaseException as error:
            ended.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    answer, error = ended.get(timeout=seconds)
    if error is not None:
        raise error
    return answer


class Http:
    """A session with our manners.

    :arg ca_path: certificates to trust instead of the usual ones, or None.
    :arg validate_certs: False accepts any certificate.
    """

    def __init__(self, ca_path: str | None = None, validate_certs: bool = True) -> None:
        if ca_path and not os.path.exists(ca_path):
            raise BadInput(f"The file {ca_path} of the option ca_path does not exist.", option="ca_path")
        # Given with every request: requests lets REQUESTS_CA_BUNDLE win over a session's own setting, not over this.
        self._verify: str | bool = (ca_path or True) if validate_certs else False
        self._ca_path = ca_path
        self._requests = load("requests", "to talk to Microsoft Graph")

    def request(self, method: str, url: str, *, deadline: Deadline, **kwargs: t.Any) -> t.Any:
        """Send one request and return the answer of requests; exceptions are those of requests.

        :arg deadline: bounds the waiting, and is told how long it took.
        """
        most = (CONNECT_SECONDS, READ_SECONDS, ANSWER_SECONDS)
        connect, read, whole = (max(1.0, min(one, deadline.left)) for one in most)
        send = functools.partial(
            _session(os.getpid()).request,
            method,
            url,
            verify=self._verify,
            # Never: the token would go along.
            allow_redirects=False,
            timeout=(connect, read),
            auth=_as_it_is,
            **kwargs,
        )
        with deadline.spending("waiting for answers"):
            try:
                return _within(whole, send)
            except queue.Empty:
                raise self.failures.ReadTimeout(f"no whole answer within {whole:.0f} seconds") from None

    @property
    def failures(self) -> t.Any:
        """The exceptions of requests, for except clauses."""
        return self._requests.exceptions

    def was_never_sent(self, error: Exception) -> bool:
        """Tell whether a failed request surely did not reach the service, so that repeating it cannot do harm."""
        if isinstance(error, (self.failures.ConnectTimeout, self.failures.ProxyError)) or self.is_final(error):
            return True
        return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)

    def is_final(self, error: Exception) -> bool:
        """Tell whether repeating is pointless: a certificate does not become trusted by asking again."""
        wrong = (self.failures.InvalidURL, self.failures.MissingSchema, self.failures.InvalidHeader)
        return isinstance(error, wrong) or self._is_distrust(error)

    def _is_distrust(self, error: Exception) -> bool:
        """Tell a certificate that is not accepted from a connection that broke, which is an SSLError (EOF) as well."""
        return isinstance(error, self.failures.SSLError) and "EOF" not in repr(error)

    def explained(self, doing: str, url: str, error: Exception) -> Unreachable:
        """Turn an exception of requests into a paragraph."""
        host = "/".join(url.split("/", 3)[:3])
        if self._is_distrust(error):
            trusted = f" by the certificates in {self._ca_path}" if self._ca_path else ""
            return Unreachable(
                f"Could not {doing}: the certificate of {host} is not trusted{trusted} ({_innermost(error)}). If a "
                "proxy or a private authority signs it, name the file with its certificates in the option ca_path.",
                host=host,
            )
        if isinstance(error, self.failures.ProxyError):
            return Unreachable(
                f"Could not {doing}: the proxy for {host} does not let the call through ({_innermost(error)}). Check "
                "HTTPS_PROXY and NO_PROXY in the environment of the task.",
                host=host,
            )
        return Unreachable(
            f"Could not {doing}: {host} cannot be reached ({_innermost(error)}). Check the options cloud, "
            "graph_endpoint and authority, the name resolution and the firewall of the machine that runs the task.",
            host=host,
        )


def _innermost(error: BaseException) -> str:
    """Return the shortest true reason inside the layers that requests and urllib3 put around it."""
    reason: t.Any = error
    for _layer in range(6):
        inner = getattr(reason, "reason", None) or next((a for a in reason.args if isinstance(a, BaseException)), None)
        if not isinstance(inner, BaseException):
            break
        reason = inner
    text = str(reason)
    return text.rsplit(": ", 1)[-1] if "object at 0x" in text else text
