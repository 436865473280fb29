# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The bag of credentials and settings that a service principal has, as values: keys, comparison, desired state.

Pure functions. The bag is a list of ``{key, value}`` with texts as values; what is secret is read back as ``*``.
"""

from __future__ import annotations

import json
import typing as t

from .._graph.errors import BadInput

MASK = "*"
NOTIFICATION = "SyncNotificationSettings"
SCOPE = "SyncAll"
SKIP_DELETIONS = "SkipOutOfScopeDeletions"

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
# Keys that have an option of their own.
TYPED = {
    NOTIFICATION: "notification or delete_threshold",
    SCOPE: "scope",
    SKIP_DELETIONS: "skip_out_of_scope_deletions",
}

Bag = dict[str, str]


def read(records: t.Iterable[t.Mapping[str, t.Any]]) -> Bag:
    """Return the bag of a GET answer; a key without a value is the same as an absent one."""
    return {str(one.get("key")): str(one.get("value")) for one in records if one.get("value") not in (None, "")}


def known_key(key: str) -> str:
    """Return a key in the service's spelling.

    Keys are case-sensitive and a wrong one is answered with 500 (msgraph-beta-sdk-java issue 372).

    :raises BadInput: naming the nearest key.
    """
    if key in KEYS:
        return key
    near = next((known for known in KEYS if known.lower() == key.lower().replace("_", "")), None)
    raise BadInput(
        f"There is no credential or setting {key!r}. "
        + (f"Did you mean {near}?" if near else f"The service knows: {', '.join(sorted(KEYS))}.")
    )


def text(value: t.Any) -> str:
    """Return a value as the service stores it: a text, JSON for anything with structure."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return "" if value is None else str(value)


def _given(values: t.Mapping[str, t.Any] | None) -> Bag:
    """Return the values that were given; a key without one (``SecretToken:`` in YAML) leaves alone what there is."""
    return {known_key(key): text(value) for key, value in (values or {}).items() if value is not None}


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


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse keys and values that cannot be meant, before anything is sent.

    :raises BadInput: naming the key.
    """
    twice = sorted(checked_secrets(params).keys() & desired_settings(params, {}).keys())
    if twice:
        raise BadInput(f"{' and '.join(twice)} is given both in secrets and in settings.")


def _refuse_value(key: str, value: str) -> None:
    if value == MASK:
        raise BadInput(
            f"The value of {key} is the mask that the service shows in the place of a secret. Writing it back would "
            "replace the secret; leave the key out to keep what is stored."
        )
    if key in JSON_KEYS and value == "":
        raise BadInput(f"{key} holds JSON and cannot be blanked: the service refuses an empty value for it.")


def desired_settings(params: t.Mapping[str, t.Any], current: Bag) -> Bag:
    """Return the readable keys that the options speak of, with the values they shall have.

    Typed options merge into the stored JSON, so that setting a threshold keeps the recipients.
    """
    wanted = _given(params.get("settings"))
    for key, value in wanted.items():
        if key in TYPED:
            raise BadInput(f"Set {key} with the option {TYPED[key]}, not with settings.")
        if key in SECRET_KEYS:
            raise BadInput(f"{key} is a secret: give it in the option secrets, which keeps it out of all output.")
        _refuse_value(key, value)
        if current.get(key) == MASK:
            raise BadInput(f"The service keeps {key} secret. Give it in the option secrets, not in settings.")
    if params.get("scope"):
        wanted[SCOPE] = "true" if params["scope"] == "all" else "false"
    if params.get("skip_out_of_scope_deletions") is not None:
        wanted[SKIP_DELETIONS] = text(params["skip_out_of_scope_deletions"])
    notification = _notification(params)
    if notification:
        stored = as_object(current.get(NOTIFICATION)) or {}
        wanted[NOTIFICATION] = text({**stored, **notification})
    return wanted


def _notification(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the members of the notification settings that the options set.

    Source: the page "Add synchronization secrets" and entra-docs pull request 2084 for the threshold.
    """
    members: dict[str, t.Any] = {}
    notification = params.get("notification") or {}
    if notification.get("enabled") is not None:
        members["Enabled"] = notification["enabled"]
    if notification.get("recipients") is not None:
        members["Recipients"] = ",".join(notification["recipients"])
    threshold = params.get("delete_threshold")
    if threshold is not None:
        if threshold < 0:
            raise BadInput("The option delete_threshold takes 0 to switch the guard off, or a positive number.")
        members["DeleteThresholdEnabled"] = threshold > 0
        if threshold:
            members["DeleteThresholdValue"] = threshold
    return members


def checked_secrets(params: t.Mapping[str, t.Any]) -> Bag:
    """Return the secrets that the options give, by key.

    :raises BadInput: for a key that is none or has its own option, and for values that cannot be kept secret.
    """
    secrets = _given(params.get("secrets"))
    for key, value in secrets.items():
        if key in TYPED:
            raise BadInput(f"{key} is no secret: set it with the option {TYPED[key]}.")
        _refuse_value(key, value)
        if 0 < len(value) < 4:
            raise BadInput(
                f"The value of {key} is shorter than four characters: Ansible cannot keep so short a text out of its "
                "output without spoiling other words. If it is no secret, give it in the option settings."
            )
    return secrets
