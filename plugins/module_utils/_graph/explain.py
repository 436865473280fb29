# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""From an answer of the service to a paragraph that says what to do next."""

from __future__ import annotations

import typing as t

from .endpoint import Call
from .errors import GraphError, OddAnswer, ServiceAnswer, unwrap

HINTS: dict[str, str] = {
    "InvalidNotificationSettings": "The notification settings must be a JSON object; they cannot be blanked.",
    "RequestParameterInvalid": "Names in Graph documents are case-sensitive; compare the spelling with the one that "
    "the service returns.",
    "CredentialsMissing": "Write the credentials of the target first, with entra.provisioning.sync_secrets.",
    "SystemForCrossDomainIdentityManagementInvalidCredentials": "The target system refused the address or the token; "
    "check both with the target's own documentation.",
    "InvalidAuthenticationToken": "The token was refused: it has expired, was made for another cloud, or is not a "
    "Graph token.",
}


def missing_permission(call: Call) -> str:
    """Say which consent the call needs; the service itself does not (microsoft-graph-docs-contrib issue 8800)."""
    text = f"This call needs the application permission {call.endpoint.permission}, with admin consent"
    if call.endpoint.role:
        text += f"; a signed-in person also needs the role {call.endpoint.role}"
    text += ". A missing permission is what the service usually means by this answer"
    if call.endpoint.path.startswith("/servicePrincipals/{"):
        text += "; an id that is not the object id of a service principal (an application id, say) gets the same one"
    return f"{text}."


def next_step(call: Call, status: int, answer: ServiceAnswer) -> str:
    """Return the advice for an answer, or an empty text where its own words are enough."""
    code = answer.inner_code or answer.code
    if code in HINTS:
        return HINTS[code]
    if 300 <= status < 400:
        return (
            "It sends the call to another address, which is not followed: the token goes to the address of the option "
            "graph_endpoint only. Check that option, and whether a proxy answers in its place."
        )
    if status == 403 or (status == 401 and not answer.message):
        return missing_permission(call)
    if status == 401:
        return HINTS["InvalidAuthenticationToken"]
    if status == 404 and "No HTTP resource was found" in answer.message:
        return "The service knows no such call; this is a fault of the collection, please report it."
    if status == 404:
        return "Check the id, and that it is of the kind that is asked for."
    if status == 409:
        return "Something else is changing the same object; run the task again."
    if status == 429:
        return "The service throttles; run the task again later, or with a longer timeout."
    if status >= 500:
        return "The service has trouble; run the task again later."
    return ""


def graph_error(call: Call, status: int, body: t.Any, request_id: str, client_request_id: str) -> GraphError:
    """Build the exception for an answer outside 2xx.

    :arg body: the parsed JSON, or the text where it is none.
    """
    answer = unwrap(body)
    said = answer.inner_code or answer.code
    text = f"Could not {call.says}: the service answered {status}"
    text += f" {said}" if said else ""
    message = " ".join(answer.message.split()).rstrip(".")
    text += f": {message}." if message else " without a message."
    advice = next_step(call, status, answer)
    request_id = request_id or answer.request_id
    return GraphError(
        " ".join(part for part in (text, advice, f"(request id {request_id or 'not given'})") if part),
        status=status,
        code=answer.code,
        inner_code=answer.inner_code,
        service_message=answer.message,
        method=call.endpoint.method,
        path=call.path,
        request_id=request_id,
        client_request_id=client_request_id,
    )


def odd_answer(call: Call, status: int, wrong: str, request_id: str, client_request_id: str) -> OddAnswer:
    """Build the exception for an answer of success that is not what the call gives.

    :arg wrong: completes the sentence "The service answered 200 ...".
    """
    return OddAnswer(
        f"Could not {call.says}: the service answered {status} {wrong}. Nothing was concluded from it. Run the task "
        "again; where it stays so, something else may be answering in the place of Microsoft Graph, a proxy say. "
        f"(request id {request_id or 'not given'})",
        status=status,
        answer=f"{status} {wrong}",
        method=call.endpoint.method,
        path=call.path,
        request_id=request_id,
        client_request_id=client_request_id,
    )
