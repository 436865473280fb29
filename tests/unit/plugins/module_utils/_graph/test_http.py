# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session, against a server of its own."""

from __future__ import annotations

import contextlib
import http.server
import pathlib
import threading
import time
import typing as t

import pytest
import requests
from ansible_collections.entra.provisioning.plugins.module_utils._graph import http as http_module
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.http import Http
from ansible_collections.entra.provisioning.tests.unit.doubles import Clock


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the authorization that it got; /moved answers with a redirect, /slow byte by byte."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.drip()
            return
        body = (self.headers["Authorization"] or "").encode()
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """Never let a whole second pass without a byte, and never come to the end."""
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _second in range(60):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)

    def log_message(self, *_args: t.Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(5)


def _deadline() -> Deadline:
    clock = Clock()
    return Deadline(30, clock, clock.sleep)


def test_the_netrc_does_not_replace_the_token(
    address: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    headers = {"Authorization": "Bearer token"}
    assert Http().request("GET", address, deadline=_deadline(), headers=headers).text == "Bearer token"


def test_a_token_does_not_follow_a_redirect(address: str) -> None:
    assert Http().request("GET", f"{address}/moved", deadline=_deadline(), headers={}).status_code == 302


def test_a_closed_port_is_told_from_a_lost_answer(address: str) -> None:
    client = Http()
    with pytest.raises(requests.exceptions.ConnectionError) as caught:
        client.request("GET", "http://127.0.0.1:9", deadline=_deadline())
    assert client.was_never_sent(caught.value)
    assert not client.is_final(caught.value)
    text = client.explained("read it", "http://127.0.0.1:9/path?secret=1", caught.value).message
    assert "http://127.0.0.1:9 cannot be reached" in text
    assert "refused" in text
    assert "0x" not in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("error", "never_sent", "final"),
    [
        (requests.exceptions.ConnectTimeout(), True, False),
        (requests.exceptions.ProxyError(), True, False),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), True, True),
        (requests.exceptions.SSLError("EOF occurred in violation of protocol"), False, False),
        (requests.exceptions.InvalidURL(), True, True),
        (requests.exceptions.InvalidHeader(), True, True),
        (requests.exceptions.ReadTimeout(), False, False),
        (requests.exceptions.ChunkedEncodingError(), False, False),
        (requests.exceptions.ConnectionError("reset"), False, False),
    ],
)
def test_what_a_failure_means(error: Exception, never_sent: bool, final: bool) -> None:
    client = Http()
    assert (client.was_never_sent(error), client.is_final(error)) == (never_sent, final)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "ca_path"),
        (requests.exceptions.ProxyError("407"), "HTTPS_PROXY"),
        (requests.exceptions.SSLError("EOF occurred"), "cannot be reached"),
    ],
)
def test_every_failure_says_what_to_do(error: Exception, words: str) -> None:
    failure = Http().explained("read it", "https://graph.test/v1.0/x", error)
    assert words in failure.message
    assert failure.facts["host"] == "https://graph.test"


def test_an_answer_that_comes_byte_by_byte_ends_with_the_deadline(address: str) -> None:
    begin = time.monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout, match="no whole answer within 1 seconds"):
        Http().request("GET", f"{address}/slow", deadline=Deadline(1))
    assert time.monotonic() - begin < 3


def test_a_whole_answer_has_a_limit_of_its_own(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "ANSWER_SECONDS", 1.0)
    deadline = Deadline(60)
    with pytest.raises(requests.exceptions.ReadTimeout):
        Http().request("GET", f"{address}/slow", deadline=deadline)
    assert deadline.left > 50
