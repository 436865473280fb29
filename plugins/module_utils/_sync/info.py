# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Everything that can be read, for one application, some, or all of a tenant."""

from __future__ import annotations

import datetime
import typing as t

from .._graph.errors import BadInput
from . import endpoints, logs, principals
from .principals import Principal
from .reading import Reading, Record
from .subsets import GATHER

if t.TYPE_CHECKING:
    from .._task import Task


def applications(task: Task) -> list[Principal]:
    """Return the applications that the options mean: one, a list, or all that came from the gallery.

    No call lists what is provisioned. Applications without a gallery entry have no synchronization templates, so an
    advanced filter leaves them out.
    """
    if task.params.get("applications") is not None:
        return principals.find_all(task.graph, task.params["applications"], check_mode=task.check_mode)
    if _named(task.params):
        return [principals.resolve(task)]
    query = {
        "$filter": "applicationTemplateId ne null",
        "$count": "true",
        "$select": principals.FIELDS,
        "$top": "999",
    }
    call = endpoints.SP_LIST.call(query=query, headers={"ConsistencyLevel": "eventual"})
    return [principals.principal(record) for record in task.graph.pages(call)]


def _named(params: t.Mapping[str, t.Any]) -> bool:
    """Tell whether applications are named, rather than all of the tenant read.

    An empty name is one too: it comes of a variable that holds nothing, and the whole tenant is not what was meant.
    """
    names = ("applications", "service_principal_id", "app_id", "display_name")
    return any(params.get(name) is not None for name in names)


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse options that cannot be meant, before anything is sent.

    :raises BadInput: naming the option.
    """
    wanted, objects = params["gather"], params["object_ids"]
    if ("connections" in wanted) != bool(objects):
        raise BadInput("The subset connections and the option object_ids need each other: connections have no list.")
    if objects and params["api_version"] != "beta":
        raise BadInput("The subset connections is in beta only: set the option api_version to beta.")
    for option in ("logs_hours", "logs_limit"):
        if params[option] < 1:
            raise BadInput(f"The option {option} takes a number from 1.", option=option)
    logs.since(params, datetime.datetime.now(datetime.timezone.utc))


def gather(task: Task, found: t.Sequence[Principal], wanted: t.Collection[str]) -> list[Record]:
    """Return one record per application with the subsets that are wanted.

    :raises GraphError: where no application could be read; a refusal for some is noted with them, under ``errors``.
    """
    reading = Reading(task, found, patient="access" in wanted)
    subsets = [subset for name, subset in GATHER.items() if name in wanted]
    reads = [read for subset in subsets for read in (*subset.reads, *(subset.named if _named(task.params) else ()))]
    reading.start(dict.fromkeys(reads))
    if _named(task.params):
        for one, names in reading.unknown():
            task.warn(
                f"The service knows no {' and no '.join(names)} of {one} (404). Check the ids: there may be no such "
                "service principal, job or template, or it cannot be provisioned."
            )
    for subset in subsets:
        subset.tell(reading)
    return [reading.records[one.id] for one in found]
