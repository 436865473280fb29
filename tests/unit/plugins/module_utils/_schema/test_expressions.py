# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When two expressions mean the same."""

from __future__ import annotations

import json

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.expressions import normalised, text_of
from hypothesis import strategies as st

BLANKS = st.text(" \t\r\n", max_size=3)
NAMES = st.text(st.characters(blacklist_characters="]\r\n", blacklist_categories=["Cs"]), max_size=8)
LITERALS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
PIECES = st.one_of(
    LITERALS,
    NAMES.map(lambda name: f"[{name}]"),
    st.sampled_from(["Join(", "Switch(", ",", ")", "&", "="]),
)


@hypothesis.given(st.lists(st.tuples(PIECES, BLANKS, BLANKS), max_size=12))
def test_blanks_between_pieces_mean_nothing(pieces: list[tuple[str, str, str]]) -> None:
    one = "".join(piece + blank for piece, blank, _other in pieces)
    other = "".join(blank + piece for piece, _blank, blank in pieces)
    assert normalised(one) == normalised(other)


@hypothesis.given(st.lists(PIECES, min_size=1, max_size=8))
def test_normalising_keeps_every_piece(pieces: list[str]) -> None:
    assert normalised(" ".join(pieces)) == "".join(pieces)
    assert normalised(normalised(" ".join(pieces))) == normalised(" ".join(pieces))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('Join(" ", [a])', 'Join("", [a])'),
        ('Join("a  b")', 'Join("a b")'),
        ("[extension_1_cost center]", "[extension_1_costcenter]"),
        (r'Replace([a], "\" x")', r'Replace([a], "\"x")'),
        ('"an open literal', '"anopenliteral'),
        ("Not IsPresent([a])", "NotIsPresent([a])"),
    ],
)
def test_blanks_that_carry_meaning(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_the_spelling_of_the_service_is_equal() -> None:
    # The example of the parseExpression page.
    assert normalised('Replace([a], "-", , , "_", ,  )') == normalised('Replace([a], "-", , , "_", , )')


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (None, None),
        ({}, None),
        ({"expression": "", "name": "", "type": "Attribute", "parameters": []}, None),
        ({"expression": None, "name": "mail", "type": "Attribute"}, "[mail]"),
        ({"name": "mail"}, "[mail]"),
        ({"name": 'a "b" \\', "type": "Constant"}, json.dumps('a "b" \\')),
        ({"name": "", "type": "Constant"}, '""'),
        (
            {
                "name": "Append",
                "type": "Function",
                "parameters": [
                    {"key": "source", "value": {"name": "mail", "type": "Attribute"}},
                    {"key": "suffix", "value": {"name": "x", "type": "Constant"}},
                ],
            },
            'Append([mail], "x")',
        ),
        ({"name": "DefaultDomain", "type": "Function"}, "DefaultDomain()"),
    ],
)
def test_a_source_without_a_text_gets_one(source: dict[str, object] | None, text: str | None) -> None:
    assert text_of(source) == text
