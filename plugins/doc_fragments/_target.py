# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group TARGET."""

    DOCUMENTATION = r"""
options:
  secrets:
    description:
      - The secret credentials of the target by key, such as C(SecretToken), C(Password) or C(ClientSecret).
      - They can be written but not read back, and are kept out of all output. A null leaves alone what is stored.
      - An empty text is an error, since it is what a variable that is not set gives. So is what YAML does not read as a
        text, such as V(true), V(no) or a number, and a line break; put a secret in quotes.
    type: dict
  settings:
    description:
      - The readable credentials and settings of the target by key, such as C(BaseAddress), C(UserName), C(Domain) or
        C(CompanyId). Structures are written as JSON. A null leaves alone what is stored, and an empty text is an error.
      - Keys that always hold a secret are refused here. The keys C(SyncAll), C(SyncNotificationSettings) and
        C(SkipOutOfScopeDeletions) have options of their own.
    type: dict
    default: {}
"""
