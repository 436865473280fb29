# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter entra.provisioning.answers."""

from __future__ import annotations

DOCUMENTATION = """
name: answers
short_description: Reads variables as a person or a survey has filled them in
version_added: 1.0.0
author: entra.provisioning contributors (@entra-provisioning)
description:
  - Drops what was left blank, reads texts as what they stand for, and says what is wrong with the rest.
  - The roles of this collection read their variables with it. A survey sends an empty text, or null, for a question
    that nobody answered; such an answer means that nothing was said.
  - Values of dictionaries are never repeated in a problem, since they may be secret.
positional: _input, kinds
options:
  _input:
    description: The variables by their names.
    type: dict
    required: true
  kinds:
    description:
      - What each variable holds, by its name. Any other name is a problem.
      - V(text), V(bool), V(number), V(dict) and V(dicts) are one value of that kind, a dictionary or a list of
        dictionaries also as a text of JSON.
      - V(secrets) and V(settings) are dictionaries as the options of that name of M(entra.provisioning.sync_secrets)
        take them, with a value under every key.
      - V(texts) is a list of texts. A text is split at commas and at ends of lines; blanks around its parts and empty
        parts are dropped. A list is taken as it is, so that a name may hold a comma.
      - V(object_mappings) and V(custom_attributes) are lists as the options of that name of
        M(entra.provisioning.sync_schema) take them.
      - A list of texts is one of these, and a dictionary with the only key C(each) a list of some of those it holds.
    type: dict
    required: true
  prefix:
    description: What to write before a name in a problem.
    type: str
    default: ""
  under:
    description: What holds where nothing was said. It is not read again.
    type: dict
    default: {}
  one_of:
    description:
      - Names of which one takes the place of all, which are empty then, such as the ways to name an application.
    type: list
    elements: str
    default: []
  apart:
    description:
      - Names of dictionaries that are not taken from O(under) where another one was said, by that other one's name as
        the value, such as secrets where there are settings, whose address may be somebody else's.
    type: dict
    default: {}
seealso:
  - plugin: entra.provisioning.failure_text
    plugin_type: filter
"""

EXAMPLES = """
- name: Read the answers of a survey
  ansible.builtin.debug:
    msg: "{{ {'users': 'ada@contoso.example, ben@contoso.example', 'start': ''} | entra.provisioning.answers(kinds) }}"
  vars:
    kinds:
      users: texts
      start: bool
"""

RETURN = """
_value:
  description: What was said, and what is wrong.
  type: dict
  contains:
    given:
      description: The values by name; what was left blank is not there.
      type: dict
      sample: {users: [ada@contoso.example, ben@contoso.example]}
    problems:
      description: One sentence for each variable that is not what it should be.
      type: list
      elements: str
      sample: []
"""

import json
import re
import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.plugins.module_utils._schema_options import validated
from ansible_collections.entra.provisioning.plugins.module_utils._sync import given
from ansible_collections.entra.provisioning.plugins.plugin_utils._documents import plain


class _Wrong(Exception):
    """What a variable should be."""


class _Refused(Exception):
    """Why a variable cannot be meant, as a sentence."""


def answers(
    values: t.Any,
    kinds: Mapping[str, t.Any],
    prefix: str = "",
    under: Mapping[str, t.Any] | None = None,
    one_of: Sequence[str] = (),
    apart: Mapping[str, str] | None = None,
) -> dict[str, t.Any]:
    """Return what was said and what is wrong.

    :raises AnsibleFilterError: where the input is no dictionary.
    """
    if not isinstance(values, Mapping):
        raise AnsibleFilterError(f"entra.provisioning.answers: it reads a dictionary, not a {type(values).__name__}.")
    said: dict[str, t.Any] = {}
    problems: list[str] = []
    for name, value in values.items():
        if name not in kinds:
            problems.append(_unknown(name, kinds, prefix))
        elif not _is_blank(value):
            try:
                said[str(name)] = _read(value, kinds[name])
            except _Wrong as wrong:
                problems.append(f"{prefix}{name} takes {wrong}.")
            except _Refused as refused:
                problems.append(f"{prefix}{name}: {refused}")
    named = [name for name in one_of if name in said]
    below = {name: "" if named and name in one_of else value for name, value in (under or {}).items()}
    below |= {name: {} for name, beside in (apart or {}).items() if beside in said}
    return {"given": {**below, **said}, "problems": problems}


