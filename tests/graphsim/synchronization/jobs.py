# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: list, get, create, delete, and the actions that steer them."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

from ..engine import lifecycle
from ..errors import GraphError, wrapped
from ..exchange import NO_CONTENT, Call, Reply
from ..odata.filters import Fields
from ..odata.pages import listing
from ..odata.path import Segment
from ..routing import Route
from ..state import Job, Synchronization
from .new_job import new_job
from .owner import READ, SP, WRITE, checked, checked_action, context_of, job_of, owner

_FIELDS = Fields(frozenset({"id", "templateId"}), any_case=True)


def _visible(found: Synchronization) -> list[dict[str, Any]]:
    now = time.monotonic()
    return [job.raw for job in list(found.jobs.values()) if job.visible_at <= now]


def _list(call: Call, principal: Segment) -> Reply:
    found = owner(call, principal)
    return listing(call, _visible(found), _FIELDS, f"{context_of(call, found)}/jobs", "synchronizationJob")


def _count(call: Call, principal: Segment) -> Reply:
    return Reply(200, str(len(_visible(owner(call, principal)))))


def _get(call: Call, principal: Segment, job: Segment) -> Reply:
    return _shown(call, *job_of(call, principal, job), 200)


def _shown(call: Call, found: Synchronization, job: Job, status: int) -> Reply:
    context = call.context(f"{context_of(call, found)}/jobs/$entity")
    return Reply(status, {"@odata.context": context, **job.raw}, type_name="synchronizationJob")


def _create(call: Call, principal: Segment) -> Reply:
    found, body, world = owner(call, principal), checked(call, "synchronizationJob"), call.world
    template_id = body.get("templateId")
    if not template_id or template_id not in found.templates:
        message = f"The synchronization template '{template_id}' does not exist for this application."
        raise wrapped(400, "SynchronizationTemplateNotFound", message)
    existing = next((job for job in found.jobs.values() if job.template_id == template_id), None)
    if existing and world.quirks["second_job"] == "conflict":
        raise wrapped(409, "SynchronizationJobAlreadyExists", f"A job of the template '{template_id}' exists already.")
    if existing and world.quirks["second_job"] == "return_existing":
        return _shown(call, found, existing, 200)
    echoed = world.quirks["template_alias"].get(template_id)
    job = new_job(call.tenant, found, template_id, world.clock.now(), world.quirks["code_after_create"], echoed)
    job.visible_at = time.monotonic() + world.quirks["replication"]
    reply = _shown(call, found, job, world.quirks["create_status"])
    reply.headers["Location"] = f"{world.endpoint}{call.path.rstrip('/')}/{job.raw['id']}"
    return reply


def _delete(call: Call, principal: Segment, job: Segment) -> Reply:
    with call.world.engine_lock:
        found, item = job_of(call, principal, job)
        del found.jobs[item.raw["id"]]
    return NO_CONTENT


def _change(call: Call, principal: Segment, job: Segment, action: Callable[[dict[str, Any], Job], None]) -> Reply:
    with call.world.engine_lock:
        _unused, item = job_of(call, principal, job)
        draft = copy.deepcopy(item.raw)
        action(draft, item)
        item.raw = draft
    return NO_CONTENT


def _start(call: Call, principal: Segment, job: Segment) -> Reply:
    now = call.world.clock.now()
    return _change(call, principal, job, lambda draft, item: lifecycle.start(draft, item.memory, now))


def _pause(call: Call, principal: Segment, job: Segment) -> Reply:
    now, state = call.world.clock.now(), call.world.quirks["state_after_pause"]
    return _change(call, principal, job, lambda draft, item: lifecycle.pause(draft, item.memory, now, state))


def _restart(call: Call, principal: Segment, job: Segment) -> Reply:
    criteria = checked_action(call, "restart").get("criteria") or {}
    scopes = {name.strip() for name in (criteria.get("resetScope") or "").split(",") if name.strip()}
    now = call.world.clock.now()
    return _change(call, principal, job, lambda draft, item: lifecycle.restart(draft, item.memory, scopes, now))


def _connection(call: Call, principal: Segment, job: Segment, connection: Segment) -> Reply:
    # Source of the three: beta reference pages of objectConnection; the id may be that of either side.
    _unused, item = job_of(call, principal, job)
    links = item.memory.links
    source = next((one for one in links if str(connection) in (one, links[one].target_id)), None)
    if source is None:
        raise wrapped(404, "ObjectConnectionNotFound", f"There is no connection of the object '{connection}'.")
    people = {**call.tenant.users, **call.tenant.groups}
    body = {
        "@odata.context": call.context("microsoft.graph.objectConnection"),
        "objectId": str(connection),
        "sourceAnchor": source,
        "targetAnchor": links[source].target_id,
        "displayName": people.get(source, {}).get("displayName"),
        "objectTypeName": links[source].source_type,
    }
    return Reply(200, body)


def _list_connections(call: Call, principal: Segment, job: Segment) -> Reply:
    job_of(call, principal, job)
    raise GraphError(400, "Request_BadRequest", "Object connections cannot be listed.")


def _delete_connection(call: Call, principal: Segment, job: Segment, connection: Segment) -> Reply:
    with call.world.engine_lock:
        _unused, item = job_of(call, principal, job)
        if item.raw["schedule"]["state"] == "Active":
            raise wrapped(409, "SynchronizationJobActive", "The job must be paused before a connection can be removed.")
        links = item.memory.links
        item.memory.links = {one: link for one, link in links.items() if str(connection) not in (one, link.target_id)}
    return NO_CONTENT


def _ping(call: Call, principal: Segment) -> Reply:
    owner(call, principal)
    return Reply(200, {"@odata.context": call.context("Edm.String"), "value": "Pong"})


_JOB = SP + "/jobs/{job}"
_WRITE_CONNECTIONS = frozenset({"SynchronizationMetadata.ReadWrite.All", "SynchronizationMetadata.ReadWrite.OwnedBy"})
_READ_CONNECTIONS = _WRITE_CONNECTIONS | {"SynchronizationMetadata.Read.All", "SynchronizationMetadata.Read.OwnedBy"}

ROUTES = [
    Route("GET", SP + "/jobs", _list, READ),
    Route("GET", SP + "/jobs/$count", _count, READ),
    Route("POST", SP + "/jobs", _create, WRITE),
    Route("GET", _JOB, _get, READ),
    Route("DELETE", _JOB, _delete, WRITE, slow=True),
    Route("POST", _JOB + "/start", _start, WRITE, slow=True),
    Route("POST", _JOB + "/pause", _pause, WRITE, slow=True),
    Route("POST", _JOB + "/restart", _restart, WRITE, slow=True),
    Route("GET", _JOB + "/objectConnections", _list_connections, _READ_CONNECTIONS, beta=True),
    Route("GET", _JOB + "/objectConnections/{connection}", _connection, _READ_CONNECTIONS, beta=True),
    Route(
        "DELETE",
        _JOB + "/objectConnections/{connection}",
        _delete_connection,
        _WRITE_CONNECTIONS,
        slow=True,
        beta=True,
    ),
    Route("GET", SP + "/Ping", _ping, READ, beta=True),
]
