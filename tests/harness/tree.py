# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder outside the checkout in which `entra.provisioning.NAME` means this checkout.

A link inside the checkout would be a loop for everything that walks it.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from tests.harness.simulator import ROOT


@functools.cache
def collections_path() -> Path:
    """The folder for ANSIBLE_COLLECTIONS_PATH and PYTHONPATH; removed when this process ends."""
    top = Path(tempfile.mkdtemp(prefix="entra-provisioning-tree-"))
    atexit.register(shutil.rmtree, top, ignore_errors=True)
    namespace = top / "ansible_collections" / "entra"
    namespace.mkdir(parents=True)
    (namespace / "provisioning").symlink_to(ROOT, target_is_directory=True)
    return top
