# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Trying credentials at the target, and having the service acquire a token there.

Apart from reading and writing the bag, these are all calls that give way to ``connectivityParameters`` and
``validateConnectivity`` in 2027, as the beta metadata announces.
"""

from __future__ import annotations

import typing as t

from .._graph.errors import GraphError, ProvisioningError
from . import bag, endpoints, log_codes, stored, templates
from .bag import Bag
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph


def validate(graph: Graph, principal: Principal, job_id: str, credentials: Bag | None) -> None:
    """Let the service try credentials at the target of a job; None tries the stored ones. Nothing is stored by this.

    :raises ProvisioningError: with what the target answered.
    """
    call = endpoints.JOB_VALIDATE.call(sp=principal.id, job=job_id, body=_body(credentials))
    _validate(graph, principal, call, credentials, lambda template: job_id.startswith(f"{template['id']}."))


def validate_for_template(graph: Graph, principal: Principal, template_id: str, credentials: Bag | None) -> None:
    """Do what :func:`validate` does before there is a job, for one of a template.

    The metadata binds the action to the collection of jobs too; the cross-tenant tutorial uses it so.
    """
    body = {**_body(credentials), "templateId": template_id}
    call = endpoints.VALIDATE.call(sp=principal.id, body=body)
    _validate(graph, principal, call, credentials, lambda template: template["id"] == template_id)


def acquire(principal: Principal, application_id: str | None, credentials: Bag) -> Call:
    """Return the call that lets the service acquire an access token at the target and keep it.

    :arg application_id: the object id of the application that it is kept with, None for the service principal.
    Source: page "synchronization: acquireAccessToken".
    """
    body = {"credentials": _pairs(credentials)}
    if application_id:
        return endpoints.APP_ACQUIRE.call(app=application_id, body=body)
    return endpoints.SP_ACQUIRE.call(sp=principal.id, body=body)


def _body(credentials: Bag | None) -> dict[str, t.Any]:
    if credentials is None:
        return {"useSavedCredentials": True}
    return {"useSavedCredentials": False, "credentials": _pairs(credentials)}


def _pairs(credentials: Bag) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in credentials.items() if value]


def _validate(
    graph: Graph,
    principal: Principal,
    call: Call,
    credentials: Bag | None,
    is_its: t.Callable[[templates.Template], bool],
) -> None:
    try:
        graph.send(call)
    except GraphError as error:
        if error.status not in (400, 422):
            raise
        said = error.facts.get("service_message") or error.message
        which, unwritten = (
            ("stored", "")
            if credentials is None
            else ("new", "Nothing was written, and the stored ones were left alone. ")
        )
        raise ProvisioningError(
            f"The target does not accept the {which} credentials: {said} "
            f"({error.code or error.status}). {unwritten}{_advice(error.code)} "
            f"{_lacking(graph, principal, credentials, is_its)}"
            f"(request id {error.facts.get('request_id', 'not given')})",
            **error.facts,
        ) from error


def _advice(code: str) -> str:
    if code in log_codes.BETWEEN_TENANTS:
        return log_codes.CODES[code].advice
    return "Check the address (BaseAddress) and the token (SecretToken) with the target's documentation."


def _lacking(
    graph: Graph, principal: Principal, given: Bag | None, is_its: t.Callable[[templates.Template], bool]
) -> str:
    """Say which credentials the template asks for that were not given; read only after a refusal."""
    try:
        template = next((one for one in templates.listed(graph, principal) if is_its(one)), {})
        have = stored.read(graph, principal) if given is None else given
    except ProvisioningError:
        # The refusal is what has to be told, not that nothing can be added to it.
        return ""
    known = {key.lower() for key in have}
    spelled = {key.lower(): key for key in bag.KEYS}
    missing = [spelled.get(name, name) for name in templates.wanted_credentials(template) if name not in known]
    return f"The template also asks for: {', '.join(missing)}. " if missing else ""
