# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter entra.provisioning.changes_made."""

from __future__ import annotations

DOCUMENTATION = """
name: changes_made
short_description: What a task of this collection has changed, also where it failed on the way
version_added: 1.0.0
author: entra.provisioning contributors (@entra-provisioning)
description:
  - A task that succeeds returns C(changes), one that fails C(error.changes_made). A loop has them item by item, and a
    task that was skipped has none.
options:
  _input:
    description: The registered result of the task.
    type: dict
    required: true
seealso:
  - plugin: entra.provisioning.failure_text
    plugin_type: filter
"""

EXAMPLES = """
- name: Say what was changed
  ansible.builtin.debug:
    msg: "{{ assigned | entra.provisioning.changes_made }}"
"""

RETURN = """
_value:
  description: One sentence for each change.
  type: list
  elements: str
  sample: ["assign the group Sales"]
"""

import typing as t
from collections.abc import Callable, Mapping


def changes_made(result: t.Any) -> list[str]:
    """Return the changes of a task, or of all items of its loop."""
    if not isinstance(result, Mapping):
        return []
    if "results" in result and "changes" not in result:
        return [said for item in result["results"] for said in changes_made(item)]
    error = result.get("error")
    failed = error.get("changes_made") if isinstance(error, Mapping) else None
    return [str(one) for one in result.get("changes") or failed or []]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        return {"changes_made": changes_made}
