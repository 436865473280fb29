# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions of the expression language, one module per kind.

Names and behaviour: Entra page "Reference for writing expressions for attribute mappings"; parameter names: Graph page
"synchronizationSchema: functions" where it has them. Where neither says what a null argument gives, null gives null.
"""

from __future__ import annotations

from typing import Any

from tests.graphsim.engine.expressions.functions import (  # the import declares the functions
    conversion,
    dates,
    generated,
    logic,
    multivalue,
    replace,
    roles,
    text,
)
from tests.graphsim.engine.expressions.functions.registry import (
    FUNCTIONS_BY_NAME,
    IGNORE,
    Function,
    Redacted,
    Scope,
    Value,
)

# attributeMappingFunctionSchema documents for GET {schema}/functions.
FUNCTIONS: list[dict[str, Any]] = [FUNCTIONS_BY_NAME[name].document() for name in sorted(FUNCTIONS_BY_NAME)]

__all__ = [
    "FUNCTIONS",
    "FUNCTIONS_BY_NAME",
    "IGNORE",
    "Function",
    "Redacted",
    "Scope",
    "Value",
    "conversion",
    "dates",
    "generated",
    "logic",
    "multivalue",
    "replace",
    "roles",
    "text",
]
