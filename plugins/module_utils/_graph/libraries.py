# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The libraries that Ansible does not bring along, loaded so that a missing one becomes a sentence."""

from __future__ import annotations

import importlib
import platform
import sys
import types

from .errors import ProvisioningError


def load(name: str, why: str) -> types.ModuleType:
    """Import a library by name, when it is needed and not before: msal alone takes 0.1 s.

    :arg why: completes the sentence "... is needed".
    :raises ProvisioningError: where it is not installed for the Python that runs the task.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ProvisioningError(
            f"The Python library {name} is needed {why}, and the Python that runs this task "
            f"({sys.executable} on {platform.node()}) cannot import it: {error}. Install it there, for instance with "
            f"'{sys.executable} -m pip install {name}'.",
            missing_library=name,
        ) from error
