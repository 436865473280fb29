# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wrong name is answered with the names that were probably meant."""

from __future__ import annotations

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem, nearest


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("departmnt", " Nearest: department."),
        ("USERNAME", " Nearest: userName."),
        ("costCenter", " Nearest: urn:x:User:costCenter."),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_nearest(name: str, expected: str) -> None:
    assert nearest(name, ["department", "userName", "mail", "urn:x:User:costCenter"]) == expected


def test_three_at_most() -> None:
    assert nearest("attribute", [f"attribute{number}" for number in range(9)]).count("attribute") == 3


def test_several_are_told_apart() -> None:
    assert nearest("emails", ["email", "emails2", "phone"]) == " Nearest: emails2, email."


@pytest.mark.parametrize(("name", "found"), [("ab", False), ("abc", True)])
def test_two_letters_are_in_too_many_names(name: str, found: bool) -> None:
    long = f"urn:something:long:{name}:long:something"
    assert nearest(name, [long]) == (f" Nearest: {long}." if found else "")


def test_the_message_is_the_text() -> None:
    problem = SchemaProblem("No.")
    assert (problem.message, str(problem)) == ("No.", "No.")
