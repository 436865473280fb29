# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Where to talk to and as whom, read once from the options of a task."""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from .clouds import CLOUDS
from .deadline import Deadline
from .errors import BadInput
from .http import Http


@dataclasses.dataclass(frozen=True)
class Connection:
    """The options of the credentials group after reading.

    ``graph`` is the root of Graph, ``authority`` the sign-in host (or a whole authority with its tenant), ``options``
    the credentials group with empty texts as None: AWX renders unfilled inputs so (awx main/models/credential.py).
    """

    graph: str
    authority: str
    api_version: str
    http: Http
    deadline: Deadline
    options: t.Mapping[str, t.Any]

    @classmethod
    def read(cls, params: t.Mapping[str, t.Any], deadline: Deadline) -> Connection:
        """Read the credentials group.

        :raises BadInput: where a file that is named does not exist, for an address to which no token may go, and for a
            time that is none.
        """
        if deadline.seconds < 1:
            raise BadInput("The option timeout takes the seconds that the task may last, at least 1.", option="timeout")
        options = {name: (None if value == "" else value) for name, value in params.items()}
        cloud = CLOUDS[options.get("cloud") or "global"]
        return cls(
            graph=_address("graph_endpoint", options.get("graph_endpoint") or cloud.graph),
            authority=_address("authority", options.get("authority") or cloud.login),
            api_version=options.get("api_version") or "v1.0",
            http=Http(options.get("ca_path"), options.get("validate_certs") is not False),
            deadline=deadline,
            options=options,
        )

    @property
    def scope(self) -> str:
        """The scope of a token for Graph in this cloud."""
        return f"{self.graph}/.default"

    def authority_of(self, tenant: str) -> str:
        """The authority of a tenant; one that already names a tenant is kept."""
        host_only = self.authority.count("/") <= 2
        return f"{self.authority}/{tenant}" if host_only else self.authority


def _address(option: str, given: str) -> str:
    """Return an address with its scheme; the Azure SDKs take AZURE_AUTHORITY_HOST without one.

    :raises BadInput: for one that is not encrypted, names a person, or is no address of a service.
    """
    address = (given.strip() if "://" in given else f"https://{given.strip()}").rstrip("/")
    problem = _problem(address)
    if problem:
        raise BadInput(
            f"The option {option} {problem}. It takes the address of the service, such as {CLOUDS['global'].graph}: "
            "secrets and tokens go there, so it must begin with https://.",
            option=option,
        )
    return address


def _problem(address: str) -> str:
    """Return what is wrong with an address, without repeating it where it may hold a password."""
    try:
        parts = urllib.parse.urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "holds no address that can be read"
    if "@" in address:
        return "holds a name or password before the host"
    if parts.scheme.lower() != "https":
        return f"begins with {parts.scheme}://, so that everything would travel unencrypted"
    if not host or parts.query or parts.fragment or any(one.isspace() or one == "\\" for one in address):
        return f"holds {address!r}, which is no address of a service"
    return ""
