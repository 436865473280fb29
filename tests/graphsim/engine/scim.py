# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SCIM client: what Entra says to an application."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import requests

from tests.graphsim.engine.scim_paths import ScimPath

_TYPE = "application/scim+json"
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# Feature flags in the address, as in the Entra page "SCIM compatibility issues"; they are not for the target.
_FLAGS = ("aadoptscim062020", "azureadscimpatch2017", "azureadscimpatch062020")
# Entra asks for groups without their members (page "Develop and plan provisioning for a SCIM endpoint", "Get Group").
_LEFT_OUT = {"Groups": "excludedAttributes=members"}
_SECONDS = 20
CODE = "SystemForCrossDomainIdentityManagement"


class TargetError(Exception):
    """The target refused a request, or answered what is not SCIM. `status` is its HTTP status, None without one."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def endpoint(target_object_name: str) -> str:
    """The collection of a target object type: Groups for group schemas, else Users."""
    return "Groups" if target_object_name.endswith("Group") else "Users"


class ScimTarget:
    """One session with a SCIM server; close it after the cycle. ValueError when the address is no HTTP address."""

    def __init__(self, base_address: str, token: str) -> None:
        self._base = _without_flags(base_address)
        self._session = requests.Session()
        # The service does not run on this machine, so this machine's proxies and certificates are not its own.
        self._session.trust_env = False
        self._session.headers.update({"Authorization": f"Bearer {token}", "Accept": _TYPE, "Content-Type": _TYPE})

    def close(self) -> None:
        """Ends the session."""
        self._session.close()

    def find(self, collection: str, path: ScimPath, value: str) -> list[dict[str, Any]]:
        """The resources whose attribute equals a value."""
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        asked = "&".join(filter(None, [_LEFT_OUT.get(collection), "filter=" + quote(f'{path.text} eq "{escaped}"')]))
        answer = self._call("GET", f"{collection}?{asked}")
        if not isinstance(answer.get("totalResults"), int):
            raise TargetError(f"{CODE}ServiceIncompatible", "The answer to a filter query is no SCIM list")
        return list(answer.get("Resources") or [])

    def get(self, collection: str, target_id: str) -> dict[str, Any] | None:
        """A resource, None when the target does not have it (any more)."""
        try:
            asked = f"?{_LEFT_OUT[collection]}" if collection in _LEFT_OUT else ""
            return self._call("GET", f"{collection}/{quote(target_id, safe='')}{asked}")
        except TargetError as error:
            if error.status == 404:
                return None
            raise

    def create(self, collection: str, resource: dict[str, Any]) -> dict[str, Any]:
        """POST of a new resource; gives the target's copy, with its id."""
        created = self._call("POST", collection, resource)
        if not created.get("id"):
            raise TargetError(f"{CODE}ServiceIncompatible", "The target created a resource without an id")
        return created

    def patch(self, collection: str, target_id: str, operations: list[dict[str, Any]]) -> None:
        """PATCH of a resource."""
        body = {"schemas": [_PATCH], "Operations": operations}
        self._call("PATCH", f"{collection}/{quote(target_id, safe='')}", body)

    def delete(self, collection: str, target_id: str) -> None:
        """DELETE of a resource; one that is gone already is fine."""
        try:
            self._call("DELETE", f"{collection}/{quote(target_id, safe='')}")
        except TargetError as error:
            if error.status != 404:
                raise

    def schemas(self) -> list[dict[str, Any]]:
        """The schemas that the target describes."""
        return list(self._call("GET", "Schemas").get("Resources") or [])

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._session.request(method, f"{self._base}/{path}", json=body, timeout=_SECONDS)
        except (requests.exceptions.InvalidHeader, UnicodeError):
            # The error's own text would show the token.
            message = "The secret token has characters that a header cannot carry"
            raise TargetError(f"{CODE}InvalidCredentials", message) from None
        except (requests.RequestException, ValueError) as error:
            raise TargetError(f"{CODE}InvalidCredentials", f"The target cannot be reached: {error}") from None
        if answer.status_code >= 400:
            raise TargetError(_code(answer.status_code), _refusal(method, answer), answer.status_code)
        if answer.status_code == 204 or not answer.content:
            return {}
        try:
            document = answer.json()
        except requests.JSONDecodeError:
            document = None
        if not isinstance(document, dict):
            raise TargetError(f"{CODE}ServiceIncompatible", "The target answered what is not SCIM", answer.status_code)
        return document


def _without_flags(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"'{address}' is not an HTTP address")
    kept = [part for part in parts.query.split("&") if part and part.split("=")[0].lower() not in _FLAGS]
    return urlunsplit(parts._replace(query="&".join(kept))).rstrip("/")


def _code(status: int) -> str:
    known = {401: "InvalidCredentials", 403: "InvalidCredentials", 400: "BadRequest", 409: "EntryConflict"}
    return CODE + known.get(status, "ServiceIncompatible")


def _refusal(method: str, answer: requests.Response) -> str:
    try:
        detail = answer.json().get("detail")
    except (requests.JSONDecodeError, AttributeError):
        detail = None
    first_line = str(detail or answer.reason).partition("\n")[0]
    return f"StatusCode: {answer.status_code} {method}: {first_line}"
