# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What can go wrong, each as an exception that carries one paragraph for the admin and the facts for a machine."""

from __future__ import annotations

import json
import textwrap
import traceback
import typing as t

_TRACKER = "https://github.com/entra-provisioning/entra.provisioning/issues"
_OURS = "/entra/provisioning/"


class ProvisioningError(Exception):
    """A failure that the admin can act on.

    :arg message: one paragraph: what was attempted on what, what happened, what to do next.
    :arg facts: what a playbook may want to test; returned under RV(error) of a failed task.
    """

    def __init__(self, message: str, **facts: t.Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = {name: fact for name, fact in facts.items() if fact not in (None, "")}


class BadInput(ProvisioningError):
    """The options contradict each other or cannot be meant; raised before the first request where possible."""


class SignInFailed(ProvisioningError):
    """No token could be had."""


class Unreachable(ProvisioningError):
    """The host did not answer, or its certificate is not trusted."""


class OutOfTime(ProvisioningError):
    """The deadline of the task has passed."""


class GraphError(ProvisioningError):
    """The service refused a call. RV(error.status) tells how."""

    def __init__(self, message: str, *, status: int, **facts: t.Any) -> None:
        super().__init__(message, status=status, **facts)
        self.status = status

    @property
    def code(self) -> str:
        """The innermost error code that the service gave, or an empty text."""
        return str(self.facts.get("inner_code") or self.facts.get("code") or "")


class OddAnswer(GraphError):
    """The service answered with success, and with something else than it does."""


class Unconfirmed(ProvisioningError):
    """A call that changes something was sent, and no answer says whether it arrived."""


class Unexpected(ProvisioningError):
    """A fault of this collection."""

    @classmethod
    def of(cls, fault: Exception) -> Unexpected:
        """Return it with what a report needs: the places in our files, without the values that a traceback may show."""
        frames = [one for one in traceback.extract_tb(fault.__traceback__) if _OURS in one.filename]
        places = [f"{one.filename.rpartition(_OURS)[2]}:{one.lineno}" for one in frames[-3:]]
        kind = type(fault).__name__
        said = textwrap.shorten(str(fault), 200)
        return cls(
            f"The task came upon something that this collection does not expect ({kind}{f': {said}' if said else ''}, "
            f"at {' > '.join(places) or 'an unknown place'}). That is a fault of the collection, not of your playbook. "
            "What the task had done by then may be done; run it again, since it looks first. Please report this "
            f"message at {_TRACKER}.",
            unexpected=kind,
            places=places,
        )


class ServiceAnswer(t.NamedTuple):
    """An error body, unwrapped.

    ``code`` is the outer code, ``inner_code`` the innermost one where they differ, ``message`` the innermost text.
    """

    code: str
    inner_code: str
    message: str
    request_id: str


def unwrap(body: t.Any) -> ServiceAnswer:
    """Read an error body, through the JSON that the synchronization backend puts inside ``error.message``.

    :arg body: the parsed JSON body, or the text of one that is not JSON.
    Two inner forms are known: ``{"error": {"code", "message"}}`` (msgraph-metadata issue 347) and
    ``{"Message": "No HTTP resource was found ..."}`` (msgraph-sdk-python issue 820).
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        # Cut between words, so that no secret in it is cut in two and then not found.
        return ServiceAnswer("", "", textwrap.shorten(body, 500) if isinstance(body, str) else "", "")
    code, message = str(error.get("code") or ""), str(error.get("message") or "")
    inner = error.get("innerError") or error.get("innererror") or {}
    request_id = str(inner.get("request-id") or "") if isinstance(inner, dict) else ""
    inner_code = ""
    while message.lstrip().startswith("{"):
        try:
            nested = json.loads(message)
        except (ValueError, RecursionError):
            break
        deeper = nested.get("error") if isinstance(nested, dict) else None
        if isinstance(deeper, dict):
            inner_code, message = str(deeper.get("code") or inner_code), str(deeper.get("message") or "")
        else:
            message = str(nested.get("Message") or nested.get("message") or message)
            break
    return ServiceAnswer(code, inner_code, message, request_id)
