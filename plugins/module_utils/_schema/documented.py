# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What the service's documentation says that a mapping can be made of."""

from __future__ import annotations

import re

# "Scoping users or groups to be provisioned with scoping filters"; case counts.
UNARY_OPERATORS = frozenset({"IS TRUE", "IS FALSE", "IS NULL", "IS NOT NULL"})
# Of these the page says that the value and the attribute must be integers.
INTEGER_OPERATORS = frozenset({"Greater_Than", "Greater_Than_OR_EQUALS"})
_TEXT_OPERATORS = frozenset(
    {"EQUALS", "NOT EQUALS", "REGEX MATCH", "NOT REGEX MATCH", "Includes", "ENDS_WITH", "&", "!&"}
)
BINARY_OPERATORS = INTEGER_OPERATORS | _TEXT_OPERATORS
OPERATORS = UNARY_OPERATORS | BINARY_OPERATORS

# "Reference for writing expressions for attribute mappings", then what only the sample of the functions reference page
# has, then what only the page "Cloud Sync expressions and function reference" has. Case counts.
FUNCTIONS = frozenset(
    {
        *("Append", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex", "BitAnd", "CBool", "CDate"),
        *("Coalesce", "ConvertToBase64", "ConvertToUTF8Hex", "Count", "CStr", "DateAdd", "DateDiff", "DateFromNum"),
        *("FormatDateTime", "Guid", "IgnoreFlowIfNullOrEmpty", "IIF", "InStr", "IsNull", "IsNullOrEmpty", "IsPresent"),
        *("IsString", "Item", "Join", "Left", "Mid", "NormalizeDiacritics", "Not", "Now", "NumFromDate", "PCase"),
        *("RandomString", "Redact", "RemoveDuplicates", "Replace", "SelectUniqueValue", "SingleAppRoleAssignment"),
        *("Split", "StripSpaces", "Switch", "ToLower", "ToUpper", "Word"),
        *("AppRoleAssignments", "DefaultDomain", "IsNothing", "Prepend"),
        *("Contains", "ConvertFromBase64", "CRef", "DNComponent", "Error", "StringFromSID", "StringFromSid", "Trim"),
    }
)

# "Customize user provisioning attribute-mappings": each of the three is "not compatible" with the scope of all users.
ROLE_FUNCTIONS = frozenset(
    {"AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex", "SingleAppRoleAssignment"}
)

# "Known issues for provisioning", section "Maximum characters for attribute-mapping expressions".
LONGEST_EXPRESSION = 10_000
# The same page, section "Unsupported scoping filters"; members of a group are on the page of scoping filters.
UNSCOPABLE = frozenset(
    {
        *("approleassignments", "usertype", "manager", "members"),
        *("statushiredate", "startdate", "enddate", "statusterminationdate", "accountexpires"),
    }
)
# The same page, section "Attribute SamAccountName or userType not available as a source attribute".
UNAVAILABLE = frozenset({"samaccountname", "usertype"})
# The same page for cross-tenant synchronization: the first is read-only, the second the target tenant's to compute.
UNWRITABLE = frozenset({"proxyaddresses", "othermails"})

# "Syncing extension attributes for app provisioning": extension_<app id without dashes>_<name>.
DIRECTORY_EXTENSION = re.compile(r"extension_[0-9a-f]{32}_.", re.IGNORECASE)
# The attributes that only an admin's own definition can bring in: directory extensions, and urns outside RFC 7643.
CUSTOM_NAME = re.compile(
    rf"{DIRECTORY_EXTENSION.pattern}|urn:(?!ietf:params:scim:schemas:(core|extension:enterprise):2\.0\b)", re.IGNORECASE
)
# onPremisesExtensionAttributes, "Troubleshoot HR user update issues".
EXTENSION_ATTRIBUTE = re.compile(r"(?:.*\.)?extensionAttribute(?:[1-9]|1[0-5])", re.IGNORECASE)
