# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Calls as data: an endpoint says what it does, where it is and what it needs; a call is one use of it."""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from .errors import BadInput
from .shape import ANYTHING, Shape


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """One operation of Graph.

    ``does`` completes the sentence "Could not ..." and may name ids in braces; ``path`` is a template below the
    version segment; ``permission`` is the application permission that suffices; ``role`` is the directory role that
    a delegated caller needs besides; ``repeatable`` says that sending it twice does no harm; ``version`` names the only
    version of Graph that has it, where another one than that of the options may be meant; ``gives`` is what an answer
    of success must look like.
    """

    does: str
    method: str
    path: str
    permission: str
    role: str = ""
    repeatable: bool = True
    version: str = ""
    gives: Shape = ANYTHING

    def call(
        self,
        *,
        body: t.Any = None,
        query: t.Mapping[str, str] | None = None,
        headers: t.Mapping[str, str] | None = None,
        **ids: str,
    ) -> Call:
        """Return one use of this endpoint; ``ids`` fill the template and are percent-encoded there."""
        return Call(self, ids, body, query or {}, headers or {})


@dataclasses.dataclass(frozen=True)
class Call:
    """One request to be made. Pure data, so that a plan can hold it without making it."""

    endpoint: Endpoint
    ids: t.Mapping[str, str]
    body: t.Any = None
    query: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    headers: t.Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path below the version segment, without the query.

        Job and template ids contain dots and rule ids a hash, so every id is encoded whole.

        :raises BadInput: for an id that would make it the path of something else, such as the list above.
        """
        for name, value in self.ids.items():
            if value.strip() in ("", ".", ".."):
                raise BadInput(f"Could not {self.says}: {value!r} is no id ({name}).")
        quoted = {name: urllib.parse.quote(value, safe="") for name, value in self.ids.items()}
        return self.endpoint.path.format(**quoted)

    @property
    def url(self) -> str:
        """The path with its query, relative to the version root, as $batch wants it."""
        if not self.query:
            return self.path
        return f"{self.path}?{urllib.parse.urlencode(self.query, quote_via=urllib.parse.quote, safe='$,()')}"

    @property
    def says(self) -> str:
        """What the call does, for messages."""
        return self.endpoint.does.format(**self.ids)

    def filled(self, known: t.Mapping[str, str]) -> Call:
        """Return the call with ids that were unknown while planning (texts such as ``<job>``) filled in."""
        return dataclasses.replace(self, ids={name: known.get(value, value) for name, value in self.ids.items()})
