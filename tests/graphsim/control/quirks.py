# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switches: each is an uncertainty of the service that its documentation leaves open, or a setting for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _choice(*values: Any) -> Callable[[Any], bool]:
    return lambda value: any(value == one and type(value) is type(one) for one in values)


def _number(least: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and value >= least


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _names(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in [*value, *value.values()])


# name: (default, what is allowed, the test for it)
QUIRKS: dict[str, tuple[Any, str, Callable[[Any], bool]]] = {
    # PUT secrets: the whole bag, or only the keys that are sent. The pages on cloud sync and msgraph-metadata#347
    # contradict each other.
    "secrets_put": ("replace", "replace or merge", _choice("replace", "merge")),
    # Seconds for which GET secrets still shows the list before the PUT.
    "secrets_lag": (0, "a number of seconds", _number(0)),
    # schedule.state after pause; both are documented.
    "state_after_pause": ("Paused", "Paused or Disabled", _choice("Paused", "Disabled")),
    # status.code of a new job; both are documented.
    "code_after_create": ("Paused", "NotConfigured or Paused", _choice("NotConfigured", "Paused")),
    # POST jobs: the text of the page says 201, its sample 200.
    "create_status": (201, "200 or 201", _choice(200, 201)),
    # {sent: echoed}: the templateId that replies carry may differ from the one sent (cloud sync page).
    "template_alias": ({}, "an object of sent template id: echoed template id", _names),
    # POST jobs with a templateId that a job of the application already has.
    "second_job": ("create", "conflict, create or return_existing", _choice("conflict", "create", "return_existing")),
    # The two forms of the provisionOnDemand answer: the reference page and what the live service sends.
    "on_demand_shape": ("live", "reference or live", _choice("reference", "live")),
    # Calls of provisionOnDemand per application in ten seconds (reference page: 5).
    "on_demand_limit": (5, "a whole number from 1", _count),
    # Seconds for which a new object is unknown to reads (404) and to synchronization calls (403).
    "replication": (0, "a number of seconds", _number(0)),
    # Seconds for which jobs do not know of a new assignment that can be read (page "Provision on demand": minutes).
    "assignment_lag": (0, "a number of seconds", _number(0)),
    # Whether synchronization addresses work inside $batch; documented nowhere.
    "batch": ("supported", "supported or refused", _choice("supported", "refused")),
    # Items on a page where the call does not say; below 100 it also caps $top.
    "page_size": (100, "a whole number from 1 to 999", lambda value: _count(value) and value <= 999),
    # How synchronization calls refuse a token without the permission (microsoft-graph-docs-contrib#8800).
    "permission_denied": ("401_unknown", "401_unknown or 403", lambda value: str(value) in ("401_unknown", "403")),
    # GET schema: as it was written, or with the differences in form that the service's samples show.
    "schema_echo": ("none", "none or noise", _choice("none", "noise")),
    # Whether a PUT of an identical schema clears the watermark too; documented nowhere.
    "identical_put": ("restarts", "restarts or no_restart", _choice("restarts", "no_restart")),
}


class Quirks:
    """The current values, read with ``quirks["name"]``."""

    def __init__(self, start: dict[str, Any] | None = None) -> None:
        self._start: dict[str, Any] = {}
        self.values = {name: quirk[0] for name, quirk in QUIRKS.items()}
        self.update(start or {})
        self._start = dict(self.values)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def update(self, values: Any) -> None:
        """Set some; nothing is set when one is wrong.

        :raises ValueError: an unknown name or a value that is not allowed.
        """
        if not isinstance(values, dict):
            raise ValueError("quirks are an object of name: value")
        for name, value in values.items():
            if name not in QUIRKS:
                raise ValueError(f"there is no quirk '{name}'; there are {', '.join(sorted(QUIRKS))}")
            _unused, allowed, fits = QUIRKS[name]
            if not fits(value):
                raise ValueError(f"quirk '{name}' is {allowed}, not {value!r}")
        self.values.update(values)
        self.values["permission_denied"] = str(self.values["permission_denied"])

    def reset(self) -> None:
        """Back to the values that the simulator was started with."""
        self.values = dict(self._start)
