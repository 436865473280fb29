# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of code that a guide shows, in reStructuredText or Markdown."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

_DIRECTIVE = re.compile(r"(?P<indent>\s*)\.\. code-block:: (?P<language>\S+)")
_OPTION = re.compile(r"\s+:(?P<name>[a-z]+): *(?P<value>.*)")
_FENCE = re.compile(r"(?P<indent>\s*)```(?P<language>\S+)")


@dataclass(frozen=True)
class Block:
    """A block of code: its language, its text without the indentation, and the number of its first line.

    ``caption`` is the name of the file that it shows, where it has one.
    """

    language: str
    text: str
    line: int
    caption: str | None = None


def blocks(guide: Path) -> list[Block]:
    """Return the blocks of a ``.rst`` or ``.md`` file in their order."""
    lines = guide.read_text("utf-8").splitlines()
    take = _fenced if guide.suffix == ".md" else _directed
    found = [take(lines, number) for number in range(len(lines))]
    return [one for one in found if one]


def _fenced(lines: list[str], number: int) -> Block | None:
    opened = _FENCE.fullmatch(lines[number])
    if not opened:
        return None
    end = next(at for at in range(number + 1, len(lines)) if lines[at].strip() == "```")
    return Block(opened["language"], textwrap.dedent("\n".join(lines[number + 1 : end])) + "\n", number + 2)


def _directed(lines: list[str], number: int) -> Block | None:
    opened = _DIRECTIVE.fullmatch(lines[number])
    if not opened:
        return None
    options, at = {}, number + 1
    while at < len(lines) and (option := _OPTION.fullmatch(lines[at])):
        options[option["name"]] = option["value"]
        at += 1
    end = at
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(opened["indent"] + " ")):
        end += 1
    text = textwrap.dedent("\n".join(lines[at:end])).strip("\n") + "\n"
    return Block(opened["language"], text, at + 2, options.get("caption"))


@dataclass(frozen=True)
class Comment:
    """What the comment at the head of a playbook shows: commands, and the file of variables that one of them names."""

    commands: list[str]
    variables: str


def comment(playbook: Path) -> Comment:
    """Read the comment above the first play; a command goes on in lines that are indented further."""
    lines = [line[2:] for line in playbook.read_text("utf-8").partition("\n- ")[0].splitlines() if line[:2] == "# "]
    commands = re.findall(r"^ansible-playbook .*(?:\n +.*)*", "\n".join(lines), re.MULTILINE)
    variables = "".join(f"{line}\n" for line in lines if re.match(r"[a-z_]+: ", line))
    return Comment([" ".join(one.split()) for one in commands], variables)
