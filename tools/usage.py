# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which module uses which endpoint, told from the code: what can be reached from a module's ``run``.

A dictionary whose keys are the choices of an option is a fork in the road: what lies behind a key is used for that
value of the option only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ENDPOINTS = "module_utils._sync.endpoints"
# By module, by option, the values that lead to an endpoint; no option where all do.
Uses = dict[str, dict[str, list[str]]]
# A definition: the file by its dotted name below plugins/, and the name in it.
Symbol = tuple[str, str]
# An option and a value of it.
Label = tuple[str, str]


@dataclass
class _File:
    """Top-level definitions, and what the names that are imported mean."""

    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    imports: dict[str, Symbol] = field(default_factory=dict)


class Code:
    """The plugins as definitions that refer to each other.

    :param folder: plugins/ of a checkout.
    """

    def __init__(self, folder: Path) -> None:
        paths = [path for part in ("module_utils", "modules") for path in sorted((folder / part).rglob("*.py"))]
        trees = {_dotted(path.relative_to(folder)): (path, ast.parse(path.read_text("utf-8"))) for path in paths}
        self._files = {name: _File(_definitions(tree)) for name, (_path, tree) in trees.items()}
        for name, (path, tree) in trees.items():
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            self._files[name].imports = dict(self._imports(tree, package))

    def endpoints(self, module: str, choices: Mapping[str, list[str]]) -> dict[str, dict[str, list[str]]]:
        """The constants of the endpoints that a module uses; each with the values of options, where only some use it.

        :param choices: by option of the module, its choices.
        """
        reached: dict[str, set[Label | None]] = {}
        seen: set[tuple[Symbol, Label | None]] = set()
        todo: list[tuple[Symbol, Label | None]] = [((f"modules.{module}", "run"), None)]
        while todo:
            step = todo.pop()
            if step in seen:
                continue
            seen.add(step)
            symbol, label = step
            if symbol[0] == ENDPOINTS:
                reached.setdefault(symbol[1], set()).add(label)
            else:
                todo += self._next(symbol, label, choices)
        return {name: _labels(labels, choices) for name, labels in reached.items()}

    def _next(
        self, symbol: Symbol, label: Label | None, choices: Mapping[str, list[str]]
    ) -> Iterator[tuple[Symbol, Label | None]]:
        file, name = symbol
        node = self._files[file].definitions[name]
        option, keyed = _fork(node, choices)
        if option:
            for value, part in keyed.items():
                yield from ((found, (option, value)) for found in self._references(file, part))
        else:
            yield from ((found, label) for found in self._references(file, node))

    def _references(self, file: str, node: ast.AST) -> Iterator[Symbol]:
        """What a piece of code names of the definitions of all files."""
        for one in ast.walk(node):
            if isinstance(one, ast.Name):
                yield from self._resolved((file, one.id))
            elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
                home = self._files[file].imports.get(one.value.id)
                if home and ".".join(filter(None, home)) in self._files:
                    yield from self._resolved((".".join(filter(None, home)), one.attr))

    def _resolved(self, symbol: Symbol) -> Iterator[Symbol]:
        """The definition that a name of a file means, through as many imports as it takes."""
        file, name = symbol
        if file not in self._files:
            return
        if name in self._files[file].definitions:
            yield symbol
        elif name in self._files[file].imports:
            yield from self._resolved(self._files[file].imports[name])

    def _imports(self, tree: ast.Module, package: str) -> Iterator[tuple[str, Symbol]]:
        """Names and what they mean; a file stands as (its name, "")."""
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            parts = package.split(".")
            home = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])
            for alias in node.names:
                file = f"{home}.{alias.name}"
                yield alias.asname or alias.name, (file, "") if file in self._files else (home, alias.name)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found.update({target.id: node for target in node.targets if isinstance(target, ast.Name)})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def _fork(node: ast.stmt, choices: Mapping[str, list[str]]) -> tuple[str, dict[str, ast.AST]]:
    """The option that a dictionary's keys are the choices of, and its values by key; otherwise no option."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    if not isinstance(value, ast.Dict):
        return "", {}
    keyed = {str(key.value): part for key, part in zip(value.keys, value.values) if isinstance(key, ast.Constant)}
    return next((option for option, names in choices.items() if set(names) == keyed.keys()), ""), keyed


def _labels(labels: set[Label | None], choices: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """By option the values, in the order of the choices; nothing where every way leads there."""
    if None in labels:
        return {}
    given = {option: [one for one in names if (option, one) in labels] for option, names in choices.items()}
    return {option: values for option, values in given.items() if values and values != list(choices[option])}
