# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The checked door: what an answer of success must look like, and in words how another one differs.

What the table of types does not name may be anything: it is neither read nor lost.
"""

from __future__ import annotations

import dataclasses
import typing as t

# Levels of JSON inside each other. Deeper ones would end in Python's limit for recursion, ours or Ansible's; a function
# in an expression takes three.
DEEPEST = 250


class TooDeep:
    """Stands for JSON that Python's own parser gives up on."""


@dataclasses.dataclass(frozen=True)
class Type:
    """An object of the service.

    ``one`` and ``many`` are its name in a sentence; ``members`` are those that somebody reads, with their types in the
    words of the official metadata; ``needs`` are the members that must be there.
    """

    one: str
    many: str
    members: t.Mapping[str, str]
    needs: tuple[str, ...] = ()


Types = t.Mapping[str, Type]


def inner(**members: str) -> Type:
    """Return a type that no call gives by itself, so that it needs no words."""
    return Type("", "", members)


@dataclasses.dataclass(frozen=True)
class Shape:
    """What a call gives: a ``record`` or a ``list`` of a type, ``nothing``, ``204``, or ``anything``.

    ``204`` is for a call that changes nothing which could be looked at: its status alone tells how it went.
    """

    form: str
    type: str = ""
    types: Types = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @property
    def is_list(self) -> bool:
        """Tell a collection, which is there whatever is in it, from a single object, which may be absent."""
        return self.form == "list"

    @property
    def says(self) -> str:
        """What is expected, for messages."""
        if self.form in ("nothing", "204"):
            return "no content" if self.form == "nothing" else "204 without content"
        return f"a list of {self.types[self.type].many}" if self.is_list else self.types[self.type].one

    def wrong(self, body: t.Any, status: int) -> str:
        """Return what is wrong with an answer, to follow "the service answered 200 "; an empty text where it fits.

        :arg body: the parsed JSON, None for an answer without content.
        :arg status: from 200 to 299.
        """
        if self.form == "204":
            found = "without content" if body is None else f"with {_kind(body)}"
            return "" if status == 204 else f"{found}, where {self._expected} was expected"
        if body is TooDeep or _is_deep(body):
            return f"with JSON of more than {DEEPEST} levels, where {self._expected} was expected"
        if self.form == "anything":
            return ""
        if self.is_list and isinstance(body, list):
            return f"with a bare list, where an object with {self.says} was expected"
        found = self._outside(body)
        if found:
            return f"{found}, where {self._expected} was expected"
        if self.form == "nothing":
            return ""
        inside = _misfit(body, f"Collection({self.type})" if self.is_list else self.type, self.types)
        return f"with {self.says} {inside}" if inside else ""

    @property
    def _expected(self) -> str:
        return "another answer" if self.form == "anything" else self.says

    def _outside(self, body: t.Any) -> str:
        """Return what an answer is, where it is not even the right kind of thing."""
        if self.form == "nothing":
            # Some answer with an object that says what was done.
            fits = body is None or (isinstance(body, dict) and "error" not in body)
            return "" if fits else f"with {_kind(body)}"
        if body is None:
            return "without content"
        if not isinstance(body, dict):
            return f"with {_kind(body)}"
        if not body:
            return "with an empty object"
        if self.is_list and "value" not in body:
            return "with an object without value"
        return ""


NOTHING = Shape("nothing")
ONLY_204 = Shape("204")
# For calls whose answer nobody has described yet; a test allows none of them in the collection.
ANYTHING = Shape("anything")

_PRIMITIVES: dict[str, tuple[str, tuple[type, ...]]] = {
    "Edm.Boolean": ("a boolean", (bool,)),
    "Edm.Int32": ("a whole number", (int,)),
    "Edm.Int64": ("a whole number", (int,)),
    "object": ("an object", (dict,)),
    "Edm.Untyped": ("anything", (object,)),
}
# Identifiers, moments, and every enumeration.
_TEXT = ("a text", (str,))


def _misfit(body: t.Any, kind: str, types: Types) -> str:
    """Return the first thing inside an answer that is not what it must be, as "whose member ..."; else an empty text.

    Without recursion, since sources of expressions are in each other.
    """
    rest: list[tuple[str, t.Any, str]] = []
    if kind.startswith("Collection("):
        rest += [("value", body["value"], kind), ("@odata.nextLink", body.get("@odata.nextLink", ""), "Edm.String")]
    else:
        rest.append(("", body, kind))
    while rest:
        place, value, expected = rest.pop()
        element = _element(expected)
        if element is not None:
            if not isinstance(value, list):
                return f"whose member {place} is {_kind(value)}, where a list was expected"
            rest += [(f"{place}[{number}]", one, element) for number, one in enumerate(value)]
        elif expected in types:
            if not isinstance(value, dict):
                return f"whose member {place} is {_kind(value)}, where an object was expected"
            known = types[expected]
            missing = next((name for name in known.needs if value.get(name) is None), "")
            if missing:
                return f"whose member {_join(place, missing)} is missing"
            rest += [
                (_join(place, name), value[name], type_of)
                for name, type_of in known.members.items()
                if value.get(name) is not None
            ]
        else:
            says, allowed = _PRIMITIVES.get(expected, _TEXT)
            # A collection of texts may hold nulls: what an expression gives, say.
            if value is not None and (not isinstance(value, allowed) or (isinstance(value, bool) and int in allowed)):
                return f"whose member {place} is {_kind(value)}, where {says} was expected"
    return ""


def _element(kind: str) -> str | None:
    return kind[len("Collection(") : -1] if kind.startswith("Collection(") else None


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _kind(value: t.Any) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", str: "a text", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def _is_deep(body: t.Any) -> bool:
    level = [body]
    for _depth in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True
