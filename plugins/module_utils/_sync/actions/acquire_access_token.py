# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Acquire an access token: the service signs in at the target and keeps what it gets."""

from __future__ import annotations

import typing as t

from ..._graph.errors import BadInput
from ..._making import nothing
from ..._task import Change, Outcome
from .. import app_templates, connectivity, given, principals
from ..principals import PLANNED, Principal

if t.TYPE_CHECKING:
    from ..._task import Task


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse to sign in without credentials.

    :raises BadInput: naming the options that hold them.
    """
    if not given.wishes(params).credentials:
        raise BadInput("The action acquire_access_token needs the credentials to sign in with, in secrets or settings.")


def run(task: Task, principal: Principal) -> Outcome:
    """Acquire a token; this always acts, since nothing tells whether the service has one."""
    of_application = task.params["object"] == "application"
    app = None
    if of_application:
        app = PLANNED if principal.planned else app_templates.application_id(task.graph, principal)
    elif task.check_mode and not principal.planned:
        # Nothing else would tell check mode whether a service principal that is given by its id is there.
        principals.app_id(task.graph, principal)
    change = Change(
        "access token",
        None,
        "(a new one)",
        connectivity.acquire(principal, app, given.wishes(task.params).credentials),
        says=f"acquire an access token at the target for the {'application' if app else 'service principal'}",
        expects=nothing,
    )
    return task.carry_out([change], record=lambda _seen: {}, subject=str(principal))
