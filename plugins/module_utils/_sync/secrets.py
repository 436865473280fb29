# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The one write of the bag: what it carries, and everything that may become another one through it.

Whether a PUT replaces the bag or merges into it is contradictory in the documentation (cloud sync page against
msgraph-metadata issue 347). So unless the option secrets_put says what is known of the tenant, a PUT carries all that
is known, never a mask, and is refused where a secret that was not given could get lost. Pure functions.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .._graph.errors import BadInput, ProvisioningError
from .._task import Change
from . import bag, fingerprint, settings
from .bag import Bag
from .fingerprint import Fingerprint
from .given import Wishes


@dataclasses.dataclass(frozen=True)
class Write:
    """What there is (``before``), what a PUT carries (``body``, texts that are empty remove), and why.

    ``due`` are the secrets that are to be written, ``plain`` the plain settings that differ, ``typed`` the rows of the
    settings that do, ``removed`` the keys that are to go. ``carried`` are the given secrets that only go along, for the
    reason ``because``. ``left_out`` are the stored ones that may get lost, as allow_partial permits, and ``kept`` the
    hidden ones that stay out of the body and stay as they are, since the service merges.
    """

    before: Bag
    body: Bag
    due: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    typed: tuple[settings.Setting, ...] = ()
    removed: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    because: str = ""
    left_out: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.due or self.plain or self.typed or self.removed)

    @property
    def at_target(self) -> bool:
        """Tell whether it may change what the target sees; the settings of the service itself need no trial."""
        return bool(self.due or self.plain or self.removed or self.carried or self.left_out)

    @property
    def after(self) -> Bag:
        """The bag as it is after the write, where all goes as planned; what is hidden is not known."""
        gone = {key for key, value in self.body.items() if not value} | {*self.left_out, *self.removed}
        return {key: value for key, value in {**self.before, **self.body}.items() if key not in gone}

    @property
    def credentials(self) -> Bag:
        """What the target sees after the write."""
        return {key: value for key, value in bag.shown(self.after).items() if key not in settings.TYPED}

    def changes(self) -> list[Change]:
        """Return everything that may become another one, without the request."""
        return [
            *(_written(key, self.before) for key in sorted(self.due)),
            *(_removed(key) for key in sorted(self.removed) if self.before[key] == bag.MASK),
            *(_carried(key, self.because) for key in sorted(self.carried)),
            *(_left_out(key) for key in sorted(self.left_out)),
            *(
                Change(key, _readable(self.before.get(key)), _readable(self.body.get(key)), None)
                for key in sorted({*self.plain, *(one for one in self.removed if self.before[one] != bag.MASK)})
            ),
            *(
                Change(row.label, row.told(row.read(self.before.get(row.key))), _after(row, self.body), None)
                for row in self.typed
            ),
        ]


def to_write(current: Bag, secrets: Bag, update: str, known: Fingerprint = fingerprint.NONE) -> Bag:
    """Return the secrets that have to be written.

    :arg update: ``always`` writes every given secret, ``on_create`` only those that are not there, ``on_change`` also
        those that do not fit the fingerprint.
    A value that the service shows in clear is compared for real in all cases.
    """
    due: Bag = {}
    for key, value in secrets.items():
        shown = current.get(key)
        if shown is None or (_again(key, value, update, known) if shown == bag.MASK else not bag.same(shown, value)):
            due[key] = value
    return due


def _again(key: str, value: str, update: str, known: Fingerprint) -> bool:
    return update == "always" or (update == "on_change" and not known.fits(key, value))


def planned(
    wishes: Wishes, current: Bag, params: t.Mapping[str, t.Any], known: Fingerprint = fingerprint.NONE
) -> Write:
    """Return the write that makes the bag as wanted; a false one where it is so already.

    :arg known: the fingerprint that the caller kept.
    :raises ProvisioningError: where a hidden secret could get lost.
    """
    due = to_write(current, wishes.secrets, params["update_secrets"], known)
    plain = {key: value for key, value in wishes.plain.items() if not bag.same(current.get(key), value)}
    removed = {key: "" for key in wishes.remove if key in current}
    for key in wishes.plain:
        if current.get(key) == bag.MASK:
            raise BadInput(f"The service keeps {key} secret. Give it in the option secrets, not in settings.")
    rows = tuple(settings.changing(wishes.typed, current))
    write = Write(
        current,
        {**bag.shown(current), **due, **plain, **removed, **settings.written(wishes.typed, current)},
        tuple(due),
        tuple(plain),
        rows,
        tuple(removed),
    )
    if not write:
        return write
    return _merging(write, wishes, params) if params["secrets_put"] == "merge" else _whole(write, wishes, params)


def _whole(write: Write, wishes: Wishes, params: t.Mapping[str, t.Any]) -> Write:
    """Return a write with all that a service which replaces the bag needs.

    :raises ProvisioningError: where it lacks something.
    """
    known_to_replace = params["secrets_put"] == "replace"
    rest = [key for key in bag.hidden(write.before) if key not in write.body]
    carried = {key: wishes.secrets[key] for key in rest if key in wishes.secrets}
    left_out = tuple(key for key in rest if key not in carried)
    if left_out and not params["allow_partial"]:
        raise _loss(left_out, known_to_replace)
    body = {**write.body, **carried}
    if known_to_replace:
        # What holds JSON takes no empty value, and goes by being left out.
        body = {key: value for key, value in body.items() if value or key not in bag.JSON_KEYS}
    because = f"the service {'replaces' if known_to_replace else 'may replace'} all it has"
    return dataclasses.replace(write, body=body, carried=tuple(carried), because=because, left_out=left_out)


