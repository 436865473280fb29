# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The error codes of the provisioning logs in plain words, each with what to do about it.

Sources: the tables of the page "How to download and analyze the provisioning logs", and for the codes of skipped
objects the pages "On-demand provisioning" and "No users are being provisioned", and "Configure cross-tenant
synchronization".
"""

from __future__ import annotations

import typing as t


class Words(t.NamedTuple):
    """What happened, and what to do next."""

    meaning: str
    advice: str


_SCIM = "SystemForCrossDomainIdentityManagement"
_AGAIN = "Nothing to do: the service tries again in the next cycle."
_RIGHTS = Words(
    "the target knows the credentials but does not allow the change",
    "Give the account behind the credentials the right to manage users and groups in the target.",
)
_CONFLICT = Words(
    "the target has another object with a value that must be unique",
    "Change the value on one of the two, or match on that attribute so that the existing object is taken over.",
)
_INCOMPATIBLE = Words(
    "the answer of the target is no SCIM that the service understands",
    "Compare the target with the page 'Develop a SCIM endpoint'; one user provisioned on demand shows its answer.",
)
_MISSING = Words(
    "the target wants a value that the source does not have",
    "Fill the attribute in the source, or give its mapping a default value.",
)
_UNEXPECTED = Words(
    "the target answered in a way that was not expected",
    "Check the settings of the application in the target; its own logs tell more.",
)
_BOTH_TENANTS = (
    "Both tenants must allow it, with entra.provisioning.cross_tenant_access: the source with outbound_consent, the "
    "target with user_sync_inbound and inbound_consent."
)

CODES: dict[str, Words] = {
    f"{_SCIM}BadRequest": Words(
        "the target refused the request as malformed",
        "Look at the attributes that were sent: one has a value or a form that the target does not take.",
    ),
    f"{_SCIM}ServiceIncompatible": _INCOMPATIBLE,
    f"{_SCIM}MultipleEntriesInResponse": Words(
        "the target answered a search for one object with several",
        "Match on an attribute that is unique in the target; its filter may also be ignored there.",
    ),
    f"{_SCIM}InvalidCredentials": Words(
        "the target refused the address or the token",
        "Write new ones with entra.provisioning.sync_secrets and validate them.",
    ),
    f"{_SCIM}EntryConflict": _CONFLICT,
    "EntryConflict": _CONFLICT,
    "Conflict": _CONFLICT,
    "TooManyRequests": Words("the target throttles", _AGAIN),
    "InternalServerError": Words("the target had trouble", _AGAIN),
    "InternalError": Words("the provisioning service had trouble", _AGAIN),
    "Timeout": Words("the target took too long to answer", _AGAIN),
    "WebExceptionProtocolError": Words("the connection to the target broke", _AGAIN),
    "InsufficientRights": _RIGHTS,
    "MethodNotAllowed": _RIGHTS,
    "NotPermitted": _RIGHTS,
    "Unauthorized": _RIGHTS,
    "UnprocessableEntity": _UNEXPECTED,
    "NotImplemented": _UNEXPECTED,
    "InvalidAnchor": Words(
        "an account that was provisioned before is gone from the target",
        "Restore it, or restart the job with the reset scope Full to match everything anew.",
    ),
    "MandatoryFieldsMissing": _MISSING,
    "MissingValues": _MISSING,
    "SchemaAttributeNotFound": Words(
        "a mapping writes an attribute that the target does not have", "Correct or remove that attribute mapping."
    ),
    "SchemaPropertyCanOnlyAcceptValue": Words(
        "the target takes one value where the source has several", "Map an attribute with a single value there."
    ),
    "InvalidDomain": Words(
        "a value has a domain that the target does not allow", "Allow the domain in the target, or change the value."
    ),
    "LicenseLimitExceeded": Words("the target has no licence left", "Buy licences, or assign fewer people."),
    "DuplicateTargetEntries": Words(
        "several objects of the target match one of the source",
        "Remove the duplicates in the target, or match on a unique attribute.",
    ),
    "DuplicateSourceEntries": Words(
        "several objects of the source match one of the target",
        "Remove the duplicates in the source, or match on a unique attribute.",
    ),
    "ImportSkipped": Words(
        "the object has no value in the attribute that it is matched by", "Fill that attribute in the source."
    ),
    "EntrySynchronizationSkipped": Words(
        "the object is out of scope, or the target has all its values already", "The steps of the entry tell which."
    ),
    "RedundantExport": Words("the target has all values already", "Nothing to do."),
    "NotEffectivelyEntitled": Words(
        "the object is not assigned to the application, or only with the role Default Access",
        "A new assignment is known after some minutes; sync_job_action waits for that with assignment_wait. Otherwise "
        "assign it with another role; for one that is assigned, remove the assignment and make it again.",
    ),
    "NotInScope": Words("a scoping filter leaves the object out", "Look at the scope of the object mapping."),
    "TooManyDeletes": Words(
        "the removal waits: a cycle reached the deletion threshold",
        "Find out why so many left the scope before they are allowed to be removed.",
    ),
    "AzureActiveDirectoryInvalidUserPrincipalName": Words(
        "the user name has characters or a domain that Microsoft Entra ID does not take",
        "Correct the expression that makes userPrincipalName; NormalizeDiacritics and a verified domain help.",
    ),
    "AzureActiveDirectoryCannotUpdateObjectsOriginatedInExternalService": Words(
        "another service is the authority for a property of the user, such as mail",
        "Change it there, or remove it from the mappings.",
    ),
    "AzureActiveDirectoryCannotUpdateObjectsMasteredOnPremises": Words(
        "the user of the target tenant is managed by its own Active Directory",
        "Such a user cannot be updated from here; leave it out of scope.",
    ),
    "AzureActiveDirectoryQuotaLimitExceeded": Words("the tenant is full", "Have the directory quota raised."),
    "AzureActiveDirectoryForbidden": Words(
        "the target tenant blocks invitations", "Allow them in its external collaboration settings."
    ),
    "AzureDirectoryB2BManagementPolicyCheckFailure": Words(
        "the tenants do not both redeem invitations automatically", _BOTH_TENANTS
    ),
    "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure": Words(
        "the tenants do not both allow cross-tenant synchronization", _BOTH_TENANTS
    ),
    "ExternalTenantNotFound": Words(
        "the target tenant does not exist in this cloud", "Compare the setting CompanyId with the id of that tenant."
    ),
    "InvitationCreationFailure": Words(
        "the user could not be invited into the target tenant", "Open a support case with the ids of the entry."
    ),
    "InvitationCreationFailureInvalidPropertyValue": Words(
        "the mail address cannot be invited, or userType is neither Guest nor Member",
        "Correct the mail address, or the mapping of userType.",
    ),
    "InvitationCreationFailureAmbiguousUser": Words(
        "a proxy address belongs to an internal user of the target tenant already",
        "Remove that user, or leave this one out of scope.",
    ),
    "HybridSynchronizationActiveDirectoryCannotFindAttribute": Words(
        "the provisioning agent does not know an attribute of Active Directory",
        "Restart the agent, which reads the directory's schema when it starts.",
    ),
}
# What is wrong between two tenants, which no other address and no other token would help.
BETWEEN_TENANTS = frozenset(
    {
        "AzureDirectoryB2BManagementPolicyCheckFailure",
        "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure",
        "ExternalTenantNotFound",
    }
)


def words(code: str) -> Words | None:
    """Return the plain words for an error code, or None for one that is not known."""
    return CODES.get(code)
