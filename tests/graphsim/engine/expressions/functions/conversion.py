# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that change the type or encoding of a value."""

from __future__ import annotations

import base64

from tests.graphsim.engine.expressions.functions.registry import Value, boolean, function, is_true, number, text


@function("CBool", "Expression", accepts_null=True)
def c_bool(value: Value) -> Value:
    return boolean(is_true(value))


@function("CStr", "value")
def c_str(value: Value) -> Value:
    return text(value, "value")


@function("BitAnd", "value1:Integer", "value2:Integer")
def bit_and(first: Value, second: Value) -> Value:
    return str(number(first, "value1") & number(second, "value2"))


@function("ConvertToBase64", "source")
def convert_to_base64(source: Value) -> Value:
    """Base64 of the UTF-16 bytes ("Unicode base64")."""
    return base64.b64encode(text(source, "source").encode("utf-16-le", "surrogatepass")).decode("ascii")


@function("ConvertToUTF8Hex", "source")
def convert_to_utf8_hex(source: Value) -> Value:
    return text(source, "source").encode("utf-8", "surrogatepass").hex().upper()
