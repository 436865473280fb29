# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""When a call is sent again, and after how long."""

from __future__ import annotations

import email.utils
import math
import random
import time
import typing as t

# Refused before anything was done, so that any verb may be sent again.
REFUSED = frozenset({429})
# May have been carried out; only calls that may be repeated are sent again.
UNSURE = frozenset({408, 500, 502, 503, 504})
# What replicas answer for an object that was created a moment ago (terraform-provider-azuread retries the same).
NOT_YET = frozenset({403, 404, 409})

# Consecutive failures of one call before giving up, whatever the deadline: trouble that lasts is not transient.
MOST_TRIES = 6
# An answer of success that makes no sense may be that of a replica in trouble, but hardly that of three.
ODD_TRIES = 3
LONGEST_PAUSE = 30.0
# An answer that asks for less ("Retry-After: 0", a date that has passed) would have the call repeated without a pause.
SHORTEST_ASKED = 0.1


def retry_after(headers: t.Mapping[str, t.Any], now: float | None = None) -> float | None:
    """Return the seconds that the service asks to wait, from either form of Retry-After, or None.

    :arg now: seconds of the epoch, for the form that is a date.
    """
    # In a batch, headers are JSON and may be numbers.
    value = str(next((value for name, value in headers.items() if name.lower() == "retry-after"), "")).strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(value).timestamp()
        except (TypeError, ValueError, OverflowError, IndexError):
            return None
        seconds = moment - (time.time() if now is None else now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def pause_before(attempt: int, asked: float | None, jitter: t.Callable[[], float] = random.random) -> float:
    """Return how many seconds to wait before the next try.

    :arg attempt: how often the call has failed so far, from 1.
    :arg asked: what the service asked for, or None; jitter then only adds, so that it is never too early.
    """
    if asked is not None and asked >= SHORTEST_ASKED:
        return asked + min(1.0, asked * 0.1) * jitter()
    return min(LONGEST_PAUSE, 0.5 * 2.0 ** min(attempt - 1, 10)) * (0.5 + 0.5 * jitter())
