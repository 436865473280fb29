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

from .._graph.errors import ProvisioningError
from .._task import Change
from . import bag, connectivity, endpoints, fingerprint, jobs, waits
from .bag import Bag
from .fingerprint import Fingerprint
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph
    from .._task import Task


def stored(graph: Graph, principal: Principal) -> Bag:
    """Return the bag as the service shows it."""
    if principal.planned:
        return {}
    call = endpoints.SECRETS_GET.call(sp=principal.id)
    return bag.read(graph.pages(call))


def to_write(current: Bag, secrets: Bag, update: str, known: Fingerprint = fingerprint.NONE) -> Bag:
    """Return the secrets that have to be written.

    :arg update: ``always`` writes every given secret, ``on_create`` only those that are not there, ``on_change`` also
        those that do not fit the fingerprint.
    A value that the service shows in clear is compared for real in all cases.
    """
    due: Bag = {}
    for key, value in secrets.items():
        shown = current.get(key)
        if shown is not None and shown != bag.MASK:
            if not bag.same(shown, value):
                due[key] = value
        elif value == "" and shown is None:
            continue
        elif value == "" or shown is None or _again(key, value, update, known):
            due[key] = value
    return due


def _again(key: str, value: str, update: str, known: Fingerprint) -> bool:
    return update == "always" or (update == "on_change" and not known.fits(key, value))


def plan(task: Task, principal: Principal, current: Bag, known: Fingerprint = fingerprint.NONE) -> list[Change]:
    """Return the changes of the bag; one request makes them all.

    :arg known: the fingerprint that the caller kept.
    :raises ProvisioningError: where a hidden secret could get lost.
    """
    secrets = bag.checked_secrets(task.params)
    settings = bag.desired_settings(task.params, current)
    due = to_write(current, secrets, task.params["update_secrets"], known)
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

    def wait(_answer: t.Any) -> Bag:
        now = waits.until(
            task.deadline,
            "waiting until the written settings can be read back",
            lambda: stored(task.graph, principal),
            lambda seen: not _differing(body, seen),
            tell=lambda seen: f"{', '.join(_differing(body, seen))} not as written",
        )
        left_out = sorted(key for key, value in before.items() if value == bag.MASK and key not in body)
        lost = [key for key in left_out if key not in now]
        if lost:
            task.warn(f"The service replaced all it had, so {' and '.join(lost)} is gone, as allow_partial permits.")
        elif left_out and not _differing(body, before):
            task.warn(
                f"{' and '.join(left_out)} was left out of the write, as allow_partial permits. It is still shown, but "
                "nothing that can be read has changed, so the service may not show the write yet. Look again later."
            )
        return now

    return wait


def _differing(body: Bag, now: Bag) -> list[str]:
    """Return the keys that do not show what was written; of a hidden one only its presence can be seen."""
    hidden = {key for key, value in body.items() if value and now.get(key) == bag.MASK}
    return [key for key, value in body.items() if key not in hidden and not bag.same(now.get(key), value)]


def kept_fingerprint(task: Task, plan: t.Sequence[Change], known: Fingerprint) -> str:
    """Return the fingerprint that the caller shall keep: the given one while it holds.

    Check mode returns the given one: who stored that of a secret which was never written would never write it.
    """
    secrets = {key: value for key, value in bag.checked_secrets(task.params).items() if value}
    written = {change.path for change in plan} & secrets.keys()
    if task.check_mode or (not written and known.digests.keys() == secrets.keys()):
        return known.text
    return fingerprint.of(secrets)


def record(current: Bag) -> dict[str, t.Any]:
    """Return what may be told of a bag: settings in clear, of secrets only that they are there."""
    notification = bag.as_object(current.get(bag.NOTIFICATION)) or {}
    threshold = (
        notification.get("DeleteThresholdValue") if bag.is_true(notification.get("DeleteThresholdEnabled")) else 0
    )
    return {
        "secret_keys": sorted(key for key, value in current.items() if value == bag.MASK),
        "settings": {key: value for key, value in sorted(current.items()) if value != bag.MASK},
        "scope": "all" if bag.is_true(current.get(bag.SCOPE)) else "assigned",
        "notification": {
            "enabled": bag.is_true(notification.get("Enabled")),
            "recipients": [one.strip() for one in str(notification.get("Recipients") or "").split(",") if one.strip()],
        },
        "delete_threshold": threshold or 0,
        "skip_out_of_scope_deletions": bag.is_true(current.get(bag.SKIP_DELETIONS)),
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


class Trials:
    """The trials of credentials at the target that the options ask for, before a write and after it.

    ``passed`` tells whether there was one. Where only settings of the service itself change, there is none.
    """

    def __init__(self, task: Task, principal: Principal, plan: t.Sequence[Change]) -> None:
        self._task, self._principal = task, principal
        due = [name for name in ("validate", "validate_stored") if task.params[name] and tries_target(plan)]
        self._job = jobs.addressed(task, principal) if due else None
        self._due = due if self._job else []
        self.passed = False

    def before(self, current: Bag) -> None:
        """Try the credentials as they would be after the write."""
        self._try("validate", credentials(self._task.params, current))

    def after(self, seen: Bag) -> Bag:
        """Try what is stored now; returns what was seen of it."""
        self._try("validate_stored", None)
        return seen

    def _try(self, option: str, given: Bag | None) -> None:
        if self._job and option in self._due:
            connectivity.validate(self._task.graph, self._principal, self._job["id"], given)
            self.passed = True
