# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What stops an edit of a schema, told with the names that were probably meant."""

from __future__ import annotations

import difflib
import typing as t


class SchemaProblem(Exception):
    """A wish that cannot be carried out: it contradicts itself, or it names what the schema does not have."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def nearest(name: str, candidates: t.Iterable[str]) -> str:
    """Return " Nearest: a, b." with up to three names that look like the given one, or contain it; "" where none does.

    Case counts for nothing in the search. SCIM names are long: costCenter is found as the end of its urn.
    """
    wanted = name.lower()
    by_lower: dict[str, str] = {}
    for candidate in candidates:
        by_lower.setdefault(candidate.lower(), candidate)
    found = difflib.get_close_matches(wanted, list(by_lower), n=3, cutoff=0.6)
    found += [one for one in by_lower if len(wanted) > 2 and wanted in one and one not in found]
    return f" Nearest: {', '.join(by_lower[one] for one in found[:3])}." if found else ""
