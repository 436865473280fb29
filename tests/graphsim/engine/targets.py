# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine writes to, whatever it is: in the words of SCIM, which the first of them speaks."""

from __future__ import annotations

from typing import Any, Protocol

from tests.graphsim.engine.scim_paths import ScimPath


class Target(Protocol):
    """A session with a target; `collection` is Users or Groups. All but `close` raise TargetError."""

    def find(self, collection: str, path: ScimPath, value: str) -> list[dict[str, Any]]:
        """The objects whose attribute equals a value."""

    def get(self, collection: str, target_id: str) -> dict[str, Any] | None:
        """An object, None when the target does not have it (any more)."""

    def create(self, collection: str, resource: dict[str, Any]) -> dict[str, Any]:
        """A new object; gives the target's copy, with its id."""

    def patch(self, collection: str, target_id: str, operations: list[dict[str, Any]]) -> None:
        """Changes of an object."""

    def delete(self, collection: str, target_id: str) -> None:
        """No object any more; one that is gone already is fine."""

    def close(self) -> None:
        """Ends the session."""


class OtherTenants(Protocol):
    """The tenants that a cross-tenant job can reach."""

    def check(self, tenant_id: str) -> None:
        """Raises ConnectionRefused unless both tenants allow synchronization into that one."""

    def directory(self, tenant_id: str) -> Target:
        """Its directory."""
