# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Whom an action is about: people and groups of the directory, or objects of another source by their id there."""

from __future__ import annotations

import typing as t

from ..._graph.errors import BadInput
from .. import assignments
from ..assignments import Member

if t.TYPE_CHECKING:
    from ..._task import Task


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse an action about nobody.

    :raises BadInput: naming the options.
    """
    if not (params["users"] or params["groups"] or params["subjects"]):
        raise BadInput(
            f"The action {params['action']} needs somebody to act on: users or groups, or subjects for a source that "
            "is not Microsoft Entra ID."
        )
    if any(not one["id"].strip() for one in params["subjects"]):
        raise BadInput("An id in subjects is empty.")


def in_directory(task: Task) -> list[Member]:
    """Return the users and groups that the options name.

    :raises ProvisioningError: naming all that do not exist.
    """
    return assignments.members(task.graph, task.params["users"], task.params["groups"])
