# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Applications from the gallery: found before one is made, and waited for until they can be provisioned."""

from __future__ import annotations

import typing as t

from .._graph.errors import BadInput, ProvisioningError
from .._task import Change
from . import assignments, endpoints, jobs, principals, twins, waits
from .principals import PLANNED, Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .._task import Task

# The entry for applications that the gallery does not list (page "applicationTemplate: instantiate").
NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


def checked_name(name: str) -> str:
    """Return a display name, or refuse one that nobody can find again.

    :raises BadInput: for an empty one, and one with blanks around it.
    """
    if not name.strip() or name != name.strip():
        raise BadInput(f"The display name {name!r} is empty or has blanks around it, so nobody would find it again.")
    return name


def wanted_entry(task: Task) -> dict[str, t.Any]:
    """Return the entry of the gallery that the options mean; only a name has to be looked up.

    :raises ProvisioningError: where there is none, or several of one name.
    """
    name = task.params["gallery_name"]
    if not name:
        return {"id": task.params["gallery_id"] or NON_GALLERY}
    quoted = name.replace("'", "''")
    entries = list(task.graph.pages(endpoints.GALLERY_LIST.call(query={"$filter": f"displayName eq '{quoted}'"})))
    if not entries:
        raise ProvisioningError(
            f"The application gallery has no entry named {name!r}; the name must be exact.", status=404
        )
    if len(entries) > 1:
        ids = ", ".join(entry["id"] for entry in entries)
        raise ProvisioningError(
            f"The application gallery has {len(entries)} entries named {name!r}: {ids}. Say which one with gallery_id.",
            candidates=[entry["id"] for entry in entries],
        )
    return entries[0]


def existing(graph: Graph, name: str, template_id: str) -> dict[str, t.Any] | None:
    """Return the service principal with this display name, or None.

    :raises ProvisioningError: where several have it, or where the only one was not made from this gallery entry:
        another of the same name would make every later look-up by name ambiguous.
    """
    found = principals.by_name(graph, name)
    if len(found) > 1:
        candidates = "; ".join(f"{one['id']} (application id {one.get('appId')})" for one in found)
        raise ProvisioningError(
            f"There are {len(found)} applications named {name!r}: {candidates}. Nothing was made. Rename or remove the "
            "others, or go on with the one that is meant by its service_principal_id.",
            candidates=[one["id"] for one in found],
        )
    if found and found[0].get("applicationTemplateId") not in (template_id, None):
        raise ProvisioningError(
            f"An application named {name!r} exists ({found[0]['id']}), but it was made from the gallery entry "
            f"{found[0]['applicationTemplateId']}, not from {template_id}. Nothing was made; choose another name.",
            candidates=[found[0]["id"]],
        )
    if found and not found[0].get("applicationTemplateId"):
        raise ProvisioningError(
            f"An application named {name!r} exists ({found[0]['id']}), but it is a plain app registration, which "
            "cannot be provisioned. Nothing was made; choose another name.",
            candidates=[found[0]["id"]],
        )
    return found[0] if found else None


def plan(task: Task, name: str, entry: t.Mapping[str, t.Any], provisioned: bool) -> list[Change]:
    """Return the one change that makes an application, with the wait until it can be used.

    :arg provisioned: wait for synchronization templates too, not only for the service principal.
    """
    if "displayName" not in entry:
        found = task.graph.find(endpoints.GALLERY_GET.call(template=entry["id"]))
        if not found:
            raise ProvisioningError(f"The application gallery has no entry with the id {entry['id']}.", status=404)
        entry = found
    if provisioned and "sync" not in (entry.get("supportedProvisioningTypes") or ["sync"]):
        raise BadInput(
            f"The gallery application {entry.get('displayName')!r} does not support provisioning. Set provisioning to "
            "false to make it all the same."
        )

    began = task.deadline.now
    named = entry.get("displayName") or entry["id"]
    says = f"make the application {name} from the gallery entry {named}"

    def look() -> dict[str, t.Any] | None:
        found = existing(task.graph, name, entry["id"])
        return {"servicePrincipal": found} if found else None

    def settled(answer: dict[str, t.Any]) -> dict[str, t.Any]:
        made = answer["servicePrincipal"]
        sp, app = _id(made), str(made.get("appId"))
        task.graph.memory.created(sp, app)
        wait_until_usable(task, Principal(sp), provisioned)
        mine = twins.Twin(sp, str(made.get("createdDateTime") or ""))
        one = twins.the_one(task, _kind(task, name, entry["id"], app, says), mine, began)
        found = waits.until(
            task.deadline,
            f"waiting until {name} is the name of one application",
            lambda: [found for found in principals.by_name(task.graph, name) if _is_of(found, entry["id"])],
            lambda listed: [found["id"] for found in listed] == [one],
            tell=lambda listed: f"{len(listed)} of them",
        )
        return {"service_principal": found[0], "created": one == sp}

    return [
        Change(
            path=f"application {name}",
            before=None,
            after=f"made from the gallery entry {named}",
            says=says,
            call=endpoints.INSTANTIATE.call(template=entry["id"], body={"displayName": name}),
            look=look,
            expects=lambda answer: isinstance(answer, dict) and bool(_id(answer.get("servicePrincipal") or {})),
            then=settled,
        )
    ]


def _id(made: t.Mapping[str, t.Any]) -> str:
    """Return the id of a new service principal: version 1.0 has id; tutorials of its beta time show objectId."""
    return str(made.get("id") or made.get("objectId") or "")


def _is_of(record: t.Mapping[str, t.Any], template_id: str) -> bool:
    return record.get("applicationTemplateId") in (template_id, None)


def _kind(task: Task, name: str, template_id: str, app: str, says: str) -> twins.Kind:
    """Return how applications of one name from one gallery entry are told apart, and how one's own is withdrawn."""
    graph = task.graph
    query = {"$filter": f"displayName eq '{name.replace(chr(39), chr(39) * 2)}'"}

    def listed() -> list[twins.Twin]:
        # All members are read, since not every version lets one choose the moment of creation.
        found = graph.pages(endpoints.SP_LIST.call(query=query))
        return [
            twins.Twin(str(one["id"]), str(one.get("createdDateTime") or ""))
            for one in found
            if _is_of(one, template_id)
        ]

    def used(sp: str) -> bool:
        there = Principal(sp)
        return bool(jobs.listed(graph, there) or assignments.current(graph, there))

    def withdraw(_sp: str) -> None:
        graph.send(endpoints.APP_DELETE.call(app=app))

    return twins.Kind(f"the application {name}", says, listed, used, withdraw)


def wait_until_usable(task: Task, principal: Principal, provisioned: bool) -> None:
    """Wait for the service principal, and for its synchronization templates: what the next task uses.

    Two good answers in a row are asked for, since replicas disagree for a while (azuread issues 1802 and 1811).
    """
    graph = task.graph
    waits.until(
        task.deadline,
        "waiting until the new service principal can be read",
        lambda: graph.find(endpoints.SP_GET.call(sp=principal.id)),
        lambda found: found is not None,
        reads=2,
    )
    if provisioned:
        waits.until(
            task.deadline,
            "waiting until the new service principal has synchronization templates",
            lambda: graph.seen(endpoints.TEMPLATE_LIST.call(sp=principal.id)),
            lambda found: bool(found and found["value"]),
            reads=2,
        )


def planned(name: str, template_id: str) -> dict[str, t.Any]:
    """Return the service principal that check mode stands in for one that would have been made."""
    return {"id": PLANNED, "appId": None, "displayName": name, "applicationTemplateId": template_id}
