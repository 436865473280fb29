# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter entra.provisioning.name_people."""

from __future__ import annotations

DOCUMENTATION = """
name: name_people
short_description: The names of people for a sentence
version_added: 1.0.0
author: entra.provisioning contributors (@entra-provisioning)
description:
  - Names the first few of a list of people and counts the others.
positional: _input
options:
  _input:
    description: People, as V(accounts) in the option C(gather) of M(entra.provisioning.sync_info) returns them.
    type: list
    elements: dict
    required: true
  most:
    description: How many to name.
    type: int
    default: 10
seealso:
  - module: entra.provisioning.sync_info
"""

EXAMPLES = """
- name: Whose accounts are active
  ansible.builtin.debug:
    msg: "{{ people | selectattr('account', 'eq', 'active') | entra.provisioning.name_people }}"
"""

RETURN = """
_value:
  description: The names.
  type: str
  sample: ada@contoso.example, ben@contoso.example and 3 more
"""

import typing as t
from collections.abc import Callable, Iterable, Mapping


def name_people(people: Iterable[Mapping[str, t.Any]], most: int = 10) -> str:
    """Return the first names, and how many more there are."""
    names = [str(one.get("name") or one.get("id")) for one in people]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        return {"name_people": name_people}
