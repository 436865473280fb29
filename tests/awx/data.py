# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data in tests/awx/controller, by the names that infra.aap_configuration gives it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("controller")

Entry = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Ansible's tag for texts that it must not template."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@functools.cache
def controller() -> dict[str, list[Entry]]:
    """All entries by their variable, such as ``controller_templates``."""
    found: dict[str, list[Entry]] = {}
    for file in sorted(FOLDER.glob("*.yml")):
        found |= yaml.load(file.read_text(), _Loader)
    return found


def entry(variable: str, name: str) -> Entry:
    """The entry of that name.

    :raises LookupError: where there is not exactly one.
    """
    found = [one for one in controller()[variable] if one["name"] == name]
    if len(found) != 1:
        raise LookupError(f"{len(found)} of {variable} are named {name!r}")
    return found[0]
