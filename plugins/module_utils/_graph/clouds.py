# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The Microsoft clouds: where Graph and the sign-in service of each one live.

Source: the Graph page "Microsoft Graph and Graph Explorer service root endpoints (national cloud deployments)".
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Cloud:
    """One cloud: the root of Graph and the host that issues its tokens, both without a trailing slash."""

    graph: str
    login: str


CLOUDS: dict[str, Cloud] = {
    "global": Cloud("https://graph.microsoft.com", "https://login.microsoftonline.com"),
    "usgov": Cloud("https://graph.microsoft.us", "https://login.microsoftonline.us"),
    "usgov_dod": Cloud("https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    "china": Cloud("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}

# The spellings that the Azure SDKs, the Azure CLI and AWX's Azure credential put into the environment.
SPELLINGS: dict[str, str] = {
    "azurecloud": "global",
    "azurepubliccloud": "global",
    "public": "global",
    "azureusgovernment": "usgov",
    "azureusgovernmentcloud": "usgov",
    "usgovernment": "usgov",
    "azurechinacloud": "china",
}


def cloud_name(spelling: str) -> str:
    """Return our name of a cloud for any spelling in use; an unknown one comes back as it is."""
    return SPELLINGS.get(spelling.lower(), spelling)
