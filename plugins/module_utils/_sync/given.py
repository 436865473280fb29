# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The credentials and settings that the options give, checked before anything is sent.

A value that came out empty is a mistake and no order: it is what an environment variable that is not set gives.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t
import unicodedata

from .._graph.errors import BadInput
from . import bag, settings
from .bag import Bag

# What is no text, as YAML makes it. Everything else is one, the texts of a vault included.
_KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a dictionary",
    datetime.date: "a date",
}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
# Ansible cannot keep so short a text out of its output without spoiling other words.
SHORTEST = 4


@dataclasses.dataclass(frozen=True)
class Wishes:
    """What the options want of a bag: secrets and plain settings by key, ``typed`` ones by option, keys to remove."""

    secrets: Bag
    plain: Bag
    typed: dict[str, t.Any]
    remove: tuple[str, ...]

    @property
    def credentials(self) -> Bag:
        """Everything that was given by key."""
        return {**self.secrets, **self.plain}


def wishes(params: t.Mapping[str, t.Any]) -> Wishes:
    """Return what the options want.

    :raises BadInput: naming the key or option that cannot be meant.
    """
    secrets = {key: _secret(key, value) for key, value in _given(params, "secrets").items()}
    plain = {key: _plain(key, value) for key, value in _given(params, "settings").items()}
    remove = tuple(dict.fromkeys(_removed(params, key) for key in params.get("remove") or []))
    for one, other, words in (
        (secrets, plain, "both in secrets and in settings"),
        ({**secrets, **plain}, dict.fromkeys(remove), "and named in remove as well"),
    ):
        twice = sorted(one.keys() & other.keys())
        if twice:
            raise BadInput(f"{' and '.join(twice)} is given {words}.")
    return Wishes(secrets, plain, _typed(params), remove)


def _given(params: t.Mapping[str, t.Any], option: str) -> dict[str, t.Any]:
    """Return the values of an option; a key without one (``SecretToken:`` in YAML) leaves alone what there is."""
    given = {
        bag.known_key(str(key)): one if isinstance(one, tuple(_KINDS)) else str(one)
        for key, one in (params.get(option) or {}).items()
        if one is not None
    }
    for key, value in given.items():
        if isinstance(value, str) and not value.strip():
            raise BadInput(
                f"{key} is given without a value in the option {option}, which is what a variable that is not set "
                f"gives. Set it, or leave {key} out to keep what is stored. What is stored is removed only by the "
                f"option remove of entra.provisioning.sync_secrets: remove: [{key}]."
            )
        if value == bag.MASK:
            raise BadInput(
                f"The value of {key} is the mask that the service shows in the place of a secret. Writing it back "
                "would replace the secret; leave the key out to keep what is stored."
            )
    return given


def _secret(key: str, value: t.Any) -> str:
    """Return a secret that was given.

    Modules and action plugins see the values inside a dictionary as YAML made them, so what is no text is known here.
    """
    if key in settings.TYPED:
        raise BadInput(f"{key} is no secret: set it with the option {settings.TYPED[key]}.")
    if not isinstance(value, str):
        kind = next(words for kind, words in _KINDS.items() if isinstance(value, kind))
        raise BadInput(
            f"{key} is {kind} and no text: YAML reads true, no, 0123 and the like so where they have no quotes. Put "
            "the secret in quotes; structures can be turned into a text with the filter to_json."
        )
    _refuse_control(key, value)
    _refuse_invisible(key, value)
    if len(value) < SHORTEST:
        raise BadInput(
            f"The value of {key} is shorter than four characters: Ansible cannot keep so short a text out of its "
            "output without spoiling other words. If it is no secret, give it in the option settings."
        )
    return value


def _plain(key: str, value: t.Any) -> str:
    if key in settings.TYPED:
        raise BadInput(f"Set {key} with the option {settings.TYPED[key]}, not with settings.")
    if key in bag.SECRET_KEYS:
        raise BadInput(f"{key} is a secret: give it in the option secrets, which keeps it out of all output.")
    stored = bag.text(value)
    _refuse_control(key, stored)
    return stored


def _refuse_control(key: str, value: str) -> None:
    # JSON may be spread over lines; nothing else that a target asks for is.
    allowed = "\t\r\n" if key in bag.JSON_KEYS else ""
    if any(unicodedata.category(one) == "Cc" and one not in allowed for one in value):
        raise BadInput(
            f"The value of {key} holds a line break or another control character, which no target takes. It may come "
            "from the end of a file; the filter trim takes it off."
        )


def _refuse_invisible(key: str, value: str) -> None:
    """Refuse what comes along when a secret is copied from a page or a mail, and what nobody sees afterwards."""
    if key in bag.JSON_KEYS:
        return
    hidden = [one for one in value if unicodedata.category(one) in ("Cf", "Zs", "Zl", "Zp") and one != " "]
    if hidden or value != value.strip():
        raise BadInput(
            f"The value of {key} {'holds a character that cannot be seen' if hidden else 'begins or ends with a blank'}"
            f"{f' (U+{ord(hidden[0]):04X})' if hidden else ''}, as a text does that was copied along with more than "
            "itself. The filter trim takes blanks off at both ends."
        )


def _removed(params: t.Mapping[str, t.Any], name: str) -> str:
    key = bag.known_key(name)
    if key in settings.TYPED:
        raise BadInput(f"{key} is not removed: set it with the option {settings.TYPED[key]}.")
    if key in bag.JSON_KEYS and params.get("secrets_put") != "replace":
        raise BadInput(
            f"{key} holds JSON and cannot be blanked: the service refuses an empty value for it. It can be left out "
            "where a write is known to replace all there is, secrets_put: replace."
        )
    return key


def _typed(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    typed = settings.given(params)
    if typed.get("delete_threshold", 0) < 0:
        raise BadInput("The option delete_threshold takes 0 to switch the guard off, or a positive number.")
    recipients = typed.get("notification.recipients")
    if recipients is not None:
        if any(not str(one).strip() for one in recipients):
            raise BadInput(
                "The option notification.recipients holds an address without a value, which is what a variable that is "
                "not set gives. Set it, or leave the option out to keep who is stored; [] tells nobody."
            )
        typed["notification.recipients"] = [str(one).strip() for one in recipients]
        _refuse_recipients(typed)
    return typed


def _refuse_recipients(typed: t.Mapping[str, t.Any]) -> None:
    recipients = typed["notification.recipients"]
    odd = [one for one in recipients if not _ADDRESS.fullmatch(one)]
    if odd:
        raise BadInput(
            f"The option notification.recipients holds what is no mail address: {', '.join(map(repr, odd))}."
        )
    if not recipients and typed.get("notification.enabled"):
        raise BadInput(
            "The option notification is enabled, and tells nobody: name who is to be told in notification.recipients."
        )
