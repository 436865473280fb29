# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Fingerprints of secrets: a text that tells whether a secret is still the same, but not what it is.

The service shows no secret, so whether one has changed can be known only from what its owner kept. The text holds a
slow, salted hash per key, so that guessing even a short token from it is dear:
``pbkdf2-sha256$ROUNDS$SALT$KEY=DIGEST,KEY=DIGEST``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import os
import re
import typing as t

from .._graph.errors import BadInput

# PBKDF2, since scrypt is missing where the operating system runs in FIPS mode; rounds as the OWASP Password Storage
# Cheat Sheet asks for. About a tenth of a second per key.
ROUNDS = 600_000
_FEWEST, _MOST = 100_000, 10_000_000
_DIGEST = r"[A-Za-z0-9]+=[0-9a-f]{64}"
_FORM = re.compile(
    rf"pbkdf2-sha256\$(?P<rounds>\d{{6,8}})\$(?P<salt>[0-9a-f]{{32}})\$(?P<keys>({_DIGEST}(,{_DIGEST})*)?)"
)


@dataclasses.dataclass(frozen=True)
class Fingerprint:
    """A fingerprint after parsing; ``digests`` are hexadecimal, by key."""

    text: str
    rounds: int
    salt: bytes
    digests: t.Mapping[str, str]

    def fits(self, key: str, value: str) -> bool:
        """Tell whether a secret is the one that the fingerprint was made of. Takes about a tenth of a second."""
        known = self.digests.get(key)
        return known is not None and hmac.compare_digest(known, _digest(key, value, self.salt, self.rounds))


# Of nothing: no secret fits it.
NONE = Fingerprint("", ROUNDS, b"", {})


def of(secrets: t.Mapping[str, str]) -> str:
    """Return a new fingerprint of secrets by key; one without a value (that is to be removed) is left out."""
    salt = os.urandom(16)
    digests = [f"{key}={_digest(key, value, salt, ROUNDS)}" for key, value in sorted(secrets.items()) if value]
    return f"pbkdf2-sha256${ROUNDS}${salt.hex()}${','.join(digests)}"


def parsed(text: str) -> Fingerprint:
    """Return a fingerprint that a caller kept; an empty text, as on the first run, is that of nothing.

    :raises BadInput: for a text that :func:`of` did not make.
    """
    if not text.strip():
        return NONE
    found = _FORM.fullmatch(text.strip())
    if not found or not _FEWEST <= int(found["rounds"]) <= _MOST:
        raise BadInput(
            "The option fingerprint takes the text that this module returned under the key fingerprint, unchanged. "
            "Leave it out to write the secrets and get a new one."
        )
    pairs = [one.partition("=") for one in found["keys"].split(",") if one]
    digests = {key: digest for key, _equals, digest in pairs}
    return Fingerprint(found.string, int(found["rounds"]), bytes.fromhex(found["salt"]), digests)


def given(params: t.Mapping[str, t.Any]) -> Fingerprint:
    """Return the fingerprint in the options.

    :raises BadInput: for one that is none, and where it would have no effect.
    """
    known = parsed(params.get("fingerprint") or "")
    if known is not NONE and params["update_secrets"] == "on_create":
        raise BadInput("The option fingerprint has no effect with update_secrets on_create; set that to on_change.")
    return known


def _digest(key: str, value: str, salt: bytes, rounds: int) -> str:
    # With the key in the salt, equal secrets under two keys do not look equal.
    return hashlib.pbkdf2_hmac("sha256", value.encode(), salt + key.encode(), rounds).hex()
