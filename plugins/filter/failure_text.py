# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter entra.provisioning.failure_text."""

from __future__ import annotations

DOCUMENTATION = """
name: failure_text
short_description: The reason of a task that failed, also inside a loop
version_added: 1.0.0
author: entra.provisioning contributors (@entra-provisioning)
description:
  - A loop that fails says only "One or more items failed". This gives what its items said, each reason once.
  - Modules speak of their own options. With O(prefix) their advice names the variables of a role.
positional: _input, prefix
options:
  _input:
    description: The result of the task, such as C(ansible_failed_result).
    type: dict
    required: true
  prefix:
    description: What the variables of the role begin with, such as V(onboard_).
    type: str
    default: ""
seealso:
  - plugin: entra.provisioning.answers
    plugin_type: filter
"""

EXAMPLES = """
- name: Say why a task with a loop failed
  ansible.builtin.debug:
    msg: "{{ paused | entra.provisioning.failure_text }}"
"""

RETURN = """
_value:
  description: The reasons, one after the other; empty where nothing failed.
  type: str
  sample: There is no user 'ada@contoso.example'.
"""

import re
import typing as t
from collections.abc import Callable, Mapping

# Options that the advice of modules names, and that the roles have under their own prefix.
_ADVISED = re.compile(r"(?<![\w.])(allow_partial|secrets_put)\b(?!:)")


def failure_text(result: t.Any, prefix: str = "") -> str:
    """Return what the failed items of a loop said, or else the task itself.

    :arg prefix: of the variables that the options of modules are here.
    """
    if not isinstance(result, Mapping):
        return ""
    items = [one for one in result.get("results") or [] if isinstance(one, Mapping) and one.get("failed")]
    said = [text for text in map(failure_text, items) if text] or [str(result.get("msg") or "").strip()]
    text = " ".join(dict.fromkeys(said))
    return _ADVISED.sub(rf"{prefix}\1", text) if prefix else text


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        return {"failure_text": failure_text}
