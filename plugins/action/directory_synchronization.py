# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.entra.provisioning.plugins.modules import directory_synchronization
from ansible_collections.entra.provisioning.plugins.plugin_utils._action import front

ActionModule = front(directory_synchronization)
