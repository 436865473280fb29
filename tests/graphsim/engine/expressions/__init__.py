# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expression language of attribute mappings: parsed, evaluated and rendered."""

from __future__ import annotations

from tests.graphsim.engine.expressions.errors import EvaluationError, ExpressionError, ParseError
from tests.graphsim.engine.expressions.evaluation import evaluate
from tests.graphsim.engine.expressions.functions import FUNCTIONS, IGNORE, Redacted, Value
from tests.graphsim.engine.expressions.nodes import text_of
from tests.graphsim.engine.expressions.parser import parse
from tests.graphsim.engine.expressions.service import parse_expression
from tests.graphsim.engine.expressions.tree import node_of, render, tree_of

__all__ = [
    "FUNCTIONS",
    "IGNORE",
    "EvaluationError",
    "ExpressionError",
    "ParseError",
    "Redacted",
    "Value",
    "evaluate",
    "node_of",
    "parse",
    "parse_expression",
    "render",
    "text_of",
    "tree_of",
]
