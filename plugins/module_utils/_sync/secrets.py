# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Credentials and settings: what has to be written so that they are as wanted, under every reading of the service.

Whether a PUT replaces the bag or merges into it is contradictory in the documentation (cloud sync page against
msgraph-metadata issue 347). So every PUT carries all that is known, never a mask, and is refused where a secret that
was not given could get lost.
"""

from __future__ import annotations

import json
import typing as t

from .._graph.errors import GraphError, ProvisioningError
from .._task import Change
from . import bag, endpoints, templates, waits
from .bag import Bag
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .._task import Task


def stored(graph: Graph, principal: Principal) -> Bag:
    """Return the bag as the service shows it."""
    if principal.planned:
        return {}
    call = endpoints.SECRETS_GET.call(sp=principal.id)
    return bag.read(graph.rest(call, graph.find(call)))


def to_write(current: Bag, secrets: Bag, update: str) -> Bag:
    """Return the secrets that have to be written.

    :arg update: ``always`` writes every given secret, ``on_create`` only those that are not there.
    A value that the service shows in clear is compared for real in both cases.
    """
    due: Bag = {}
    for key, value in secrets.items():
        shown = current.get(key)
        if shown is not None and shown != bag.MASK:
            if not bag.same(shown, value):
                due[key] = value
        elif value == "" and shown is None:
            continue
        elif value == "" or shown is None or update == "always":
            due[key] = value
    return due


def plan(task: Task, principal: Principal, current: Bag) -> list[Change]:
    """Return the changes of the bag; one request makes them all.

    :raises ProvisioningError: where a hidden secret could get lost.
    """
    secrets = bag.checked_secrets(task.params)
    settings = bag.desired_settings(task.params, current)
    due = to_write(current, secrets, task.params["update_secrets"])
    drift = {key: value for key, value in settings.items() if not bag.same(current.get(key), value)}
    if not due and not drift:
        return []
    _refuse_loss(current, secrets, task.params["allow_partial"])
    readable = {key: value for key, value in current.items() if value != bag.MASK}
    body: Bag = {**readable, **secrets, **settings}
    call = endpoints.SECRETS_PUT.call(
        sp=principal.id, body={"value": [{"key": key, "value": value} for key, value in body.items()]}
    )
    changes = [_secret_change(key, current.get(key), due[key]) for key in sorted(due)]
    changes += [_setting_change(key, current.get(key), drift[key]) for key in sorted(drift)]
    last = changes.pop()
    return [
        *changes,
        Change(
            last.path, last.before, last.after, call, last.says, last.risk, then=_seen(task, principal, body, current)
        ),
    ]


def _refuse_loss(current: Bag, secrets: Bag, allowed: bool) -> None:
    hidden = sorted(key for key, value in current.items() if value == bag.MASK and key not in secrets)
    if hidden and not allowed:
        raise ProvisioningError(
            f"Nothing was written: the service holds {' and '.join(hidden)}, which cannot be read back, and the option "
            "secrets does not give it. A write that leaves it out may delete it. Give it as well, or set allow_partial "
            "to true if losing it does no harm.",
            hidden_keys=hidden,
        )


def _secret_change(key: str, before: str | None, after: str) -> Change:
    was = None if before is None else "(stored)"
    if after == "":
        return Change(key, was, None, None, says=f"remove {key}")
    return Change(key, was, "(a new value)", None, says=f"write {key}")


def _setting_change(key: str, before: str | None, after: str) -> Change:
    return Change(key, _readable(before), _readable(after), None)


def _readable(value: str | None) -> str | None:
    """Return a setting for people: JSON as its members, nothing for an empty one."""
    members = bag.as_object(value)
    if not members:
        return value or None
    return ", ".join(f"{name} {json.dumps(member, ensure_ascii=False)}" for name, member in members.items())


def _seen(task: Task, principal: Principal, body: Bag, before: Bag) -> t.Callable[[t.Any], Bag]:
    """Return the wait until a PUT can be read back: the service lags (terraform-provider-azuread waits as well)."""

    def differs(now: Bag) -> list[str]:
        hidden = {key for key, value in body.items() if value and now.get(key) == bag.MASK}
        return [key for key, value in body.items() if key not in hidden and not bag.same(now.get(key), value)]

    def wait(_answer: t.Any) -> Bag:
        now = waits.until(
            task.deadline,
            "waiting until the written settings can be read back",
            lambda: stored(task.graph, principal),
            lambda seen: not differs(seen),
        )
        lost = sorted(key for key, value in before.items() if value == bag.MASK and key not in now and key not in body)
        if lost:
            task.warn(f"The service replaced all it had, so {' and '.join(lost)} is gone, as allow_partial permits.")
        return now

    return wait


def record(current: Bag) -> dict[str, t.Any]:
    """Return what may be told of a bag: settings in clear, of secrets only that they are there."""
    notification = bag.as_object(current.get(bag.NOTIFICATION)) or {}
    threshold = notification.get("DeleteThresholdValue") if notification.get("DeleteThresholdEnabled") else 0
    return {
        "secret_keys": sorted(key for key, value in current.items() if value == bag.MASK),
        "settings": {key: value for key, value in sorted(current.items()) if value != bag.MASK},
        "scope": "all" if current.get(bag.SCOPE, "").lower() == "true" else "assigned",
        "notification": {
            "enabled": bool(notification.get("Enabled")),
            "recipients": [one.strip() for one in str(notification.get("Recipients") or "").split(",") if one.strip()],
        },
        "delete_threshold": threshold or 0,
        "skip_out_of_scope_deletions": current.get(bag.SKIP_DELETIONS, "").lower() == "true",
    }


def tries_target(plan: t.Sequence[Change]) -> bool:
    """Tell whether a plan changes what the target sees; the settings of the service itself need no trial."""
    return any(change.path not in bag.TYPED for change in plan)


def warnings(plan: t.Sequence[Change]) -> list[str]:
    """Return what an admin should know about a plan (page "Known issues" of application provisioning)."""
    narrowed = any(change.path == bag.SCOPE and bag.same(change.before, "true") for change in plan)
    text = "The scope changes from all to assigned: restart the job with entra.provisioning.sync_job_action afterwards."
    return [text] if narrowed else []


def credentials(params: t.Mapping[str, t.Any], current: Bag) -> Bag:
    """Return the credentials to try before a write: those that are given, with what can be read of the others."""
    readable = {key: value for key, value in current.items() if value != bag.MASK and key not in bag.TYPED}
    wanted = {**readable, **bag.checked_secrets(params), **bag.desired_settings(params, current)}
    return {key: value for key, value in wanted.items() if key not in bag.TYPED}


def _lacking(graph: Graph, principal: Principal, job_id: str, given: Bag | None) -> str:
    """Say which credentials the template asks for that were not given; read only after a refusal."""
    template = next((one for one in templates.listed(graph, principal) if job_id.startswith(f"{one['id']}.")), {})
    have = {key.lower() for key in (stored(graph, principal) if given is None else given)}
    missing = [name for name in templates.wanted_credentials(template) if name not in have]
    return f"The template also asks for: {', '.join(missing)}. " if missing else ""


def validate(graph: Graph, principal: Principal, job_id: str, credentials: Bag | None) -> None:
    """Let the service try credentials at the target; None tries the stored ones. Nothing is stored by this.

    :raises ProvisioningError: with what the target answered.
    """
    body: dict[str, t.Any] = {"useSavedCredentials": credentials is None}
    if credentials is not None:
        body["credentials"] = [{"key": key, "value": value} for key, value in credentials.items() if value]
    try:
        graph.send(endpoints.JOB_VALIDATE.call(sp=principal.id, job=job_id, body=body))
    except GraphError as error:
        if error.status not in (400, 422):
            raise
        which = "stored credentials" if credentials is None else "new credentials"
        lacking = _lacking(graph, principal, job_id, credentials)
        raise ProvisioningError(
            f"The target does not accept the {which}: {error.facts.get('service_message') or error.message} "
            f"({error.code or error.status}). Nothing was written. Check the address (BaseAddress) and the token "
            f"(SecretToken) with the target's documentation. {lacking}"
            f"(request id {error.facts.get('request_id', 'not given')})",
            **error.facts,
        ) from error
