# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""A portable document as text that is pleasant in git: one line for each thing that an admin changes."""

from __future__ import annotations

import re
import typing as t

# The lists whose entries take one line each, and the list of words that takes one.
_ONE_LINE_EACH = ("attributes", "clauses", "custom_attributes")
_ONE_LINE = ("flow_types",)
# What YAML 1.2 and other readers than PyYAML take for a number or a truth value.
_LOOKS_OTHER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+|y|n", re.IGNORECASE)


class _Line(dict[str, t.Any]):
    """A record that is written on one line."""


class _Words(list[t.Any]):
    """A list that is written on one line."""


def as_yaml(document: t.Mapping[str, t.Any]) -> str:
    """Return a portable document as YAML; equal documents give equal texts, and no line is ever wrapped."""
    # Modules may run where there is no PyYAML; texts are written by controllers, which have it.
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: t.Any) -> bool:
            return True

    def text(dumper: Dumper, value: str) -> yaml.ScalarNode:
        style = "'" if _LOOKS_OTHER.fullmatch(value) else '"' if not value.isprintable() else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def line(dumper: Dumper, value: _Line) -> yaml.MappingNode:
        return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)

    def words(dumper: Dumper, value: _Words) -> yaml.SequenceNode:
        return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)

    Dumper.add_representer(str, text)
    Dumper.add_representer(_Line, line)
    Dumper.add_representer(_Words, words)
    return yaml.dump(
        _laid_out(document),
        Dumper=Dumper,
        allow_unicode=True,
        default_flow_style=False,
        explicit_start=True,
        sort_keys=False,
        width=float("inf"),
    )


def _laid_out(value: t.Any, name: str = "") -> t.Any:
    if isinstance(value, list):
        if name in _ONE_LINE:
            return _Words(value)
        return [_Line(one) if name in _ONE_LINE_EACH else _laid_out(one) for one in value]
    return {key: _laid_out(one, key) for key, one in value.items()} if isinstance(value, t.Mapping) else value
