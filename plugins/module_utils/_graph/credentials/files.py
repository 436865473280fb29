# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Files with something to sign in with: read only where that ends soon."""

from __future__ import annotations

import os
import pathlib
import stat

# A certificate with its chain has some ten thousand bytes, a token two thousand.
MOST_BYTES = 1_000_000


def small_file(path: pathlib.Path) -> bytes:
    """Return what a file holds.

    :raises OSError: where it cannot be read, and where that might never end: for a device or pipe, and a huge file.
    """
    facts = os.stat(path)
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(0, "Is a directory" if stat.S_ISDIR(facts.st_mode) else "Is not a file")
    if facts.st_size > MOST_BYTES:
        raise OSError(0, f"Is of {facts.st_size} bytes, far more than such a file has")
    with open(path, "rb") as file:
        return file.read(MOST_BYTES)
