# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The bag of credentials and settings that a service principal has, as values: keys, spelling, comparison.

Pure functions. The bag is a list of ``{key, value}`` with texts as values; what is secret is read back as ``*``.
"""

from __future__ import annotations

import difflib
import json
import typing as t

from .._graph.errors import BadInput, ProvisioningError

MASK = "*"
NOTIFICATION = "SyncNotificationSettings"
SCOPE = "SyncAll"
SKIP_DELETIONS = "SkipOutOfScopeDeletions"
HARD_DELETES = "HardDeletesEnabled"

# The members of the enumeration synchronizationSecret of the v1.0 metadata. A test compares them with it.
KEYS = [
    "UserName",
    "Password",
    "SecretToken",
    "AppKey",
    "BaseAddress",
    "ClientIdentifier",
    "ClientSecret",
    "SingleSignOnType",
    "Sandbox",
    "Url",
    "Domain",
    "ConsumerKey",
    "ConsumerSecret",
    "TokenKey",
    "TokenExpiration",
    "Oauth2AccessToken",
    "Oauth2AccessTokenCreationTime",
    "Oauth2RefreshToken",
    "SyncAll",
    "InstanceName",
    "Oauth2ClientId",
    "Oauth2ClientSecret",
    "CompanyId",
    "UpdateKeyOnSoftDelete",
    "SynchronizationSchedule",
    "SystemOfRecord",
    "SandboxName",
    "EnforceDomain",
    "SyncNotificationSettings",
    "SkipOutOfScopeDeletions",
    "Oauth2AuthorizationCode",
    "Oauth2RedirectUri",
    "ApplicationTemplateIdentifier",
    "Oauth2TokenExchangeUri",
    "Oauth2AuthorizationUri",
    "AuthenticationType",
    "Server",
    "PerformInboundEntitlementGrants",
    "HardDeletesEnabled",
    "SyncAgentCompatibilityKey",
    "SyncAgentADContainer",
    "ValidateDomain",
    "TestReferences",
    "ConnectionString",
]
# Keys whose value is JSON; the service refuses an empty text for them (msgraph-metadata issue 347).
JSON_KEYS = frozenset({NOTIFICATION, "Domain", "AppKey"})
# Keys that always hold a secret; as a setting they would be shown.
SECRET_KEYS = frozenset(
    [
        "Password",
        "SecretToken",
        "ClientSecret",
        "ConsumerSecret",
        "TokenKey",
        "Oauth2AccessToken",
        "Oauth2RefreshToken",
        "Oauth2ClientSecret",
        "Oauth2AuthorizationCode",
        "ConnectionString",
    ]
)
Bag = dict[str, str]


def read(records: t.Iterable[t.Any]) -> Bag:
    """Return the bag of a GET answer; a key without a value is the same as an absent one.

    :raises ProvisioningError: for a record that is none. A key that is passed over would be taken for one that is not
        there, and the next write would drop it.
    """
    found: Bag = {}
    for one in records:
        key, value = (one.get("key"), one.get("value")) if isinstance(one, dict) else (None, None)
        if not isinstance(key, str) or isinstance(value, (dict, list)):
            raise ProvisioningError(
                f"The service answered {_kind(one)} where a credential or setting with its key and value was expected, "
                "so nobody knows what is stored. Nothing was written. Run the task again."
            )
        if value not in (None, ""):
            found[key] = text(value)
    return found


def _kind(record: t.Any) -> str:
    """Say what a record is, without what it holds."""
    return "a record without a proper key or value" if isinstance(record, dict) else f"a {type(record).__name__}"


def known_key(key: str) -> str:
    """Return a key in the service's spelling.

    Keys are case-sensitive and a wrong one is answered with 500 (msgraph-beta-sdk-java issue 372).

    :raises BadInput: naming the nearest key.
    """
    if key in KEYS:
        return key
    spelled = {known.lower(): known for known in KEYS}
    near = [spelled[one] for one in difflib.get_close_matches(key.lower().replace("_", ""), spelled, n=1, cutoff=0.8)]
    raise BadInput(
        f"There is no credential or setting {key!r}. "
        + (f"Did you mean {near[0]}?" if near else f"The service knows: {', '.join(sorted(KEYS))}.")
    )


def text(value: t.Any) -> str:
    """Return a value as the service stores it: a text, JSON for anything with structure."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return "" if value is None else str(value)


def same(one: str | None, other: str | None) -> bool:
    """Tell whether two values mean the same: JSON as JSON, booleans without case, an empty text as absent.

    That holds for booleans inside JSON too, where one may be a text: other clients than this write what they like.
    """
    one, other = one or "", other or ""
    if one == other or (one.lower() == other.lower() and one.lower() in ("true", "false")):
        return True
    left, right = _canonical(one), _canonical(other)
    return left is not None and left == right


def _canonical(value: str) -> str | None:
    """Return a JSON object or list in one spelling, or None; as text, since Python takes 1 and true for equal."""
    try:
        parsed = json.loads(value) if value else None
    except ValueError:
        return None
    return json.dumps(_plain(parsed), sort_keys=True) if isinstance(parsed, (dict, list)) else None


def _plain(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return is_true(value) if str(value).lower() in ("true", "false") else value


def is_true(value: t.Any) -> bool:
    """Tell whether a boolean of the service is true, which may be a text in any case."""
    return str(value).lower() == "true"


def as_object(value: str | None) -> dict[str, t.Any] | None:
    """Return the JSON object in a text, or None."""
    try:
        parsed = json.loads(value) if value else None
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def shown(current: Bag) -> Bag:
    """Return what can be read of a bag."""
    return {key: value for key, value in current.items() if value != MASK}


def hidden(current: Bag) -> list[str]:
    """Return the keys under which a bag holds what cannot be read."""
    return sorted(key for key, value in current.items() if value == MASK)
