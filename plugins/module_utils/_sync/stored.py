# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Reading the bag of credentials and settings. What cannot be read is a failure, never an empty bag."""

from __future__ import annotations

import typing as t

from . import bag, endpoints
from .bag import Bag
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph


def read(graph: Graph, principal: Principal) -> Bag:
    """Return the bag as the service shows it.

    :raises GraphError: where it shows none. An application without credentials has an empty list; a 404 or an answer
        without a list says nothing of them, and a write that went by it would drop them all.
    """
    if principal.planned:
        return {}
    return bag.read(graph.pages(endpoints.SECRETS_GET.call(sp=principal.id)))
