# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The realistic documents of tests/fixtures/graph, each call a fresh copy."""

from __future__ import annotations

import json
import pathlib
import typing as t

GRAPH = pathlib.Path(__file__).parents[1] / "fixtures" / "graph"
SCHEMAS = (
    "customappsso_default",
    "customappsso_full",
    "customappsso_full.server_echo",
    "api2aad_inbound",
    "ad2aad_cloud_sync_excerpt",
)


def example(name: str) -> t.Any:
    """Return a document by its file name without the extension."""
    return json.loads((GRAPH / "examples" / f"{name}.json").read_text(encoding="utf-8"))
