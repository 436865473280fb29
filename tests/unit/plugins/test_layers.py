# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Layers point downwards: what a folder may import."""

from __future__ import annotations

import ast
import pathlib

import pytest

PLUGINS = pathlib.Path(__file__).parents[3] / "plugins"
LAYERS = {
    # A folder, and the names that no import in it may contain.
    "module_utils/_schema": ["_graph", "_sync", "_task", "_options", "_redact", "ansible", "requests", "msal"],
    "module_utils/_graph": ["_sync", "_schema", "_task", "_options", "_redact", "ansible"],
    "module_utils/_sync": ["ansible", "requests", "msal", "_options", "_redact"],
    "modules": ["requests", "msal", "action", "plugin_utils"],
    "doc_fragments": ["ansible", "ansible_collections", "module_utils"],
}


def _imports(path: pathlib.Path) -> set[str]:
    """Return every part of every name that a file imports, the collection's own prefix left out."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            found.update(name.removeprefix("ansible_collections.entra.provisioning.plugins.").split("."))
    return found


def _files(folder: str) -> list[pathlib.Path]:
    return sorted((PLUGINS / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", LAYERS)
def test_a_layer_does_not_look_upwards(folder: str) -> None:
    files = _files(folder)
    assert files
    wrong = {str(path.relative_to(PLUGINS)): sorted(_imports(path) & set(LAYERS[folder])) for path in files}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_only_fronts_import_modules() -> None:
    importers = {
        path.relative_to(PLUGINS).parts[0]
        for path in sorted(PLUGINS.rglob("*.py"))
        if "ansible_collections.entra.provisioning.plugins.modules" in path.read_text(encoding="utf-8")
    }
    assert importers <= {"action"}


def test_the_libraries_are_loaded_late() -> None:
    """A missing one must become a sentence, and msal takes a tenth of a second."""
    early = [
        str(path) for path in _files("module_utils") if _imports(path) & {"requests", "msal", "cryptography", "jwt"}
    ]
    assert early == []
