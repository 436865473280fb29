# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The settings that have an option of their own, one row each, and the one way to read and to write them.

Whatever tells, compares, guards or writes such a setting goes through this table. Pure functions.
"""

from __future__ import annotations

import dataclasses
import typing as t

from . import bag
from .bag import Bag


@dataclasses.dataclass(frozen=True)
class Risk:
    """Why a setting is guarded: ``name`` is what the option allow takes, ``is_meant`` tells which way is risky."""

    name: str
    is_meant: t.Callable[[t.Any, t.Any], bool]
    hits: t.Callable[[t.Any], str]


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting: its ``option`` (a dot before a suboption), the ``key`` that holds it, and its ``label`` for people.

    ``read`` returns the value from the stored text, None where that says nothing of it. ``write`` returns the text to
    store, from the value and the text that was there. ``default`` is what counts where nothing is stored.
    """

    option: str
    key: str
    label: str
    default: t.Any
    read: t.Callable[[str | None], t.Any]
    write: t.Callable[[t.Any, str | None], str]
    words: t.Callable[[t.Any], str]
    risk: Risk | None = None

    def told(self, value: t.Any) -> str | None:
        """Return a value in words, None for one that is not stored."""
        return None if value is None else self.words(value)

    def differs(self, one: t.Any, other: t.Any) -> bool:
        """Tell whether two values differ; the order and the case of addresses mean nothing."""
        if isinstance(one, list) and isinstance(other, list):
            return {str(item).lower() for item in one} != {str(item).lower() for item in other}
        return bool(one != other)


def _flag(stored: str | None) -> bool | None:
    return None if stored is None else bag.is_true(stored)


def _members(stored: str | None) -> dict[str, t.Any]:
    return bag.as_object(stored) or {}


def _with(members: t.Callable[[t.Any], dict[str, t.Any]]) -> t.Callable[[t.Any, str | None], str]:
    """Return the writer of some members of a stored object, which keeps the others."""
    return lambda value, stored: bag.text({**_members(stored), **members(value)})


def _enabled(stored: str | None) -> bool | None:
    members = _members(stored)
    return bag.is_true(members["Enabled"]) if "Enabled" in members else None


def _recipients(stored: str | None) -> list[str] | None:
    members = _members(stored)
    if "Recipients" not in members:
        return None
    return [one.strip() for one in str(members["Recipients"] or "").split(",") if one.strip()]


def _threshold(stored: str | None) -> int | None:
    """Return the threshold as a number, 0 where the guard is off or holds something that is no number.

    Source of the members: entra-docs pull request 2084. Other clients write numbers and booleans as texts.
    """
    members = _members(stored)
    if "DeleteThresholdEnabled" not in members:
        return None
    if not bag.is_true(members["DeleteThresholdEnabled"]):
        return 0
    try:
        return max(0, int(str(members.get("DeleteThresholdValue") or 0)))
    except ValueError:
        return 0


def _threshold_members(value: int) -> dict[str, t.Any]:
    # The number stays where the guard is switched off, so that the portal still shows it.
    return (
        {"DeleteThresholdEnabled": True, "DeleteThresholdValue": value} if value else {"DeleteThresholdEnabled": False}
    )


def _on(value: bool) -> str:
    return "on" if value else "off"


# What a count of people is put into where it is known.
_ALL = "every account that it wants to remove"

