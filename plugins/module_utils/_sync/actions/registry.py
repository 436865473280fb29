# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The actions on a job by name, and the options that only some of them have."""

from __future__ import annotations

import typing as t

from ..._graph.errors import BadInput
from ..._task import Outcome
from .. import given, principals
from ..principals import Principal
from . import (
    acquire_access_token,
    allow_deletes,
    bulk_upload,
    discover,
    provision_on_demand,
    remove_connections,
    restart,
    schedule,
    validate_credentials,
)

if t.TYPE_CHECKING:
    from ..._task import Task

Params = t.Mapping[str, t.Any]


class Action(t.NamedTuple):
    """What an action does, what it refuses before anything is sent, and which options not every action has."""

    run: t.Callable[[Task, Principal], Outcome]
    check: t.Callable[[Params], None] = lambda _params: None
    options: tuple[str, ...] = ()


_WHOM = ("users", "groups", "subjects")
ACTIONS: dict[str, Action] = {
    "start": Action(schedule.start, options=("allow_second_job",)),
    "pause": Action(schedule.pause),
    "restart": Action(restart.run, restart.check, ("reset_scope", "confirm", "start_paused", "allow_second_job")),
    "allow_deletes": Action(allow_deletes.run, allow_deletes.check, ("confirm_count",)),
    "validate_credentials": Action(validate_credentials.run),
    "acquire_access_token": Action(acquire_access_token.run, acquire_access_token.check),
    "discover": Action(discover.run, options=("directory",)),
    "bulk_upload": Action(bulk_upload.run, bulk_upload.check, ("records", "operations", "allow_missing_active")),
    "provision_on_demand": Action(provision_on_demand.run, provision_on_demand.check, (*_WHOM, "assignment_wait")),
    "remove_connections": Action(remove_connections.run, remove_connections.check, _WHOM),
}


def check(params: Params) -> None:
    """Refuse options that cannot be meant, before anything is sent.

    :raises BadInput: saying what the action needs.
    """
    own = ACTIONS[params["action"]].options
    for option in (option for action in ACTIONS.values() for option in action.options):
        if option not in own and params[option] not in (None, False, [], 0):
            names = [name for name, action in ACTIONS.items() if option in action.options]
            raise BadInput(f"The option {option} belongs to the action {' or '.join(names)}.")
    if params["wait_until"] != "cycle" and not params["wait"]:
        raise BadInput("The option wait_until says what is waited for, so it needs wait: true.")
    given.wishes(params)
    ACTIONS[params["action"]].check(params)


def run(task: Task) -> Outcome:
    """Carry out the action of the options."""
    return ACTIONS[task.params["action"]].run(task, principals.resolve(task))
