# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.endpoints_table``: write docs/docsite/rst/endpoints.rst, the table of every call.

What is called and what it needs comes from plugins/module_utils/_sync/endpoints.py, the modules from their code
(tools/usage.py), the calls that are left out from tests/fixtures/graph/endpoints.yml.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.harness.tree import collections_path
from tools.usage import Code, Uses

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "docsite" / "rst" / "endpoints.rst"
KNOWN = ROOT / "tests" / "fixtures" / "graph" / "endpoints.yml"

_HEAD = """..
  SPDX-FileCopyrightText: entra.provisioning contributors
  SPDX-License-Identifier: GPL-3.0-or-later
  Written by "python -m tools.endpoints_table"; do not edit.

.. _ansible_collections.entra.provisioning.docsite.endpoints:

Calls and permissions
=====================

Every call to Microsoft Graph that this collection makes, the modules that make it, and what the identity needs for it.
Ask :ansplugin:`entra.provisioning.sync_info#module` for ``access`` to learn which of these an identity lacks; it finds
out by reading.

* *Permission* is the least application permission that works. A signed-in person needs the delegated permission of the
  same name, and the directory role besides, or to be an owner of the application.
* ``Application.ReadWrite.OwnedBy`` is documented as enough for the synchronization calls on applications that the
  identity owns. It was reported to be refused all the same, so it is not in the table; try it first.
* Mappings of custom security attributes need ``CustomSecAttributeProvisioning.Read.All`` or ``.ReadWrite.All`` besides.
* Reads of many applications travel twenty at a time in ``POST /$batch``, which needs what its parts need.

"""
# Headings, and what the paths of their calls contain; the first that fits.
_GROUPS = (
    ("Schemas of jobs", r"/jobs/\{job\}/schema"),
    ("Credentials and settings", r"/secrets|/acquireAccessToken|/validateCredentials"),
    ("Jobs", r"/synchronization/jobs"),
    ("Templates", r"/synchronization/templates"),
    ("Provisioning logs", r"^/auditLogs"),
    ("The tenant and its partners", r"^/organization|^/policies"),
    ("Applications, people and assignments", r""),
)


def endpoints() -> dict[str, Any]:
    """The endpoints of the collection by the names of their constants."""
    module = plugins("module_utils._sync.endpoints")
    kind = plugins("module_utils._graph.endpoint").Endpoint
    return {name: value for name, value in vars(module).items() if isinstance(value, kind)}


def uses() -> dict[str, Uses]:
    """By the constant of an endpoint, the modules that use it, each with the values of an option that do."""
    code = Code(ROOT / "plugins")
    found: dict[str, Uses] = {}
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        spec = plugins(f"modules.{path.stem}").ARGUMENTS.spec
        choices = {name: option["choices"] for name, option in spec.items() if option.get("choices")}
        for endpoint, labels in code.endpoints(path.stem, choices).items():
            found.setdefault(endpoint, {})[path.stem] = labels
    return found


def needed_by() -> dict[str, tuple[str, ...]]:
    """By permission, the modules that make a call which needs it."""
    found, needs = endpoints(), dict[str, set[str]]()
    for name, used in uses().items():
        # To ask whether a permission is there is no need of it.
        modules = {module for module, labels in used.items() if labels != {"gather": ["access"]}}
        needs.setdefault(found[name].permission, set()).update(modules)
    return {permission: tuple(sorted(modules)) for permission, modules in sorted(needs.items())}


def known() -> dict[str, list[dict[str, str]]]:
    """The committed list of what the documentation has."""
    listed: dict[str, list[dict[str, str]]] = yaml.safe_load(KNOWN.read_text("utf-8"))
    return listed


def page() -> str:
    """The whole page."""
    found, used = endpoints(), uses()
    text = _HEAD
    left = dict(found)
    for heading, pattern in _GROUPS:
        chosen = {name: one for name, one in left.items() if re.search(pattern, one.path)}
        left = {name: one for name, one in left.items() if name not in chosen}
        rows = [_row(one, used.get(name, {})) for name, one in chosen.items()]
        text += _section(heading, ["Call", "To", "Modules", "Permission", "Role of a person"], rows)
    listed = known()["synchronization"]
    others = [[_code(one["call"]), _code(one["instead"]), one["why"]] for one in listed if "instead" in one]
    text += _section("Done by another call", ["Call", "What is called", "Why"], others)
    names = [[_code(one["call"]), one["unavailable"]] for one in listed if "unavailable" in one]
    return (text + _section("Not available", ["Call", "Why"], names)).rstrip() + "\n"


def _row(endpoint: Any, used: Uses) -> list[str]:
    does = re.sub(r"\{(\w+)\}", r"*\1*", endpoint.does)
    modules = ", ".join(_module(name, labels) for name, labels in sorted(used.items()))
    role = endpoint.role or "none"
    call = _code(f"{endpoint.method} {endpoint.path}") + (f" ({endpoint.version} only)" if endpoint.version else "")
    return [call, does, modules, _code(endpoint.permission), role]


def _module(name: str, labels: Mapping[str, list[str]]) -> str:
    options = "; ".join(f"``{option}``: {', '.join(values)}" for option, values in sorted(labels.items()))
    link = f":ansplugin:`{name} <entra.provisioning.{name}#module>`"
    return f"{link} ({options})" if options else link


def _code(text: str) -> str:
    return f"``{text}``"


def _section(heading: str, columns: list[str], rows: list[list[str]]) -> str:
    lines = [heading, "-" * len(heading), "", ".. list-table::", "   :header-rows: 1", ""]
    for row in [columns, *rows]:
        lines += [f"   {'* ' if number == 0 else '  '}- {cell}".rstrip() for number, cell in enumerate(row)]
    return "\n".join(lines) + "\n\n"


def plugins(name: str) -> Any:
    """A module of plugins/ by its dotted name."""
    if str(collections_path()) not in sys.path:
        sys.path.insert(0, str(collections_path()))
    return importlib.import_module(f"ansible_collections.entra.provisioning.plugins.{name}")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
