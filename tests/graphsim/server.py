# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The socket: TLS, connections that can be counted and cut, and the life of the process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """Every TCP connection by the address of its other end."""

    def __init__(self) -> None:
        self._count = 0
        self._open: dict[tuple[str, int], tuple[int, asyncio.Transport]] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """The protocol class that tells this registry of its connections."""
        connections = self

        class Counted(H11Protocol):
            """HTTP/1.1 as uvicorn speaks it."""

            def connection_made(self, transport: Any) -> None:
                """Remember the connection."""
                self.peer = connections.opened(transport)
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                """Forget the connection; its socket, which a peer may have reset, no longer tells whose it was."""
                connections.lost(self.peer)
                super().connection_lost(exc)

        return Counted

    def opened(self, transport: asyncio.Transport) -> tuple[str, int]:
        """Number a new connection, and return whose it is."""
        peer: tuple[str, int] = transport.get_extra_info("peername")[:2]
        self._count += 1
        self._open[peer] = (self._count, transport)
        return peer

    def lost(self, peer: tuple[str, int]) -> None:
        """Forget a connection."""
        self._open.pop(peer, None)

    def number(self, scope: Scope) -> int:
        """The number of the connection that a request came over; 0 when it is gone already."""
        return self._open.get(tuple(scope["client"]), (0, None))[0]

    def close(self, scope: Scope, *, gently: bool = False) -> None:
        """Cut the connection of a request; gently: after what was written has been sent."""
        found = self._open.get(tuple(scope["client"]))
        if found:
            transport = found[1]
            transport.close() if gently else transport.abort()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one."""
    # asyncio sets TCP_NODELAY only on sockets that say that they are TCP; without it every answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server context with a certificate for this machine, and the file with the authority that signed it."""
    authority = trustme.CA()
    ca_path = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context, ca_path


class Server(uvicorn.Server):
    """uvicorn on a given socket and TLS context, ended by SIGTERM or SIGINT."""

    def __init__(self, app: ASGIApp, context: ssl.SSLContext, connections: Connections) -> None:
        config = uvicorn.Config(
            app,
            http=connections.protocol(),
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            server_header=False,
        )
        config.load()
        config.ssl = context
        config.loaded = True
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Replaces uvicorn's way, which raises the signal again at the end and so skips our own cleaning up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        yield

    def stop(self) -> None:
        """End without waiting for idle connections."""
        self.should_exit = self.force_exit = True
