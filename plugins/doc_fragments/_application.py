# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group APPLICATION."""

    DOCUMENTATION = r"""
options:
  service_principal_id:
    description:
      - The object id of the application's service principal (the enterprise application), the cheapest way to name it.
      - Exactly one of O(service_principal_id), O(app_id) and O(display_name) is needed.
    type: str
  app_id:
    description: The application (client) id.
    type: str
  display_name:
    description: The exact display name of the service principal. More than one of that name is an error.
    type: str
"""
