# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a secret is the same, without the secret."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync import fingerprint

SECRETS = {"SecretToken": "t0p-secret-tøken", "Password": "t0p-secret-tøken"}
TEXT = fingerprint.of(SECRETS)


def test_it_fits_what_it_was_made_of_only() -> None:
    known = fingerprint.parsed(f" {TEXT}\n")
    assert known.text == TEXT
    assert all(known.fits(key, value) for key, value in SECRETS.items())
    assert not known.fits("SecretToken", "t0p-secret-token")
    assert not known.fits("ClientSecret", SECRETS["Password"])


def test_it_tells_nothing_of_the_secret() -> None:
    assert "t0p" not in TEXT
    assert fingerprint.of(SECRETS) != TEXT
    digests = list(fingerprint.parsed(TEXT).digests.values())
    assert len(set(digests)) == 2


def test_guessing_is_dear() -> None:
    """Each guess costs the rounds that the OWASP Password Storage Cheat Sheet asks for, and a salt of its own."""
    known = fingerprint.parsed(TEXT)
    assert known.rounds >= 600_000
    assert len(known.salt) == 16
    salt = known.salt + b"Password"
    slow = hashlib.pbkdf2_hmac("sha256", SECRETS["Password"].encode(), salt, known.rounds).hex()
    assert known.digests["Password"] == slow


def test_one_with_fewer_rounds_that_was_kept_for_long_still_fits() -> None:
    digest = hashlib.pbkdf2_hmac("sha256", b"words", b"\0" * 16 + b"Password", 200_000).hex()
    assert fingerprint.parsed(f"pbkdf2-sha256$200000${'00' * 16}$Password={digest}").fits("Password", "words")


def test_a_secret_that_is_to_be_removed_is_no_part_of_it() -> None:
    assert fingerprint.parsed(fingerprint.of({"Password": ""})).digests == {}


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_an_empty_text_is_that_of_nothing(nothing: str) -> None:
    assert fingerprint.parsed(nothing) is fingerprint.NONE
    assert not fingerprint.NONE.fits("Password", "words")


@pytest.mark.parametrize(
    "text",
    [
        "words",
        TEXT[:-1],
        TEXT + ",",
        TEXT.replace("pbkdf2", "scrypt"),
        TEXT.replace("600000", "1000"),
        TEXT.replace("600000", "99999999"),
        "[]",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="The option fingerprint takes the text that this module returned"):
        fingerprint.parsed(text)


def test_one_without_effect_is_refused() -> None:
    with pytest.raises(BadInput, match="set that to on_change"):
        fingerprint.given({"fingerprint": TEXT, "update_secrets": "on_create"})
    for update in ("on_change", "always"):
        assert fingerprint.given({"fingerprint": TEXT, "update_secrets": update}).text == TEXT
    assert fingerprint.given({"fingerprint": None, "update_secrets": "on_create"}) is fingerprint.NONE
