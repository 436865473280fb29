# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The words of the shorthand and the values of Graph's enumerations that they stand for.

Enumerations are case-sensitive when they are written (types attributeFlowType, attributeFlowBehavior, attributeType,
mutability and objectFlowTypes of the official metadata).
"""

from __future__ import annotations

APPLY = {
    "always": "Always",
    "on_create": "ObjectAddOnly",
    "multi_value_add_only": "MultiValueAddOnly",
    "value_add_only": "ValueAddOnly",
    "attribute_add_only": "AttributeAddOnly",
}
FLOW_BEHAVIORS = {"when_changed": "FlowWhenChanged", "always": "FlowAlways"}
FLOW_TYPES = ("Add", "Update", "Delete")
ATTRIBUTE_TYPES = ("String", "Integer", "Reference", "Binary", "Boolean", "DateTime")
MUTABILITY = ("ReadWrite", "ReadOnly", "Immutable", "WriteOnly")
