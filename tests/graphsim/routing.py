# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes: a method and a pattern lead to a handler and to the roles that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .exchange import Reply
from .odata.path import Segment

Handler = Callable[..., Reply]


@dataclass(frozen=True)
class Route:
    """`pattern` is like ``/users/{user}``: parts in braces become keyword arguments of the handler.

    `roles`: any one of them is enough; None means that every token will do. `slow` handlers talk to other servers or
    wait for the engine, and run in a thread. `beta` routes exist in that version only. `synchronization` routes
    refuse a missing role in the voice of the backend.
    """

    method: str
    pattern: str
    handler: Handler
    roles: frozenset[str] | None
    slow: bool = False
    beta: bool = False

    @property
    def synchronization(self) -> bool:
        """Whether the synchronization backend answers."""
        return "/synchronization/" in self.pattern

    def bind(self, segments: list[Segment]) -> dict[str, Any] | None:
        """The arguments for the handler, or None when the path does not fit. Lengths are equal already."""
        arguments = {}
        for part, segment in zip(self.pattern.strip("/").split("/"), segments):
            if part.startswith("{"):
                arguments[part[1:-1]] = segment
            elif part != segment:
                return None
        return arguments


class Router:
    """Finds the route of a call. Literal parts win over parameters."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_length: dict[int, list[Route]] = {}
        for route in sorted(routes, key=lambda route: route.pattern.count("{")):
            self._by_length.setdefault(route.pattern.count("/"), []).append(route)

    def find(self, method: str, version: str, segments: list[Segment]) -> tuple[Route | None, dict[str, Any], bool]:
        """The route, its arguments, and whether the path exists at all (with another method, perhaps)."""
        path_exists = False
        for route in self._by_length.get(len(segments), []):
            arguments = route.bind(segments)
            if arguments is None or (route.beta and version != "beta"):
                continue
            path_exists = True
            if route.method == method:
                return route, arguments, True
        return None, {}, path_exists
