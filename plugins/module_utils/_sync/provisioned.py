# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What a job has done to people so far, as far as the job itself tells: pure functions over it."""

from __future__ import annotations

import collections
import typing as t

from . import jobs


def has_worked(job: jobs.Job) -> bool:
    """Tell whether accounts may exist already: a job in quarantine, or in its first cycle, may have ended none yet."""
    return jobs.has_run(job) or jobs.is_quarantined(job) or bool(sum(counts(job).values()))


def counts(job: t.Mapping[str, t.Any]) -> dict[str, int]:
    """Return how many objects are provisioned, by their name in the source; keys are like "User to urn:...:User"."""
    entries = (job.get("status") or {}).get("synchronizedEntryCountByType") or []
    found: dict[str, int] = collections.Counter()
    for one in entries:
        found[str(one.get("key")).split(" to ", 1)[0]] += int(one.get("value") or 0)
    return found


def told(found: t.Mapping[str, int]) -> str:
    """Return counts in words."""
    listed = [f"{count:,} {kind}" for kind, count in found.items() if count]
    return f"{' and '.join(listed)} object{'s' if sum(found.values()) != 1 else ''}" if listed else _NOTHING


_NOTHING = "nothing that it counts"
