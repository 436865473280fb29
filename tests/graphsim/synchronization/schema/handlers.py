# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET, PUT and DELETE of a schema."""

from __future__ import annotations

import copy
from typing import Any

from ...engine import lifecycle
from ...exchange import NO_CONTENT, Call, Reply
from ...odata.path import Segment
from ...routing import Route
from ...state import Job
from ..owner import APP, READ, SP, WRITE, checked, context_of, job_of, template_of
from .echo import with_noise
from .form import completed, content
from .rules import check


def _get_job(call: Call, principal: Segment, job: Segment) -> Reply:
    found, item = job_of(call, principal, job)
    item.schema_reads += 1
    schema = {**item.schema, "id": item.raw["id"]}
    context = f"{context_of(call, found)}/jobs('{item.raw['id']}')/schema/$entity"
    return _shown(call, schema, context, f"{item.raw['id']} {item.schema_reads}")


def _get_template(
    call: Call, template: Segment, principal: Segment | None = None, application: Segment | None = None
) -> Reply:
    found, item = template_of(call, template, principal, application)
    context = f"{context_of(call, found)}/templates('{item.document['id']}')/schema/$entity"
    return _shown(call, item.schema, context, item.document["id"])


def _shown(call: Call, schema: dict[str, Any], context: str, seed: str) -> Reply:
    if call.world.quirks["schema_echo"] == "noise":
        schema = with_noise(schema, seed, call.world.clock.now())
    return Reply(200, {"@odata.context": call.context(context), **schema}, type_name="synchronizationSchema")


def _put_job(call: Call, principal: Segment, job: Segment) -> Reply:
    body = checked(call, "synchronizationSchema")
    with call.world.engine_lock:
        found, item = job_of(call, principal, job)
        check(body, found.templates[item.template_id].factory_schema)
        _store(call, item, completed(body, item.schema, call.world.clock.now()), is_default=False)
    return NO_CONTENT


def _delete_job(call: Call, principal: Segment, job: Segment) -> Reply:
    with call.world.engine_lock:
        found, item = job_of(call, principal, job)
        _store(call, item, found.templates[item.template_id].schema, is_default=True)
    return NO_CONTENT


def _store(call: Call, job: Job, schema: dict[str, Any], *, is_default: bool) -> None:
    identical = content(schema) == content(job.schema)
    job.schema, job.schema_is_default = schema, is_default
    if identical and call.world.quirks["identical_put"] == "no_restart":
        return
    draft = copy.deepcopy(job.raw)
    lifecycle.schema_changed(draft, job.memory, call.world.clock.now())
    job.raw = draft


def _put_template(call: Call, application: Segment, template: Segment) -> Reply:
    body = checked(call, "synchronizationSchema")
    _unused, item = template_of(call, template, application=application)
    check(body, item.factory_schema)
    item.schema = completed(body, item.schema, call.world.clock.now())
    return NO_CONTENT


def _delete_template(call: Call, application: Segment, template: Segment) -> Reply:
    _unused, item = template_of(call, template, application=application)
    item.schema = item.factory_schema
    return NO_CONTENT


# A PATCH is not there by intent: it does not exist (msgraph-sdk-python issue 820).
ROUTES = [
    Route("GET", SP + "/jobs/{job}/schema", _get_job, READ),
    Route("PUT", SP + "/jobs/{job}/schema", _put_job, WRITE, slow=True),
    Route("DELETE", SP + "/jobs/{job}/schema", _delete_job, WRITE, slow=True),
    Route("GET", SP + "/templates/{template}/schema", _get_template, READ),
    Route("GET", APP + "/templates/{template}/schema", _get_template, READ),
    Route("PUT", APP + "/templates/{template}/schema", _put_template, WRITE, slow=True),
    Route("DELETE", APP + "/templates/{template}/schema", _delete_template, WRITE),
]