def _loss(keys: t.Sequence[str], known_to_replace: bool) -> ProvisioningError:
    merge = (
        ", or secrets_put to merge where the tenant is known to keep what a write leaves out, which the playbook "
        "entra.provisioning.probe_tenant finds out"
    )
    return ProvisioningError(
        f"Nothing was written: the service holds {' and '.join(keys)}, which cannot be read back, and the option "
        f"secrets does not give it. A write that leaves it out {'deletes' if known_to_replace else 'may delete'} it. "
        f"Give it as well, or set allow_partial to true if losing it does no harm{'' if known_to_replace else merge}.",
        hidden_keys=list(keys),
    )


def _merging(write: Write, wishes: Wishes, params: t.Mapping[str, t.Any]) -> Write:
    """Return a write for a service that merges: a secret that nobody wants to write stays out of it.

    Where the target is to try what changes, it needs the whole sign-in, and what was tried is what is stored.

    :raises ProvisioningError: where the sign-in cannot be tried, since a part of it was not given.
    """
    rest = [key for key in bag.hidden(write.before) if key not in write.body]
    if params["validate"] is False or not write.at_target:
        return dataclasses.replace(write, kept=tuple(rest))
    missing = [key for key in rest if key not in wishes.secrets]
    if missing:
        raise ProvisioningError(
            f"Nothing was written: what changes cannot be tried at the target without {' and '.join(missing)}, which "
            "the service holds and does not show, and which the option secrets does not give. Give it as well, "
            "or use a task of entra.provisioning.sync_secrets with validate: false and validate_stored: true, which "
            "tries what is stored after the write.",
            hidden_keys=missing,
        )
    carried = {key: wishes.secrets[key] for key in rest}
    with_what = sorted({*write.due, *write.plain, *write.removed})
    because = f"it was tried together with {' and '.join(with_what)}"
    return dataclasses.replace(write, body={**write.body, **carried}, carried=tuple(carried), because=because)


def _written(key: str, before: Bag) -> Change:
    was = "(stored)" if key in before else None
    return Change(key, was, "(a new value)", None, says=f"write {key}")


def _removed(key: str) -> Change:
    return Change(key, "(stored)", None, None, says=f"remove {key}")


def _carried(key: str, because: str) -> Change:
    return Change(key, "(stored)", f"(the given one, sent along because {because})", None)


def _left_out(key: str) -> Change:
    return Change(key, "(stored)", "(left out: the service may delete it)", None)


def _after(row: settings.Setting, body: Bag) -> str | None:
    return row.told(row.read(body.get(row.key)))


def _readable(value: str | None) -> str | None:
    """Return a setting for people: JSON as its members, nothing for an empty one."""
    members = bag.as_object(value)
    if not members:
        return value or None
    return ", ".join(f"{name} {json.dumps(member, ensure_ascii=False)}" for name, member in members.items())


def not_compared(wishes: Wishes, write: Write, params: t.Mapping[str, t.Any]) -> list[str]:
    """Return the given secrets of which nobody can say whether they are the stored ones, and which are not written."""
    if params["update_secrets"] != "on_create":
        return []
    hidden = bag.hidden(write.before)
    return [key for key in hidden if key in wishes.secrets and key not in (*write.due, *write.carried)]


def unseen(write: Write) -> list[str]:
    """Return the secrets of a write that nothing shows to be carried out, since all that it changes is hidden."""
    shown = write.plain or write.typed or write.removed or any(write.before.get(key) != bag.MASK for key in write.due)
    return [] if shown else list(write.due)


def notes(names: t.Sequence[str], unread: t.Sequence[str] = ()) -> list[str]:
    """Return what a summary should say of secrets.

    :arg names: those that were not compared.
    :arg unread: those that were written, and of which nothing shows that they were stored.
    """
    if unread:
        return [
            f"The service has accepted {' and '.join(unread)} and shows nothing of it. validate_stored: true tries "
            "what is stored."
        ]
    if not names:
        return []
    one = len(names) == 1
    was, ones, them = ("was", "one", "it") if one else ("were", "ones", "them")
    return [
        f"{' and '.join(names)} {was} not compared with the stored {ones}: the service does not show {them}. The "
        f"playbook entra.provisioning.rotate_credentials writes {them}, and so does update_secrets: always."
    ]


def kept_fingerprint(wishes: Wishes, write: Write, known: Fingerprint, *, check_mode: bool) -> str:
    """Return the fingerprint that the caller shall keep: the given one while it holds.

    Check mode returns the given one: who stored that of a secret which was never written would never write it.
    """
    if check_mode or (not set(write.due) & wishes.secrets.keys() and known.digests.keys() == wishes.secrets.keys()):
        return known.text
    return fingerprint.of(wishes.secrets)
