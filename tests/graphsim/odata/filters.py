# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``$filter`` and ``$orderby``, the subset that the collections of Graph document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import lark

from ..errors import GraphError, bad_request

_GRAMMAR = r"""
?start: either
?either: both ("or" both)*
?both: unary ("and" unary)*
?unary: "not" unary -> negated
      | "(" either ")"
      | field OPERATOR literal -> comparison
      | field "in" "(" literal ("," literal)* ")" -> one_of
      | FUNCTION "(" field "," literal ")" -> function
      | PATH ANY NAME ":" field OPERATOR literal ")" -> any
field: PATH | TOLOWER "(" PATH ")"
literal: STRING | ENUM | WORD
OPERATOR: "eq" | "ne" | "ge" | "le" | "gt" | "lt"
FUNCTION.3: /(startsWith|startswith|contains|endswith|endsWith)(?=\()/
TOLOWER.3: /tolower(?=\()/
ANY.3: "/any("
NAME: /[a-z]\w*(?=:)/
STRING: /'([^']|'')*'/
ENUM.2: /microsoft\.graph\.\w+'[^']*'/
PATH: /[A-Za-z_]\w*(\/(?!any\()[A-Za-z_]\w*)*/
WORD: /[0-9A-Za-z][0-9A-Za-z+.:-]*[0-9A-Za-z]|[0-9A-Za-z]/
%ignore " "
"""
_PARSER = lark.Lark(_GRAMMAR, parser="lalr")


@dataclass(frozen=True)
class Fields:
    """What may be filtered in a collection.

    `names` the property paths; `simple` operators that work as they are, others need an advanced query
    ("Advanced query capabilities on Microsoft Entra ID objects"); `any_case` when property names ignore case.
    """

    names: frozenset[str]
    simple: frozenset[str] = frozenset({"eq", "startswith", "in", "any"})
    any_case: bool = False

    def canonical(self, path: str) -> str:
        """The declared spelling of `path`.

        :raises GraphError: 400 when there is no such property.
        """
        for name in self.names:
            if path == name or (self.any_case and path.lower() == name.lower()):
                return name
        raise GraphError(400, "BadRequest", f"Invalid filter clause: Could not find a property named '{path}'.")


def matcher(text: str, fields: Fields, advanced: bool) -> Callable[[dict[str, Any]], bool]:
    """Compile a filter.

    :arg advanced: the call has ``ConsistencyLevel: eventual`` and ``$count=true``.
    :raises GraphError: 400 for what does not parse, unknown properties and operators that need an advanced query.
    """
    try:
        tree = _PARSER.parse(text)
    except lark.exceptions.LarkError as error:
        raise GraphError(400, "BadRequest", f"Invalid filter clause: Syntax error in '{text}'.") from error
    return _compile(tree, fields, advanced)


def _compile(tree: Any, fields: Fields, advanced: bool) -> Callable[[dict[str, Any]], bool]:
    parts = tree.children
    if tree.data in ("either", "both"):
        tests = [_compile(part, fields, advanced) for part in parts]
        if tree.data == "either":
            return lambda item: any(test(item) for test in tests)
        return lambda item: all(test(item) for test in tests)
    if tree.data == "negated":
        _need("not", fields, advanced, text="not")
        inner = _compile(parts[0], fields, advanced)
        return lambda item: not inner(item)
    if tree.data == "any":
        path, _any, _name, _field, operator, literal = parts
        collection, wanted = fields.canonical(str(path)), _literal(literal)
        _need("any", fields, advanced, collection)
        return lambda item: any(_compare(one, str(operator), wanted) for one in read(item, collection) or [])
    if tree.data == "function":
        function, field, literal = str(parts[0]).lower(), parts[1], _literal(parts[2])
        path = fields.canonical(str(field.children[-1]))
        _need(function, fields, advanced, path)
        return lambda item: _text_function(function, read(item, path), str(literal))
    path = fields.canonical(str(parts[0].children[-1]))
    if tree.data == "one_of":
        _need("in", fields, advanced, path)
        choices = [_literal(part) for part in parts[1:]]
        return lambda item: any(_compare(read(item, path), "eq", choice) for choice in choices)
    operator, wanted = str(parts[1]), _literal(parts[2])
    _need(operator, fields, advanced, path)
    return lambda item: _compare(read(item, path), operator, wanted)


def _need(operator: str, fields: Fields, advanced: bool, text: str) -> None:
    if operator in fields.simple or advanced:
        return
    message = (
        f"Unsupported or invalid query filter clause specified for property '{text}' of resource 'DirectoryObject'."
    )
    raise GraphError(400, "Request_UnsupportedQuery", message)


def _literal(tree: Any) -> Any:
    text = str(tree.children[0])
    if "'" in text:
        return text[text.index("'") + 1 : -1].replace("''", "'")
    return {"true": True, "false": False, "null": None}.get(text, text)


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    if operator == "eq":
        return _same(value, wanted)
    if operator == "ne":
        return not _same(value, wanted)
    if value is None or wanted is None:
        return False
    left, right = _ordered(value), _ordered(wanted)
    if type(left) is not type(right):
        return False
    return {"ge": left >= right, "le": left <= right, "gt": left > right, "lt": left < right}[operator]


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        # Directory strings compare without case (page "Use the $filter query parameter").
        return value.lower() == wanted.lower()
    return value is wanted if isinstance(wanted, bool) or wanted is None else str(value) == str(wanted)


def _ordered(value: Any) -> Any:
    try:
        # Before Python 3.11 fractions of a second must have six digits.
        text = re.sub(r"\.(\d+)", lambda found: f".{found[1][:6]:0<6}", str(value).replace("Z", "+00:00"))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return str(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _text_function(function: str, value: Any, wanted: str) -> bool:
    text, wanted = str(value or "").lower(), wanted.lower()
    if function == "startswith":
        return text.startswith(wanted)
    return text.endswith(wanted) if function == "endswith" else wanted in text


def read(item: dict[str, Any], path: str) -> Any:
    """The value at ``a/b`` in nested objects; None when it is not there."""
    value: Any = item
    for name in path.split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def ordering(text: str, fields: Fields) -> tuple[Callable[[dict[str, Any]], Any], bool]:
    """Compile ``$orderby``: a sort key and whether it is descending.

    :raises GraphError: 400 for an unknown property or direction.
    """
    name, _unused, direction = text.strip().partition(" ")
    if direction.strip() not in ("", "asc", "desc"):
        raise bad_request(f"The direction in $orderby '{text}' is not valid.")
    path = fields.canonical(name)
    return (lambda item: str(read(item, path) or "").lower()), direction.strip() == "desc"
