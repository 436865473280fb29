# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that live among the secrets of a service principal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def syncs_all(secrets: Mapping[str, str]) -> bool:
    """SyncAll: everybody, or only who is assigned. Its case varies in samples."""
    return secrets.get("SyncAll", "").lower() == "true"


def skips_out_of_scope(secrets: Mapping[str, str]) -> bool:
    """SkipOutOfScopeDeletions: who leaves the scope is left alone."""
    return secrets.get("SkipOutOfScopeDeletions", "").lower() == "true"


def delete_threshold(secrets: Mapping[str, str]) -> int | None:
    """The number of deletions that stops a cycle, None when the threshold is off."""
    settings = _notification(secrets)
    value = settings.get("DeleteThresholdValue")
    return int(value) if settings.get("DeleteThresholdEnabled") and value is not None else None


def recipients(secrets: Mapping[str, str]) -> str:
    """The notification address, empty when notifications are off."""
    settings = _notification(secrets)
    return str(settings.get("Recipients") or "") if settings.get("Enabled") else ""


def _notification(secrets: Mapping[str, str]) -> dict[str, Any]:
    settings = json.loads(secrets.get("SyncNotificationSettings") or "{}")
    return settings if isinstance(settings, dict) else {}
