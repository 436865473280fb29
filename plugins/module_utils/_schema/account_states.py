# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Which attributes say whether an account is usable, so that changing them can disable, enable or delete accounts.

Targets call it by many names. Those that the documents show are a table; besides, a name counts that is made of nothing
but the usual words, and what the schema's own directory definition names as the state of its accounts.
"""

from __future__ import annotations

import re
import typing as t

from .canonical import Raw, entries


class AccountState(t.NamedTuple):
    """An attribute by its last path segment, where it is used, what it says, and the source of that."""

    name: str
    used_by: str
    meaning: str
    source: str


ACCOUNT_STATES = (
    AccountState("active", "scim, customappsso", "False disables the account", "RFC 7643, section 4.1.1"),
    AccountState("isActive", "Salesforce", "False deactivates the user", "by report; the schema was not read"),
    AccountState("suspended", "Google Workspace", "True suspends the user", "by report; the schema was not read"),
    AccountState("accountEnabled", "Microsoft Entra ID", "False blocks the sign-in", "Graph resource type user"),
    AccountState("accountDisabled", "Active Directory", "True disables the account", "example ad2aad_cloud_sync"),
    AccountState(
        "userAccountControl", "Active Directory, LDAP", "bit 2 disables the account", "example ad2aad_cloud_sync"
    ),
    AccountState("accountExpires", "Active Directory, LDAP", "a moment that has passed ends it", "[MS-ADA1] 2.1"),
    AccountState("pwdLastSet", "Active Directory, LDAP", "0 ends the password", "[MS-ADTS] 3.1.1.4.5.17"),
    AccountState("isSoftDeleted", "every source", "True where somebody left the scope", "page on customizing mappings"),
)

# Metadata of an object definition whose values are attributes (type objectDefinitionMetadata).
_NAMING = ("propertynameaccountenabled", "propertynamesoftdeleted")

_KNOWN = frozenset(re.sub(r"[^a-z]", "", one.name.lower()) for one in ACCOUNT_STATES)
_STATES = {"active", "inactive", "activated", "deactivated", "enabled", "disabled", "suspended", "locked", "blocked"}
_STATES |= {"archived", "terminated", "deleted", "status", "state", "expires", "expiry"}
_FILLERS = {"is", "account", "user", "users", "employee", "person", "identity", "login", "sign", "in", "out", "soft"}
# Alone it is the state or province of an address (Graph resource type user).
_PLACE = "state"
# The whole name out of these words, one of which is a state.
_WORDS = re.compile(rf"(?:{'|'.join(_STATES | _FILLERS)})*(?:{'|'.join(_STATES)})(?:{'|'.join(_STATES | _FILLERS)})*")


def is_account_state(name: str, named: t.Collection[str] = ()) -> bool:
    """Tell whether an attribute says if an account is usable.

    :arg name: as in a mapping, a path of SCIM too: only its last segment counts, and its case does not.
    :arg named: what :func:`named_by` has found in the schema, in lower case.
    """
    last = re.split(r"[:.]", name.rstrip("]").lower())[-1]
    letters = re.sub(r"[^a-z]", "", last)
    by_its_words = letters != _PLACE and _WORDS.fullmatch(letters)
    return name.lower() in named or last in named or letters in _KNOWN or bool(by_its_words)


def named_by(schema: Raw) -> frozenset[str]:
    """Return the attributes that the directories of a schema name as the state of their accounts, in lower case."""
    objects = [one for directory in schema.get("directories") or [] for one in directory.get("objects") or []]
    return frozenset(
        value.lower() for one in objects for key, value in entries(one) if key.lower() in _NAMING and value
    )