TABLE = (
    Setting(
        option="scope",
        key=bag.SCOPE,
        label="scope",
        default="assigned",
        read=lambda stored: None if stored is None else "all" if bag.is_true(stored) else "assigned",
        write=lambda value, _stored: "true" if value == "all" else "false",
        words={"all": "all users and groups", "assigned": "assigned users and groups only"}.__getitem__,
        risk=Risk(
            "scope",
            lambda before, after: before == "all" and after == "assigned",
            lambda _after: "whoever is not assigned to the application is disabled in the target",
        ),
    ),
    Setting(
        option="notification.enabled",
        key=bag.NOTIFICATION,
        label="notification emails",
        default=False,
        read=_enabled,
        write=_with(lambda value: {"Enabled": value}),
        words=_on,
    ),
    Setting(
        option="notification.recipients",
        key=bag.NOTIFICATION,
        label="notification recipients",
        default=[],
        read=_recipients,
        write=_with(lambda value: {"Recipients": ",".join(value)}),
        words=lambda value: ", ".join(value) or "nobody",
    ),
    Setting(
        option="delete_threshold",
        key=bag.NOTIFICATION,
        label="deletion threshold",
        default=0,
        read=_threshold,
        write=_with(_threshold_members),
        words=lambda value: str(value) if value else "off",
        risk=Risk(
            "delete_threshold",
            lambda before, after: bool(before) and (not after or after > before),
            lambda after: (
                f"a cycle may then disable or delete {after - 1} accounts, and is held at {after} only"
                if after
                else "no number of accounts to disable or delete holds a cycle any more"
            ),
        ),
    ),
    Setting(
        option="skip_out_of_scope_deletions",
        key=bag.SKIP_DELETIONS,
        label="skip deletions of accounts out of scope",
        default=False,
        read=_flag,
        write=lambda value, _stored: bag.text(value),
        words=_on,
        risk=Risk(
            "skip_out_of_scope_deletions",
            lambda before, after: bool(before) and not after,
            lambda _after: "whoever is out of scope by now, or will be, is disabled in the target",
        ),
    ),
)
# No option of its own, it is one of the plain settings; but what it does to people is guarded too.
HARD_DELETES = Setting(
    option="settings",
    key=bag.HARD_DELETES,
    label=bag.HARD_DELETES,
    default=False,
    read=_flag,
    write=lambda value, _stored: bag.text(value),
    words=_on,
    risk=Risk(
        "hard_deletes",
        lambda before, after: not before and bool(after),
        lambda _after: "accounts that used to be disabled are deleted in the target, with all that belongs to them",
    ),
)
GUARDED = tuple((one, one.risk) for one in (*TABLE, HARD_DELETES) if one.risk)
ALLOWED = tuple(risk.name for _row, risk in GUARDED)
# The options of each key that is written by options of its own.
TYPED = {
    row.key: " or ".join(dict.fromkeys(one.option.split(".")[0] for one in TABLE if one.key == row.key))
    for row in TABLE
}


def stored(current: Bag) -> dict[str, t.Any]:
    """Return what a bag says of each setting, by option; None where it says nothing."""
    return {row.option: row.read(current.get(row.key)) for row in TABLE}


def effective(current: Bag) -> dict[str, t.Any]:
    """Return what counts of each setting, by option."""
    return {row.option: row.default if value is None else value for row, value in zip(TABLE, stored(current).values())}


def written(wanted: t.Mapping[str, t.Any], current: Bag) -> Bag:
    """Return the keys to write so that the settings, by option, are as wanted.

    Those that are so already are left as they are, in whatever spelling.
    """
    found: Bag = {}
    for row in changing(wanted, current):
        found[row.key] = row.write(wanted[row.option], found.get(row.key, current.get(row.key)))
    return found


def changing(wanted: t.Mapping[str, t.Any], current: Bag) -> list[Setting]:
    """Return the rows whose stored value is another than the wanted one."""
    return [
        row for row in TABLE if row.option in wanted and row.differs(row.read(current.get(row.key)), wanted[row.option])
    ]


def given(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the settings that the options of a module give, by option; an option without a value is none."""
    found: dict[str, t.Any] = {}
    for row in TABLE:
        option, _dot, suboption = row.option.partition(".")
        value = params.get(option)
        if suboption:
            value = (value or {}).get(suboption)
        if value is not None:
            found[row.option] = value
    return found


def record(current: Bag) -> dict[str, t.Any]:
    """Return what may be told of a bag: settings in clear, of secrets only that they are there."""
    found: dict[str, t.Any] = {
        "secret_keys": bag.hidden(current),
        "settings": dict(sorted(bag.shown(current).items())),
    }
    for name, value in effective(current).items():
        option, _dot, suboption = name.partition(".")
        if suboption:
            found.setdefault(option, {})[suboption] = list(value) if isinstance(value, list) else value
        else:
            found[option] = value
    return found
