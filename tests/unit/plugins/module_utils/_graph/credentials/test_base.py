# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sign-in service says, in words that help."""

from __future__ import annotations

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.base import ADVICE, read_answer
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import SignInFailed


def test_a_token_is_taken() -> None:
    assert read_answer("sign in", {"access_token": "x", "expires_in": "3600"}).value == "x"


@pytest.mark.parametrize("code", ADVICE)
def test_a_known_code_has_its_advice(code: str) -> None:
    text = f"{code}: What the service says. Trace ID: 1 Correlation ID: 2\r\nTimestamp: 3"
    with pytest.raises(SignInFailed) as caught:
        read_answer("sign in as c", {"error": "invalid_client", "error_description": text})
    assert caught.value.message == f"Could not sign in as c: {code}: What the service says. {ADVICE[code]}"
    assert caught.value.facts == {"sign_in_error": "invalid_client"}


def test_a_code_is_not_taken_for_a_shorter_one() -> None:
    with pytest.raises(SignInFailed) as caught:
        read_answer("sign in", {"error_description": "AADSTS700249: Another thing"})
    assert ADVICE["AADSTS700024"] not in caught.value.message


def test_without_words_it_says_so() -> None:
    with pytest.raises(SignInFailed) as caught:
        read_answer("sign in", {})
    assert caught.value.message == "Could not sign in: no reason given."
