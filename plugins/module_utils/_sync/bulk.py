# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What is uploaded to a job of API-driven provisioning: SCIM operations, and the requests that carry them.

Source: the page "synchronizationJob: bulkUpload" (at most 50 operations) and "API-driven inbound provisioning issues"
(40 calls in five seconds).
"""

from __future__ import annotations

import typing as t

from .._graph.errors import BadInput
from . import endpoints
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call

CALLS, SECONDS = 40, 5.0
OPERATIONS_PER_CALL = 50
CONTENT_TYPE = "application/scim+json"
_BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
# Of an operation in bulk (RFC 7644, section 3.7).
_METHODS = ("POST", "PUT", "PATCH", "DELETE")

Operation = dict[str, t.Any]


def operations(params: t.Mapping[str, t.Any]) -> list[Operation]:
    """Return the operations that the options mean, each with a ``bulkId``.

    :raises BadInput: for what the service could not read, and for records that would block their account. It names
        them by their number and id, never by what they say.
    """
    if bool(params["records"]) == bool(params["operations"]):
        raise BadInput("The action bulk_upload needs something to upload: either records or operations, not both.")
    given = [_of_record(one) for one in params["records"]] or [dict(one) for one in params["operations"]]
    for number, one in enumerate(given, 1):
        one.setdefault("bulkId", f"operation-{number}")
        _check(number, one)
    twice = len(given) - len({str(one["bulkId"]) for one in given})
    if twice:
        raise BadInput(f"Each operation needs a bulkId of its own; {twice} of {len(given)} repeat that of another.")
    silent = [_named(number, one) for number, one in enumerate(given, 1) if _is_silent(one)]
    if silent and not params["allow_missing_active"]:
        raise BadInput(
            f"{len(silent)} of {len(given)} records do not say whether the person is active: "
            f"{', '.join(silent[:5])}{' and more' if len(silent) > 5 else ''}. An update without it blocks the account "
            "(entra-id-inbound-provisioning issue 16). Give active, or set allow_missing_active to true if that is "
            "meant."
        )
    return given


def _of_record(record: t.Mapping[str, t.Any]) -> Operation:
    extensions = [key for key in record if str(key).lower().startswith("urn:")]
    return {"method": "POST", "path": "/Users", "data": {"schemas": [_USER, *extensions], **record}}


def _check(number: int, one: Operation) -> None:
    if not isinstance(one.get("method"), str) or not isinstance(one.get("path"), str):
        raise BadInput(f"The operation {number} has no method or no path, such as POST and /Users.")
    if one["method"].upper() not in _METHODS:
        raise BadInput(f"The operation {number} has the method {one['method']!r}; there are {', '.join(_METHODS)}.")
    if one["method"].upper() in ("POST", "PUT") and not isinstance(one.get("data"), dict):
        raise BadInput(f"The operation {number} has no data, which is the record as a dictionary.")


def _is_silent(one: Operation) -> bool:
    """Tell whether a whole record lacks ``active``; names of SCIM attributes have no case (RFC 7643)."""
    whole = one["method"].upper() in ("POST", "PUT") and "/groups" not in one["path"].lower()
    return whole and not any(str(name).lower() == "active" and said is not None for name, said in one["data"].items())


def _named(number: int, one: Operation) -> str:
    known = external_id(one)
    return f"{number} (externalId {known})" if known else str(number)


def external_id(one: Operation) -> str | None:
    """Return the id by which the source knows a record, which is also that of its source in the logs."""
    data = one.get("data")
    known = data.get("externalId") if isinstance(data, dict) else None
    return None if known in (None, "") else str(known)


def chunks(given: t.Sequence[Operation]) -> list[list[Operation]]:
    """Split operations into as many requests as the service's limit asks for."""
    return [list(given[start : start + OPERATIONS_PER_CALL]) for start in range(0, len(given), OPERATIONS_PER_CALL)]


def call(principal: Principal, job_id: str, chunk: t.Sequence[Operation]) -> Call:
    """Return the request for some operations."""
    body = {"schemas": [_BULK], "Operations": list(chunk), "failOnErrors": None}
    # With any other content type the answer is 400 (reference page).
    return endpoints.BULK_UPLOAD.call(sp=principal.id, job=job_id, body=body, headers={"Content-Type": CONTENT_TYPE})
