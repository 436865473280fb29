# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The table of the rules of lint.

docs/docsite/rst/lint_rules.rst explains every rule, with the page that it comes from.
"""

from __future__ import annotations

import typing as t

from ..documented import LONGEST_EXPRESSION
from . import mapping_rules, scope_rules
from .view import ObjectView


class Rule(t.NamedTuple):
    """What is wrong and what it does to people, in one sentence; and what finds it in one object mapping."""

    sentence: str
    findings: t.Callable[[ObjectView], t.Iterator[tuple[str, str]]]


RULES: dict[str, Rule] = {
    "duplicate-target": Rule(
        "Several mappings write one target attribute; the service keeps all, and which value people get is chance.",
        mapping_rules.duplicate_target,
    ),
    "no-matching-attribute": Rule(
        "No attribute is for matching, so people who are in the target already are not found, but made a second time.",
        mapping_rules.no_matching_attribute,
    ),
    "duplicate-priority": Rule(
        "Several attributes have one matching priority, so by which of them people are found first is chance.",
        mapping_rules.duplicate_priority,
    ),
    "constant-matching": Rule(
        "A matching attribute gets the same value for everybody, so people are taken for one another.",
        mapping_rules.constant_matching,
    ),
    "extension-attribute-matching": Rule(
        "Microsoft Entra ID cannot look for users by extensionAttribute1 to 15, so neither creation nor update works.",
        mapping_rules.extension_attribute_matching,
    ),
    "empty-mapping": Rule(
        "A mapping has neither a source nor a default value, so nothing ever flows through it.",
        mapping_rules.empty_mapping,
    ),
    "active-not-soft-deleted": Rule(
        "What says whether the account is active does not follow IsSoftDeleted, so it ignores who leaves, or disables "
        "everybody.",
        mapping_rules.active_not_soft_deleted,
    ),
    "unique-value-misuse": Rule(
        "SelectUniqueValue works only as the whole expression, on creation, on an attribute that is not for matching, "
        "and towards Active Directory.",
        mapping_rules.unique_value_misuse,
    ),
    "role-assignments-sync-all": Rule(
        "Functions of role assignments do not work with all users and groups in scope, so people miss their roles.",
        mapping_rules.role_assignments_sync_all,
    ),
    "direct-role-assignments": Rule(
        "Role assignments are mapped without a function such as SingleAppRoleAssignment, so the target gets no role.",
        mapping_rules.direct_role_assignments,
    ),
    "mail-on-update": Rule(
        "Microsoft Entra ID takes mail from HR systems only when it creates a user; later changes are logged and lost.",
        mapping_rules.mail_on_update,
    ),
    "primary-key-target": Rule(
        "The primary key is the target's own to give, and should not be written.",
        mapping_rules.primary_key_target,
    ),
    "unwritable-target": Rule(
        "The receiving tenant computes otherMails and proxyAddresses itself, so what is written is refused or lost.",
        mapping_rules.unwritable_target,
    ),
    "unavailable-source": Rule(
        "samAccountName and userType of Microsoft Entra ID cannot be read by provisioning; use a directory extension.",
        mapping_rules.unavailable_source,
    ),
    "multivalued-extension": Rule(
        "Directory extensions with several values are not supported in mappings.",
        mapping_rules.multivalued_extension,
    ),
    "unknown-attribute": Rule(
        "A mapping or a filter names an attribute that is not defined.",
        mapping_rules.unknown_attribute,
    ),
    "unknown-object": Rule(
        "A mapping is between objects of which one is not defined.",
        mapping_rules.unknown_object,
    ),
    "unknown-function": Rule(
        "A function is not documented (case counts); the service may know more, and says so when it is asked to parse.",
        mapping_rules.unknown_function,
    ),
    "unknown-value": Rule(
        "The service accepts these words only exactly as documented (case counts), and refuses the schema otherwise.",
        mapping_rules.unknown_value,
    ),
    "long-expression": Rule(
        f"The service takes expressions of up to {LONGEST_EXPRESSION:,} characters.",
        mapping_rules.long_expression,
    ),
    "unknown-operator": Rule(
        "A scoping filter has an operator that does not exist (case counts), so it does not choose whom it should.",
        scope_rules.unknown_operator,
    ),
    "operator-operands": Rule(
        "The values of a scoping filter do not go with its operator, so it does not choose whom it should.",
        scope_rules.operator_operands,
    ),
    "open-scope-group": Rule(
        "A group of a scoping filter has no clause, so it lets everybody in, whatever the other groups say.",
        scope_rules.open_group,
    ),
    "unscopable-attribute": Rule(
        "A scoping filter is on an attribute that filters do not support, so it does not choose whom it should.",
        scope_rules.unscopable_attribute,
    ),
}
