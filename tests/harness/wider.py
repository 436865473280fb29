# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that try a behaviour once more, in another way: ``make wider`` and CI run them, ``make test`` leaves them out.

Each carries the marker ``wider`` with a sentence that says what it repeats.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def mostly(values: Iterable[Any], keep: Collection[Any], repeats: str) -> list[Any]:
    """Values to parametrize with; all but those to keep are for ``make wider``.

    A tuple gives the values of several arguments.

    :param repeats: what the others repeat, as a sentence.
    """
    mark = pytest.mark.wider(repeats)
    return [
        one if one in keep else pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=mark) for one in values
    ]


#: both ways to run a module; within the worker is the one that users have
DOORS = mostly(["fast", "module"], ["fast"], "The same as a module in a process of its own.")
