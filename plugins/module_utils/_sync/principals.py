# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""From what an admin knows of an application to its service principal."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._graph import batch
from .._graph.errors import BadInput, GraphError, ProvisioningError
from . import endpoints

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph
    from .._task import Task

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What gallery_application returns in check mode for an application that does not exist yet.
PLANNED = "00000000-0000-0000-0000-000000000000"
FIELDS = "id,appId,displayName,applicationTemplateId,servicePrincipalType"


@dataclasses.dataclass(frozen=True)
class Principal:
    """A service principal: ``id`` is its object id; the others are None where they were not needed."""

    id: str
    app_id: str | None = None
    name: str | None = None

    @property
    def planned(self) -> bool:
        """True in check mode for an application that a real run would have made by now."""
        return self.id == PLANNED

    def __str__(self) -> str:
        return "(not made yet)" if self.planned else self.name or self.app_id or self.id


def is_guid(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return bool(GUID.fullmatch(text))


def guid(option: str, value: str) -> str:
    """Return an id, or refuse it before anything is sent.

    :raises BadInput: where it is no GUID.
    """
    if not is_guid(value):
        raise BadInput(
            f"The option {option} takes an id such as 11111111-2222-3333-4444-555555555555, not {value!r}. An "
            "application can also be named by display_name.",
            option=option,
        )
    return value


def resolve(task: Task) -> Principal:
    """Find the service principal that the options mean: no read for its own id, one for anything else.

    :raises BadInput: for an id that is none, and for a planned application outside check mode.
    :raises ProvisioningError: where nothing, or more than one, fits.
    """
    return find(task.graph, task.params, check_mode=task.check_mode)


def find(graph: Graph, params: t.Mapping[str, t.Any], *, check_mode: bool = False) -> Principal:
    """Do what :func:`resolve` does, for options that are not those of the task itself."""
    if params.get("service_principal_id"):
        given = guid("service_principal_id", params["service_principal_id"])
        if given == PLANNED and not check_mode:
            raise BadInput("The application exists only in the plan of a check mode run; run without check mode.")
        return Principal(given)
    if params.get("app_id"):
        return _by_app_id(graph, guid("app_id", params["app_id"]))
    name = params.get("display_name")
    if not name:
        raise BadInput("The option that names the application is empty: service_principal_id, app_id or display_name.")
    return _only_one(name, by_name(graph, name))


def find_all(graph: Graph, named: t.Sequence[t.Mapping[str, t.Any]], *, check_mode: bool = False) -> list[Principal]:
    """Do what :func:`find` does for many: those that are named by display name or application id are read together.

    :raises GraphError: where one cannot be read.
    """
    calls = [_look_up(one) for one in named]
    # Before anything is sent, since these may be refused.
    known = [None if call else find(graph, one, check_mode=check_mode) for one, call in zip(named, calls)]
    answers = iter(batch.read_all(graph, [call for call in calls if call]))
    return [
        _looked_up(graph, one, call, next(answers)) if call else t.cast("Principal", there)
        for one, call, there in zip(named, calls, known)
    ]


def _look_up(params: t.Mapping[str, t.Any]) -> Call | None:
    """Return the read that finds a service principal; None where there is nothing to look up."""
    if params.get("service_principal_id"):
        return None
    if params.get("app_id"):
        return endpoints.SP_BY_APP_ID.call(app=guid("app_id", params["app_id"]), query={"$select": FIELDS})
    return _named(params["display_name"]) if params.get("display_name") else None


def _looked_up(graph: Graph, params: t.Mapping[str, t.Any], call: Call, answer: t.Any) -> Principal:
    if isinstance(answer, GraphError):
        raise answer
    if not params.get("app_id"):
        return _only_one(params["display_name"], list(graph.rest(call, answer)))
    if answer is None:
        raise _no_such_app(params["app_id"])
    return principal(answer)


def app_id(graph: Graph, principal: Principal) -> str:
    """Return the application (client) id of a service principal; a read where only its object id is known."""
    if principal.app_id:
        return principal.app_id
    call = endpoints.SP_GET.call(sp=principal.id, query={"$select": "id,appId,displayName"})
    return str(graph.member(call, graph.send(call), "appId"))


def by_name(graph: Graph, name: str) -> list[dict[str, t.Any]]:
    """Return the service principals whose display name is exactly this."""
    return list(graph.pages(_named(name)))


def _named(name: str) -> Call:
    quoted = name.replace("'", "''")
    return endpoints.SP_LIST.call(query={"$filter": f"displayName eq '{quoted}'", "$select": FIELDS})


def principal(record: t.Mapping[str, t.Any]) -> Principal:
    """Return our view of a servicePrincipal record."""
    return Principal(record["id"], record.get("appId"), record.get("displayName"))


def _by_app_id(graph: Graph, app_id: str) -> Principal:
    try:
        found = graph.send(endpoints.SP_BY_APP_ID.call(app=app_id, query={"$select": FIELDS}))
    except GraphError as error:
        if error.status != 404:
            raise
        raise _no_such_app(app_id) from error
    return principal(found)


def _no_such_app(app_id: str) -> ProvisioningError:
    return ProvisioningError(
        f"There is no service principal with the application (client) id {app_id} in this tenant. An object id belongs "
        "into the option service_principal_id.",
        status=404,
    )


def _only_one(name: str, found: list[dict[str, t.Any]]) -> Principal:
    if not found:
        raise ProvisioningError(
            f"There is no application named {name!r} in this tenant. The name must be exact, including blanks; "
            "entra.provisioning.gallery_application makes one.",
            status=404,
        )
    if len(found) > 1:
        candidates = "; ".join(f"{one['id']} (application id {one.get('appId')})" for one in found)
        raise ProvisioningError(
            f"There are {len(found)} applications named {name!r}: {candidates}. Say which one with the option "
            "service_principal_id.",
            candidates=[one["id"] for one in found],
        )
    return principal(found[0])
