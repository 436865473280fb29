# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that make a job work at once: provisionOnDemand and bulkUpload."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

from ..engine.bulk import bulk_upload
from ..engine.connection import ConnectionRefused
from ..engine.on_demand import OnDemandRefused, provision
from ..errors import GraphError, wrapped
from ..exchange import Call, Reply
from ..odata.path import Segment
from ..routing import Route
from .credentials import refused
from .owner import SP, WRITE, checked_action, job_of

_PERIOD = 10.0
_LIVE_KEY = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"
_LIVE_CONTEXT = "https://syncfabric.windowsazure.com/api/$metadata#microsoft.synchronization.stringKeyStringValuePair"
_BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def _provision(call: Call, principal: Segment, job: Segment) -> Reply:
    found, item = job_of(call, principal, job)
    parameters = checked_action(call, "provisionOnDemand").get("parameters")
    if not parameters:
        raise wrapped(400, "RequestParameterInvalid", "'parameters' are missing.")
    _throttle(found.on_demand_calls, call.world.quirks["on_demand_limit"])
    with call.world.engine_lock:
        try:
            results = provision(call.world.context(found, item), parameters)
        except OnDemandRefused as error:
            raise wrapped(400, error.code, error.message) from error
        except ConnectionRefused as error:
            raise refused(error) from error
    return Reply(200, _answer(call, results), type_name="stringKeyStringValuePair")


def _throttle(calls: list[float], limit: int) -> None:
    """Five calls in ten seconds (page "synchronizationJob: provisionOnDemand")."""
    now = time.monotonic()
    calls[:] = [moment for moment in calls if moment > now - _PERIOD]
    if len(calls) >= limit:
        wait = max(1, round(calls[0] + _PERIOD - now + 0.5))
        message = "Too many requests. Provision on demand is limited to 5 requests per 10 seconds."
        raise GraphError(429, "TooManyRequests", message, {"Retry-After": str(wait)})
    calls.append(now)


def _answer(call: Call, results: list[dict[str, Any]]) -> dict[str, Any]:
    if call.world.quirks["on_demand_shape"] == "live":
        return {"@odata.context": _LIVE_CONTEXT, "key": _LIVE_KEY, "value": json.dumps(results)}
    told = next((one for one in results if one["statusInfo"]["status"].lower() == "failure"), results[0])["statusInfo"]
    key = {
        "result": told["status"].capitalize(),
        "details": {"errorCode": told.get("errorCode") or "", "errorMessage": told.get("reason") or ""},
    }
    context = call.context("microsoft.graph.stringKeyStringValuePair")
    # The group sample of the reference page has an empty object as its value.
    value = results[0] if len(results) == 1 else {}
    return {"@odata.context": context, "key": json.dumps(key), "value": json.dumps(value)}


def _bulk_upload(call: Call, principal: Segment, job: Segment) -> Reply:
    found, item = job_of(call, principal, job)
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/scim+json":
        raise GraphError(400, "BadRequest", "The Content-Type header must be application/scim+json.")
    if not item.template_id.startswith("API2"):
        raise wrapped(400, "BulkUploadNotSupported", "Bulk upload is for API-driven inbound provisioning jobs only.")
    body = call.json()
    operations = body.get("Operations")
    if _BULK not in (body.get("schemas") or []) or not isinstance(operations, list) or not operations:
        raise wrapped(400, "InvalidBulkRequest", "The body is not a SCIM BulkRequest with Operations.")
    if len(operations) > 50:
        raise wrapped(400, "TooManyOperations", "A bulk request can have at most 50 operations.")
    with call.world.engine_lock:
        bulk_upload(call.world.context(found, item, live=True), body)
    logs = f"{call.world.endpoint}/{call.version}/auditLogs/provisioning?$filter="
    return Reply(202, None, {"Location": logs + quote(f"jobid eq '{item.raw['id']}'")})


_UPLOAD = frozenset({"SynchronizationData-User.Upload", "SynchronizationData-User.Upload.OwnedBy"})

ROUTES = [
    Route("POST", SP + "/jobs/{job}/provisionOnDemand", _provision, WRITE, slow=True),
    Route("POST", SP + "/jobs/{job}/bulkUpload", _bulk_upload, _UPLOAD, slow=True),
]
