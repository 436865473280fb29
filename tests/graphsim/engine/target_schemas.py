# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the SCIM server serves besides its own schemas."""

from __future__ import annotations

# A custom extension, as administrators map them; the server refuses what none of its schemas has.
EXTENSION_ID = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"
EXTENSION = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    "id": EXTENSION_ID,
    "meta": {"resourceType": "Schema", "location": f"/v2/Schemas/{EXTENSION_ID}"},
    "name": "Acme User",
    "description": "Custom attributes of the fictional customer Acme",
    "attributes": [
        {
            "name": name,
            "type": "string",
            "multiValued": False,
            "description": name,
            "required": False,
            "caseExact": False,
            "mutability": "readWrite",
            "returned": "default",
            "uniqueness": "none",
        }
        for name in ("badge", "badgeId", "costCenter")
    ],
}
