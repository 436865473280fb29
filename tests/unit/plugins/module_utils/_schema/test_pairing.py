# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As many wishes as possible find a part that fulfils them; the others take the nearest of the rest."""

from __future__ import annotations

import itertools

import hypothesis
from ansible_collections.entra.provisioning.plugins.module_utils._schema.pairing import grouped, paired, put_back
from hypothesis import strategies as st


def _fits(wish: str, part: str) -> int:
    """Count the letters that a wish asks for and a part lacks."""
    return sum(letter not in part for letter in wish)


def test_a_vague_wish_does_not_take_what_a_precise_one_needs() -> None:
    assert paired(["a", "ab"], ["ab", "ac"], _fits) == ["ac", "ab"]


def test_the_rest_takes_the_nearest() -> None:
    assert paired(["xyz", "ab"], ["abx", "xyq"], _fits) == ["xyq", "abx"]


def test_more_wishes_than_parts() -> None:
    assert paired(["a", "b", "c"], ["b"], _fits) == [None, "b", None]


def test_more_parts_than_wishes() -> None:
    assert paired(["b"], ["a", "b"], _fits) == ["b"]
    assert paired([], ["a"], _fits) == []


letters = st.lists(st.text("abc", min_size=1, max_size=3), max_size=4)


@hypothesis.given(wishes=letters, parts=letters)
def test_no_other_pairing_fulfils_more(wishes: list[str], parts: list[str]) -> None:
    def fulfilled(chosen: list[str | None]) -> int:
        return sum(one is not None and not _fits(wish, one) for wish, one in zip(wishes, chosen))

    padded = [*parts, *([None] * len(wishes))]
    best = max(fulfilled(list(one)) for one in itertools.permutations(padded, len(wishes)))
    assert fulfilled(paired(wishes, parts, _fits)) == best


def test_grouped_keeps_both_orders() -> None:
    assert list(grouped(["b1", "a1", "b2"], lambda one: one[0]).items()) == [("b", ["b1", "b2"]), ("a", ["a1"])]


def test_put_back_keeps_the_old_order_and_the_old_list() -> None:
    one, two, new = ["one"], ["two"], ["new"]
    existing = [one, two]
    assert put_back(existing, [two, one]) is existing
    assert put_back(existing, [new, two, one]) == [one, two, new]
    assert put_back(existing, [two]) == [two]
