# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group WAIT."""

    DOCUMENTATION = r"""
options:
  wait:
    description: Wait until the effect can be seen, within O(timeout).
    type: bool
    default: false
"""