def _is_blank(value: t.Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _unknown(name: t.Any, kinds: Mapping[str, t.Any], prefix: str) -> str:
    near = next((known for known in kinds if known.rstrip("s") == str(name).rstrip("s")), None)
    return f"There is no {prefix}{name}{f'; did you mean {prefix}{near}?' if near else '.'}"


def _read(value: t.Any, kind: t.Any) -> t.Any:
    if isinstance(kind, str):
        return _KINDS[kind](value)
    if isinstance(kind, Mapping):
        return [_choice(one, kind["each"]) for one in _texts(value)]
    return _choice(_text(value), kind)


def _text(value: t.Any) -> str:
    if isinstance(value, (bool, Mapping)) or (isinstance(value, Sequence) and not _is_text(value)):
        raise _Wrong("a text")
    return str(value).strip()


def _is_text(value: t.Any) -> bool:
    """Tell a text, also an encrypted one, which older versions of Ansible make a sequence of its own."""
    return isinstance(value, str) or type(value).__name__ == "AnsibleVaultEncryptedUnicode"


def _choice(value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise _Wrong(f"{', '.join(choices[:-1])} or {choices[-1]}, not {value!r}")
    return value


def _bool(value: t.Any) -> bool:
    try:
        return boolean(value.strip() if isinstance(value, str) else value)
    except TypeError:
        raise _Wrong(f"true or false, not {value!r}") from None


def _number(value: t.Any) -> int:
    text = "" if isinstance(value, (bool, float)) else str(value).strip()
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise _Wrong(f"a whole number from 0, not {value!r}")
    return int(text)


def _texts(value: t.Any) -> list[str]:
    if isinstance(value, str):
        value = _json(value) if value.lstrip().startswith("[") else _parts(value)
    if not isinstance(value, Sequence) or isinstance(value, str) or any(_is_blank(one) for one in value):
        raise _Wrong("a list without empty entries, or a text with commas or lines")
    return [_text(one) for one in value]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]


def _dict(value: t.Any) -> dict[str, t.Any]:
    value = _json(value) if isinstance(value, str) else value
    if not isinstance(value, Mapping):
        raise _Wrong('a dictionary, or a text of JSON such as {"BaseAddress": "https://..."}')
    return {str(name): one for name, one in value.items()}


def _of_bag(option: str) -> Callable[[t.Any], dict[str, t.Any]]:
    """Return the reader of a dictionary that sync_secrets has as an option."""

    def read(value: t.Any) -> dict[str, t.Any]:
        found = _dict(value)
        empty = [name for name, one in found.items() if _is_blank(one)]
        if empty:
            raise _Wrong(
                f"no empty value, as {' and '.join(empty)} has. Perhaps an environment variable is not set; leave the "
                "key out to leave alone what is stored"
            )
        try:
            given.wishes({option: found})
        except BadInput as problem:
            raise _Refused(problem.message) from None
        return found

    return read


def _dicts(value: t.Any) -> list[dict[str, t.Any]]:
    value = _json(value) if isinstance(value, str) else value
    if not isinstance(value, Sequence) or not all(isinstance(one, Mapping) for one in value):
        raise _Wrong("a list of dictionaries, or a text of JSON that is one")
    return [dict(one) for one in value]


def _of_schema(option: str) -> Callable[[t.Any], list[dict[str, t.Any]]]:
    """Return the reader of a list that sync_schema has as an option."""

    def read(value: t.Any) -> list[dict[str, t.Any]]:
        found = _dicts(value)
        try:
            validated({option: plain(found)})
        except SchemaProblem as problem:
            told = problem.message.rpartition("document: ")[2].rstrip(".")
            raise _Wrong(f"entries as the option {option} of entra.provisioning.sync_schema: {told}") from None
        return found

    return read


def _json(text: str) -> t.Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


_KINDS: dict[str, Callable[[t.Any], t.Any]] = {
    "text": _text,
    "bool": _bool,
    "number": _number,
    "texts": _texts,
    "dict": _dict,
    "secrets": _of_bag("secrets"),
    "settings": _of_bag("settings"),
    "dicts": _dicts,
    "object_mappings": _of_schema("object_mappings"),
    "custom_attributes": _of_schema("custom_attributes"),
}


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        return {"answers": answers}
