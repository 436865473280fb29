# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What the signed-in identity may read, found out by reading; nothing is written for it."""

from __future__ import annotations

import typing as t

from .._graph.errors import GraphError
from . import endpoints
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph


def report(graph: Graph, principal: Principal, job_id: str | None) -> list[dict[str, t.Any]]:
    """Return one record per reading call: what it is for, the permission, and whether it is there.

    ``granted`` is None where the answer does not tell (no job to read, trouble of the service).
    """
    calls: list[Call] = [
        endpoints.SP_GET.call(sp=principal.id, query={"$select": "id"}),
        endpoints.ASSIGNED_LIST.call(sp=principal.id, query={"$top": "1"}),
        endpoints.JOB_LIST.call(sp=principal.id),
        endpoints.TEMPLATE_LIST.call(sp=principal.id),
        endpoints.SECRETS_GET.call(sp=principal.id),
        endpoints.LOGS.call(query={"$top": "1"}),
    ]
    if job_id:
        # Listing functions asks for the permission to write (permissions file of the devx content), so it tells
        # whether writing is allowed without doing any.
        calls.append(endpoints.FUNCTIONS.call(sp=principal.id, job=job_id))
    return [_checked(graph, call) for call in calls]


def _checked(graph: Graph, call: Call) -> dict[str, t.Any]:
    granted: bool | None
    try:
        graph.send(call)
        granted = True
    except GraphError as error:
        granted = False if error.status in (401, 403) else None
    return {"to": call.endpoint.does.split(" {")[0], "permission": call.endpoint.permission, "granted": granted}
