# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Lists of parts under edit: by what they are grouped, which wish is about which part, and how the list goes back."""

from __future__ import annotations

import typing as t

Wish = t.TypeVar("Wish")
Part = t.TypeVar("Part")
Key = t.TypeVar("Key")


def grouped(parts: t.Iterable[Part], key: t.Callable[[Part], Key]) -> dict[Key, list[Part]]:
    """Return parts by a key, both in the order that they came in."""
    found: dict[Key, list[Part]] = {}
    for one in parts:
        found.setdefault(key(one), []).append(one)
    return found


def put_back(existing: list[Part], kept: t.Sequence[Part]) -> list[Part]:
    """Return the parts that are kept: those that existed in their old order, then the new ones.

    The old list itself where it has nothing to add or to remove, so that a missing one does not become an empty one.
    """
    staying, old = {id(one) for one in kept}, {id(one) for one in existing}
    if staying == old:
        return existing
    return [one for one in existing if id(one) in staying] + [one for one in kept if id(one) not in old]


def paired(
    wishes: t.Sequence[Wish], parts: t.Sequence[Part], distance: t.Callable[[Wish, Part], int]
) -> list[Part | None]:
    """Return for each wish the existing part that it is about; None where it needs a new one.

    As many wishes as possible get a part at distance 0, so that what is fulfilled stays untouched, whoever asks
    first. The others take what is nearest of the rest, the first of several: ``parts`` come in an order that does
    not depend on the document.
    """
    chosen = _fulfilled([[place for place, one in enumerate(parts) if not distance(wish, one)] for wish in wishes])
    free = [place for place in range(len(parts)) if place not in chosen.values()]
    for number, wish in enumerate(wishes):
        if number not in chosen and free:
            _far, place = min((distance(wish, parts[place]), place) for place in free)
            chosen[number] = place
            free.remove(place)
    return [parts[chosen[number]] if number in chosen else None for number in range(len(wishes))]


def _fulfilled(fitting: t.Sequence[t.Sequence[int]]) -> dict[int, int]:
    """Return a largest matching of wishes (by number) to the places that fit them, by augmenting paths (Kuhn)."""
    taken: dict[int, int] = {}

    def find(number: int, seen: set[int]) -> bool:
        for place in fitting[number]:
            if place not in seen:
                seen.add(place)
                if place not in taken or find(taken[place], seen):
                    taken[place] = number
                    return True
        return False

    for number in range(len(fitting)):
        find(number, set())
    return {number: place for place, number in taken.items()}
